"""`/_control/`: how tests and persons steer an emulator. README.md describes every path."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .clock import Clock, parse_instant, parse_span
from .exchange import Answer, Refusal, Request
from .faults import Faults
from .journal import Journal

if TYPE_CHECKING:
    from .server import Service


class Control:
    def __init__(self, service: Service, clock: Clock, journal: Journal, faults: Faults) -> None:
        self._service = service
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        try:
            body = request.json()
            with self._lock:
                value = self._act(request.method, request.segments[1:], body, request)
            return Answer.of({} if value is None else value)
        except Refusal as refusal:
            return refusal.answer
        except LookupError as error:
            return Answer.of({"error": str(error).strip("'\"") or "there is nothing there"}, 404)
        except (ValueError, TypeError) as error:
            return Answer.of({"error": str(error)}, 400)

    def _act(self, method: str, path: list[str], body: Any, request: Request) -> Any:
        match method, path:
            case "GET", ["clock"]:
                return self._clock.describe()
            case "PUT", ["clock"]:
                return self._set_clock(body)
            case "GET", ["faults"]:
                return [fault.describe() for fault in self._faults.all]
            case "POST", ["faults"]:
                added = [self._faults.add(one).describe() for one in (body if isinstance(body, list) else [body])]
                return added if isinstance(body, list) else added[0]
            case "DELETE", ["faults"]:
                return self._faults.clear()
            case "DELETE", ["faults", id]:
                return self._faults.clear(int(id))
            case "GET", ["requests"]:
                return self._journal.requests(request.query.get("operation"), int(request.query.get("after", "0")))
            case "DELETE", ["requests"]:
                return self._journal.clear()
            case "GET", ["counters"]:
                return self._journal.counters()
            case "POST", ["reset"]:
                return self._reset()
        with self._service.lock:
            return self._service.control(method, path, body, request.query)

    def _set_clock(self, body: dict[str, Any]) -> dict[str, object]:
        if "now" in body:
            self._clock.set(parse_instant(body["now"]).timestamp())
        if "advance" in body:
            self._clock.advance(parse_span(body["advance"]).total_seconds())
        if "stopped" in body:
            self._clock.stop(bool(body["stopped"]))
        return self._clock.describe()

    def _reset(self) -> None:
        self._faults.clear()
        self._journal.clear()
        with self._service.lock:
            self._service.reset()
