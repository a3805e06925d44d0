"""What Graph holds: mailboxes, their calendars and events.

Every change takes the next revision. A series keeps its exceptions, its cancelled occurrences and the occurrences that
it had once, each with the revision of the change, so that a delta can say what is new and what is gone.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Callable, Iterator

from ..base.clock import Clock
from ..base.recurrence import Rule
from .zones import instant, to_utc

DEFAULT_USER = "me@example.test"
MOST_OCCURRENCES = 3000
LONGEST = timedelta(days=31)


@dataclass
class Part:
    """Something with a time: a single event, a master's first occurrence, or an exception."""

    fields: dict[str, Any]
    start: datetime | date
    end: datetime | date
    revision: int = 0

    def overlaps(self, since: datetime, until: datetime) -> bool:
        return instant(self.start) < until and (
            instant(self.end) > since or instant(self.end) == instant(self.start) >= since
        )


@dataclass
class Event:
    key: str
    calendar: str
    order: int
    own: Part
    zone: str
    clock_zone: str
    """Whose clocks the zone has; another name only for a custom zone."""
    moves: int = 0
    deleted: str | None = None
    """Why it is gone: deleted, or changed when it only went elsewhere."""
    revision: int = 0
    rule: Rule | None = None
    first: date | None = None
    exceptions: dict[date, Part] = field(default_factory=dict)
    cancelled: dict[date, int] = field(default_factory=dict)
    former: dict[date, int] = field(default_factory=dict)

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.own.start, datetime)

    def dates(self, until: datetime | None = None) -> Iterator[date]:
        """The days of the series as its pattern makes them, cancelled ones too."""
        if self.rule is None or self.first is None:
            return
        count = 0
        for day in self.rule.days(self.first):
            if isinstance(self.rule.until, date) and day > self.rule.until:
                return
            if until is not None and instant(self.at(day).start) >= until:
                return
            yield day
            count += 1
            if count >= min(self.rule.count or MOST_OCCURRENCES, MOST_OCCURRENCES):
                return

    def at(self, day: date) -> Part:
        """The occurrence of that day, as the pattern makes it."""
        span = instant(self.own.end) - instant(self.own.start)
        if not isinstance(self.own.start, datetime):
            return Part(self.own.fields, day, day + span, self.own.revision)
        local = datetime.combine(day, self.own.fields["_local"].time())
        start = to_utc(local, self.clock_zone)
        return Part(self.own.fields, start, start + span, self.own.revision)

    def has(self, day: date) -> bool:
        return any(
            other == day for other in self.dates(datetime.combine(day, datetime.min.time(), timezone.utc) + 2 * LONGEST)
        )


@dataclass
class Calendar:
    id: str
    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    events: dict[str, Event] = field(default_factory=dict)
    tokens_from: int = 0
    tokens_end: str = "410"


@dataclass
class Contact:
    id: str
    folder: str
    fields: dict[str, Any]
    revision: int
    deleted: bool = False


@dataclass
class User:
    email: str
    name: str
    zone: str = "UTC"
    calendars: dict[str, Calendar] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    """Names of folders of contacts, other than the usual one, by id."""
    contacts: dict[str, Contact] = field(default_factory=dict)
    contact_tokens_from: int = 0

    @property
    def main(self) -> Calendar:
        return next(c for c in self.calendars.values() if c.fields.get("isDefaultCalendar"))


class Store:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.revision = 1000
        self.users: dict[str, User] = {}
        self.changed: Callable[[User, Event, date | None, str], None] = lambda user, event, day, kind: None
        """Hears who has which event, or which occurrence of it, created, updated or deleted."""
        self.contact_changed: Callable[[User, Contact, str], None] = lambda user, contact, kind: None

    def user(self, email: str | None) -> User:
        """Makes the mailbox, with its calendar, where there is none yet."""
        email = email or DEFAULT_USER
        if email not in self.users:
            self.users[email] = User(email, email.split("@")[0].capitalize())
            self.put_calendar(self.users[email], "AAMkAGI2-calendar=", {"name": "Calendar", "isDefaultCalendar": True})
        return self.users[email]

    def next_revision(self) -> int:
        self.revision += 1
        return self.revision

    def put_calendar(self, user: User, id: str, body: dict[str, Any]) -> Calendar:
        body = dict(body)
        calendar = user.calendars.setdefault(id, Calendar(id, body.get("name", id), zone=user.zone))
        calendar.name = body.pop("name", calendar.name)
        calendar.zone = body.pop("zone", calendar.zone)
        calendar.fields |= body
        return calendar


def new_key() -> str:
    return secrets.token_hex(8)


def make_id(event: Event, day: date | None, immutable: bool) -> str:
    """An id of either kind; a mutable one is another after the event went to another calendar."""
    parts = [event.key, day.isoformat() if day else ""]
    if not immutable:
        parts += [event.calendar, str(event.moves)]
    text = base64.urlsafe_b64encode("\n".join(parts).encode()).decode()
    return ("AAkALgAA" if immutable else "AAMkAGI2") + text


def read_id(id: str) -> tuple[str, date | None, list[str]] | None:
    if not id.startswith(("AAkALgAA", "AAMkAGI2")):
        return None
    try:
        key, day, *place = base64.urlsafe_b64decode(id[8:].encode()).decode().split("\n")
        return key, date.fromisoformat(day) if day else None, place
    except ValueError:
        return None


def global_id(key: str, day: date | None) -> str:
    """Exchange's iCalUId: one for the whole meeting, into which the day of an occurrence is written."""
    stamp = f"{day.year:04X}{day.month:02X}{day.day:02X}" if day else "00000000"
    return f"040000008200E00074C5B7101A82E008{stamp}" + key.upper().ljust(32, "0") + "000000001000000000000000"


def seal(value: dict[str, Any]) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":"), sort_keys=True).encode()).decode().rstrip("=")
    )


def unseal(token: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)))
    except (ValueError, UnicodeError):
        return None
    return value if isinstance(value, dict) else None
