"""`people.connections`: the address book, with sync tokens that live for seven days after the full sync."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from ..base.clock import stamp
from ..base.exchange import Answer, Refusal, Request
from .errors import people_error
from .listing import Pager, question_of, read_page_token, read_sync_token
from .state import Home, User, seal

USUAL_PAGE, LARGEST_PAGE = 100, 1000
TOKEN_SECONDS = 7 * 86400
FIELDS = {
    "addresses",
    "ageRanges",
    "biographies",
    "birthdays",
    "calendarUrls",
    "clientData",
    "coverPhotos",
    "emailAddresses",
    "events",
    "externalIds",
    "genders",
    "imClients",
    "interests",
    "locales",
    "locations",
    "memberships",
    "metadata",
    "miscKeywords",
    "names",
    "nicknames",
    "occupations",
    "organizations",
    "phoneNumbers",
    "photos",
    "relations",
    "sipAddresses",
    "skills",
    "urls",
    "userDefined",
}


class People:
    def __init__(self, home: Home, pager: Pager) -> None:
        self._home, self._pager = home, pager

    def answer(self, name: str, user: User, path: dict[str, str], request: Request) -> Answer:
        fields = self._fields(request)
        if name == "people.get" and path["person"] in ("me", _account(user)):
            return Answer.of(_shown(_profile(user), fields))
        if name == "people.get":
            contact = user.contacts.get(f"people/{path['person']}")
            if contact is None or contact["metadata"].get("deleted"):
                raise Refusal(people_error(404, "NOT_FOUND", "Requested entity was not found."))
            return Answer.of(_shown(contact, fields))
        return self._list(user, request, fields)

    def _list(self, user: User, request: Request, fields: set[str]) -> Answer:
        question = question_of(request, f"people {user.email}", ())
        try:
            since = read_sync_token(request, question, user.contact_tokens_from, (), _expired)
        except Refusal as refusal:
            raise refusal if b"EXPIRED" in refusal.answer.body else _bad("Sync token is invalid.") from None
        if since and since.get("full", 0) + TOKEN_SECONDS < self._home.clock.now():
            raise _expired()
        start = read_page_token(request, question, since)
        size = self._pager.size(request, USUAL_PAGE, LARGEST_PAGE, "pageSize")
        rows = [
            (place, _shown(contact, fields))
            for place, contact in enumerate(user.contacts.values())
            if (contact["revision"] > since["r"] if since else not contact["metadata"].get("deleted"))
        ]
        page = self._pager.cut(
            rows, request, size, request.query.get("requestSyncToken") == "true", question, since, start
        )
        living = sum(1 for contact in user.contacts.values() if not contact["metadata"].get("deleted"))
        body: dict[str, Any] = {"totalPeople": living, "totalItems": living}
        if page.items:
            body["connections"] = page.items
        if page.next_page:
            body["nextPageToken"] = page.next_page
        if page.next_sync:
            full = since.get("full") if since else self._home.clock.now()
            revision = start["r"] if start else self._home.revision
            body["nextSyncToken"] = seal({"t": "sync", "q": question, "r": revision, "full": full})
        return Answer.of(body)

    def _fields(self, request: Request) -> set[str]:
        text = request.query.get("personFields") or request.query.get("requestMask.includeField", "").replace(
            "person.", ""
        )
        fields = {name for name in text.split(",") if name}
        if not fields:
            raise _bad("personFields mask is required. Please specify one or more valid paths.")
        if unknown := fields - FIELDS:
            raise _bad(f'Invalid personFields mask path: "{sorted(unknown)[0]}".')
        return fields


def _account(user: User) -> str:
    """The number by which an account is known, the same whenever it is asked for."""
    return "1" + str(int(hashlib.sha256(user.email.encode()).hexdigest()[:16], 16)).zfill(20)


def _profile(user: User) -> dict[str, Any]:
    """The user of the account, who is none of the contacts."""
    account = _account(user)
    source = {"type": "PROFILE", "id": account}
    about = {"primary": True, "source": source}
    return {
        "resourceName": f"people/{account}",
        "etag": "%EgUBAgMuNxoEAQIFBw==",
        "metadata": {"sources": [source], "objectType": "PERSON"},
        "names": [{"metadata": about, "displayName": user.name, "givenName": user.name}],
    }


def put_contact(home: Home, user: User, id: str | None, body: dict[str, Any]) -> dict[str, Any]:
    """Makes or replaces a contact; `name` and `email` are short for the fields that hold them."""
    name = f"people/{id or 'c' + str(secrets.randbelow(10**18))}"
    body = dict(body)
    if "name" in body:
        text = body.pop("name")
        given, _, family = text.rpartition(" ")
        body["names"] = [{"displayName": text, "givenName": given or text, **({"familyName": family} if given else {})}]
    if "email" in body:
        emails = body.pop("email")
        body["emailAddresses"] = [{"value": value} for value in ([emails] if isinstance(emails, str) else emails)]
    source = {"type": "CONTACT", "id": name.removeprefix("people/c"), "updateTime": stamp(home.clock.moment())}
    for field in FIELDS & set(body):
        if isinstance(body[field], list):
            body[field] = [
                {"metadata": {"primary": place == 0, "source": {"type": "CONTACT", "id": source["id"]}}, **item}
                for place, item in enumerate(body[field])
            ]
    contact = {
        "resourceName": name,
        "etag": f"%Eg{home.revision}",
        **body,
        "metadata": {"sources": [source], "objectType": "PERSON"},
        "revision": home.next_revision(),
    }
    user.contacts[name] = contact
    return contact


def delete_contact(home: Home, user: User, id: str) -> None:
    contact = user.contacts[f"people/{id}"]
    user.contacts[contact["resourceName"]] = {
        "resourceName": contact["resourceName"],
        "etag": contact["etag"],
        "revision": home.next_revision(),
        "metadata": {**contact["metadata"], "deleted": True},
    }


def _shown(contact: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """A deleted contact says so whether or not its metadata was asked for."""
    kept = fields | {"resourceName", "etag"} | ({"metadata"} if contact["metadata"].get("deleted") else set())
    return {name: value for name, value in contact.items() if name in kept}


def _bad(message: str) -> Refusal:
    return Refusal(people_error(400, "INVALID_ARGUMENT", message))


def _expired() -> Refusal:
    return Refusal(
        people_error(
            400,
            "EXPIRED_SYNC_TOKEN",
            "Sync token is expired. Clear local cache and retry call without the sync token.",
            "FAILED_PRECONDITION",
        )
    )
