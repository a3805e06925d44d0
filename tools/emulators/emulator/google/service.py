"""Answers requests as Google would: who asks, may they, what was asked."""

from __future__ import annotations

import threading
from typing import Any

from ..base.clock import Clock
from ..base.exchange import Answer, Request
from ..base.journal import Journal
from . import errors
from .calendar_lists import CalendarLists
from .control import GoogleControl
from .events import Events
from .listing import Pager
from .methods import OTHERS, Method, find
from .oauth import OAuth
from .state import Home


class Google:
    def __init__(self, clock: Clock, journal: Journal, client: str, secret: str, users: list[str]) -> None:
        self.lock = threading.RLock()
        self.clock, self._journal = clock, journal
        self._client, self._secret, self._users = client, secret, users
        self.reset()

    def reset(self) -> None:
        self.home = Home(self.clock)
        for user in self._users or [None]:
            self.home.user(user)
        self.oauth = OAuth(self.home, self.clock, self._client, self._secret)
        self.pager = Pager(self.home)
        self.per_minute: int | None = None
        self._lists = CalendarLists(self.home, self.pager)
        self._events = Events(self.home, self.pager)
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
        if complaint := method.complaint(request):
            raise errors.refuse(400, "badRequest", complaint)

    def _carry_out(self, method: Method, path: dict[str, str], request: Request) -> Answer:
        body: Any = None
        if request.method in ("POST", "PUT", "PATCH"):
            try:
                body = request.json() or {}
                if not isinstance(body, dict):
                    raise ValueError
            except ValueError:
                raise errors.refuse(400, "parseError", "Parse Error") from None
        user = self.home.user(request.user)
        group, _, name = method.name.rpartition(".")
        if group in ("calendarList", "calendars"):
            return self._lists.answer(method.name, user, path, request)
        return self._events.answer(name, user, path, request, body)

    def fault_answer(self, request: Request, status: int, kind: dict[str, str]) -> Answer:
        reason = kind.get("reason") or {
            401: "authError", 403: "forbidden", 404: "notFound", 410: "fullSyncRequired", 429: "rateLimitExceeded",
        }.get(status, "backendError")
        message = kind.get("message") or reason
        if request.operation.startswith("oauth."):
            return Answer.of({"error": reason, "error_description": message}, status)
        if request.operation.startswith("people."):
            return errors.people_error(status, reason, message)
        return errors.calendar_error(status, reason, message)

    def control(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        return self._control.act(method, path, body, query)
