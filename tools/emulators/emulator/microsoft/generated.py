"""Many events at once, always the same ones for the same wish."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

from ..base.clock import parse_local
from .zones import clocks

MOST = 200_000


def generated(wish: dict[str, Any], zone: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and events: `count`, one `every` so many minutes from `start`; every n-th is a weekly series (`series`)."""
    count = int(wish.get("count", 100))
    if not 0 < count <= MOST:
        raise ValueError(f"count must be between 1 and {MOST}")
    zone = wish.get("zone", zone)
    start = parse_local(wish["start"]) if "start" in wish else now.replace(minute=0, second=0, microsecond=0)
    start = (start if start.tzinfo else start.replace(tzinfo=clocks(zone))).astimezone(timezone.utc)
    every, last = timedelta(minutes=float(wish.get("every", 60))), timedelta(minutes=float(wish.get("minutes", 30)))
    guests, series, prefix = int(wish.get("attendees", 2)), int(wish.get("series", 0)), wish.get("prefix", "gen")
    for number in range(count):
        begin = (start + every * number).astimezone(clocks(zone))
        end = (start + every * number + last).astimezone(clocks(zone))
        fields: dict[str, Any] = {
            "subject": f"Meeting {number}",
            "body": {"contentType": "text", "content": "Generated " * 8},
            "start": {"dateTime": begin.isoformat(), "timeZone": zone},
            "end": {"dateTime": end.isoformat(), "timeZone": zone},
            "attendees": [_guest((number + guest) % 500) for guest in range(guests)],
        }
        if series and number % series == 0:
            fields["recurrence"] = {
                "pattern": {"type": "weekly", "interval": 1},
                "range": {"type": "numbered", "numberOfOccurrences": 10},
            }
        yield f"{prefix}{number:06d}", fields


def _guest(number: int) -> dict[str, Any]:
    return {
        "type": "required",
        "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": f"Guest {number}", "address": f"guest{number}@example.test"},
    }
