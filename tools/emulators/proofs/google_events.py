"""Single events, series and what is seen of them, as Google's own client sees them."""

from __future__ import annotations

from typing import Any

from google_client import ME, client, five, google, refused, timed, whole
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


@check("filters choose by identifier, text, property, time and age, and orders order")
def filters() -> None:
    calendar = client()
    for day in (7, 5, 6):
        properties = {"private": {"day": str(day)}}
        calendar.events().insert(calendarId="primary", body=timed(day, extendedProperties=properties)).execute()
    google("POST", f"calendars/primary/events/{found(calendar)[0]['id']}/delete", {})

    def days(**more: Any) -> list[str]:
        return [event.get("summary", event["status"]) for event in found(calendar, **more)]

    equal(days(), ["Day 5", "Day 6"])
    equal(days(showDeleted=True), ["cancelled", "Day 5", "Day 6"])
    equal(days(iCalUID=found(calendar)[1]["iCalUID"]), ["Day 6"])
    equal(days(q="day 5"), ["Day 5"])
    equal(days(privateExtendedProperty="day=6"), ["Day 6"])
    equal(days(timeMin="2026-01-05T10:00:00Z"), ["Day 6"])
    equal(days(timeMax="2026-01-06T09:00:00Z"), ["Day 5"])
    equal(days(singleEvents=True, orderBy="startTime", timeMin="2026-01-05T09:59:00Z"), ["Day 5", "Day 6"])
    google("PATCH", f"calendars/primary/events/{found(calendar)[0]['id']}", {"location": "Elsewhere"})
    equal(days(orderBy="updated"), ["Day 6", "Day 5"])
    refused(calendar.events().list(calendarId="primary", orderBy="startTime"), 400, "invalid")
    refused(
        calendar.events().list(
            calendarId="primary", timeMin="2026-01-06T00:00:00Z", timeMax="2026-01-06T00:00:00Z", singleEvents=True
        ),
        400,
        "timeRangeEmpty",
    )


def found(calendar: Any, **more: Any) -> list[dict[str, Any]]:
    return list(calendar.events().list(calendarId="primary", **more).execute()["items"])


@check("a series is in a window in which one of its instances is")
def series_in_window() -> None:
    calendar = client()
    series(calendar)
    for start, end, count in (("01", "15", 0), ("20", "22", 0), ("22", "24", 1), ("26", "29", 0)):
        window = {"timeMin": f"2026-03-{start}T00:00:00Z", "timeMax": f"2026-03-{end}T00:00:00Z"}
        equal((start, len(found(calendar, **window))), (start, count))


@check("times are written in the zone that is asked for")
def asked_zone() -> None:
    calendar = client()
    series(calendar)
    start = found(calendar, timeZone="America/New_York")[0]["start"]
    equal(start, {"dateTime": "2026-03-16T04:00:00-04:00", "timeZone": "Europe/Berlin"})
    refused(calendar.events().list(calendarId="primary", timeZone="Nowhere/Town"), 400, "invalid")


@check("what an organizer cancelled keeps its details, and comes back when it is undeleted")
def cancelled_by_organizer() -> None:
    calendar = client()
    event = calendar.events().insert(calendarId="primary", body=timed(5)).execute()
    _, token = whole(calendar)
    google("POST", f"calendars/primary/events/{event['id']}/cancel")
    changed, token = whole(calendar, syncToken=token)
    equal([(e["status"], e.get("summary")) for e in changed], [("cancelled", "Day 5")])
    google("POST", f"calendars/primary/events/{event['id']}/undelete")
    changed, token = whole(calendar, syncToken=token)
    equal([(e["status"], e.get("summary")) for e in changed], [("confirmed", "Day 5")])
    google("POST", f"calendars/primary/events/{event['id']}/respond", {"response": "declined"})
    changed, _ = whole(calendar, syncToken=token)
    equal(changed[0]["attendees"], [{"email": ME, "responseStatus": "declined", "self": True, "organizer": True}])


@check("an imported event keeps its identifier and its organizer, whose time a guest cannot change")
def imported() -> None:
    calendar = client()
    body = timed(5, iCalUID="far@example.test", organizer={"email": "you@example.test"})
    event = calendar.events().import_(calendarId="primary", body=body).execute()
    equal((event["iCalUID"], event["organizer"]), ("far@example.test", {"email": "you@example.test"}))
    moved = {"start": {"dateTime": "2026-01-05T08:00:00Z"}}
    refused(
        calendar.events().patch(calendarId="primary", eventId=event["id"], body=moved), 403, "forbiddenForNonOrganizer"
    )
    answered = calendar.events().patch(calendarId="primary", eventId=event["id"], body={"colorId": "3"}).execute()
    equal(answered["colorId"], "3")


@check("readers do not see what is private, nor may they write")
def readers() -> None:
    google(
        "PUT",
        "calendars/team@group",
        {
            "summary": "Team",
            "owner": "you@example.test",
            "accessRole": "reader",
            "events": [{"summary": "Secret", "visibility": "private", "start": "2026-01-05T09:00:00Z"}],
        },
    )
    calendar = client()
    event = calendar.events().list(calendarId="team@group").execute()["items"][0]
    equal((event.get("summary"), event["visibility"]), (None, "private"))
    refused(calendar.events().insert(calendarId="team@group", body=timed(5)), 403, "requiredAccessLevel")
    equal(calendar.calendars().get(calendarId="team@group").execute()["summary"], "Team")
    equal(calendar.calendarList().get(calendarId="team@group").execute()["accessRole"], "reader")
    _, token = whole(calendar)
    google("PUT", "calendars/primary", {"accessRole": "writer"})
    refused(calendar.events().list(calendarId="primary", syncToken=token), 410, "fullSyncRequired")


@check("a whole day can become a time and a time a whole day, by patch and by control")
def day_and_time() -> None:
    calendar = client()
    event = calendar.events().insert(calendarId="primary", body=timed(5)).execute()
    day = {
        "start": {"date": "2026-01-06", "dateTime": None, "timeZone": None},
        "end": {"date": "2026-01-07", "dateTime": None, "timeZone": None},
    }
    changed = calendar.events().patch(calendarId="primary", eventId=event["id"], body=day).execute()
    equal((changed["start"], changed["sequence"]), ({"date": "2026-01-06"}, 1))
    google(
        "POST",
        f"calendars/primary/events/{event['id']}/move",
        {"start": "2026-01-08T09:00:00Z", "end": "2026-01-08T10:00:00Z"},
    )
    equal(found(calendar)[0]["start"]["dateTime"], "2026-01-08T09:00:00Z")
    google("POST", f"calendars/primary/events/{event['id']}/move", {"by": "90m"})
    equal(found(calendar)[0]["end"]["dateTime"], "2026-01-08T11:30:00Z")
