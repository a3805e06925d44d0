"""What can go wrong between a client and a server that is all right.

A fault is told which answer the server gave, or that it was never asked, and does what it says.
"""

import http.client
import random
import time
from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import urlsplit

from answers import zeros
from wire import Answer, Line, Request

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade"}


class Upstream:
    """The server behind, asked one request at a time over a connection of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.last: dict[tuple[str, str, bytes], Answer] = {}

    def ask(self, request: Request) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers:
                # The host stays as it was asked for, so that addresses in the answers lead through here again.
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            if request.body or request.header("Content-Length"):
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body or None)
            got = connection.getresponse()
            headers = [(name, value) for name, value in got.getheaders() if name.lower() not in HOP_BY_HOP]
            answer = Answer(got.status, headers, got.read())
        except (OSError, http.client.HTTPException):
            answer = Answer.text(502, "The server behind does not answer.\n")
        finally:
            connection.close()
        return answer


class Plan:
    """Which requests are spoiled, counted from when it was made."""

    def __init__(self, kind: str | None = None, at: int = 1, times: int = 1) -> None:
        self.kind, self.first, self.end = kind, at, at + times
        self.count = 0

    def next(self) -> str | None:
        self.count += 1
        return self.kind if self.first <= self.count < self.end else None


def respond(line: Line, request: Request, upstream: Upstream, kind: str | None) -> None:
    key = (request.method, request.target, request.body)
    before = upstream.last.get(key)

    def ask() -> Answer:
        answer = upstream.ask(request)
        upstream.last[key] = answer
        return answer

    if kind is None:
        return line.answer(ask(), request.method)
    if kind == "stale":
        return line.answer(before or ask(), request.method)
    FAULTS[kind](line, request, ask)


Ask = Callable[[], Answer]
FAULTS: dict[str, Callable[[Line, Request, Ask], None]] = {}


def fault(function: Callable[[Line, Request, Ask], None]) -> Callable[[Line, Request, Ask], None]:
    FAULTS[function.__name__] = function
    return function


def half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


@fault
def dropped(line: Line, request: Request, ask: Ask) -> None:
    """Never reaches the server; the connection ends."""
    line.hang_up()


@fault
def reset(line: Line, request: Request, ask: Ask) -> None:
    """Never reaches the server; the connection is reset."""
    line.reset()


@fault
def lost(line: Line, request: Request, ask: Ask) -> None:
    """Reaches the server, and its answer is lost."""
    ask()
    line.hang_up()


@fault
def lost_reset(line: Line, request: Request, ask: Ask) -> None:
    ask()
    line.reset()


@fault
def stalled(line: Line, request: Request, ask: Ask) -> None:
    """Nothing comes until the client gives up."""
    ask()
    line.wait_for_end()


@fault
def twice(line: Line, request: Request, ask: Ask) -> None:
    """Reaches the server two times."""
    ask()
    line.answer(ask(), request.method)


@fault
def stale(line: Line, request: Request, ask: Ask) -> None:
    """What was answered to the same request the time before."""
    line.answer(ask(), request.method)


@fault
def cut_headers(line: Line, request: Request, ask: Ask) -> None:
    head = ask().head(("Content-Length", "1"))
    line.send(head[: len(head) // 2])
    line.hang_up()


@fault
def cut_length(line: Line, request: Request, ask: Ask) -> None:
    answer = ask()
    line.send(answer.head(("Content-Length", str(max(1, len(answer.body))))) + half(answer))
    line.hang_up()


@fault
def cut_chunked(line: Line, request: Request, ask: Ask) -> None:
    answer = ask()
    piece = half(answer)
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if piece else b""
    line.send(answer.head(("Transfer-Encoding", "chunked")) + chunk)
    line.hang_up()


@fault
def cut_close(line: Line, request: Request, ask: Ask) -> None:
    """Half of it, in a form in which nobody can tell."""
    answer = ask()
    line.send(answer.head(("Connection", "close")) + half(answer))
    line.hang_up()


@fault
def cut_reset(line: Line, request: Request, ask: Ask) -> None:
    answer = ask()
    line.send(answer.head(("Content-Length", str(max(1, len(answer.body))))) + half(answer))
    time.sleep(0.05)  # what was sent shall arrive before the reset overtakes it
    line.reset()


@fault
def too_long(line: Line, request: Request, ask: Ask) -> None:
    """A length that is larger than the body."""
    answer = ask()
    line.send(answer.head(("Content-Length", str(len(answer.body) + 10))) + answer.body)
    line.hang_up()


@fault
def too_short(line: Line, request: Request, ask: Ask) -> None:
    """A length that is smaller than the body, so that half of it looks whole."""
    answer = ask()
    line.send(answer.head(("Content-Length", str(len(half(answer))))) + answer.body)
    line.hang_up()


@fault
def bad_chunk(line: Line, request: Request, ask: Ask) -> None:
    line.send(ask().head(("Transfer-Encoding", "chunked")) + b"zz\r\nnothing\r\n")
    line.hang_up()


@fault
def slow(line: Line, request: Request, ask: Ask) -> None:
    """One byte a second."""
    answer = ask()
    line.send(answer.head(("Content-Length", str(len(answer.body) + 100))))
    for byte in answer.body:
        line.send(bytes([byte]))
        time.sleep(1)


@fault
def bomb(line: Line, request: Request, ask: Ask) -> None:
    """A hundred megabytes, packed small."""
    answer = ask()
    line.answer(Answer(answer.status, [*answer.headers, ("Content-Encoding", "gzip")], zeros(100)), request.method)


@fault
def flood(line: Line, request: Request, ask: Ask) -> None:
    """Headers and no end of them."""
    line.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.send(b"X-More: " + b"x" * 1000 + b"\r\n")


@fault
def not_http(line: Line, request: Request, ask: Ask) -> None:
    line.send(b"220 mail.example ESMTP\r\n")
    line.hang_up()


@fault
def page(line: Line, request: Request, ask: Ask) -> None:
    """A page to log in, as networks in hotels have it."""
    body = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><form>Log in</form></body></html>"
    line.answer(Answer(200, [("Content-Type", "text/html; charset=utf-8")], body), request.method)


@fault
def empty(line: Line, request: Request, ask: Ask) -> None:
    answer = ask()
    line.answer(Answer(answer.status, answer.headers), request.method)


@fault
def garbage(line: Line, request: Request, ask: Ask) -> None:
    """As many bytes as there were, and the same each time, but other ones."""
    answer = ask()
    line.answer(Answer(answer.status, answer.headers, random.Random(1).randbytes(len(answer.body))), request.method)


@fault
def loop(line: Line, request: Request, ask: Ask) -> None:
    """Leads back to where it was asked."""
    line.answer(Answer(302, [("Location", request.target)]), request.method)


def _status(name: str, status: int, *headers: tuple[str, str]) -> None:
    def respond_with(line: Line, request: Request, ask: Ask) -> None:
        line.answer(Answer.text(status, "Not now.\n", *headers), request.method)

    FAULTS[name] = respond_with


for _name, _number in [
    ("unauthorized_401", 401),
    ("forbidden_403", 403),
    ("missing_404", 404),
    ("late_408", 408),
    ("failed_500", 500),
    ("gateway_502", 502),
    ("gateway_504", 504),
]:
    _status(_name, _number)
_status("busy_429", 429, ("Retry-After", "1"))
_status("busy_503", 503, ("Retry-After", "1"))


@fault
def busy_503_date(line: Line, request: Request, ask: Ask) -> None:
    after = formatdate(time.time() + 2, usegmt=True)
    line.answer(Answer.text(503, "Not now.\n", ("Retry-After", after)), request.method)
