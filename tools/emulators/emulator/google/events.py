"""`events`: what a user sees of a calendar, and does to it."""

from __future__ import annotations

from typing import Any

from ..base.clock import stamp
from ..base.exchange import Answer, Request
from ..base.recurrence import zone_named
from .calendar_lists import find_entry
from .errors import bad, not_found, refuse
from .instances import HORIZON, instances
from .listing import (
    FORBIDDEN_WITH_TOKEN,
    EventList,
    Pager,
    full_sync_required,
    minimal,
    question_of,
    read_bound,
    read_page_token,
    read_sync_token,
)
from .state import Calendar, Entry, Home, User
from .times import instant, shown_in
from .writing import Writing

USUAL_PAGE, LARGEST_PAGE = 250, 2500
BUSY_FIELDS = (
    "kind",
    "etag",
    "id",
    "status",
    "created",
    "updated",
    "start",
    "end",
    "recurrence",
    "recurringEventId",
    "originalStartTime",
    "iCalUID",
    "sequence",
    "eventType",
)


class Events:
    def __init__(self, home: Home, pager: Pager) -> None:
        self._home, self._pager = home, pager
        self.writing = Writing(home)

    def answer(self, name: str, user: User, path: dict[str, str], request: Request, body: Any) -> Answer:
        entry = find_entry(user, path["calendarId"])
        calendar = self._home.calendars[entry.calendar]
        if request.method != "GET" and entry.role not in ("owner", "writer", "writerWithoutPrivateAccess"):
            raise refuse(403, "requiredAccessLevel", "You need to have writer access to this calendar.")
        view = View(user, calendar, entry, request)
        id = path.get("eventId", "")
        match name:
            case "list":
                return self._list(user, calendar, entry, request, view)
            case "instances":
                return self._instances(calendar, id, entry, request, view)
            case "get":
                return self._get(calendar, id, request, view)
            case "insert" | "import":
                event = self.writing.insert(calendar, body, user.email, imported=name == "import")
            case "update" | "patch":
                self._check_organizer(calendar, id, body)
                event = self.writing.change(
                    calendar, id, body, user.email, name == "update", request.headers.get("if-match")
                )
            case _:
                self.writing.remove(calendar, id, request.headers.get("if-match"))
                return Answer(204)
        return Answer.of(view.of(event.fields), headers={"ETag": event.fields["etag"]})

    def _check_organizer(self, calendar: Calendar, id: str, body: dict[str, Any]) -> None:
        """Only the organizer moves a meeting; a guest's own copy keeps its time."""
        event = calendar.events.get(id)
        if event and not event.fields.get("organizer", {}).get("self") and {"start", "end", "recurrence"} & set(body):
            same = all(
                body.get(name, event.fields.get(name)) == event.fields.get(name)
                for name in ("start", "end", "recurrence")
            )
            if not same:
                raise refuse(
                    403,
                    "forbiddenForNonOrganizer",
                    "Shared properties can only be changed by the organizer of the event.",
                )

    def _get(self, calendar: Calendar, id: str, request: Request, view: View) -> Answer:
        fields = self.writing.fields(calendar, id)
        if request.headers.get("if-none-match") == fields["etag"]:
            return Answer(304, {"ETag": fields["etag"]})
        event = calendar.events.get(id)
        if event and event.is_cancelled and event.master is None and not event.keep_details:
            fields = minimal(fields)
        return Answer.of(view.of(fields), headers={"ETag": fields["etag"]})

    def _list(self, user: User, calendar: Calendar, entry: Entry, request: Request, view: View) -> Answer:
        question = question_of(request, f"events {user.email} {calendar.id}")
        since = read_sync_token(request, question, calendar.tokens_from, FORBIDDEN_WITH_TOKEN, full_sync_required)
        start = read_page_token(request, question, since)
        size = self._pager.size(request, USUAL_PAGE, LARGEST_PAGE)
        rows = EventList(self._home, calendar, request).rows(since)
        syncs = not {"orderBy", "q", "updatedMin", "iCalUID"} & set(request.query)
        page = self._pager.cut(rows, request, size, syncs, question, since, start)
        return self._page(calendar, entry, request, view, page.items, page.next_page, page.next_sync)

    def _instances(self, calendar: Calendar, id: str, entry: Entry, request: Request, view: View) -> Answer:
        master = calendar.events.get(id)
        if master is None or not master.is_master:
            raise not_found()
        since = read_bound(request, "timeMin")
        until = read_bound(request, "timeMax") or self._home.clock.moment() + HORIZON
        deleted = request.query.get("showDeleted") == "true"
        question = question_of(request, f"instances {calendar.id} {id}")
        start = read_page_token(request, question, None)
        size = self._pager.size(request, USUAL_PAGE, LARGEST_PAGE)
        found = [
            minimal(fields) if fields["status"] == "cancelled" else fields
            for fields in instances(calendar, master, since, until, deleted)
        ]
        wanted = request.query.get("originalStart")
        rows = sorted(
            (
                ([instant(fields["originalStartTime"]).isoformat()], fields)
                for fields in found
                if wanted is None or _is_at(fields["originalStartTime"], wanted)
            ),
            key=lambda row: row[0],
        )
        page = self._pager.cut(rows, request, size, False, question, None, start)
        return self._page(calendar, entry, request, view, page.items, page.next_page, None)

    def _page(
        self,
        calendar: Calendar,
        entry: Entry,
        request: Request,
        view: View,
        items: list[Any],
        next_page: str | None,
        next_sync: str | None,
    ) -> Answer:
        return Answer.of(
            {
                "kind": "calendar#events",
                "etag": f'"p{self._home.revision}"',
                "summary": calendar.summary,
                "updated": stamp(self._home.clock.moment()),
                "timeZone": request.query.get("timeZone", calendar.zone),
                "accessRole": entry.role,
                "defaultReminders": [],
                "items": [view.of(fields) for fields in items],
                **({"description": calendar.more["description"]} if "description" in calendar.more else {}),
                **({"nextPageToken": next_page} if next_page else {"nextSyncToken": next_sync} if next_sync else {}),
            }
        )


class View:
    """Events as one user sees them with one request."""

    def __init__(self, user: User, calendar: Calendar, entry: Entry, request: Request) -> None:
        self._only_busy = entry.role == "freeBusyReader"
        self._hides_private = entry.role in ("reader", "writerWithoutPrivateAccess") and calendar.owner != user.email
        most = request.query.get("maxAttendees")
        self._most_attendees = int(most) if most and most.isdigit() else None
        self._zone = request.query.get("timeZone")
        self._own = calendar.id
        if self._zone:
            try:
                zone_named(self._zone)
            except ValueError:
                raise bad("Invalid time zone definition.", "timeZone") from None

    def of(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "start" not in fields:
            return fields
        private = fields.get("visibility") in ("private", "confidential")
        if self._only_busy or (self._hides_private and private):
            fields = {name: fields[name] for name in BUSY_FIELDS if name in fields} | {"visibility": "private"}
        attendees = fields.get("attendees", [])
        if self._most_attendees is not None and len(attendees) > self._most_attendees:
            kept = [a for a in attendees if a.get("self")] or attendees[: self._most_attendees]
            fields = {**fields, "attendees": kept, "attendeesOmitted": True}
        if self._zone:
            times = ("start", "end", "originalStartTime")
            fields = {**fields, **{name: shown_in(fields[name], self._zone) for name in times if name in fields}}
        return fields


def _is_at(original: dict[str, Any], wanted: str) -> bool:
    if "date" in original or len(wanted) == 10:
        return original.get("date") == wanted
    try:
        return instant(original) == instant({"dateTime": wanted})
    except (ValueError, OverflowError):
        raise bad("Bad Request", "originalStart") from None
