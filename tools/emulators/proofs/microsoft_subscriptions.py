"""Subscriptions and their notifications, as Microsoft's own client sees them."""

from __future__ import annotations

import json
import urllib.parse
from datetime import datetime, timedelta, timezone
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.subscription import Subscription

from harness import Listener, check, equal
from microsoft_client import client, done, graph, refused, seed


def echo(target: str, body: bytes) -> tuple[int, str, bytes]:
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
    return (
        (200, "text/plain", query["validationToken"].encode())
        if "validationToken" in query
        else (202, "text/plain", b"")
    )


def subscription(listener: Listener, **more: Any) -> Subscription:
    wish = Subscription(
        change_type="created,updated,deleted",
        notification_url=listener.url + "/push",
        lifecycle_notification_url=listener.url + "/life",
        resource="me/events",
        expiration_date_time=datetime.now(timezone.utc) + timedelta(days=6),
        client_state="secret",
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
    seed(
        {"id": "a", "subject": "A", "start": "2026-01-05T09:00"},
        {"id": "b", "subject": "B", "start": "2026-01-06T09:00"},
    )
    graph.wait(lambda: sum(bool(body) for _, _, body in listener.heard) == 2)
    first, second = (json.loads(body)["value"] for _, _, body in listener.heard if body)
    equal(first, second)
    equal(
        [(item["subscriptionId"], item["changeType"], item["clientState"]) for item in first],
        [(made.id, "created", "secret")] * 2,
    )


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


@check("a subscription for one calendar or for contacts hears of nothing else, with the ids it asked for")
def narrow() -> None:
    graph("PUT", "calendars/other", {"name": "Other"})
    given, listener = client(), Listener(echo)
    asked = RequestConfiguration()
    asked.headers.add("Prefer", 'IdType="ImmutableId"')
    made = {
        resource: done(given.subscriptions.post(subscription(listener, resource=resource), asked)).id
        for resource in ("me/calendars/other/events", "me/contacts")
    }
    seed({"subject": "A", "start": "2026-01-05T09:00"})
    event = graph("POST", "calendars/other/events", {"subject": "B", "start": "2026-01-05T09:00"})
    graph("PUT", "people/c1", {"name": "Ada Example"})
    graph("POST", "deliveries/wait")
    told = [item for _, _, body in listener.heard if body for item in json.loads(body)["value"]]
    equal(
        [(item["subscriptionId"], item["resourceData"]["id"]) for item in told],
        [(made["me/calendars/other/events"], event["immutableId"]), (made["me/contacts"], "c1")],
    )
    refused(given.subscriptions.post(subscription(listener, resource="me/messages")), 404, "ResourceNotFound")


@check("notifications may come twice, with a wrong clientState, or not at all")
def unpleasant() -> None:
    listener = Listener(echo)
    done(client().subscriptions.post(subscription(listener)))
    graph("PUT", "push", {"twice": True, "forged": True})
    seed({"subject": "A", "start": "2026-01-05T09:00"})
    graph("POST", "deliveries/wait")
    told = [item["clientState"] for _, _, body in listener.heard if body for item in json.loads(body)["value"]]
    equal(told, ["secret", "secret", "not what was agreed"])
    graph("PUT", "push", {"dead": True})
    seed({"subject": "B", "start": "2026-01-05T09:00"})
    graph("POST", "deliveries/wait")
    equal(sum(bool(body) for _, _, body in listener.heard), 1)
