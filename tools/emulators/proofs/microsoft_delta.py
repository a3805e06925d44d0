"""Rounds over a window and what changed in it, as Microsoft's own client sees them."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from statistics import median

from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.sensitivity import Sensitivity

from harness import check, equal
from microsoft_client import BERLIN, SERIES, client, delta, done, graph, refused, removed, seed, since


@check("a round over three pages holds master, bare occurrences, an exception and a private single event")
def full_round() -> None:
    seed(
        SERIES,
        {
            "subject": "Private",
            "start": "2026-01-07T15:00",
            "sensitivity": "private",
            "isOnlineMeeting": True,
            "onlineMeeting": {"joinUrl": "https://teams.example.test/1"},
            "showAs": "oof",
            "attendees": [
                {
                    "type": "resource",
                    "status": {"response": "none"},
                    "emailAddress": {"name": "Room", "address": "room@example.test"},
                }
            ],
        },
    )
    graph("POST", "calendars/primary/events/s/instances/2026-01-12T09:00/move", {"by": "2h"})
    graph("PUT", "paging", {"largest": 2})
    events, link, pages = delta()
    kinds = [event.type for event in events]
    equal(pages, 3)
    equal(
        [
            kinds.count(kind)
            for kind in (EventType.SeriesMaster, EventType.Occurrence, EventType.Exception, EventType.SingleInstance)
        ],
        [1, 3, 1, 1],
    )
    bare = next(event for event in events if event.type == EventType.Occurrence)
    equal((bare.subject, bare.i_cal_u_id, bare.is_all_day, bare.series_master_id), (None, None, None, events[0].id))
    exception = next(event for event in events if event.type == EventType.Exception)
    equal(
        (exception.start.date_time, exception.original_start),
        ("2026-01-12T10:00:00.0000000", datetime(2026, 1, 12, 8, tzinfo=timezone.utc)),
    )
    private = next(event for event in events if event.type == EventType.SingleInstance)
    equal((private.sensitivity, private.attendees[0].type), (Sensitivity.Private, AttendeeType.Resource))
    equal(private.online_meeting.join_url, "https://teams.example.test/1")
    assert "$deltatoken=" in link


@check("what is removed comes as @removed, and nothing else when nothing else changed")
def removals() -> None:
    seed(
        {"id": "a", "subject": "A", "start": "2026-01-05T09:00"},
        {"id": "b", "subject": "B", "start": "2026-01-06T09:00"},
    )
    events, link, _ = delta()
    graph("DELETE", "calendars/primary/events/a")
    changes = since(link)
    equal((removed(changes), len(changes)), ([events[0].id], 1))
    equal(changes[0].additional_data["@removed"], {"reason": "deleted"})


@check("dead delta links answer 410 with a Location, or other words where they are wanted")
def dead() -> None:
    seed({"subject": "A", "start": "2026-01-05T09:00"})
    _, link, _ = delta()
    graph("POST", "calendars/primary/expire")
    error = refused(client().me.calendar_view.delta.with_url(link).get(), 410, "syncStateNotFound")
    assert "$deltatoken" in str(error.response_headers)
    graph("POST", "calendars/primary/expire", {"kind": "400:SyncStateNotFound"})
    refused(client().me.calendar_view.delta.with_url(link).get(), 400, "SyncStateNotFound")
    refused(
        client().me.calendar_view.delta.with_url(link.split("$deltatoken=")[0] + "$deltatoken=x").get(),
        400,
        "SyncStateNotFound",
    )


@check("ids are those that were asked for, and an immutable one survives another calendar")
def ids() -> None:
    seed({"id": "a", "subject": "A", "start": "2026-01-05T09:00"})
    graph("PUT", "calendars/other", {"name": "Other"})
    (mutable,), (immutable,) = delta()[0], delta(IdType='"ImmutableId"')[0]
    assert mutable.id != immutable.id
    graph("POST", "calendars/primary/events/a/transfer", {"calendar": "other"})
    equal(done(client().me.events.by_event_id(immutable.id).get()).subject, "A")
    refused(client().me.events.by_event_id(mutable.id).get(), 404, "ErrorItemNotFound")


@check("times come in the zone that was asked for, whole days at midnight in any")
def zones() -> None:
    seed({"subject": "A", "start": "2026-01-05T09:00"}, {"subject": "Day", "start": "2026-01-06"})
    for zone, hour in (("UTC", 8), ("Pacific Standard Time", 0), ("Asia/Tokyo", 17)):
        timed, day = delta(outlook_timezone=f'"{zone}"')[0]
        equal((timed.start.date_time, timed.start.time_zone), (f"2026-01-05T{hour:02d}:00:00.0000000", zone))
        equal((day.start.date_time, day.is_all_day), ("2026-01-06T00:00:00.0000000", True))
        equal(timed.original_start_time_zone, BERLIN)


@check("a custom zone is told as one, and its events keep their clocks")
def custom_zone() -> None:
    zone = "tzone://Microsoft/Custom"
    seed({**SERIES, "start": {"dateTime": "2026-03-23T09:00", "timeZone": zone}, "clockZone": "Europe/Berlin"})
    events, _, _ = delta(start="2026-03-01", end="2026-05-01")
    equal(events[0].original_start_time_zone, zone)
    equal([e.start.date_time[:16] for e in events[1:3]], ["2026-03-23T08:00", "2026-03-30T07:00"])


@check("an event outside of the window comes as removed when it changes")
def outside() -> None:
    seed({"id": "far", "subject": "Far", "start": "2026-06-05T09:00"})
    events, link, _ = delta()
    equal(events, [])
    graph("PATCH", "calendars/primary/events/far", {"subject": "Farther"})
    equal(len(removed(since(link))), 1)


@check("pages may be empty, items may come twice, and masters may be missing")
def unpleasant() -> None:
    seed(SERIES)
    graph("PUT", "paging", {"emptyPages": 1, "twice": True, "omitMasters": True, "largest": 3})
    events, _, pages = delta()
    equal((pages, {event.type for event in events}), (3, {EventType.Occurrence}))
    master = done(client().me.events.by_event_id(events[0].series_master_id).get())
    equal((master.type, master.subject), (EventType.SeriesMaster, "Weekly"))
    graph("PUT", "paging", {"twice": True})
    subjects = [event.subject for event in delta()[0] if event.type == EventType.SeriesMaster]
    equal(subjects, ["as it was before", "Weekly"])


@check("every occurrence has its own iCalUId, made from that of the series")
def global_ids() -> None:
    seed(SERIES)
    given = client()
    master, first, second = (done(given.me.events.by_event_id(event.id).get()) for event in delta()[0][:3])
    uids = [event.i_cal_u_id for event in (master, first, second)]
    equal(len(set(uids)), 3)
    equal({uid[:32] + uid[40:] for uid in uids}, {uids[0][:32] + uids[0][40:]})
    equal(first.original_start, datetime(2026, 1, 5, 8, tzinfo=timezone.utc))


@check("patterns make the days that Outlook makes of them")
def patterns() -> None:
    for pattern, first, days in (
        ({"type": "daily", "interval": 3}, "2026-01-05", ["01-05", "01-08", "01-11"]),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"]},
            "2026-01-06",
            ["01-06", "01-18", "01-20"],
        ),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"], "firstDayOfWeek": "monday"},
            "2026-01-06",
            ["01-06", "01-11", "01-20"],
        ),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, "2026-01-31", ["01-31", "02-28", "03-31"]),
        (
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday", "tuesday"], "index": "last"},
            "2026-01-27",
            ["01-27", "02-24", "03-31"],
        ),
        (
            {"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29},
            "2026-02-28",
            ["02-28", "02-28", "02-29"],
        ),
        (
            {"type": "relativeYearly", "interval": 1, "month": 3, "daysOfWeek": ["thursday"], "index": "fourth"},
            "2026-03-26",
            ["03-26", "03-25", "03-23"],
        ),
    ):
        graph("POST", "reset")
        recurrence = {"pattern": pattern, "range": {"type": "numbered", "numberOfOccurrences": 3}}
        seed({"subject": "P", "start": f"{first}T12:00", "recurrence": recurrence})
        found = [e.start.date_time[5:10] for e in delta(end="2029-01-01")[0] if e.type == EventType.Occurrence]
        equal((pattern["type"], found), (pattern["type"], days))


@check("an end of a series is told as removed occurrences, and the rest as another series")
def split() -> None:
    seed(SERIES)
    events, link, _ = delta()
    graph("POST", "calendars/primary/events/s/split", {"at": "2026-01-19", "changes": {"subject": "New"}})
    changes = since(link)
    equal(removed(changes), [event.id for event in events[3:]])
    equal([e.subject for e in changes if e.type == EventType.SeriesMaster], ["Weekly", "New"])


@check("ten thousand events come in pages of a thousand, well within a second each")
def many() -> None:
    graph("POST", "calendars/primary/generate", {"count": 10_000, "series": 50, "start": "2026-01-01T00:00"})
    headers = {
        "Authorization": f"Bearer {graph('POST', 'tokens', {})['access_token']}",
        "Prefer": "odata.maxpagesize=1000",
    }
    link = "/v1.0/me/calendarView/delta?startDateTime=2026-01-01T00:00:00Z&endDateTime=2028-01-01T00:00:00Z"
    count, seconds = 0, list[float]()
    while True:
        began = time.monotonic()
        answer = json.loads(graph.raw("GET", link, headers=headers)[2])
        seconds.append(time.monotonic() - began)
        count += len(answer["value"])
        if "@odata.nextLink" not in answer:
            break
        link = answer["@odata.nextLink"]
    equal(count, 10_000 + 200 * 10)
    assert median(seconds) < 1, f"a page took {median(seconds):.2f} s"
