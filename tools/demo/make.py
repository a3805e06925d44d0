#!/usr/bin/env python3
"""Writes a sample into a folder: two calendars and an address book of a small firm, for the weeks around today.

The firm, its people and their addresses are invented. Usage: make.py FOLDER
"""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

TODAY = date.today()
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
ADA = "ada@brandt-olsen.example"


def workday(days_ago: int) -> date:
    """The day so long ago, or the Friday before it if it is on a weekend."""
    day = TODAY - timedelta(days=days_ago)
    return day - timedelta(days=max(0, day.weekday() - 4))


def monday(weeks_ago: int) -> date:
    return TODAY - timedelta(days=TODAY.weekday(), weeks=weeks_ago)


def last_clock_change() -> date:
    """The last night in which clocks in Berlin were changed: the last Sunday of March or October."""
    nights = []
    for year in (TODAY.year - 1, TODAY.year):
        for month in (3, 10):
            last = date(year, month, 31)
            nights.append(last - timedelta(days=(last.weekday() + 1) % 7))
    return max(night for night in nights if night < TODAY)


def time(name: str, day: date, hour: int, minute: int = 0, zone: str = BERLIN) -> str:
    return f"{name};TZID={zone}:{day:%Y%m%d}T{hour:02}{minute:02}00"


def person(kind: str, mail: str, name: str, answer: str = "ACCEPTED", **more: str) -> str:
    extra = "".join(f";{key.upper()}={value}" for key, value in more.items())
    return f"{kind};CN={name};PARTSTAT={answer}{extra}:mailto:{mail}"


def ada(answer: str = "ACCEPTED") -> str:
    return person("ATTENDEE", ADA, "Ada Brandt", answer)


BEN = person("ATTENDEE", "ben.ode@harbour.example", "Ben Ode")
CARLA = person("ATTENDEE", "carla@nunes.example", "Carla Nunes")
GRACE = person("ATTENDEE", "grace@hallandsons.example", "Grace Hall")
DENIZ = person("ATTENDEE", "deniz.kaya@foundry.example", "Deniz Kaya")
JONAS = person("ATTENDEE", "jonas@brandt-olsen.example", "Jonas Olsen")
ROOM = person("ATTENDEE", "room-elbe@brandt-olsen.example", "Room Elbe", cutype="ROOM")


def event(uid: str, *lines: str) -> list[str]:
    stamp = f"DTSTAMP:{TODAY:%Y%m%d}T000000Z"
    return ["BEGIN:VEVENT", f"UID:{uid}@brandt-olsen.example", stamp, *lines, "END:VEVENT"]


def calendar(name: str, events: list[list[str]]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Brandt & Olsen//Sample//EN", f"X-WR-CALNAME:{name}"]
    for one in events:
        lines += one
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def shared() -> list[str]:
    day = workday(12)
    return event(
        "fair", time("DTSTART", day, 13), time("DTEND", day, 14, 30), "SUMMARY:Planning the spring fair",
        "LOCATION:Room Elbe", ada(), JONAS, BEN, CARLA, ROOM)


def work() -> list[list[str]]:
    start = monday(9) + timedelta(days=1)
    moved, dropped = start + timedelta(weeks=3), start + timedelta(weeks=5)
    call = monday(8) + timedelta(days=3)
    night = last_clock_change()
    people = [ada(), BEN, DENIZ]
    return [
        # A series with one occurrence moved and one cancelled.
        event(
            "harbour", time("DTSTART", start, 10), time("DTEND", start, 10, 45), "RRULE:FREQ=WEEKLY;COUNT=14",
            "SUMMARY:Harbour project", "CONFERENCE;VALUE=URI:https://zoom.us/j/4470010020?pwd=sample", *people),
        event(
            "harbour", time("RECURRENCE-ID", moved, 10), time("DTSTART", moved + timedelta(days=1), 15),
            time("DTEND", moved + timedelta(days=1), 15, 45), "SUMMARY:Harbour project (moved to Wednesday)", *people),
        event(
            "harbour", time("RECURRENCE-ID", dropped, 10), time("DTSTART", dropped, 10),
            time("DTEND", dropped, 10, 45), "STATUS:CANCELLED", "SUMMARY:Harbour project", *people),
        # A series that lives by the clocks of New York.
        event(
            "hall", time("DTSTART", call, 9, 30, NEW_YORK), time("DTEND", call, 10, 15, NEW_YORK),
            "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6", "SUMMARY:Call with Hall & Sons",
            "DESCRIPTION:https://teams.microsoft.com/l/meetup-join/19%3asample%40thread.v2/0", ada(), GRACE),
        # A night in which the clocks were changed: it lasts an hour more or less than it seems.
        event(
            "night", time("DTSTART", night - timedelta(days=1), 23), time("DTEND", night, 6),
            "SUMMARY:Server move at the foundry", ada(), DENIZ),
        shared(),
        event(
            "lunch", time("DTSTART", workday(20), 12, 30), "DURATION:PT1H15M", "SUMMARY:Lunch with Maria",
            person("ATTENDEE", "m.s@fourseas.example", "Maria"), ada()),
        event(
            "offer", time("DTSTART", workday(16), 11), "DURATION:PT30M", "SUMMARY:Offer for the crane",
            person("ATTENDEE", "ben@old-harbour.example", "Ben Ode"), ada()),
        event(
            "newsletter", time("DTSTART", workday(25), 16), "DURATION:PT45M", "SUMMARY:Catalogue",
            person("ATTENDEE", "carla+catalogue@nunes.example", "Carla Nunes"), ada()),
        event(
            "doctor", time("DTSTART", workday(9), 8), "DURATION:PT1H", "CLASS:PRIVATE", "SUMMARY:Doctor",
            person("ATTENDEE", "praxis@doctor.example", "Dr. Weiss"), ada()),
        event(
            "pitch", time("DTSTART", workday(18), 17), "DURATION:PT1H", "SUMMARY:Pitch of a printer",
            person("ORGANIZER", "deniz.kaya@foundry.example", "Deniz Kaya"), ada("DECLINED")),
        event(
            "holiday", f"DTSTART;VALUE=DATE:{workday(40):%Y%m%d}",
            f"DTEND;VALUE=DATE:{workday(40) + timedelta(days=3):%Y%m%d}", "SUMMARY:Away", ada()),
        event("focus", time("DTSTART", workday(6), 9), "DURATION:PT2H", "SUMMARY:Write the offer", ada()),
        event(
            "next", time("DTSTART", TODAY + timedelta(days=2), 14), "DURATION:PT1H", "SUMMARY:Review with Carla",
            ada(), CARLA),
    ]


def team() -> list[list[str]]:
    return [
        shared(),
        event(
            "standup", time("DTSTART", monday(4), 9), "DURATION:PT15M", "RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
            "SUMMARY:Stand-up", ada(), JONAS),
    ]


def card(uid: str, given: str, family: str, *mails: str, organization: str = "") -> list[str]:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{given} {family}", f"N:{family};{given};;;"]
    lines += [f"EMAIL;TYPE=INTERNET:{mail}" for mail in mails]
    return [*lines, *([f"ORG:{organization}"] if organization else []), "END:VCARD"]


def people() -> str:
    cards = [
        card("p1", "Ben", "Ode", "ben.ode@harbour.example", "ben@harbour.example", organization="Harbour Works"),
        card("p2", "Carla", "Nunes", "carla@nunes.example", organization="Nunes Lda"),
        card("p3", "Grace", "Hall", "grace@hallandsons.example", organization="Hall & Sons"),
        card("p4", "Deniz", "Kaya", "deniz.kaya@foundry.example", organization="Foundry"),
        card("p5", "Maria", "Silva", "maria.silva@fourseas.example", organization="Four Seas"),
        card("p6", "Maria", "Rossi", "maria@rossi.example"),
    ]
    return "\r\n".join([line for one in cards for line in one] + [""])


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "calendars").mkdir(parents=True, exist_ok=True)
    (folder / "calendars" / "work.ics").write_text(calendar("Ada, work", work()), newline="")
    (folder / "calendars" / "team.ics").write_text(calendar("Team", team()), newline="")
    (folder / "people.vcf").write_text(people(), newline="")


main()
