"""Proves what both emulators are made of, with nothing but Python: recurrences, faults, clock, journal, ending."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import urlencode

from harness import RUN, Emulator, check, equal, run

sys.path.insert(0, str(RUN.parent))

from emulator.base.recurrence import Rule, Series  # noqa: E402

LIST = "/calendar/v3/users/me/calendarList"
google = Emulator("google", "--no-contract", "--user", "ada@example.test", "--user", "bo@example.test")
microsoft = Emulator("microsoft")


def days(rule: str, first: str, count: int = 6) -> list[str]:
    series = Series(date.fromisoformat(first), rules=[Rule.parse(rule)])
    found = [str(day) for _, day in zip(range(count), series.starts())]
    return found


# The examples of RFC 5545, section 3.8.5.3, which say their days.
RFC = [
    ("FREQ=DAILY;COUNT=3", "1997-09-02", ["1997-09-02", "1997-09-03", "1997-09-04"]),
    (
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "1997-09-02",
        ["1997-09-02", "1997-09-12", "1997-09-22", "1997-10-02", "1997-10-12"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        ["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997-08-05",
        ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997-08-05",
        ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", ["1997-09-05", "1997-10-03", "1997-11-07"]),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU",
        "1997-09-07",
        ["1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30"],
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22", ["1997-09-22", "1997-10-20", "1997-11-17"]),
    ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", "1997-09-28", ["1997-09-28", "1997-10-29", "1997-11-28"]),
    ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1", "1997-09-30", ["1997-09-30", "1997-10-01", "1997-10-31", "1997-11-01"]),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
        "1997-01-01",
        ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01"],
    ),
    ("FREQ=YEARLY;COUNT=3;BYDAY=20MO", "1997-05-19", ["1997-05-19", "1998-05-18", "1999-05-17"]),
    ("FREQ=YEARLY;COUNT=3;BYWEEKNO=20;BYDAY=MO", "1997-05-12", ["1997-05-12", "1998-05-11", "1999-05-17"]),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", ["1998-02-13", "1998-03-13", "1998-11-13"]),
    (
        "FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        ["1996-11-05", "2000-11-07", "2004-11-02"],
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", ["1997-09-04", "1997-10-07", "1997-11-06"]),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", ["1997-09-29", "1997-10-30", "1997-11-27"]),
    ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=31", "1997-01-31", ["1997-01-31", "1997-03-31", "1997-05-31"]),
    ("FREQ=YEARLY;COUNT=2", "1996-02-29", ["1996-02-29", "2000-02-29"]),
    ("FREQ=DAILY;UNTIL=19970904", "1997-09-02", ["1997-09-02", "1997-09-03", "1997-09-04"]),
]


@check("rules make the days that RFC 5545 says they make")
def rules() -> None:
    for rule, first, wanted in RFC:
        equal((rule, days(rule, first)), (rule, wanted))


@check("a rule that fits no day ends")
def impossible() -> None:
    began = time.monotonic()
    equal(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "1997-02-01"), ["1997-02-01"])
    assert time.monotonic() - began < 2


@check("series keep their local time over both changes of clocks")
def clocks() -> None:
    series = Series.parse(
        datetime(2026, 3, 28, 2, 30),
        "Europe/Berlin",
        ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20260330T023000"],
    )
    equal(
        list(series.starts()),
        [datetime(2026, 3, 28, 1, 30, tzinfo=timezone.utc), datetime(2026, 3, 29, 1, 30, tzinfo=timezone.utc)],
    )
    series = Series.parse(datetime(2026, 10, 25, 2, 30), "Europe/Berlin", ["RDATE:20261026T120000Z"])
    equal(
        list(series.starts()),
        [datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc), datetime(2026, 10, 26, 12, 0, tzinfo=timezone.utc)],
    )


def ask(emulator: Emulator, path: str = LIST, **grant: Any) -> tuple[int, dict[str, str], bytes]:
    token = emulator("POST", "tokens", grant)["access_token"]
    return emulator.raw("GET", path, headers={"Authorization": f"Bearer {token}"})


def wire(fault: str, **more: Any) -> bytes:
    """All bytes of an answer as they come, until the connection ends."""
    google("POST", "faults", {"match": "calendarList.list", "kind": fault, **more})
    token = google("POST", "tokens", {})["access_token"]
    with socket.create_connection(("127.0.0.1", int(google.url.rpartition(":")[2])), 5) as connection:
        head = f"GET {LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        connection.sendall(head.encode())
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


def declared(answer: bytes) -> tuple[int, int]:
    """How long the body is said to be, and how long it is."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    return int(length.split(b":")[1]), len(body)


@check("faults strike as often and as late as they are told, and no other request")
def counting() -> None:
    google(
        "POST",
        "faults",
        {"match": "calendarList.*", "kind": "status:503|reason:backendError|retry-after:7", "times": 2, "after": 1},
    )
    answers = [ask(google) for _ in range(4)]
    equal([status for status, _, _ in answers], [200, 503, 503, 200])
    equal(answers[1][1]["Retry-After"], "7")
    equal(json.loads(answers[1][2])["error"]["errors"][0]["reason"], "backendError")
    equal(google("GET", "faults")[0]["struck"], 2)
    google("POST", "faults", {"match": "*", "kind": "status:500", "times": 0, "user": "bo@example.test"})
    equal((ask(google)[0], ask(google, user="bo@example.test")[0]), (200, 500))


@check("answers can be cut, truncated, replaced by a page or by nothing, and connections reset")
def spoiling() -> None:
    said, sent = declared(wire("cut"))
    assert 0 < sent < said
    said, sent = declared(wire("truncate"))
    assert 0 < sent == said
    assert b"<!DOCTYPE html>" in wire("html") and b"200 OK" in wire("html")
    equal(declared(wire("empty")), (0, 0))
    assert b"\xff\xfe" in wire("garbage")
    try:
        wire("reset")
    except ConnectionResetError:
        pass
    else:
        raise AssertionError("the connection was not reset")


@check("a late fault loses only the answer; what was asked has happened")
def late() -> None:
    token = google("POST", "tokens", {})["access_token"]
    body = json.dumps({"start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}}).encode()
    for wish, count in (({}, 0), ({"late": True}, 1)):
        google("POST", "faults", {"match": "events.insert", "kind": "status:503", **wish})
        headers = {"Authorization": f"Bearer {token}"}
        equal(google.raw("POST", "/calendar/v3/calendars/primary/events", body, headers)[0], 503)
        equal(len(google("GET", "calendars/primary/events")), count)


@check("a delay holds an answer up")
def delay() -> None:
    google("POST", "faults", {"match": "calendarList.list", "kind": "delay:300"})
    began = time.monotonic()
    equal(ask(google)[0], 200)
    assert time.monotonic() - began >= 0.3


@check("Retry-After can be a date, by the emulator's clock")
def dates() -> None:
    google("PUT", "clock", {"now": "2026-01-05T00:00:00Z", "stopped": True})
    google("POST", "faults", {"match": "*", "kind": "status:429|retry-after:date+60"})
    status, headers, _ = ask(google)
    equal(
        (status, headers["Retry-After"], headers["Date"]),
        (429, "Mon, 05 Jan 2026 00:01:00 GMT", "Mon, 05 Jan 2026 00:00:00 GMT"),
    )
    google("PUT", "clock", {"stopped": False})


@check("tokens expire by the clock that control moves")
def expiry() -> None:
    token = google("POST", "tokens", {})["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    equal(google.raw("GET", LIST, headers=headers)[0], 200)
    google("PUT", "clock", {"advance": "2h"})
    equal(google.raw("GET", LIST, headers=headers)[0], 401)


@check("the journal keeps what was asked, with its headers, and counts it by user and app")
def journal() -> None:
    ask(google, "/calendar/v3/calendars/primary/events?maxResults=5&q=a%20b")
    line = google("GET", "requests?operation=events.list")[0]
    equal(
        (line["method"], line["query"], line["user"], line["status"]),
        ("GET", [["maxResults", "5"], ["q", "a b"]], "ada@example.test", 200),
    )
    assert any(name == "Authorization" for name, _ in line["headers"])
    counters = google("GET", "counters")
    equal(counters["mostInAMinute"], {"ada@example.test": 1})
    equal(counters["mostInFlight"]["app:emulated-client user:ada@example.test"], 1)
    google("PUT", "limits", {"perMinutePerUser": 2})
    equal([ask(google)[0] for _ in range(2)], [200, 403])


@check("without Google's description, unknown parameters and values are refused all the same")
def table() -> None:
    for query in ("colour=red", "singleEvents=yes", "orderBy=size"):
        equal(ask(google, "/calendar/v3/calendars/primary/events?" + query)[0], 400)


@check("fields that no event has, and values that a field cannot have, are refused")
def fields() -> None:
    for emulator, path in ((google, "/calendar/v3/calendars/primary/events"), (microsoft, "/v1.0/me/events")):
        token = emulator("POST", "tokens", {})["access_token"]
        for wrong in ({"colour": "red"}, {"attendees": {}}, {"start": "2026-01-05"}, {"attendees": [1]}):
            body = {"start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}, **wrong}
            status, _, _ = emulator.raw("POST", path, json.dumps(body).encode(), {"Authorization": f"Bearer {token}"})
            equal((path, wrong, status), (path, wrong, 400))


@check("users have their own calendars and share others")
def users() -> None:
    google(
        "PUT", "calendars/shared", {"summary": "Shared", "events": [{"summary": "Both", "start": "2026-01-05T09:00"}]}
    )
    google("PUT", "calendars/shared?user=bo@example.test", {"accessRole": "reader"})
    for user in ("ada@example.test", "bo@example.test"):
        equal([e["id"] for e in json.loads(ask(google, user=user)[2])["items"]], [user, "shared"])


@check("the consent page lets a person choose, and sends them back")
def page() -> None:
    scope = "https://www.googleapis.com/auth/calendar.readonly"
    query = f"client_id=emulated-client&redirect_uri=http://127.0.0.1:9/back&response_type=code&state=s&scope={scope}"
    status, _, body = google.raw("GET", "/o/oauth2/v2/auth?" + query)
    assert status == 200 and scope.encode() in body
    asked = {
        "client_id": "emulated-client",
        "redirect_uri": "http://127.0.0.1:9/back",
        "response_type": "code",
        "state": "s",
        "scope": scope,
    }
    for decision, found in (("allow", "code="), ("deny", "error=access_denied")):

        form = urlencode(
            {"asked": json.dumps(asked), "user": "bo@example.test", f"scope {scope}": "on", "decision": decision}
        )
        status, headers, _ = google.raw("POST", "/o/oauth2/v2/auth", form.encode())
        assert status == 302 and found in headers["Location"] and "state=s" in headers["Location"]
    refused = google.raw("GET", "/o/oauth2/v2/auth?" + query.replace("127.0.0.1:9", "example.test"))
    equal(refused[0], 400)


@check("control says what it does not understand, and goes on")
def control() -> None:
    for emulator in (google, microsoft):
        for method, path, body, status in (
            ("GET", "nothing", b"", 404),
            ("POST", "faults", b'{"kind":"flood"}', 400),
            ("PUT", "clock", b'{"now":"soon"}', 400),
            ("PUT", "clock", b"{", 400),
            ("PATCH", "calendars/primary/events/none", b"{}", 404),
            ("POST", "calendars/primary/generate", b'{"count":-1}', 400),
            ("POST", "calendars/none/expire", b"{}", 404),
            ("POST", "calendars/primary/events", b'{"start":"yesterday"}', 400),
            ("PUT", "push", b'{"loud":true}', 400),
            ("POST", "faults", b"[1]", 400),
            ("PUT", "consent", b'{"colour":"red"}', 400),
            ("PUT", "paging", b'{"colour":"red"}', 400),
        ):
            found, _, answer = emulator.raw(method, f"/_control/{path}", body)
            equal((method, path, found, "error" in json.loads(answer)), (method, path, status, True))
        emulator("POST", "reset")


@check("nonsense on the wire ends no emulator")
def nonsense() -> None:
    port = int(google.url.rpartition(":")[2])
    for bytes_sent in (
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /%ff%fe?%zz=1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /o/oauth2/v2/auth HTTP/1.1\r\nContent-Length: 9\r\n\r\nasked=%7B",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 70000 + b"\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(bytes_sent)
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(65536):
                    pass
            except ConnectionResetError:
                pass
    equal(ask(google)[0], 200)


@check("it ends when its input ends, and on SIGTERM; with --stay or /dev/null it goes on")
def ending() -> None:
    equal(Emulator("google", "--no-contract").end(), 0)
    for arguments, stdin in ((["--stay"], subprocess.PIPE), ([], subprocess.DEVNULL)):
        process = subprocess.Popen(
            [sys.executable, str(RUN), "microsoft", *arguments], stdin=stdin, stdout=subprocess.PIPE
        )
        assert process.stdout
        address = process.stdout.readline().split()[-1].decode()
        if process.stdin:
            process.stdin.close()
        time.sleep(0.5)
        equal(process.poll(), None)
        equal(microsoft.raw("GET", address + "/_control/state")[0], 200)
        os.kill(process.pid, signal.SIGTERM)
        equal(process.wait(5), 0)


def fresh() -> None:
    google("POST", "reset")
    google("PUT", "clock", {"now": datetime.now(timezone.utc).isoformat(), "stopped": False})


run(fresh)
