"""Drive's export, and what its refusals mean."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from automation.errors import CohorteError
from automation.google.client import Client
from automation.google.drive import XLSX, Sharing, export_xlsx, read_sharing
from automation.google.retries import ONCE

_URL = "https://www.googleapis.com/drive/v3/files/1BOOK/export"


@responses.activate
def test_an_export_asks_for_an_excel_file_and_gives_its_bytes() -> None:
    responses.get(_URL, body=b"PK\x03\x04")

    content = export_xlsx(Client(requests.Session(), ONCE), "1BOOK")

    assert content == b"PK\x03\x04"
    asked = parse_qs(urlsplit(str(responses.calls[0].request.url)).query)
    assert asked == {"mimeType": [XLSX]}


@pytest.mark.parametrize(
    ("status", "reason", "code", "exit_code"),
    [
        (403, "exportSizeLimitExceeded", "export_too_large", 65),
        (403, "insufficientFilePermissions", "forbidden", 77),
        (403, "userRateLimitExceeded", "unreachable", 69),
        (404, "notFound", "not_found", 65),
        (401, "authError", "credentials", 77),
        (503, "backendError", "unreachable", 69),
    ],
)
@responses.activate
def test_a_refusal_says_what_it_is(status: int, reason: str, code: str, exit_code: int) -> None:
    body = {"error": {"code": status, "message": "…", "errors": [{"reason": reason}]}}
    responses.get(_URL, json=body, status=status)

    with pytest.raises(CohorteError) as raised:
        export_xlsx(Client(requests.Session(), ONCE), "1BOOK")

    assert (raised.value.code, raised.value.exit_code) == (code, exit_code)


@responses.activate
def test_the_permissions_of_a_file_in_a_shared_drive_are_asked_for_page_by_page() -> None:
    url = "https://www.googleapis.com/drive/v3/files/1BOOK"
    able = {"canEdit": True, "canShare": True}
    responses.get(url, json={"capabilities": able})
    pages = [
        {"permissions": [{"type": "user"}], "nextPageToken": "p"},
        {"permissions": [{"type": "anyone"}]},
    ]
    for page in pages:
        responses.get(f"{url}/permissions", json=page)

    found = read_sharing(Client(requests.Session(), ONCE), "1BOOK")

    assert found == Sharing(can_edit=True, kinds=("user", "anyone"))
    assert "pageToken=p" in str(responses.calls[2].request.url)


@responses.activate
def test_whoever_may_only_read_does_not_see_with_whom_it_is_shared() -> None:
    responses.get(
        "https://www.googleapis.com/drive/v3/files/1BOOK",
        json={"capabilities": {"canEdit": False, "canShare": False}},
    )

    found = read_sharing(Client(requests.Session(), ONCE), "1BOOK")

    assert found == Sharing(can_edit=False, kinds=None)
