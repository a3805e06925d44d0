"""Proves the Google emulator with Google's own Python client and Google's own description of its services."""

from __future__ import annotations

import atexit
import json
import sys
import urllib.parse
from typing import Any

from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from harness import RUN, Emulator, Listener, challenge, check, equal, run

google = Emulator("google")
atexit.register(google.end)
if not google("GET", "state")["contract"]:
    raise SystemExit("the emulator did not find the discovery documents, without which this proves little")
SCOPES = ["calendar", "contacts.readonly"]
ME = "me@example.test"


def credentials(**changed: Any) -> Credentials:
    grant = google("POST", "tokens", {"scopes": SCOPES}) | changed
    return Credentials(
        grant["access_token"], refresh_token=grant["refresh_token"], token_uri=google.url + "/token",
        client_id=grant["client_id"], client_secret=grant["client_secret"],
    )


def client(given: Credentials | None = None) -> Any:
    return build(
        "calendar", "v3", credentials=given or credentials(), static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": google.url + "/calendar/v3/"},
    )


def people() -> Any:
    return build(
        "people", "v1", credentials=credentials(), static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": google.url},
    )


def timed(day: int, hour: int = 9, **more: Any) -> dict[str, Any]:
    return {
        "summary": f"Day {day}", "start": {"dateTime": f"2026-01-{day:02d}T{hour:02d}:00:00Z"},
        "end": {"dateTime": f"2026-01-{day:02d}T{hour + 1:02d}:00:00Z"}, **more,
    }


def five(calendar: Any) -> list[dict[str, Any]]:
    return [calendar.events().insert(calendarId="primary", body=timed(day)).execute() for day in range(5, 10)]


def whole(calendar: Any, **more: Any) -> tuple[list[dict[str, Any]], str]:
    """All pages of a list, and the token after the last."""
    items: list[dict[str, Any]] = []
    page = None
    while True:
        answer = calendar.events().list(calendarId="primary", pageToken=page, **more).execute()
        assert ("nextPageToken" in answer) != ("nextSyncToken" in answer), "one of the two tokens, never both"
        items += answer["items"]
        page = answer.get("nextPageToken")
        if page is None:
            return items, answer["nextSyncToken"]


def refused(request: Any, status: int, reason: str) -> HttpError:
    try:
        answer = request.execute()
    except HttpError as error:
        equal((error.resp.status, json.loads(error.content)["error"]["errors"][0]["reason"]), (status, reason))
        return error
    raise AssertionError(f"it was not refused: {answer}")


@check("a stale access token is refused once, refreshed and the request repeated")
def stale() -> None:
    calendar = client(credentials(access_token="stale"))
    equal(calendar.calendarList().list().execute()["items"][0]["id"], ME)
    statuses = [(line["operation"], line["status"]) for line in google("GET", "requests")]
    equal(statuses, [("calendarList.list", 401), ("oauth.token", 200), ("calendarList.list", 200)])


@check("five events come over three pages, each with one of the two tokens")
def pages() -> None:
    calendar = client()
    made = [event["id"] for event in five(calendar)]
    items, token = whole(calendar, maxResults=2)
    equal([event["id"] for event in items], made)
    equal(google("GET", "counters")["operations"]["events.list"], 3)
    assert token


@check("after a sync token only what was changed and cancelled comes")
def incremental() -> None:
    calendar = client()
    made = five(calendar)
    _, token = whole(calendar)
    calendar.events().delete(calendarId="primary", eventId=made[0]["id"]).execute()
    calendar.events().patch(calendarId="primary", eventId=made[1]["id"], body={"summary": "Changed"}).execute()
    items, _ = whole(calendar, syncToken=token)
    equal([(event["id"], event["status"], event.get("summary")) for event in items], [
        (made[0]["id"], "cancelled", None), (made[1]["id"], "confirmed", "Changed"),
    ])


@check("the eight parameters are refused together with a sync token")
def forbidden() -> None:
    calendar = client()
    _, token = whole(calendar)
    for name, value in {
        "iCalUID": "a", "orderBy": "updated", "privateExtendedProperty": "a=b", "q": "a", "sharedExtendedProperty": "a=b",
        "timeMin": "2026-01-01T00:00:00Z", "timeMax": "2026-01-01T00:00:00Z", "updatedMin": "2026-01-01T00:00:00Z",
    }.items():
        refused(calendar.events().list(calendarId="primary", syncToken=token, **{name: value}), 400, "invalid")
    refused(calendar.events().list(calendarId="primary", syncToken=token, showDeleted=False), 400, "invalid")


@check("what is deleted already answers 410 deleted")
def twice() -> None:
    calendar = client()
    event = five(calendar)[0]
    calendar.events().delete(calendarId="primary", eventId=event["id"]).execute()
    refused(calendar.events().delete(calendarId="primary", eventId=event["id"]), 410, "deleted")


@check("an etag of before answers 412 conditionNotMet")
def etags() -> None:
    calendar = client()
    event = five(calendar)[0]
    calendar.events().patch(calendarId="primary", eventId=event["id"], body={"summary": "Mine"}).execute()
    late = calendar.events().update(calendarId="primary", eventId=event["id"], body=timed(5))
    late.headers["If-Match"] = event["etag"]
    refused(late, 412, "conditionNotMet")


@check("an id that is taken answers 409 duplicate")
def duplicate() -> None:
    calendar = client()
    calendar.events().insert(calendarId="primary", body=timed(5, id="chosen12345")).execute()
    refused(calendar.events().insert(calendarId="primary", body=timed(5, id="chosen12345")), 409, "duplicate")


@check("unknown fields of a body are refused")
def unknown() -> None:
    refused(client().events().insert(calendarId="primary", body=timed(5, colour="red")), 400, "badRequest")


@check("a dead sync token answers 410 fullSyncRequired")
def dead() -> None:
    calendar = client()
    five(calendar)
    _, token = whole(calendar)
    google("POST", "calendars/primary/expire")
    refused(calendar.events().list(calendarId="primary", syncToken=token), 410, "fullSyncRequired")
    equal(len(whole(calendar)[0]), 5)


@check("the client rides out 403 rateLimitExceeded")
def rides_403() -> None:
    google("POST", "faults", {"match": "events.list", "kind": "status:403|reason:rateLimitExceeded"})
    equal(client().events().list(calendarId="primary").execute(num_retries=2)["items"], [])


@check("the client rides out 429 and 503")
def rides_others() -> None:
    google("POST", "faults", [{"match": "events.list", "kind": "status:429"}, {"match": "events.list", "kind": "status:503"}])
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
    seen = [(h["x-goog-resource-state"], h["x-goog-message-number"], h["x-goog-channel-token"], b) for _, h, b in listener.heard[:2]]
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
        "client_id": "emulated-client", "redirect_uri": "http://127.0.0.1:1/back", "response_type": "code", "scope": scopes,
        "state": "s", "code_challenge": digest, "code_challenge_method": "S256", "access_type": "offline",
    }
    found = {}
    for right in (False, True):
        status, headers, _ = google.raw("GET", "/o/oauth2/v2/auth?" + urllib.parse.urlencode(asked | {"prompt": "consent"}))
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        equal((status, back["state"]), (302, "s"))
        status, found = google.form(
            "/token", grant_type="authorization_code", code=back["code"], redirect_uri=asked["redirect_uri"],
            client_id="emulated-client", client_secret="emulated-secret", code_verifier=verifier if right else verifier[::-1],
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


def series(calendar: Any, **more: Any) -> dict[str, Any]:
    zone = "Europe/Berlin"
    return calendar.events().insert(calendarId="primary", body={
        "summary": "Weekly", "start": {"dateTime": "2026-03-16T09:00:00", "timeZone": zone},
        "end": {"dateTime": "2026-03-16T10:00:00", "timeZone": zone}, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"], **more,
    }).execute()


@check("a series keeps its local time over the change of clocks, in the list and in its instances")
def instances() -> None:
    calendar = client()
    master = series(calendar)
    found = calendar.events().instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    equal([event["start"]["dateTime"] for event in found], [
        f"2026-{day}T09:00:00{offset}" for day, offset in
        (("03-16", "+01:00"), ("03-23", "+01:00"), ("03-30", "+02:00"), ("04-06", "+02:00"))
    ])
    singles = calendar.events().list(calendarId="primary", singleEvents=True, orderBy="startTime").execute()["items"]
    equal([event["id"] for event in singles], [event["id"] for event in found])
    equal(len({event["iCalUID"] for event in singles}), 1)


@check("a moved and a cancelled instance are exceptions of their series; the cancelled one says only which it is")
def exceptions() -> None:
    calendar = client()
    master = series(calendar)
    found = calendar.events().instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    _, token = whole(calendar)
    moved = {"start": {"dateTime": "2026-03-24T11:00:00Z"}, "end": {"dateTime": "2026-03-24T12:00:00Z"}}
    calendar.events().patch(calendarId="primary", eventId=found[1]["id"], body=moved).execute()
    calendar.events().delete(calendarId="primary", eventId=found[2]["id"]).execute()
    changes, _ = whole(calendar, syncToken=token)
    equal([(e["recurringEventId"], e["originalStartTime"]["dateTime"], e["status"]) for e in changes], [
        (master["id"], "2026-03-23T09:00:00+01:00", "confirmed"), (master["id"], "2026-03-30T09:00:00+02:00", "cancelled"),
    ])
    equal(set(changes[1]) - {"kind", "etag"}, {"id", "status", "recurringEventId", "originalStartTime"})
    equal(len(whole(calendar)[0]), 3)
    singles, _ = whole(calendar, singleEvents=True)
    equal(len(singles), 3)


@check("this and following makes two series, of which the first has ended")
def split() -> None:
    calendar = client()
    master = series(calendar)
    made = google("POST", f"calendars/primary/events/{master['id']}/split", {"at": "2026-03-30T09:00", "changes": {"summary": "New"}})
    singles, _ = whole(calendar, singleEvents=True)
    equal([(e["recurringEventId"], e["summary"]) for e in singles], [(master["id"], "Weekly")] * 2 + [(made["after"]["id"], "New")] * 2)
    assert made["before"]["iCalUID"] != made["after"]["iCalUID"]


@check("a cancelled series takes its instances with it")
def cancelled_series() -> None:
    calendar = client()
    master = series(calendar)
    _, token = whole(calendar)
    calendar.events().delete(calendarId="primary", eventId=master["id"]).execute()
    changes, _ = whole(calendar, syncToken=token)
    equal([(event["id"], event["status"]) for event in changes], [(master["id"], "cancelled")])
    equal(whole(calendar, singleEvents=True)[0], [])


@check("an exception comes alone where its series is not")
def orphan() -> None:
    google("POST", "calendars/primary/events", {
        "id": "abc_20260105T090000Z", "recurringEventId": "abc", "start": "2026-01-05T10:00:00Z", "summary": "Only this one",
        "originalStartTime": {"dateTime": "2026-01-05T09:00:00Z"}, "iCalUID": "abc@google.com",
    })
    calendar = client()
    equal([event["recurringEventId"] for event in whole(calendar)[0]], ["abc"])
    refused(calendar.events().get(calendarId="primary", eventId="abc"), 404, "notFound")


@check("an empty page may come before the others")
def empty_page() -> None:
    calendar = client()
    five(calendar)
    google("PUT", "paging", {"emptyPages": 1, "largest": 3})
    equal(len(whole(calendar)[0]), 5)
    equal(google("GET", "counters")["operations"]["events.list"], 3)


@check("what changes between two pages comes with the next token")
def between() -> None:
    calendar = client()
    made = five(calendar)
    first = calendar.events().list(calendarId="primary", maxResults=3).execute()
    calendar.events().patch(calendarId="primary", eventId=made[0]["id"], body={"summary": "Changed"}).execute()
    calendar.events().insert(calendarId="primary", body=timed(20)).execute()
    last = calendar.events().list(calendarId="primary", maxResults=3, pageToken=first["nextPageToken"]).execute()
    changes, _ = whole(calendar, syncToken=last["nextSyncToken"])
    assert made[0]["id"] in [event["id"] for event in changes]
    equal({event["summary"] for event in changes}, {"Changed", "Day 20"})


@check("an old updatedMin answers 410 updatedMinTooLongAgo")
def too_long_ago() -> None:
    refused(client().events().list(calendarId="primary", updatedMin="2020-01-01T00:00:00Z"), 410, "updatedMinTooLongAgo")


@check("the list of calendars tells new, hidden and deleted ones by token, and its token can die")
def calendar_list() -> None:
    calendar = client()
    token = calendar.calendarList().list().execute()["nextSyncToken"]
    google("PUT", "calendars/new@group", {"summary": "New"})
    google("PUT", "calendars/hidden@group", {"summary": "Hidden", "hidden": True})
    google("PUT", "calendars/gone@group", {"summary": "Gone"})
    google("DELETE", "calendars/gone@group")
    found = calendar.calendarList().list(syncToken=token).execute()["items"]
    equal([(e["id"], e.get("hidden"), e.get("deleted")) for e in found], [
        ("new@group", None, None), ("hidden@group", True, None), ("gone@group", None, True),
    ])
    equal([e["id"] for e in calendar.calendarList().list().execute()["items"]], [ME, "new@group"])
    refused(calendar.calendarList().list(syncToken=token, minAccessRole="owner"), 400, "invalid")
    google("POST", "calendars/expire")
    refused(calendar.calendarList().list(syncToken=token), 410, "fullSyncRequired")


@check("a calendar of which only busy times may be seen tells no more, and freebusy agrees")
def busy() -> None:
    google("PUT", "calendars/theirs@group", {"summary": "Theirs", "owner": "you@example.test", "accessRole": "freeBusyReader", "events": [
        {"summary": "Secret", "start": "2026-01-05T09:00:00Z"}, {"summary": "Free", "start": "2026-01-05T12:00:00Z", "transparency": "transparent"},
    ]})
    calendar = client()
    items = calendar.events().list(calendarId="theirs@group").execute()["items"]
    assert all("summary" not in event and event["start"] for event in items)
    answer = calendar.freebusy().query(body={
        "timeMin": "2026-01-05T00:00:00Z", "timeMax": "2026-01-06T00:00:00Z", "items": [{"id": "theirs@group"}, {"id": "none"}],
    }).execute()["calendars"]
    equal(answer["theirs@group"]["busy"], [{"start": "2026-01-05T09:00:00Z", "end": "2026-01-05T10:00:00Z"}])
    equal(answer["none"]["errors"][0]["reason"], "notFound")


@check("too many attendees are left out, and it is said")
def omitted() -> None:
    calendar = client()
    guests = [{"email": f"guest{n}@example.test"} for n in range(5)]
    event = calendar.events().insert(calendarId="primary", body=timed(5, attendees=guests)).execute()
    few = calendar.events().get(calendarId="primary", eventId=event["id"], maxAttendees=2).execute()
    equal((len(few["attendees"]), few["attendeesOmitted"]), (2, True))


@check("all-day events have dates, and kinds of events can be chosen")
def kinds() -> None:
    calendar = client()
    for kind, properties in (("workingLocation", {"workingLocationProperties": {"type": "homeOffice", "homeOffice": {}}}), ("default", {})):
        body = {"summary": kind, "eventType": kind, "start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}, **properties}
        calendar.events().insert(calendarId="primary", body=body).execute()
    found = calendar.events().list(calendarId="primary", eventTypes=["workingLocation"]).execute()["items"]
    equal([(event["summary"], event["start"]) for event in found], [("workingLocation", {"date": "2026-01-05"})])


@check("contacts come in pages, deleted ones by token, and the token dies after seven days")
def contacts() -> None:
    google("POST", "people", [{"id": f"c{n}", "name": f"Person {n}", "email": f"p{n}@example.test"} for n in range(3)])
    service, fields = people(), "names,emailAddresses,metadata"

    def ask(**more: Any) -> Any:
        return service.people().connections().list(
            resourceName="people/me", personFields=fields, requestSyncToken=True, **more
        ).execute()

    first = ask(pageSize=2)
    assert "nextSyncToken" not in first
    last = ask(pageSize=2, pageToken=first["nextPageToken"])
    equal([p["names"][0]["displayName"] for p in first["connections"] + last["connections"]], ["Person 0", "Person 1", "Person 2"])
    google("DELETE", "people/c1")
    changed = ask(syncToken=last["nextSyncToken"])["connections"]
    equal([(p["resourceName"], p["metadata"]["deleted"]) for p in changed], [("people/c1", True)])
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


@check("ten thousand events come in pages of 2500, each well within a second")
def many() -> None:
    import time

    google("POST", "calendars/primary/generate", {"count": 10_000, "series": 50})
    token = google("POST", "tokens", {})["access_token"]
    page, count, slowest = "", 0, 0.0
    while True:
        began = time.monotonic()
        _, _, body = google.raw(
            "GET", f"/calendar/v3/calendars/primary/events?maxResults=2500{page}", headers={"Authorization": f"Bearer {token}"}
        )
        slowest = max(slowest, time.monotonic() - began)
        answer = json.loads(body)
        count += len(answer["items"])
        if "nextPageToken" not in answer:
            break
        page = f"&pageToken={answer['nextPageToken']}"
    equal(count, 10_000)
    assert slowest < 1, f"the slowest page took {slowest:.2f} s"


run(lambda: google("POST", "reset"))
