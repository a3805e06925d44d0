"""Errors as Graph and Microsoft's sign-in write them."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from ..base.exchange import Answer, Refusal

GRAPH_TYPE = "application/json; odata.metadata=minimal; odata.streaming=true; IEEE754Compatible=false; charset=utf-8"


def graph_error(status: int, code: str, message: str) -> Answer:
    inner = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": str(uuid.uuid4()),
        "client-request-id": str(uuid.uuid4()),
    }
    return Answer.of(
        {"error": {"code": code, "message": message, "innerError": inner}}, status, type="application/json"
    )


def refuse(status: int, code: str, message: str) -> Refusal:
    return Refusal(graph_error(status, code, message))


def not_found() -> Refusal:
    return refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def bad(message: str, code: str = "ErrorInvalidParameter") -> Refusal:
    return refuse(400, code, message)


def unauthenticated(why: str = "Lifetime validation failed, the token is expired.") -> Refusal:
    answer = graph_error(401, "InvalidAuthenticationToken", why)
    answer.headers["WWW-Authenticate"] = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    )
    return Refusal(answer)


def resync(message: str = "The sync state generation is not found; continuation token is no longer valid.") -> Refusal:
    return refuse(410, "syncStateNotFound", message)


def oauth_error(error: str, number: int, description: str, status: int = 400, **more: Any) -> Refusal:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%SZ")
    text = f"AADSTS{number}: {description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
    return Refusal(
        Answer.of(
            {
                "error": error,
                "error_description": text,
                "error_codes": [number],
                "timestamp": stamp,
                "trace_id": trace,
                "correlation_id": correlation,
                **more,
            },
            status,
        )
    )
