"""The emulator's clock: the machine's, moved or stopped by a test."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone


class Clock:
    def __init__(self) -> None:
        self._offset = 0.0
        self._stopped_at: float | None = None

    def now(self) -> float:
        """Seconds since 1970."""
        if self._stopped_at is not None:
            return self._stopped_at
        return time.time() + self._offset

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), timezone.utc)

    def set(self, now: float) -> None:
        if self._stopped_at is not None:
            self._stopped_at = now
        self._offset = now - time.time()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def stop(self, stopped: bool) -> None:
        if stopped:
            self._stopped_at = self.now()
        elif self._stopped_at is not None:
            self._offset = self._stopped_at - time.time()
            self._stopped_at = None

    def describe(self) -> dict[str, object]:
        return {"now": stamp(self.moment()), "stopped": self._stopped_at is not None}


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as both services write their own times."""
    moment = moment.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse_instant(text: str) -> datetime:
    """An RFC 3339 time with an offset. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(_shorten(text.strip()))
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment


LATEST = datetime(2200, 1, 1, tzinfo=timezone.utc)


def parse_bound(text: str) -> datetime:
    """An end of a time window: what is further away than series are expanded is as far as that."""
    moment = parse_local(text)
    return min(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc), LATEST)


def parse_local(text: str) -> datetime:
    """A date-time, with or without an offset and with up to any number of fractional digits."""
    return datetime.fromisoformat(_shorten(text.strip()))


def parse_span(value: object) -> timedelta:
    """Seconds as a number, or "90s", "15m", "2h", "7d"."""
    if isinstance(value, (int, float)):
        return timedelta(seconds=value)
    text = str(value)
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(text[-1:])
    return timedelta(seconds=float(text[:-1]) * unit if unit else float(text))


def _shorten(text: str) -> str:
    """Python reads at most six fractional digits; Graph writes seven."""
    head, dot, tail = text.partition(".")
    if not dot:
        return text
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"
