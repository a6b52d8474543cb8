"""Drive: a spreadsheet as a file for other programs, and with whom it is shared.

https://developers.google.com/workspace/drive/api/reference/rest/v3/files/export
https://developers.google.com/workspace/drive/api/reference/rest/v3/files/get
https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions/list
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests
from google.auth.exceptions import GoogleAuthError
from msgspec import Struct

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


class Sharing(Struct, frozen=True, kw_only=True):
    """With whom a file is shared, and what we may do to it.

    Attributes:
        can_edit: Whether our account may.
        kinds: The type of each permission: "user", "group", "domain" or "anyone"; None where it is not
            for us to see.
    """

    can_edit: bool
    kinds: tuple[str, ...] | None


def read_sharing(http: HTTPClient, spreadsheet_id: str) -> Sharing:
    """Return how a spreadsheet is shared, and nobody's name; one call, two for one in a shared drive.

    Raises `WorkbookError`, `CredentialsError` and `UnreachableError` as other calls do.
    """
    fields = "capabilities(canEdit,canShare),permissions(type)"
    file = _get(http, f"/{spreadsheet_id}", {"fields": fields})
    able = file.get("capabilities", {})
    kinds = file.get("permissions")
    if kinds is None and able.get("canShare"):
        # Drive does not give those of a file in a shared drive with the file.
        kinds = _list_permissions(http, spreadsheet_id)
    return Sharing(
        can_edit=bool(able.get("canEdit")),
        kinds=None if kinds is None else tuple(str(one.get("type")) for one in kinds),
    )


def _list_permissions(http: HTTPClient, spreadsheet_id: str) -> list[dict[str, Any]]:
    params = {"fields": "nextPageToken,permissions(type)", "pageSize": "100"}
    found: list[dict[str, Any]] = []
    while True:
        answer = _get(http, f"/{spreadsheet_id}/permissions", params)
        found += answer.get("permissions", ())
        if "nextPageToken" not in answer:
            return found
        params["pageToken"] = answer["nextPageToken"]


def _get(http: HTTPClient, path: str, params: dict[str, str]) -> dict[str, Any]:
    call = partial(make_call, http.session, "get", _URL + path, _explain, timeout=http.timeout)
    asked = {"supportsAllDrives": "true"} | params
    return retries_of(http).persist(partial(call, params=asked), TransientError)


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
