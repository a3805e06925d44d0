"""What the tools beside it stand on: calendars that change, a service that reads them, and people who write to it."""

import http.client
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def built(given):
    """Where the program lies; it is built where nobody says so."""
    return given or subprocess.run(
        [ROOT / "tools/build"], capture_output=True, text=True, check=True).stdout.strip()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Feeds:
    """Three calendars whose meetings come, move and go, as an ICS feed each."""

    PEOPLE = [f"friend{number}@circle.example" for number in range(12)]

    def __init__(self, chance):
        self.chance, self.lock, self.isFaulty = chance, threading.Lock(), False
        self.calendars = [{} for _ in range(3)]
        for calendar in range(3):
            for _ in range(40):
                self.add(calendar)
        feeds = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if feeds.isFaulty and feeds.chance.random() < 0.02:
                    self.send_response(503)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = feeds.text(int(self.path.strip("/").split(".")[0])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/calendar; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        # Whoever asked was killed, most likely.
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def add(self, calendar):
        ended = datetime.now(timezone.utc) - timedelta(hours=self.chance.randint(2, 24 * 40))
        who = self.chance.sample(self.PEOPLE, self.chance.randint(1, 3))
        uid = f"{self.chance.getrandbits(64):x}@circle.example"
        self.calendars[calendar][uid] = [ended, who, 0]

    def change(self):
        with self.lock:
            calendar = self.chance.randrange(3)
            events = self.calendars[calendar]
            kind = self.chance.random()
            if kind < 0.5 or len(events) < 30:
                self.add(calendar)
            else:
                event = events[self.chance.choice(list(events))]
                event[0] += timedelta(minutes=self.chance.choice([-60, -30, 30, 60]))
                event[2] += 1

    def text(self, calendar):
        with self.lock:
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kills//EN", f"X-WR-CALNAME:Circle {calendar}"]
            for uid, (ended, who, sequence) in self.calendars[calendar].items():
                begins = ended - timedelta(hours=1)
                lines += [
                    "BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}", "DTSTAMP:20260101T000000Z",
                    f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{ended:%Y%m%dT%H%M%SZ}", "SUMMARY:A talk",
                    "ORGANIZER:mailto:me@circle.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@circle.example",
                ] + [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{mail}" for mail in who] + ["END:VEVENT"]
            return "\r\n".join(lines + ["END:VCALENDAR", ""])


class Service:
    """The service, and how it is asked."""

    def __init__(self, program, home, port):
        self.program, self.home, self.port = program, home, port
        self.process = None

    def command(self, *words, text=None, check=True):
        ended = subprocess.run(
            [self.program, *words, "--home", self.home], input=text, capture_output=True, text=True,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
        if check and ended.returncode not in (0, 3):
            raise SystemExit(f"daybook {' '.join(words)}: exit {ended.returncode}\n{ended.stderr}")
        return ended

    def start(self, log, added={}):
        """How many milliseconds pass until it says that it is ready."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--home", self.home, "--listen", f"127.0.0.1:{self.port}", "--log", "json",
             "--begin-after", "0"], stdout=log, stderr=log, env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **added})
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"the service ended by itself with {self.process.returncode}; see the log")
            try:
                if self.ask(None, "GET", "/readyz")[0] == 200:
                    return (time.monotonic() - began) * 1000
            except OSError:
                pass
            if time.monotonic() - began > 60:
                raise SystemExit("the service is not ready after a minute")
            time.sleep(0.005)

    def ask(self, token, method, path, body=None, timeout=20):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            if body is not None:
                headers["Content-Type"] = "application/json"
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            data = answer.read()
            try:
                return answer.status, json.loads(data)
            except ValueError:
                return answer.status, {}
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


class Writer(threading.Thread):
    """Writes on and on, and remembers what was answered."""

    def __init__(self, number, service, token, acknowledged, goes_on, pause=0):
        super().__init__(daemon=True)
        self.number, self.service, self.token, self.pause = number, service, token, pause
        self.acknowledged, self.goes_on, self.count = acknowledged, goes_on, 0

    def run(self):
        while self.goes_on.is_set():
            time.sleep(self.pause)
            self.count += 1
            name = f"Writer {self.number} {time.monotonic_ns()}"
            try:
                status, answer = self.service.ask(self.token, "POST", "/api/v1/people", {"name": name})
                if status == 201:
                    person = answer["person"]["person"]
                    self.acknowledged["people"].append((person, name))
                    status, answer = self.service.ask(
                        self.token, "POST", "/api/v1/activities",
                        {"person": person, "kind": "call", "title": name, "occurred": "2h"})
                    if status == 201:
                        self.acknowledged["activities"].append((person, name))
                if self.count % 5 == 0:
                    self.service.ask(self.token, "POST", "/api/v1/sync", {})
            except OSError:
                time.sleep(0.01)


def filled(service, entries):
    """A home that holds much before it begins."""
    head = int(json.loads(service.command("metrics", "--json").stdout)["ledger"]["entries"])
    lines = []
    for number in range(max(0, entries - head)):
        lines.append(json.dumps({
            "type": "job.finished", "stream": "job/fill", "owner": "home", "actor": "kills",
            "data": {"job": "match", "run": f"fill{number}", "trigger": "manual", "outcome": "success", "attempts": 1,
                     "started": 1, "duration_milliseconds": 1, "processed": 0, "created": 0, "updated": 0, "deleted": 0}}))
    if lines:
        service.command("append", "--batch", "10000", text="\n".join(lines) + "\n")


def begun(program, place, feeds, entries):
    """A service over a new home with people, three feeds and so many entries. It does not run yet."""
    service = Service(program, f"{place}/home", free_port())
    service.command("init", "--name", "Me", "--zone", "Europe/Berlin", "--quiet")
    service.command("settings", "set", "allowed-hosts", f"127.0.0.1:{feeds.port}", "--home-wide")
    service.command("settings", "set", "limit", "1000")
    service.command("own-address", "add", "me@circle.example")
    for mail in Feeds.PEOPLE:
        service.command("people", "add", mail.split("@")[0], "--email", mail)
    for calendar in range(3):
        service.command(
            "connect", "feed", f"http://127.0.0.1:{feeds.port}/{calendar}.ics", "--allow-http", "--name",
            f"Circle {calendar}", "--email", "me@circle.example")
    filled(service, entries)
    service.command("jobs", "run", "verify")
    return service


def tokens(service, count):
    return [
        service.command("tokens", "issue", f"Writer {number}", "--scope", "read,write,admin").stdout.strip()
        for number in range(count)
    ]
