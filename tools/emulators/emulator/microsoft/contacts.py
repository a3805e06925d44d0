"""Contacts, their folders, and what changed in a folder."""

from __future__ import annotations

import secrets
from typing import Any

from ..base.exchange import Answer, Request
from .calendars import DELTA_NAMES, address_of, context, paged
from .delta import LARGEST_PAGE, USUAL_PAGE, Paging
from .errors import not_found, refuse, resync
from .state import Contact, Store, User, seal, unseal
from .views import Preferences

USUAL_FOLDER = "AAMkAGI2-contacts="


class Contacts:
    def __init__(self, store: Store, paging: Paging) -> None:
        self._store, self._paging = store, paging

    def answer(self, user: User, request: Request) -> Answer:
        if request.method != "GET":
            raise refuse(405, "MethodNotAllowed", "Contacts can only be read here.")
        match request.segments[2:]:
            case ["contacts", *rest]:
                return self._folder(user, USUAL_FOLDER, rest, request)
            case ["contactFolders"]:
                return paged(
                    [self._described(user, id) for id in user.folders],
                    request,
                    "users('me')/contactFolders",
                    self._paging.largest,
                )
            case ["contactFolders", id, "contacts", *rest] if id in user.folders or id == USUAL_FOLDER:
                return self._folder(user, id, rest, request)
            case ["contactFolders", id] if id in user.folders:
                return Answer.of(
                    {
                        "@odata.context": context(request, "users('me')/contactFolders/$entity"),
                        **self._described(user, id),
                    }
                )
        raise not_found()

    def _folder(self, user: User, folder: str, rest: list[str], request: Request) -> Answer:
        match rest:
            case []:
                rows = [_shown(one) for one in user.contacts.values() if one.folder == folder and not one.deleted]
                return paged(rows, request, "users('me')/contacts", self._paging.largest)
            case [name] if name.lower() in DELTA_NAMES:
                return self._delta(user, folder, request)
            case [id]:
                one = user.contacts.get(id)
                if one is None or one.deleted or one.folder != folder:
                    raise not_found()
                return Answer.of({"@odata.context": context(request, "users('me')/contacts/$entity"), **_shown(one)})
        raise not_found()

    def _delta(self, user: User, folder: str, request: Request) -> Answer:
        text = request.query.get("$deltatoken") or request.query.get("$skiptoken")
        token: dict[str, Any] | None = (
            unseal(text) if text else {"folder": folder, "known": 0, "now": None, "after": -1, "empty": 0}
        )
        if token is None or token.get("folder") != folder:
            raise refuse(400, "SyncStateNotFound", "The sync state is not found or malformed.")
        if text and (token["known"] if token["now"] is None else token["now"]) < user.contact_tokens_from:
            raise resync()
        if token["now"] is None:
            token |= {"now": self._store.revision, "empty": self._paging.empty_pages}
        size = min(Preferences.of(request).page or USUAL_PAGE, self._paging.largest or LARGEST_PAGE, LARGEST_PAGE)
        rows = [
            (place, one)
            for place, one in enumerate(user.contacts.values())
            if one.revision > token["known"]
            and place > token["after"]
            and one.folder == folder
            and (token["known"] or not one.deleted)
        ]
        link, name, page = "@odata.deltaLink", "$deltatoken", rows[:size]
        if token["empty"] > 0:
            link, name, page = "@odata.nextLink", "$skiptoken", []
            token["empty"] -= 1
        elif len(rows) > size:
            link, name = "@odata.nextLink", "$skiptoken"
            token["after"] = page[-1][0]
        else:
            token = {"folder": folder, "known": token["now"], "now": None, "after": -1, "empty": 0}
        return Answer.of(
            {
                "@odata.context": context(request, "Collection(contact)"),
                link: f"{address_of(request)}?{name}={seal(token)}",
                "value": [_shown(one) for _, one in page],
            }
        )

    def _described(self, user: User, id: str) -> dict[str, Any]:
        return {"id": id, "displayName": user.folders[id], "parentFolderId": "AAMkAGI2-root="}


def put_contact(store: Store, user: User, id: str | None, body: dict[str, Any]) -> dict[str, Any]:
    """Makes or replaces a contact; `name` and `email` are short for the fields that hold them."""
    id = id or f"AAMkAGI2-contact-{secrets.token_hex(8)}="
    body = {name: value for name, value in body.items() if name not in ("user", "id")}
    folder = body.pop("folder", USUAL_FOLDER)
    if folder != USUAL_FOLDER:
        user.folders.setdefault(folder, folder)
    if "name" in body:
        given, _, family = body.pop("name").rpartition(" ")
        body |= {
            "displayName": f"{given} {family}".strip(),
            "givenName": given or family,
            "surname": family if given else None,
        }
    if "email" in body:
        emails = body.pop("email")
        addresses = [emails] if isinstance(emails, str) else emails
        body["emailAddresses"] = [{"name": body.get("displayName", one), "address": one} for one in addresses]
    now = store.clock.moment().strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {
        "createdDateTime": now,
        "lastModifiedDateTime": now,
        "categories": [],
        "parentFolderId": folder,
        "birthday": None,
        "fileAs": "",
        "displayName": "",
        "givenName": None,
        "surname": None,
        "nickName": None,
        "companyName": None,
        "jobTitle": None,
        "businessPhones": [],
        "homePhones": [],
        "mobilePhone": None,
        "emailAddresses": [],
        "personalNotes": "",
        **body,
    }
    kind = "updated" if id in user.contacts else "created"
    contact = user.contacts[id] = Contact(id, folder, fields, store.next_revision())
    store.contact_changed(user, contact, kind)
    return _shown(contact)


def delete_contact(store: Store, user: User, id: str) -> None:
    contact = user.contacts[id]
    contact.deleted, contact.revision = True, store.next_revision()
    store.contact_changed(user, contact, "deleted")


def _shown(one: Contact) -> dict[str, Any]:
    if one.deleted:
        return {"@odata.type": "#microsoft.graph.contact", "id": one.id, "@removed": {"reason": "deleted"}}
    etag = f"EQAAABYAAAC{one.revision:06d}=="
    return {
        "@odata.type": "#microsoft.graph.contact",
        "@odata.etag": f'W/"{etag}"',
        "id": one.id,
        "changeKey": etag,
        **one.fields,
    }
