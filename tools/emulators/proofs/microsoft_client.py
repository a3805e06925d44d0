"""Microsoft's own client, pointed at an emulator of Graph."""

from __future__ import annotations

import asyncio
import atexit
from typing import Any, Awaitable

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.event import Event
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder

from harness import Emulator, equal

graph = Emulator("microsoft")
atexit.register(graph.end)
loop = asyncio.new_event_loop()
BERLIN = "W. Europe Standard Time"
SERIES = {
    "id": "s",
    "subject": "Weekly",
    "start": "2026-01-05T09:00",
    "recurrence": {
        "pattern": {"type": "weekly", "daysOfWeek": ["monday"]},
        "range": {"type": "numbered", "numberOfOccurrences": 4},
    },
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


def delta(
    given: GraphServiceClient | None = None, start: str = "2026-01-01", end: str = "2026-02-01", **prefer: str
) -> tuple[list[Event], str, int]:
    """A whole round: its events, the link for the next, and how many pages it had."""
    given = given or client()
    asked = RequestConfiguration(
        query_parameters=DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
            start_date_time=f"{start}T00:00:00Z", end_date_time=f"{end}T00:00:00Z"
        )
    )
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
