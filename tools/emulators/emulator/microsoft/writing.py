"""Making, changing and removing events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from .errors import bad, not_found
from .patterns import read_recurrence
from .state import Calendar, Event, Part, Store, User, global_id, new_key, read_id
from .zones import CUSTOM, iana, instant, read_time, to_utc

READ_ONLY = (
    "id",
    "@odata.etag",
    "@odata.type",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "type",
    "seriesMasterId",
    "webLink",
    "iCalUId",
    "bodyPreview",
    "originalStart",
)
NEVER = "0001-01-01T00:00:00Z"


class Writing:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, user: User, calendar: Calendar, body: dict[str, Any], key: str | None = None) -> Event:
        if (transaction := body.get("transactionId")) is not None:
            for event in calendar.events.values():
                if event.own.fields.get("transactionId") == transaction and not event.deleted:
                    return event
        body = {name: value for name, value in body.items() if name not in READ_ONLY or name == "iCalUId"}
        key = key or new_key()
        body.setdefault("iCalUId", global_id(key, None))
        fields = {**self._defaults(user), **body}
        event = Event(key, calendar.id, len(calendar.events), Part(fields, date.min, date.min), "UTC", "UTC")
        self._set_times(event, fields, calendar.zone)
        calendar.events[event.key] = event
        return self._touch(user, event, None, "created")

    def change(self, user: User, event: Event, day: date | None, body: dict[str, Any]) -> Event:
        """Of a series all, or with a day only that occurrence, which is an exception then."""
        body = {name: value for name, value in body.items() if name not in READ_ONLY}
        if day is not None:
            return self._change_occurrence(user, event, day, body)
        before, shape = set(event.dates()), _shape(event)
        fields = {**event.own.fields, **body}
        if body.get("recurrence", fields.get("recurrence")) is None:
            event.rule = event.first = None
            fields["recurrence"] = None
        self._set_times(event, fields, event.zone)
        now = set(event.dates())
        revision = self._store.revision + 1
        event.former |= {gone: revision for gone in before - now}
        # Exchange forgets exceptions when the pattern or the time of a series changes, not when only its end does.
        kept = now if _shape(event) == shape else set()
        event.exceptions = {day: part for day, part in event.exceptions.items() if day in kept}
        event.cancelled = {day: at for day, at in event.cancelled.items() if day in kept}
        return self._touch(user, event, None, "updated")

    def _change_occurrence(self, user: User, event: Event, day: date, body: dict[str, Any]) -> Event:
        known = self.occurrence(event, day)
        fields = {**known.fields, **body}
        zone = event.zone
        start, end = known.start, known.end
        span = instant(end) - instant(start)
        if "start" in body or "end" in body:
            if event.is_all_day or body.get("isAllDay"):
                start, end = (read_time(fields[name], zone)[0].date() for name in ("start", "end"))
            else:
                start = self._instant(body["start"], event) if "start" in body else start
                end = self._instant(body["end"], event) if "end" in body else start + span
        event.exceptions[day] = Part(fields, start, end)
        self._touch(user, event, day, "updated", event.exceptions[day])
        return event

    def _instant(self, value: Any, event: Event) -> datetime:
        local, zone = read_time(value, event.zone)
        return to_utc(local, event.clock_zone if zone == CUSTOM else iana(zone))

    def remove(self, user: User, event: Event, day: date | None, why: str = "deleted") -> None:
        if day is not None:
            self.occurrence(event, day)
            event.exceptions.pop(day, None)
            revision = self._store.next_revision()
            event.cancelled[day] = event.revision = revision
            self._store.changed(user, event, day, "deleted")
            return
        event.deleted = why
        self._touch(user, event, None, "deleted")

    def restore(self, user: User, event: Event) -> None:
        event.deleted = None
        self._touch(user, event, None, "created")

    def transfer(self, user: User, event: Event, to: Calendar) -> Event:
        """To another calendar: its mutable id is another then, its immutable id the same."""
        left = user.calendars[event.calendar]
        stub = Event(event.key, left.id, event.order, event.own, event.zone, event.clock_zone, event.moves, "changed")
        stub.rule, stub.first, stub.revision = event.rule, event.first, self._store.next_revision()
        left.events[event.key] = stub
        event.calendar, event.order, event.moves = to.id, len(to.events), event.moves + 1
        to.events[event.key] = event
        return self._touch(user, event, None, "created")

    def occurrence(self, event: Event, day: date) -> Part:
        if day in event.cancelled or event.deleted or not event.has(day):
            raise not_found()
        return event.exceptions.get(day) or event.at(day)

    def find(self, user: User, id: str, calendar: Calendar | None = None) -> tuple[Event, date | None]:
        """The event, and the day where the id names an occurrence."""
        read = read_id(id)
        for folder in [calendar] if calendar else user.calendars.values():
            event = folder.events.get(read[0] if read else id)
            if event is None or event.deleted:
                continue
            if read and read[2] and read[2] != [event.calendar, str(event.moves)]:
                continue
            day = read[1] if read else None
            if day is not None:
                self.occurrence(event, day)
            return event, day
        raise not_found()

    def _set_times(self, event: Event, fields: dict[str, Any], zone: str) -> None:
        try:
            custom = fields.pop("clockZone", event.clock_zone)
            start, event.zone = read_time(fields["start"], zone)
            end, end_zone = read_time(fields["end"], event.zone)
            event.clock_zone = custom if event.zone == CUSTOM else iana(event.zone)
            if fields.get("isAllDay"):
                if (start.time(), end.time()) != (datetime.min.time(),) * 2:
                    raise ValueError("all-day events begin and end at midnight")
            fields["originalStartTimeZone"] = fields["originalEndTimeZone"] = event.zone
            if fields.get("recurrence") is not None:
                fields["recurrence"], event.rule = read_recurrence(fields["recurrence"], start.date(), event.zone)
                event.first = date.fromisoformat(fields["recurrence"]["range"]["startDate"])
                first = next(event.rule.days(event.first), None)
                if first is None:
                    raise ValueError("the series has no occurrence")
                start, end = start + (shift := datetime.combine(first, start.time()) - start), end + shift
            fields["_local"] = start
            fields["start"] = {"dateTime": start.isoformat(), "timeZone": event.zone}
            fields["end"] = {"dateTime": end.isoformat(), "timeZone": end_zone}
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            raise bad(f"The times of the event are not valid: {error}", "ErrorPropertyValidationFailure") from None
        if fields.get("isAllDay"):
            event.own = Part(fields, start.date(), end.date())
        else:
            end_zone = event.clock_zone if end_zone == CUSTOM else end_zone
            event.own = Part(fields, to_utc(start, event.clock_zone), to_utc(end, end_zone))
        if instant(event.own.end) < instant(event.own.start):
            raise bad("The end of the event is before its start.", "ErrorCalendarEndDateIsEarlierThanStartDate")

    def _touch(self, user: User, event: Event, day: date | None, kind: str, part: Part | None = None) -> Event:
        event.revision = self._store.next_revision()
        part = part or event.own
        part.revision = event.revision
        now = self._store.clock.moment().strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        part.fields["lastModifiedDateTime"] = now
        part.fields.setdefault("createdDateTime", now)
        part.fields["bodyPreview"] = str((part.fields.get("body") or {}).get("content", ""))[:255]
        self._store.changed(user, event, day, kind)
        return event

    def _defaults(self, user: User) -> dict[str, Any]:
        return {
            "transactionId": None,
            "categories": [],
            "reminderMinutesBeforeStart": 15,
            "isReminderOn": True,
            "hasAttachments": False,
            "subject": "",
            "importance": "normal",
            "sensitivity": "normal",
            "isAllDay": False,
            "isCancelled": False,
            "isOrganizer": True,
            "responseRequested": True,
            "showAs": "busy",
            "onlineMeetingUrl": None,
            "isOnlineMeeting": False,
            "onlineMeetingProvider": "unknown",
            "allowNewTimeProposals": True,
            "isDraft": False,
            "hideAttendees": False,
            "recurrence": None,
            "onlineMeeting": None,
            "responseStatus": {"response": "organizer", "time": NEVER},
            "body": {"contentType": "html", "content": ""},
            "attendees": [],
            "locations": [],
            "location": {
                "displayName": "",
                "locationType": "default",
                "uniqueIdType": "unknown",
                "address": {},
                "coordinates": {},
            },
            "organizer": {"emailAddress": {"name": user.name, "address": user.email}},
        }


def _shape(event: Event) -> Any:
    fields = event.own.fields
    return fields["_local"], (fields.get("recurrence") or {}).get("pattern")


def with_end(body: dict[str, Any], zone: str) -> dict[str, Any]:
    """An event given shortly: a start that is a string, and without an end an hour or a day."""
    if "start" not in body:
        return body
    body = dict(body)
    if isinstance(body["start"], str) and len(body["start"]) == 10:
        body.setdefault("isAllDay", True)
    start, name = read_time(body["start"], zone)
    body["start"] = {"dateTime": start.isoformat(), "timeZone": name}
    if "end" not in body:
        end = start + (timedelta(days=1) if body.get("isAllDay") else timedelta(hours=1))
        body["end"] = {"dateTime": end.isoformat(), "timeZone": name}
    elif isinstance(body["end"], str):
        body["end"] = {"dateTime": body["end"], "timeZone": name}
    return body
