"""Where a newcomer would stand: which cohorts take answers, and what the form should say of each."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation import locale
from automation.core.enrolment.choice import bare_option, name_cohorts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Cohort, Enrolment, Seats

_AHEAD: Final = timedelta(hours=25)
"""A cohort that opens before the night after next must find the form open at that very hour."""


class Door(StrEnum):
    """What becomes of a newcomer."""

    OPEN = "open"
    """They get a seat, or may."""
    WAITING = "waiting"
    """They wait."""
    FULL = "full"
    """They are turned away, since the waiting list is full too."""
    CLOSED = "closed"
    """They are turned away, since it is too early or too late."""


class Doors(Struct, frozen=True, kw_only=True):
    """The doors of a programme.

    Attributes:
        cohorts: In the order of the sheet.
        of: The door of each, in the same order.
    """

    cohorts: tuple[Cohort, ...]
    of: tuple[Door, ...]

    @property
    def accepting(self) -> bool:
        """Whether the form should take answers at all."""
        return any(door in {Door.OPEN, Door.WAITING} for door in self.of)

    def digest(self, language: str) -> str:
        """Return a hash of all that the form should say of it: 12 letters."""
        told = (
            language,
            *((c.code, c.name, d) for c, d in zip(self.cohorts, self.of, strict=True)),
        )
        return blake2b(repr(told).encode(), digest_size=6).hexdigest()

    def label_options(self, options: Sequence[str], language: str) -> tuple[str, ...]:
        """Return what each option of the question about the cohort should say.

        An option that names no cohort, or several, is left as it is; so are all of them where two would
        say the same, which Forms refuses.
        """
        codes = [cohort.code for cohort in self.cohorts]
        doors = dict(zip(codes, self.of, strict=True))
        labels = tuple(self._label(option, doors, language) for option in options)
        return labels if max(Counter(labels).values(), default=1) == 1 else tuple(options)

    def _label(self, option: str, doors: Mapping[str, Door], language: str) -> str:
        named = name_cohorts(self.cohorts, option)
        if len(named) != 1:
            return option
        bare, door = bare_option(option), doors[named[0]]
        if door is Door.OPEN:
            return bare
        return f"{bare} ({locale.text(language, f'form_option.{door}')})"


class FormRecord(Struct, frozen=True, kw_only=True):
    """What was last done to the form.

    Attributes:
        revision: How often something was done.
        state: open; closed, by somebody else; closed-by-us. "" before anything was done.
        digest: Of the doors that it was told.
    """

    revision: int = 0
    state: str = ""
    digest: str = ""


def read_doors(
    cohorts: tuple[Cohort, ...],
    seats: Mapping[str, Seats],
    enrolments: Iterable[Enrolment],
    now: datetime,
) -> Doors:
    """Return the doors of cohorts at an instant.

    Args:
        seats: Their figures, by code.
        enrolments: All of them, ranked.
    """
    queued = Counter(e.cohort for e in enrolments if e.rank is not None)
    doors = (_find_door(cohort, seats[cohort.code], queued[cohort.code], now) for cohort in cohorts)
    return Doors(cohorts=cohorts, of=tuple(doors))


def _find_door(cohort: Cohort, seats: Seats, queued: int, now: datetime) -> Door:
    """Return a cohort's door.

    Args:
        queued: How many wait and are eligible: a newcomer comes after them.
    """
    if not (cohort.admits(now) or cohort.admits(now + _AHEAD)):
        return Door.CLOSED
    if seats.free is None or (seats.free > 0 and not queued):
        return Door.OPEN
    limit = cohort.waiting_limit
    return Door.WAITING if limit is None or (seats.waiting or 0) < limit else Door.FULL
