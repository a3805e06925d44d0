"""Google's own client, pointed at an emulator that goes by Google's own description of its services."""

from __future__ import annotations

import atexit
import json
from typing import Any

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from harness import Emulator, equal

google = Emulator("google")
atexit.register(google.end)
if not google("GET", "state")["contract"]:
    raise SystemExit("the emulator did not find the discovery documents, without which this proves little")
SCOPES = ["calendar", "contacts.readonly"]
ME = "me@example.test"


def credentials(**changed: Any) -> Credentials:
    grant = google("POST", "tokens", {"scopes": SCOPES}) | changed
    return Credentials(
        grant["access_token"],
        refresh_token=grant["refresh_token"],
        token_uri=google.url + "/token",
        client_id=grant["client_id"],
        client_secret=grant["client_secret"],
    )


def client(given: Credentials | None = None) -> Any:
    return build(
        "calendar",
        "v3",
        credentials=given or credentials(),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": google.url + "/calendar/v3/"},
    )


def people() -> Any:
    return build(
        "people",
        "v1",
        credentials=credentials(),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": google.url},
    )


def timed(day: int, hour: int = 9, **more: Any) -> dict[str, Any]:
    return {
        "summary": f"Day {day}",
        "start": {"dateTime": f"2026-01-{day:02d}T{hour:02d}:00:00Z"},
        "end": {"dateTime": f"2026-01-{day:02d}T{hour + 1:02d}:00:00Z"},
        **more,
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
