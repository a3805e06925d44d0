"""Runs checks one after the other against an emulator, and says what came of each."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

RUN = Path(__file__).resolve().parent.parent / "run"


class Emulator:
    """An emulator that runs beside the proof, and its control."""

    def __init__(self, vendor: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(RUN), vendor, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line.startswith("listening on "):
            raise SystemExit(f"the emulator of {vendor} did not say where it listens: {line!r}")
        self.url = line.split()[-1]

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        status, _, answer = self.raw(
            method, f"/_control/{path}", json.dumps(body).encode() if body is not None else None
        )
        if status >= 400:
            raise AssertionError(f"{method} {path}: {status} {answer!r}")
        return json.loads(answer)

    def raw(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """A request without a client in between, and without following redirects."""
        address = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(address, body, headers or {}, method=method)
        try:
            with _OPENER.open(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def form(self, path: str, **fields: str) -> tuple[int, dict[str, Any]]:
        status, _, body = self.raw("POST", path, urllib.parse.urlencode(fields).encode())
        return status, json.loads(body or b"{}")

    def wait(self, what: Callable[[], bool], seconds: float = 5) -> None:
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                raise AssertionError("it did not happen in time")
            time.sleep(0.01)

    def end(self) -> int:
        """Closes its standard input, which ends it."""
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(10)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


@dataclass
class Listener:
    """A web server of the one who wants to hear of changes."""

    answer: Callable[[str, bytes], tuple[int, str, bytes]] = lambda target, body: (200, "text/plain", b"")
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, kind, text = listener.answer(self.path, body)
                listener.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def challenge() -> tuple[str, str]:
    verifier = secrets.token_urlsafe(48)
    return verifier, base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


CHECKS: list[tuple[str, Callable[[], None]]] = []


def check(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def note(body: Callable[[], None]) -> Callable[[], None]:
        CHECKS.append((name, body))
        return body

    return note


def equal(found: Any, wanted: Any) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def run(before: Callable[[], None]) -> None:
    """Runs all checks, each from the same beginning, and ends the process with their outcome."""
    failed = 0
    only = sys.argv[1:]
    for name, body in CHECKS:
        if only and not any(word in name for word in only):
            continue
        try:
            before()
            body()
            print(f"passed: {name}", flush=True)
        except Exception as error:
            failed += 1
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "/proofs/" in f.filename]
            where = f" (line {frames[-1].lineno})" if frames else ""
            print(f"failed: {name}: {type(error).__name__}: {error}{where}", flush=True)
    total = len(CHECKS) if not only else sum(any(word in name for word in only) for name, _ in CHECKS)
    print(f"{total - failed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
