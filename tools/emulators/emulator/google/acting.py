"""What people do with events in their calendar, from the outside: move, cancel, delete, bring back, decline, split."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from ..base.clock import parse_span
from .instances import find_instance, plain_instances
from .state import Calendar, Event, Home
from .times import instance_id, instant, length, read_time, written
from .writing import Writing, merged

FAR = datetime(2200, 1, 1, tzinfo=timezone.utc)


class Acting:
    def __init__(self, home: Home) -> None:
        self.writing = Writing(home)

    def act(self, method: str, calendar: Calendar, id: str, action: list[str], body: dict[str, Any], user: str) -> Any:
        match method, action:
            case "GET", []:
                return self._known(calendar, id)
            case "PATCH", []:
                return self._change(calendar, id, body, user).fields
            case ("DELETE", []) | ("POST", ["delete"]):
                return self._delete(calendar, id, body).fields
            case "POST", ["move"]:
                return self._move(calendar, id, body, user).fields
            case "POST", ["cancel"]:
                return self.writing.cancel(calendar, self._known(calendar, id), keep_details=True).fields
            case "POST", ["undelete"]:
                return self._change(calendar, id, {"status": "confirmed"}, user).fields
            case "POST", ["respond"]:
                return self._respond(calendar, id, body, user).fields
            case "POST", ["split"]:
                return self._split(calendar, id, body, user)
            case _, ["instances", original]:
                return self._instance(method, calendar, id, original, body, user).fields
            case "POST", ["instances", original, "move"]:
                return self._move(calendar, self._instance_id(calendar, id, original), body, user).fields
        raise LookupError(f"there is no {method} /_control/calendars/{calendar.id}/events/{id}/{'/'.join(action)}")

    def _known(self, calendar: Calendar, id: str) -> dict[str, Any]:
        event = calendar.events.get(id)
        fields = event.fields if event else find_instance(calendar, id)
        if fields is None:
            raise LookupError(f"there is no event {id} in {calendar.id}")
        return dict(fields)

    def _change(self, calendar: Calendar, id: str, body: dict[str, Any], user: str) -> Event:
        """Merges what is given; also what the API keeps to itself, such as the organizer."""
        known = self._known(calendar, id)
        fields = self.writing.completed(calendar, merged(known, body), user)
        if any(fields[name] != known.get(name) for name in ("start", "end")):
            fields["sequence"] = int(known.get("sequence", 0)) + 1
        return self.writing.keep(calendar, fields)

    def _delete(self, calendar: Calendar, id: str, body: dict[str, Any]) -> Event:
        known = self._known(calendar, id)
        if body.get("silentExceptions"):
            return self.writing.keep(calendar, {**known, "status": "cancelled"})
        return self.writing.cancel(calendar, known)

    def _move(self, calendar: Calendar, id: str, body: dict[str, Any], user: str) -> Event:
        """To a `start` (and `end`), or `by` a span; the length stays unless an end is given."""
        known = self._known(calendar, id)
        zone = known["start"].get("timeZone", calendar.zone)
        span = length(known)
        if "by" in body:
            start = _shifted(known["start"], parse_span(body["by"]), zone)
        else:
            start = read_time(body["start"], zone, "start")
        end = read_time(body["end"], zone, "end") if "end" in body else _shifted(start, span, zone)
        known |= {"start": start, "end": end}
        return self._change(calendar, id, {"start": _whole(start), "end": _whole(end)}, user)

    def _respond(self, calendar: Calendar, id: str, body: dict[str, Any], user: str) -> Event:
        who, response = body.get("email", user), body.get("response", "declined")
        attendees = [dict(attendee) for attendee in self._known(calendar, id).get("attendees", [])]
        mine = next((attendee for attendee in attendees if attendee["email"] == who), None)
        if mine is None:
            attendees.append(mine := {"email": who})
        mine["responseStatus"] = response
        return self._change(calendar, id, {"attendees": attendees}, user)

    def _instance(
        self, method: str, calendar: Calendar, master: str, original: str, body: dict[str, Any], user: str
    ) -> Event:
        """Changes (PATCH) or removes (DELETE) one instance, by its original start."""
        id = self._instance_id(calendar, master, original)
        if method == "DELETE":
            return self.writing.cancel(calendar, self._known(calendar, id))
        if method == "PATCH":
            return self._change(calendar, id, body, user)
        raise LookupError(f"an instance is changed with PATCH and removed with DELETE, not with {method}")

    def _instance_id(self, calendar: Calendar, master: str, original: str) -> str:
        event = calendar.events.get(master)
        if event is None or not event.is_master:
            raise LookupError(f"{master} is no series in {calendar.id}")
        zone = event.fields["start"].get("timeZone", calendar.zone)
        id = instance_id(master, read_time(original, zone, "the original start"))
        self._known(calendar, id)
        return id

    def _split(self, calendar: Calendar, id: str, body: dict[str, Any], user: str) -> Any:
        """ "This and following": the series ends before `at`, and a new one begins there, with what is changed."""
        master = self._known(calendar, id)
        zone = master["start"].get("timeZone", calendar.zone)
        at = instant(read_time(body["at"], zone, "at"))
        before = [fields for fields in plain_instances(calendar.events[id], at)]
        start = next(
            fields["start"] for fields in plain_instances(calendar.events[id], FAR) if instant(fields["start"]) >= at
        )
        rest = _continued(master["recurrence"], len(before))
        until = _until(start, at)
        self._change(calendar, id, {"recurrence": [_ended(line, until) for line in master["recurrence"]]}, user)
        new = f"{id.partition('_R')[0]}_R{_stamp(start)}"
        dropped = ("etag", "htmlLink", "created", "updated", "sequence")
        fields = {name: value for name, value in master.items() if name not in dropped}
        fields |= {
            "id": new,
            "iCalUID": body.get("iCalUID", f"{new}@google.com"),
            "start": start,
            "end": _shifted(start, length(master), zone),
            "recurrence": rest,
        }
        fields = self.writing.completed(calendar, merged(fields, body.get("changes", {})), user)
        for exception in self.writing.exceptions(calendar, id):
            if instant(exception.fields["originalStartTime"]) >= at:
                self.writing.keep(calendar, {**exception.fields, "status": "cancelled"})
        return {"before": calendar.events[id].fields, "after": self.writing.keep(calendar, fields).fields}


def _shifted(value: dict[str, Any], span: timedelta, zone: str) -> dict[str, Any]:
    if "date" in value:
        return {"date": (instant(value) + span).date().isoformat()}
    return written(instant(value) + span, zone)


def _whole(value: dict[str, Any]) -> dict[str, Any]:
    """A time that replaces one of the other kind as well."""
    absent = {"dateTime": None, "timeZone": None} if "date" in value else {"date": None}
    return {**absent, **value}


def _stamp(start: dict[str, Any]) -> str:
    return start["date"].replace("-", "") if "date" in start else instant(start).strftime("%Y%m%dT%H%M%S")


def _until(start: dict[str, Any], at: datetime) -> str:
    if "date" in start:
        return (at - timedelta(days=1)).strftime("%Y%m%d")
    return (at - timedelta(seconds=1)).strftime("%Y%m%dT%H%M%SZ")


def _ended(line: str, until: str) -> str:
    if not line.startswith("RRULE"):
        return line
    parts = [part for part in line.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    return ";".join([*parts, f"UNTIL={until}"])


def _continued(lines: list[str], done: int) -> list[str]:
    """The rules as they go on after so many instances."""
    return [re.sub(r"COUNT=(\d+)", lambda count: f"COUNT={int(count[1]) - done}", line) for line in lines]
