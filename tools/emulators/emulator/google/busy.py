"""`freebusy.query`: only when somebody is busy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..base.clock import parse_instant
from ..base.recurrence import zone_named
from .errors import bad, refuse
from .instances import instances, within
from .state import Calendar, Home, User
from .times import instant, write

MOST_CALENDARS = 50
NEVER_BUSY = ("workingLocation", "birthday")


def query(home: Home, user: User, body: dict[str, Any]) -> dict[str, Any]:
    try:
        since, until = parse_instant(body["timeMin"]), parse_instant(body["timeMax"])
        zone = zone_named(body.get("timeZone", "UTC"))
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise bad(f"Bad Request: {error}") from None
    if until <= since:
        raise refuse(400, "timeRangeEmpty", "The specified time range is empty.", "timeMax")
    items = [str(item.get("id")) for item in body.get("items", [])]
    if len(items) > MOST_CALENDARS:
        raise refuse(
            400, "tooManyCalendarsRequested", "The number of calendars requested is too large for a single query."
        )
    calendars: dict[str, Any] = {}
    for id in items:
        entry = user.entries.get(user.email if id == "primary" else id)
        if entry is None or entry.deleted or entry.role == "none":
            calendars[id] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
            continue
        blocks = _blocks(home.calendars[entry.calendar], since, until)
        calendars[id] = {
            "busy": [
                {"start": write(max(start, since).astimezone(zone)), "end": write(min(end, until).astimezone(zone))}
                for start, end in blocks
            ]
        }
    return {"kind": "calendar#freeBusy", "timeMin": write(since), "timeMax": write(until), "calendars": calendars}


def _blocks(calendar: Calendar, since: datetime, until: datetime) -> list[list[datetime]]:
    found = []
    for event in calendar.events.values():
        if event.master and event.master in calendar.events:
            continue
        rows = instances(calendar, event, since, until, False) if event.is_master else [event.fields]
        for fields in rows:
            if _is_busy(fields, calendar.owner) and within(fields, since, until):
                found.append([instant(fields["start"]), instant(fields["end"])])
    merged: list[list[datetime]] = []
    for block in sorted(found):
        if merged and block[0] <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], block[1])
        else:
            merged.append(block)
    return merged


def _is_busy(fields: dict[str, Any], owner: str) -> bool:
    if fields.get("status") == "cancelled" or fields.get("transparency") == "transparent":
        return False
    if fields.get("eventType") in NEVER_BUSY:
        return False
    mine = (guest for guest in fields.get("attendees", []) if guest.get("email") == owner)
    return all(guest.get("responseStatus") != "declined" for guest in mine)
