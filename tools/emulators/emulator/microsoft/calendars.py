"""Graph's calendars, events and views of them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from ..base.exchange import Answer, Request
from ..base.shapes import complaint, fields_of
from .delta import Delta, Paging, occurrences, read_bound
from .errors import bad, not_found, refuse
from .schedule import schedules
from .state import Calendar, Event, Store, User
from .views import View
from .writing import Writing
from .zones import instant

USUAL_TOP, LARGEST_TOP = 10, 1000
DELTA_NAMES = ("delta", "delta()", "microsoft.graph.delta()", "microsoft.graph.delta")
EVENT_FIELDS = {
    **fields_of(
        "@odata.etag @odata.type @odata.context bodyPreview changeKey createdDateTime iCalUId id importance", str
    ),
    **fields_of("lastModifiedDateTime onlineMeetingProvider onlineMeetingUrl originalEndTimeZone originalStart", str),
    **fields_of("originalStartTimeZone sensitivity seriesMasterId showAs subject transactionId type webLink", str),
    **fields_of(
        "allowNewTimeProposals hasAttachments hideAttendees isAllDay isCancelled isDraft isOnlineMeeting", bool
    ),
    **fields_of("isOrganizer isReminderOn responseRequested", bool),
    **fields_of("body end location onlineMeeting organizer recurrence responseStatus start", dict),
    **fields_of("attendees categories locations", list),
    "reminderMinutesBeforeStart": int,
}


class Calendars:
    def __init__(self, store: Store, paging: Paging) -> None:
        self._store = store
        self._paging = paging
        self.writing = Writing(store)
        self._delta = Delta(store, paging)

    def answer(self, user: User, request: Request) -> Answer:
        match request.segments[1:]:
            case ["me"]:
                return self._me(user, request)
            case ["me", "mailboxSettings"]:
                return Answer.of({"@odata.context": context(request, "mailboxSettings"), "timeZone": user.zone})
            case ["me", "calendar", "getSchedule"] if request.method == "POST":
                return Answer.of(
                    {
                        "@odata.context": context(request, "Collection(scheduleInformation)"),
                        "value": schedules(self._store, body_of(request)),
                    }
                )
            case ["me", "calendars"]:
                return self._list_calendars(user, request)
            case ["me", "calendar"]:
                return Answer.of(self._described(user, user.main))
            case ["me", "calendars", id]:
                return Answer.of(self._described(user, self._calendar(user, id)))
            case ["me", "calendar", *rest]:
                return self._within(user, user.main, rest, request)
            case ["me", "calendars", id, *rest]:
                return self._within(user, self._calendar(user, id), rest, request)
            case ["me", "calendarView" | "events", *rest]:
                return self._within(user, None, request.segments[2:], request)
        raise refuse(404, "ResourceNotFound", f"Resource not found for the segment '{request.segments[-1]}'.")

    def _within(self, user: User, calendar: Calendar | None, rest: list[str], request: Request) -> Answer:
        match request.method, rest:
            case "GET", ["calendarView", name] if name.lower() in DELTA_NAMES:
                return self._delta.answer(request, calendar or user.main, address_of(request))
            case "GET", ["calendarView"]:
                return self._view(calendar or user.main, request)
            case "GET", ["events"]:
                return self._events(calendar or user.main, request)
            case "POST", ["events"]:
                view = View(request)
                event = self.writing.create(user, calendar or user.main, event_of(request))
                return Answer.of(self._entity(request, view, event, None), 201)
            case "GET", ["events", id]:
                return self._get(user, calendar, id, request)
            case "PATCH", ["events", id]:
                event, day = self.writing.find(user, id, calendar)
                _check_etag(request, View(request).full(event, day))
                return Answer.of(
                    self._entity(request, View(request), self.writing.change(user, event, day, event_of(request)), day)
                )
            case "DELETE", ["events", id]:
                event, day = self.writing.find(user, id, calendar)
                self.writing.remove(user, event, day)
                return Answer(204)
            case "GET", ["events", id, "instances"]:
                return self._instances(user, calendar, id, request)
            case "POST", ["events", id, "accept" | "decline" | "tentativelyAccept" as verb]:
                event, day = self.writing.find(user, id, calendar)
                response = {"accept": "accepted", "decline": "declined"}.get(verb, "tentativelyAccepted")
                self.writing.change(
                    user, event, day, {"responseStatus": {"response": response, "time": "0001-01-01T00:00:00Z"}}
                )
                return Answer(202)
        raise refuse(404, "ResourceNotFound", f"Resource not found for the segment '{rest[-1]}'.")

    def _me(self, user: User, request: Request) -> Answer:
        return Answer.of(
            {
                "@odata.context": context(request, "users/$entity"),
                "id": f"48d31887-5fad-4d73-a9f5-{user.email.encode().hex()[:12]:0<12}",
                "displayName": user.name,
                "mail": user.email,
                "userPrincipalName": user.email,
            }
        )

    def _list_calendars(self, user: User, request: Request) -> Answer:
        rows = [self._described(user, calendar) for calendar in user.calendars.values()]
        return paged(rows, request, "users('me')/calendars", self._paging.largest)

    def _described(self, user: User, calendar: Calendar) -> dict[str, Any]:
        return {
            "id": calendar.id,
            "name": calendar.name,
            "color": "auto",
            "hexColor": "",
            "isDefaultCalendar": False,
            "changeKey": "DxYSthXJXEWwAQSYQnXvIgAAIxGttg==",
            "canShare": True,
            "canViewPrivateItems": True,
            "canEdit": True,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
            "isTallyingResponses": True,
            "isRemovable": not calendar.fields.get("isDefaultCalendar", False),
            "owner": {"name": user.name, "address": user.email},
            **calendar.fields,
        }

    def _calendar(self, user: User, id: str) -> Calendar:
        if id not in user.calendars:
            raise not_found()
        return user.calendars[id]

    def _get(self, user: User, calendar: Calendar | None, id: str, request: Request) -> Answer:
        event, day = self.writing.find(user, id, calendar)
        view = View(request)
        fields = self._entity(request, view, event, day)
        selected = request.query.get("$select", "").split(",")
        if event.rule and day is None:
            if "cancelledOccurrences" in selected:
                fields["cancelledOccurrences"] = [
                    f"OID.{view.id(event, None)}.{gone.isoformat()}" for gone in sorted(event.cancelled)
                ]
            if "exceptionOccurrences" in request.query.get("$expand", ""):
                fields["exceptionOccurrences"] = [view.full(event, one) for one in sorted(event.exceptions)]
        if selected != [""]:
            kept = {*selected, "id", "@odata.context", "@odata.etag", "exceptionOccurrences"}
            fields = {name: value for name, value in fields.items() if name in kept}
        return Answer.of(fields)

    def _entity(self, request: Request, view: View, event: Event, day: date | None) -> dict[str, Any]:
        fields = view.full(event, day)
        fields.pop("@odata.type")
        return {"@odata.context": context(request, "users('me')/events/$entity"), **fields}

    def _events(self, calendar: Calendar, request: Request) -> Answer:
        view = View(request)
        rows = [view.full(event) for event in calendar.events.values() if not event.deleted]
        return paged(rows, request, "users('me')/events", self._paging.largest)

    def _view(self, calendar: Calendar, request: Request) -> Answer:
        view = View(request)
        since, until = self._window(request)
        rows: list[tuple[Any, dict[str, Any]]] = []
        for event in calendar.events.values():
            if event.deleted:
                continue
            if event.rule:
                rows += [
                    (instant(event.at(day).start), view.full(event, day)) for day in occurrences(event, since, until)
                ]
            elif event.own.overlaps(since, until):
                rows.append((instant(event.own.start), view.full(event)))
        return paged(
            [fields for _, fields in sorted(rows, key=lambda row: row[0])],
            request,
            "users('me')/calendarView",
            self._paging.largest,
        )

    def _instances(self, user: User, calendar: Calendar | None, id: str, request: Request) -> Answer:
        event, day = self.writing.find(user, id, calendar)
        view = View(request)
        since, until = self._window(request)
        if event.rule is None or day is not None:
            raise bad("Your request can't be completed. The item is not a recurring master.", "ErrorInvalidRequest")
        rows = [view.full(event, one) for one in occurrences(event, since, until)]
        return paged(rows, request, "users('me')/events/instances", self._paging.largest)

    def _window(self, request: Request) -> tuple[Any, Any]:
        if not {"startDateTime", "endDateTime"} <= set(request.query):
            raise bad(
                "This request requires a time window: the query parameters startDateTime and endDateTime.",
                "ErrorInvalidRequest",
            )
        return read_bound(request.query["startDateTime"]), read_bound(request.query["endDateTime"])


def paged(rows: list[dict[str, Any]], request: Request, what: str, largest: int | None) -> Answer:
    """A list cut by `$top` and `$skip`."""
    try:
        wanted = View(request).wishes.page or int(request.query.get("$top", USUAL_TOP))
        skip = int(request.query.get("$skip", 0))
    except ValueError:
        raise bad("The value of $top or $skip is no number.", "BadRequest") from None
    size = max(1, min(wanted, largest or LARGEST_TOP, LARGEST_TOP))
    body: dict[str, Any] = {"@odata.context": context(request, what), "value": rows[skip : skip + size]}
    if skip + size < len(rows):
        others = [(name, value) for name, value in request.query_list if name != "$skip"]
        query = urlencode([*others, ("$skip", skip + size)], safe="$:")
        body["@odata.nextLink"] = f"{address_of(request)}?{query}"
    return Answer.of(body)


def address_of(request: Request) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}{request.path}"


def context(request: Request, what: str) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}/v1.0/$metadata#{what}"


def body_of(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad("Unable to read JSON request payload.", "BadRequest")
    return body


def event_of(request: Request) -> dict[str, Any]:
    """The event in a body; what no event has is refused."""
    body = body_of(request)
    if what := complaint(body, EVENT_FIELDS):
        raise bad(f"The request body is not an event: {what}.", "RequestBodyRead")
    return body


def _check_etag(request: Request, fields: dict[str, Any]) -> None:
    if request.headers.get("if-match") not in (None, "*", fields["@odata.etag"]):
        raise refuse(
            412,
            "ErrorIrresolvableConflict",
            "The change key of the request does not match the current change key of the item.",
        )
