"""Many events at once, always the same ones for the same wish."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

from ..base.clock import parse_local
from ..base.recurrence import zone_named
from .times import write

MOST = 200_000


def generated(wish: dict[str, Any], zone: str, now: datetime) -> Iterator[dict[str, Any]]:
    """`count` events, one `every` so many minutes from `start`, of which every n-th is a weekly series (`series`)."""
    count = int(wish.get("count", 100))
    if not 0 < count <= MOST:
        raise ValueError(f"count must be between 1 and {MOST}")
    zone = wish.get("zone", zone)
    start = parse_local(wish["start"]) if "start" in wish else now.replace(minute=0, second=0, microsecond=0)
    start = (start if start.tzinfo else start.replace(tzinfo=zone_named(zone))).astimezone(timezone.utc)
    every, last = timedelta(minutes=float(wish.get("every", 60))), timedelta(minutes=float(wish.get("minutes", 30)))
    guests, series, prefix = int(wish.get("attendees", 2)), int(wish.get("series", 0)), wish.get("prefix", "gen")
    for number in range(count):
        begin = (start + every * number).astimezone(zone_named(zone))
        fields: dict[str, Any] = {
            "id": f"{prefix}{number:06d}",
            "summary": f"Meeting {number}",
            "description": "Generated " * 8,
            "start": {"dateTime": write(begin), "timeZone": zone},
            "end": {"dateTime": write((begin + last).astimezone(zone_named(zone))), "timeZone": zone},
            "attendees": [
                {
                    "email": f"guest{(number + guest) % 500}@example.test",
                    "displayName": f"Guest {(number + guest) % 500}",
                }
                for guest in range(guests)
            ],
        }
        if series and number % series == 0:
            fields["recurrence"] = ["RRULE:FREQ=WEEKLY;COUNT=10"]
        yield fields
