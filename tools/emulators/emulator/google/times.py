"""Starts and ends of events as Google writes them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ..base.clock import parse_local
from ..base.recurrence import Series, zone_named

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_time(value: Any, zone: str, name: str) -> dict[str, Any]:
    """Checks and completes a start or an end; a plain string is taken for a date or a time in the zone.

    Raises ValueError.
    """
    if isinstance(value, str):
        value = {"date": value} if DAY.fullmatch(value) else {"dateTime": value, "timeZone": zone}
    if not isinstance(value, dict) or ("date" in value) == ("dateTime" in value):
        raise ValueError(f"{name} needs either a date or a dateTime")
    if "date" in value:
        return {"date": date.fromisoformat(value["date"]).isoformat()}
    named = value.get("timeZone")
    moment = parse_local(value["dateTime"])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_named(named or zone))
    else:
        moment = moment.astimezone(zone_named(named or zone))
    return {"dateTime": write(moment), "timeZone": named or zone}


def write(moment: datetime) -> str:
    text = moment.isoformat(timespec="seconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def instant(value: dict[str, Any]) -> datetime:
    """A date counts as its midnight in UTC."""
    if "date" in value:
        return datetime.combine(date.fromisoformat(value["date"]), datetime.min.time(), timezone.utc)
    return parse_local(value["dateTime"]).astimezone(timezone.utc)


def length(fields: dict[str, Any]) -> timedelta:
    return instant(fields["end"]) - instant(fields["start"])


def series(fields: dict[str, Any]) -> Series:
    start = fields["start"]
    if "date" in start:
        return Series.parse(date.fromisoformat(start["date"]), "UTC", fields["recurrence"])
    zone = start.get("timeZone", "UTC")
    local = parse_local(start["dateTime"]).astimezone(zone_named(zone)).replace(tzinfo=None)
    return Series.parse(local, zone, fields["recurrence"])


def written(value: datetime | date, zone: str) -> dict[str, Any]:
    if not isinstance(value, datetime):
        return {"date": value.isoformat()}
    return {"dateTime": write(value.astimezone(zone_named(zone))), "timeZone": zone}


def instance_id(master: str, original: dict[str, Any]) -> str:
    if "date" in original:
        return f"{master}_{original['date'].replace('-', '')}"
    return f"{master}_{instant(original).strftime('%Y%m%dT%H%M%SZ')}"


def shown_in(value: dict[str, Any], zone: str) -> dict[str, Any]:
    """The same time, written with the offset of the zone that was asked for."""
    if "dateTime" not in value:
        return value
    return {**value, "dateTime": write(instant(value).astimezone(zone_named(zone)))}
