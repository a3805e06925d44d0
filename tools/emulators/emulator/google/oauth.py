"""Google's sign-in: the consent page, codes, tokens and their end."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from ..base.clock import Clock
from ..base.exchange import Answer, Request
from ..base.grants import CHALLENGE, CODE_SECONDS, Code, Grants, Refresh, is_loopback, read_asked, verifier_fits
from .errors import oauth_error
from .methods import SCOPES
from .state import DEFAULT_USER, Home

ACCESS_SECONDS = 3599
TESTING_SECONDS = 7 * 86400
UNUSED_SECONDS = 183 * 86400
MOST_REFRESH_TOKENS = 100
ENDED = "Token has been expired or revoked."


@dataclass
class Consent:
    """What the user does on the consent page: decides there (`page`), or says yes or no at once."""

    mode: str = "page"
    user: str | None = None
    untick: list[str] = field(default_factory=list)
    error: str = "access_denied"


class OAuth:
    def __init__(self, home: Home, clock: Clock, client: str, secret: str) -> None:
        self._home, self._clock = home, clock
        self.client, self.secret = client, secret
        self.grants = Grants(clock)
        self.consent = Consent()
        self.testing = False
        self.access_seconds = ACCESS_SECONDS

    def answer(self, request: Request) -> Answer:
        match request.operation:
            case "oauth.auth":
                return self._ask(request)
            case "oauth.consent":
                return self._decided(request)
            case "oauth.token":
                return self._token(request)
            case _:
                return self._revoke(request)

    def _ask(self, request: Request) -> Answer:
        asked = request.query
        if complaint := self._complaint(asked):
            return Answer.text(_page("Access blocked", f"<p>{escape(complaint)}</p>"), 400)
        scopes = asked["scope"].split()
        if self.consent.mode == "allow":
            granted = [scope for scope in scopes if not self._is_unticked(scope)]
            return self._allow(asked, self.consent.user or asked.get("login_hint") or DEFAULT_USER, granted)
        if self.consent.mode == "deny":
            return _back(asked, {"error": self.consent.error})
        return Answer.text(self._consent_page(asked, scopes))

    def _complaint(self, asked: dict[str, str]) -> str | None:
        for name in ("client_id", "redirect_uri", "response_type", "scope"):
            if not asked.get(name):
                return f"Error 400: invalid_request. Required parameter is missing: {name}"
        if asked["client_id"] != self.client:
            return "Error 401: invalid_client. The OAuth client was not found."
        if not is_loopback(asked["redirect_uri"]):
            return "Error 400: redirect_uri_mismatch"
        if asked["response_type"] != "code":
            return "Error 400: unsupported_response_type"
        if unknown := [scope for scope in asked["scope"].split() if scope not in SCOPES]:
            return f"Error 400: invalid_scope. Some requested scopes were invalid: {', '.join(unknown)}"
        method, challenge = asked.get("code_challenge_method", "plain"), asked.get("code_challenge")
        if challenge is not None and (method not in ("S256", "plain") or not CHALLENGE.fullmatch(challenge)):
            return "Error 400: invalid_request. Invalid parameter value for code_challenge"
        return None

    def _is_unticked(self, scope: str) -> bool:
        return any(scope == word or scope.rpartition("/")[2] == word for word in self.consent.untick)

    def _decided(self, request: Request) -> Answer:
        form = request.form()
        asked = read_asked(form)
        if complaint := self._complaint(asked):
            return Answer.text(_page("Access blocked", f"<p>{escape(complaint)}</p>"), 400)
        if form.get("decision") != "allow":
            return _back(asked, {"error": "access_denied"})
        ticked = {name.removeprefix("scope ") for name in form if name.startswith("scope ")}
        granted = [scope for scope in asked["scope"].split() if scope in ticked]
        return self._allow(asked, form.get("user") or DEFAULT_USER, granted)

    def _allow(self, asked: dict[str, str], user: str, granted: list[str]) -> Answer:
        self._home.user(user)
        code = self.grants.issue_code(
            Code(
                user,
                self.client,
                asked["redirect_uri"],
                granted,
                asked.get("code_challenge"),
                asked.get("code_challenge_method", "plain"),
                asked.get("access_type") == "offline"
                and ("consent" in asked.get("prompt", "").split() or (user, self.client) not in self.grants.consented),
                self._clock.now() + CODE_SECONDS,
            )
        )
        self.grants.consented.add((user, self.client))
        return _back(asked, {"code": code, "scope": " ".join(granted)})

    def _token(self, request: Request) -> Answer:
        form = request.form()
        self._check_client(request, form)
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
            case other:
                raise oauth_error("unsupported_grant_type", f"Invalid grant_type: {other}")

    def _check_client(self, request: Request, form: dict[str, str]) -> None:
        client, secret = form.get("client_id"), form.get("client_secret")
        scheme, _, basic = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client, _, secret = base64.b64decode(basic).decode().partition(":")
            except ValueError:
                pass
        if client != self.client:
            raise oauth_error("invalid_client", "The OAuth client was not found.")
        if secret != self.secret:
            raise oauth_error("invalid_client", "The provided client secret is invalid.")

    def _exchange(self, form: dict[str, str]) -> Answer:
        code = self.grants.take_code(form.get("code", ""))
        if code is None:
            raise oauth_error("invalid_grant", "Malformed auth code.")
        if code.redirect != form.get("redirect_uri"):
            raise oauth_error("redirect_uri_mismatch", "Bad Request")
        if code.challenge and not form.get("code_verifier"):
            raise oauth_error("invalid_grant", "Missing code verifier.")
        if not verifier_fits(form.get("code_verifier"), code.challenge, code.method):
            raise oauth_error("invalid_grant", "Invalid code verifier.")
        return self._tokens(
            code.user, code.scopes, self.issue_refresh(code.user, code.scopes) if code.offline else None
        )

    def issue_refresh(self, user: str, scopes: list[str]) -> Refresh:
        """With more than a hundred of them, the oldest dies without a word."""
        calendars = any(scope.startswith("http") for scope in scopes)
        seconds = TESTING_SECONDS if self.testing and calendars else None
        token = self.grants.issue_refresh(user, self.client, scopes, "1//0", seconds)
        mine = [t for t in self.grants.refresh.values() if t.user == user and t.client == self.client and not t.ended]
        self.grants.end_refresh(ENDED, mine[: max(0, len(mine) - MOST_REFRESH_TOKENS)])
        return token

    def _refresh(self, form: dict[str, str]) -> Answer:
        token = self.grants.refresh.get(form.get("refresh_token", ""))
        if token is None:
            raise oauth_error("invalid_grant", "Bad Request")
        now = self._clock.now()
        if token.ended in ("invalid_rapt", "admin_policy_enforced"):
            words = {
                "invalid_rapt": "reauth related error (invalid_rapt)",
                "admin_policy_enforced": "Admin policy enforced",
            }
            raise oauth_error(
                "invalid_grant" if token.ended == "invalid_rapt" else "admin_policy_enforced",
                words[token.ended],
                **({"error_subtype": "invalid_rapt"} if token.ended == "invalid_rapt" else {}),
            )
        if token.ended or (token.expires and token.expires <= now) or token.used + UNUSED_SECONDS < now:
            raise oauth_error("invalid_grant", ENDED)
        token.used = now
        return self._tokens(token.user, token.scopes, None)

    def _tokens(self, user: str, scopes: list[str], refresh: Refresh | None) -> Answer:
        access = self.grants.issue_access(user, self.client, scopes, self.access_seconds, "ya29.a0")
        body: dict[str, Any] = {
            "access_token": access.token,
            "expires_in": int(self.access_seconds),
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
        if refresh:
            body["refresh_token"] = refresh.token
            if refresh.expires:
                body["refresh_token_expires_in"] = int(refresh.expires - self._clock.now())
        if "openid" in scopes:
            body["id_token"] = _unsigned(
                {"sub": user, "email": user, "aud": self.client, "iss": "https://accounts.google.com"}
            )
        return Answer.of(body, headers={"Cache-Control": "no-store"})

    def _revoke(self, request: Request) -> Answer:
        text = {**request.query, **request.form()}.get("token", "")
        refresh, access = self.grants.refresh.get(text), self.grants.access.get(text)
        user = refresh.user if refresh and not refresh.ended else access.user if access else None
        if user is None:
            raise oauth_error("invalid_token", "Token expired or revoked")
        self.grants.end_refresh(ENDED, [token for token in self.grants.refresh.values() if token.user == user])
        self.grants.end_access(user)
        self.grants.consented.discard((user, self.client))
        return Answer.of({})

    def _consent_page(self, asked: dict[str, str], scopes: list[str]) -> str:
        users = "".join(f"<option>{escape(user)}</option>" for user in self._home.users)
        boxes = "".join(
            f'<p><label><input type="checkbox" name="scope {escape(scope)}" checked> {escape(scope)}</label></p>'
            for scope in scopes
        )
        return _page(
            "Daybook wants to access your account",
            f"""
            <form method="post" action="/o/oauth2/v2/auth">
            <input type="hidden" name="asked" value="{escape(json.dumps(asked))}">
            <p><label>Account <select name="user">{users}</select></label></p>{boxes}
            <button name="decision" value="allow">Continue</button>
            <button name="decision" value="deny">Cancel</button></form>""",
        )


def _back(asked: dict[str, str], found: dict[str, str]) -> Answer:
    if "state" in asked:
        found = {"state": asked["state"], **found}
    address = asked["redirect_uri"]
    return Answer.redirect(address + ("&" if "?" in address else "?") + urlencode(found))


def _page(title: str, body: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'


def _unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
