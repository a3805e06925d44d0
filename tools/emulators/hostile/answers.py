"""Answers by the path that is asked for; what they do exactly is in the query.

    /echo                       what was asked, as JSON
    /answer                     status, type, charset, body, header (Name:Value, many), packed (1 or half), framing
                                (length, chunked, close, old)
    /cut                        size, framing (as above, or head), at: ends after so many bytes of the body, or head
    /reset                      at: a reset after so many bytes of the body, or instead of any answer (-1)
    /wrong                      by: a Content-Length that is so much larger than the body (or smaller)
    /delay, /drip               milliseconds before the answer; between its bytes (size)
    /bomb                       megabytes of zeros, packed
    /flood                      kind: headers (no end of them), long (one header), body (no end of chunks), trailer
    /redirect                   status, to (or self), left (how many more before `to`), milliseconds
    /strict                     says that only https is to be used from now on
    /conditional                304 to a fitting If-None-Match or If-Modified-Since
    /identify                   offers (basic, digest, bearer, unknown; in order), combined (1 for one header), algorithm,
                                reject (a scheme whose right answers are refused)
    /busy                       status, after (seconds, or a date), times: how often before it answers, key
    /meet                       of, key, milliseconds: answers when so many ask at the same time, else 504 after a while
    /not-http                   bytes of another protocol
"""

import functools
import gzip
import json
import threading
import time
import zlib
from email.utils import formatdate
from urllib.parse import parse_qs, quote, urlsplit

import identity
from wire import Answer, Line, Request

ETAG, MODIFIED = 'W/"one"', "Sat, 29 Oct 1994 19:43:31 GMT"
LONGEST_FLOOD = 1 << 30  # so that a client without limits ends some time

_meetings: dict[str, threading.Barrier] = {}
_busy: dict[str, int] = {}
_lock = threading.Lock()


class Query:
    def __init__(self, text: str) -> None:
        self.values = parse_qs(text, keep_blank_values=True)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def number(self, name: str, default: int = 0) -> int:
        return int(self.text(name, str(default)))


def respond(line: Line, request: Request, places: dict[str, str]) -> None:
    parts = urlsplit(request.target)
    query = Query(parts.query)
    match parts.path.strip("/"):
        case "answer":
            answer(line, request, query)
        case "cut":
            cut(line, query)
        case "reset":
            reset(line, query.number("at", -1))
        case "wrong":
            line.send(Answer(200).head(("Content-Length", str(5 + query.number("by")))) + b"12345")
            line.hang_up()
        case "delay":
            time.sleep(query.number("milliseconds") / 1000)
            line.answer(Answer.text(200, "late\n"))
        case "drip":
            drip(line, query.number("size", 1000), query.number("milliseconds", 1000))
        case "bomb":
            bomb(line, query.number("megabytes", 100))
        case "flood":
            flood(line, query.text("kind"))
        case "redirect":
            redirect(line, request, query, places)
        case "strict":
            line.answer(Answer.text(200, "strict\n", ("Strict-Transport-Security", "max-age=1000")))
        case "conditional":
            conditional(line, request)
        case "identify":
            line.answer(identity.answer(request, query))
        case "busy":
            busy(line, query)
        case "meet":
            meet(line, query)
        case "not-http":
            line.send(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
            line.hang_up()
        case _:
            line.answer(echo(request), request.method)


def echo(request: Request) -> Answer:
    return Answer.json(
        {
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
            "body": request.body.decode("latin-1"),
        }
    )


def answer(line: Line, request: Request, query: Query) -> None:
    charset = query.text("charset", "utf-8")
    kind = query.text("type", "text/plain")
    headers = [("Content-Type", f"{kind}; charset={charset}")]
    headers += [(name, value.strip()) for name, _, value in (header.partition(":") for header in query.all("header"))]
    body = query.text("body").encode()
    if query.text("packed"):
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body)
        if query.text("packed") == "half":
            body = body[: len(body) // 2]
    made = Answer(query.number("status", 200), headers, body)
    framing = query.text("framing", "length")
    if framing == "length":
        return line.answer(made, request.method)
    line.send(frame(made, framing))
    if framing != "chunked":
        line.hang_up()


def frame(made: Answer, framing: str) -> bytes:
    match framing:
        case "length":
            return made.head(("Content-Length", str(len(made.body)))) + made.body
        case "chunked":
            half = len(made.body) // 2
            pieces = [piece for piece in (made.body[:half], made.body[half:]) if piece]
            chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
            return made.head(("Transfer-Encoding", "chunked")) + chunks + b"0\r\n\r\n"
        case "old":
            return made.head(version="HTTP/1.0") + made.body
        case _:
            return made.head(("Connection", "close")) + made.body


def cut(line: Line, query: Query) -> None:
    made = Answer(200, [("Content-Type", "text/plain")], b"x" * query.number("size", 1000))
    framing = query.text("framing", "length")
    whole = frame(made, "length" if framing == "head" else framing)
    start = 0 if framing == "head" else whole.index(b"\r\n\r\n") + 4
    line.send(whole[: start + query.number("at")])
    line.hang_up()


def reset(line: Line, at: int) -> None:
    if at >= 0:
        line.send(Answer(200).head(("Content-Length", "1000")) + b"x" * at)
        time.sleep(0.05)  # what was sent shall arrive before the reset overtakes it
    line.reset()


def drip(line: Line, size: int, milliseconds: int) -> None:
    line.send(Answer(200).head(("Content-Length", str(size))))
    for _ in range(size):
        line.send(b"x")
        time.sleep(milliseconds / 1000)


def bomb(line: Line, megabytes: int) -> None:
    line.answer(Answer(200, [("Content-Encoding", "gzip"), ("Content-Type", "text/calendar")], zeros(megabytes)))


@functools.cache
def zeros(megabytes: int) -> bytes:
    """So many, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def flood(line: Line, kind: str) -> None:
    """Without end, or what passes for it."""
    if kind == "long":
        line.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * (1 << 20) + b"\r\n\r\n")
    elif kind == "headers":
        line.send(b"HTTP/1.1 200 OK\r\n")
        _forever(line, b"X-More: " + b"x" * 1000 + b"\r\n")
    else:
        line.send(Answer(200).head(("Transfer-Encoding", "chunked")))
        if kind == "trailer":
            line.send(b"1\r\nx\r\n0\r\n")
            _forever(line, b"X-More: " + b"x" * 1000 + b"\r\n")
        _forever(line, b"400\r\n" + b"x" * 1024 + b"\r\n")


def _forever(line: Line, piece: bytes) -> None:
    block = piece * 16
    for _ in range(LONGEST_FLOOD // len(block)):
        line.send(block)
    line.hang_up()


def redirect(line: Line, request: Request, query: Query, places: dict[str, str]) -> None:
    """`to` may begin with the name of a place of this server in braces: {other}/echo."""
    time.sleep(query.number("milliseconds") / 1000)
    left = query.number("left")
    status = query.text("status", "302")
    to = request.target if query.text("to") == "self" else query.text("to", "/echo")
    for name, url in places.items():
        to = to.replace("{" + name + "}", url)
    target = to if left <= 0 else f"/redirect?status={status}&left={left - 1}&to={quote(to, safe='')}"
    headers = [("Location", target)] if to else []
    line.answer(Answer.text(int(status), "elsewhere\n", *headers), request.method)


def conditional(line: Line, request: Request) -> None:
    is_known = request.header("If-None-Match") == ETAG or request.header("If-Modified-Since") == MODIFIED
    headers = [("ETag", ETAG), ("Last-Modified", MODIFIED)]
    line.answer(Answer(304, headers) if is_known else Answer(200, headers, b"changed\n"))


def busy(line: Line, query: Query) -> None:
    key = query.text("key")
    with _lock:
        _busy[key] = _busy.get(key, 0) + 1
        count = _busy[key]
    if count > query.number("times", 1):
        return line.answer(Answer.text(200, json.dumps({"count": count})))
    after = query.text("after")
    if after == "date":
        after = formatdate(time.time() + 30, usegmt=True)
    headers = [("Retry-After", after)] if after else []
    line.answer(Answer.text(query.number("status", 429), "busy\n", *headers))


def meet(line: Line, query: Query) -> None:
    with _lock:
        barrier = _meetings.setdefault(query.text("key"), threading.Barrier(query.number("of")))
    try:
        barrier.wait(query.number("milliseconds", 5000) / 1000)
        line.answer(Answer.text(200, "met\n"))
    except threading.BrokenBarrierError:
        line.answer(Answer.text(504, "nobody came\n"))
