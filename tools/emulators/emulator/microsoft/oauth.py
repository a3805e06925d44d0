"""Microsoft's sign-in: authorization codes, the device flow, and refresh tokens that change with every use."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ..base.clock import Clock
from ..base.exchange import Answer, Request
from ..base.grants import CODE_SECONDS, Code, Grants, is_loopback, read_asked, verifier_fits
from . import pages
from .errors import oauth_error
from .state import DEFAULT_USER, Store

RESOURCE = "https://graph.microsoft.com/"
IDENTITY = ("openid", "profile", "email", "offline_access")
KNOWN = {
    "user.read",
    "calendars.read",
    "calendars.readbasic",
    "calendars.read.shared",
    "calendars.readwrite",
    "contacts.read",
    "contacts.readwrite",
    "mailboxsettings.read",
    ".default",
}
ACCESS_SECONDS = 3599
REFRESH_SECONDS = 90 * 86400
DEVICE_SECONDS = 900
PATH = re.compile(r"/[^/]+/oauth2/v2\.0/(authorize|token|devicecode|deviceauth)")
ENDINGS = {
    "revoked": (
        "invalid_grant",
        50173,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
    ),
    "inactive": ("invalid_grant", 700082, "The refresh token has expired due to inactivity."),
    "used": (
        "invalid_grant",
        54005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
    ),
    "interaction": (
        "interaction_required",
        50076,
        "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
    ),
    "consent": ("invalid_grant", 65001, "The user or administrator has not consented to use the application."),
    "blocked": ("interaction_required", 53003, "Access has been blocked by Conditional Access policies."),
}


@dataclass
class Consent:
    mode: str = "page"
    user: str | None = None
    untick: list[str] = field(default_factory=list)
    error: str = "access_denied"


@dataclass
class Device:
    user_code: str
    client: str
    scopes: list[str]
    expires: float
    interval: int
    asked: float | None = None
    state: str = "pending"
    user: str | None = None


class OAuth:
    def __init__(self, store: Store, clock: Clock, client: str, secret: str) -> None:
        self._store, self._clock = store, clock
        self.client, self.secret = client, secret
        self.grants = Grants(clock)
        self.consent = Consent()
        self.devices: dict[str, Device] = {}
        self.access_seconds: float = ACCESS_SECONDS
        self.interval = 5
        self.strict_rotation = False

    def answer(self, request: Request) -> Answer:
        match request.operation, request.method:
            case "oauth.authorize", "GET":
                return self._ask(request)
            case "oauth.authorize", "POST":
                return self._decided(request)
            case "oauth.devicecode", "POST":
                return self._start_device(request)
            case "oauth.deviceauth", "GET":
                return Answer.text(pages.page("Enter code", pages.ENTER_CODE))
            case "oauth.deviceauth", _:
                return self._entered(request)
        return self._token(request)

    def _ask(self, request: Request) -> Answer:
        asked = request.query
        for name in ("client_id", "redirect_uri", "response_type", "scope"):
            if not asked.get(name):
                return Answer.text(pages.sorry(f"AADSTS900144: The request must contain the parameter {name}."), 400)
        if asked["client_id"] != self.client:
            return Answer.text(pages.sorry("AADSTS700016: Application was not found in the directory."), 400)
        if not is_loopback(asked["redirect_uri"]):
            return Answer.text(
                pages.sorry("AADSTS50011: The redirect URI does not match those of the application."), 400
            )
        if unknown := [scope for scope in asked["scope"].split() if not _is_known(scope)]:
            return _back(
                asked, {"error": "invalid_client", "error_description": f"AADSTS650053: unknown scope {unknown[0]}"}
            )
        if self.consent.mode == "deny":
            return _back(
                asked, {"error": self.consent.error, "error_description": "the user canceled the authentication"}
            )
        if self.consent.mode == "allow":
            granted = [scope for scope in asked["scope"].split() if scope not in self.consent.untick]
            return self._allow(asked, self.consent.user or asked.get("login_hint") or DEFAULT_USER, granted)
        return Answer.text(pages.consent(asked, self._store.users))

    def _decided(self, request: Request) -> Answer:
        form = request.form()
        asked = read_asked(form)
        if not is_loopback(asked.get("redirect_uri", "")):
            return Answer.text(
                pages.sorry("AADSTS50011: The redirect URI does not match those of the application."), 400
            )
        if form.get("decision") != "allow":
            return _back(asked, {"error": "access_denied", "error_description": "the user canceled the authentication"})
        return self._allow(asked, form.get("user") or DEFAULT_USER, asked["scope"].split())

    def _allow(self, asked: dict[str, str], user: str, granted: list[str]) -> Answer:
        self._store.user(user)
        code = self.grants.issue_code(
            Code(
                user,
                self.client,
                asked["redirect_uri"],
                granted,
                asked.get("code_challenge"),
                asked.get("code_challenge_method", "plain"),
                "offline_access" in granted,
                self._clock.now() + CODE_SECONDS,
            )
        )
        return _back(asked, {"code": code, "session_state": secrets.token_hex(8)})

    def _start_device(self, request: Request) -> Answer:
        form = request.form()
        self._check_client(form)
        scopes = form.get("scope", "").split()
        if not scopes or not all(map(_is_known, scopes)):
            raise oauth_error(
                "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid."
            )
        code = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(9))
        device = secrets.token_urlsafe(80)
        self.devices[device] = Device(code, self.client, scopes, self._clock.now() + DEVICE_SECONDS, self.interval)
        where = f"http://{request.headers.get('host', '127.0.0.1')}/common/oauth2/v2.0/deviceauth"
        return Answer.of(
            {
                "user_code": code,
                "device_code": device,
                "verification_uri": where,
                "expires_in": DEVICE_SECONDS,
                "interval": self.interval,
                "message": f"To sign in, use a web browser to open the page {where} and enter the code {code}.",
            }
        )

    def _entered(self, request: Request) -> Answer:
        form = request.form()
        try:
            self.decide_device(form.get("code") or "none", form.get("decision", "declined"), None)
        except LookupError:
            return Answer.text(pages.sorry("That code did not work. Check the code and try again."), 400)
        return Answer.text(pages.page("Done", "<p>You can close this window.</p>"))

    def decide_device(self, user_code: str, state: str, user: str | None) -> None:
        """A person entered the code and approved or declined; an empty code is the last one."""
        devices = [d for d in self.devices.values() if user_code in ("", d.user_code)]
        if not devices:
            raise LookupError(f"no device waits with the code {user_code}")
        devices[-1].state, devices[-1].user = state, user or next(iter(self._store.users), DEFAULT_USER)

    def _token(self, request: Request) -> Answer:
        form = request.form()
        self._check_client(form)
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
            case "urn:ietf:params:oauth:grant-type:device_code":
                return self._poll(form)
        raise oauth_error("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")

    def _check_client(self, form: dict[str, str]) -> None:
        """Public clients have no secret; one that is sent must be right."""
        if form.get("client_id") != self.client:
            raise oauth_error("unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("client_secret") not in (None, self.secret):
            raise oauth_error("invalid_client", 7000215, "Invalid client secret provided.", 401)

    def _exchange(self, form: dict[str, str]) -> Answer:
        code = self.grants.take_code(form.get("code", ""))
        if code is None:
            raise oauth_error("invalid_grant", 70008, "The provided authorization code or refresh token has expired.")
        if code.redirect != form.get("redirect_uri"):
            raise oauth_error(
                "invalid_grant", 50011, "The redirect URI does not match the one of the authorization request."
            )
        if not verifier_fits(form.get("code_verifier"), code.challenge, code.method):
            raise oauth_error("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
        return self._tokens(code.user, code.scopes)

    def _refresh(self, form: dict[str, str]) -> Answer:
        token = self.grants.refresh.get(form.get("refresh_token", ""))
        if token is None:
            raise oauth_error("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
        if token.ended:
            error, number, text = ENDINGS.get(token.ended, ENDINGS["revoked"])
            more: dict[str, Any] = {"suberror": "consent_required"} if token.ended == "consent" else {}
            raise oauth_error(error, number, text, 400, **more)
        if token.expires and token.expires <= self._clock.now():
            raise oauth_error("invalid_grant", 700082, "The refresh token has expired due to inactivity.")
        if self.strict_rotation:
            token.ended = "used"
        return self._tokens(token.user, token.scopes)

    def _poll(self, form: dict[str, str]) -> Answer:
        code = form.get("device_code", "")
        device = self.devices.get(code)
        if device is None:
            raise oauth_error("bad_verification_code", 70000, "The device_code was not recognized.")
        now, asked = self._clock.now(), device.asked
        device.asked = now
        if device.expires <= now or device.state == "expired":
            raise oauth_error(
                "expired_token",
                70020,
                "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
            )
        if device.state == "declined":
            raise oauth_error("authorization_declined", 70021, "The end user denied the authorization request.")
        if device.state == "slow_down":
            device.state, device.interval = "pending", device.interval + 5
            raise oauth_error("slow_down", 70016, "The app polls too often.")
        if device.state != "approved" or device.user is None:
            if asked is not None and now - asked < device.interval - 0.5 and self.interval >= 5:
                device.interval += 5
                raise oauth_error("slow_down", 70016, "The app polls too often.")
            raise oauth_error(
                "authorization_pending",
                70016,
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
            )
        del self.devices[code]
        return self._tokens(device.user, device.scopes)

    def _tokens(self, user: str, scopes: list[str]) -> Answer:
        access = self.grants.issue_access(user, self.client, scopes, self.access_seconds, "EwB4A8l6")
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join(s for s in scopes if s != "offline_access"),
            "expires_in": int(self.access_seconds),
            "ext_expires_in": int(self.access_seconds),
            "access_token": access.token,
        }
        if "offline_access" in scopes:
            body["refresh_token"] = self.issue_refresh(user, scopes)
        return Answer.of(body, headers={"Cache-Control": "no-store, no-cache"})

    def issue_refresh(self, user: str, scopes: list[str]) -> str:
        return self.grants.issue_refresh(user, self.client, scopes, "M.C5", REFRESH_SECONDS).token


def _is_known(scope: str) -> bool:
    return scope in IDENTITY or scope.removeprefix(RESOURCE).lower() in KNOWN


def _back(asked: dict[str, str], found: dict[str, str]) -> Answer:
    if "state" in asked:
        found = {**found, "state": asked["state"]}
    address = asked["redirect_uri"]
    return Answer.redirect(address + ("&" if "?" in address else "?") + urlencode(found))
