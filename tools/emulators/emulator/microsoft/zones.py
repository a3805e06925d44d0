"""Time zones as Outlook names them, and times as Graph writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timezone, tzinfo
from typing import Any

from ..base.clock import parse_local
from ..base.recurrence import zone_named

CUSTOM = "tzone://Microsoft/Custom"
WINDOWS = {
    "UTC": "Etc/UTC",
    "Coordinated Universal Time": "Etc/UTC",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "Romance Standard Time": "Europe/Paris",
    "E. Europe Standard Time": "Europe/Chisinau",
    "FLE Standard Time": "Europe/Kiev",
    "GTB Standard Time": "Europe/Bucharest",
    "Turkey Standard Time": "Europe/Istanbul",
    "Israel Standard Time": "Asia/Jerusalem",
    "Egypt Standard Time": "Africa/Cairo",
    "South Africa Standard Time": "Africa/Johannesburg",
    "W. Central Africa Standard Time": "Africa/Lagos",
    "E. Africa Standard Time": "Africa/Nairobi",
    "Morocco Standard Time": "Africa/Casablanca",
    "Russian Standard Time": "Europe/Moscow",
    "Arabian Standard Time": "Asia/Dubai",
    "Arab Standard Time": "Asia/Riyadh",
    "Iran Standard Time": "Asia/Tehran",
    "Pakistan Standard Time": "Asia/Karachi",
    "India Standard Time": "Asia/Kolkata",
    "Nepal Standard Time": "Asia/Kathmandu",
    "Bangladesh Standard Time": "Asia/Dhaka",
    "SE Asia Standard Time": "Asia/Bangkok",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Taipei Standard Time": "Asia/Taipei",
    "W. Australia Standard Time": "Australia/Perth",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "AUS Central Standard Time": "Australia/Darwin",
    "Cen. Australia Standard Time": "Australia/Adelaide",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "E. Australia Standard Time": "Australia/Brisbane",
    "Lord Howe Standard Time": "Australia/Lord_Howe",
    "New Zealand Standard Time": "Pacific/Auckland",
    "Chatham Islands Standard Time": "Pacific/Chatham",
    "Samoa Standard Time": "Pacific/Apia",
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "Alaskan Standard Time": "America/Anchorage",
    "Pacific Standard Time": "America/Los_Angeles",
    "US Mountain Standard Time": "America/Phoenix",
    "Mountain Standard Time": "America/Denver",
    "Central Standard Time": "America/Chicago",
    "Canada Central Standard Time": "America/Regina",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "Eastern Standard Time": "America/New_York",
    "US Eastern Standard Time": "America/Indiana/Indianapolis",
    "Atlantic Standard Time": "America/Halifax",
    "SA Pacific Standard Time": "America/Bogota",
    "Newfoundland Standard Time": "America/St_Johns",
    "E. South America Standard Time": "America/Sao_Paulo",
    "Argentina Standard Time": "America/Buenos_Aires",
    "Pacific SA Standard Time": "America/Santiago",
    "Azores Standard Time": "Atlantic/Azores",
    "Cape Verde Standard Time": "Atlantic/Cape_Verde",
}


def clocks(name: str) -> tzinfo:
    """Whose clocks a name stands for; those of a custom zone are said elsewhere. Raises ValueError."""
    return timezone.utc if name == CUSTOM else zone_named(WINDOWS.get(name, name))


def iana(name: str) -> str:
    return "UTC" if name == CUSTOM else WINDOWS.get(name, name)


def read_time(value: Any, zone: str) -> tuple[datetime, str]:
    """The local time that is meant, without an offset, and the name of its zone. Raises ValueError."""
    if isinstance(value, str):
        value = {"dateTime": value, "timeZone": zone}
    if not isinstance(value, dict) or "dateTime" not in value:
        raise ValueError("a time needs a dateTime and a timeZone")
    name = value.get("timeZone") or "UTC"
    local = parse_local(value["dateTime"])
    if local.tzinfo is not None:
        local = local.astimezone(clocks(name)).replace(tzinfo=None)
    clocks(name)
    return local, name


def to_utc(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=zone_named(iana(zone))).astimezone(timezone.utc)


def write_local(local: datetime) -> str:
    """Seven digits of a second, and no offset."""
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond:06d}0"


def written(value: datetime | date, zone: str) -> dict[str, str]:
    """An instant in the zone that was asked for; a day is its midnight in whichever zone."""
    if not isinstance(value, datetime):
        return {"dateTime": write_local(datetime.combine(value, time())), "timeZone": zone}
    return {"dateTime": write_local(value.astimezone(clocks(zone)).replace(tzinfo=None)), "timeZone": zone}


def instant(value: datetime | date) -> datetime:
    """A day counts as its midnight in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), timezone.utc)
