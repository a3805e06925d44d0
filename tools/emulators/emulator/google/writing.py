"""Making, changing and removing events, as the API lets its users do it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from ..base.clock import stamp
from .errors import bad, not_found, refuse
from .instances import find_instance
from .state import Calendar, Event, Home, new_id
from .times import instant, read_time, series

GIVEN_ID = re.compile(r"[a-v0-9]{5,1024}")
TYPES = ("default", "birthday", "focusTime", "fromGmail", "outOfOffice", "workingLocation")
READ_ONLY = (
    "kind",
    "etag",
    "htmlLink",
    "created",
    "updated",
    "creator",
    "organizer",
    "recurringEventId",
    "originalStartTime",
    "hangoutLink",
    "locked",
    "privateCopy",
    "attendeesOmitted",
)


class Writing:
    def __init__(self, home: Home) -> None:
        self._home = home

    def insert(self, calendar: Calendar, body: dict[str, Any], user: str, imported: bool = False) -> Event:
        fields = {name: value for name, value in body.items() if imported or name not in READ_ONLY}
        if "id" in fields and not GIVEN_ID.fullmatch(str(fields["id"])):
            raise bad("Invalid resource id value.", "resource.id")
        if fields.get("eventType") == "fromGmail":
            raise bad("Invalid event type.", "eventType")
        fields.setdefault("id", new_id())
        if fields["id"] in calendar.events:
            raise refuse(409, "duplicate", "The requested identifier already exists.")
        if imported and "iCalUID" not in fields:
            raise refuse(400, "required", "Missing iCalUID", "iCalUID")
        return self.keep(calendar, self.completed(calendar, fields, user))

    def completed(self, calendar: Calendar, fields: dict[str, Any], user: str) -> dict[str, Any]:
        """Fills in what Google says of every event. Refuses what it does not keep."""
        fields = {name: value for name, value in fields.items() if value is not None}
        self._read_times(calendar, fields)
        id = fields["id"]
        person = {"email": user, **({"self": True} if user == calendar.id else {})}
        whose = {"email": calendar.id, "self": True}
        if calendar.id != user:
            whose["displayName"] = calendar.summary
        defaults = {
            "kind": "calendar#event",
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={id}",
            "created": stamp(self._home.clock.moment()),
            "creator": person,
            "organizer": whose,
            "iCalUID": f"{id}@google.com",
            "sequence": 0,
            "reminders": {"useDefault": True},
            "eventType": "default",
        }
        fields = {**defaults, **fields}
        if fields["eventType"] not in TYPES:
            raise bad("Invalid event type.", "eventType")
        for attendee in fields.get("attendees", []):
            if "email" not in attendee:
                raise refuse(400, "required", "Missing attendee email.")
            attendee.setdefault("responseStatus", "needsAction")
            if attendee["email"] == calendar.id:
                attendee["self"] = True
            if attendee["email"] == fields["organizer"].get("email"):
                attendee["organizer"] = True
        return fields

    def keep(self, calendar: Calendar, fields: dict[str, Any], touch: bool = True) -> Event:
        return self._home.store(calendar, fields, touch)

    def change(
        self, calendar: Calendar, id: str, body: dict[str, Any], user: str, whole: bool, etag: str | None
    ) -> Event:
        """PUT (`whole`) or PATCH. Changing an instance for the first time makes an exception of it."""
        known = self.fields(calendar, id)
        event = calendar.events.get(id)
        if event and event.is_cancelled and not event.keep_details and body.get("status") in (None, "cancelled"):
            raise not_found()
        check_etag(known, etag)
        body = {name: value for name, value in body.items() if name not in READ_ONLY and name != "id"}
        if whole:
            kept = {
                name: known[name] for name in (*READ_ONLY, "id", "iCalUID", "eventType", "sequence") if name in known
            }
            fields = {**kept, "status": "confirmed", **body}
        else:
            fields = merged(known, body)
        if fields.get("eventType", "default") != known.get("eventType", "default"):
            raise bad("Event type cannot be changed.", "eventType")
        if fields.get("start") != known.get("start") or fields.get("end") != known.get("end"):
            fields["sequence"] = int(known.get("sequence", 0)) + 1
        return self.keep(calendar, self.completed(calendar, fields, user))

    def remove(self, calendar: Calendar, id: str, etag: str | None = None) -> Event:
        event = calendar.events.get(id)
        if event and event.is_cancelled:
            raise refuse(410, "deleted", "Resource has been deleted")
        known = self.fields(calendar, id)
        check_etag(known, etag)
        return self.cancel(calendar, known)

    def cancel(self, calendar: Calendar, known: dict[str, Any], keep_details: bool = False) -> Event:
        event = self.keep(calendar, {**known, "status": "cancelled"})
        event.keep_details = keep_details
        if event.is_master:
            for exception in self.exceptions(calendar, event.id):
                self.keep(calendar, {**exception.fields, "status": "cancelled"})
        return event

    def exceptions(self, calendar: Calendar, master: str) -> list[Event]:
        return [calendar.events[id] for id in sorted(calendar.exceptions.get(master, ()))]

    def fields(self, calendar: Calendar, id: str) -> dict[str, Any]:
        """An event, or an instance that no one changed yet."""
        event = calendar.events.get(id)
        fields = event.fields if event else find_instance(calendar, id)
        if fields is None:
            raise not_found()
        return dict(fields)

    def _read_times(self, calendar: Calendar, fields: dict[str, Any]) -> None:
        for name in ("start", "end"):
            if name not in fields:
                raise refuse(400, "required", f"Missing {name} time.", name)
        try:
            fields["start"] = read_time(fields["start"], calendar.zone, "start")
            fields["end"] = read_time(fields["end"], fields["start"].get("timeZone", calendar.zone), "end")
            if instant(fields["end"]) < instant(fields["start"]):
                raise refuse(400, "timeRangeEmpty", "The specified time range is empty.", "timeMax")
            if "recurrence" in fields and not fields["recurrence"]:
                del fields["recurrence"]
            if "recurrence" in fields:
                series(fields)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise bad(f"Invalid value: {error}") from None


def with_end(fields: dict[str, Any], zone: str) -> dict[str, Any]:
    """An event given shortly: without an end it lasts an hour, or a day."""
    if "start" not in fields or "end" in fields:
        return fields
    start = read_time(fields["start"], zone, "start")
    if "date" in start:
        end = {"date": (instant(start) + timedelta(days=1)).date().isoformat()}
    else:
        end = {"dateTime": (instant(start) + timedelta(hours=1)).isoformat(), "timeZone": start["timeZone"]}
    return {**fields, "start": start, "end": end}


def merged(known: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """PATCH: objects are merged, arrays replaced, and null removes."""
    result = dict(known)
    for name, value in body.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        else:
            result[name] = value
    return result


def check_etag(fields: dict[str, Any], etag: str | None) -> None:
    if etag not in (None, "*", fields.get("etag")):
        raise refuse(412, "conditionNotMet", "Precondition Failed", "If-Match", "header")
