"""The single events that a series stands for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Iterator

from .state import Calendar, Event
from .times import instance_id, instant, length, series, written

MOST_INSTANCES = 5000
HORIZON = timedelta(days=730)
"""Without an end, series are expanded so far after now."""
SERIES_FIELDS = ("recurrence",)


def instances(
    calendar: Calendar, master: Event, since: datetime | None, until: datetime, cancelled: bool
) -> Iterator[dict[str, Any]]:
    """Instances of a series that end after `since` and start before `until`, exceptions in their places."""
    exceptions = {
        instant(calendar.events[id].fields["originalStartTime"]): calendar.events[id]
        for id in sorted(calendar.exceptions.get(master.id, ()))
    }
    for event in exceptions.values():
        if event.is_cancelled and not cancelled:
            continue
        if event.is_cancelled or within(event.fields, since, until):
            yield event.fields
    span = length(master.fields)
    for number, fields in enumerate(plain_instances(master, until)):
        if number >= MOST_INSTANCES:
            return
        start = instant(fields["start"])
        if start in exceptions or (since is not None and start + span <= since):
            continue
        if master.is_cancelled and not cancelled:
            continue
        yield fields


def plain_instances(master: Event, until: datetime) -> Iterator[dict[str, Any]]:
    """Instances as the master alone makes them."""
    fields, span = master.fields, length(master.fields)
    zone = fields["start"].get("timeZone", "UTC")
    common = {name: value for name, value in fields.items() if name not in SERIES_FIELDS}
    for start in series(fields).starts(until):
        original = written(start, zone)
        yield {
            **common,
            "id": instance_id(master.id, original),
            "start": original,
            "end": written(start + span, zone),
            "recurringEventId": master.id,
            "originalStartTime": original,
        }


def find_instance(calendar: Calendar, id: str) -> dict[str, Any] | None:
    """An instance that was never changed, by the id that it would have."""
    head, _, tail = id.rpartition("_")
    master = calendar.events.get(head)
    if master is None or not master.is_master or master.is_cancelled:
        return None
    try:
        until = datetime.strptime(tail[:8] + "+0000", "%Y%m%d%z") + timedelta(days=3)
    except ValueError:
        return None
    return next((fields for fields in plain_instances(master, until) if fields["id"] == id), None)


def within(fields: dict[str, Any], since: datetime | None, until: datetime | None) -> bool:
    """Ends after `since` and starts before `until`; both ends of the window are exclusive."""
    start, end = instant(fields["start"]), instant(fields["end"])
    return (since is None or end > since or start == end >= since) and (until is None or start < until)


def series_within(calendar: Calendar, master: Event, since: datetime | None, until: datetime | None) -> bool:
    if since is None:
        return until is None or instant(master.fields["start"]) < until
    far = until or since + HORIZON
    return any(True for _ in instances(calendar, master, since, far, False))
