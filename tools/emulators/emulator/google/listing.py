"""Lists in pages, and what changed since a token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Iterable

from ..base.clock import parse_bound, parse_instant
from ..base.exchange import Request
from .errors import bad, refuse
from .instances import HORIZON, instances, series_within, within
from .state import Calendar, Event, Home, seal, unseal
from .times import instant

FORBIDDEN_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
NOT_PART_OF_THE_QUESTION = {
    "pageToken",
    "syncToken",
    "maxResults",
    "showDeleted",
    "alt",
    "prettyPrint",
    "fields",
    "key",
    "quotaUser",
    "alwaysIncludeEmail",
    "access_token",
    "oauth_token",
    "userIp",
    "pageSize",
    "requestSyncToken",
}
OLDEST_UPDATED_MIN_DAYS = 30


@dataclass
class Page:
    items: list[Any]
    next_page: str | None
    next_sync: str | None


@dataclass
class Pager:
    """Cuts an answer into pages. `empty_pages` lets pages without an item precede the others, as Google may."""

    home: Home
    empty_pages: int = 0
    smaller: int | None = None
    """No page holds more than this, whatever was asked."""

    def size(self, request: Request, usual: int, most: int, name: str = "maxResults") -> int:
        text = request.query.get(name, str(usual))
        if not text.isdigit() or int(text) < 1:
            raise bad(f"Invalid value '{text}'. Values must be within the range: [1, {most}]", name)
        return min(int(text), most, self.smaller or most)

    def cut(
        self,
        rows: Iterable[tuple[Any, Any]],
        request: Request,
        size: int,
        syncs: bool,
        question: str,
        since: dict[str, Any] | None,
        start: dict[str, Any] | None,
    ) -> Page:
        """Rows are pairs of a place (in order) and an item; `start` is the page token, already read."""
        start = start or {"r": self.home.revision, "e": self.empty_pages}
        here = {"q": question, "r": start["r"], "s": since["r"] if since else None}
        if start["e"] > 0:
            return Page([], seal({**here, "e": start["e"] - 1, "p": start.get("p")}), None)
        items: list[Any] = []
        last = None
        for place, item in rows:
            if start.get("p") is not None and _not_after(place, start["p"]):
                continue
            if len(items) == size:
                return Page(items, seal({**here, "e": 0, "p": last}), None)
            items.append(item)
            last = place
        return Page(items, None, seal({"t": "sync", "q": question, "r": start["r"]}) if syncs else None)


def read_page_token(request: Request, question: str, since: dict[str, Any] | None) -> dict[str, Any] | None:
    text = request.query.get("pageToken")
    if not text:
        return None
    token = unseal(text)
    if token is None or "r" not in token:
        raise bad("Invalid page token value.", "pageToken")
    if token["q"] != question or token["s"] != (since["r"] if since else None):
        raise bad("The page token does not belong to this request.", "pageToken")
    return token


def read_sync_token(
    request: Request, question: str, dead_before: int, forbidden: Iterable[str], dead: Callable[[], Exception]
) -> dict[str, Any] | None:
    text = request.query.get("syncToken")
    if not text:
        return None
    for name in forbidden:
        if name in request.query:
            raise bad(f"Sync token cannot be used with the parameter {name}.", name)
    for name in ("showDeleted", "showHidden"):
        if request.query.get(name) == "false":
            raise bad(f"Sync token cannot be used with {name}=false.", name)
    token = unseal(text)
    if token is None or token.get("t") != "sync":
        raise bad("Invalid sync token value.", "syncToken")
    if token["r"] < dead_before:
        raise dead()
    if token["q"].split(".")[0] != question.split(".")[0]:
        raise bad("The sync token belongs to a request with other parameters.", "syncToken")
    return token


def full_sync_required() -> Exception:
    return refuse(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", "syncToken")


def question_of(request: Request, about: str, also: Iterable[str] = FORBIDDEN_WITH_TOKEN) -> str:
    """A mark of what was asked: first what must be the same with a token too, then what a token carries."""
    lasting, carried = [about], list[str]()
    for name, value in sorted(request.query_list):
        if name in NOT_PART_OF_THE_QUESTION:
            continue
        (carried if name in also else lasting).append(f"{name}={value}")
    marks = (hashlib.sha256("\n".join(part).encode()).hexdigest()[:12] for part in (lasting, carried))
    return ".".join(marks)


class EventList:
    """`events.list` over one calendar."""

    def __init__(self, home: Home, calendar: Calendar, request: Request) -> None:
        self._home, self._calendar, self._request = home, calendar, request
        query = request.query
        self._single = query.get("singleEvents") == "true"
        self._since = read_bound(request, "timeMin")
        self._until = read_bound(request, "timeMax")
        if self._since and self._until and self._since >= self._until:
            raise refuse(400, "timeRangeEmpty", "The specified time range is empty.", "timeMax")
        if query.get("orderBy") not in (None, "updated", "startTime"):
            raise bad(f"Invalid value '{query['orderBy']}'.", "orderBy")
        if query.get("orderBy") == "startTime" and not self._single:
            raise bad("The requested ordering is not available for the particular query.", "orderBy")
        self._updated_min = read_bound(request, "updatedMin")
        age = OLDEST_UPDATED_MIN_DAYS * 86400
        if self._updated_min and self._updated_min.timestamp() < home.clock.now() - age:
            raise refuse(
                410,
                "updatedMinTooLongAgo",
                "The requested minimum modification time lies too far in the past.",
                "updatedMin",
            )
        self._deleted = query.get("showDeleted") == "true"

    def rows(self, token: dict[str, Any] | None) -> list[tuple[Any, dict[str, Any]]]:
        since = token["r"] if token else None
        rows = self._singles(since) if self._single else self._stored(since)
        order = self._request.query.get("orderBy")
        if order == "startTime":
            rows = [([instant(f["start"]).isoformat(), f["id"]], f) for _, f in rows if "start" in f]
        elif order == "updated":
            rows = [([f.get("updated", ""), f["id"]], f) for _, f in rows]
        elif not self._single:
            return rows
        return sorted(rows, key=lambda row: row[0])

    def _stored(self, since: int | None) -> list[tuple[Any, dict[str, Any]]]:
        events = sorted(self._calendar.events.values(), key=lambda event: event.order)
        return [([event.order, ""], shown(event)) for event in events if self._wants(event, since)]

    def _wants(self, event: Event, since: int | None) -> bool:
        if since is not None:
            return event.revision > since
        showing = self._deleted or self._updated_min is not None
        if event.is_cancelled and not (showing or (event.master and self._master_lives(event))):
            return False
        if not self._passes(event.fields):
            return False
        if event.is_cancelled and not event.keep_details:
            return True
        if event.is_master:
            return series_within(self._calendar, event, self._since, self._until)
        return within(event.fields, self._since, self._until)

    def _master_lives(self, event: Event) -> bool:
        master = self._calendar.events.get(event.master or "")
        return master is None or not master.is_cancelled

    def _singles(self, since: int | None) -> list[tuple[Any, dict[str, Any]]]:
        far = self._until or self._home.clock.moment() + HORIZON
        rows = []
        for event in self._calendar.events.values():
            if event.master and event.master in self._calendar.events:
                if since is not None and event.revision > since:
                    rows.append(([event.order, event.id], shown(event)))
                continue
            if since is not None and event.revision <= since:
                continue
            if not event.is_master:
                if self._wants(event, since):
                    rows.append(([event.order, event.id], shown(event)))
                continue
            showing = self._deleted or since is not None
            for fields in instances(self._calendar, event, self._since, far, showing):
                if since is not None or self._passes(fields):
                    rows.append(
                        ([event.order, fields["id"]], minimal(fields) if fields["status"] == "cancelled" else fields)
                    )
        unique = {fields["id"]: (place, fields) for place, fields in rows}
        return sorted(unique.values(), key=lambda row: row[0])

    def _passes(self, fields: dict[str, Any]) -> bool:
        query = self._request.query
        if "iCalUID" in query and fields.get("iCalUID") != query["iCalUID"]:
            return False
        types = self._request.all("eventTypes")
        if types and fields.get("eventType", "default") not in types:
            return False
        if self._updated_min and parse_instant(fields["updated"]) < self._updated_min:
            return False
        if "q" in query:
            text = " ".join(str(fields.get(name, "")) for name in ("summary", "description", "location", "attendees"))
            if query["q"].lower() not in text.lower():
                return False
        for name, kind in (("privateExtendedProperty", "private"), ("sharedExtendedProperty", "shared")):
            properties = fields.get("extendedProperties", {}).get(kind, {})
            for wanted in self._request.all(name):
                key, _, value = wanted.partition("=")
                if properties.get(key) != value:
                    return False
        return True


def read_bound(request: Request, name: str) -> datetime | None:
    text = request.query.get(name)
    try:
        if text:
            parse_instant(text)
        return parse_bound(text).astimezone(timezone.utc) if text else None
    except (ValueError, OverflowError):
        raise bad("Bad Request", name) from None


def shown(event: Event) -> dict[str, Any]:
    return minimal(event.fields) if event.is_cancelled and not event.keep_details else event.fields


def minimal(fields: dict[str, Any]) -> dict[str, Any]:
    """All that is promised of a cancelled event."""
    names = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")
    return {name: fields[name] for name in names if name in fields}


def _not_after(place: Any, last: Any) -> bool:
    return bool(place <= last)
