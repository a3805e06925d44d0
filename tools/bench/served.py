"""What the figures of the service are measured with: homes, the service over them, and the client in C (load.c).

The service is the release build; DAYBOOK_BINARIES names a folder in which `daybook` and `BenchHomes` lie already. Homes are kept in
build/served, and made anew when they are removed.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "served"


def binaries() -> Path:
    """Builds what is not there."""
    WORK.mkdir(parents=True, exist_ok=True)
    given = os.environ.get("DAYBOOK_BINARIES")
    folder = Path(given) if given else None
    if folder is None:
        for product in ("daybook", "BenchHomes"):
            subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=ROOT, check=True, stdout=sys.stderr)
        shown = subprocess.run(
            ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
        folder = Path(shown.stdout.strip())
    subprocess.run(["cc", "-O2", "-o", WORK / "load", ROOT / "tools/bench/load.c"], check=True)
    return folder


def home(folder: Path, kind: str, size: int, fresh: bool = False) -> tuple[Path, list[list[str]]]:
    """A home of a kind, and what was printed when it was made."""
    path, words = WORK / f"{kind}-{size}", WORK / f"{kind}-{size}.txt"
    if fresh:
        shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        made = subprocess.run([folder / "BenchHomes", kind, path, str(size)], check=True, capture_output=True, text=True)
        words.write_text(made.stdout)
    return path, [line.split("\t") for line in words.read_text().splitlines()]


class Service:
    """A service over a home. `begin_after` says how long it does nothing by itself, in milliseconds."""

    def __init__(self, folder: Path, path: Path, begin_after: int = 600_000):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(WORK / "service.log", "w")
        self.process = subprocess.Popen(
            [folder / "daybook", "serve", "--home", path, "--listen", f"127.0.0.1:{self.port}", "--log", "json",
             "--begin-after", str(begin_after)],
            stderr=self.log, stdout=self.log)
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            if self.process.poll() is not None:
                sys.exit(f"the service did not start; {self.log.name} says why")
            time.sleep(0.05)

    def rss(self) -> int:
        """Of the process, in kB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def peak(self) -> int:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        return 0

    def processor(self) -> float:
        """Seconds that it worked."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def google(number: int, watch: list[str], token: str | None = None) -> bytes:
    """A message as Google sends it."""
    return request("POST", "/hooks/google", {
        "X-Goog-Channel-ID": watch[0], "X-Goog-Channel-Token": watch[1] if token is None else token,
        "X-Goog-Message-Number": str(number), "X-Goog-Resource-ID": watch[2], "X-Goog-Resource-State": "exists",
        "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars/x/events"})


def write(name: str, requests: list[tuple[str, int, bytes]]) -> Path:
    path = WORK / name
    with open(path, "wb") as file:
        for kind, number, text in requests:
            file.write(f"{len(text)} {kind} {number}\n".encode() + text)
    return path


def start(*words) -> subprocess.Popen:
    return subprocess.Popen([WORK / "load", *map(str, words)], stdout=subprocess.PIPE, text=True)


def load(*words) -> list[dict]:
    """What the client found, a line each."""
    done = start(*words)
    text, _ = done.communicate()
    return [json.loads(line) for line in text.splitlines()]


def get(port: int, path: str, token: str) -> dict:
    import urllib.request

    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def numbers_in_ledger(folder: Path, path: Path) -> set[str]:
    """The numbers of the messages that the ledger holds, asked without a service."""
    shown = subprocess.run(
        [folder / "daybook", "log", "--home", path, "--type", "notification.received", "--all", "--json"],
        check=True, capture_output=True, text=True)
    numbers: set[str] = set()

    def find(value):
        if isinstance(value, dict):
            if "notification_number" in value:
                numbers.add(value["notification_number"])
            for inner in value.values():
                find(inner)
        elif isinstance(value, list):
            for inner in value:
                find(inner)
        elif isinstance(value, str) and value.startswith("{"):
            find(json.loads(value))

    for line in shown.stdout.splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            find(json.loads(line))
    return numbers


def say(*found):
    for one in found:
        print(json.dumps(one), flush=True)
