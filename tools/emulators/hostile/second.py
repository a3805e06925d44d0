"""As much of HTTP/2 as it takes to answer every request with a few bytes over one connection.

What the headers say is not read: they are packed, and nobody asks here.
"""

from collections.abc import Callable

from wire import Line, Request

DATA, HEADERS, SETTINGS, PING, GONE = 0, 1, 4, 6, 7
END_OF_STREAM, END_OF_HEADERS, ACKNOWLEDGED = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
STATUS_200 = bytes([0x88])  # what the static table of HPACK has at 8


def serve(line: Line, remember: Callable[[Request], None]) -> None:
    if _take(line, len(PREFACE)) != PREFACE:
        return
    line.send(_frame(SETTINGS, 0, 0, b""))
    while True:
        head = _take(line, 9)
        body = _take(line, int.from_bytes(head[:3], "big"))
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
        if kind == SETTINGS and not flags & ACKNOWLEDGED:
            line.send(_frame(SETTINGS, ACKNOWLEDGED, 0, b""))
        elif kind == PING and not flags & ACKNOWLEDGED:
            line.send(_frame(PING, ACKNOWLEDGED, 0, body))
        elif kind == GONE:
            return
        elif kind in (HEADERS, DATA) and flags & END_OF_STREAM:
            remember(Request("", "/second", [], b""))
            answer = _frame(HEADERS, END_OF_HEADERS, stream, STATUS_200)
            line.send(answer + _frame(DATA, END_OF_STREAM, stream, b"second"))


def _frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def _take(line: Line, count: int) -> bytes:
    data = line.pending
    while len(data) < count:
        more = line.connection.recv(65536)
        if not more:
            raise OSError("the connection ended")
        data += more
    line.pending = data[count:]
    return data[:count]
