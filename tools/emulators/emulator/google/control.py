"""Control of the Google emulator: seeds calendars, plays their users, and ends tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.control import chosen
from .acting import Acting
from .channels import Manners
from .generated import generated
from .methods import AUTH
from .oauth import ENDED, Consent
from .people import delete_contact, put_contact
from .state import DEFAULT_USER, Calendar, Event, User, new_id
from .writing import with_end

if TYPE_CHECKING:
    from .service import Google

DEFAULT_SCOPES = ["calendar.readonly", "calendar.events", "contacts.readonly"]

MANNERS = ("gap", "twice", "reorder", "dead", "syncFirst", "seconds", "longest")


class GoogleControl:
    def __init__(self, google: Google) -> None:
        self._google = google
        self._home = google.home
        self._acting = Acting(google.home)

    def act(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        match method, path:
            case "GET", ["state"]:
                return self._state()
            case "PUT", ["users", email]:
                return self._put_user(email, body or {})
            case _, ["calendars", *rest]:
                return self._calendars(method, rest, body, query.get("user") or _user_in(body) or self._first())
            case _, ["channels" | "push", *_]:
                return self._push(method, path, body or {})
            case _, ["people", *rest]:
                return self._people(
                    method, rest, body or {}, self._home.user(query.get("user") or _user_in(body) or self._first())
                )
            case _, ["tokens" | "consent" | "app" | "paging" | "limits", *_]:
                return self._account(method, path, body or {})
        raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")

    def _calendars(self, method: str, path: list[str], body: Any, user: str) -> Any:
        match method, path:
            case "GET", []:
                return [entry.calendar for entry in self._home.user(user).entries.values()]
            case "PUT" | "PATCH", [id]:
                return self._put_calendar(user, id, body or {})
            case "DELETE", [id]:
                entry = self._home.user(user).entries[id]
                entry.deleted, entry.revision = True, self._home.next_revision()
                self._home.changed(f"list/{user}")
                return {}
            case "POST", [id, "expire"]:
                self._calendar(id).tokens_from = self._home.next_revision()
                return {}
            case "POST", ["expire"]:
                self._home.user(user).list_tokens_from = self._home.next_revision()
                return {}
            case "POST", [id, "generate"]:
                return {"count": self._generate(self._calendar(id), body or {})}
            case "GET", [id, "events"]:
                return [event.fields for event in self._calendar(id).events.values()]
            case "POST", [id, "events"]:
                calendar = self._calendar(id)
                if isinstance(body, list):
                    return [self._put_event(calendar, one, user).fields for one in body]
                return self._put_event(calendar, body, user).fields
            case _, [id, "events", event, *action]:
                return self._acting.act(method, self._calendar(id), event, action, body or {}, user)
        raise LookupError(f"there is no {method} /_control/calendars/{'/'.join(path)}")

    def _put_user(self, email: str, body: dict[str, Any]) -> Any:
        user = self._home.user(email)
        user.name = body.get("name", user.name)
        return {"email": user.email, "name": user.name}

    def _put_calendar(self, user: str, id: str, body: dict[str, Any]) -> Any:
        id = self._home.user(user).email if id == "primary" else id
        body = {name: value for name, value in body.items() if name != "user"}
        events, wish = body.pop("events", []), body.pop("generate", None)
        entry = self._home.put_calendar(user, id, body)
        calendar = self._home.calendars[id]
        for event in events:
            self._put_event(calendar, event, user)
        if wish:
            self._generate(calendar, wish)
        return {"id": id, "accessRole": entry.role, "events": len(calendar.events)}

    def _put_event(self, calendar: Calendar, body: dict[str, Any], user: str) -> Event:
        """Keeps an event just as it is given, completed where something is missing."""
        body = dict(body)
        keep_details = bool(body.pop("keepDetails", False))
        writing = self._acting.writing
        fields = with_end({"id": body.get("id") or new_id(), **body}, calendar.zone)
        if fields.get("status") == "cancelled" and "start" not in fields:
            fields = {"kind": "calendar#event", **fields}
        else:
            fields = writing.completed(calendar, fields, user)
        event = writing.keep(calendar, fields, touch="updated" not in body)
        event.keep_details = keep_details
        return event

    def _generate(self, calendar: Calendar, wish: dict[str, Any]) -> int:
        count = 0
        for fields in generated(wish, calendar.zone, self._google.clock.moment()):
            self._acting.writing.keep(calendar, self._acting.writing.completed(calendar, fields, calendar.owner))
            count += 1
        return count

    def _push(self, method: str, path: list[str], body: dict[str, Any]) -> Any:
        channels, deliveries = self._google.channels, self._google.deliveries
        match method, path:
            case "GET", ["channels"]:
                return channels.described()
            case "DELETE", ["channels", id]:
                del channels.all[channels.find(id).id]
            case "POST", ["channels", id, "message"]:
                channel = channels.find(id)
                post = channels.message(channel, body.get("state", "exists"), int(body.get("number", channel.number)))
                post.headers |= body.get("headers", {})
                deliveries.send(post)
            case "PUT", ["push"]:
                channels.manners = Manners(**chosen(body, *MANNERS))
            case _:
                raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")
        return {}

    def _people(self, method: str, path: list[str], body: Any, user: User) -> Any:
        match method, path:
            case "GET", []:
                return list(user.contacts.values())
            case "POST", []:
                many = body if isinstance(body, list) else [body]
                return [put_contact(self._home, user, one.pop("id", None), one) for one in many]
            case "POST", ["expire"]:
                user.contact_tokens_from = self._home.next_revision()
            case "PUT", [id]:
                return put_contact(
                    self._home, user, id, {name: value for name, value in body.items() if name != "user"}
                )
            case "DELETE", [id]:
                delete_contact(self._home, user, id)
            case _:
                raise LookupError(f"there is no {method} /_control/people/{'/'.join(path)}")
        return {}

    def _account(self, method: str, path: list[str], body: dict[str, Any]) -> Any:
        google, grants = self._google, self._google.oauth.grants
        match method, path:
            case "POST", ["tokens"]:
                user = self._home.user(body.get("user") or self._first()).email
                names = body.get("scopes", DEFAULT_SCOPES)
                scopes = [
                    name if "/" in name or name in ("openid", "email", "profile") else AUTH + name for name in names
                ]
                access = grants.issue_access(
                    user,
                    google.oauth.client,
                    scopes,
                    float(body.get("expires_in", google.oauth.access_seconds)),
                    "ya29.a0",
                )
                refresh = google.oauth.issue_refresh(user, scopes)
                grants.consented.add((user, google.oauth.client))
                return {
                    "access_token": access.token,
                    "refresh_token": refresh.token,
                    "scope": " ".join(scopes),
                    "user": user,
                    "client_id": google.oauth.client,
                    "client_secret": google.oauth.secret,
                }
            case "POST", ["tokens", "revoke"]:
                ended = [
                    token
                    for token in grants.refresh.values()
                    if body.get("user") in (None, token.user) and body.get("refresh_token") in (None, token.token)
                ]
                count = grants.end_refresh(body.get("why", ENDED), ended)
                if body.get("access", True):
                    for user in {token.user for token in ended}:
                        grants.end_access(user)
                return {"ended": count}
            case "POST", ["tokens", "expire"]:
                return {"ended": grants.end_access(body.get("user"))}
            case "PUT", ["consent"]:
                google.oauth.consent = Consent(**chosen(body, "mode", "user", "untick", "error"))
            case "PUT", ["app"]:
                wish = chosen(body, "testing", "accessSeconds")
                google.oauth.testing = bool(wish.get("testing", google.oauth.testing))
                google.oauth.access_seconds = int(wish.get("access_seconds", google.oauth.access_seconds))
            case "PUT", ["paging"]:
                wish = chosen(body, "largest", "emptyPages")
                google.pager.smaller = wish.get("largest")
                google.pager.empty_pages = int(wish.get("empty_pages", 0))
            case "PUT", ["limits"]:
                google.per_minute = chosen(body, "perMinutePerUser").get("per_minute_per_user")
            case _:
                raise LookupError(f"there is no {method} /_control/{'/'.join(path)}")
        return {}

    def _state(self) -> Any:
        return {
            "users": {
                user.email: {
                    "calendars": {id: entry.role for id, entry in user.entries.items() if not entry.deleted},
                    "contacts": len(user.contacts),
                }
                for user in self._home.users.values()
            },
            "calendars": {id: len(calendar.events) for id, calendar in self._home.calendars.items()},
            "contract": self._google.contract is not None,
            "client_id": self._google.oauth.client,
            "client_secret": self._google.oauth.secret,
        }

    def _calendar(self, id: str) -> Calendar:
        id = self._first() if id == "primary" else id
        if id not in self._home.calendars:
            raise LookupError(f"there is no calendar {id}")
        return self._home.calendars[id]

    def _first(self) -> str:
        return next(iter(self._home.users), DEFAULT_USER)


def _user_in(body: Any) -> str | None:
    return body.get("user") if isinstance(body, dict) else None
