"""The calls that a night makes to the Sheets API, over gspread's HTTP client.

Each maps what can go wrong to `automation.errors`: decided on the HTTP code and the reason alone,
since Google's messages are localised. A read is made again after whatever may pass; a write only
where it is clear that it was not carried out. `gspread.Client.open_by_key` would fetch the whole
file without a mask.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import requests
from google.auth.exceptions import GoogleAuthError, TransportError

from automation.errors import CohorteError, CredentialsError, UnreachableError, WorkbookError
from automation.google.client import retries_of
from automation.google.retries import TransientError, parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gspread import HTTPClient

_URL = "https://sheets.googleapis.com/v4/spreadsheets"
_FILES_URL = "https://www.googleapis.com/drive/v3/files"
# Naming bare `sheets` would return every cell, whatever includeGridData says.
_FIELDS = "spreadsheetId,properties(locale,timeZone),developerMetadata,sheets.properties"
_SPREADSHEET_TYPE = "application/vnd.google-apps.spreadsheet"
# Drive says 403 for a rate limit, and tells by the reason.
_DRIVE_RATE_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_ADDRESS = re.compile(r"[^\s@\"'<>(),;:\[\]]+@[^\s@\"'<>(),;:\[\]]+")


class TurnedAwayError(TransientError):
    """Nothing was carried out, and it is clear that nothing was: too many calls, or none was made."""


class LostAnswerError(TransientError):
    """The call may have been carried out, or not: no answer came that says which."""


class RefusedError(CohorteError):
    """Google says that the request is wrong (400): nothing of it was applied."""


def get_spreadsheet(http: HTTPClient, spreadsheet_id: str) -> dict[str, Any]:
    """Return a spreadsheet's properties, its tabs' and its developer metadata."""
    return _read(http, "get", f"{_URL}/{spreadsheet_id}", params={"fields": _FIELDS})


def read_ranges(
    http: HTTPClient, spreadsheet_id: str, grid_ranges: Sequence[Mapping[str, int]]
) -> list[list[list[Any]]]:
    """Return the rows of each GridRange, in the order asked for.

    Ranges go by sheet id, so that renaming a tab meanwhile is harmless; values are unformatted and
    dates are serials, so that no locale matters. Rows and cells that are empty at the end are
    left out. Ranges must differ from one another.
    """
    body = {
        "dataFilters": [{"gridRange": dict(grid_range)} for grid_range in grid_ranges],
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }
    answer = _read(http, "post", f"{_URL}/{spreadsheet_id}/values:batchGetByDataFilter", json=body)
    found: dict[tuple[tuple[str, int], ...], list[list[Any]]] = {}
    for matched in answer.get("valueRanges", ()):
        for data_filter in matched["dataFilters"]:
            asked = _identify(data_filter["gridRange"])
            found[asked] = matched["valueRange"].get("values", [])
    return [found.get(_identify(grid_range), []) for grid_range in grid_ranges]


def apply_batch(
    http: HTTPClient, spreadsheet_id: str, requests_: Sequence[Mapping[str, Any]]
) -> None:
    """Apply requests, all of them or none, as often as they are turned away.

    Raises what `send_batch` does.
    """
    send = partial(send_batch, http, spreadsheet_id, requests_)
    retries_of(http).persist(send, TurnedAwayError)


def send_batch(
    http: HTTPClient, spreadsheet_id: str, requests_: Sequence[Mapping[str, Any]]
) -> None:
    """Send requests once; Google applies all of them or none.

    Raises `RefusedError` where Google says that one of them is wrong, `TurnedAwayError` where it
    did not look at them, and `LostAnswerError` where nobody can tell whether they were applied.
    """
    body = {"requests": list(requests_)}
    _call(http, "post", f"{_URL}/{spreadsheet_id}:batchUpdate", json=body)


def read_metadata(http: HTTPClient, spreadsheet_id: str, metadata_id: int) -> str | None:
    """Return the value of a developer metadata, None where there is none of that id."""
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataId": metadata_id}}]}
    url = f"{_URL}/{spreadsheet_id}/developerMetadata:search"
    matched = _read(http, "post", url, json=body).get("matchedDeveloperMetadata", [])
    return str(matched[0]["developerMetadata"]["metadataValue"]) if matched else None


def create_spreadsheet(http: HTTPClient, about: Mapping[str, Any]) -> str:
    """Make a spreadsheet with those properties and sheets, and return its id.

    Raises `LostAnswerError` where there may be one now whose id nobody knows.
    """
    make = partial(_call, http, "post", _URL, json=dict(about))
    return str(retries_of(http).persist(make, TurnedAwayError)["spreadsheetId"])


def list_spreadsheets(http: HTTPClient) -> list[str]:
    """Return the ids of the spreadsheets that we can see, in no promised order."""
    params: dict[str, Any] = {"q": f"mimeType='{_SPREADSHEET_TYPE}'", "fields": "files(id)"}
    return [str(file["id"]) for file in _read(http, "get", _FILES_URL, params=params)["files"]]


def _identify(grid_range: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return a GridRange as a key; Google leaves out a sheetId that is 0."""
    return tuple(sorted({"sheetId": 0, **grid_range}.items()))


def _read(http: HTTPClient, method: str, url: str, **options: Any) -> dict[str, Any]:
    """Make a call that changes nothing, as often as it may yet succeed."""
    return retries_of(http).persist(partial(_call, http, method, url, **options), TransientError)


def _call(http: HTTPClient, method: str, url: str, **options: Any) -> dict[str, Any]:
    """Make a call once, and return its answer."""
    try:
        # gspread's own request() stumbles (TypeError) over an error that has not Google's shape.
        response = http.session.request(method, url, timeout=http.timeout, **options)
        answer = response.json() if response.ok else None
    except GoogleAuthError as error:
        raise _explain_no_token(error) from error
    except requests.ConnectTimeout as error:
        raise TurnedAwayError("unreachable", detail=type(error).__name__) from error
    except (requests.RequestException, ValueError) as error:
        raise LostAnswerError("unreachable", detail=type(error).__name__) from error
    if not response.ok:
        raise _explain(response)
    if not isinstance(answer, dict):
        raise LostAnswerError("unreachable", detail="no JSON object")
    return answer


def _explain_no_token(error: GoogleAuthError) -> CohorteError:
    """Return the error for a call that was not made, since there was no token for it."""
    if isinstance(error, TransportError) or error.retryable:
        return TurnedAwayError("unreachable", detail=type(error).__name__)
    return CredentialsError("credentials", detail=type(error).__name__)


def _explain(response: requests.Response) -> CohorteError:
    """Return the error that an HTTP answer stands for."""
    code = response.status_code
    if code == requests.codes.bad_request:
        return RefusedError("refused", detail=_message(response))
    if code == requests.codes.unauthorized:
        return CredentialsError("credentials", detail="401")
    if code == requests.codes.not_found:
        return WorkbookError("not_found")
    if code == requests.codes.forbidden and not _reasons(response) & _DRIVE_RATE_LIMITS:
        return CredentialsError("forbidden")
    if code == requests.codes.not_implemented:
        return UnreachableError("unreachable", detail="501")
    return _explain_transient(response)


def _explain_transient(response: requests.Response) -> TransientError:
    """Return the error that an HTTP answer stands for which may be another one soon."""
    turned_away = {requests.codes.forbidden, requests.codes.too_many_requests}
    # A 503 has been seen for writes that were applied.
    kind = TurnedAwayError if response.status_code in turned_away else LostAnswerError
    error = kind("unreachable", detail=str(response.status_code))
    error.retry_after = parse_retry_after(response.headers)
    return error


def _reasons(response: requests.Response) -> frozenset[str]:
    """Return Drive's reasons for a refusal."""
    try:
        return frozenset(str(item["reason"]) for item in response.json()["error"]["errors"])
    except (ValueError, KeyError, TypeError):
        return frozenset()


def _message(response: requests.Response) -> str:
    """Return what Google says; it may quote what we sent, and nobody's address belongs in a log."""
    try:
        return _ADDRESS.sub("…", str(response.json()["error"]["message"]))
    except (ValueError, KeyError, TypeError):
        return "400"
