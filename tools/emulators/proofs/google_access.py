"""Tokens, limits, channels and contacts, as Google's own client sees them."""

from __future__ import annotations

import json
import sys
import urllib.parse
from datetime import datetime
from typing import Any

from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError

from google_client import ME, client, credentials, five, google, people, refused, timed
from harness import RUN, Listener, challenge, check, equal


@check("a stale access token is refused once, refreshed and the request repeated")
def stale() -> None:
    calendar = client(credentials(access_token="stale"))
    equal(calendar.calendarList().list().execute()["items"][0]["id"], ME)
    statuses = [(line["operation"], line["status"]) for line in google("GET", "requests")]
    equal(statuses, [("calendarList.list", 401), ("oauth.token", 200), ("calendarList.list", 200)])


@check("the client rides out 403 rateLimitExceeded")
def rides_403() -> None:
    google("POST", "faults", {"match": "events.list", "kind": "status:403|reason:rateLimitExceeded"})
    equal(client().events().list(calendarId="primary").execute(num_retries=2)["items"], [])


@check("the client rides out 429 and 503")
def rides_others() -> None:
    google(
        "POST",
        "faults",
        [{"match": "events.list", "kind": "status:429"}, {"match": "events.list", "kind": "status:503"}],
    )
    equal(client().events().list(calendarId="primary").execute(num_retries=3)["items"], [])
    equal(google("GET", "counters")["operations"]["events.list"], 3)


@check("the client does not repeat what 403 forbidden refused")
def gives_up() -> None:
    google("POST", "faults", {"match": "events.list", "kind": "status:403|reason:forbidden", "times": 0})
    request = client().events().list(calendarId="primary")
    request.execute_once = request.execute
    request.execute = lambda: request.execute_once(num_retries=3)
    refused(request, 403, "forbidden")
    equal(google("GET", "counters")["operations"]["events.list"], 1)


def watch(calendar: Any, listener: Listener, **more: Any) -> Any:
    body = {"id": "channel-1", "type": "web_hook", "address": listener.url + "/push", "token": "secret", **more}
    return calendar.events().watch(calendarId="primary", body=body)


@check("a channel says sync with number 1, and exists with 2 after a change")
def channel() -> None:
    calendar, listener = client(), Listener()
    answer = watch(calendar, listener).execute()
    assert answer["expiration"].isdigit() and answer["resourceId"]
    google.wait(lambda: len(listener.heard) == 1)
    five(calendar)
    google.wait(lambda: len(listener.heard) >= 2)
    seen = [
        (h["x-goog-resource-state"], h["x-goog-message-number"], h["x-goog-channel-token"], b)
        for _, h, b in listener.heard[:2]
    ]
    equal(seen, [("sync", "1", "secret", b""), ("exists", "2", "secret", b"")])


@check("a channel id is good once, and addresses need https")
def channel_refused() -> None:
    calendar, listener = client(), Listener()
    watch(calendar, listener).execute()
    refused(watch(calendar, listener), 400, "channelIdNotUnique")
    refused(watch(calendar, listener, id="other", address="http://example.test/push"), 400, "push.webhookUrlNotHttps")


@check("a channel that is stopped answers 204, and is unknown then and silent")
def channel_stopped() -> None:
    calendar, listener = client(), Listener()
    answer = watch(calendar, listener).execute()
    google.wait(lambda: len(listener.heard) == 1)
    which = {"id": answer["id"], "resourceId": answer["resourceId"]}
    calendar.channels().stop(body=which).execute()
    refused(calendar.channels().stop(body=which), 404, "notFound")
    five(calendar)
    equal(len(listener.heard), 1)


@check("messages may come before the answer, twice, out of order and with gaps in their numbers")
def channel_manners() -> None:
    google("PUT", "push", {"syncFirst": True, "twice": True, "reorder": True, "gap": 7})
    calendar, listener = client(), Listener()
    watch(calendar, listener).execute()
    equal([headers["x-goog-resource-state"] for _, headers, _ in listener.heard], ["sync"])
    five(calendar)
    google.wait(lambda: len(listener.heard) >= 5)
    google("POST", "deliveries/wait")
    numbers = [int(headers["x-goog-message-number"]) for _, headers, _ in listener.heard[1:]]
    equal(numbers[:4], [15, 8, 15, 8])
    google("PUT", "push", {"dead": True})
    told = len(listener.heard)
    five(calendar)
    google("POST", "deliveries/wait")
    equal(len(listener.heard), told)


@check("a channel ends when it said it would, however long it was wished to be")
def channel_expiry() -> None:
    google("PUT", "push", {"longest": 3600})
    calendar, listener = client(), Listener()
    answer = watch(calendar, listener, params={"ttl": "999999"}).execute()
    google.wait(lambda: len(listener.heard) == 1)
    now = datetime.fromisoformat(google("GET", "clock")["now"]).timestamp()
    assert 3500 < int(answer["expiration"]) / 1000 - now <= 3600
    google("PUT", "clock", {"advance": "2h"})
    five(client())
    google("POST", "deliveries/wait")
    google("PUT", "clock", {"advance": "-2h"})
    equal(len(listener.heard), 1)


@check("a message that is refused for a moment comes again, and others may be forged")
def channel_retries() -> None:
    statuses = [503, 500, 200]
    calendar = client()
    listener = Listener(lambda target, body: (statuses.pop(0) if statuses else 200, "text/plain", b""))
    watch(calendar, listener).execute()
    google.wait(lambda: len(listener.heard) == 3)
    equal({headers["x-goog-message-number"] for _, headers, _ in listener.heard}, {"1"})
    forged = {"number": 9, "state": "not_exists", "headers": {"X-Goog-Channel-Token": "wrong"}}
    google("POST", "channels/channel-1/message", forged)
    google.wait(lambda: len(listener.heard) == 4)
    headers = listener.heard[-1][1]
    equal((headers["x-goog-channel-token"], headers["x-goog-resource-state"]), ("wrong", "not_exists"))


@check("calendars that cannot be watched say so")
def not_watched() -> None:
    google("PUT", "calendars/holidays", {"summary": "Holidays", "accessRole": "reader", "pushes": False})
    body = {"id": "c", "type": "web_hook", "address": "https://127.0.0.1:1/"}
    refused(client().events().watch(calendarId="holidays", body=body), 400, "pushNotSupportedForRequestedResource")


@check("a revoked refresh token answers invalid_grant")
def revoked() -> None:
    given = credentials()
    google("POST", "tokens/revoke", {})
    try:
        client(given).events().list(calendarId="primary").execute()
    except RefreshError as error:
        assert "invalid_grant" in str(error)
        return
    raise AssertionError("it was refreshed")


@check("the code flow needs the verifier, and tells the scopes that were granted")
def code_flow() -> None:
    google("PUT", "consent", {"mode": "allow", "untick": ["calendar.events"]})
    verifier, digest = challenge()
    scopes = " ".join("https://www.googleapis.com/auth/" + name for name in ("calendar.readonly", "calendar.events"))
    asked = {
        "client_id": "emulated-client",
        "redirect_uri": "http://127.0.0.1:1/back",
        "response_type": "code",
        "scope": scopes,
        "state": "s",
        "code_challenge": digest,
        "code_challenge_method": "S256",
        "access_type": "offline",
    }
    found = {}
    for right in (False, True):
        status, headers, _ = google.raw(
            "GET", "/o/oauth2/v2/auth?" + urllib.parse.urlencode(asked | {"prompt": "consent"})
        )
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        equal((status, back["state"]), (302, "s"))
        status, found = google.form(
            "/token",
            grant_type="authorization_code",
            code=back["code"],
            redirect_uri=asked["redirect_uri"],
            client_id="emulated-client",
            client_secret="emulated-secret",
            code_verifier=verifier if right else verifier[::-1],
        )
        equal(status, 200 if right else 400)
    equal(found["scope"], "https://www.googleapis.com/auth/calendar.readonly")
    given = Credentials(found["access_token"], refresh_token=found["refresh_token"])
    refused(client(given).events().insert(calendarId="primary", body=timed(5)), 403, "insufficientPermissions")


@check("tokens of an app in testing die after seven days")
def testing() -> None:
    google("PUT", "app", {"testing": True})
    given = credentials()
    google("PUT", "clock", {"advance": "8d"})
    try:
        client(given).events().list(calendarId="primary").execute()
    except RefreshError as error:
        assert "invalid_grant" in str(error)
        return
    finally:
        google("PUT", "clock", {"advance": "-8d"})
    raise AssertionError("it was refreshed")


@check("contacts come in pages, deleted ones by token, and the token dies after seven days")
def contacts() -> None:
    google("POST", "people", [{"id": f"c{n}", "name": f"Person {n}", "email": f"p{n}@example.test"} for n in range(3)])
    service, fields = people(), "names,emailAddresses,metadata"

    def ask(**more: Any) -> Any:
        return (
            service.people()
            .connections()
            .list(resourceName="people/me", personFields=fields, requestSyncToken=True, **more)
            .execute()
        )

    first = ask(pageSize=2)
    assert "nextSyncToken" not in first
    last = ask(pageSize=2, pageToken=first["nextPageToken"])
    equal(
        [p["names"][0]["displayName"] for p in first["connections"] + last["connections"]],
        ["Person 0", "Person 1", "Person 2"],
    )
    google("DELETE", "people/c1")
    changed = ask(syncToken=last["nextSyncToken"])["connections"]
    equal([(p["resourceName"], p["metadata"]["deleted"]) for p in changed], [("people/c1", True)])
    me = service.people().get(resourceName="people/me", personFields="metadata").execute()
    equal(me["metadata"]["sources"][0]["type"], "PROFILE")
    equal(service.people().get(resourceName=me["resourceName"], personFields="metadata").execute(), me)
    google("PUT", "clock", {"advance": "8d"})
    try:
        service = people()
        ask(syncToken=last["nextSyncToken"])
    except HttpError as error:
        equal(json.loads(error.content)["error"]["details"][0]["reason"], "EXPIRED_SYNC_TOKEN")
    else:
        raise AssertionError("the token was accepted")
    finally:
        google("PUT", "clock", {"advance": "-8d"})


@check("the emulator's own table of operations agrees with Google's description")
def table() -> None:
    sys.path.insert(0, str(RUN.parent))
    from emulator.google.contract import Contract
    from emulator.google.methods import COMMON, METHODS

    contract = Contract.find()
    assert contract
    for method in METHODS:
        document, described = contract._method(method.name)
        known = {name for name, one in described.get("parameters", {}).items() if one["location"] == "query"}
        equal((method.name, method.parameters - known, known - method.parameters), (method.name, set(), set()))
        equal((method.name, set(method.scopes) - set(described["scopes"])), (method.name, set()))
        equal((method.name, method.verb), (method.name, described["httpMethod"]))
        assert set(document["parameters"]) <= COMMON


@check("the oldest of more than a hundred refresh tokens dies, and a user may say no")
def hundred() -> None:
    grants = [google("POST", "tokens", {})["refresh_token"] for _ in range(101)]
    client = {"client_id": "emulated-client", "client_secret": "emulated-secret", "grant_type": "refresh_token"}
    equal([google.form("/token", refresh_token=token, **client)[0] for token in grants[:2]], [400, 200])
    equal(
        google.form("/token", refresh_token=grants[1], **(client | {"client_secret": "wrong"}))[1]["error"],
        "invalid_client",
    )
    google("POST", "tokens/revoke", {"why": "invalid_rapt", "refresh_token": grants[1]})
    equal(google.form("/token", refresh_token=grants[1], **client)[1]["error_subtype"], "invalid_rapt")
    equal(google.raw("POST", "/revoke?token=" + urllib.parse.quote(grants[2]), b"")[0], 200)
    equal(google.form("/token", refresh_token=grants[3], **client)[1]["error"], "invalid_grant")
    google("PUT", "consent", {"mode": "deny"})
    query = "client_id=emulated-client&redirect_uri=http://localhost:9/&response_type=code&state=s"
    scope = urllib.parse.quote("https://www.googleapis.com/auth/calendar.readonly")
    _, headers, _ = google.raw("GET", f"/o/oauth2/v2/auth?{query}&scope={scope}")
    equal(headers["Location"], "http://localhost:9/?state=s&error=access_denied")
