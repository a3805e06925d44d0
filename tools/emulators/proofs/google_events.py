"""Single events, series and what is seen of them, as Google's own client sees them."""

from __future__ import annotations

from typing import Any

from google_client import client, five, google, refused, timed, whole
from harness import check, equal


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


def series(calendar: Any, **more: Any) -> dict[str, Any]:
    zone = "Europe/Berlin"
    return (
        calendar.events()
        .insert(
            calendarId="primary",
            body={
                "summary": "Weekly",
                "start": {"dateTime": "2026-03-16T09:00:00", "timeZone": zone},
                "end": {"dateTime": "2026-03-16T10:00:00", "timeZone": zone},
                "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"],
                **more,
            },
        )
        .execute()
    )


@check("a series keeps its local time over the change of clocks, in the list and in its instances")
def instances() -> None:
    calendar = client()
    master = series(calendar)
    found = calendar.events().instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    equal(
        [event["start"]["dateTime"] for event in found],
        [
            f"2026-{day}T09:00:00{offset}"
            for day, offset in (("03-16", "+01:00"), ("03-23", "+01:00"), ("03-30", "+02:00"), ("04-06", "+02:00"))
        ],
    )
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
    equal(
        [(e["recurringEventId"], e["originalStartTime"]["dateTime"], e["status"]) for e in changes],
        [
            (master["id"], "2026-03-23T09:00:00+01:00", "confirmed"),
            (master["id"], "2026-03-30T09:00:00+02:00", "cancelled"),
        ],
    )
    equal(set(changes[1]) - {"kind", "etag"}, {"id", "status", "recurringEventId", "originalStartTime"})
    equal(len(whole(calendar)[0]), 3)
    singles, _ = whole(calendar, singleEvents=True)
    equal(len(singles), 3)


@check("this and following makes two series, of which the first has ended")
def split() -> None:
    calendar = client()
    master = series(calendar)
    made = google(
        "POST",
        f"calendars/primary/events/{master['id']}/split",
        {"at": "2026-03-30T09:00", "changes": {"summary": "New"}},
    )
    singles, _ = whole(calendar, singleEvents=True)
    equal(
        [(e["recurringEventId"], e["summary"]) for e in singles],
        [(master["id"], "Weekly")] * 2 + [(made["after"]["id"], "New")] * 2,
    )
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
    google(
        "POST",
        "calendars/primary/events",
        {
            "id": "abc_20260105T090000Z",
            "recurringEventId": "abc",
            "start": "2026-01-05T10:00:00Z",
            "summary": "Only this one",
            "originalStartTime": {"dateTime": "2026-01-05T09:00:00Z"},
            "iCalUID": "abc@google.com",
        },
    )
    calendar = client()
    equal([event["recurringEventId"] for event in whole(calendar)[0]], ["abc"])
    refused(calendar.events().get(calendarId="primary", eventId="abc"), 404, "notFound")


@check("a calendar of which only busy times may be seen tells no more, and freebusy agrees")
def busy() -> None:
    google(
        "PUT",
        "calendars/theirs@group",
        {
            "summary": "Theirs",
            "owner": "you@example.test",
            "accessRole": "freeBusyReader",
            "events": [
                {"summary": "Secret", "start": "2026-01-05T09:00:00Z"},
                {"summary": "Free", "start": "2026-01-05T12:00:00Z", "transparency": "transparent"},
            ],
        },
    )
    calendar = client()
    items = calendar.events().list(calendarId="theirs@group").execute()["items"]
    assert all("summary" not in event and event["start"] for event in items)
    answer = (
        calendar.freebusy()
        .query(
            body={
                "timeMin": "2026-01-05T00:00:00Z",
                "timeMax": "2026-01-06T00:00:00Z",
                "items": [{"id": "theirs@group"}, {"id": "none"}],
            }
        )
        .execute()["calendars"]
    )
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
    for kind, properties in (
        ("workingLocation", {"workingLocationProperties": {"type": "homeOffice", "homeOffice": {}}}),
        ("default", {}),
    ):
        body = {
            "summary": kind,
            "eventType": kind,
            "start": {"date": "2026-01-05"},
            "end": {"date": "2026-01-06"},
            **properties,
        }
        calendar.events().insert(calendarId="primary", body=body).execute()
    found = calendar.events().list(calendarId="primary", eventTypes=["workingLocation"]).execute()["items"]
    equal([(event["summary"], event["start"]) for event in found], [("workingLocation", {"date": "2026-01-05"})])
