"""Faults to order, injected where a call would leave the process."""

from __future__ import annotations

import random
import time
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests import PreparedRequest


class Fault(StrEnum):
    """What may go wrong with one call. "After" means that it was applied all the same."""

    RATE_LIMIT = "429"
    RATE_LIMIT_RETRY_AFTER = "429 with Retry-After"
    SERVER_ERROR = "500, not applied"
    UNAVAILABLE_BEFORE = "503, not applied"
    UNAVAILABLE_AFTER = "503, applied"
    BAD_GATEWAY = "502 as HTML, not applied"
    TIMEOUT_BEFORE = "time-out, not applied"
    TIMEOUT_AFTER = "time-out, applied"
    DROPPED_BEFORE = "dropped connection, not applied"
    DROPPED_AFTER = "dropped connection, applied"
    CUT = "answer cut in the middle, applied"
    SLOW = "slow answer, applied"


APPLIED = frozenset(
    {
        Fault.UNAVAILABLE_AFTER,
        Fault.TIMEOUT_AFTER,
        Fault.DROPPED_AFTER,
        Fault.CUT,
        Fault.SLOW,
    }
)
"""The faults after which the call has done its work."""


def _no_hook(_number: int, _request: PreparedRequest) -> None:
    """Let the call happen."""


class FaultPlan(Struct, frozen=True, kw_only=True):
    """Which calls of a session go wrong, and how.

    Calls are counted from 1 over the whole session. Calls that `on_call` makes through the same
    session are answered plainly: not counted, not spoilt, not logged.

    Attributes:
        at: Number of the call → its fault.
        chance: Probability from 0 to 1 that a call not in `at` goes wrong; the same for the same
            seed and number, whatever happened before.
        among: What may then happen.
        seed: Of the chance.
        retry_after: Seconds that a 429 asks for.
        delay: Seconds that a slow answer takes.
        sleep: How a slow answer waits; an argument so that tests need not.
        on_call: Called before each call with its number and the request: the place to let an
            organiser or a second run in between two calls.
    """

    at: Mapping[int, Fault] = field(default_factory=dict)
    chance: float = 0.0
    among: tuple[Fault, ...] = tuple(Fault)
    seed: int = 0
    retry_after: int = 30
    delay: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    on_call: Callable[[int, PreparedRequest], None] = _no_hook

    def fault(self, number: int) -> Fault | None:
        """What happens to the call with a number; None for nothing."""
        if number in self.at:
            return self.at[number]
        dice = random.Random(f"{self.seed}:{number}")  # noqa: S311 - repeatable on purpose
        return dice.choice(self.among) if dice.random() < self.chance else None
