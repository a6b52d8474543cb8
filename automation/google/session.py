"""Who we are at Google: a session that carries our credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import google.auth
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials, service_account

from automation.errors import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.config import Config

# google-auth wants the kind said by us, not by a file that anybody may have written.
_KINDS: Mapping[str, Any] = {
    "service_account": service_account.Credentials.from_service_account_info,
    "authorized_user": credentials.Credentials.from_authorized_user_info,
}
_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)


def authorised_session(config: Config) -> AuthorizedSession:
    """Return a session for the account of the configuration, or of the environment.

    Credentials come from the environment variable, else from the file of [google] credentials,
    else from Application Default Credentials. Raises `CredentialsError`.
    """
    try:
        loaded = _load(config)
    except (GoogleAuthError, ValueError) as error:
        raise CredentialsError("credentials", detail=type(error).__name__) from error
    # google-auth types this part of itself not at all.
    return AuthorizedSession(loaded)  # type: ignore[no-untyped-call]


def _load(config: Config) -> Any:
    secret = config.secrets.google_credentials
    if secret is None:
        found, _ = google.auth.default(scopes=_SCOPES)
        return found
    info = json.loads(secret.get_secret_value())
    kind = _KINDS.get(info.get("type", ""))
    if kind is None:
        raise ValueError("neither a service account's key nor a person's authorisation")
    return kind(info, scopes=_SCOPES)
