#!/usr/bin/env python3
"""Says what the clocks of time zones show, as Python's zoneinfo has it.

Called with names of zones. For each it prints a line with the name, and then for each change of the offset from 1970 to
the end of 2100 one with the second of the change and the offsets before and after it. Behind those come lines of local
times around the changes, and in the gaps and overlaps, with the seconds in UTC that RFC 5545 gives them: the first of
two, and the offset before the gap for none. Local times are seconds as if they were in UTC.
"""
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
FIRST, LAST = 0, int((datetime(2101, 1, 1) - EPOCH).total_seconds())
STEP = 86400


def offset(zone, second):
    moment = datetime.fromtimestamp(second, timezone.utc).astimezone(zone)
    return int(moment.utcoffset().total_seconds())


def changes(zone):
    """Halves each day at whose ends the offsets differ. None of these zones changed twice in a day."""
    before = offset(zone, FIRST)
    for second in range(FIRST + STEP, LAST, STEP):
        after = offset(zone, second)
        if after != before:
            low, high = second - STEP, second
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
            yield high, before, after
            before = after


def instant(zone, local):
    shown = (EPOCH + timedelta(seconds=local)).replace(tzinfo=zone, fold=0)
    return local - int(shown.utcoffset().total_seconds())


for name in sys.argv[1:]:
    zone = ZoneInfo(name)
    print("zone", name)
    for second, before, after in changes(zone):
        print("change", second, before, after)
        low, high = second + min(before, after), second + max(before, after)
        for local in {low - 1, low, low + 1, (low + high) // 2, high - 1, high, high + 1, low - 86400, high + 86400}:
            print("local", local, instant(zone, local))
