"""Requests and answers on a socket, byte by byte, so that each byte can be a wrong one."""

import json
import socket
import struct
from dataclasses import dataclass, field
from http.client import responses


class Gone(Exception):
    """The other side has left."""


@dataclass
class Request:
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Answer:
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @staticmethod
    def json(value: object) -> "Answer":
        return Answer(200, [("Content-Type", "application/json")], json.dumps(value).encode())

    @staticmethod
    def text(status: int, text: str, *headers: tuple[str, str]) -> "Answer":
        return Answer(status, [("Content-Type", "text/plain; charset=utf-8"), *headers], text.encode())

    def head(self, *extra: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
        lines = [f"{version} {self.status} {responses.get(self.status, 'Something')}"]
        lines += [f"{name}: {value}" for name, value in [*self.headers, *extra]]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Line:
    """One connection."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self.connection = connection
        self.number = number
        self.pending = b""

    def receive(self) -> Request | None:
        while b"\r\n\r\n" not in self.pending:
            if not self._more():
                return None
        head, self.pending = self.pending.split(b"\r\n\r\n", 1)
        first, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        request = Request(method, target, headers, b"")
        length = int(request.header("Content-Length") or 0)
        while len(self.pending) < length:
            if not self._more():
                return None
        request.body, self.pending = self.pending[:length], self.pending[length:]
        return request

    def send(self, data: bytes) -> None:
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Gone from error

    def answer(self, answer: Answer, method: str = "GET") -> None:
        """As a good server would."""
        if answer.status in (204, 304):
            self.send(answer.head())
        else:
            length = ("Content-Length", str(len(answer.body)))
            self.send(answer.head(length) + (b"" if method == "HEAD" else answer.body))

    def hang_up(self) -> None:
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()

    def reset(self) -> None:
        """Ends it so that the other side sees an error and no end."""
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.connection.close()

    def wait_for_end(self) -> None:
        """Says nothing until the other side gives up."""
        while self._more():
            self.pending = b""

    def _more(self) -> bool:
        try:
            data = self.connection.recv(65536)
        except OSError:
            return False
        self.pending += data
        return bool(data)
