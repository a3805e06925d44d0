"""Events as Graph writes them for one request: with its kind of ids and its time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..base.exchange import Request
from .errors import bad
from .state import Event, Part, global_id, make_id
from .zones import clocks, instant, write_local, written

HIDDEN = ("_local", "start", "end")


@dataclass
class Preferences:
    """What the Prefer headers say, whether they came one by one or joined."""

    zone: str = "UTC"
    immutable: bool = False
    page: int | None = None
    text_body: bool = False

    @staticmethod
    def of(request: Request) -> Preferences:
        text = request.headers.get("prefer", "")
        wishes = Preferences()
        for name, quoted, plain in re.findall(r'([\w.\-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]*))', text):
            value = quoted or plain
            match name.lower():
                case "outlook.timezone":
                    wishes.zone = value
                case "idtype":
                    wishes.immutable = value.lower() == "immutableid"
                case "odata.maxpagesize":
                    wishes.page = int(value) if value.isdigit() and int(value) > 0 else None
                case "outlook.body-content-type":
                    wishes.text_body = value.lower() == "text"
        try:
            clocks(wishes.zone)
        except ValueError:
            raise bad(f"The time zone {wishes.zone!r} is not known.", "ErrorInvalidTimeZone") from None
        return wishes


class View:
    def __init__(self, request: Request) -> None:
        self.wishes = Preferences.of(request)

    def id(self, event: Event, day: date | None) -> str:
        return make_id(event, day, self.wishes.immutable)

    def full(self, event: Event, day: date | None = None) -> dict[str, Any]:
        """Everything: a single event, a master, an exception, or an occurrence with what its master says."""
        exception = event.exceptions.get(day) if day else None
        part = exception or (event.at(day) if day else event.own)
        fields = {name: value for name, value in part.fields.items() if name not in HIDDEN}
        kind = "exception" if exception else "occurrence" if day else "seriesMaster" if event.rule else "singleInstance"
        fields |= {
            **self._head(event, day, part, kind),
            "changeKey": _change_key(part.revision or event.revision),
            "iCalUId": global_id(event.key, day) if day else fields["iCalUId"],
            "webLink": f"https://outlook.office365.com/owa/?itemid={event.key}&exvsurl=1&path=/calendar/item",
        }
        if day:
            fields["recurrence"] = None
            fields["originalStart"] = write_local(instant(event.at(day).start).replace(tzinfo=None)) + "Z"
        return fields

    def bare(self, event: Event, day: date) -> dict[str, Any]:
        """All that a delta says of an occurrence that is like its master."""
        return self._head(event, day, event.at(day), "occurrence")

    def removed(self, event: Event, day: date | None, reason: str) -> dict[str, Any]:
        return {"@odata.type": "#microsoft.graph.event", "id": self.id(event, day), "@removed": {"reason": reason}}

    def _head(self, event: Event, day: date | None, part: Part, kind: str) -> dict[str, Any]:
        return {
            "@odata.type": "#microsoft.graph.event",
            "@odata.etag": f'W/"{_change_key(part.revision or event.revision)}"',
            "id": self.id(event, day),
            "type": kind,
            "seriesMasterId": self.id(event, None) if day else None,
            "start": written(part.start, self.wishes.zone),
            "end": written(part.end, self.wishes.zone),
        }


def _change_key(revision: int) -> str:
    return f"EZ9r3czxY0m2jz8c45czkwAA{revision:06d}=="
