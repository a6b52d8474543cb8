"""What a night leaves for a log while it passes, so that one that failed leaves it too."""

from __future__ import annotations

import time
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Step(StrEnum):
    """What the time of a night goes to."""

    READ = "read"
    PLAN = "plan"
    WRITE = "write"
    MAIL = "mail"


class Trace(Struct, kw_only=True):
    """Nothing personal.

    Attributes:
        clock: Tells seconds that only go forward.
        run_id: "" until the workbook was read.
        seconds: By step; a step that was cut off counts until then.
    """

    clock: Callable[[], float] = time.perf_counter
    run_id: str = ""
    seconds: dict[Step, float] = field(default_factory=lambda: dict.fromkeys(Step, 0.0))

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        """Add the time until the end of the block to a step."""
        began = self.clock()
        try:
            yield
        finally:
            self.seconds[step] += self.clock() - began
