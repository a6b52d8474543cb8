"""A person's authorisation, for a committee without an administrator.

The browser asks the person at Google and comes back to a port of this machine (RFC 8252, section 7.3)
with a code that only we can redeem (PKCE, RFC 7636). What is kept can be withdrawn at any time:
https://myaccount.google.com/connections.
"""

from __future__ import annotations

import json
import logging
import webbrowser
from typing import TYPE_CHECKING, Any, Final

import requests
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import AccessDeniedError, OAuth2Error

from automation.errors import CohorteError, CredentialsError, UnreachableError, WrongUsageError
from automation.google.calls import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from automation.google.scopes import Feature

_AUTH_URL: Final = "https://accounts.google.com/o/oauth2/auth"
_TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
for _told in ("oauthlib", "requests_oauthlib"):
    # They would write codes and tokens into a log for programmers.
    logging.getLogger(_told).setLevel(logging.WARNING)

_PATIENCE: Final = 900.0
"""Seconds that a person may take."""
_PASTED_FROM: Final = "http://127.0.0.1:8711/"
"""Where the browser ends where nobody listens: the address it shows there has the code."""


class Login(InstalledAppFlow):
    """One login, from the question to the authorisation."""

    @classmethod
    def begin(cls, client: Mapping[str, str], features: Iterable[Feature]) -> Login:
        """Return a login for an OAuth client, asking for what some features need."""
        about = {
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
            "auth_uri": _AUTH_URL,
            "token_uri": _TOKEN_URL,
        }
        scopes = [scope for feature in features for scope in feature.scopes]
        made: Login = cls.from_client_config({"installed": about}, scopes)
        return made

    def fetch_token(self, **options: Any) -> Any:
        """Redeem the code, with a time-out."""
        return super().fetch_token(timeout=TIMEOUT, **options)

    def ask(self, *, prompt: str, done: str, open_browser: bool) -> str:
        """Ask in the browser, and return the authorisation as the text of a file.

        Args:
            prompt: What to say in the terminal; {url} stands for the address to visit.
            done: What the browser says at the end.

        Raises `CredentialsError` where there is none, and `UnreachableError`.
        """
        return self._finish(
            lambda: self.run_local_server(
                host="127.0.0.1",
                port=0,
                authorization_prompt_message=prompt,
                success_message=done,
                open_browser=open_browser and _has_browser(),
                timeout_seconds=_PATIENCE,
                prompt="consent",  # without it, a second login brings no refresh token
            )
        )

    def ask_elsewhere(self, paste: Callable[[str], str]) -> str:
        """Ask in a browser of another machine, and return the authorisation as the text of a file.

        Args:
            paste: Shows the address to visit, and returns the address where the browser ends.

        Raises what `ask` does.
        """
        self.redirect_uri = _PASTED_FROM
        url, _ = self.authorization_url(prompt="consent")
        ended = paste(url).strip()
        # oauthlib wants https even of what never leaves this machine.
        secure = ended.replace("http://", "https://", 1)
        return self._finish(lambda: self.fetch_token(authorization_response=secure))

    def _finish(self, attempt: Callable[[], object]) -> str:
        try:
            attempt()
        except (AccessDeniedError, WSGITimeoutError) as error:
            raise CredentialsError("login_declined") from error
        except OAuth2Error as error:
            raise CredentialsError("login_failed", detail=error.error) from error
        except Warning as error:
            # So oauthlib tells that fewer boxes were ticked than asked for.
            raise CredentialsError("login_incomplete") from error
        except (requests.RequestException, ValueError) as error:
            raise UnreachableError("unreachable", detail=type(error).__name__) from error
        kept = self.credentials
        if not kept.refresh_token:
            raise CredentialsError("login_failed", detail="no_refresh_token")
        about = {
            "type": "authorized_user",
            "client_id": kept.client_id,
            "client_secret": kept.client_secret,
            "refresh_token": kept.refresh_token,
        }
        return json.dumps(about, indent=2) + "\n"


def read_client(content: str) -> Mapping[str, str]:
    """Return the OAuth client of the console's file for a desktop application, or of a former login.

    Raises `WrongUsageError` for what is neither.
    """
    try:
        found = json.loads(content)
        client = found if found.get("type") == "authorized_user" else found["installed"]
        return {name: str(client[name]) for name in ("client_id", "client_secret")}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _no_client() from error


def _no_client() -> CohorteError:
    return WrongUsageError("no_oauth_client")


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
