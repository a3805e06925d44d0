"""One request and its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable
from urllib.parse import parse_qsl, unquote

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    """By name in small letters; a header that came several times is joined by a comma."""
    body: bytes = b""
    header_list: list[tuple[str, str]] = field(default_factory=list)
    operation: str = ""
    user: str | None = None
    client: str | None = None

    def __post_init__(self) -> None:
        path, _, query = self.target.partition("?")
        self.path = path
        self.segments = [unquote(part) for part in path.split("/") if part]
        self.query_list = parse_qsl(query, keep_blank_values=True)
        self.query = dict(self.query_list)

    def all(self, name: str) -> list[str]:
        """Every value of a parameter that may come several times."""
        return [value for key, value in self.query_list if key == name]

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """The body, or None where it is empty. Raises ValueError when it is no JSON."""
        return json.loads(self.body) if self.body.strip() else None

    @property
    def bearer(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    before: Callable[[], object] | None = None
    """Done before it is sent, while nothing is locked."""

    @staticmethod
    def of(value: Any, status: int = 200, headers: dict[str, str] | None = None, type: str = JSON_TYPE) -> Answer:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return Answer(status, {"Content-Type": type, **(headers or {})}, body)

    @staticmethod
    def text(value: str, status: int = 200, type: str = "text/html; charset=utf-8") -> Answer:
        return Answer(status, {"Content-Type": type}, value.encode())

    @staticmethod
    def redirect(address: str) -> Answer:
        return Answer(302, {"Location": address})


class Refusal(Exception):
    """Ends the handling of a request with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body[:200]!r}")
        self.answer = answer
