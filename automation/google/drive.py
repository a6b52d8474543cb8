"""Drive: a spreadsheet as a file for other programs, and with whom it is shared.

https://developers.google.com/workspace/drive/api/reference/rest/v3/files/export
https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions/list
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests
from google.auth.exceptions import GoogleAuthError

from automation.errors import CohorteError, CredentialsError, WorkbookError
from automation.google.calls import (
    LostAnswerError,
    explain_forbidden,
    explain_no_token,
    explain_transient,
    find_reasons,
    is_rate_limit,
    make_call,
)
from automation.google.client import retries_of
from automation.google.retries import TransientError

if TYPE_CHECKING:
    from gspread import HTTPClient

_URL: Final = "https://www.googleapis.com/drive/v3/files"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_xlsx(http: HTTPClient, spreadsheet_id: str) -> bytes:
    """Return a spreadsheet as an Excel file: formats, choices, colours and charts included.

    Raises `WorkbookError` where there is no such spreadsheet, or it makes a file of more than the 10 MB
    that Drive exports; `CredentialsError` and `UnreachableError` as other calls do.
    """
    return retries_of(http).persist(partial(_export, http, spreadsheet_id), TransientError)


def _export(http: HTTPClient, spreadsheet_id: str) -> bytes:
    url = f"{_URL}/{spreadsheet_id}/export"
    try:
        response = http.session.get(url, params={"mimeType": XLSX}, timeout=http.timeout)
    except GoogleAuthError as error:
        raise explain_no_token(error) from error
    except requests.RequestException as error:
        raise LostAnswerError("unreachable", detail=type(error).__name__) from error
    if not response.ok:
        raise _explain(response)
    return response.content


def list_permissions(http: HTTPClient, spreadsheet_id: str) -> tuple[dict[str, Any], ...]:
    """Return how a spreadsheet is shared: the type and role of each permission, and nobody's name.

    Only whoever may share it may see it: `CredentialsError` for a reader, and as other calls raise.
    """
    url = f"{_URL}/{spreadsheet_id}/permissions"
    params = {
        "fields": "nextPageToken,permissions(type,role)",
        "pageSize": 100,
        "supportsAllDrives": "true",
    }
    found: list[dict[str, Any]] = []
    while True:
        call = partial(make_call, http.session, "get", url, _explain, timeout=http.timeout)
        answer = retries_of(http).persist(partial(call, params=params), TransientError)
        found += answer.get("permissions", ())
        if "nextPageToken" not in answer:
            return tuple(found)
        params["pageToken"] = answer["nextPageToken"]


def _explain(response: requests.Response) -> CohorteError:
    code = response.status_code
    if code == requests.codes.not_found:
        return WorkbookError("not_found")
    if code == requests.codes.unauthorized:
        return CredentialsError("credentials", detail="401")
    if code == requests.codes.forbidden and "exportSizeLimitExceeded" in find_reasons(response):
        return WorkbookError("export_too_large")
    if code == requests.codes.forbidden and not is_rate_limit(response):
        return explain_forbidden(response) or CredentialsError("forbidden")
    return explain_transient(response)
