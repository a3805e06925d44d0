"""What was asked, by whom and how often: what tests look at afterwards."""

from __future__ import annotations

import threading
from collections import Counter, deque
from typing import Any

from .clock import Clock, stamp
from .exchange import Request

KEPT_REQUESTS = 20_000
KEPT_BODY = 16 * 1024
MINUTE = 60.0


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._requests: deque[dict[str, Any]] = deque(maxlen=KEPT_REQUESTS)
            self._count = 0
            self._operations: Counter[str] = Counter()
            self._in_flight: Counter[str] = Counter()
            self._most_in_flight: Counter[str] = Counter()
            self._minutes: dict[str, deque[float]] = {}
            self._most_a_minute: Counter[str] = Counter()

    def begin(self, request: Request) -> dict[str, Any]:
        """Writes a request down and counts it as under way."""
        with self._lock:
            self._count += 1
            line = {
                "number": self._count,
                "at": stamp(self._clock.moment()),
                "operation": request.operation,
                "method": request.method,
                "path": request.path,
                "query": [list(pair) for pair in request.query_list],
                "headers": [list(pair) for pair in request.header_list],
                "user": request.user,
                "client": request.client,
                "body": request.body[:KEPT_BODY].decode("utf-8", "replace"),
                "status": None,
            }
            self._requests.append(line)
            self._operations[request.operation] += 1
            for name in _counted(request):
                self._in_flight[name] += 1
                self._most_in_flight[name] = max(self._most_in_flight[name], self._in_flight[name])
            if request.user:
                self._count_minute(request.user)
            return line

    def end(self, request: Request, line: dict[str, Any], status: int | str) -> None:
        with self._lock:
            line["status"] = status
            for name in _counted(request):
                self._in_flight[name] = max(0, self._in_flight[name] - 1)

    def in_flight(self, name: str) -> int:
        return self._in_flight[name]

    def in_last(self, user: str, seconds: float) -> int:
        since = self._clock.now() - seconds
        return sum(1 for at in self._minutes.get(user, ()) if at > since)

    def requests(self, operation: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        with self._lock:
            return [
                line
                for line in self._requests
                if line["number"] > after and (operation is None or line["operation"] == operation)
            ]

    def counters(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": self._count,
                "operations": dict(self._operations),
                "inFlight": {name: count for name, count in self._in_flight.items() if count},
                "mostInFlight": dict(self._most_in_flight),
                "mostInAMinute": dict(self._most_a_minute),
            }

    def _count_minute(self, user: str) -> None:
        now = self._clock.now()
        times = self._minutes.setdefault(user, deque(maxlen=KEPT_REQUESTS))
        times.append(now)
        recent = 0
        for at in reversed(times):
            if at <= now - MINUTE:
                break
            recent += 1
        self._most_a_minute[user] = max(self._most_a_minute[user], recent)


def _counted(request: Request) -> list[str]:
    names = []
    if request.client:
        names.append(f"app:{request.client}")
        if request.user:
            names.append(f"app:{request.client} user:{request.user}")
    if request.user:
        names.append(f"user:{request.user}")
    return names
