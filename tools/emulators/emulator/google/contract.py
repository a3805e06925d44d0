"""Checks requests and answers against Google's own description of its services, where that is at hand.

The discovery documents come with google-api-python-client, which `tools/emulators/prove google` installs; they are not
part of this repository. Without them the emulator goes by its own table of parameters.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

DOCUMENTS = {"calendar": "calendar.v3.json", "people": "people.v1.json"}


class Contract:
    def __init__(self, folder: Path) -> None:
        self._documents = {
            service: json.loads((folder / name).read_text(encoding="utf-8")) for service, name in DOCUMENTS.items()
        }
        self._methods: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        for document in self._documents.values():
            self._collect(document, document)

    @staticmethod
    def find(folder: str | None = None) -> Contract | None:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        usual = cache.glob("daybook/prove-google/lib/python3*/site-packages/googleapiclient/discovery_cache/documents")
        for place in [Path(folder)] if folder else usual:
            if all((place / name).is_file() for name in DOCUMENTS.values()):
                return Contract(place)
        if folder:
            raise SystemExit(f"{folder} does not hold {' and '.join(DOCUMENTS.values())}")
        return None

    def complaint(self, name: str, query: list[tuple[str, str]], body: Any) -> str | None:
        """What the description says against a request."""
        document, method = self._method(name)
        known = {**document.get("parameters", {}), **method.get("parameters", {})}
        for key, value in query:
            if key not in known:
                return f'Unknown name "{key}": Cannot bind query parameter.'
            if complaint := _value_complaint(known[key], value):
                return f"Invalid value at '{key}': {complaint}"
        given = {key for key, _ in query}
        for key, description in method.get("parameters", {}).items():
            if description.get("required") and description["location"] == "query" and key not in given:
                return f"Required parameter is missing: {key}"
        if body is not None and "request" in method:
            return self._complaint(document, method["request"], body, "")
        return None

    def answer_complaint(self, name: str, body: Any) -> str | None:
        document, method = self._method(name)
        return self._complaint(document, method["response"], body, "") if "response" in method else None

    def _method(self, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._methods[f"people.{name}" if name.startswith("people.") else f"calendar.{name}"]

    def _collect(self, document: dict[str, Any], node: dict[str, Any]) -> None:
        for method in node.get("methods", {}).values():
            self._methods[method["id"]] = (document, method)
        for resource in node.get("resources", {}).values():
            self._collect(document, resource)

    def _complaint(self, document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> str | None:
        if reference := schema.get("$ref"):
            schema = document["schemas"][reference]
        match schema.get("type"):
            case "object":
                return self._object_complaint(document, schema, value, where)
            case "array":
                if not isinstance(value, list):
                    return f"{where} must be a list"
                for place, item in enumerate(value):
                    if complaint := self._complaint(document, schema["items"], item, f"{where}[{place}]"):
                        return complaint
                return None
            case "string":
                if schema.get("format") in ("int64", "uint64"):
                    good = isinstance(value, str) and value.lstrip("-").isdigit()
                else:
                    good = isinstance(value, str)
                if not good:
                    return f"{where} must be a text, not {value!r}"
                if "enum" in schema and value not in schema["enum"]:
                    return f"{where} must not be {value!r}"
                return None
            case "integer":
                return (
                    None
                    if isinstance(value, int) and not isinstance(value, bool)
                    else f"{where} must be a whole number"
                )
            case "number":
                return (
                    None
                    if isinstance(value, (int, float)) and not isinstance(value, bool)
                    else f"{where} must be a number"
                )
            case "boolean":
                return None if isinstance(value, bool) else f"{where} must be true or false"
        return None

    def _object_complaint(self, document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> str | None:
        if not isinstance(value, dict):
            return f"{where} must be an object"
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
        for name, item in value.items():
            inner = properties.get(name, rest)
            if inner is None:
                return f"Unknown name \"{name}\" at '{where}': Cannot find field."
            if item is None:
                continue
            if complaint := self._complaint(document, inner, item, f"{where}.{name}" if where else name):
                return complaint
        return None


def _value_complaint(description: dict[str, Any], value: str) -> str | None:
    if "enum" in description and value not in description["enum"]:
        return f"{value!r} is none of {', '.join(description['enum'])}"
    if description.get("type") == "boolean" and value not in ("true", "false"):
        return f"{value!r} is neither true nor false"
    if description.get("type") == "integer":
        if not value.lstrip("-").isdigit():
            return f"{value!r} is no whole number"
        if int(value) < int(description.get("minimum", value)):
            return f"{value} is too small"
    return None
