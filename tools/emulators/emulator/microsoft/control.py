"""Control of the Graph emulator: seeds calendars, plays their users, and ends tokens."""

from __future__ import annotations

from dataclasses import fields as fields_of
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from ..base.clock import parse_local, parse_span
from ..base.control import chosen
from .contacts import delete_contact, put_contact
from .delta import Paging
from .generated import generated
from .oauth import Consent
from .state import Calendar, Event, User, make_id
from .subscriptions import Manners
from .writing import Writing, with_end
from .zones import instant, read_time

if TYPE_CHECKING:
    from .service import Microsoft

DEFAULT_SCOPES = ["offline_access", "User.Read", "Calendars.ReadWrite", "Contacts.Read", "MailboxSettings.Read"]
PAGING = ("largest", "emptyPages", "omitMasters", "twice", "reverse", "removedFirst")


class GraphControl:
    def __init__(self, microsoft: Microsoft) -> None:
        self._microsoft = microsoft
        self._store = microsoft.store
        self._writing = Writing(microsoft.store)

    def act(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        given = body.get("user") if isinstance(body, dict) else None
        user = self._store.user(query.get("user") or given or next(iter(self._store.users), None))
        match method, path:
            case "GET", ["state"]:
                return self._state()
            case "PUT", ["users", email]:
                user = self._store.user(email)
                user.name, user.zone = body.get("name", user.name), body.get("zone", user.zone)
                return {"email": user.email, "name": user.name}
            case _, ["calendars", *rest]:
                return self._calendars(method, rest, body, user)
            case _, ["subscriptions" | "push", *_]:
                return self._push(method, path, body or {})
            case _, ["people", *rest]:
                return self._people(method, rest, body or {}, user)
            case _, ["tokens" | "consent" | "app" | "paging" | "limits" | "device", *_]:
                return self._account(method, path, body or {}, user)
        raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")

    def _calendars(self, method: str, path: list[str], body: Any, user: User) -> Any:
        match method, path:
            case "GET", []:
                return list(user.calendars)
            case "PUT" | "PATCH", [id]:
                return self._put_calendar(user, id, body or {})
            case "DELETE", [id]:
                del user.calendars[self._calendar(user, id).id]
                return {}
            case "POST", [id, "expire"]:
                calendar = self._calendar(user, id)
                calendar.tokens_from = self._store.next_revision()
                calendar.tokens_end = (body or {}).get("kind", "410")
                return {}
            case "POST", [id, "generate"]:
                return {"count": self._generate(user, self._calendar(user, id), body or {})}
            case "GET", [id, "events"]:
                return [self._shown(event) for event in self._calendar(user, id).events.values()]
            case "POST", [id, "events"]:
                calendar = self._calendar(user, id)
                made = [
                    self._shown(self._make(user, calendar, one)) for one in (body if isinstance(body, list) else [body])
                ]
                return made if isinstance(body, list) else made[0]
            case _, [id, "events", key, *action]:
                calendar = self._calendar(user, id)
                return self._event(method, user, calendar, self._known(user, calendar, key), action, body or {})
        raise LookupError(f"there is no {method} /_control/calendars/{'/'.join(path)}")

    def _put_calendar(self, user: User, id: str, body: dict[str, Any]) -> Any:
        id = user.main.id if id == "primary" else id
        body = {name: value for name, value in body.items() if name != "user"}
        events, wish = body.pop("events", []), body.pop("generate", None)
        calendar = self._store.put_calendar(user, id, body)
        for event in events:
            self._make(user, calendar, event)
        if wish:
            self._generate(user, calendar, wish)
        return {"id": id, "events": len(calendar.events)}

    def _make(self, user: User, calendar: Calendar, body: dict[str, Any]) -> Event:
        body = dict(body)
        key = body.pop("id", None)
        if key in calendar.events:
            raise ValueError(f"{calendar.id} has an event {key} already")
        return self._writing.create(user, calendar, with_end(body, calendar.zone), key)

    def _generate(self, user: User, calendar: Calendar, wish: dict[str, Any]) -> int:
        made = [
            self._writing.create(user, calendar, body, key)
            for key, body in generated(wish, calendar.zone, self._store.clock.moment())
        ]
        return len(made)

    def _event(
        self, method: str, user: User, calendar: Calendar, event: Event, action: list[str], body: dict[str, Any]
    ) -> Any:
        writing = self._writing
        match method, action:
            case "GET", []:
                return self._shown(event)
            case "PATCH", []:
                writing.change(user, event, None, with_end(body, event.zone))
            case ("DELETE", []) | ("POST", ["delete"]):
                writing.remove(user, event, None)
            case "POST", ["undelete"]:
                writing.restore(user, event)
            case "POST", ["move"]:
                writing.change(user, event, None, _moved(event.own.start, event.own.end, event, body))
            case "POST", ["cancel"]:
                subject = event.own.fields.get("subject", "")
                writing.change(
                    user, event, None, {"isCancelled": True, "subject": f"Canceled: {subject}", "showAs": "free"}
                )
            case "POST", ["transfer"]:
                return self._shown(writing.transfer(user, event, self._calendar(user, body["calendar"])))
            case "POST", ["respond"]:
                self._respond(user, event, body)
            case "POST", ["split"]:
                return self._split(user, calendar, event, body)
            case "PATCH", ["instances", day]:
                writing.change(user, event, _day(day), with_end(body, event.zone))
            case "DELETE", ["instances", day]:
                writing.remove(user, event, _day(day))
            case "POST", ["instances", day, "move"]:
                part = writing.occurrence(event, _day(day))
                writing.change(user, event, _day(day), _moved(part.start, part.end, event, body))
            case _:
                raise LookupError(
                    f"there is no {method} /_control/calendars/{calendar.id}/events/{event.key}/{'/'.join(action)}"
                )
        return self._shown(event)

    def _respond(self, user: User, event: Event, body: dict[str, Any]) -> None:
        who, response = body.get("email", user.email), body.get("response", "declined")
        status = {"response": response, "time": self._store.clock.moment().strftime("%Y-%m-%dT%H:%M:%SZ")}
        changes: dict[str, Any] = {
            "attendees": [
                {**guest, "status": status} if guest["emailAddress"]["address"] == who else guest
                for guest in event.own.fields.get("attendees", [])
            ]
        }
        if who == user.email:
            changes["responseStatus"] = status
        self._writing.change(user, event, None, changes)

    def _split(self, user: User, calendar: Calendar, event: Event, body: dict[str, Any]) -> Any:
        """ "This and following": the series ends before `at`, and a new one begins there, with what is changed."""
        at = _day(body["at"])
        rest = [day for day in event.dates() if day >= at]
        before = sum(1 for day in event.dates() if day < at)
        if not rest or not before:
            raise ValueError(f"{at} does not split the series")
        fields = {
            name: value
            for name, value in event.own.fields.items()
            if name not in ("_local", "iCalUId", "transactionId")
        }
        pattern, span = fields["recurrence"]["pattern"], fields["recurrence"]["range"]
        shift = timedelta(days=(rest[0] - event.first).days) if event.first else timedelta()
        for name in ("start", "end"):
            fields[name] = {**fields[name], "dateTime": (parse_local(fields[name]["dateTime"]) + shift).isoformat()}
        later = {**span, "startDate": rest[0].isoformat()}
        if span["type"] == "numbered":
            later["numberOfOccurrences"] = span["numberOfOccurrences"] - before
        ended = {**span, "type": "endDate", "endDate": (at - timedelta(days=1)).isoformat()}
        self._writing.change(user, event, None, {"recurrence": {"pattern": pattern, "range": ended}})
        new = {
            **fields,
            "recurrence": {"pattern": pattern, "range": later},
            **with_end(body.get("changes", {}), event.zone),
        }
        return {
            "before": self._shown(event),
            "after": self._shown(self._writing.create(user, calendar, new, body.get("id"))),
        }

    def _push(self, method: str, path: list[str], body: dict[str, Any]) -> Any:
        subscriptions = self._microsoft.subscriptions
        match method, path:
            case "GET", ["subscriptions"]:
                return [
                    {**one.described(), "paused": one.paused, "outcomes": one.outcomes}
                    for one in subscriptions.all.values()
                ]
            case "DELETE", ["subscriptions", id]:
                del subscriptions.all[id]
            case "POST", ["subscriptions", id, "lifecycle"]:
                subscriptions.lifecycle(id, body["event"])
            case "POST", ["subscriptions", id, "notify"]:
                one = subscriptions.all[id]
                item = subscriptions.item(
                    one, body.get("changeType", "updated"), "Event", body.get("id", "unknown"), self._store.revision
                )
                subscriptions.tell(one, {**item, **body.get("changes", {})})
            case "PUT", ["push"]:
                subscriptions.manners = Manners(**chosen(body, "seconds", "twice", "dead", "forged"))
            case _:
                raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")
        return {}

    def _people(self, method: str, path: list[str], body: Any, user: User) -> Any:
        match method, path:
            case "GET", []:
                return [
                    {"id": one.id, "folder": one.folder, "deleted": one.deleted, **one.fields}
                    for one in user.contacts.values()
                ]
            case "POST", []:
                return [
                    put_contact(self._store, user, one.get("id"), one)
                    for one in (body if isinstance(body, list) else [body])
                ]
            case "POST", ["expire"]:
                user.contact_tokens_from = self._store.next_revision()
            case "PUT", [id]:
                return put_contact(self._store, user, id, body)
            case "DELETE", [id]:
                delete_contact(self._store, user, id)
            case _:
                raise LookupError(f"there is no {method} /_control/people/{'/'.join(path)}")
        return {}

    def _account(self, method: str, path: list[str], body: dict[str, Any], user: User) -> Any:
        microsoft, oauth = self._microsoft, self._microsoft.oauth
        grants = oauth.grants
        match method, path:
            case "POST", ["tokens"]:
                scopes = body.get("scopes", DEFAULT_SCOPES)
                access = grants.issue_access(
                    user.email, oauth.client, scopes, float(body.get("expires_in", oauth.access_seconds)), "EwB4A8l6"
                )
                return {
                    "access_token": access.token,
                    "refresh_token": oauth.issue_refresh(user.email, scopes),
                    "scope": " ".join(scopes),
                    "user": user.email,
                    "client_id": oauth.client,
                }
            case "POST", ["tokens", "revoke"]:
                ended = [
                    token
                    for token in grants.refresh.values()
                    if body.get("user") in (None, token.user) and body.get("refresh_token") in (None, token.token)
                ]
                count = grants.end_refresh(body.get("why", "revoked"), ended)
                if body.get("access", True):
                    for email in {token.user for token in ended}:
                        grants.end_access(email)
                return {"ended": count}
            case "POST", ["tokens", "expire"]:
                return {"ended": grants.end_access(body.get("user"))}
            case "PUT", ["consent"]:
                oauth.consent = Consent(**chosen(body, "mode", "user", "untick", "error"))
            case "PUT", ["app"]:
                wish = chosen(body, "accessSeconds", "strictRotation", "deviceInterval")
                oauth.access_seconds = float(wish.get("access_seconds", oauth.access_seconds))
                oauth.strict_rotation = bool(wish.get("strict_rotation", oauth.strict_rotation))
                oauth.interval = int(wish.get("device_interval", oauth.interval))
            case "POST", ["device"]:
                oauth.decide_device(body.get("user_code", ""), body.get("state", "approved"), body.get("user"))
            case "PUT", ["paging"]:
                fresh = Paging(**chosen(body, *PAGING))
                for one in fields_of(Paging):
                    setattr(microsoft.paging, one.name, getattr(fresh, one.name))
            case "PUT", ["limits"]:
                wish = chosen(body, "concurrentPerApp", "perTenMinutes", "retryAfter")
                microsoft.concurrent = wish.get("concurrent_per_app")
                microsoft.per_ten_minutes = wish.get("per_ten_minutes")
                microsoft.retry_after = str(wish.get("retry_after", "2"))
            case _:
                raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")
        return {}

    def _state(self) -> Any:
        return {
            "users": {
                user.email: {
                    "calendars": {c.id: sum(not e.deleted for e in c.events.values()) for c in user.calendars.values()},
                    "contacts": len(user.contacts),
                }
                for user in self._store.users.values()
            },
            "client_id": self._microsoft.oauth.client,
            "client_secret": self._microsoft.oauth.secret,
        }

    def _shown(self, event: Event) -> dict[str, Any]:
        """An event as control tells it: its key, its ids, its fields and what happened to its occurrences."""
        return {
            "key": event.key,
            "id": make_id(event, None, False),
            "immutableId": make_id(event, None, True),
            "calendar": event.calendar,
            "deleted": event.deleted,
            "fields": {name: value for name, value in event.own.fields.items() if name != "_local"},
            "exceptions": {
                day.isoformat(): {name: value for name, value in part.fields.items() if name != "_local"}
                for day, part in event.exceptions.items()
            },
            "cancelled": [day.isoformat() for day in sorted(event.cancelled)],
        }

    def _calendar(self, user: User, id: str) -> Calendar:
        if id == "primary":
            return user.main
        if id not in user.calendars:
            raise LookupError(f"{user.email} has no calendar {id}")
        return user.calendars[id]

    def _known(self, user: User, calendar: Calendar, key: str) -> Event:
        if key in calendar.events:
            return calendar.events[key]
        return self._writing.find(user, key, calendar)[0]


def _day(text: str) -> Any:
    return parse_local(text).date()


def _moved(start: Any, end: Any, event: Event, body: dict[str, Any]) -> dict[str, Any]:
    """To a `start` (and `end`), or `by` a span; the length stays unless an end is given."""
    span = instant(end) - instant(start)
    if "by" in body:
        moved = start + parse_span(body["by"])
        times = {"start": moved, "end": moved + span}
        if event.is_all_day:
            return {
                name: {"dateTime": datetime.combine(day, time()).isoformat(), "timeZone": event.zone}
                for name, day in times.items()
            }
        return {name: {"dateTime": moment.isoformat(), "timeZone": event.zone} for name, moment in times.items()}
    local, zone = read_time(body["start"], event.zone)
    last = read_time(body["end"], zone)[0] if "end" in body else local + span
    return {
        "start": {"dateTime": local.isoformat(), "timeZone": zone},
        "end": {"dateTime": last.isoformat(), "timeZone": zone},
    }
