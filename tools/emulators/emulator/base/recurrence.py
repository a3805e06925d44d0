"""Expands recurrence rules (RFC 5545) whose unit is a day or longer, day by day in local time.

Days are cheap to list and rules easy to check against one, so a rule is a filter over the days of its period; nothing
here is clever, because tests compare cleverer programs with it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
UNITS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_EMPTY_PERIODS = 4000
LAST_YEAR = 2200


@dataclass
class Rule:
    unit: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    week_start: int = 0
    weekdays: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of a position (0 for every) and a weekday."""
    month_days: list[int] = field(default_factory=list)
    year_days: list[int] = field(default_factory=list)
    weeks: list[int] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    @staticmethod
    def parse(text: str) -> Rule:
        """Reads `FREQ=WEEKLY;BYDAY=MO`. Raises ValueError, saying what is wrong."""
        parts = dict(part.upper().split("=", 1) for part in text.strip().strip(";").split(";") if "=" in part)
        if parts.get("FREQ") not in UNITS:
            raise ValueError(f"FREQ={parts.get('FREQ')} is not supported")
        rule = Rule(parts["FREQ"], int(parts.get("INTERVAL", "1")))
        if rule.interval < 1:
            raise ValueError("INTERVAL must be at least 1")
        rule.count = int(parts["COUNT"]) if "COUNT" in parts else None
        rule.until = parse_stamp(parts["UNTIL"]) if "UNTIL" in parts else None
        rule.week_start = WEEKDAYS.index(parts.get("WKST", "MO"))
        for day in filter(None, parts.get("BYDAY", "").split(",")):
            if not (match := re.fullmatch(r"([+-]?\d+)?([A-Z]{2})", day)):
                raise ValueError(f"BYDAY={day} is no day")
            rule.weekdays.append((int(match[1] or 0), WEEKDAYS.index(match[2])))
        for name, values in (
            ("BYMONTHDAY", rule.month_days),
            ("BYYEARDAY", rule.year_days),
            ("BYWEEKNO", rule.weeks),
            ("BYMONTH", rule.months),
            ("BYSETPOS", rule.positions),
        ):
            values.extend(int(number) for number in parts.get(name, "").split(",") if number)
        return rule

    def days(self, first: date) -> Iterator[date]:
        """The days on or after the first, in order, without regard to COUNT and UNTIL."""
        empty = 0
        for period in self._periods(first):
            days = [day for day in period if self._fits(day, first)]
            if self.positions:
                chosen = {days[p - 1 if p > 0 else p] for p in self.positions if -len(days) <= p <= len(days) and p}
                days = sorted(chosen)
            days = [day for day in days if day >= first]
            yield from days
            empty = 0 if days else empty + 1
            if empty > MOST_EMPTY_PERIODS:
                return

    def _periods(self, first: date) -> Iterator[list[date]]:
        step = 0
        week = first - timedelta(days=(first.weekday() - self.week_start) % 7)
        while True:
            try:
                if self.unit == "DAILY":
                    yield [first + timedelta(days=step)]
                elif self.unit == "WEEKLY":
                    yield [week + timedelta(days=7 * step + day) for day in range(7)]
                elif self.unit == "MONTHLY":
                    year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
                    if year > LAST_YEAR:
                        return
                    yield _month(year, month + 1)
                else:
                    if first.year + step > LAST_YEAR:
                        return
                    yield [day for month in range(1, 13) for day in _month(first.year + step, month)]
            except OverflowError:
                return
            step += self.interval

    def _fits(self, day: date, first: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.weeks and not self._in_weeks(day):
            return False
        if self.year_days and not _any(self.year_days, day.timetuple().tm_yday, 366 if _leap(day.year) else 365):
            return False
        if self.month_days and not _any(self.month_days, day.day, monthrange(day.year, day.month)[1]):
            return False
        if self.weekdays:
            return any(self._is_weekday(day, position, weekday) for position, weekday in self.weekdays)
        return self._fits_first(day, first)

    def _fits_first(self, day: date, first: date) -> bool:
        """What the rule leaves open is taken from the first day."""
        if self.unit == "DAILY" or self.month_days or self.year_days:
            return True
        if self.unit == "WEEKLY" or self.weeks:
            return day.weekday() == first.weekday()
        if self.unit == "MONTHLY" or self.months:
            return day.day == first.day
        return (day.month, day.day) == (first.month, first.day)

    def _is_weekday(self, day: date, position: int, weekday: int) -> bool:
        if day.weekday() != weekday:
            return False
        if position == 0 or self.unit in ("DAILY", "WEEKLY"):
            return True
        if self.unit == "MONTHLY" or self.months:
            index, length = day.day, monthrange(day.year, day.month)[1]
        else:
            index, length = day.timetuple().tm_yday, 366 if _leap(day.year) else 365
        return position == (index - 1) // 7 + 1 if position > 0 else -position == (length - index) // 7 + 1

    def _in_weeks(self, day: date) -> bool:
        for year in (day.year - 1, day.year, day.year + 1):
            start, end = _first_week(year, self.week_start), _first_week(year + 1, self.week_start)
            if year == day.year and start <= day < end:
                return _any(self.weeks, (day - start).days // 7 + 1, (end - start).days // 7)
        return False


@dataclass
class Series:
    """When something recurs: its first start, rules and single dates."""

    start: datetime | date
    """A date for all-day events, otherwise a time without offset in `zone`."""
    zone: str = "UTC"
    rules: list[Rule] = field(default_factory=list)
    dates: list[datetime | date] = field(default_factory=list)
    without: list[datetime | date] = field(default_factory=list)

    @staticmethod
    def parse(start: datetime | date, zone: str, lines: list[str]) -> Series:
        """Reads RRULE, RDATE and EXDATE lines. Raises ValueError."""
        series = Series(start, zone)
        for line in lines:
            head, _, value = line.partition(":")
            name, *parameters = head.upper().split(";")
            named = next((p[5:] for p in head.split(";") if p.upper().startswith("TZID=")), zone)
            if name == "RRULE":
                series.rules.append(Rule.parse(value))
            elif name in ("RDATE", "EXDATE"):
                values = [series._local(parse_stamp(text.split("/")[0]), named) for text in value.split(",")]
                (series.dates if name == "RDATE" else series.without).extend(values)
            elif name != "EXRULE":
                raise ValueError(f"{line!r} is no line of a recurrence")
        return series

    def starts(self, until: datetime | None = None) -> Iterator[datetime | date]:
        """Starts in order; dates, or times in UTC. Ends at `until` (exclusive) where it is given."""
        excluded = {self.instant(value) for value in self.without}
        last = None
        for start in _merge([self._from_rule(rule) for rule in self.rules] + [self._singles()], self.instant):
            instant = self.instant(start)
            if until is not None and instant >= until:
                return
            if instant == last or instant in excluded:
                continue
            last = instant
            yield start if self.is_all_day else instant

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    def instant(self, value: datetime | date) -> datetime:
        """A date counts as its midnight in UTC."""
        if not isinstance(value, datetime):
            return datetime.combine(value, time(), timezone.utc)
        if value.tzinfo is None:
            value = value.replace(tzinfo=zone_named(self.zone))
        return value.astimezone(timezone.utc)

    def _singles(self) -> Iterator[datetime | date]:
        yield from sorted([*self.dates, *([] if self.rules else [self.start])], key=self.instant)

    def _from_rule(self, rule: Rule) -> Iterator[datetime | date]:
        first = self.start.date() if isinstance(self.start, datetime) else self.start
        count = 0
        for day in self._with_first(rule.days(first), first):
            start = datetime.combine(day, self.start.time()) if isinstance(self.start, datetime) else day
            if rule.until is not None and self._is_after(start, rule.until):
                return
            yield start
            count += 1
            if rule.count is not None and count >= rule.count:
                return

    @staticmethod
    def _with_first(days: Iterator[date], first: date) -> Iterator[date]:
        """The first start always happens, and counts, even where the rule does not fit it."""
        yield first
        for day in days:
            if day != first:
                yield day

    def _is_after(self, start: datetime | date, until: datetime | date) -> bool:
        if isinstance(until, datetime) and isinstance(start, datetime):
            return start > until if until.tzinfo is None else self.instant(start) > until
        day = start.date() if isinstance(start, datetime) else start
        return day > (until.date() if isinstance(until, datetime) else until)

    def _local(self, value: datetime | date, zone: str) -> datetime | date:
        if isinstance(value, datetime) and value.tzinfo is None and zone != self.zone:
            return value.replace(tzinfo=zone_named(zone))
        return value


def zone_named(name: str) -> ZoneInfo:
    """Raises ValueError for a name that is no zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone") from None


def parse_stamp(text: str) -> datetime | date:
    """`20260105`, `20260105T090000` or `20260105T090000Z`."""
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d").date()
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return datetime.strptime(text, "%Y%m%dT%H%M%S")


def _merge(sources: list[Iterator[datetime | date]], key) -> Iterator[datetime | date]:  # type: ignore[no-untyped-def]
    from heapq import merge

    yield from merge(*sources, key=key)


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29


def _any(values: list[int], index: int, length: int) -> bool:
    return index in values or index - length - 1 in values


def _first_week(year: int, week_start: int) -> date:
    """The first day of the first week that has four days in the year."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
