"""What Google can answer, and the error that each answer becomes; at the HTTP seam."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses
from google.auth.exceptions import RefreshError, TransportError
from gspread import HTTPClient

from automation.errors import CohorteError, CredentialsError, UnreachableError, WorkbookError
from automation.google.sheets import (
    LostAnswerError,
    RefusedError,
    TurnedAwayError,
    apply_batch,
    create_spreadsheet,
    get_spreadsheet,
    list_spreadsheets,
    read_metadata,
    read_ranges,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from automation.google.client import Client

_URL = "https://sheets.googleapis.com/v4/spreadsheets/abc"


def _error(code: int, status: str, **more: object) -> dict[str, Any]:
    """Return an answer as Google's Sheets API gives it."""
    error = {"code": code, "message": "…", "status": status, **more}
    return {"status": code, "json": {"error": error}}


def _drive_error(code: int, reason: str) -> dict[str, Any]:
    """Return an answer as Google's Drive API gives it."""
    item = {"domain": "usageLimits", "reason": reason, "message": "…"}
    return {"status": code, "json": {"error": {"code": code, "message": "…", "errors": [item]}}}


def _broken(error: Exception) -> dict[str, Any]:
    return {"body": error}


_QUOTA = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "RATE_LIMIT_EXCEEDED",
    "domain": "googleapis.com",
    "metadata": {"service": "sheets.googleapis.com", "quota_limit_value": "60"},
}
_HTML = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"

_TURNED_AWAY = [
    _error(429, "RESOURCE_EXHAUSTED", details=[_QUOTA]),
    {"status": 429, "body": "<html>429</html>"},
    _drive_error(403, "userRateLimitExceeded"),
    _drive_error(403, "rateLimitExceeded"),
    _broken(requests.ConnectTimeout("slow")),
    _broken(TransportError("no token")),  # type: ignore[no-untyped-call]
    _broken(RefreshError("no token", retryable=True)),  # type: ignore[no-untyped-call]
]
_LOST = [
    _error(500, "INTERNAL"),
    {"status": 500, "body": ""},
    {"status": 502, "body": _HTML},
    _error(503, "UNAVAILABLE"),
    _error(504, "DEADLINE_EXCEEDED"),
    {"status": 503, "json": {"error": "no upstream"}},
    _broken(requests.ReadTimeout("slow")),
    _broken(requests.ConnectionError("dropped")),
    _broken(requests.exceptions.ChunkedEncodingError("cut")),
    {"status": 200, "body": '{"replies": ['},
    {"status": 200, "body": _HTML},
    {"status": 200, "body": "[]"},
    {"status": 200, "body": "null"},
]
_FOR_GOOD: list[tuple[dict[str, Any], type[CohorteError]]] = [
    (_error(400, "INVALID_ARGUMENT"), RefusedError),
    ({"status": 400, "body": "<html>"}, RefusedError),
    (_error(401, "UNAUTHENTICATED"), CredentialsError),
    (_error(403, "PERMISSION_DENIED"), CredentialsError),
    ({"status": 403, "body": "<html>"}, CredentialsError),
    (_drive_error(403, "insufficientPermissions"), CredentialsError),
    (_broken(RefreshError("invalid_grant: moi@example.com")), CredentialsError),  # type: ignore[no-untyped-call]
    (_error(404, "NOT_FOUND"), WorkbookError),
    (_error(501, "UNIMPLEMENTED"), UnreachableError),
]

_READS: list[Callable[[HTTPClient], object]] = [
    lambda http: get_spreadsheet(http, "abc"),
    lambda http: read_ranges(http, "abc", []),
    lambda http: read_metadata(http, "abc", 1),
    list_spreadsheets,
]
_WRITES: list[Callable[[HTTPClient], object]] = [
    lambda http: apply_batch(http, "abc", []),
    lambda http: create_spreadsheet(http, {}),
]
_ANYTHING = re.compile("https://.*")


def _answer(google: responses.RequestsMock, *answers: dict[str, Any]) -> None:
    """Register answers to any call, in their order; the last stays."""
    for answer in answers:
        for method in (responses.GET, responses.POST):
            google.add(method, _ANYTHING, **answer)


@pytest.fixture
def anyhow() -> Iterator[responses.RequestsMock]:
    """Answer by GET and by POST, of which a call needs one."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


_DONE = {"json": {"spreadsheetId": "abc", "files": []}}


@pytest.mark.parametrize("call", _READS)
@pytest.mark.parametrize("answer", [*_TURNED_AWAY, *_LOST])
def test_a_read_is_made_again_after_whatever_may_pass(
    anyhow: responses.RequestsMock,
    patient: Client,
    waits: list[float],
    answer: dict[str, Any],
    call: Callable[[HTTPClient], object],
) -> None:
    _answer(anyhow, answer, answer, _DONE)

    call(patient)

    assert waits == [1, 2]


@pytest.mark.parametrize("call", _WRITES)
@pytest.mark.parametrize("answer", _TURNED_AWAY)
def test_a_write_is_sent_again_where_it_was_turned_away(
    anyhow: responses.RequestsMock,
    patient: Client,
    waits: list[float],
    answer: dict[str, Any],
    call: Callable[[HTTPClient], object],
) -> None:
    _answer(anyhow, answer, answer, _DONE)

    call(patient)

    assert waits == [1, 2]


@pytest.mark.parametrize("call", _WRITES)
@pytest.mark.parametrize("answer", _LOST)
def test_a_write_of_unknown_fate_is_sent_once_and_said_to_be_lost(
    anyhow: responses.RequestsMock,
    patient: Client,
    answer: dict[str, Any],
    call: Callable[[HTTPClient], object],
) -> None:
    _answer(anyhow, answer)

    with pytest.raises(LostAnswerError):
        call(patient)

    assert len(anyhow.calls) == 1


@pytest.mark.parametrize("call", [*_READS, *_WRITES])
@pytest.mark.parametrize(("answer", "expected"), _FOR_GOOD)
def test_what_is_said_for_good_is_not_asked_again(
    anyhow: responses.RequestsMock,
    patient: Client,
    answer: dict[str, Any],
    expected: type[CohorteError],
    call: Callable[[HTTPClient], object],
) -> None:
    _answer(anyhow, answer)

    with pytest.raises(expected) as raised:
        call(patient)

    assert type(raised.value) is expected
    assert len(anyhow.calls) == 1
    assert "moi@" not in str(raised.value)


@pytest.mark.parametrize("call", [*_READS, *_WRITES])
@pytest.mark.parametrize("answer", _TURNED_AWAY)
def test_what_never_passes_is_given_up_after_a_bounded_number_of_calls(
    anyhow: responses.RequestsMock,
    patient: Client,
    waits: list[float],
    answer: dict[str, Any],
    call: Callable[[HTTPClient], object],
) -> None:
    _answer(anyhow, answer)

    with pytest.raises(TurnedAwayError) as raised:
        call(patient)

    assert raised.value.exit_code == 69
    assert len(anyhow.calls) == patient.retries.attempts
    assert sum(waits) <= patient.retries.patience


def test_a_plain_client_of_gspread_tries_once(google: responses.RequestsMock) -> None:
    google.get(_URL, **_error(429, "RESOURCE_EXHAUSTED"))

    with requests.Session() as session, pytest.raises(TurnedAwayError):
        get_spreadsheet(HTTPClient(auth=None, session=session), "abc")  # type: ignore[arg-type]

    assert len(google.calls) == 1


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_waited_instead(
    google: responses.RequestsMock, patient: Client, waits: list[float], code: int
) -> None:
    google.get(_URL, **_error(code, "…"), headers={"Retry-After": "17"})
    google.get(_URL, json={"spreadsheetId": "abc"})

    get_spreadsheet(patient, "abc")

    assert waits == [17]


def test_a_call_has_its_time_outs(google: responses.RequestsMock, http: Client) -> None:
    google.get(_URL, json={"spreadsheetId": "abc"})

    get_spreadsheet(http, "abc")

    assert google.calls[0].request.req_kwargs["timeout"] == (10.0, 180.0)  # type: ignore[attr-defined]


def test_a_refusal_shows_which_request_it_is_about(
    google: responses.RequestsMock, http: Client
) -> None:
    message = "Invalid requests[0].addSheet: A sheet with the name “Marie” already exists."
    google.post(f"{_URL}:batchUpdate", **_error(400, "INVALID_ARGUMENT", message=message))

    with pytest.raises(RefusedError) as raised:
        apply_batch(http, "abc", [])

    assert raised.value.values["detail"] == "INVALID_ARGUMENT requests[0].addSheet"
    assert raised.value.__notes__ == [message]


def test_a_refusal_shows_nobody_s_address(google: responses.RequestsMock, http: Client) -> None:
    message = 'Invalid value at "moi+cohorte@example.com" (moi@example.com).'
    google.post(f"{_URL}:batchUpdate", **_error(400, "INVALID_ARGUMENT", message=message))

    with pytest.raises(RefusedError) as raised:
        apply_batch(http, "abc", [])

    assert raised.value.values["detail"] == "INVALID_ARGUMENT"
    assert raised.value.__notes__ == ['Invalid value at "…" (…).']


def test_what_went_wrong_is_told_by_its_code(google: responses.RequestsMock, http: Client) -> None:
    google.get(_URL, status=502, body=_HTML)

    with pytest.raises(UnreachableError) as raised:
        get_spreadsheet(http, "abc")

    assert raised.value.values == {"detail": "502"}


def test_ranges_come_back_in_the_order_asked_for(
    google: responses.RequestsMock, http: Client
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


def test_a_metadata_that_is_not_there_is_none(google: responses.RequestsMock, http: Client) -> None:
    google.post(f"{_URL}/developerMetadata:search", json={})

    found = read_metadata(http, "abc", 710_000_001)

    assert found is None
