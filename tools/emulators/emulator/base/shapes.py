"""Of what kind the fields of a body must be."""

from __future__ import annotations

from typing import Any, Mapping

WORDS = {str: "a text", bool: "true or false", int: "a whole number", dict: "an object", list: "a list"}


def complaint(body: dict[str, Any], fields: Mapping[str, type]) -> str | None:
    """The first field that is unknown or of another kind. Null stands for no value, whatever the kind."""
    for name, value in body.items():
        kind = fields.get(name)
        if kind is None:
            return f"the property '{name}' does not exist"
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            return f"the property '{name}' must be {WORDS[kind]}"
        if isinstance(value, list) and not all(isinstance(item, (dict, str)) for item in value):
            return f"the property '{name}' holds what it cannot hold"
    return None


def fields_of(text: str, kind: type) -> dict[str, type]:
    """Names in one line, all of one kind."""
    return {name: kind for name in text.split()}
