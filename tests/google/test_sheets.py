"""What Google can answer, and the error that each answer becomes; at the HTTP seam."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import requests
import responses
from google.auth.exceptions import RefreshError
from gspread import HTTPClient

from automation.errors import CohorteError, CredentialsError, UnreachableError, WorkbookError
from automation.google.sheets import (
    LostAnswerError,
    RefusedError,
    TurnedAwayError,
    apply_batch,
    get_spreadsheet,
    read_metadata,
    read_ranges,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_URL = "https://sheets.googleapis.com/v4/spreadsheets/abc"


@pytest.fixture
def google() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def http() -> Iterator[HTTPClient]:
    with requests.Session() as session:
        yield HTTPClient(auth=None, session=session)  # type: ignore[arg-type]


def _error(code: int, status: str, message: str = "…") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "status": status}}


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (400, "INVALID_ARGUMENT", RefusedError),
        (401, "UNAUTHENTICATED", CredentialsError),
        (403, "PERMISSION_DENIED", CredentialsError),
        (404, "NOT_FOUND", WorkbookError),
        (429, "RESOURCE_EXHAUSTED", TurnedAwayError),
        (500, "INTERNAL", LostAnswerError),
        (503, "UNAVAILABLE", LostAnswerError),
    ],
)
def test_each_code_becomes_its_error(
    google: responses.RequestsMock,
    http: HTTPClient,
    code: int,
    status: str,
    expected: type[CohorteError],
) -> None:
    google.post(f"{_URL}:batchUpdate", status=code, json=_error(code, status))

    with pytest.raises(expected) as raised:
        apply_batch(http, "abc", [])

    assert type(raised.value) is expected


def test_a_refusal_shows_what_google_said(google: responses.RequestsMock, http: HTTPClient) -> None:
    message = "Invalid requests[0].addSheet: A sheet with the name “X” already exists."
    google.post(f"{_URL}:batchUpdate", status=400, json=_error(400, "INVALID_ARGUMENT", message))

    with pytest.raises(RefusedError) as raised:
        apply_batch(http, "abc", [])

    assert raised.value.values["detail"] == message


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError("dropped"),
        requests.ReadTimeout("slow"),
        requests.exceptions.ChunkedEncodingError("cut"),
    ],
)
def test_a_broken_connection_leaves_the_write_unknown(
    google: responses.RequestsMock, http: HTTPClient, failure: Exception
) -> None:
    google.post(f"{_URL}:batchUpdate", body=failure)

    with pytest.raises(LostAnswerError):
        apply_batch(http, "abc", [])


@pytest.mark.parametrize("body", ["<html>502</html>", '{"replies": [', "[]", "null"])
def test_an_answer_that_is_no_json_object_leaves_the_write_unknown(
    google: responses.RequestsMock, http: HTTPClient, body: str
) -> None:
    google.post(f"{_URL}:batchUpdate", status=200, body=body)

    with pytest.raises(LostAnswerError):
        apply_batch(http, "abc", [])


def test_an_html_502_is_unreachable_and_not_a_bug(
    google: responses.RequestsMock, http: HTTPClient
) -> None:
    google.get(_URL, status=502, body="<html>Bad Gateway</html>")

    with pytest.raises(UnreachableError) as raised:
        get_spreadsheet(http, "abc")

    assert raised.value.values == {"detail": "502"}


def test_a_token_that_cannot_be_renewed_is_a_matter_of_credentials(
    google: responses.RequestsMock, http: HTTPClient
) -> None:
    google.get(_URL, body=RefreshError("invalid_grant: personne@example.com"))  # type: ignore[no-untyped-call]

    with pytest.raises(CredentialsError) as raised:
        get_spreadsheet(http, "abc")

    assert "personne" not in str(raised.value)


def test_ranges_come_back_in_the_order_asked_for(
    google: responses.RequestsMock, http: HTTPClient
) -> None:
    # Google leaves out a sheetId that is 0, and the values of an empty range.
    answer = {
        "valueRanges": [
            {
                "valueRange": {"range": "T!A1:Z9", "values": [["b"]]},
                "dataFilters": [{"gridRange": {"sheetId": 7}}],
            },
            {
                "valueRange": {"range": "S!A1:A9"},
                "dataFilters": [{"gridRange": {"startRowIndex": 0, "endRowIndex": 1}}],
            },
        ]
    }
    google.post(f"{_URL}/values:batchGetByDataFilter", json=answer)

    rows = read_ranges(
        http, "abc", [{"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}, {"sheetId": 7}]
    )

    assert rows == [[], [["b"]]]
    sent = json.loads(google.calls[0].request.body or "")
    assert sent["valueRenderOption"] == "UNFORMATTED_VALUE"
    assert sent["dateTimeRenderOption"] == "SERIAL_NUMBER"


def test_a_metadata_that_is_not_there_is_none(
    google: responses.RequestsMock, http: HTTPClient
) -> None:
    google.post(f"{_URL}/developerMetadata:search", json={})

    found = read_metadata(http, "abc", 710_000_001)

    assert found is None
