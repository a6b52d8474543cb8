"""One call to one of Google's APIs, and what its answer stands for.

What went wrong is decided on the HTTP code and the reason alone, since Google's messages are
localised.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from google.auth.exceptions import GoogleAuthError, TransportError

from automation.core.text import hide_addresses
from automation.errors import CohorteError, CredentialsError
from automation.google.retries import TransientError, parse_retry_after
from automation.google.scopes import feature_of

if TYPE_CHECKING:
    from collections.abc import Callable

_Error = TypeVar("_Error", bound=CohorteError)

TIMEOUT = (10.0, 180.0)
"""Seconds to connect, and to wait for an answer: Google gives up on a request after 180."""

# Drive and Gmail say 403 for a rate limit, and tell by the reason.
_RATE_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
# The newer APIs tell it in an ErrorInfo (google.rpc, error_details.proto), the older by a reason.
_API_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_SCOPE_MISSING = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_STATUS = re.compile(r"^[A-Z_]{1,40}$")
# Names of the API's own, such as requests[3].updateCells; what stands between quotes may be a cell's.
_PLACE = re.compile(
    r"\b(?:requests|data|dataFilters)\[\d{1,6}\](?:\.[A-Za-z_]{1,40}(?:\[\d{1,6}\])?)*", re.ASCII
)


class TurnedAwayError(TransientError):
    """Nothing was carried out, and it is clear that nothing was: too many calls, or none was made."""


class LostAnswerError(TransientError):
    """The call may have been carried out, or not: no answer came that says which."""


def make_call(
    session: requests.Session,
    method: str,
    url: str,
    explain: Callable[[requests.Response], Exception],
    *,
    timeout: Any = TIMEOUT,
    **options: Any,
) -> dict[str, Any]:
    """Make a call once, and return its answer.

    Args:
        explain: Tells the error that an answer stands for which is none of success.
        timeout: Seconds, as requests takes them.
    """
    try:
        response = session.request(method, url, timeout=timeout, **options)
        answer = response.json() if response.ok else None
    except GoogleAuthError as error:
        raise explain_no_token(error) from error
    except requests.ConnectTimeout as error:
        raise TurnedAwayError("unreachable", detail=type(error).__name__) from error
    except (requests.RequestException, ValueError) as error:
        raise LostAnswerError("unreachable", detail=type(error).__name__) from error
    if not response.ok:
        raise explain(response)
    if not isinstance(answer, dict):
        raise LostAnswerError("unreachable", detail="no JSON object")
    return answer


def explain_no_token(error: GoogleAuthError) -> CohorteError:
    """Return the error for a call that was not made, since there was no token for it."""
    if isinstance(error, TransportError) or error.retryable:
        return TurnedAwayError("unreachable", detail=type(error).__name__)
    return CredentialsError("credentials", detail=type(error).__name__)


def explain_transient(response: requests.Response) -> TransientError:
    """Return the error that an HTTP answer stands for which may be another one soon."""
    turned_away = {requests.codes.forbidden, requests.codes.too_many_requests}
    # A 503 has been seen for writes that were applied.
    kind = TurnedAwayError if response.status_code in turned_away else LostAnswerError
    error = kind("unreachable", detail=str(response.status_code))
    error.retry_after = parse_retry_after(response.headers)
    return error


def explain_forbidden(response: requests.Response) -> CredentialsError | None:
    """Return the error of a 403 whatever was asked for: an API that is off, a token that grants less.

    None for any other.
    """
    reasons = find_reasons(response)
    feature = feature_of(str(response.url))
    if reasons & _API_OFF:
        return CredentialsError("api_off", api=feature.api, service=feature.service)
    if reasons & _SCOPE_MISSING:
        return CredentialsError("scope_missing", api=feature.api, scopes=",".join(feature.scopes))
    return None


def is_rate_limit(response: requests.Response) -> bool:
    """Tell whether a 403 says no more than "not so fast"."""
    return bool(find_reasons(response) & _RATE_LIMITS)


def find_reasons(response: requests.Response) -> frozenset[str]:
    """Return the reasons of a refusal: Drive's and Gmail's, and those of any API's ErrorInfo."""
    try:
        error = response.json()["error"]
        told = (*error.get("errors", ()), *error.get("details", ()))
        return frozenset(str(item["reason"]) for item in told if "reason" in item)
    except (AttributeError, KeyError, TypeError, ValueError):
        return frozenset()


def quoting(error: _Error, response: requests.Response) -> _Error:
    """Return an error with all that Google says, for who asks for it: it may quote what we sent."""
    error.add_note(find_message(response))
    return error


def find_place(response: requests.Response) -> str:
    """Return the status of a refusal and which parts of the call it is about, and none of its words.

    Such as "INVALID_ARGUMENT requests[3].updateCells"; the code where there is nothing of the kind.
    """
    try:
        error = response.json()["error"]
        told = [*_STATUS.findall(str(error.get("status"))), *_PLACE.findall(str(error["message"]))]
    except (AttributeError, ValueError, KeyError, TypeError):
        told = []
    return " ".join(dict.fromkeys(filter(None, told))) or str(response.status_code)


def find_message(response: requests.Response) -> str:
    """Return what Google says, or the code where it says nothing; it may quote what we sent."""
    try:
        return hide_addresses(str(response.json()["error"]["message"]))
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)
