"""A session that carries our credentials, and says in words why Google grants no token for them."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request

from automation.errors import CohorteError, CredentialsError
from automation.google.accounts import (
    Account,
    AccountKind,
    act_for,
    describe_account,
    load_credentials,
)
from automation.google.calls import explain_no_token
from automation.google.scopes import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.auth.transport import Response

    from automation.config import Config

__all__ = ["GoogleSession", "authorised_session", "mail_session"]

_TOLERATED: Final = timedelta(minutes=5)
"""How far a clock may be off before it explains that a signed request is refused."""
_SIGNING: Final = "Error calling the IAM signBlob API"
_WORD: Final = re.compile(r"[a-z_]{1,40}")
_CAUSES: Final = {
    "invalid_scope": "scope_missing",
    "invalid_client": "client_refused",
    "deleted_client": "client_refused",
    "disabled_client": "client_refused",
}


def authorised_session(config: Config, feature: Feature = Feature.SHEETS) -> GoogleSession:
    """Return a session for the account of the configuration, or of the environment.

    Its token grants what the feature needs, and no more. That for mail is the mailbox's that messages
    leave from: a person's own, or the one of [google] subject, for whom a service account acts, since
    it has none itself.

    A token is fetched for the first call, renewed before it ends, and renewed once where Google answers
    401, which says that nothing was done. Raises `CredentialsError`.
    """
    subject = config.google.subject if feature is Feature.MAIL else None
    request = _TokenRequest()
    try:
        loaded = load_credentials(config, feature.scopes)
        account = describe_account(loaded)
        if subject is not None:
            loaded = act_for(loaded, subject, feature.scopes, request)
    except (AttributeError, GoogleAuthError, OSError, TypeError, ValueError) as error:
        # A key whose fields are no texts ends in any of them.
        raise _explain_unusable(error, config) from error
    delegated = subject is not None and account.kind is not AccountKind.PERSON
    return GoogleSession(loaded, account, feature, request, delegated=delegated)


def mail_session(config: Config) -> GoogleSession:
    """Return a session for the mailbox that messages leave from."""
    return authorised_session(config, Feature.MAIL)


def _explain_unusable(error: Exception, config: Config) -> CohorteError:
    if isinstance(error, TransportError):
        return explain_no_token(error)
    named = config.secrets.google_credentials is not None
    if not named and type(error).__name__ == "DefaultCredentialsError":
        return CredentialsError("no_credentials")
    return CredentialsError("credentials", detail=type(error).__name__)


class GoogleSession(AuthorizedSession):
    """Speaks for an account; a token that is refused is a `CredentialsError` with its cause.

    Attributes:
        account: Who speaks.
        feature: What its token grants.
    """

    def __init__(
        self,
        loaded: Any,
        account: Account,
        feature: Feature,
        request: _TokenRequest,
        *,
        delegated: bool,
    ) -> None:
        # google-auth types this part of itself not at all.
        super().__init__(loaded, max_refresh_attempts=1, auth_request=request)  # type: ignore[no-untyped-call]
        self.account = account
        self.feature = feature
        self._tokens = request
        self._delegated = delegated
        self._ahead: timedelta | None = None

    @property
    def ahead(self) -> timedelta | None:
        """How far this machine's clock is ahead of Google's; None before any answer came."""
        return self._tokens.ahead if self._ahead is None else self._ahead

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """Make a call with a token; raises `CredentialsError` where there is none to be had."""
        try:
            response: requests.Response = super().request(*args, **options)  # type: ignore[no-untyped-call]
        except TransportError as error:
            if _SIGNING not in str(error):
                raise
            # google-auth tells a refusal to sign in our stead like a network that is down.
            raise CredentialsError("no_signing", address=self.account.address) from error
        except GoogleAuthError as error:
            if error.retryable:
                raise
            raise self._explain(error) from error
        self._ahead = _measure_clock(response.headers)
        return response

    def _explain(self, error: GoogleAuthError) -> CredentialsError:
        """Return why Google grants no token."""
        code, description = _read_refusal(error)
        cause = self._blame_grant(description) if code == "invalid_grant" else self._blame(code)
        ahead = self._tokens.ahead or timedelta()
        return CredentialsError(
            cause,
            detail=code or type(error).__name__,
            minutes=round(abs(ahead) / timedelta(minutes=1)),
            api=self.feature.api,
            scopes=",".join(self.feature.scopes),
        )

    def _blame_grant(self, description: str) -> str:
        """Return the cause of a refusal that Google has one code for, whatever is wrong."""
        if self.account.kind is AccountKind.PERSON:
            return "login_ended"
        if self._tokens.ahead is not None and abs(self._tokens.ahead) > _TOLERATED:
            return "clock_off"
        if self._delegated and "email" in description:
            return "no_such_subject"
        return "workload_refused" if self.account.kind is AccountKind.WORKLOAD else "key_refused"

    def _blame(self, code: str) -> str:
        """Return the cause of any other refusal."""
        if self._delegated and code in {"unauthorized_client", "access_denied"}:
            return "no_delegation"
        if self.account.kind is AccountKind.WORKLOAD:
            return "workload_refused"
        return _CAUSES.get(code, "credentials")


def _read_refusal(error: GoogleAuthError) -> tuple[str, str]:
    """Return OAuth's code of a refusal (RFC 6749, section 5.2) and its description in lower case.

    "" for what is none: a refusal may hold anything, so that nothing else of it is ever shown.
    """
    told = next((part for part in error.args if isinstance(part, dict)), {})
    code = str(told.get("error", ""))
    description = str(told.get("error_description", "") or error)
    return code if _WORD.fullmatch(code) else "", description.lower()


class _TokenRequest(Request):
    """Asks for a token once, and leaves it to `Retries` whether to ask again.

    google-auth would wait by itself, beside our patience; it takes a 502 for a refusal, and an
    answer that is cut makes it stumble (TypeError).
    """

    ahead: timedelta | None = None
    """How far this machine's clock is ahead of who answered last."""

    def __call__(self, url: str, method: str = "GET", *args: Any, **options: Any) -> Any:
        """Make a request, and raise `TransportError` where another one may succeed."""
        answer = super().__call__(url, method, *args, **options)  # type: ignore[no-untyped-call]
        self.ahead = _measure_clock(answer.headers)
        # Only tokens are asked for by POST; the metadata of a machine at Google may be bare text.
        if method == "POST" and not _is_an_answer(answer):
            raise TransportError(str(answer.status))  # type: ignore[no-untyped-call]
        return answer


def _measure_clock(headers: Mapping[str, str]) -> timedelta | None:
    """Return how far our clock is ahead of the one that an answer bears (RFC 9110, 6.6.1)."""
    try:
        theirs = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None
    return timedelta(seconds=time.time() - theirs)


def _is_an_answer(answer: Response) -> bool:
    """Whether a token, or a refusal of one, was answered."""
    if answer.status != requests.codes.ok:
        passing = {requests.codes.request_timeout, requests.codes.too_many_requests}
        return answer.status < requests.codes.server_error and answer.status not in passing
    try:
        return isinstance(json.loads(answer.data), dict)
    except ValueError:
        return False
