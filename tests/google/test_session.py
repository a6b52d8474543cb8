"""Who we are at Google: real google-auth credentials, at the HTTP seam."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from gspread import HTTPClient

from automation.config import Config, parse_config
from automation.errors import CredentialsError
from automation.google.session import authorised_session
from automation.google.sheets import get_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_SHEET_URL = "https://sheets.googleapis.com/v4/spreadsheets/abc"


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


@pytest.fixture
def google() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def _config(secret: str) -> Config:
    text = (
        '[workspace]\nkind = "google"\nspreadsheet = "abc"\n'
        '[responses]\ntabs = ["R"]\n[fields]\nname = "Nom"\n'
    )
    return parse_config(text.encode(), Path("c.toml"), {"COHORTE_GOOGLE_CREDENTIALS": secret})


def test_a_service_account_gets_a_token_for_spreadsheets_and_nothing_else(
    google: responses.RequestsMock, key: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, json={"access_token": "t0ken", "expires_in": 3600})
    google.get(_SHEET_URL, json={"spreadsheetId": "abc"})

    with authorised_session(_config(json.dumps(key))) as session:
        http = HTTPClient(auth=None, session=session)  # type: ignore[arg-type]
        get_spreadsheet(http, "abc")

    assert google.calls[1].request.headers["authorization"] == "Bearer t0ken"


def test_a_refused_key_is_a_matter_of_credentials(
    google: responses.RequestsMock, key: dict[str, Any]
) -> None:
    google.post(_TOKEN_URL, status=400, json={"error": "invalid_grant"})

    with authorised_session(_config(json.dumps(key))) as session:
        http = HTTPClient(auth=None, session=session)  # type: ignore[arg-type]
        with pytest.raises(CredentialsError):
            get_spreadsheet(http, "abc")


@pytest.mark.parametrize("secret", ["no JSON", "{}", '{"type": "service_account"}'])
def test_what_is_no_key_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(CredentialsError) as raised:
        authorised_session(_config(secret))

    assert secret not in str(raised.value)
