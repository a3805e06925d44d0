"""The operations that the emulator knows: path, parameters and what scopes let an app use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..base.exchange import Request
from ..base.shapes import complaint, fields_of

COMMON = frozenset(
    {
        "access_token",
        "alt",
        "callback",
        "fields",
        "key",
        "oauth_token",
        "prettyPrint",
        "quotaUser",
        "userIp",
        "uploadType",
        "upload_protocol",
        "$.xgafv",
    }
)
AUTH = "https://www.googleapis.com/auth/"
_READ_EVENTS = (
    "calendar",
    "calendar.readonly",
    "calendar.events",
    "calendar.events.readonly",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.app.created",
)
_WRITE_EVENTS = ("calendar", "calendar.events", "calendar.events.owned", "calendar.app.created")
_LISTS = ("calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly")
_BUSY = ("calendar", "calendar.readonly", "calendar.freebusy", "calendar.events.freebusy")
_CONTACTS = ("contacts", "contacts.readonly")
_VALUES = {
    "orderBy": ("startTime", "updated"),
    "minAccessRole": ("freeBusyReader", "owner", "reader", "writer", "writerWithoutPrivateAccess"),
    "eventTypes": ("birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation"),
    "sendUpdates": ("all", "externalOnly", "none"),
    **{
        name: ("true", "false")
        for name in (
            "singleEvents",
            "showDeleted",
            "showHidden",
            "showHiddenInvitations",
            "alwaysIncludeEmail",
            "showOwnOrganizationOnly",
            "sendNotifications",
            "supportsAttachments",
            "requestSyncToken",
        )
    },
}
_LIST_PARAMETERS = {
    "alwaysIncludeEmail",
    "eventTypes",
    "iCalUID",
    "maxAttendees",
    "maxResults",
    "orderBy",
    "pageToken",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "showDeleted",
    "showHiddenInvitations",
    "singleEvents",
    "syncToken",
    "timeMax",
    "timeMin",
    "timeZone",
    "updatedMin",
}
_CALENDARS = {
    "maxResults",
    "minAccessRole",
    "pageToken",
    "showDeleted",
    "showHidden",
    "showOwnOrganizationOnly",
    "syncToken",
}
_WRITE = {
    "conferenceDataVersion",
    "maxAttendees",
    "sendNotifications",
    "sendUpdates",
    "supportsAttachments",
    "eventLabelVersion",
}


WRITING_EVENTS = ("events.insert", "events.import", "events.update", "events.patch")
EVENT_FIELDS = {
    **fields_of("colorId created description etag eventLabelId eventType hangoutLink htmlLink iCalUID id kind", str),
    **fields_of("location recurringEventId status summary transparency updated visibility", str),
    **fields_of("anyoneCanAddSelf attendeesOmitted endTimeUnspecified guestsCanInviteOthers guestsCanModify", bool),
    **fields_of("guestsCanSeeOtherGuests locked privateCopy", bool),
    **fields_of("birthdayProperties conferenceData creator end extendedProperties focusTimeProperties gadget", dict),
    **fields_of("organizer originalStartTime outOfOfficeProperties reminders source start", dict),
    **fields_of("workingLocationProperties", dict),
    **fields_of("attachments attendees recurrence", list),
    "sequence": int,
}


@dataclass(frozen=True)
class Method:
    name: str
    verb: str
    path: str
    scopes: tuple[str, ...]
    parameters: frozenset[str]

    def match(self, request: Request) -> dict[str, str] | None:
        parts = self.path.split("/")
        if request.method != self.verb or len(parts) != len(request.segments):
            return None
        found = {}
        for part, segment in zip(parts, request.segments):
            if part.startswith("{"):
                found[part[1:-1]] = segment
            elif part != segment:
                return None
        return found

    def complaint(self, request: Request, body: Any) -> str | None:
        """What is wrong with the parameters or the body."""
        for name, value in request.query_list:
            if name not in self.parameters and name not in COMMON:
                return f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            if name in _VALUES and value not in _VALUES[name]:
                return f"Invalid value '{value}' of {name}. Allowed: {', '.join(_VALUES[name])}"
        return complaint(body, EVENT_FIELDS) if self.name in WRITING_EVENTS and body is not None else None


def _method(name: str, verb: str, path: str, scopes: tuple[str, ...], *parameters: str) -> Method:
    return Method(name, verb, path, tuple(AUTH + scope for scope in scopes), frozenset(parameters))


_C = "calendar/v3/"
_E = _C + "calendars/{calendarId}/events"
METHODS = [
    _method("calendarList.list", "GET", _C + "users/me/calendarList", _LISTS, *_CALENDARS),
    _method("calendarList.get", "GET", _C + "users/me/calendarList/{calendarId}", (*_LISTS, "calendar.app.created")),
    _method("calendarList.watch", "POST", _C + "users/me/calendarList/watch", _LISTS, *_CALENDARS),
    _method(
        "calendars.get",
        "GET",
        _C + "calendars/{calendarId}",
        (*_LISTS[:2], "calendar.calendars", "calendar.calendars.readonly", "calendar.app.created"),
    ),
    _method("events.list", "GET", _E, _READ_EVENTS, *_LIST_PARAMETERS),
    _method("events.insert", "POST", _E, _WRITE_EVENTS, *_WRITE),
    _method(
        "events.import",
        "POST",
        _E + "/import",
        _WRITE_EVENTS,
        "conferenceDataVersion",
        "supportsAttachments",
        "eventLabelVersion",
    ),
    _method("events.watch", "POST", _E + "/watch", _READ_EVENTS, *_LIST_PARAMETERS),
    _method("events.get", "GET", _E + "/{eventId}", _READ_EVENTS, "alwaysIncludeEmail", "maxAttendees", "timeZone"),
    _method("events.update", "PUT", _E + "/{eventId}", _WRITE_EVENTS, "alwaysIncludeEmail", *_WRITE),
    _method("events.patch", "PATCH", _E + "/{eventId}", _WRITE_EVENTS, "alwaysIncludeEmail", *_WRITE),
    _method("events.delete", "DELETE", _E + "/{eventId}", _WRITE_EVENTS, "sendNotifications", "sendUpdates"),
    _method(
        "events.instances",
        "GET",
        _E + "/{eventId}/instances",
        _READ_EVENTS,
        "alwaysIncludeEmail",
        "maxAttendees",
        "maxResults",
        "originalStart",
        "pageToken",
        "showDeleted",
        "timeMax",
        "timeMin",
        "timeZone",
    ),
    _method("channels.stop", "POST", _C + "channels/stop", _READ_EVENTS + _LISTS),
    _method("freebusy.query", "POST", _C + "freeBusy", _BUSY),
    _method(
        "people.connections.list",
        "GET",
        "v1/people/me/connections",
        _CONTACTS,
        "pageSize",
        "pageToken",
        "personFields",
        "requestMask.includeField",
        "requestSyncToken",
        "sortOrder",
        "sources",
        "syncToken",
    ),
    _method(
        "people.get", "GET", "v1/people/{person}", _CONTACTS, "personFields", "requestMask.includeField", "sources"
    ),
]
OTHERS = {
    ("GET", "/o/oauth2/v2/auth"): "oauth.auth",
    ("POST", "/o/oauth2/v2/auth"): "oauth.consent",
    ("POST", "/token"): "oauth.token",
    ("POST", "/revoke"): "oauth.revoke",
    ("GET", "/revoke"): "oauth.revoke",
}
SCOPES = sorted({scope for method in METHODS for scope in method.scopes} | {"openid", "email", "profile"})


def find(request: Request) -> tuple[Method, dict[str, str]] | None:
    for method in METHODS:
        found = method.match(request)
        if found is not None:
            return method, found
    return None
