#!/usr/bin/env python3
"""Measures the expansion of rules beside python-dateutil, and prints how many times as long dateutil takes.

    tools/bench/expand.py BENCH [COUNT]     BENCH is the built CalendarBench

The rules are of the kinds that people have: weekly meetings for years, a day of the month, birthdays, work days. Each is
asked for its occurrences in two years, as a refresh of a calendar does. Both sides read the rule from text each time.
"""
import json
import random
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

MOMENT = "%Y%m%dT%H%M%S"
KINDS = [
    "FREQ=WEEKLY;BYDAY={day}", "FREQ=WEEKLY;INTERVAL=2;BYDAY={day}", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY",
    "FREQ=DAILY", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=200",
    "FREQ=MONTHLY;BYDAY={place}{day}", "FREQ=MONTHLY;BYMONTHDAY={date}", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH={month};BYDAY={place}{day}", "FREQ=WEEKLY;BYDAY={day};UNTIL=20271231T000000",
]


def questions(count):
    chance = random.Random(7)
    for number in range(count):
        start = datetime(2015, 1, 1, 9) + timedelta(days=chance.randrange(4000), minutes=15 * chance.randrange(32))
        rule = KINDS[number % len(KINDS)].format(
            day=chance.choice(["MO", "TU", "WE", "TH", "FR"]), place=chance.choice([1, 2, 3, -1]),
            date=chance.randrange(1, 29), month=chance.randrange(1, 13))
        yield start, rule, datetime(2025, 11, 21), datetime(2027, 11, 21)


def dateutil(asked):
    began = time.perf_counter()
    found = sum(len(rrulestr(rule, dtstart=start).between(first, last, inc=True)) for start, rule, first, last in asked)
    return time.perf_counter() - began, found


def main():
    asked = list(questions(int(sys.argv[2]) if len(sys.argv) > 2 else 650))
    text = "".join(
        "\t".join([start.strftime(MOMENT), rule, first.strftime(MOMENT), last.strftime(MOMENT)]) + "\n"
        for start, rule, first, last in asked)
    answers = subprocess.run([sys.argv[1], "expand"], input=text, capture_output=True, text=True, check=True).stdout
    ours = {}
    for line in answers.splitlines():
        answer = json.loads(line)
        ours.setdefault(answer["work"], []).append(answer)
    theirs = [dateutil(asked) for _ in range(3)]
    seconds = statistics.median(taken for taken, _ in theirs)
    print(f"dateutil: {len(asked)} rules, {theirs[0][1]} occurrences, {seconds * 1000:.1f} ms")
    for work, rounds in ours.items():
        median = statistics.median(answer["seconds"] for answer in rounds)
        print(f"daybook {work}: {rounds[0]['count']} occurrences, {median * 1000:.2f} ms, {seconds / median:.0f} times as fast")


main()
