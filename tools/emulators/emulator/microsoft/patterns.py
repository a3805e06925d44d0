"""Recurrences in Graph's words: a pattern and a range, made into a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..base.recurrence import Rule
from .errors import bad

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
UNITS = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "absolutemonthly": "MONTHLY",
    "relativemonthly": "MONTHLY",
    "absoluteyearly": "YEARLY",
    "relativeyearly": "YEARLY",
}
NO_END = "0001-01-01"


def read_recurrence(value: Any, first: date, zone: str) -> tuple[dict[str, Any], Rule]:
    """The recurrence, completed as Graph answers it, and its rule."""
    try:
        pattern, span = _pattern(value["pattern"], first), _range(value["range"], first, zone)
        return {"pattern": pattern, "range": span}, _rule(pattern, span)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise bad(f"The recurrence is not valid: {error}", "ErrorInvalidRecurrence") from None


def _pattern(given: dict[str, Any], first: date) -> dict[str, Any]:
    kind = given["type"]
    if kind.lower() not in UNITS:
        raise ValueError(f"{kind} is no type of a pattern")
    pattern = {
        "type": kind,
        "interval": int(given.get("interval", 1)),
        "month": int(given.get("month", 0)),
        "dayOfMonth": int(given.get("dayOfMonth", 0)),
        "firstDayOfWeek": given.get("firstDayOfWeek", "sunday"),
        "index": given.get("index", "first"),
    }
    if kind.lower().startswith("absolute"):
        pattern["dayOfMonth"] = pattern["dayOfMonth"] or first.day
    if kind.lower().endswith("yearly"):
        pattern["month"] = pattern["month"] or first.month
    if kind.lower() == "weekly" or kind.lower().startswith("relative"):
        pattern["daysOfWeek"] = given.get("daysOfWeek") or [DAYS[first.weekday()]]
    return pattern


def _range(given: dict[str, Any], first: date, zone: str) -> dict[str, Any]:
    kind = given["type"]
    if kind not in ("endDate", "noEnd", "numbered"):
        raise ValueError(f"{kind} is no type of a range")
    return {
        "type": kind,
        "startDate": given.get("startDate") or first.isoformat(),
        "endDate": given["endDate"] if kind == "endDate" else NO_END,
        "recurrenceTimeZone": given.get("recurrenceTimeZone") or zone,
        "numberOfOccurrences": int(given["numberOfOccurrences"]) if kind == "numbered" else 0,
    }


def _rule(pattern: dict[str, Any], span: dict[str, Any]) -> Rule:
    kind = pattern["type"].lower()
    rule = Rule(UNITS[kind], max(1, pattern["interval"]), week_start=DAYS.index(pattern["firstDayOfWeek"].lower()))
    if "daysOfWeek" in pattern:
        rule.weekdays = [(0, DAYS.index(day.lower())) for day in pattern["daysOfWeek"]]
    if kind.endswith("yearly"):
        rule.months = [pattern["month"]]
    if kind.startswith("relative"):
        rule.positions = [INDEXES[pattern["index"].lower()]]
    if kind.startswith("absolute"):
        day = pattern["dayOfMonth"]
        if not 1 <= day <= 31:
            raise ValueError(f"{day} is no day of a month")
        # As Outlook does it: what a month is too short for happens on its last day.
        rule.month_days = [day] if day <= 28 else list(range(28, day + 1))
        rule.positions = [] if day <= 28 else [-1]
    if span["type"] == "numbered":
        rule.count = span["numberOfOccurrences"]
    if span["type"] == "endDate":
        rule.until = date.fromisoformat(span["endDate"])
    return rule
