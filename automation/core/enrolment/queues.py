"""Who waits, in what order, and which seats are free for whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.model import HOLDING, Status
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from automation.core.enrolment.register import Register
    from automation.core.model import Cohort, Enrolment, Number
    from automation.core.rules import FieldMap

QueueKey = tuple[float, bool, datetime, "Number"]

_LAST = datetime.max.replace(tzinfo=UTC)


def queue_order(enrolment: Enrolment, favoured: Collection[Number] = ()) -> QueueKey:
    """Sort key of a waiting list: priority, then who is favoured, then time, then number.

    Args:
        favoured: Those left waiting in the cohort that theirs follows.
    """
    return (
        -enrolment.priority,
        enrolment.number not in favoured,
        enrolment.queued_at or _LAST,
        enrolment.number,
    )


def former_cohorts(cohorts: Iterable[Cohort]) -> dict[str, str]:
    """Return which cohort each follows, by code, former ones first; circles are left out."""
    codes = {fold(cohort.code): cohort.code for cohort in cohorts}
    follows = {
        cohort.code: codes[fold(cohort.follows)]
        for cohort in cohorts
        if fold(cohort.follows) in codes
    }
    ancestry = {code: _ancestors(code, follows) for code in follows}
    straight = [code for code, ancestors in ancestry.items() if ancestors is not None]
    straight.sort(key=lambda code: (len(ancestry[code] or ()), code))
    return {code: follows[code] for code in straight}


def _ancestors(code: str, follows: Mapping[str, str]) -> list[str] | None:
    """Return the cohorts before one, the nearest first; None where they go round in a circle."""
    found: list[str] = []
    while code in follows:
        code = follows[code]
        if code in found:
            return None
        found.append(code)
    return found


def find_favoured(register: Register, former: Mapping[str, str]) -> frozenset[Number]:
    """Return the enrolments of people who were left waiting in the cohort that theirs follows.

    They waited there before they registered here: nobody gains by joining the former list since.
    """
    if not former:
        return frozenset()
    waiting = {
        (e.person, e.cohort): _since(e)
        for e in register.enrolments.values()
        if e.status is Status.WAITING
    }
    return frozenset(
        e.number
        for e in register.enrolments.values()
        if (since := waiting.get((e.person, former.get(e.cohort, "")))) and since < _since(e)
    )


def _since(enrolment: Enrolment) -> tuple[datetime, Number]:
    return enrolment.queued_at or _LAST, enrolment.number


def waiting_lists(register: Register) -> defaultdict[str, list[Enrolment]]:
    """Return those who wait in each cohort, eligible or not, in no order."""
    waiting: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for enrolment in register.enrolments.values():
        if enrolment.status is Status.WAITING:
            waiting[enrolment.cohort].append(enrolment)
    return waiting


def is_eligible(enrolment: Enrolment) -> bool:
    """Tell whether somebody's turn may come."""
    return enrolment.status is Status.WAITING and enrolment.hold is None and not enrolment.frozen


class FreeSeats(Struct):
    """A cohort's free seats, while they are given out.

    Attributes:
        free: All of them; below 0 over the cap.
        reserved: How many of them only the group may have.
    """

    cohort: Cohort
    group_at: int | None
    free: int
    reserved: int

    def fits(self, enrolment: Enrolment) -> bool:
        """Tell whether a seat is free for this person."""
        return self.free > (0 if self.in_group(enrolment) else self.reserved)

    def needs_reserve(self, enrolment: Enrolment) -> bool:
        """Tell whether only a reserved seat is left for this person."""
        return self.free <= self.reserved and self.in_group(enrolment)

    def take(self, enrolment: Enrolment) -> None:
        """Let somebody have a seat; a member has a reserved one first."""
        self.free -= 1
        if self.in_group(enrolment):
            self.reserved = max(0, self.reserved - 1)

    def in_group(self, enrolment: Enrolment) -> bool:
        """Tell whether somebody is of the group that places are reserved for."""
        return is_member(enrolment, self.cohort, self.group_at)


def count_free(register: Register, cohort: Cohort, holders: Iterable[Enrolment]) -> FreeSeats:
    """Return the free seats of a cohort, none where it has no places that can be read."""
    group_at = group_index(register.rules.fields)
    held = [enrolment for enrolment in holders if enrolment.status in HOLDING]
    members = sum(is_member(enrolment, cohort, group_at) for enrolment in held)
    return FreeSeats(
        cohort=cohort,
        group_at=group_at,
        free=(cohort.places or 0) - len(held),
        reserved=max(0, kept_for_group(cohort, register.now) - members),
    )


def kept_for_group(cohort: Cohort, now: datetime) -> int:
    """Return how many places are reserved at an instant."""
    released = cohort.reserved_until is not None and now >= cohort.reserved_until
    return 0 if released else cohort.reserved


def group_index(fields: FieldMap) -> int | None:
    """Return where an enrolment's further fields say its group; None where nobody asks."""
    return next((i for i, extra in enumerate(fields.extra) if extra.key == "group"), None)


def is_member(enrolment: Enrolment, cohort: Cohort, group_at: int | None) -> bool:
    """Tell whether somebody named the group that places are reserved for, alone or among others."""
    wanted = _choices(cohort.reserved_for)
    if wanted == ",," or group_at is None or group_at >= len(enrolment.extra):
        return False
    return wanted in _choices(enrolment.extra[group_at])


def _choices(answer: str) -> str:
    """Return the options of an answer as they are compared, each between commas."""
    return f",{','.join(map(fold, answer.split(',')))},"
