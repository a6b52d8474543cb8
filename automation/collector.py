"""The cyclic collector, spared a walk over everybody that finds nothing."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let nobody look for values that refer to one another in a circle.

    A night, and the matching of many registrations, make millions of values and no circle; looking
    for one took half of a night's time, and a quarter of the matching's. May be nested.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
