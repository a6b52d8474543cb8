"""The calls to Gmail: what each refusal stands for, and which calls are made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from automation.errors import CohorteError, CredentialsError, UnreachableError
from automation.google.calls import LostAnswerError, TurnedAwayError
from automation.google.gmail import Gmail, NotTakenError
from automation.google.retries import ONCE, Retries

if TYPE_CHECKING:
    from collections.abc import Iterator

    import responses

USERS = "https://gmail.googleapis.com/gmail/v1/users/me"
DRAFT = {"id": "r1", "message": {"id": "a1", "threadId": "a1", "labelIds": ["DRAFT"]}}


@pytest.fixture(name="gmail")
def fixture_gmail(waits: list[float]) -> Iterator[Gmail]:
    """Tries again, without jitter and in no time."""
    retries = Retries(sleep=waits.append, clock=lambda: sum(waits), jitter=lambda: 1.0)
    with requests.Session() as session:
        yield Gmail(session, retries)


def refusal(code: int, reason: str, message: str = "Bad Request") -> dict[str, Any]:
    """A refusal in Gmail's shape."""
    entry = {"domain": "global", "reason": reason, "message": message}
    return {"error": {"code": code, "message": message, "errors": [entry]}}


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        (400, "failedPrecondition", CredentialsError),
        (401, "authError", CredentialsError),
        (403, "forbidden", CredentialsError),
        (403, "insufficientPermissions", CredentialsError),
        (403, "rateLimitExceeded", TurnedAwayError),
        (403, "userRateLimitExceeded", TurnedAwayError),
        (429, "rateLimitExceeded", TurnedAwayError),
        (500, "backendError", LostAnswerError),
        (503, "backendError", LostAnswerError),
        (501, "notImplemented", UnreachableError),
        (408, "timeout", LostAnswerError),
        (400, "invalidArgument", NotTakenError),
        (404, "notFound", NotTakenError),
        (413, "uploadTooLarge", NotTakenError),
    ],
)
def test_a_refusal_is_known_by_its_code_and_reason(
    google: responses.RequestsMock, code: int, reason: str, kind: type[Exception]
) -> None:
    google.post(f"{USERS}/drafts/send", json=refusal(code, reason), status=code)

    with requests.Session() as session, pytest.raises(kind) as caught:
        Gmail(session, ONCE).send_draft("r1")

    assert type(caught.value) is kind


def test_what_gmail_says_is_told_without_addresses(
    google: responses.RequestsMock, gmail: Gmail
) -> None:
    said = refusal(400, "invalidArgument", "Invalid To header: lise@quelquepart")
    google.post(f"{USERS}/drafts", json=said, status=400)

    with pytest.raises(NotTakenError) as caught:
        gmail.create_draft(b"")

    assert caught.value.detail == "Invalid To header: …"


@pytest.mark.parametrize("path", ["/drafts", "/drafts/send"])
@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_what_makes_or_sends_a_draft_is_called_once(
    google: responses.RequestsMock, gmail: Gmail, path: str, code: int
) -> None:
    google.post(f"{USERS}{path}", body="<html>", status=code)

    with pytest.raises(CohorteError):
        gmail.create_draft(b"") if path == "/drafts" else gmail.send_draft("r1")

    assert len(google.calls) == 1


def test_a_connection_that_breaks_in_a_sending_is_not_taken_up_again(
    google: responses.RequestsMock, gmail: Gmail
) -> None:
    google.post(f"{USERS}/drafts/send", body=requests.ConnectionError("reset"))

    with pytest.raises(LostAnswerError):
        gmail.send_draft("r1")

    assert len(google.calls) == 1


def test_what_only_looks_is_asked_again(
    google: responses.RequestsMock, gmail: Gmail, waits: list[float]
) -> None:
    google.get(f"{USERS}/drafts", status=503)
    google.get(f"{USERS}/drafts", body=requests.ReadTimeout())
    google.get(f"{USERS}/drafts", json={"drafts": [DRAFT], "resultSizeEstimate": 1})

    (found,) = gmail.list_drafts()

    assert (found.id, found.message, found.thread) == ("r1", "a1", "a1")
    assert waits == [1.0, 2.0]


def test_what_is_not_there_is_none_and_no_error(
    google: responses.RequestsMock, gmail: Gmail
) -> None:
    google.get(f"{USERS}/messages/a1", json=refusal(404, "notFound"), status=404)
    google.get(f"{USERS}/threads/a1", json=refusal(404, "notFound"), status=404)

    assert gmail.read_message("a1", ("X-Cohorte-Key",)) is None
    assert gmail.read_thread("a1", ("X-Cohorte-Key",)) == []
