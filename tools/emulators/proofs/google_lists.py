"""Lists, pages and sync tokens, as Google's own client sees them."""

from __future__ import annotations

import json
import time
from statistics import median

from google_client import ME, client, five, google, refused, timed, whole
from harness import check, equal


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
    equal(
        [(event["id"], event["status"], event.get("summary")) for event in items],
        [(made[0]["id"], "cancelled", None), (made[1]["id"], "confirmed", "Changed")],
    )


@check("the eight parameters are refused together with a sync token")
def forbidden() -> None:
    calendar = client()
    _, token = whole(calendar)
    for name, value in {
        "iCalUID": "a",
        "orderBy": "updated",
        "privateExtendedProperty": "a=b",
        "q": "a",
        "sharedExtendedProperty": "a=b",
        "timeMin": "2026-01-01T00:00:00Z",
        "timeMax": "2026-01-01T00:00:00Z",
        "updatedMin": "2026-01-01T00:00:00Z",
    }.items():
        refused(calendar.events().list(calendarId="primary", syncToken=token, **{name: value}), 400, "invalid")
    refused(calendar.events().list(calendarId="primary", syncToken=token, showDeleted=False), 400, "invalid")


@check("a dead sync token answers 410 fullSyncRequired")
def dead() -> None:
    calendar = client()
    five(calendar)
    _, token = whole(calendar)
    google("POST", "calendars/primary/expire")
    refused(calendar.events().list(calendarId="primary", syncToken=token), 410, "fullSyncRequired")
    equal(len(whole(calendar)[0]), 5)


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
    refused(
        client().events().list(calendarId="primary", updatedMin="2020-01-01T00:00:00Z"), 410, "updatedMinTooLongAgo"
    )


@check("the list of calendars tells new, hidden and deleted ones by token, and its token can die")
def calendar_list() -> None:
    calendar = client()
    token = calendar.calendarList().list().execute()["nextSyncToken"]
    google("PUT", "calendars/new@group", {"summary": "New"})
    google("PUT", "calendars/hidden@group", {"summary": "Hidden", "hidden": True})
    google("PUT", "calendars/gone@group", {"summary": "Gone"})
    google("DELETE", "calendars/gone@group")
    found = calendar.calendarList().list(syncToken=token).execute()["items"]
    equal(
        [(e["id"], e.get("hidden"), e.get("deleted")) for e in found],
        [("new@group", None, None), ("hidden@group", True, None), ("gone@group", None, True)],
    )
    equal([e["id"] for e in calendar.calendarList().list().execute()["items"]], [ME, "new@group"])
    refused(calendar.calendarList().list(syncToken=token, minAccessRole="owner"), 400, "invalid")
    google("POST", "calendars/expire")
    refused(calendar.calendarList().list(syncToken=token), 410, "fullSyncRequired")


@check("ten thousand events come in pages of 2500, well within a second each")
def many() -> None:

    google("POST", "calendars/primary/generate", {"count": 10_000, "series": 50})
    token = google("POST", "tokens", {})["access_token"]
    page, count, seconds = "", 0, list[float]()
    while True:
        began = time.monotonic()
        _, _, body = google.raw(
            "GET",
            f"/calendar/v3/calendars/primary/events?maxResults=2500{page}",
            headers={"Authorization": f"Bearer {token}"},
        )
        seconds.append(time.monotonic() - began)
        answer = json.loads(body)
        count += len(answer["items"])
        if "nextPageToken" not in answer:
            break
        page = f"&pageToken={answer['nextPageToken']}"
    equal(count, 10_000)
    assert median(seconds) < 1, f"a page took {median(seconds):.2f} s"
