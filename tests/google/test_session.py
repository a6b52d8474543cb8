"""Who we are at Google: real google-auth credentials, at the HTTP seam."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth import jwt

from automation.config import Config, parse_config
from automation.errors import CredentialsError, UnreachableError
from automation.google.client import Client
from automation.google.gmail import Gmail
from automation.google.retries import ONCE, Retries
from automation.google.session import authorised_session, mail_session
from automation.google.sheets import apply_batch, get_spreadsheet

if TYPE_CHECKING:
    import responses

_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_SHEET_URL = "https://sheets.googleapis.com/v4/spreadsheets/abc"
_DRAFTS_URL = "https://gmail.googleapis.com/gmail/v1/users/me/drafts"
_BATCH_URL = f"{_SHEET_URL}:batchUpdate"
_TOKEN = {"access_token": "t0ken", "expires_in": 3600}
_PERSON = {
    "type": "authorized_user",
    "client_id": "client.apps.googleusercontent.com",
    "client_secret": "s3cret",
    "refresh_token": "r3fresh",
}


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    """A service account's key, as Google's console gives it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "type": "service_account",
        "client_email": "cohorte@example.iam.gserviceaccount.com",
        "token_uri": _TOKEN_URL,
        "private_key": pem,
    }


@pytest.fixture(params=["service account", "person"])
def secret(request: pytest.FixtureRequest, key: dict[str, Any]) -> str:
    """Each kind of credentials that may stand in the environment."""
    return json.dumps(key if request.param == "service account" else _PERSON)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing but our own patience wait, and no thread ask for what no test registered."""

    def wait(_seconds: float) -> None:
        pytest.fail("something waits beside our own patience")

    monkeypatch.setattr("time.sleep", wait)
    # For a service account google-auth asks in the background where its calls may be answered.
    monkeypatch.setattr(
        "google.auth.credentials.CredentialsWithRegionalAccessBoundary._after_refresh",
        lambda *_: None,
    )


def _config(secret: str | None, subject: str = "") -> Config:
    text = (
        '[workspace]\nkind = "google"\nspreadsheet = "abc"\n'
        '[responses]\ntabs = ["R"]\n[fields]\nname = "Nom"\n'
    )
    text += f'[google]\nsubject = "{subject}"\n' if subject else ""
    env = {} if secret is None else {"COHORTE_GOOGLE_CREDENTIALS": secret}
    return parse_config(text.encode(), Path("c.toml"), env)


def _form(request: requests.PreparedRequest) -> dict[str, list[str]]:
    body = request.body or b""
    return parse_qs(body if isinstance(body, str) else body.decode())


def _urls(google: responses.RequestsMock) -> list[str]:
    return [str(call.request.url).partition("?")[0] for call in google.calls]


def test_a_service_account_asks_for_spreadsheets_and_nothing_else(
    google: responses.RequestsMock, key: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(json.dumps(key))) as session:
        get_spreadsheet(Client(session, ONCE), "abc")

    asked = _form(google.calls[0].request)
    claims = jwt.decode(asked["assertion"][0], verify=False)  # type: ignore[no-untyped-call]
    assert claims["scope"] == "https://www.googleapis.com/auth/spreadsheets"
    assert google.calls[1].request.headers["authorization"] == "Bearer t0ken"


def test_a_service_account_reaches_the_mailbox_of_the_person_it_acts_for(
    google: responses.RequestsMock, key: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_DRAFTS_URL, json={"resultSizeEstimate": 0})

    with mail_session(_config(json.dumps(key), subject="comite@example.org")) as session:
        drafts = list(Gmail(session, ONCE).list_drafts())

    asked = _form(google.calls[0].request)
    claims = jwt.decode(asked["assertion"][0], verify=False)  # type: ignore[no-untyped-call]
    scopes = {scope.rpartition("/")[2] for scope in claims["scope"].split()}
    assert drafts == []
    assert claims["sub"] == "comite@example.org"
    assert scopes == {"gmail.compose", "gmail.readonly"}


def test_a_person_reaches_their_own_mailbox(google: responses.RequestsMock) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_DRAFTS_URL, json={"resultSizeEstimate": 0})

    with mail_session(_config(json.dumps(_PERSON), subject="autre@example.org")) as session:
        drafts = list(Gmail(session, ONCE).list_drafts())

    scopes = _form(google.calls[0].request)["scope"][0].split()
    assert drafts == []
    assert {scope.rpartition("/")[2] for scope in scopes} == {"gmail.compose", "gmail.readonly"}


def test_a_person_s_authorisation_is_renewed_into_a_token(google: responses.RequestsMock) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(json.dumps(_PERSON))) as session:
        get_spreadsheet(Client(session, ONCE), "abc")

    asked = _form(google.calls[0].request)
    assert (asked["grant_type"], asked["refresh_token"]) == (["refresh_token"], ["r3fresh"])
    assert google.calls[1].request.headers["authorization"] == "Bearer t0ken"


def test_one_token_serves_a_whole_night(google: responses.RequestsMock, secret: str) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(secret)) as session:
        for _ in range(3):
            get_spreadsheet(Client(session, ONCE), "abc")

    assert _urls(google) == [_TOKEN_URL, _SHEET_URL, _SHEET_URL, _SHEET_URL]


def test_a_token_that_ended_early_is_renewed_once_and_the_write_made(
    google: responses.RequestsMock, secret: str
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.post(_BATCH_URL, status=401, json={"error": {"code": 401}})
    google.post(_TOKEN_URL, json=_TOKEN | {"access_token": "new"})
    google.post(_BATCH_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(secret)) as session:
        apply_batch(Client(session, ONCE), "abc", [])

    assert _urls(google) == [_TOKEN_URL, _BATCH_URL] * 2
    assert google.calls[3].request.headers["authorization"] == "Bearer new"
    assert google.calls[3].request.body == google.calls[1].request.body


def test_a_new_token_that_is_refused_too_is_a_matter_of_credentials(
    google: responses.RequestsMock, secret: str, waits: list[float]
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.post(_BATCH_URL, status=401, json={"error": {"code": 401}})

    with (
        authorised_session(_config(secret)) as session,
        pytest.raises(CredentialsError) as raised,
    ):
        apply_batch(Client(session, Retries(sleep=waits.append)), "abc", [])

    assert raised.value.exit_code == 77
    assert _urls(google) == [_TOKEN_URL, _BATCH_URL] * 2
    assert waits == []


@pytest.mark.parametrize(
    ("status", "error", "causes"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "Bad Request: moi@example.com"},
            {"key_refused", "login_ended"},
        ),
        (
            401,
            {"error": "invalid_client", "error_description": "moi@example.com t0ken"},
            {"client_refused"},
        ),
        (401, {"error": "deleted_client"}, {"client_refused"}),
        (400, {"error": "invalid_scope"}, {"scope_missing"}),
        (403, {"error": "access_denied"}, {"credentials"}),
        (400, {"error": "moi@example.com"}, {"credentials"}),
        (400, "<html>moi@example.com</html>", {"credentials"}),
    ],
)
def test_a_token_that_is_refused_is_a_matter_of_credentials_at_once_and_quotes_nothing(  # noqa: PLR0917
    google: responses.RequestsMock,
    secret: str,
    waits: list[float],
    status: int,
    error: object,
    causes: set[str],
) -> None:
    google.post(_TOKEN_URL, status=status, body=json.dumps(error))

    with (
        authorised_session(_config(secret)) as session,
        pytest.raises(CredentialsError) as raised,
    ):
        get_spreadsheet(Client(session, Retries(sleep=waits.append)), "abc")

    assert raised.value.code in causes
    assert "moi@" not in str(raised.value)
    assert len(google.calls) == 1
    assert waits == []


_NO_TOKEN_YET: list[dict[str, Any]] = [
    {"status": 429, "json": {"error": "rate_limit_exceeded"}},
    {"status": 500, "json": {"error": "internal_failure"}},
    {"status": 502, "body": "<html>Bad Gateway</html>"},
    {"status": 503, "body": ""},
    {"status": 200, "body": '{"access_token": "t0k'},
    {"status": 200, "body": "<html>hotel</html>"},
    {"body": requests.ConnectionError("oauth2.googleapis.com r3fresh")},
    {"body": requests.ConnectTimeout("slow")},
    {"body": requests.ReadTimeout("slow")},
]


@pytest.mark.parametrize("trouble", _NO_TOKEN_YET)
def test_a_token_that_did_not_come_is_asked_for_again_and_the_write_made_once(
    google: responses.RequestsMock, secret: str, waits: list[float], trouble: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, **trouble)
    google.post(_TOKEN_URL, json=_TOKEN)
    google.post(_BATCH_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(secret)) as session:
        apply_batch(Client(session, Retries(sleep=waits.append)), "abc", [])

    assert _urls(google) == [_TOKEN_URL, _TOKEN_URL, _BATCH_URL]
    assert len(waits) == 1


@pytest.mark.parametrize("trouble", _NO_TOKEN_YET)
def test_a_token_that_never_comes_is_a_matter_of_the_network(
    google: responses.RequestsMock, secret: str, waits: list[float], trouble: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, **trouble)
    retries = Retries(sleep=waits.append)

    with (
        authorised_session(_config(secret)) as session,
        pytest.raises(UnreachableError) as raised,
    ):
        apply_batch(Client(session, retries), "abc", [])

    assert raised.value.exit_code == 69
    assert raised.value.values == {"detail": "TransportError"}
    assert _urls(google) == [_TOKEN_URL] * retries.attempts


def test_a_token_that_cannot_be_renewed_in_the_midst_leaves_the_write_unmade(
    google: responses.RequestsMock, secret: str, waits: list[float]
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.post(_BATCH_URL, status=401, json={"error": {"code": 401}})
    google.post(_TOKEN_URL, body=requests.ConnectionError("dropped"))
    google.post(_BATCH_URL, status=401, json={"error": {"code": 401}})
    google.post(_TOKEN_URL, json=_TOKEN)
    google.post(_BATCH_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(secret)) as session:
        apply_batch(Client(session, Retries(sleep=waits.append)), "abc", [])

    assert _urls(google) == [_TOKEN_URL, _BATCH_URL] * 3
    assert len(waits) == 1


def test_every_call_has_its_time_outs_the_one_for_a_token_too(
    google: responses.RequestsMock, secret: str
) -> None:
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_SHEET_URL, status=401)
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})
    google.post(_BATCH_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(secret)) as session:
        client = Client(session)
        get_spreadsheet(client, "abc")
        apply_batch(client, "abc", [])

    timeouts = [call.request.req_kwargs["timeout"] for call in google.calls]  # type: ignore[attr-defined]
    assert timeouts == [(10.0, 180.0)] * 5


def test_without_credentials_of_ours_those_of_the_environment_are_taken(
    google: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "adc.json"
    path.write_text(json.dumps(_PERSON), encoding="utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "cohorte")
    google.post(_TOKEN_URL, json=_TOKEN)
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(None)) as session:
        get_spreadsheet(Client(session, ONCE), "abc")

    assert google.calls[1].request.headers["authorization"] == "Bearer t0ken"


def test_without_any_credentials_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")

    with pytest.raises(CredentialsError) as raised:
        authorised_session(_config(None))

    assert raised.value.code == "no_credentials"


@pytest.mark.parametrize(
    "secret",
    [
        "no JSON",
        "{}",
        "[]",
        "null",
        '{"type": ["service_account"]}',
        '{"type": "service_account"}',
        '{"type": "service_account", "client_email": 5, "token_uri": 5, "private_key": 5}',
        '{"type": "service_account", "client_email": "a", "token_uri": "b", "private_key": "c"}',
        json.dumps(_PERSON | {"expiry": 5}),
    ],
)
def test_what_is_no_key_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(CredentialsError) as raised:
        authorised_session(_config(secret))

    assert secret not in str(raised.value)
