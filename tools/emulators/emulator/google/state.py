"""What Google holds: users, their lists of calendars, calendars and events.

Every change takes the next revision. A sync token says up to which revision its holder knows, and for which question;
an event that is gone stays as a cancelled one, so that it can be told to those who knew it.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Callable

from ..base.clock import Clock, stamp

ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
DEFAULT_USER = "me@example.test"
ALPHABET = "0123456789abcdefghijklmnopqrstuv"


@dataclass
class Event:
    fields: dict[str, Any]
    revision: int
    order: int
    changed: float
    keep_details: bool = False
    """Cancelled, but what it was is still told: what was cancelled by its organizer, say."""

    @property
    def id(self) -> str:
        return self.fields["id"]

    @property
    def is_cancelled(self) -> bool:
        return self.fields.get("status") == "cancelled"

    @property
    def is_master(self) -> bool:
        return "recurrence" in self.fields

    @property
    def master(self) -> str | None:
        return self.fields.get("recurringEventId")


@dataclass
class Calendar:
    id: str
    summary: str
    owner: str
    zone: str = "UTC"
    more: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    exceptions: dict[str, set[str]] = field(default_factory=dict)
    """Ids of changed instances by the id of their series, which need not be in this calendar."""
    tokens_from: int = 0
    """Sync tokens of an older revision are dead."""
    pushes: bool = True
    deleted: bool = False


@dataclass
class Entry:
    """A calendar in the list of a user."""

    calendar: str
    role: str
    revision: int
    order: int
    more: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass
class User:
    email: str
    name: str
    entries: dict[str, Entry] = field(default_factory=dict)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    list_tokens_from: int = 0
    contact_tokens_from: int = 0


class Home:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.revision = 1000
        self.calendars: dict[str, Calendar] = {}
        self.users: dict[str, User] = {}
        self.changed: Callable[[str], None] = lambda resource: None
        """Hears which resource changed: "events/ID" or "list/USER"."""

    def user(self, email: str | None) -> User:
        """Makes the user, with a primary calendar, where there is none yet."""
        email = email or DEFAULT_USER
        if email not in self.users:
            self.users[email] = User(email, email.split("@")[0].capitalize())
            self.put_calendar(
                email, email, {"summary": email, "primary": True, "accessRole": "owner", "selected": True}
            )
        return self.users[email]

    def next_revision(self) -> int:
        self.revision += 1
        return self.revision

    def put_calendar(self, user: str, id: str, body: dict[str, Any]) -> Entry:
        """Makes or changes a calendar and its entry in the list of a user."""
        home = self.user(user) if id != user else self.users[user]
        body = dict(body)
        calendar = self.calendars.get(id)
        if calendar is None:
            calendar = self.calendars[id] = Calendar(id, body.get("summary", id), body.pop("owner", user))
        calendar.summary = body.pop("summary", calendar.summary)
        calendar.zone = body.pop("timeZone", calendar.zone)
        calendar.pushes = bool(body.pop("pushes", calendar.pushes))
        for name in ("description", "location"):
            if name in body:
                calendar.more[name] = body.pop(name)
        entry = home.entries.get(id)
        if entry is None:
            entry = home.entries[id] = Entry(id, "owner", 0, len(home.entries))
        role = body.pop("accessRole", entry.role)
        if role not in ROLES:
            raise ValueError(f"{role!r} is no access role; there are {', '.join(ROLES)}")
        if role != entry.role:
            calendar.tokens_from = self.revision + 1
        entry.role = role
        entry.deleted = bool(body.pop("deleted", False))
        entry.more |= body
        entry.revision = self.next_revision()
        self.changed(f"list/{user}")
        return entry

    def store(self, calendar: Calendar, fields: dict[str, Any], touch: bool = True) -> Event:
        """Keeps an event as it is now; the fields say its id."""
        revision = self.next_revision()
        known = calendar.events.get(fields["id"])
        now = self.clock.now()
        if touch or "updated" not in fields:
            fields["updated"] = stamp(self.clock.moment())
        fields["etag"] = etag(revision)
        event = Event(fields, revision, known.order if known else len(calendar.events), now)
        calendar.events[event.id] = event
        if event.master:
            calendar.exceptions.setdefault(event.master, set()).add(event.id)
        self.changed(f"events/{calendar.id}")
        return event


def etag(revision: int) -> str:
    return f'"{3_400_000_000_000_000 + revision * 2000}"'


def new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(26))


def seal(value: dict[str, Any]) -> str:
    """A token that tells its holder nothing at a glance and needs no memory here."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":"), sort_keys=True).encode()).decode()


def unseal(token: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, UnicodeError):
        return None
    return value if isinstance(value, dict) else None
