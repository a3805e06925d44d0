"""`calendarList` and `calendars`."""

from __future__ import annotations

from typing import Any

from ..base.exchange import Answer, Request
from .errors import not_found
from .listing import Pager, full_sync_required, question_of, read_page_token, read_sync_token
from .state import ROLES, Calendar, Entry, Home, User, etag

FORBIDDEN = ("minAccessRole", "showOwnOrganizationOnly")
USUAL_PAGE, LARGEST_PAGE = 100, 250


class CalendarLists:
    def __init__(self, home: Home, pager: Pager) -> None:
        self._home, self._pager = home, pager

    def answer(self, name: str, user: User, path: dict[str, str], request: Request) -> Answer:
        match name:
            case "calendarList.list":
                return self._list(user, request)
            case "calendarList.get":
                entry = find_entry(user, path["calendarId"])
                return Answer.of(self._described(entry), headers={"ETag": etag(entry.revision)})
            case _:
                return Answer.of(self._calendar(self._home.calendars[find_entry(user, path["calendarId"]).calendar]))

    def _list(self, user: User, request: Request) -> Answer:
        question = question_of(request, f"list {user.email}", FORBIDDEN)
        since = read_sync_token(request, question, user.list_tokens_from, FORBIDDEN, full_sync_required)
        start = read_page_token(request, question, since)
        size = self._pager.size(request, USUAL_PAGE, LARGEST_PAGE)
        rows = [
            (entry.order, self._described(entry))
            for entry in user.entries.values()
            if self._wants(entry, request, since)
        ]
        page = self._pager.cut(sorted(rows, key=lambda row: row[0]), request, size, True, question, since, start)
        return Answer.of(
            {
                "kind": "calendar#calendarList",
                "etag": f'"p{self._home.revision}"',
                "items": page.items,
                **({"nextPageToken": page.next_page} if page.next_page else {"nextSyncToken": page.next_sync}),
            }
        )

    def _wants(self, entry: Entry, request: Request, since: dict[str, Any] | None) -> bool:
        if since is not None:
            return entry.revision > since["r"]
        if entry.deleted and request.query.get("showDeleted") != "true":
            return False
        if entry.more.get("hidden") and request.query.get("showHidden") != "true":
            return False
        least = request.query.get("minAccessRole")
        return least is None or ROLES.index(entry.role) >= ROLES.index(least)

    def _described(self, entry: Entry) -> dict[str, Any]:
        common = {"kind": "calendar#calendarListEntry", "etag": etag(entry.revision), "id": entry.calendar}
        if entry.deleted:
            return {**common, "deleted": True}
        calendar = self._home.calendars[entry.calendar]
        return {
            **common,
            "summary": calendar.summary,
            "timeZone": calendar.zone,
            **calendar.more,
            "colorId": "14",
            "backgroundColor": "#9fe1e7",
            "foregroundColor": "#000000",
            "accessRole": entry.role,
            "defaultReminders": [],
            "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
            **entry.more,
        }

    def _calendar(self, calendar: Calendar) -> dict[str, Any]:
        return {
            "kind": "calendar#calendar",
            "etag": f'"{calendar.id}"',
            "id": calendar.id,
            "summary": calendar.summary,
            "timeZone": calendar.zone,
            **calendar.more,
            "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
        }


def find_entry(user: User, id: str) -> Entry:
    entry = user.entries.get(user.email if id == "primary" else id)
    if entry is None or entry.deleted:
        raise not_found()
    return entry
