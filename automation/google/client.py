"""gspread's HTTP client with our time-outs and our patience.

Not gspread's BackOffHTTPClient: 6.2.1 tries a permanent 429 again until the stack ends, a write
like a read, and never a broken connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gspread import HTTPClient

from automation.google.calls import TIMEOUT
from automation.google.retries import ONCE, PATIENT, Retries

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests


class Client(HTTPClient):
    """Speaks to Google over a session that may be production's or the embedded workspace's.

    Attributes:
        retries: How a call that fails is made again.
        open_forms: Returns the session that may use the Forms API; None where this one does.
    """

    def __init__(
        self,
        session: requests.Session,
        retries: Retries = PATIENT,
        open_forms: Callable[[], requests.Session] | None = None,
    ) -> None:
        # With a session of its own gspread needs no credentials, whatever its types say.
        super().__init__(auth=None, session=session)  # type: ignore[arg-type]
        self.set_timeout(TIMEOUT)
        self.retries = retries
        self.open_forms = open_forms


def retries_of(http: HTTPClient) -> Retries:
    """Return how a client's calls are tried again: a plain client of gspread's tries once."""
    return http.retries if isinstance(http, Client) else ONCE
