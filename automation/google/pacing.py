"""No more calls in a minute than Google grants, and how many there were.

The Sheets API grants a project 300 reads and 300 writes a minute, and each user of it 60 of each; a
service account is one user. There is no other limit (Sheets API, "Usage limits").
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from requests.adapters import BaseAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

A_MINUTE_AND_USER: Final = 60
A_MINUTE_AND_PROJECT: Final = 300
_MINUTE: Final = 60.0
_READING_POSTS: Final = (":batchGetByDataFilter", ":getByDataFilter", ":search")


class Call(StrEnum):
    """What a call counts as, where Google counts."""

    READ = "read"
    WRITE = "write"
    MAIL = "mail"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many in any minute, and no more.

    Attributes:
        clock: Tells seconds that only go forward.
        sleep: Waits for that many seconds.
    """

    a_minute: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _passed: deque[float] = field(default_factory=deque, init=False, repr=False)

    def wait(self) -> float:
        """Wait until one more may pass, count it, and return the seconds waited."""
        seconds = 0.0
        if len(self._passed) >= self.a_minute:
            seconds = max(0.0, self._passed.popleft() + _MINUTE - self.clock())
            if seconds > 0:
                self.sleep(seconds)
        self._passed.append(self.clock())
        return seconds


class Meter:
    """Counts the calls of one night, and holds back those that would come too fast.

    Attributes:
        calls: How many, by kind; those that failed too.
        waited: Seconds for which calls were held back.
    """

    def __init__(self, paces: Mapping[Call, tuple[Pace, ...]] | None = None) -> None:
        """Begin at nothing.

        Args:
            paces: What the calls of a kind have to wait for, shared with other nights.
        """
        self.calls: Counter[Call] = Counter()
        self.waited = 0.0
        self._paces = paces or {}

    def attach(self, session: requests.Session) -> None:
        """Let all calls of a session pass here from now on."""
        for prefix, adapter in list(session.adapters.items()):
            session.mount(prefix, _MeteredAdapter(adapter, self))

    def pass_by(self, call: Call) -> None:
        """Count a call that is about to be made, and wait until it may be."""
        self.calls[call] += 1
        self.waited += sum(pace.wait() for pace in self._paces.get(call, ()))


class _MeteredAdapter(BaseAdapter):
    """Another adapter, past a meter."""

    def __init__(self, inner: BaseAdapter, meter: Meter) -> None:
        super().__init__()
        self.inner, self.meter = inner, meter

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send a request once the meter lets it pass."""
        self.meter.pass_by(classify(request.method or "", request.url or ""))
        return self.inner.send(request, *args, **options)

    def close(self) -> None:
        """Close the other adapter."""
        self.inner.close()


def follow(session: requests.Session | None, other: requests.Session) -> None:
    """Let the calls of another session pass by the meter of the first, where it has one."""
    adapters = session.adapters.values() if session is not None else ()
    for adapter in adapters:
        if isinstance(adapter, _MeteredAdapter):
            adapter.meter.attach(other)
            return


class Quotas:
    """What one worker may use of Google's quotas, whatever programmes it carries.

    Several workers share what Google grants: each keeps to its part, without asking the others.
    """

    def __init__(
        self,
        workers: int = 1,
        sharers: Mapping[str, int] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Divide the quotas.

        Args:
            workers: How many there are, this one included.
            sharers: By how many of them each account is used; by all where it isn't told.
        """
        self._workers, self._sharers = workers, sharers or {}
        self._clock, self._sleep = clock, sleep
        self._project = self._paces(A_MINUTE_AND_PROJECT // workers)
        self._accounts: dict[str, dict[Call, Pace]] = {}

    def meter(self, account: str) -> Meter:
        """Return a meter for a night under an account, named as `name_account` does."""
        if account not in self._accounts:
            sharers = self._sharers.get(account, self._workers)
            self._accounts[account] = self._paces(A_MINUTE_AND_USER // sharers)
        own = self._accounts[account]
        return Meter({call: (own[call], self._project[call]) for call in own})

    def _paces(self, a_minute: int) -> dict[Call, Pace]:
        return {
            call: Pace(a_minute=max(1, a_minute), clock=self._clock, sleep=self._sleep)
            for call in (Call.READ, Call.WRITE)
        }


def name_account(credentials: str | None) -> str:
    """Return a name for the account of some credentials: the same for the same, and no secret.

    Args:
        credentials: A service account's key or a person's authorisation, as JSON; None for
            whatever the machine has.
    """
    if credentials is None:
        return ""
    try:
        known = json.loads(credentials)
        found = str(known.get("client_email") or known.get("refresh_token") or credentials)
    except (AttributeError, ValueError):
        found = credentials
    return blake2b(found.encode(), digest_size=8).hexdigest()


def classify(method: str, url: str) -> Call:
    """Return what a call counts as."""
    parts = urlsplit(url)
    if parts.hostname == "gmail.googleapis.com":
        return Call.MAIL
    if parts.hostname != "sheets.googleapis.com":
        return Call.OTHER
    reads = method == "GET" or (method == "POST" and parts.path.endswith(_READING_POSTS))
    return Call.READ if reads else Call.WRITE
