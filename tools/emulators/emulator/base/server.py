"""The server: reads requests, lets a service answer them, and spoils answers where a fault says so."""

from __future__ import annotations

import os
import socket
import socketserver
import stat
import struct
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from .clock import Clock
from .control import Control
from .deliveries import Deliveries
from .exchange import Answer, Refusal, Request
from .faults import Fault, Faults
from .journal import Journal

LONGEST_BODY = 64 * 1024 * 1024
IDLE_SECONDS = 120


class Service(Protocol):
    """What an emulator of one vendor is."""

    lock: threading.RLock
    deliveries: Deliveries

    def recognise(self, request: Request) -> None:
        """Sets the operation, and the user and client where the token says them. Changes nothing."""

    def answer(self, request: Request) -> Answer: ...

    def fault_answer(self, request: Request, status: int, kind: dict[str, str]) -> Answer:
        """An error in the words of the vendor."""

    def control(self, method: str, path: list[str], body: Any, query: dict[str, str]) -> Any:
        """Answers a control request that is not the same for all; raises LookupError when there is none such."""

    def reset(self) -> None: ...


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, service: Service, port: int, clock: Clock, journal: Journal, faults: Faults) -> None:
        self.service = service
        self.clock = clock
        self.journal = journal
        self.faults = faults
        self.control = Control(service, clock, journal, faults)
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """A connection that is to be reset is closed without the farewell of an orderly end."""
        lingers = struct.unpack("ii", request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))[0]
        if lingers:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def run(self, stay: bool) -> None:
        """Serves until SIGTERM, Ctrl-C or the end of standard input.

        Where standard input is a terminal or /dev/null its end means nothing: a person started it.
        """
        print(f"listening on http://127.0.0.1:{self.server_address[1]}", flush=True)
        if not stay and not stat.S_ISCHR(os.fstat(0).st_mode):
            threading.Thread(target=self._end_with_input, daemon=True).start()
        try:
            self.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            pass

    def _end_with_input(self) -> None:
        while os.read(0, 4096):
            pass
        self.shutdown()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        request = self._read_request()
        if request is not None:
            self._serve(request)
        self.wfile.flush()

    def _read_request(self) -> Request | None:
        try:
            body = self._read_body()
        except ValueError as error:
            self.close_connection = True
            self._send(Answer.text(f"the body cannot be read: {error}\n", 400))
            return None
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            name = name.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return Request(self.command, self.path, headers, body, [(n, v) for n, v in self.headers.items()])

    def _read_body(self) -> bytes:
        """Raises ValueError."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        length = int(self.headers.get("Content-Length", "0"))
        if not 0 <= length <= LONGEST_BODY:
            raise ValueError(f"it would be {length} bytes")
        return self.rfile.read(length)

    def _read_chunks(self) -> bytes:
        parts: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            total += size
            if not 0 < size <= total <= LONGEST_BODY:
                raise ValueError(f"it has more than {LONGEST_BODY} bytes")
            parts.append(self.rfile.read(size))
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            pass
        return b"".join(parts)

    def _serve(self, request: Request) -> None:
        if request.segments[:1] == ["_control"]:
            self._send(self.server.control.answer(request))
            return
        service, journal = self.server.service, self.server.journal
        with service.lock:
            service.recognise(request)
        line = journal.begin(request)
        status: int | str = "cut"
        try:
            fault = self.server.faults.striking(request)
            if fault and "delay" in fault.kind:
                time.sleep(float(fault.kind["delay"] or 1000) / 1000)
            if fault and not fault.late and not _needs_answer(fault):
                answer = Answer(200)
            else:
                answer = self._ask(service, request)
            sent = self._spoil(fault, request, answer) if fault else answer
            status = sent.status if sent else status
        finally:
            journal.end(request, line, status)
        if sent:
            if sent.before:
                sent.before()
            self._send(sent)

    def _ask(self, service: Service, request: Request) -> Answer:
        try:
            return service.answer(request)
        except Refusal as refusal:
            return refusal.answer
        except Exception as error:
            traceback.print_exc()
            return Answer.text(f"the emulator failed over this request: {error!r}\n", 500, "text/plain; charset=utf-8")

    def _spoil(self, fault: Fault, request: Request, answer: Answer) -> Answer | None:
        kind = fault.kind
        if "reset" in kind:
            self._reset()
            return None
        if "cut" in kind:
            self._send_half(answer)
            return None
        if "status" in kind:
            answer = self.server.service.fault_answer(request, int(kind["status"] or 503), kind)
        if "html" in kind:
            answer = Answer.text("<!DOCTYPE html><title>Sign in</title><p>Please sign in to this network.</p>")
        if "garbage" in kind:
            answer = Answer(200, {"Content-Type": "application/json"}, b'{"items":[{"id":\xff\xfe')
        if "empty" in kind:
            answer = Answer(answer.status, answer.headers, b"")
        if "truncate" in kind:
            answer = Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
        if "retry-after" in kind:
            answer.headers["Retry-After"] = self._retry_after(kind["retry-after"])
        if "location" in kind:
            answer.headers["Location"] = kind["location"]
        return answer

    def _retry_after(self, text: str) -> str:
        """ "5" is seconds, "date+5" the date in five seconds, by the emulator's clock."""
        head, plus, seconds = text.partition("date+")
        return self.date_time_string(int(self.server.clock.now()) + int(seconds)) if plus and not head else text

    def _reset(self) -> None:
        """Closing with nothing to linger for sends RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _send_half(self, answer: Answer) -> None:
        body = answer.body or b"x" * 64
        self._send(Answer(answer.status, answer.headers, body), body[: len(body) // 2])
        self.close_connection = True

    def _send(self, answer: Answer, sent: bytes | None = None) -> None:
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string(int(self.server.clock.now())))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body if sent is None else sent)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """The journal keeps what was asked; standard error stays for what is broken."""


def _needs_answer(fault: Fault) -> bool:
    return not {"reset", "status", "html", "garbage"} & set(fault.kind)
