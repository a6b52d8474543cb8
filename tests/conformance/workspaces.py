"""The workspaces that conformance tests run on: the embedded one, and Google when it is there.

Google's is used only where credentials are given:

    COHORTE_TEST_CREDENTIALS  a service account's key file, with Sheets and Drive enabled
    COHORTE_TEST_SUBJECT      whom it acts for, where it acts for somebody

Each test makes its own spreadsheet and deletes it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import gspread
import pytest
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from tests.conformance.validated import validated_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

KINDS = ("embedded", "google")
_SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
)


def google_session() -> requests.Session:
    """A session that reaches Google.

    Raises:
        pytest.skip.Exception: Where no credentials are given.
    """
    path = os.environ.get("COHORTE_TEST_CREDENTIALS")
    if not path:
        pytest.skip("Google: no COHORTE_TEST_CREDENTIALS")
    credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        path, scopes=_SCOPES, subject=os.environ.get("COHORTE_TEST_SUBJECT")
    )
    session: requests.Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session


@pytest.fixture(params=KINDS)
def workspace(request: pytest.FixtureRequest) -> Iterator[requests.Session]:
    """A session over each workspace in turn."""
    session = validated_session() if request.param == "embedded" else google_session()
    yield session
    session.close()


@pytest.fixture
def client(workspace: requests.Session) -> gspread.Client:
    """gspread over each workspace in turn; it was never told which."""
    return gspread.Client(auth=None, session=workspace)  # type: ignore[arg-type]  # as gspread documents


@pytest.fixture
def spreadsheet(client: gspread.Client) -> Iterator[gspread.Spreadsheet]:
    """A new spreadsheet, deleted afterwards."""
    made = client.create("Conformité")
    yield made
    client.del_spreadsheet(made.id)


@pytest.fixture
def sheet(spreadsheet: gspread.Spreadsheet) -> gspread.Worksheet:
    """A sheet of three columns: a header and two rows."""
    first = spreadsheet.sheet1
    first.update([["Nom", "Places", "Note"], ["Anne", 3, "a"], ["Bo", 12, "b"]], "A1", raw=True)
    return first
