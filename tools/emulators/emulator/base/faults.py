"""Things that go wrong on demand.

A fault is a JSON object: `match` is the name of an operation ("events.list", "events.*", "*") or, when it begins with a
slash, a path; `kind` is one or several words joined by "|", each with a value after a colon where it takes one; `times`
(1 unless given, 0 for always) and `after` (so many matching requests pass first) say when it strikes; `late` lets the
request be carried out before its answer is spoiled.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .exchange import Request

KINDS = {
    "status": "answers with this status",
    "reason": "the reason or code in the error",
    "message": "its message",
    "retry-after": 'a Retry-After header: "5" for seconds, "date+5" for a date in five seconds',
    "delay": "waits so many milliseconds first",
    "cut": "sends half the answer and closes",
    "reset": "resets the connection without an answer",
    "truncate": "a whole answer whose body is cut in half",
    "html": "an HTML page with status 200",
    "garbage": "bytes that are no JSON",
    "empty": "an empty body",
    "location": "a Location header",
}


@dataclass
class Fault:
    id: int
    match: str
    kind: dict[str, str]
    times: int = 1
    after: int = 0
    late: bool = False
    user: str | None = None
    seen: int = 0
    struck: int = 0

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "match": self.match,
            "kind": _spell(self.kind),
            "times": self.times,
            "after": self.after,
            "late": self.late,
            "user": self.user,
            "seen": self.seen,
            "struck": self.struck,
        }

    def applies_to(self, request: Request) -> bool:
        if self.user is not None and self.user != request.user:
            return False
        return fnmatchcase(request.path if self.match.startswith("/") else request.operation, self.match)


@dataclass
class Faults:
    all: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: int = 0

    def add(self, body: dict[str, Any]) -> Fault:
        kind = _read(str(body.get("kind", "status:503")))
        unknown = set(kind) - set(KINDS)
        if unknown:
            raise ValueError(f"unknown kind of fault {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        with self._lock:
            self._last += 1
            fault = Fault(
                self._last,
                str(body.get("match", "*")),
                kind,
                int(body.get("times", 1)),
                int(body.get("after", 0)),
                bool(body.get("late", False)),
                body.get("user"),
            )
            self.all.append(fault)
            return fault

    def clear(self, id: int | None = None) -> None:
        with self._lock:
            self.all = [fault for fault in self.all if id is not None and fault.id != id]

    def striking(self, request: Request) -> Fault | None:
        """The first fault that strikes this request; it is then one time fewer."""
        with self._lock:
            for fault in self.all:
                if not fault.applies_to(request):
                    continue
                fault.seen += 1
                if fault.seen <= fault.after or (fault.times and fault.struck >= fault.times):
                    continue
                fault.struck += 1
                return fault
        return None


def _read(text: str) -> dict[str, str]:
    words = (word.partition(":") for word in text.split("|") if word.strip())
    return {name.strip().lower(): value.strip() for name, _, value in words}


def _spell(kind: dict[str, str]) -> str:
    return "|".join(f"{name}:{value}" if value else name for name, value in kind.items())
