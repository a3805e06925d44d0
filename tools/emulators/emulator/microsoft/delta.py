"""`calendarView/delta`: what a window holds, and what changed in it since a token.

The window stands in the token. Rows come in the order of their places, so that a page goes on after the last place.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any, Iterator

from ..base.clock import parse_bound, parse_local
from ..base.exchange import Answer, Request
from .errors import bad, refuse, resync
from .state import LONGEST, Calendar, Event, Store, seal, unseal
from .views import View

USUAL_PAGE, LARGEST_PAGE = 50, 1000
NOT_SUPPORTED = ("$select", "$expand", "$filter", "$orderby", "$search")


@dataclass
class Paging:
    """How unpleasant pages are; set by control."""

    largest: int | None = None
    empty_pages: int = 0
    omit_masters: bool = False
    """Series whose master does not come along with its occurrences."""
    twice: bool = False
    """Every item comes in an older form first."""
    reverse: bool = False
    removed_first: bool = False
    """A first round also tells what is gone."""


@dataclass
class Row:
    place: list[Any]
    kind: str
    event: Event
    day: date | None = None
    reason: str = "deleted"

    def written(self, view: View) -> dict[str, Any]:
        if self.kind == "removed":
            return view.removed(self.event, self.day, self.reason)
        if self.kind == "bare" and self.day:
            return view.bare(self.event, self.day)
        if self.kind == "stale":
            return {**view.full(self.event, self.day), "subject": "as it was before"}
        return view.full(self.event, self.day)


class Delta:
    def __init__(self, store: Store, paging: Paging) -> None:
        self._store, self._paging = store, paging
        self._latest: tuple[Any, list[Row]] = (None, [])

    def answer(self, request: Request, calendar: Calendar, base: str) -> Answer:
        token = self._token(request, calendar)
        view = View(request)
        since, until = (parse_local(token[name]).replace(tzinfo=timezone.utc) for name in ("from", "to"))
        here = {name: token[name] for name in ("from", "to", "cal", "known", "now")}
        size = min(view.wishes.page or USUAL_PAGE, self._paging.largest or LARGEST_PAGE, LARGEST_PAGE)
        if token["empty"] > 0:
            return self._page([], base, "$skiptoken", {**here, "empty": token["empty"] - 1, "after": token["after"]})
        rows = self._sorted(calendar, since, until, token["known"])
        if token["after"] is not None:
            rows = rows[bisect_right(rows, token["after"], key=lambda row: row.place) :]
        page = rows[:size]
        items = [row.written(view) for row in page]
        if len(rows) > size:
            return self._page(items, base, "$skiptoken", {**here, "empty": 0, "after": page[-1].place})
        return self._page(
            items, base, "$deltatoken", {**here, "known": token["now"], "now": None, "empty": 0, "after": None}
        )

    def _token(self, request: Request, calendar: Calendar) -> dict[str, Any]:
        for name in NOT_SUPPORTED:
            if name in request.query:
                raise bad(
                    f"The query parameter {name} is not supported for change tracking over calendarView.",
                    "ErrorInvalidUrlQuery",
                )
        text = request.query.get("$deltatoken") or request.query.get("$skiptoken")
        if text is None:
            return self._first(request, calendar)
        token = unseal(text)
        if token is None or token.get("cal") != calendar.id:
            raise refuse(400, "SyncStateNotFound", "The sync state is not found or malformed.")
        issued = token["known"] if token["now"] is None else token["now"]
        if issued < calendar.tokens_from:
            raise self._dead(request, calendar)
        if token["now"] is None:
            token["now"], token["empty"] = self._store.revision, self._paging.empty_pages
        return token

    def _first(self, request: Request, calendar: Calendar) -> dict[str, Any]:
        bounds = {}
        for short, name in (("from", "startDateTime"), ("to", "endDateTime")):
            text = request.query.get(name)
            if not text:
                raise bad(
                    f"This request requires a time window: the query parameter {name} is missing.",
                    "ErrorInvalidRequest",
                )
            bounds[short] = read_bound(text).replace(tzinfo=None).isoformat(timespec="seconds")
        if bounds["from"] > bounds["to"]:
            raise bad("The end of the window is before its start.", "ErrorInvalidRequest")
        return {
            **bounds,
            "cal": calendar.id,
            "known": 0,
            "now": self._store.revision,
            "empty": self._paging.empty_pages,
            "after": None,
        }

    def _dead(self, request: Request, calendar: Calendar) -> Exception:
        """Graph says it in several ways; control chooses."""
        kind = calendar.tokens_end
        if kind == "410":
            refusal = resync()
            host = request.headers.get("host", "127.0.0.1")
            refusal.answer.headers["Location"] = f"http://{host}{request.path}?$deltatoken=fresh"
            return refusal
        status, _, code = kind.partition(":")
        return refuse(int(status), code or "syncStateNotFound", "The sync state is not valid any more.")

    def _sorted(self, calendar: Calendar, since: datetime, until: datetime, known: int) -> list[Row]:
        """All rows of a round; the pages of one round are asked for one after the other, so the latest are kept."""
        question = (calendar.id, id(calendar), since, until, known, self._store.revision, repr(self._paging))
        if self._latest[0] != question:
            rows = sorted(self._rows(calendar, since, until, known), key=lambda row: row.place)
            self._latest = (question, rows)
        return self._latest[1]

    def _rows(self, calendar: Calendar, since: datetime, until: datetime, known: int) -> Iterator[Row]:
        for event in calendar.events.values():
            if event.revision <= known:
                continue
            rows = list(self._changes(event, since, until, known) if known else self._all(event, since, until))
            if self._paging.omit_masters and event.rule:
                rows = [row for row in rows if row.day or row.kind == "removed"]
            for row in rows:
                if self._paging.reverse:
                    row.place[0] = -row.place[0]
                if self._paging.twice and row.kind == "full":
                    yield Row([row.place[0], row.place[1], 0], "stale", event, row.day)
                yield row

    def _all(self, event: Event, since: datetime, until: datetime) -> Iterator[Row]:
        """Everything of an event that lies in the window."""
        if event.deleted:
            if self._paging.removed_first:
                yield Row([event.order, "", 1], "removed", event)
            return
        if event.rule is None:
            if event.own.overlaps(since, until):
                yield Row([event.order, "", 1], "full", event)
            return
        found = list(occurrences(event, since, until))
        if found:
            yield Row([event.order, "", 1], "full", event)
        for day in found:
            yield Row([event.order, day.isoformat(), 1], "full" if day in event.exceptions else "bare", event, day)

    def _changes(self, event: Event, since: datetime, until: datetime, known: int) -> Iterator[Row]:
        """What of an event changed. What is outside of the window is told as gone, whether it was known or not."""
        if event.deleted:
            yield Row([event.order, "", 1], "removed", event, None, event.deleted)
            for day in occurrences(event, since, until):
                yield Row([event.order, day.isoformat(), 1], "removed", event, day, event.deleted)
            return
        if event.rule is None:
            kind = "full" if event.own.overlaps(since, until) else "removed"
            yield Row([event.order, "", 1], kind, event)
        found = set(occurrences(event, since, until)) if event.rule else set()
        if event.rule and event.own.revision > known:
            yield Row([event.order, "", 1], "full" if found else "removed", event)
        whole = event.own.revision > known
        changed = {day for day, part in event.exceptions.items() if part.revision > known}
        for day in sorted(found | changed):
            if day not in found:
                yield Row([event.order, day.isoformat(), 1], "removed", event, day)
            elif day in changed or (whole and day in event.exceptions):
                yield Row([event.order, day.isoformat(), 1], "full", event, day)
            elif whole:
                yield Row([event.order, day.isoformat(), 1], "bare", event, day)
        gone = {day for days in (event.cancelled, event.former) for day, revision in days.items() if revision > known}
        for day in sorted(gone - found - changed):
            yield Row([event.order, day.isoformat(), 1], "removed", event, day)

    def _page(self, items: list[Any], base: str, name: str, token: dict[str, Any]) -> Answer:
        link = "@odata.nextLink" if name == "$skiptoken" else "@odata.deltaLink"
        return Answer.of(
            {
                "@odata.context": f"{base.split('/v1.0')[0]}/v1.0/$metadata#Collection(event)",
                link: f"{base}?{name}={seal(token)}",
                "value": items,
            }
        )


def occurrences(event: Event, since: datetime, until: datetime) -> Iterator[date]:
    """Days of the series that happen in the window; an exception happens where it was moved to."""
    for day in event.dates(until + LONGEST):
        if day in event.cancelled:
            continue
        part = event.exceptions.get(day) or event.at(day)
        if part.overlaps(since, until):
            yield day


def read_bound(text: str) -> datetime:
    """A time of the window; without an offset it is in UTC. Refuses what is none."""
    try:
        return parse_bound(text.replace(" ", "+")).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise bad(f"{text!r} is no date and time.", "ErrorInvalidParameter") from None
