"""Who we are at Google: a session that carries our credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import google.auth
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from automation.errors import CredentialsError

if TYPE_CHECKING:
    from automation.config import Config

_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)


def authorised_session(config: Config) -> AuthorizedSession:
    """Return a session for the account of the configuration, or of the environment.

    Credentials come from the environment variable, else from the file of [google] credentials,
    else from Application Default Credentials. Raises `CredentialsError`.
    """
    try:
        credentials = _load(config)
    except (GoogleAuthError, ValueError) as error:
        raise CredentialsError("credentials", detail=type(error).__name__) from error
    # google-auth types this part of itself not at all.
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]


def _load(config: Config) -> Any:
    secret = config.secrets.google_credentials
    if secret is None:
        credentials, _ = google.auth.default(scopes=_SCOPES)
        return credentials
    info = json.loads(secret.get_secret_value())
    credentials, _ = google.auth.load_credentials_from_dict(  # type: ignore[no-untyped-call]
        info, scopes=_SCOPES
    )
    return credentials
