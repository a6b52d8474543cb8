"""How often and how patiently a call to Google is tried again.

Exponential waits with full jitter, as Google asks for (Sheets API, "Usage limits"), and Retry-After
where an answer says it (RFC 9110, section 10.2.3). What may be tried again is not decided here.
"""

from __future__ import annotations

import random
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from automation.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Answer = TypeVar("_Answer")


class TransientError(UnreachableError):
    """Google did not do as asked, and may do so in a while.

    Attributes:
        retry_after: Seconds that Google asks to wait; None where it does not say.
    """

    retry_after: float | None = None


class Retries(Struct, frozen=True, kw_only=True):
    """How one call is tried again.

    Attributes:
        attempts: How often a call is made at most, the first time included.
        first_wait: Seconds; the longest first wait, doubled with every further one.
        longest_wait: Seconds that no single wait exceeds, whatever Google asks for; its quotas are
            by the minute.
        patience: Seconds since the first try after which no other begins. More than the time-out
            of an answer, so that one time-out does not end it.
        sleep: Waits for that many seconds.
        jitter: Chooses the part of a wait that is waited, from 0 to 1.
        clock: Tells seconds that only go forward.
        on_wait: Told, before a wait, its seconds and how many tries were made.
    """

    attempts: int = 8
    first_wait: float = 1.0
    longest_wait: float = 60.0
    patience: float = 200.0
    sleep: Callable[[float], object] = time.sleep
    jitter: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    on_wait: Callable[[float, int], object] | None = None

    def persist(self, call: Callable[[], _Answer], again: type[TransientError]) -> _Answer:
        """Make a call until it succeeds, fails in another way, or patience ends."""
        pauses = Pauses(self)
        while True:
            try:
                return call()
            except again as error:
                pauses.wait(error)

    def choose_wait(self, attempt: int, retry_after: float | None) -> float:
        """Return the seconds to wait after an attempt, counted from 1.

        A Retry-After of nothing, or in the past, would use up the attempts at once: it counts as
        none.
        """
        if retry_after is not None and retry_after > 0:
            return min(retry_after, self.longest_wait)
        return self.jitter() * min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)


class Pauses:
    """The waits between the tries of one call, from its first try on."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._began = retries.clock()
        self._attempts = 0

    def wait(self, error: TransientError) -> None:
        """Wait before another try; raise the error of this one where there is to be none."""
        self._attempts += 1
        retries = self._retries
        seconds = retries.choose_wait(self._attempts, error.retry_after)
        elapsed = retries.clock() - self._began
        if self._attempts >= retries.attempts or elapsed + seconds > retries.patience:
            raise error
        if retries.on_wait is not None:
            retries.on_wait(seconds, self._attempts)
        retries.sleep(seconds)


ONCE = Retries(attempts=1)
"""No second try."""

PATIENT = Retries()
"""What Google recommends; waits are about a minute together, and never more than the patience."""


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait; None where it does not say, or not clearly.

    An instant is compared with the answer's own Date, so that this machine's clock may be wrong.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    try:
        until, now = (
            parsedate_to_datetime(text).replace(tzinfo=UTC) for text in (asked, headers["Date"])
        )
    except (KeyError, OverflowError, TypeError, ValueError):
        return None
    return max(0.0, (until - now).total_seconds())
