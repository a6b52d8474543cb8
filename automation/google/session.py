"""Who we are at Google: a session that carries our credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import google.auth
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import credentials, service_account

from automation.errors import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.auth.transport import Response

    from automation.config import Config

# google-auth wants the kind said by us, not by a file that anybody may have written.
_KINDS: Mapping[str, Any] = {
    "service_account": service_account.Credentials.from_service_account_info,
    "authorized_user": credentials.Credentials.from_authorized_user_info,
}
_SHEETS = ("https://www.googleapis.com/auth/spreadsheets",)
# Not gmail.metadata: in a token, it forbids searching even beside gmail.readonly.
_MAIL = (
    "https://www.googleapis.com/auth/gmail.compose",
    "https://www.googleapis.com/auth/gmail.readonly",
)


def authorised_session(config: Config) -> AuthorizedSession:
    """Return a session for the account of the configuration, or of the environment.

    Credentials come from the environment variable, else from the file of [google] credentials,
    else from Application Default Credentials. Raises `CredentialsError`.

    A token is fetched for the first call, renewed before it ends, and renewed once where Google
    answers 401, which says that nothing was done.
    """
    return _open(config, _SHEETS)


def mail_session(config: Config) -> AuthorizedSession:
    """Return a session for the mailbox that messages leave from.

    A person's own, or the one of [google] subject, for whom a service account acts: it has none
    itself. Its token is another than the workbook's, so that neither grants more than it must.
    Like `authorised_session` otherwise.
    """
    return _open(config, _MAIL, config.google.subject)


def _open(config: Config, scopes: tuple[str, ...], subject: str | None = None) -> AuthorizedSession:
    try:
        loaded = _load(config, scopes)
        if subject is not None and isinstance(loaded, service_account.Credentials):
            loaded = loaded.with_subject(subject)  # type: ignore[no-untyped-call]
    except (AttributeError, GoogleAuthError, TypeError, ValueError) as error:
        # A key whose fields are no texts ends in any of them.
        raise CredentialsError("credentials", detail=type(error).__name__) from error
    # google-auth types this part of itself not at all.
    return AuthorizedSession(  # type: ignore[no-untyped-call]
        loaded, max_refresh_attempts=1, auth_request=_TokenRequest()
    )


class _TokenRequest(Request):
    """Asks for a token once, and leaves it to `Retries` whether to ask again.

    google-auth would wait by itself, beside our patience; it takes a 502 for a refusal, and an
    answer that is cut makes it stumble (TypeError).
    """

    def __call__(self, url: str, method: str = "GET", *args: Any, **options: Any) -> Any:
        """Make a request, and raise `TransportError` where another one may succeed."""
        answer = super().__call__(url, method, *args, **options)  # type: ignore[no-untyped-call]
        # Only tokens are asked for by POST; the metadata of a machine at Google may be bare text.
        if method == "POST" and not _is_an_answer(answer):
            raise TransportError(str(answer.status))  # type: ignore[no-untyped-call]
        return answer


def _is_an_answer(answer: Response) -> bool:
    """Whether a token, or a refusal of one, was answered."""
    if answer.status != requests.codes.ok:
        passing = {requests.codes.request_timeout, requests.codes.too_many_requests}
        return answer.status < requests.codes.server_error and answer.status not in passing
    try:
        return isinstance(json.loads(answer.data), dict)
    except ValueError:
        return False


def _load(config: Config, scopes: tuple[str, ...]) -> Any:
    secret = config.secrets.google_credentials
    if secret is None:
        found, _ = google.auth.default(scopes=scopes)
        return found
    info = json.loads(secret.get_secret_value())
    kind = _KINDS.get(str(info.get("type")))
    if kind is None:
        raise ValueError("neither a service account's key nor a person's authorisation")
    return kind(info, scopes=scopes)
