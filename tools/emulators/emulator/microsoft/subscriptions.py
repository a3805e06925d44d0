"""Subscriptions: the handshake before there is one, notifications while it lives, and what Graph says of its life."""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Callable
from urllib.parse import quote_plus

from ..base.clock import parse_instant
from ..base.deliveries import Deliveries, Post, accepted
from ..base.exchange import Answer, Request
from ..base.grants import is_loopback
from .errors import refuse
from .state import Contact, Event, Store, User, make_id
from .views import Preferences

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
HANDSHAKE_SECONDS = 10
MOST_IN_A_POST = 100
LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")
TENANT = "84bd8158-6d4d-4958-8b9f-9d6445542f95"


@dataclass
class Subscription:
    id: str
    user: str
    client: str | None
    resource: str
    kinds: list[str]
    address: str
    lifecycle: str | None
    state: str | None
    expires: datetime
    immutable: bool
    paused: bool = False
    """Nothing is told until it is authorized again."""
    outcomes: list[int | None] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "resource": self.resource,
            "applicationId": self.client,
            "changeType": ",".join(self.kinds),
            "clientState": self.state,
            "notificationUrl": self.address,
            "lifecycleNotificationUrl": self.lifecycle,
            "expirationDateTime": _stamp(self.expires),
            "creatorId": self.user,
            "latestSupportedTlsVersion": "v1_2",
        }


@dataclass
class Manners:
    """How notifications come; set by control."""

    seconds: float = 0.05
    """Changes that come so close together are told in one post."""
    twice: bool = False
    dead: bool = False
    forged: bool = False
    """Every post holds an item with a wrong clientState, too."""


class Subscriptions:
    def __init__(self, store: Store, deliveries: Deliveries, lock: threading.RLock) -> None:
        self._store, self._deliveries, self._lock = store, deliveries, lock
        self.manners = Manners()
        self.all: dict[str, Subscription] = {}
        self._waiting: dict[str, list[tuple[Subscription, dict[str, Any]]]] = {}

    def create(self, user: User, request: Request, body: dict[str, Any]) -> Answer:
        """Called without the lock, for the other side is asked first whether it wants this."""
        with self._lock:
            made = self._checked(user, request, body)
        for address in filter(None, (made.address, made.lifecycle)):
            self._shake_hands(address)
        with self._lock:
            self._refuse_second(made)
            self.all[made.id] = made
            return Answer.of({"@odata.context": _context(request, "subscriptions/$entity"), **made.described()}, 201)

    def answer(self, user: User, request: Request, body: Any) -> Answer:
        match request.method, request.segments[2:]:
            case "GET", []:
                mine = [one.described() for one in self._living() if self._is_mine(one, user, request)]
                return Answer.of({"@odata.context": _context(request, "subscriptions"), "value": mine})
            case "GET", [id]:
                return Answer.of(
                    {
                        "@odata.context": _context(request, "subscriptions/$entity"),
                        **self._find(id, user, request).described(),
                    }
                )
            case "PATCH", [id]:
                found = self._find(id, user, request)
                found.expires = self._expiry(body)
                found.paused = False
                return Answer.of({"@odata.context": _context(request, "subscriptions/$entity"), **found.described()})
            case "DELETE", [id]:
                del self.all[self._find(id, user, request).id]
                return Answer(204)
            case "POST", [id, "reauthorize"]:
                self._find(id, user, request).paused = False
                return Answer(204)
        raise refuse(404, "ResourceNotFound", "Resource not found.")

    def changed(self, user: User, event: Event, day: date | None, kind: str) -> None:
        for one in self._concerned(user, kind):
            if _covers(one.resource, event):
                self.tell(one, self.item(one, kind, "Event", make_id(event, day, one.immutable), event.revision))

    def contact_changed(self, user: User, contact: Contact, kind: str) -> None:
        for one in self._concerned(user, kind):
            if _plain(one.resource) == "me/contacts":
                self.tell(one, self.item(one, kind, "Contact", contact.id, contact.revision))

    def _concerned(self, user: User, kind: str) -> list[Subscription]:
        if self.manners.dead:
            return []
        return [one for one in self._living() if one.user == user.email and not one.paused and kind in one.kinds]

    def item(self, one: Subscription, kind: str, what: str, id: str, revision: int) -> dict[str, Any]:
        path = f"Users/{one.user}/{what}s/{id}"
        return {
            "subscriptionId": one.id,
            "subscriptionExpirationDateTime": _stamp(one.expires),
            "clientState": one.state,
            "changeType": kind,
            "resource": path,
            "tenantId": TENANT,
            "resourceData": {
                "@odata.type": f"#Microsoft.Graph.{what}",
                "@odata.id": path,
                "@odata.etag": f'W/"{revision}"',
                "id": id,
            },
        }

    def tell(self, one: Subscription, item: dict[str, Any]) -> None:
        """Items for one address are gathered for a moment, whichever subscription they belong to."""
        waiting = self._waiting.setdefault(one.address, [])
        waiting.append((one, item))
        if self.manners.twice:
            waiting.append((one, item))
        if self.manners.forged:
            waiting.append((one, {**item, "clientState": "not what was agreed"}))
        if len(waiting) <= 1 + self.manners.twice + self.manners.forged:
            self._deliveries.send(Post(one.address, {}, still=lambda: self._flush(one.address)), self.manners.seconds)

    def lifecycle(self, id: str, what: str) -> None:
        if what not in LIFECYCLE:
            raise ValueError(f"{what!r} is no event of a life; there are {', '.join(LIFECYCLE)}")
        one = self.all[id]
        if what == "subscriptionRemoved":
            del self.all[id]
        one.paused = what == "reauthorizationRequired"
        if one.lifecycle:
            value = [
                {
                    "subscriptionId": one.id,
                    "subscriptionExpirationDateTime": _stamp(one.expires),
                    "tenantId": TENANT,
                    "clientState": one.state,
                    "lifecycleEvent": what,
                    "resource": one.resource,
                    "resourceData": {"@odata.type": "#microsoft.graph.event"},
                }
            ]
            self._deliveries.send(_post(one.lifecycle, value, "lifecycle"))

    def _flush(self, address: str) -> bool:
        """Sends what was gathered for an address; the post that called it is itself not sent."""
        with self._lock:
            waiting = [(one, item) for one, item in self._waiting.pop(address, []) if one.id in self.all]
        for start in range(0, len(waiting), MOST_IN_A_POST):
            some = waiting[start : start + MOST_IN_A_POST]
            post = _post(address, [item for _, item in some], "notification")
            post.done = _noting([one for one, _ in some])
            self._deliveries.send(post)
        return False

    def _checked(self, user: User, request: Request, body: dict[str, Any]) -> Subscription:
        for name in ("changeType", "notificationUrl", "resource", "expirationDateTime"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise _invalid(f"{name} is missing.")
        kinds = [kind.strip().lower() for kind in body["changeType"].split(",")]
        if set(kinds) - {"created", "updated", "deleted"}:
            raise _invalid("changeType must be created, updated or deleted.")
        if len(body.get("clientState") or "") > 128:
            raise _invalid("clientState is longer than 128 characters.")
        if not _is_known(body["resource"], user):
            raise refuse(404, "ResourceNotFound", f"The resource {body['resource']} is not there.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            address = body.get(name)
            # The service takes HTTPS only; on this machine HTTP is taken too, for want of certificates.
            if address and not address.startswith("https://") and not is_loopback(address):
                raise _invalid(f"{name} must be an https address.")
        made = Subscription(
            str(uuid.uuid4()),
            user.email,
            request.client,
            body["resource"],
            kinds,
            body["notificationUrl"],
            body.get("lifecycleNotificationUrl"),
            body.get("clientState"),
            self._expiry(body),
            Preferences.of(request).immutable,
        )
        self._refuse_second(made)
        return made

    def _refuse_second(self, made: Subscription) -> None:
        for one in self._living():
            same = (one.user, one.client, _plain(one.resource), sorted(one.kinds))
            if same == (made.user, made.client, _plain(made.resource), sorted(made.kinds)):
                raise refuse(409, "Conflict", "A subscription for this resource and these changes exists already.")

    def _expiry(self, body: Any) -> datetime:
        now = self._store.clock.moment()
        try:
            wanted = parse_instant(body["expirationDateTime"])
        except (KeyError, TypeError, ValueError):
            raise _invalid("expirationDateTime is no time.") from None
        if wanted <= now:
            raise _invalid("Subscription expiration must be in the future.")
        if wanted > now + LONGEST:
            raise _invalid(
                f"Subscription expiration can only be {int(LONGEST.total_seconds() // 60)} minutes in the future."
            )
        return max(wanted, now + SHORTEST)

    def _shake_hands(self, address: str) -> None:
        """The token holds what is easily decoded wrongly."""
        token = (
            f"Validation: Testing client application reachability for subscription Request-Id: {uuid.uuid4()} 100%+ü"
        )
        asked = address + ("&" if "?" in address else "?") + "validationToken=" + quote_plus(token)
        post = Post(asked, {"Content-Type": "text/plain; charset=utf-8"}, kind="validation")
        outcome = self._deliveries.post_now(post, HANDSHAKE_SECONDS)
        kind = outcome.headers.get("content-type", "").split(";")[0].strip().lower()
        if outcome.status != 200 or kind != "text/plain" or outcome.body.decode("utf-8", "replace") != token:
            said = outcome.status if outcome.status is not None else "nothing"
            raise refuse(
                400,
                "ValidationError",
                f"Subscription validation request failed. Notification endpoint answered {said}.",
            )

    def _living(self) -> list[Subscription]:
        now = self._store.clock.moment()
        return [one for one in self.all.values() if one.expires > now]

    def _find(self, id: str, user: User, request: Request) -> Subscription:
        one = self.all.get(id)
        if one is None or one not in self._living() or not self._is_mine(one, user, request):
            raise refuse(404, "ResourceNotFound", "The object was not found.")
        return one

    def _is_mine(self, one: Subscription, user: User, request: Request) -> bool:
        return (one.user, one.client) == (user.email, request.client)


def _post(address: str, value: list[dict[str, Any]], kind: str) -> Post:
    body = json.dumps({"value": value}).encode()
    return Post(
        address,
        {"Content-Type": "application/json"},
        body,
        kind=kind,
        retried=lambda status: not accepted(status),
        detail={"items": len(value)},
    )


def _noting(some: list[Subscription]) -> Callable[[int | None], None]:
    def note(status: int | None) -> None:
        for one in some:
            one.outcomes.append(status)

    return note


def _plain(resource: str) -> str:
    return resource.strip("/").lower()


def _is_known(resource: str, user: User) -> bool:
    match resource.strip("/").split("/"):
        case ["me", "events"] | ["me", "contacts"]:
            return True
        case ["me", "calendars", id, "events"]:
            return id in user.calendars
    return False


def _covers(resource: str, event: Event) -> bool:
    match resource.strip("/").split("/"):
        case ["me", "events"]:
            return True
        case ["me", "calendars", id, "events"]:
            return id == event.calendar
    return False


def _invalid(message: str) -> Exception:
    return refuse(400, "ValidationError", message)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def _context(request: Request, what: str) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}/v1.0/$metadata#{what}"
