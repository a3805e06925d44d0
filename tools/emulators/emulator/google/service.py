"""Answers requests as Google would: who asks, may they, what was asked."""

from __future__ import annotations

import json
import threading
from typing import Any

from ..base.clock import Clock
from ..base.deliveries import Deliveries
from ..base.exchange import Answer, Refusal, Request
from ..base.journal import Journal
from . import busy, errors
from .calendar_lists import CalendarLists
from .channels import Channels
from .contract import Contract
from .control import GoogleControl
from .events import Events
from .listing import Pager
from .methods import OTHERS, Method, find
from .oauth import OAuth
from .people import People
from .state import DEFAULT_USER, Home, User


class Google:
    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        client: str,
        secret: str,
        users: list[str],
        contract: Contract | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.clock, self._journal = clock, journal
        self._client, self._secret, self._users = client, secret, users
        self.contract = contract
        self.deliveries = Deliveries(clock)
        self.reset()

    def reset(self) -> None:
        self.home = Home(self.clock)
        for user in self._users or [DEFAULT_USER]:
            self.home.user(user)
        self.oauth = OAuth(self.home, self.clock, self._client, self._secret)
        self.pager = Pager(self.home)
        self.per_minute: int | None = None
        self._lists = CalendarLists(self.home, self.pager)
        self._events = Events(self.home, self.pager)
        self._people = People(self.home, self.pager)
        self.deliveries.clear()
        self.channels = Channels(self.home, self.deliveries)
        self.home.changed = self.channels.changed
        self._control = GoogleControl(self)

    def recognise(self, request: Request) -> None:
        found = find(request)
        request.operation = found[0].name if found else OTHERS.get((request.method, request.path), "unknown")
        access = self.oauth.grants.access.get(request.bearer or request.query.get("access_token", ""))
        if access:
            request.user, request.client = access.user, access.client

    def answer(self, request: Request) -> Answer:
        with self.lock:
            if request.operation.startswith("oauth."):
                return self.oauth.answer(request)
            found = find(request)
            if found is None:
                raise errors.not_found()
            method, path = found
            self._admit(request, method)
            return self._carry_out(method, path, request)

    def _admit(self, request: Request, method: Method) -> None:
        access = self.oauth.grants.living(request.bearer)
        if access is None:
            raise errors.unauthenticated()
        if not set(access.scopes) & set(method.scopes):
            raise errors.missing_scope(" ".join(method.scopes))
        if self.per_minute and self._journal.in_last(access.user, 60) > self.per_minute:
            raise errors.refuse(403, "rateLimitExceeded", "Rate Limit Exceeded")

    def _carry_out(self, method: Method, path: dict[str, str], request: Request) -> Answer:
        body = self._body(request) if request.method in ("POST", "PUT", "PATCH") else None
        if self.contract:
            complaint = self.contract.complaint(method.name, request.query_list, body)
        else:
            complaint = method.complaint(request, body)
        if complaint and method.name.startswith("people."):
            raise Refusal(errors.people_error(400, "INVALID_ARGUMENT", complaint))
        if complaint:
            raise errors.refuse(400, "badRequest", complaint)
        answer = self._dispatch(method.name, self.home.user(request.user), path, request, body)
        if self.contract and answer.body:
            self._check(method.name, answer)
        return answer

    def _dispatch(self, name: str, user: User, path: dict[str, str], request: Request, body: Any) -> Answer:
        match name.split("."):
            case [_, "watch"]:
                return self.channels.watch(name, user, path, request, body)
            case ["channels", "stop"]:
                return self.channels.stop(user, request, body)
            case ["freebusy", "query"]:
                return Answer.of(busy.query(self.home, user, body))
            case ["people", *_]:
                return self._people.answer(name, user, path, request)
            case ["events", verb]:
                return self._events.answer(verb, user, path, request, body)
        return self._lists.answer(name, user, path, request)

    def _body(self, request: Request) -> dict[str, Any]:
        try:
            body = request.json() or {}
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise errors.refuse(400, "parseError", "Parse Error")
        return body

    def _check(self, name: str, answer: Answer) -> None:
        """An answer that Google could not have given is a fault of this emulator, and said as one."""
        if complaint := self.contract and self.contract.answer_complaint(name, json.loads(answer.body)):
            raise errors.refuse(500, "backendError", f"the emulator's answer is none of {name}: {complaint}")

    def fault_answer(self, request: Request, status: int, kind: dict[str, str]) -> Answer:
        reason = kind.get("reason") or {
            401: "authError",
            403: "forbidden",
            404: "notFound",
            410: "fullSyncRequired",
            429: "rateLimitExceeded",
        }.get(status, "backendError")
        message = kind.get("message") or reason
        if request.operation.startswith("oauth."):
            return Answer.of({"error": reason, "error_description": message}, status)
        if request.operation.startswith("people."):
            return errors.people_error(status, reason, message)
        return errors.calendar_error(status, reason, message)

    def control(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        return self._control.act(method, path, body, query)
