#!/usr/bin/env python3
"""Says what python-dateutil makes of rules of recurrence.

Reads lines of a start, a rule, a number and an end, with tabs between them, and answers each with a line: the first
occurrences, no more than the number and none after the end, with commas between them. `timeout` stands for a rule that
dateutil did not finish within 30 milliseconds, and `error` with a reason for one that it refuses.
"""
import signal
import sys
from datetime import datetime

from dateutil.rrule import rrulestr

MOMENT = "%Y%m%dT%H%M%S"

SECONDS = 0.03
is_running = False


class Timeout(Exception):
    pass


def expire(*_):
    if is_running:
        raise Timeout()


def occurrences(start, rule, most, end):
    found = []
    for time in rrulestr(rule, dtstart=start):
        if time > end or len(found) == most:
            break
        found.append(time.strftime(MOMENT))
    return found


def answer(line):
    global is_running
    start, rule, most, end = line.rstrip("\n").split("\t")
    try:
        is_running = True
        found = occurrences(datetime.strptime(start, MOMENT), rule, int(most), datetime.strptime(end, MOMENT))
        is_running = False
        return ",".join(found)
    except Timeout:
        return "timeout"
    except Exception as error:
        return f"error {error}"
    finally:
        is_running = False


signal.signal(signal.SIGALRM, expire)
# Who started this may have blocked the signal, and that is inherited.
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
for line in sys.stdin:
    # Again and again, because dateutil can catch the first one.
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    print(answer(line))
