"""Errors in Google's two forms: the older one of Calendar and the newer one of People."""

from __future__ import annotations

from typing import Any

from ..base.exchange import Answer, Refusal

STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    410: "FAILED_PRECONDITION",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
USAGE_REASONS = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "accessNotConfigured",
}
CALENDAR_REASONS = {"fullSyncRequired", "updatedMinTooLongAgo", "timeRangeEmpty", "forbiddenForNonOrganizer"}


def calendar_error(
    status: int,
    reason: str,
    message: str,
    location: str | None = None,
    location_type: str = "parameter",
    extra: dict[str, Any] | None = None,
) -> Answer:
    domain = "usageLimits" if reason in USAGE_REASONS else "calendar" if reason in CALENDAR_REASONS else "global"
    error: dict[str, Any] = {"domain": domain, "reason": reason, "message": message}
    if location:
        error |= {"locationType": location_type, "location": location}
    return Answer.of({"error": {"errors": [error], "code": status, "message": message, **(extra or {})}}, status)


def people_error(status: int, reason: str, message: str, word: str | None = None) -> Answer:
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "people.googleapis.com"}
    ]
    word = word or STATUS_WORDS.get(status, "UNKNOWN")
    return Answer.of({"error": {"code": status, "message": message, "status": word, "details": details}}, status)


def refuse(
    status: int, reason: str, message: str, location: str | None = None, location_type: str = "parameter"
) -> Refusal:
    return Refusal(calendar_error(status, reason, message, location, location_type))


def not_found() -> Refusal:
    return refuse(404, "notFound", "Not Found")


def bad(message: str, location: str | None = None) -> Refusal:
    return refuse(400, "invalid", message, location)


def unauthenticated() -> Refusal:
    answer = calendar_error(
        401, "authError", "Invalid Credentials", "Authorization", "header", {"status": "UNAUTHENTICATED"}
    )
    answer.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return Refusal(answer)


def missing_scope(scopes: str) -> Refusal:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": {"service": "calendar-json.googleapis.com"},
        }
    ]
    answer = calendar_error(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        extra={"status": "PERMISSION_DENIED", "details": details},
    )
    answer.headers["WWW-Authenticate"] = (
        f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{scopes}"'
    )
    return Refusal(answer)


OAUTH_STATUS = {"invalid_client": 401, "internal_failure": 500, "server_error": 500, "temporarily_unavailable": 503}


def oauth_error(error: str, description: str, **more: str) -> Refusal:
    return Refusal(Answer.of({"error": error, "error_description": description, **more}, OAUTH_STATUS.get(error, 400)))
