from __future__ import annotations

import pytest
import requests

from automation.local import Fault, FaultPlan
from tests.conformance.discovery import check_request, check_response, check_value
from tests.conformance.validated import NonconformingError, validated_session

BOOK = "https://sheets.googleapis.com/v4/spreadsheets/1abc"
BATCH = f"{BOOK}:batchUpdate"


@pytest.mark.parametrize(
    ("request_json", "complaint"),
    [
        ({"sortRange": {"rang": {}}}, "rang: unknown field"),
        ({"appendCells": {"sheetId": "7103"}}, "is no int32"),
        ({"appendCells": {"sheetId": 2**31}}, "is no int32"),
        ({"appendCells": {"sheetId": True}}, "is no int32"),
        ({"appendCells": {"rows": {}}}, "is not a list"),
        ({"deleteDimension": {"range": {"dimension": "ROW"}}}, "is no string of"),
        ({"updateCells": {"rows": [{"values": [{"note": 3}]}]}}, "is no string"),
        ({"updateCells": {"fields": "note;value"}}, "is no google-fieldmask"),
        ({"addSheet": 7}, "is not an object"),
        ({"flyAway": {}}, "flyAway: unknown field"),
    ],
)
def test_a_request_with_a_mistake_is_reported(
    request_json: dict[str, object], complaint: str
) -> None:
    found = check_value("sheets.v4", "BatchUpdateSpreadsheetRequest", {"requests": [request_json]})

    assert len(found) == 1
    assert complaint in found[0]


def test_null_means_absent() -> None:
    body = b'{"range": "A1", "majorDimension": null, "values": [[1, null, "x"]]}'

    assert check_request("PUT", f"{BOOK}/values/A1?valueInputOption=RAW", body) == []


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", BATCH),
        ("POST", "https://sheets.googleapis.com/v5/spreadsheets"),
        ("GET", "https://example.org/v4/spreadsheets/1abc"),
    ],
)
def test_a_path_that_google_does_not_have_is_reported(method: str, url: str) -> None:
    assert "no such method" in check_request(method, url, None)[0]


def test_an_unknown_parameter_is_reported() -> None:
    found = check_request("GET", f"{BOOK}?includeGridData=maybe&fieldz=a", None)

    assert [sentence.split(": ")[1] for sentence in found] == [
        "'maybe' is no boolean",
        "unknown parameter",
    ]


def test_a_body_where_none_belongs_is_reported() -> None:
    assert "takes no body" in check_request("GET", BOOK, b"{}")[0]


@pytest.mark.parametrize("path", ["A1:B2:append", "%27Sheet1%27%21A1:append", "Sheet1:append"])
def test_a_range_with_colons_is_still_a_range(path: str) -> None:
    url = f"{BOOK}/values/{path}?valueInputOption=RAW"

    assert check_request("POST", url, b'{"values": [["x"]]}') == []


def test_an_answer_with_an_unknown_field_is_reported() -> None:
    found = check_response("GET", BOOK, 200, b'{"spreadsheetId": "1abc", "colour": "red"}')

    assert found == ["Spreadsheet.colour: unknown field"]


@pytest.mark.parametrize(
    "body",
    [
        b"oops",
        b'{"error": {"code": 400, "message": "no", "status": "NOT_FOUND"}}',
        b'{"error": {"code": 404}}',
    ],
)
def test_an_error_that_is_not_shaped_like_googles_is_reported(body: bytes) -> None:
    assert check_response("GET", BOOK, 404, body)


def test_bytes_are_base64() -> None:
    found = [check_value("gmail.v1", "Message", {"raw": raw}) for raw in ("Qm9u_w-=", "Bon jour")]

    assert [bool(one) for one in found] == [False, True]


def test_a_server_error_may_be_html() -> None:
    assert check_response("GET", BOOK, 502, b"<html></html>") == []


def test_a_validated_session_stops_at_a_request_that_google_would_not_know() -> None:
    with validated_session() as session, pytest.raises(NonconformingError, match="unknown field"):
        session.post(
            "https://sheets.googleapis.com/v4/spreadsheets", json={"title": "x", "sheets": 1}
        )


def test_a_validated_session_lets_an_ordered_fault_through() -> None:
    plan = FaultPlan(at={1: Fault.CUT, 2: Fault.BAD_GATEWAY, 3: Fault.RATE_LIMIT})
    url = "https://sheets.googleapis.com/v4/spreadsheets"

    with validated_session(faults=plan) as session:
        answers = [session.post(url, json={}) for _ in range(3)]

    with pytest.raises(requests.exceptions.JSONDecodeError):
        answers[0].json()
    assert [answer.status_code for answer in answers] == [200, 502, 429]
