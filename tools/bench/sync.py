#!/usr/bin/env python3
"""Measures syncs of calendars in files: the first one, one with nothing changed, one with one event changed.

Usage: sync.py DAYBOOK [EVENTS]

Time and the largest memory are those of the program itself, started as a person would start it.
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

FILES = 8


def event(number: int, title: str) -> str:
    start = datetime.now().replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=80)
    start += timedelta(minutes=(number * 7) % (100 * 1440) // 15 * 15)
    guest = number % 5000
    return "\r\n".join([
        "BEGIN:VEVENT", f"UID:event-{number}@bench.example", "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}", "DURATION:PT45M", f"SUMMARY:{title}",
        "LOCATION:Second floor", "DESCRIPTION:What there is to say about it fills about one line of a screen.",
        "ORGANIZER;CN=Ada:mailto:ada@bench.example", "ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED:mailto:ada@bench.example",
        f"ATTENDEE;CN=Guest {guest};PARTSTAT=ACCEPTED:mailto:guest{guest}@elsewhere.example", "END:VEVENT"])


def write(folder: Path, events: int, changed: int | None = None) -> None:
    for file in range(FILES):
        numbers = range(file, events, FILES)
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", f"X-WR-CALNAME:Bench {file}"]
        lines += [event(n, "Changed" if n == changed else f"Meeting {n}") for n in numbers]
        (folder / f"calendar{file}.ics").write_text("\r\n".join(lines + ["END:VCALENDAR", ""]), newline="")


def run(*words: str) -> tuple[float, float]:
    """Seconds, and the largest memory in MB."""
    started = time.monotonic()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"sync.py: {' '.join(words)} failed")
    return time.monotonic() - started, usage.ru_maxrss / 1024


def main() -> None:
    daybook, events = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    place = Path(tempfile.mkdtemp(prefix="daybook-bench-"))
    try:
        os.environ["DAYBOOK_HOME"] = str(place / "home")
        calendars = place / "calendars"
        calendars.mkdir()
        write(calendars, events)
        time.sleep(2.1)  # A file that was written just now is read once more, whatever it looks like.
        run(daybook, "init", "--quiet", "--name", "Ada", "--zone", "Europe/Berlin")
        run(daybook, "connect", "ics", str(calendars), "--no-sync", "--quiet", "--email", "ada@bench.example")
        rows = [("first sync", *run(daybook, "sync", "--quiet"))]
        rows.append(("nothing changed", *run(daybook, "sync", "--quiet")))
        write(calendars, events, changed=events // 2)
        rows.append(("one event changed", *run(daybook, "sync", "--quiet")))
        print(f"{'sync of ' + str(events) + ' events':28} {'seconds':>8} {'MB':>7} {'events/s':>10}")
        for name, seconds, megabytes in rows:
            print(f"{name:28} {seconds:8.2f} {megabytes:7.0f} {events / seconds:10.0f}")
    finally:
        shutil.rmtree(place)


main()
