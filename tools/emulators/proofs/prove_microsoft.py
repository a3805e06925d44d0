"""Proves the Graph emulator with Microsoft's own Python client, whose models know every field and every value."""

from __future__ import annotations

import asyncio
import atexit
import json
import time
import urllib.parse
from datetime import datetime, timedelta, timezone
from typing import Any, Awaitable

from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendars.calendars_request_builder import CalendarsRequestBuilder
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder

from harness import Emulator, Listener, challenge, check, equal, run

graph = Emulator("microsoft")
atexit.register(graph.end)
loop = asyncio.new_event_loop()
BERLIN = "W. Europe Standard Time"
SERIES = {
    "id": "s", "subject": "Weekly", "start": "2026-01-05T09:00",
    "recurrence": {"pattern": {"type": "weekly", "daysOfWeek": ["monday"]}, "range": {"type": "numbered", "numberOfOccurrences": 4}},
}


class Tokens(AccessTokenProvider):
    def __init__(self, token: str) -> None:
        self._token = token

    async def get_authorization_token(self, uri: str, additional_authentication_context: dict[str, Any] = {}) -> str:
        return self._token

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return AllowedHostsValidator(["127.0.0.1"])


def client(token: str | None = None) -> GraphServiceClient:
    token = token or graph("POST", "tokens", {})["access_token"]
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Tokens(token)))
    adapter.base_url = graph.url + "/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def done(work: Awaitable[Any]) -> Any:
    return loop.run_until_complete(work)


def refused(work: Awaitable[Any], status: int, code: str | None = None) -> ODataError:
    try:
        done(work)
    except ODataError as error:
        assert error.error
        equal((error.response_status_code, error.error.code if code else None), (status, code))
        return error
    raise AssertionError("it was not refused")


def seed(*events: dict[str, Any]) -> None:
    graph("PUT", "calendars/primary", {"zone": BERLIN, "events": list(events)})


def delta(given: GraphServiceClient | None = None, start: str = "2026-01-01", end: str = "2026-02-01", **prefer: str) -> tuple[list[Event], str, int]:
    """A whole round: its events, the link for the next, and how many pages it had."""
    given = given or client()
    asked = RequestConfiguration(query_parameters=DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time=f"{start}T00:00:00Z", end_date_time=f"{end}T00:00:00Z",
    ))
    for name, value in prefer.items():
        asked.headers.add("Prefer", f"{name.replace('_', '.')}={value}")
    return follow(given, done(given.me.calendar_view.delta.get(asked)))


def follow(given: GraphServiceClient, page: Any) -> tuple[list[Event], str, int]:
    events, pages = list(page.value), 1
    while page.odata_next_link:
        page = done(given.me.calendar_view.delta.with_url(page.odata_next_link).get())
        events += page.value
        pages += 1
    return events, page.odata_delta_link, pages


def since(link: str, given: GraphServiceClient | None = None) -> list[Event]:
    given = given or client()
    return follow(given, done(given.me.calendar_view.delta.with_url(link).get()))[0]


def removed(events: list[Event]) -> list[str]:
    return [str(event.id) for event in events if "@removed" in event.additional_data]


@check("a round over three pages holds master, bare occurrences, an exception and a private single event")
def full_round() -> None:
    seed(SERIES, {
        "subject": "Private", "start": "2026-01-07T15:00", "sensitivity": "private", "isOnlineMeeting": True,
        "onlineMeeting": {"joinUrl": "https://teams.example.test/1"}, "showAs": "oof",
        "attendees": [{"type": "resource", "status": {"response": "none"}, "emailAddress": {"name": "Room", "address": "room@example.test"}}],
    })
    graph("POST", "calendars/primary/events/s/instances/2026-01-12T09:00/move", {"by": "2h"})
    graph("PUT", "paging", {"largest": 2})
    events, link, pages = delta()
    kinds = [event.type for event in events]
    equal(pages, 3)
    equal([kinds.count(kind) for kind in (EventType.SeriesMaster, EventType.Occurrence, EventType.Exception, EventType.SingleInstance)], [1, 3, 1, 1])
    bare = next(event for event in events if event.type == EventType.Occurrence)
    equal((bare.subject, bare.i_cal_u_id, bare.is_all_day, bare.series_master_id), (None, None, None, events[0].id))
    exception = next(event for event in events if event.type == EventType.Exception)
    equal((exception.start.date_time, exception.original_start), ("2026-01-12T10:00:00.0000000", datetime(2026, 1, 12, 8, tzinfo=timezone.utc)))
    private = next(event for event in events if event.type == EventType.SingleInstance)
    equal((private.sensitivity, private.attendees[0].type), (Sensitivity.Private, AttendeeType.Resource))
    equal(private.online_meeting.join_url, "https://teams.example.test/1")
    assert "$deltatoken=" in link


@check("what is removed comes as @removed, and nothing else when nothing else changed")
def removals() -> None:
    seed({"id": "a", "subject": "A", "start": "2026-01-05T09:00"}, {"id": "b", "subject": "B", "start": "2026-01-06T09:00"})
    events, link, _ = delta()
    graph("DELETE", "calendars/primary/events/a")
    changes = since(link)
    equal((removed(changes), len(changes)), ([events[0].id], 1))
    equal(changes[0].additional_data["@removed"], {"reason": "deleted"})


@check("the client obeys Retry-After of 429 and 503")
def throttled() -> None:
    graph("POST", "faults", [
        {"match": "me", "kind": "status:429|retry-after:1"}, {"match": "me", "kind": "status:503|retry-after:1"},
    ])
    began = time.monotonic()
    equal(done(client().me.get()).mail, "me@example.test")
    equal([line["status"] for line in graph("GET", "requests?operation=me")], [429, 503, 200])
    assert time.monotonic() - began >= 2


@check("dead delta links answer 410 with a Location, or other words where they are wanted")
def dead() -> None:
    seed({"subject": "A", "start": "2026-01-05T09:00"})
    _, link, _ = delta()
    graph("POST", "calendars/primary/expire")
    error = refused(client().me.calendar_view.delta.with_url(link).get(), 410, "syncStateNotFound")
    assert "$deltatoken" in str(error.response_headers)
    graph("POST", "calendars/primary/expire", {"kind": "400:SyncStateNotFound"})
    refused(client().me.calendar_view.delta.with_url(link).get(), 400, "SyncStateNotFound")
    refused(client().me.calendar_view.delta.with_url(link.split("$deltatoken=")[0] + "$deltatoken=x").get(), 400, "SyncStateNotFound")


def echo(target: str, body: bytes) -> tuple[int, str, bytes]:
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
    return (200, "text/plain", query["validationToken"].encode()) if "validationToken" in query else (202, "text/plain", b"")


def subscription(listener: Listener, **more: Any) -> Subscription:
    wish = Subscription(
        change_type="created,updated,deleted", notification_url=listener.url + "/push", lifecycle_notification_url=listener.url + "/life",
        resource="me/events", expiration_date_time=datetime.now(timezone.utc) + timedelta(days=6), client_state="secret",
    )
    for name, value in more.items():
        setattr(wish, name, value)
    return wish


@check("a subscription begins with a handshake at both addresses")
def subscribe() -> None:
    listener = Listener(echo)
    made = done(client().subscriptions.post(subscription(listener)))
    assert made.id
    equal([target.split("?")[0] for target, _, _ in listener.heard], ["/push", "/life"])


@check("a subscription for more than 10,080 minutes is refused, a short one is made longer")
def too_long() -> None:
    listener = Listener(echo)
    late = datetime.now(timezone.utc) + timedelta(minutes=10_090)
    refused(client().subscriptions.post(subscription(listener, expiration_date_time=late)), 400, "ValidationError")
    soon = datetime.now(timezone.utc) + timedelta(minutes=1)
    made = done(client().subscriptions.post(subscription(listener, expiration_date_time=soon)))
    assert made.expiration_date_time > soon + timedelta(minutes=40)


@check("a wrong token, a wrong type or a wrong status in the handshake is refused")
def handshake() -> None:
    for answer in ((200, "text/plain", b"wrong"), (200, "text/html", b""), (202, "text/plain", b"")):
        def reply(target: str, body: bytes, answer: Any = answer) -> tuple[int, str, bytes]:
            return (answer[0], answer[1], answer[2] or echo(target, body)[2])

        refused(client().subscriptions.post(subscription(Listener(reply))), 400, "ValidationError")
    equal(graph("GET", "subscriptions"), [])


@check("a subscription can be renewed")
def renew() -> None:
    given, listener = client(), Listener(echo)
    made = done(given.subscriptions.post(subscription(listener)))
    later = datetime.now(timezone.utc) + timedelta(days=6, hours=12)
    again = done(given.subscriptions.by_subscription_id(made.id).patch(Subscription(expiration_date_time=later)))
    assert abs(again.expiration_date_time - later) < timedelta(seconds=1)


@check("a subscription can be deleted, and is not found then")
def unsubscribe() -> None:
    given, listener = client(), Listener(echo)
    made = done(given.subscriptions.post(subscription(listener)))
    done(given.subscriptions.by_subscription_id(made.id).delete())
    refused(given.subscriptions.by_subscription_id(made.id).get(), 404, "ResourceNotFound")


@check("a second subscription for the same answers 409")
def conflict() -> None:
    given, listener = client(), Listener(echo)
    done(given.subscriptions.post(subscription(listener)))
    refused(given.subscriptions.post(subscription(listener)), 409, "Conflict")
    equal(len(done(given.subscriptions.get()).value), 1)


@check("changes are told in one post with the clientState; what is not accepted is told again")
def notifications() -> None:
    refusals = [503]

    def reply(target: str, body: bytes) -> tuple[int, str, bytes]:
        return (refusals.pop(), "text/plain", b"") if body and refusals else echo(target, body)

    listener = Listener(reply)
    made = done(client().subscriptions.post(subscription(listener)))
    seed({"id": "a", "subject": "A", "start": "2026-01-05T09:00"}, {"id": "b", "subject": "B", "start": "2026-01-06T09:00"})
    graph.wait(lambda: sum(bool(body) for _, _, body in listener.heard) == 2)
    first, second = (json.loads(body)["value"] for _, _, body in listener.heard if body)
    equal(first, second)
    equal([(item["subscriptionId"], item["changeType"], item["clientState"]) for item in first], [(made.id, "created", "secret")] * 2)


@check("its life is told at the other address; nothing is told until it is authorized again")
def lifecycle() -> None:
    given, listener = client(), Listener(echo)
    made = done(given.subscriptions.post(subscription(listener)))

    def told(path: str) -> list[Any]:
        return [json.loads(body)["value"] for target, _, body in listener.heard if body and target == path]

    graph("POST", f"subscriptions/{made.id}/lifecycle", {"event": "reauthorizationRequired"})
    graph.wait(lambda: len(told("/life")) == 1)
    seed({"subject": "A", "start": "2026-01-05T09:00"})
    done(given.subscriptions.by_subscription_id(made.id).reauthorize.post())
    seed({"subject": "B", "start": "2026-01-05T09:00"})
    graph.wait(lambda: len(told("/push")) == 1)
    equal(len(told("/push")[0]), 1)
    graph("POST", f"subscriptions/{made.id}/lifecycle", {"event": "subscriptionRemoved"})
    graph.wait(lambda: len(told("/life")) == 2)
    equal([value[0]["lifecycleEvent"] for value in told("/life")], ["reauthorizationRequired", "subscriptionRemoved"])
    refused(given.subscriptions.by_subscription_id(made.id).get(), 404, "ResourceNotFound")


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


@check("a series can be made, an occurrence changed and another cancelled through the API")
def writes() -> None:
    given = client()
    made = done(given.me.events.post(Event(**{
        "subject": "Mine", "additional_data": {
            "start": {"dateTime": "2026-01-05T09:00:00", "timeZone": BERLIN}, "end": {"dateTime": "2026-01-05T10:00:00", "timeZone": BERLIN},
            "recurrence": SERIES["recurrence"],
        },
    })))
    _, link, _ = delta(given)
    days = [e for e in delta(given)[0] if e.type == EventType.Occurrence]
    done(given.me.events.by_event_id(days[1].id).patch(Event(subject="Other")))
    done(given.me.events.by_event_id(days[2].id).delete())
    changes = since(link, given)
    equal(removed(changes), [days[2].id])
    equal([(e.subject, e.type) for e in changes if e.id == days[1].id], [("Other", EventType.Exception)])
    asked = RequestConfiguration(query_parameters=EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(
        select=["subject", "cancelledOccurrences"], expand=["exceptionOccurrences"],
    ))
    master = done(given.me.events.by_event_id(made.id).get(asked))
    equal((master.cancelled_occurrences, [e.subject for e in master.exception_occurrences]), ([f"OID.{made.id}.2026-01-19"], ["Other"]))
    done(given.me.events.by_event_id(made.id).delete())
    refused(given.me.events.by_event_id(made.id).get(), 404, "ErrorItemNotFound")


@check("patterns make the days that Outlook makes of them")
def patterns() -> None:
    for pattern, first, days in (
        ({"type": "daily", "interval": 3}, "2026-01-05", ["01-05", "01-08", "01-11"]),
        ({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"]}, "2026-01-06", ["01-06", "01-18", "01-20"]),
        ({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"], "firstDayOfWeek": "monday"}, "2026-01-06", ["01-06", "01-11", "01-20"]),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, "2026-01-31", ["01-31", "02-28", "03-31"]),
        ({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday", "tuesday"], "index": "last"}, "2026-01-27", ["01-27", "02-24", "03-31"]),
        ({"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29}, "2026-02-28", ["02-28", "02-28", "02-29"]),
        ({"type": "relativeYearly", "interval": 1, "month": 3, "daysOfWeek": ["thursday"], "index": "fourth"}, "2026-03-26", ["03-26", "03-25", "03-23"]),
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


@check("calendars come in pages")
def calendars() -> None:
    for number in range(12):
        graph("PUT", f"calendars/c{number:02d}", {"name": f"C {number}", "canEdit": number % 2 == 0})
    given = client()
    first = done(given.me.calendars.get())
    rest = done(given.me.calendars.with_url(first.odata_next_link).get())
    equal((len(first.value), len(rest.value), rest.odata_next_link), (10, 3, None))
    asked = RequestConfiguration(query_parameters=CalendarsRequestBuilder.CalendarsRequestBuilderGetQueryParameters(top=100))
    equal(len(done(given.me.calendars.get(asked)).value), 13)
    refused(given.me.calendars.by_calendar_id("none").get(), 404, "ErrorItemNotFound")


@check("contacts come by delta, from the usual folder and from others")
def contacts() -> None:
    graph("POST", "people", [
        {"id": "c1", "name": "Ada Example", "email": "ada@example.test"}, {"id": "c2", "name": "Bo", "email": "bo@example.test"},
        {"id": "c3", "name": "Cy", "folder": "club"},
    ])
    given = client()
    first = done(given.me.contacts.delta.get())
    equal([(c.display_name, c.email_addresses[0].address) for c in first.value], [("Ada Example", "ada@example.test"), ("Bo", "bo@example.test")])
    graph("DELETE", "people/c2")
    changes = done(given.me.contacts.delta.with_url(first.odata_delta_link).get())
    equal([(c.id, c.additional_data["@removed"]["reason"]) for c in changes.value], [("c2", "deleted")])
    folder = done(given.me.contact_folders.get()).value[0].id
    equal([c.display_name for c in done(given.me.contact_folders.by_contact_folder_id(folder).contacts.delta.get()).value], ["Cy"])


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
        "client_id": "emulated-client", "redirect_uri": "http://localhost:1/back", "response_type": "code",
        "scope": "offline_access Calendars.Read", "state": "s", "code_challenge": digest, "code_challenge_method": "S256",
    }
    answer: dict[str, Any] = {}
    for right in (False, True):
        status, headers, _ = graph.raw("GET", "/common/oauth2/v2.0/authorize?" + urllib.parse.urlencode(asked))
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        equal((status, back["state"]), (302, "s"))
        status, answer = graph.form(
            TOKEN, grant_type="authorization_code", code=back["code"], redirect_uri=asked["redirect_uri"],
            client_id="emulated-client", code_verifier=verifier if right else verifier[::-1],
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
    for state, error in (("slow_down", "slow_down"), ("declined", "authorization_declined"), ("expired", "expired_token"), ("approved", None)):
        _, asked = graph.form("/common/oauth2/v2.0/devicecode", client_id="emulated-client", scope="offline_access Calendars.Read")

        def poll() -> tuple[int, dict[str, Any]]:
            return graph.form(
                TOKEN, grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=asked["device_code"],
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


@check("ten thousand events come in pages of a thousand, each well within a second")
def many() -> None:
    graph("POST", "calendars/primary/generate", {"count": 10_000, "series": 50, "start": "2026-01-01T00:00"})
    headers = {"Authorization": f"Bearer {graph('POST', 'tokens', {})['access_token']}", "Prefer": "odata.maxpagesize=1000"}
    link, count, slowest = "/v1.0/me/calendarView/delta?startDateTime=2026-01-01T00:00:00Z&endDateTime=2028-01-01T00:00:00Z", 0, 0.0
    while True:
        began = time.monotonic()
        answer = json.loads(graph.raw("GET", link, headers=headers)[2])
        slowest = max(slowest, time.monotonic() - began)
        count += len(answer["value"])
        if "@odata.nextLink" not in answer:
            break
        link = answer["@odata.nextLink"]
    equal(count, 10_000 + 200 * 10)
    assert slowest < 1, f"the slowest page took {slowest:.2f} s"


run(lambda: graph("POST", "reset"))
