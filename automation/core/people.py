"""Which pairs of enrolments a word about people is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.model import Enrolment, Number, PairKey, Status, Verdict
from automation.errors import WrongUsageError

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot


def same_people(snapshot: Snapshot, a: int, b: int) -> dict[PairKey, Verdict]:
    """Return the verdict that two enrolments are one person's.

    Raises `WrongUsageError` where a number is nobody's, or twice the same.
    """
    one, other = _find(snapshot, a), _find(snapshot, b)
    if one.number == other.number:
        raise WrongUsageError("merge_with_itself", number=a)
    return {_pair(one, other): Verdict.SAME}


def other_person(snapshot: Snapshot, number: int) -> dict[PairKey, Verdict]:
    """Return the verdicts that an enrolment is nobody's of those that it is held for.

    Those that became this enrolment stay with it. Raises `WrongUsageError` where the number is
    nobody's, or where it is a person's only enrolment.
    """
    one = _find(snapshot, number)
    others = [
        e
        for e in snapshot.register
        if e.person == one.person and one.number not in {e.number, e.merged_into}
    ]
    if not others:
        joined = [e.number for e in snapshot.register if e.merged_into == one.number]
        if joined:
            raise WrongUsageError("split_the_other", number=number, other=joined[0])
        raise WrongUsageError("nobody_to_split", number=number)
    return {_pair(one, other): Verdict.DIFFERENT for other in others}


def _find(snapshot: Snapshot, number: int) -> Enrolment:
    for enrolment in snapshot.register:
        if enrolment.number == number and enrolment.status is not Status.ERASED:
            return enrolment
    raise WrongUsageError("no_enrolment", number=number)


def _pair(one: Enrolment, other: Enrolment) -> PairKey:
    low, high = sorted((one.number, other.number))
    return Number(low), Number(high)
