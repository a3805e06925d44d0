"""Answers requests as Graph would: who asks, may they, what was asked."""

from __future__ import annotations

import json
import re
import threading
import uuid
from typing import Any

from ..base.clock import Clock
from ..base.deliveries import Deliveries
from ..base.exchange import Answer, Refusal, Request
from ..base.journal import Journal
from . import errors
from .calendars import Calendars, body_of
from .contacts import Contacts
from .control import GraphControl
from .delta import Paging
from .oauth import PATH, RESOURCE, OAuth
from .state import DEFAULT_USER, Store, User
from .subscriptions import Subscriptions

MOST_IN_A_BATCH = 20
WORDS = {
    "calendarview": "calendarView",
    "calendars": "calendars",
    "calendar": "calendar",
    "events": "events",
    "instances": "instances",
    "delta": "delta",
    "delta()": "delta",
    "microsoft.graph.delta()": "delta",
    "microsoft.graph.delta": "delta",
    "contacts": "contacts",
    "contactfolders": "contactFolders",
    "getschedule": "getSchedule",
    "subscriptions": "subscriptions",
    "reauthorize": "reauthorize",
    "cancel": "cancel",
    "accept": "accept",
    "decline": "decline",
    "tentativelyaccept": "tentativelyAccept",
    "me": "me",
    "mailboxsettings": "mailboxSettings",
    "$batch": "batch",
}


class Microsoft:
    def __init__(self, clock: Clock, journal: Journal, client: str, secret: str, users: list[str]) -> None:
        self.lock = threading.RLock()
        self.clock, self._journal = clock, journal
        self._client, self._secret, self._users = client, secret, users
        self.deliveries = Deliveries(clock)
        self.reset()

    def reset(self) -> None:
        self.store = Store(self.clock)
        for user in self._users or [DEFAULT_USER]:
            self.store.user(user)
        self.oauth = OAuth(self.store, self.clock, self._client, self._secret)
        self.paging = Paging()
        self.concurrent: int | None = None
        self.per_ten_minutes: int | None = None
        self.retry_after = "2"
        self._calendars = Calendars(self.store, self.paging)
        self._contacts = Contacts(self.store, self.paging)
        self.deliveries.clear()
        self.subscriptions = Subscriptions(self.store, self.deliveries, self.lock)
        self.store.changed = self.subscriptions.changed
        self.store.contact_changed = self.subscriptions.contact_changed
        self._control = GraphControl(self)

    def recognise(self, request: Request) -> None:
        if found := PATH.fullmatch(request.path):
            request.operation = f"oauth.{found[1]}"
            return
        words = [WORDS.get(part.lower(), "{id}") for part in request.segments[1:] if part.lower() != "me"]
        name = ".".join(word for word in words if word != "{id}") or "me"
        if words[-1:] == ["{id}"] or request.method != "GET":
            name += {"GET": ".get", "POST": ".create", "PATCH": ".update", "DELETE": ".delete"}.get(request.method, "")
        request.operation = name if request.segments[:1] == ["v1.0"] else "unknown"
        access = self.oauth.grants.access.get(request.bearer or "")
        if access:
            request.user, request.client = access.user, access.client

    def answer(self, request: Request) -> Answer:
        with self.lock:
            if request.operation.startswith("oauth."):
                return self.oauth.answer(request)
            if request.segments[:1] != ["v1.0"]:
                raise errors.refuse(404, "ResourceNotFound", "Invalid version.")
            self._admit(request)
            user = self.store.user(request.user)
            if request.operation == "subscriptions.create":
                body = body_of(request)
            elif request.segments[1:] == ["$batch"] and request.method == "POST":
                return self._finished(request, self._batch(request))
            else:
                return self._finished(request, self._dispatch(user, request))
        return self._finished(request, self.subscriptions.create(user, request, body))

    def _dispatch(self, user: User, request: Request) -> Answer:
        match request.segments[1:]:
            case ["subscriptions", *_]:
                return self.subscriptions.answer(user, request, body_of(request) if request.method == "PATCH" else None)
            case ["me", "contacts" | "contactFolders", *_]:
                return self._contacts.answer(user, request)
        return self._calendars.answer(user, request)

    def _batch(self, request: Request) -> Answer:
        """Up to twenty requests in one, each admitted and answered for itself."""
        wishes = body_of(request).get("requests")
        if not isinstance(wishes, list) or not all(map(_is_wish, wishes)):
            raise errors.bad("Unable to read JSON request payload.", "BadRequest")
        if len(wishes) > MOST_IN_A_BATCH:
            raise errors.bad(f"A batch holds {MOST_IN_A_BATCH} requests at the most.", "BadRequest")
        responses = []
        for wish in wishes:
            headers = {name.lower(): value for name, value in (wish.get("headers") or {}).items()}
            headers |= {
                "authorization": request.headers.get("authorization", ""),
                "host": request.headers.get("host", ""),
            }
            body = json.dumps(wish["body"]).encode() if "body" in wish else b""
            one = Request(wish["method"], "/v1.0/" + wish["url"].lstrip("/"), headers, body)
            self.recognise(one)
            try:
                answer = self.answer(one)
            except Refusal as refusal:
                answer = refusal.answer
            responses.append(
                {
                    "id": wish["id"],
                    "status": answer.status,
                    "headers": answer.headers,
                    **({"body": json.loads(answer.body)} if answer.body else {}),
                }
            )
        return Answer.of({"responses": responses})

    def _admit(self, request: Request) -> None:
        access = self.oauth.grants.living(request.bearer)
        if request.bearer is None:
            raise errors.unauthenticated("Access token is empty.")
        if access is None:
            raise errors.unauthenticated()
        self._throttle(access.client, access.user)
        have = {scope.removeprefix(RESOURCE).lower() for scope in access.scopes}
        if not have & _needed(request) and ".default" not in have:
            raise errors.refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")

    def _throttle(self, client: str, user: str) -> None:
        name = f"app:{client} user:{user}"
        many = self.concurrent is not None and self._journal.in_flight(name) > self.concurrent
        often = self.per_ten_minutes is not None and self._journal.in_last(user, 600) > self.per_ten_minutes
        if many or often:
            refusal = errors.refuse(
                429,
                "ApplicationThrottled",
                (
                    "Application is over its MailboxConcurrency limit."
                    if many
                    else "Application is over its RequestRate limit."
                ),
            )
            refusal.answer.headers["Retry-After"] = self.retry_after
            raise refusal

    def _finished(self, request: Request, answer: Answer) -> Answer:
        answer.headers |= {
            "request-id": str(uuid.uuid4()),
            "client-request-id": request.headers.get("client-request-id", str(uuid.uuid4())),
        }
        if answer.body and answer.status < 400:
            answer.headers["Content-Type"] = errors.GRAPH_TYPE
        return answer

    def fault_answer(self, request: Request, status: int, kind: dict[str, str]) -> Answer:
        code = kind.get("reason") or {
            401: "InvalidAuthenticationToken",
            403: "ErrorAccessDenied",
            404: "ErrorItemNotFound",
            410: "syncStateNotFound",
            429: "TooManyRequests",
            503: "serviceNotAvailable",
            504: "GatewayTimeout",
        }.get(status, "generalException")
        message = kind.get("message") or code
        if request.operation.startswith("oauth."):
            number = int((re.findall(r"AADSTS(\d+)", message) or ["90002"])[0])
            return errors.oauth_error(code, number, message, status).answer
        return errors.graph_error(status, code, message)

    def control(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        return self._control.act(method, path, body, query)


def _is_wish(wish: Any) -> bool:
    return isinstance(wish, dict) and all(isinstance(wish.get(name), str) for name in ("id", "method", "url"))


def _needed(request: Request) -> set[str]:
    """Any of these scopes is enough."""
    words = {word.lower() for word in request.segments}
    if words & {"contacts", "contactfolders"}:
        return {"contacts.read", "contacts.readwrite"}
    if "mailboxsettings" in words:
        return {"mailboxsettings.read"}
    if request.segments[1:] == ["me"]:
        return {"user.read"}
    if words & {"$batch"}:
        return {"user.read", "calendars.read", "calendars.readwrite"}
    if request.method == "GET" or words & {"subscriptions", "getschedule"}:
        return {"calendars.read", "calendars.readwrite", "calendars.readbasic"}
    return {"calendars.readwrite"}
