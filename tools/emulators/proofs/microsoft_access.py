"""Tokens, limits, calendars, writes and contacts, as Microsoft's own client sees them."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.response_type import ResponseType
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import GetSchedulePostRequestBody
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.calendars.calendars_request_builder import CalendarsRequestBuilder
from msgraph.generated.users.item.events.item.decline.decline_post_request_body import DeclinePostRequestBody
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder

from harness import challenge, check, equal
from microsoft_client import BERLIN, SERIES, client, delta, done, graph, refused, removed, seed, since


@check("the client obeys Retry-After of 429 and 503")
def throttled() -> None:
    graph(
        "POST",
        "faults",
        [{"match": "me", "kind": "status:429|retry-after:1"}, {"match": "me", "kind": "status:503|retry-after:1"}],
    )
    began = time.monotonic()
    equal(done(client().me.get()).mail, "me@example.test")
    equal([line["status"] for line in graph("GET", "requests?operation=me")], [429, 503, 200])
    assert time.monotonic() - began >= 2


@check("a series can be made, an occurrence changed and another cancelled through the API")
def writes() -> None:
    given = client()
    made = done(
        given.me.events.post(
            Event(
                **{
                    "subject": "Mine",
                    "additional_data": {
                        "start": {"dateTime": "2026-01-05T09:00:00", "timeZone": BERLIN},
                        "end": {"dateTime": "2026-01-05T10:00:00", "timeZone": BERLIN},
                        "recurrence": SERIES["recurrence"],
                    },
                }
            )
        )
    )
    _, link, _ = delta(given)
    days = [e for e in delta(given)[0] if e.type == EventType.Occurrence]
    done(given.me.events.by_event_id(days[1].id).patch(Event(subject="Other")))
    done(given.me.events.by_event_id(days[2].id).delete())
    changes = since(link, given)
    equal(removed(changes), [days[2].id])
    equal([(e.subject, e.type) for e in changes if e.id == days[1].id], [("Other", EventType.Exception)])
    asked = RequestConfiguration(
        query_parameters=EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(
            select=["subject", "cancelledOccurrences"], expand=["exceptionOccurrences"]
        )
    )
    master = done(given.me.events.by_event_id(made.id).get(asked))
    equal(
        (master.cancelled_occurrences, [e.subject for e in master.exception_occurrences]),
        ([f"OID.{made.id}.2026-01-19"], ["Other"]),
    )
    done(given.me.events.by_event_id(made.id).delete())
    refused(given.me.events.by_event_id(made.id).get(), 404, "ErrorItemNotFound")


@check("calendars come in pages")
def calendars() -> None:
    for number in range(12):
        graph("PUT", f"calendars/c{number:02d}", {"name": f"C {number}", "canEdit": number % 2 == 0})
    given = client()
    first = done(given.me.calendars.get())
    rest = done(given.me.calendars.with_url(first.odata_next_link).get())
    equal((len(first.value), len(rest.value), rest.odata_next_link), (10, 3, None))
    asked = RequestConfiguration(
        query_parameters=CalendarsRequestBuilder.CalendarsRequestBuilderGetQueryParameters(top=100)
    )
    equal(len(done(given.me.calendars.get(asked)).value), 13)
    refused(given.me.calendars.by_calendar_id("none").get(), 404, "ErrorItemNotFound")


@check("contacts come by delta, from the usual folder and from others")
def contacts() -> None:
    graph(
        "POST",
        "people",
        [
            {"id": "c1", "name": "Ada Example", "email": "ada@example.test"},
            {"id": "c2", "name": "Bo", "email": "bo@example.test"},
            {"id": "c3", "name": "Cy", "folder": "club"},
        ],
    )
    given = client()
    first = done(given.me.contacts.delta.get())
    equal(
        [(c.display_name, c.email_addresses[0].address) for c in first.value],
        [("Ada Example", "ada@example.test"), ("Bo", "bo@example.test")],
    )
    graph("DELETE", "people/c2")
    changes = done(given.me.contacts.delta.with_url(first.odata_delta_link).get())
    equal([(c.id, c.additional_data["@removed"]["reason"]) for c in changes.value], [("c2", "deleted")])
    folder = done(given.me.contact_folders.get()).value[0].id
    equal(
        [
            c.display_name
            for c in done(given.me.contact_folders.by_contact_folder_id(folder).contacts.delta.get()).value
        ],
        ["Cy"],
    )


@check("scopes decide what may be asked, and a token that is over is refused")
def scopes() -> None:
    narrow = graph("POST", "tokens", {"scopes": ["User.Read"]})["access_token"]
    refused(client(narrow).me.calendars.get(), 403, "ErrorAccessDenied")
    graph("POST", "tokens/expire")
    refused(client(narrow).me.get(), 401, "InvalidAuthenticationToken")


TOKEN = "/common/oauth2/v2.0/token"


@check("the code flow needs the verifier, and every refresh gives another refresh token")
def code_flow() -> None:
    graph("PUT", "consent", {"mode": "allow"})
    verifier, digest = challenge()
    asked = {
        "client_id": "emulated-client",
        "redirect_uri": "http://localhost:1/back",
        "response_type": "code",
        "scope": "offline_access Calendars.Read",
        "state": "s",
        "code_challenge": digest,
        "code_challenge_method": "S256",
    }
    answer: dict[str, Any] = {}
    for right in (False, True):
        status, headers, _ = graph.raw("GET", "/common/oauth2/v2.0/authorize?" + urllib.parse.urlencode(asked))
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        equal((status, back["state"]), (302, "s"))
        status, answer = graph.form(
            TOKEN,
            grant_type="authorization_code",
            code=back["code"],
            redirect_uri=asked["redirect_uri"],
            client_id="emulated-client",
            code_verifier=verifier if right else verifier[::-1],
        )
        equal(status, 200 if right else 400)
    first = answer["refresh_token"]
    status, answer = graph.form(TOKEN, grant_type="refresh_token", refresh_token=first, client_id="emulated-client")
    assert status == 200 and answer["refresh_token"] != first
    equal(done(client(answer["access_token"]).me.calendars.get()).value[0].is_default_calendar, True)
    graph("POST", "tokens/revoke", {"why": "interaction"})
    status, answer = graph.form(TOKEN, grant_type="refresh_token", refresh_token=first, client_id="emulated-client")
    equal((status, answer["error"], answer["error_codes"]), (400, "interaction_required", [50076]))


@check("the device flow is pending, slowed down, declined, expired or approved")
def device() -> None:
    graph("PUT", "app", {"deviceInterval": 0})
    for state, error in (
        ("slow_down", "slow_down"),
        ("declined", "authorization_declined"),
        ("expired", "expired_token"),
        ("approved", None),
    ):
        _, asked = graph.form(
            "/common/oauth2/v2.0/devicecode", client_id="emulated-client", scope="offline_access Calendars.Read"
        )

        def poll() -> tuple[int, dict[str, Any]]:
            return graph.form(
                TOKEN,
                grant_type="urn:ietf:params:oauth:grant-type:device_code",
                device_code=asked["device_code"],
                client_id="emulated-client",
            )

        equal(poll()[1]["error"], "authorization_pending")
        graph("POST", "device", {"user_code": asked["user_code"], "state": state})
        status, answer = poll()
        equal((status, answer.get("error")), (400 if error else 200, error))


@check("more requests at once than are allowed answer 429")
def concurrency() -> None:
    graph("PUT", "limits", {"concurrentPerApp": 2, "retryAfter": "1"})
    graph("POST", "faults", {"match": "me", "kind": "delay:300", "times": 0})
    given = client()

    async def several() -> None:
        await asyncio.gather(*(given.me.get() for _ in range(4)))

    done(several())
    assert 429 in [line["status"] for line in graph("GET", "requests?operation=me")]
    graph("PUT", "limits", {})


@check("a view holds whole occurrences, a series its instances, a list the masters")
def views() -> None:
    seed(SERIES, {"subject": "One", "start": "2026-01-07T09:00"})
    graph("POST", "calendars/primary/events/s/instances/2026-01-12/move", {"start": "2026-01-13T09:00"})
    given = client()
    window = {"start_date_time": "2026-01-01T00:00:00Z", "end_date_time": "2026-02-01T00:00:00Z"}
    view = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(**window, top=3)
    page = done(given.me.calendar_view.get(RequestConfiguration(query_parameters=view)))
    rest = done(given.me.calendar_view.with_url(page.odata_next_link).get())
    found = page.value + rest.value
    equal(
        [(e.subject, e.start.date_time[:10]) for e in found[:3]],
        [("Weekly", "2026-01-05"), ("One", "2026-01-07"), ("Weekly", "2026-01-13")],
    )
    equal(len(found), 5)
    asked = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(**window)
    instances = done(
        given.me.events.by_event_id(found[0].series_master_id).instances.get(
            RequestConfiguration(query_parameters=asked)
        )
    )
    equal([e.type for e in instances.value].count(EventType.Exception), 1)
    masters = done(given.me.events.get()).value
    equal([e.type for e in masters], [EventType.SeriesMaster, EventType.SingleInstance])


@check("schedules say when somebody is busy, and answers change what one is in a meeting")
def schedule() -> None:
    seed(
        {"id": "a", "subject": "A", "start": "2026-01-05T09:00", "showAs": "tentative"},
        {"subject": "B", "start": "2026-01-05T10:00"},
    )
    given = client()
    body = GetSchedulePostRequestBody(
        schedules=["me@example.test", "none@example.test"],
        availability_view_interval=60,
        start_time=DateTimeTimeZone(date_time="2026-01-05T08:00:00", time_zone=BERLIN),
        end_time=DateTimeTimeZone(date_time="2026-01-05T12:00:00", time_zone=BERLIN),
    )
    mine, none = done(given.me.calendar.get_schedule.post(body)).value
    equal((mine.availability_view, none.error.response_code), ("0120", "ErrorMailRecipientNotFound"))
    id = graph("GET", "calendars/primary/events/a")["id"]
    done(given.me.events.by_event_id(id).decline.post(DeclinePostRequestBody()))
    equal(done(given.me.events.by_event_id(id).get()).response_status.response, ResponseType.Declined)


@check("requests can be put together, and each is answered for itself")
def batch() -> None:
    token = graph("POST", "tokens", {})["access_token"]
    wishes = [{"id": "1", "method": "GET", "url": "/me"}, {"id": "2", "method": "GET", "url": "/me/events/none"}]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    _, _, body = graph.raw("POST", "/v1.0/$batch", json.dumps({"requests": wishes}).encode(), headers)
    equal([(one["id"], one["status"]) for one in json.loads(body)["responses"]], [("1", 200), ("2", 404)])


@check("an event is made once for a transactionId, and changed only by who knows its latest etag")
def once() -> None:
    given = client()
    times = {
        name: {"dateTime": f"2026-01-05T{hour}:00:00", "timeZone": BERLIN}
        for name, hour in (("start", "09"), ("end", "10"))
    }
    made = [
        done(given.me.events.post(Event(subject="Once", transaction_id="t", additional_data=times))) for _ in range(2)
    ]
    equal(made[0].id, made[1].id)
    graph("PATCH", f"calendars/primary/events/{made[0].id}", {"subject": "Changed"})
    late = RequestConfiguration()
    late.headers.add("If-Match", made[0].additional_data["@odata.etag"])
    refused(
        given.me.events.by_event_id(made[0].id).patch(Event(subject="Mine"), late), 412, "ErrorIrresolvableConflict"
    )
    wrong = {"start": times["end"], "end": times["start"]}
    refused(given.me.events.post(Event(subject="Wrong", additional_data=wrong)), 400)


@check("a meeting that its organizer cancelled stays as cancelled; what was deleted can come back")
def cancelled() -> None:
    seed({"id": "a", "subject": "A", "start": "2026-01-05T09:00", "isOrganizer": False})
    _, link, _ = delta()
    graph("POST", "calendars/primary/events/a/cancel")
    changes = since(link)
    equal([(e.subject, e.is_cancelled) for e in changes], [("Canceled: A", True)])
    graph("DELETE", "calendars/primary/events/a")
    graph("POST", "calendars/primary/events/a/undelete")
    equal([e.is_cancelled for e in since(link)], [True])
    graph("POST", "calendars/primary/events/a/respond", {"response": "tentativelyAccepted"})
    equal(since(link)[0].response_status.response, ResponseType.TentativelyAccepted)
