"""The studio's clock: it runs like any other, and people may move it forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

NIGHT_HOUR: Final = 2
MORNING_HOUR: Final = 8
"""Hours on the wall at which a night passes, and at which people look at what it did."""


class StudioClock:
    """Tells the instant (aware, UTC), from wherever it was set.

    Args:
        now: Aware.
        elapsed: Seconds of a clock that never goes back.
    """

    def __init__(self, now: datetime, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self.set(now)

    def __call__(self) -> datetime:
        """Return the instant, to the second."""
        passed = timedelta(seconds=int(self._elapsed() - self._since))
        return self._start + passed

    def moment(self, _: ZoneInfo) -> datetime:
        """Return the instant, as nights ask for it."""
        return self()

    def move(self, instant: datetime) -> None:
        """Go forward to an instant; one that has passed changes nothing."""
        if instant > self():
            self.set(instant)

    def set(self, instant: datetime) -> None:
        """Go to an instant, whichever; aware."""
        self._start, self._since = instant.astimezone(UTC), self._elapsed()


def next_at(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """Return the first instant after `now` at which the wall shows that hour."""
    wall = now.astimezone(zone)
    today = wall.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return today if today > wall else today + timedelta(days=1)
