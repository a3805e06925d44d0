"""What users granted to apps: codes, access tokens and refresh tokens, kept as both vendors keep them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Iterable

from .clock import Clock

CODE_SECONDS = 600
CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Code:
    user: str
    client: str
    redirect: str
    scopes: list[str]
    challenge: str | None
    method: str
    offline: bool
    expires: float


@dataclass
class Access:
    token: str
    user: str
    client: str
    scopes: list[str]
    expires: float


@dataclass
class Refresh:
    token: str
    user: str
    client: str
    scopes: list[str]
    issued: float
    used: float
    expires: float | None = None
    ended: str | None = None
    """Why it is not accepted any more, in the vendor's words; None while it lives."""


@dataclass
class Grants:
    clock: Clock
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    refresh: dict[str, Refresh] = field(default_factory=dict)
    consented: set[tuple[str, str]] = field(default_factory=set)
    """Users and the clients to which they said yes before."""

    def issue_code(self, code: Code) -> str:
        text = "4/0A" + secrets.token_urlsafe(48)
        self.codes[text] = code
        return text

    def take_code(self, text: str) -> Code | None:
        """A code is good once."""
        code = self.codes.pop(text, None)
        return code if code and code.expires > self.clock.now() else None

    def issue_access(self, user: str, client: str, scopes: list[str], seconds: float, prefix: str) -> Access:
        token = Access(prefix + secrets.token_urlsafe(96), user, client, scopes, self.clock.now() + seconds)
        self.access[token.token] = token
        return token

    def issue_refresh(
        self, user: str, client: str, scopes: list[str], prefix: str, seconds: float | None = None
    ) -> Refresh:
        now = self.clock.now()
        token = Refresh(
            prefix + secrets.token_urlsafe(64), user, client, scopes, now, now, now + seconds if seconds else None
        )
        self.refresh[token.token] = token
        return token

    def living(self, token: str | None) -> Access | None:
        access = self.access.get(token or "")
        return access if access and access.expires > self.clock.now() else None

    def end_refresh(self, why: str, tokens: Iterable[Refresh]) -> int:
        count = 0
        for token in tokens:
            if token.ended is None:
                token.ended = why
                count += 1
        return count

    def end_access(self, user: str | None = None, client: str | None = None) -> int:
        """Access tokens are over from now on."""
        gone = [
            key for key, token in self.access.items() if user in (None, token.user) and client in (None, token.client)
        ]
        for key in gone:
            del self.access[key]
        return len(gone)


def verifier_fits(verifier: str | None, challenge: str | None, method: str) -> bool:
    """Whether the verifier is the one whose challenge came with the request for the code (RFC 7636)."""
    if challenge is None:
        return True
    if not verifier or not CHALLENGE.fullmatch(verifier):
        return False
    if method == "plain":
        return verifier == challenge
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return digest == challenge


def read_asked(form: dict[str, str]) -> dict[str, str]:
    """What the consent page was asked with, as its form gives it back; nothing where that is spoiled."""
    try:
        asked = json.loads(form.get("asked", ""))
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in asked.items()} if isinstance(asked, dict) else {}


def is_loopback(address: str) -> bool:
    return re.match(r"https?://(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(/|$|\?)", address) is not None
