"""The Forms API: pages, refusals, and what is not sent twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from automation.errors import CohorteError
from automation.google.forms import forms_of
from automation.google.retries import TransientError

if TYPE_CHECKING:
    import responses

    from automation.google.client import Client

URL = "https://forms.googleapis.com/v1/forms/f1"


def response(number: int) -> dict[str, Any]:
    boxes = [{"value": "a, b"}, {"value": "c"}]
    return {
        "responseId": f"r{number}",
        "createTime": "2023-01-02T14:00:00Z",
        "lastSubmittedTime": "2023-01-02T15:00:00.123456789Z",
        "respondentEmail": "eve@example.com",
        "answers": {"0f": {"questionId": "0f", "textAnswers": {"answers": boxes}}},
    }


def test_every_page_is_read(google: responses.RequestsMock, http: Client) -> None:
    google.get(f"{URL}/responses", json={"responses": [response(1)], "nextPageToken": "two"})
    google.get(f"{URL}/responses", json={"responses": [response(2)]})

    found = forms_of(http).list_answers("f1")

    assert [answer.id for answer in found] == ["r1", "r2"]
    assert found[0].texts == ("eve@example.com", "a, b, c")
    assert "pageToken=two" in (google.calls[1].request.url or "")


def test_a_form_without_responses_has_none(google: responses.RequestsMock, http: Client) -> None:
    google.get(f"{URL}/responses", json={})

    assert forms_of(http).list_answers("f1") == ()


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (400, "", "form_refused"),
        (401, "", "credentials"),
        (403, "", "form_forbidden"),
        (403, "SERVICE_DISABLED", "api_off"),
        (404, "", "form_not_found"),
    ],
)
def test_a_refusal_says_what_to_do(
    google: responses.RequestsMock, http: Client, status: int, reason: str, code: str
) -> None:
    details = [{"reason": reason}] if reason else []
    google.get(URL, status=status, json={"error": {"message": "No.", "details": details}})

    with pytest.raises(CohorteError) as caught:
        forms_of(http).get("f1")

    assert caught.value.code == code


def test_a_look_is_tried_again(
    google: responses.RequestsMock, patient: Client, waits: list[float]
) -> None:
    google.get(URL, status=503)
    google.get(URL, json={"formId": "f1"})

    assert forms_of(patient).get("f1") == {"formId": "f1"}
    assert len(waits) == 1


def test_a_change_whose_answer_is_lost_is_not_sent_again(
    google: responses.RequestsMock, patient: Client
) -> None:
    google.post(f"{URL}:batchUpdate", body=requests.ReadTimeout())

    with pytest.raises(TransientError):
        forms_of(patient).update("f1", [{}], "7")

    assert len(google.calls) == 1


def test_a_session_of_its_own_speaks_to_forms(google: responses.RequestsMock, http: Client) -> None:
    google.get(URL, json={"formId": "f1"})
    with requests.Session() as session:
        session.headers["X-Token"] = "forms"
        http.open_forms = lambda: session

        forms_of(http).get("f1")

    assert google.calls[0].request.headers["X-Token"] == "forms"
