"""Posts to those who want to hear of changes, from a thread of its own, and only to this machine.

What was posted and what came of it is kept for tests to look at.
"""

from __future__ import annotations

import heapq
import http.client
import ssl
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Callable
from urllib.parse import urlsplit

from .clock import Clock, stamp
from .grants import is_loopback

KEPT = 5000
FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = 0.2, 5.0, 8
RETRIED = (500, 502, 503, 504)


@dataclass
class Post:
    address: str
    headers: dict[str, str]
    body: bytes = b""
    still: Callable[[], bool] = lambda: True
    """Whether it is still to be sent when its time comes."""
    done: Callable[[int | None], None] = lambda status: None
    kind: str = "notification"
    retried: Callable[[int | None], bool] = lambda status: status in RETRIED
    tries: int = 0
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    status: int | None
    headers: dict[str, str]
    body: bytes
    seconds: float


class Deliveries:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: list[tuple[float, int, Post]] = []
        self._order = count()
        self._wake = threading.Condition()
        self._busy = 0
        self.log: deque[dict[str, Any]] = deque(maxlen=KEPT)
        threading.Thread(target=self._run, daemon=True, name="deliveries").start()

    def clear(self) -> None:
        with self._wake:
            self._queue.clear()
            self.log.clear()

    def send(self, post: Post, after: float = 0) -> None:
        with self._wake:
            heapq.heappush(self._queue, (time.monotonic() + after, next(self._order), post))
            self._wake.notify_all()

    def wait(self, seconds: float) -> bool:
        """Until nothing is waiting to be sent; whether that came to be."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._queue and not self._busy, seconds)

    def post_now(self, post: Post, seconds: float = 10) -> Outcome:
        """Posts and waits for the answer. The status is None where there was none, or the address is elsewhere."""
        began = time.monotonic()
        outcome = Outcome(None, {}, b"", 0)
        if is_loopback(post.address):
            try:
                outcome = _post(post, seconds)
            except (OSError, http.client.HTTPException):
                pass
        outcome.seconds = time.monotonic() - began
        self.log.append(
            {
                "at": stamp(self._clock.moment()),
                "kind": post.kind,
                "address": post.address,
                "headers": post.headers,
                "body": post.body.decode("utf-8", "replace"),
                "status": outcome.status,
                "seconds": round(outcome.seconds, 3),
                "try": post.tries + 1,
                **post.detail,
            }
        )
        return outcome

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue or self._queue[0][0] > time.monotonic():
                    self._wake.wait(self._queue[0][0] - time.monotonic() if self._queue else None)
                post = heapq.heappop(self._queue)[2]
                self._busy += 1
            try:
                if post.still():
                    self._deliver(post)
            except Exception:
                traceback.print_exc()
            finally:
                with self._wake:
                    self._busy -= 1
                    self._wake.notify_all()

    def _deliver(self, post: Post) -> None:
        outcome = self.post_now(post)
        post.tries += 1
        if post.retried(outcome.status) and post.tries < MOST_TRIES:
            self.send(post, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (post.tries - 1)))
        else:
            post.done(outcome.status)


def accepted(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def _post(post: Post, seconds: float) -> Outcome:
    parts = urlsplit(post.address)
    if parts.scheme == "https":
        context = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=seconds, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, post.body, {**post.headers, "Content-Length": str(len(post.body))})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Outcome(answer.status, headers, answer.read(1 << 20), 0)
    finally:
        connection.close()
