"""`getSchedule`: when somebody of this emulator is busy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .delta import occurrences
from .errors import bad
from .state import Event, Store
from .zones import instant, read_time, to_utc, written

DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
MOST_MINUTES, LEAST_MINUTES, USUAL_MINUTES = 1440, 5, 30
MOST_DIGITS = 1000


def schedules(store: Store, body: dict[str, Any]) -> list[dict[str, Any]]:
    # Microsoft's client writes these names with a capital, its documentation without.
    body = {name[:1].lower() + name[1:]: value for name, value in body.items()}
    try:
        names = [str(name) for name in body["schedules"]]
        (start, zone), (end, end_zone) = (read_time(body[name], "UTC") for name in ("startTime", "endTime"))
        since, until = to_utc(start, zone), to_utc(end, end_zone)
        step = int(body.get("availabilityViewInterval", USUAL_MINUTES))
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise bad(f"The request is not valid: {error}", "ErrorInvalidRequest") from None
    if not LEAST_MINUTES <= step <= MOST_MINUTES or until <= since:
        raise bad("The interval or the time window is not valid.", "ErrorInvalidTimeInterval")
    slots = int((until - since) / timedelta(minutes=step))
    if slots > MOST_DIGITS:
        raise bad("The time window holds too many intervals.", "5006")
    return [_schedule(store, name, since, until, step, slots) for name in names]


def _schedule(store: Store, name: str, since: Any, until: Any, step: int, slots: int) -> dict[str, Any]:
    user = store.users.get(name)
    if user is None:
        return {
            "scheduleId": name,
            "error": {"message": "The mailbox was not found.", "responseCode": "ErrorMailRecipientNotFound"},
        }
    items = []
    for event in user.main.events.values():
        for part in _parts(event, since, until):
            status = "free" if part.fields.get("isCancelled") else part.fields.get("showAs", "busy")
            items.append((instant(part.start), instant(part.end), status))
    view = ""
    for slot in range(slots):
        begin = since + timedelta(minutes=step * slot)
        here = [s for start, end, s in items if start < begin + timedelta(minutes=step) and end > begin]
        view += max((DIGITS.get(status, "0") for status in here), default="0")
    return {
        "scheduleId": name,
        "availabilityView": view,
        "scheduleItems": [
            {"status": status, "start": written(start, "UTC"), "end": written(end, "UTC"), "isPrivate": False}
            for start, end, status in sorted(items)
        ],
    }


def _parts(event: Event, since: Any, until: Any) -> list[Any]:
    if event.deleted:
        return []
    if event.rule is None:
        return [event.own] if event.own.overlaps(since, until) else []
    return [event.exceptions.get(day) or event.at(day) for day in occurrences(event, since, until)]
