"""`/_control/`: how tests and persons steer an emulator. README.md describes every path."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from .clock import Clock, parse_instant, parse_span
from .exchange import Answer, Refusal, Request
from .faults import Faults
from .journal import Journal

if TYPE_CHECKING:
    from .server import Service


def chosen(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """What a body sets, by the names that Python has for it: `syncFirst` is `sync_first`.

    Raises ValueError where it sets something that is not among the names.
    """
    if unknown := sorted(set(body) - set(names)):
        raise ValueError(f"unknown: {', '.join(unknown)}; there are {', '.join(names)}")
    return {re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name): value for name, value in body.items()}


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
            if (request.method, request.segments[1:]) == ("POST", ["deliveries", "wait"]):
                return Answer.of({"done": self._service.deliveries.wait(float((body or {}).get("seconds", 5)))})
            with self._lock:
                value = self._act(request.method, request.segments[1:], body, request)
            return Answer.of({} if value is None else value)
        except Refusal as refusal:
            return refusal.answer
        except LookupError as error:
            return Answer.of({"error": str(error).strip("'\"") or "there is nothing there"}, 404)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
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
            case "GET", ["deliveries"]:
                return list(self._service.deliveries.log)
            case "DELETE", ["deliveries"]:
                return self._service.deliveries.log.clear()
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
