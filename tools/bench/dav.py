#!/usr/bin/env python3
"""Reading a calendar of many events from a local CalDAV server: Daybook beside vdirsyncer, on the same server in one run.

    tools/bench/dav.sh                 builds, starts the servers, and calls this
    tools/bench/dav.py DAYBOOK URL     for one server that runs (user alice, password secret)

Prints the median of several runs: the first sync, a sync in which nothing changed, the peak of the memory, and the sync of a
hundred calendars in which nothing changed beside a loop of curl that asks the server as often.
"""

import argparse
import datetime
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LOGIN = ("alice", "secret")


def ask(url: str, method: str, body: str = "", **headers: str) -> int:
    request = urllib.request.Request(url, data=body.encode() if body else None, method=method)
    request.add_header("Authorization", "Basic " + b64encode(":".join(LOGIN).encode()).decode())
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    with urllib.request.urlopen(request) as answer:
        answer.read()
        return answer.status


def event(number: int, now: datetime.datetime) -> str:
    start = now - datetime.timedelta(days=80) + datetime.timedelta(minutes=15 * number)
    end = start + datetime.timedelta(minutes=30)
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", "BEGIN:VEVENT", f"UID:bench-{number}@example.org",
        "DTSTAMP:20260101T000000Z", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:Meeting {number}", f"DESCRIPTION:{'What is to be said about it. ' * 6}", "LOCATION:Room 4",
        "ORGANIZER;CN=Ada:mailto:ada@example.org", f"ATTENDEE;CN=Guest {number % 50};PARTSTAT=ACCEPTED:"
        f"mailto:guest{number % 50}@example.org", "END:VEVENT", "END:VCALENDAR", "",
    ])


def make(base: str, home: str, name: str) -> None:
    ask(
        f"{base}{home}{name}/", "MKCALENDAR",
        '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>'
        f"{name}</displayname></prop></set></C:mkcalendar>", Content_Type="text/xml")


def fill(base: str, home: str, events: int, calendars: int, folder: str | None) -> None:
    """By PUT where nothing is quicker: it takes the longer the more is there."""
    now = datetime.datetime.now(datetime.timezone.utc)
    texts = [event(number, now) for number in range(events)]
    whole = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN"] + [inside(text) for text in texts])
    try:
        # Radicale takes a calendar in one piece.
        ask(f"{base}{home}bench/", "PUT", whole + "\r\nEND:VCALENDAR\r\n", Content_Type="text/calendar")
    except urllib.error.HTTPError:
        make(base, home, "bench")
        repositories = [git.parent for git in Path(folder).rglob("bench/.git")] if folder else []
        if repositories:
            commit(repositories[0], texts)
        else:
            with ThreadPoolExecutor(4) as pool:
                put = lambda n: ask(f"{base}{home}bench/{n}.ics", "PUT", texts[n], Content_Type="text/calendar")
                list(pool.map(put, range(events)))
    for number in range(calendars):
        make(base, home, f"many{number}")
        ask(f"{base}{home}many{number}/1.ics", "PUT", event(number, now), Content_Type="text/calendar")


def commit(repository: Path, texts: list[str]) -> None:
    """Xandikos keeps each calendar as files in git."""
    for number, text in enumerate(texts):
        (repository / f"{number}.ics").write_bytes(text.encode())
    git = ["git", "-C", str(repository), "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "Filled"], check=True)


def inside(text: str) -> str:
    lines = text.split("\r\n")
    return "\r\n".join(lines[lines.index("BEGIN:VEVENT"):lines.index("END:VEVENT") + 1])


class Ended(Exception):
    """A program that did not do what it was asked to do."""


def run(command: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Seconds, and the peak of the memory in KiB."""
    with tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status:
            errors.seek(0)
            raise Ended(f"{' '.join(command[:2])} gave up after {seconds:.0f} s: {errors.read().decode()[-300:]}")
    return seconds, usage.ru_maxrss


class Daybook:
    def __init__(self, program: str, base: str, names: list[str]) -> None:
        self.program, self.base, self.names = program, base, names
        self.place = tempfile.mkdtemp(prefix="bench-daybook-")
        self.environment = os.environ | {"DAYBOOK_HOME": self.place + "/home", "TZ": "UTC"}
        self.password = self.place + "/password"
        with open(self.password, "w") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(LOGIN[1])

    def call(self, *words: str) -> tuple[float, int]:
        return run([self.program, *words], self.environment)

    def begin(self) -> None:
        shutil.rmtree(self.place + "/home", ignore_errors=True)
        self.call("init", "--name", "Ada", "--quiet")
        self.call("settings", "set", "allowed-hosts", "127.0.0.0/8", "--home-wide")
        self.call(
            "connect", "caldav", self.base, "--login", LOGIN[0], "--password-file", self.password, "--no-sync",
            "--calendars", ",".join(self.names))

    def sync(self) -> tuple[float, int]:
        return self.call("sync", "--quiet")


class VDirSyncer:
    def __init__(self, base: str, home: str, names: list[str]) -> None:
        self.place = tempfile.mkdtemp(prefix="bench-vdirsyncer-")
        self.base, self.home, self.names = base, home, names
        self.environment = os.environ | {"VDIRSYNCER_CONFIG": self.place + "/config"}

    def begin(self) -> None:
        shutil.rmtree(self.place, ignore_errors=True)
        os.makedirs(self.place + "/events")
        collections = ", ".join(f'"{name}"' for name in self.names)
        with open(self.place + "/config", "w") as file:
            file.write(f"""
[general]
status_path = "{self.place}/status/"
[pair bench]
a = "local"
b = "remote"
collections = [{collections}]
[storage local]
type = "filesystem"
path = "{self.place}/events/"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "{self.base}{self.home}"
username = "{LOGIN[0]}"
password = "{LOGIN[1]}"
""")
        subprocess.run(
            ["vdirsyncer", "discover"], env=self.environment, input=b"y\n" * 300, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=True)

    def sync(self) -> tuple[float, int]:
        return run(["vdirsyncer", "sync"], self.environment)


def row(name: str, ours: float, theirs: float, unit: str) -> None:
    print(f"{name:44} {ours:10.2f} {theirs:12.2f} {theirs / ours:8.1f} x   {unit}")


def both(name: str, ours: Daybook, theirs: VDirSyncer, times: int, *before) -> None:
    a, am = medians(ours, times, *before[:1])
    try:
        b, bm = medians(theirs, times, *before[1:])
    except Ended as ended:
        # That is a figure as well: some servers are too slow for what it asks.
        print(f"{name:44} {a:10.2f} s, {am:.0f} MiB; {ended}")
        return
    row(name, a, b, "s")
    row("its peak of memory", am, bm, "MiB")


def medians(peer, times: int, before=lambda: None) -> tuple[float, float]:
    figures = []
    for _ in range(times):
        before()
        figures.append(peer.sync())
    return statistics.median(f[0] for f in figures), statistics.median(f[1] for f in figures) / 1024


def curl_loop(base: str, home: str, calendars: int) -> float:
    """The server's own time: one connection that asks for the mark of each calendar, as large as it may be."""
    body = '<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>'
    command = ["curl", "-s", "-u", ":".join(LOGIN), "-X", "PROPFIND", "-H", "Depth: 0", "-d", body]
    for name in ["bench"] + [f"many{number}" for number in range(calendars)]:
        command += ["-o", "/dev/null", f"{base}{home}{name}/"]
    return run(command, dict(os.environ))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("daybook")
    parser.add_argument("url", help="with a slash at its end")
    parser.add_argument("--home", default="alice/")
    parser.add_argument("--folder", help="where the server keeps its files, which makes filling it quicker")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--calendars", type=int, default=100)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    base = given.url
    fill(base, given.home, given.events, given.calendars, given.folder)

    print(f"{'':44} {'Daybook':>10} {'vdirsyncer':>12} {'ratio':>10}")
    ours, theirs = Daybook(given.daybook, base, ["bench"]), VDirSyncer(base, given.home, ["bench"])
    both(f"first sync of {given.events} events", ours, theirs, given.times, ours.begin, theirs.begin)
    both("sync with nothing changed", ours, theirs, given.times + 2)

    many = [f"many{number}" for number in range(given.calendars)]
    ours = Daybook(given.daybook, base, many)
    ours.begin()
    ours.sync()
    a, _ = medians(ours, given.times + 2)
    loop = statistics.median(curl_loop(base, given.home, given.calendars) for _ in range(given.times + 2))
    print(f"{f'{given.calendars} calendars, nothing changed':44} {a:10.2f} s; a loop of curl over them takes {loop:.2f} s")


main()
