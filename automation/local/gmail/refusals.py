"""Gmail's refusals: `status` beside `errors[]`, which Sheets and Drive never answer together."""

from __future__ import annotations

from typing import Final

from automation.local.errors import NOT_FOUND, ApiError

NO_RECIPIENT: Final = "Recipient address required"
NO_RAW: Final = (
    "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
)
NO_DRAFT_MESSAGE: Final = "Missing draft message"
NOT_A_DRAFT: Final = "Message not a draft"
INVALID_HEADER: Final = "Invalid {name} header"
INVALID_ID: Final = "Invalid id value"
INVALID_PAGE: Final = "Invalid pageToken"
TOO_MANY_RECIPIENTS: Final = "Too many recipients"
NOT_BASE64: Final = "Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"
DELEGATION_DENIED: Final = "Delegation denied for {address}"
RATE_LIMIT: Final = "User-rate limit exceeded.  Retry after {until}"
DAY_LIMIT: Final = RATE_LIMIT + " (Mail sending)"
MINUTE_QUOTA: Final = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
    "'gmail.googleapis.com' for consumer 'project_number:0'."
)


def invalid(text: str, /, **names: object) -> ApiError:
    """A 400, invalidArgument, with `names` filled into the text."""
    return ApiError(400, text.format(**names), reason="invalidArgument", has_status=True)


def missing() -> ApiError:
    """The 404 for a draft, a message, a thread or a label that is not there."""
    return ApiError(404, NOT_FOUND, reason="notFound", has_status=True)


def denied(address: str) -> ApiError:
    """The 403 for somebody else's mailbox."""
    message = DELEGATION_DENIED.format(address=address)
    return ApiError(403, message, reason="forbidden", has_status=True)


def rate_limited(text: str, until: str) -> ApiError:
    """The 429 for too much mail; `until` is an instant (RFC 3339)."""
    message = text.format(until=until)
    return ApiError(429, message, reason="rateLimitExceeded", has_status=True)


def quota_exceeded() -> ApiError:
    """The 403, seen more often than a 429, for too many quota units in a minute."""
    return ApiError(
        403, MINUTE_QUOTA, reason="rateLimitExceeded", domain="usageLimits", has_status=True
    )
