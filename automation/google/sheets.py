"""The calls that a night makes to the Sheets API, over gspread's HTTP client.

Each maps what can go wrong to `automation.errors`: decided on the HTTP code and the reason alone,
since Google's messages are localised. A read is made again after whatever may pass; a write only
where it is clear that it was not carried out. `gspread.Client.open_by_key` would fetch the whole
file without a mask.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import requests

from automation.errors import CohorteError, CredentialsError, UnreachableError, WorkbookError
from automation.google.calls import (
    LostAnswerError,
    TurnedAwayError,
    explain_forbidden,
    explain_transient,
    find_place,
    is_rate_limit,
    make_call,
    quoting,
)
from automation.google.client import retries_of
from automation.google.retries import TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gspread import HTTPClient

__all__ = [
    "LostAnswerError",
    "Protections",
    "RefusedError",
    "TurnedAwayError",
    "apply_batch",
    "create_spreadsheet",
    "get_spreadsheet",
    "list_spreadsheets",
    "read_everything",
    "read_metadata",
    "read_protections",
    "read_ranges",
    "send_batch",
]

_URL = "https://sheets.googleapis.com/v4/spreadsheets"
_FILES_URL = "https://www.googleapis.com/drive/v3/files"
# Naming bare `sheets` would return every cell, whatever includeGridData says.
_FIELDS = (
    "spreadsheetId,properties(locale,timeZone),developerMetadata,"
    "sheets(properties,merges,charts.chartId)"
)
# A formula may hold what it does not show; a link, a choice or a filter what no cell does.
_CELL_TEXTS = (
    "formattedValue,note,hyperlink,userEnteredValue.formulaValue,dataValidation.condition,"
    "userEnteredFormat.textFormat.link,textFormatRuns.format.link"
)
_TEXTS = (
    "properties.title,namedRanges,developerMetadata,sheets(properties(sheetId,title),"
    f"data(rowData(values({_CELL_TEXTS})),rowMetadata.developerMetadata,"
    "columnMetadata.developerMetadata),developerMetadata,charts,filterViews,basicFilter,"
    "protectedRanges,conditionalFormats,slicers)"
)
_SPREADSHEET_TYPE = "application/vnd.google-apps.spreadsheet"


class RefusedError(CohorteError):
    """Google says that the request is wrong (400): nothing of it was applied."""


def get_spreadsheet(http: HTTPClient, spreadsheet_id: str) -> dict[str, Any]:
    """Return a spreadsheet's properties and metadata, and its tabs' properties, merges and charts' ids."""
    return _read(http, "get", f"{_URL}/{spreadsheet_id}", params={"fields": _FIELDS})


class Protections(NamedTuple):
    """Ids of tabs.

    Attributes:
        protected: Those with a protected range, be it one that only warns.
        locked: Those with one that we may not edit, and their titles.
    """

    protected: frozenset[int]
    locked: dict[int, str]


def read_protections(http: HTTPClient, spreadsheet_id: str) -> Protections:
    """Return which tabs are protected."""
    ranges = "protectedRanges(range,warningOnly,requestingUserCanEdit)"
    params = {"fields": f"sheets(properties(sheetId,title),{ranges})"}
    answer = _read(http, "get", f"{_URL}/{spreadsheet_id}", params=params)
    found = [(s["properties"], s.get("protectedRanges", ())) for s in answer.get("sheets", ())]
    return Protections(
        protected=frozenset(int(about["sheetId"]) for about, ranges in found if ranges),
        locked={
            int(about["sheetId"]): str(about["title"])
            for about, ranges in found
            if not all(one.get("warningOnly") or one.get("requestingUserCanEdit") for one in ranges)
        },
    )


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


def read_everything(http: HTTPClient, spreadsheet_id: str) -> dict[str, Any]:
    """Return all texts of a spreadsheet: cells as shown, notes, and what hangs on tabs and ranges."""
    return _read(http, "get", f"{_URL}/{spreadsheet_id}", params={"fields": _TEXTS})


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
    # gspread's own request() stumbles (TypeError) over an error that has not Google's shape.
    return make_call(http.session, method, url, _explain, timeout=http.timeout, **options)


def _explain(response: requests.Response) -> CohorteError:
    """Return the error that an HTTP answer stands for."""
    code = response.status_code
    if code == requests.codes.bad_request:
        return quoting(RefusedError("refused", detail=find_place(response)), response)
    if code == requests.codes.unauthorized:
        return CredentialsError("credentials", detail="401")
    if code == requests.codes.not_found:
        return WorkbookError("not_found")
    if code == requests.codes.forbidden and not is_rate_limit(response):
        return explain_forbidden(response) or CredentialsError("forbidden")
    if code == requests.codes.not_implemented:
        return UnreachableError("unreachable", detail="501")
    return explain_transient(response)
