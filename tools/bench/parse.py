"""Makes the calendar that all sides read, measures the package `icalendar`, and prints the table.

parse.py join OUT MEGABYTES [CORPUS]   events of a corpus with identities of their own, or invented ones
parse.py read FILE                     one line of JSON
parse.py table < LINES                 the fastest run of each side, and how it compares with libical
"""

import json
import pathlib
import re
import sys
import time


def events_of(corpus):
    """Every VEVENT of the files of a corpus, in UTF-8 and with CRLF."""
    for path in sorted(pathlib.Path(corpus).rglob("*.ics")):
        raw = path.read_bytes()
        if len(raw) > 500_000 or b"\0" in raw:
            continue
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        for event in re.findall(r"^BEGIN:VEVENT\n.*?^END:VEVENT\n", text, re.DOTALL | re.MULTILINE):
            # Files of tests hold places for values that a test fills in; they are no events yet.
            if re.search(r"^DTSTART[^:\n]*:\d{8}", event, re.MULTILINE) and event.count("BEGIN:VEVENT") == 1:
                yield event.replace("\n", "\r\n")


def invented():
    """Events of the usual kinds."""
    for number in range(1000):
        people = "".join(
            f'ATTENDEE;CN="Person {who}";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:\r\n person{who}@example.org\r\n'
            for who in range(number % 7)
        )
        rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20271231T000000Z\r\n" if number % 5 == 0 else ""
        text = "An agenda with several points\\, and a folded line of some length that goes\r\n  on and on. " * (number % 4)
        yield (
            f"BEGIN:VEVENT\r\nUID:{number}@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
            f"DTSTART;TZID=Europe/Berlin:202603{number % 28 + 1:02}T090000\r\n"
            f"DTEND;TZID=Europe/Berlin:202603{number % 28 + 1:02}T100000\r\n{rule}SUMMARY:Meeting {number}\r\n"
            f"DESCRIPTION:{text}\r\nLOCATION:Room {number % 9}\r\n{people}"
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        )


def join(out, megabytes, corpus=None):
    events = list(events_of(corpus)) if corpus and pathlib.Path(corpus).exists() else list(invented())
    written = number = 0
    with open(out, "w", encoding="utf-8", newline="") as file:
        file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n")
        while written < float(megabytes) * 1e6:
            for event in events:
                number += 1
                event = re.sub(r"^UID[^\r\n]*(\r\n[ \t][^\r\n]*)*\r\n", "", event, flags=re.MULTILINE)
                event = event.replace("BEGIN:VEVENT\r\n", f"BEGIN:VEVENT\r\nUID:{number}@bench\r\n", 1)
                written += file.write(event)
        file.write("END:VCALENDAR\r\n")
    print(f"{number} events, {written / 1e6:.0f} MB", file=sys.stderr)


def read(path):
    import icalendar

    data = pathlib.Path(path).read_bytes()
    start = time.monotonic()
    calendar = icalendar.Calendar.from_ical(data)
    seconds = time.monotonic() - start
    count = sum(1 for _ in calendar.walk("VEVENT"))
    print(json.dumps({"side": "icalendar", "work": "events", "bytes": len(data), "count": count, "seconds": seconds}))


def table():
    best = {}
    for line in sys.stdin:
        run = json.loads(line)
        key = run["side"], run["work"]
        if key not in best or run["seconds"] < best[key]["seconds"]:
            best[key] = run
    limit = best.get(("libical", "events"))
    print(f"{'side':10} {'work':11} {'MB':>6} {'MB/s':>8} {'events/s':>10} {'of libical':>10}")
    for (side, work), run in sorted(best.items()):
        speed = run["bytes"] / run["seconds"] / 1e6
        ratio = speed / (limit["bytes"] / limit["seconds"] / 1e6) if limit else 0
        rate = run["count"] / run["seconds"]
        print(f"{side:10} {work:11} {run['bytes'] / 1e6:6.0f} {speed:8.1f} {rate:10.0f} {ratio:9.2f}x")


if __name__ == "__main__":
    {"join": join, "read": read, "table": table}[sys.argv[1]](*sys.argv[2:])
