"""Two enrolments turn out to be one person's: nothing of either is lost.

The older one stays, in the better of the two states and with the earlier time; the other points
to it. The newest usable contacts come by themselves, since the one that stays shows the answers of
both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.core.model import LIVE, By, Enrolment, Number, Status, phrase

if TYPE_CHECKING:
    from automation.core.enrolment.register import Register

_FINAL = frozenset({Status.MERGED, Status.ERASED})
_WORTH = {
    Status.CONFIRMED: 4,
    Status.OFFERED: 3,
    Status.WAITING: 2,
    Status.TO_REVIEW: 1,
}
"""Better states first; those that ended are all alike, and the older one's stays."""


def may_join(register: Register, a: Number, b: Number) -> bool:
    """Tell whether two enrolments said to be one person's are not yet, and all may be touched."""
    one, other = register.enrolments.get(a), register.enrolments.get(b)
    if one is None or other is None or Status.ERASED in {one.status, other.status}:
        return False
    if one.person == other.person and not _to_merge(one, other):
        return False
    numbers = {*register.numbers_of(one.person), *register.numbers_of(other.person)}
    return not any(register.enrolments[number].frozen for number in numbers)


def join(register: Register, a: Number, b: Number) -> None:
    """Let two enrolments be one person's, and those in one cohort be one."""
    one, other = register.enrolments[a].person, register.enrolments[b].person
    person = min(one, other)
    joined = register.numbers_of(max(one, other)) if one != other else []
    for number in joined:
        register.belong(number, person)
        register.bind(person, number)
    mergers = _mergers(register, person, a, b)
    merged = {number for pair in mergers for number in pair}
    for number in joined:
        if number not in merged:
            register.tell(
                number,
                "joined",
                by=By.ORGANISER,
                reason=phrase("reason.same_person", number=person),
                before=register.enrolments[number].status,
            )
    for stays, goes in mergers:
        merge(register, stays, goes)


def _mergers(
    register: Register, person: Number, a: Number, b: Number
) -> list[tuple[Number, Number]]:
    """Return which enrolments of a person become which: the pair itself, and those that live."""
    found: list[tuple[Number, Number]] = []
    stays: dict[str, Number] = {}
    for number in register.numbers_of(person):
        enrolment = register.enrolments[number]
        if enrolment.status in _FINAL or not (enrolment.status in LIVE or number in {a, b}):
            continue
        if enrolment.cohort in stays:
            found.append((stays[enrolment.cohort], number))
        else:
            stays[enrolment.cohort] = number
    return found


def _to_merge(one: Enrolment, other: Enrolment) -> bool:
    return one.cohort == other.cohort and not {one.status, other.status} & _FINAL


def merge(register: Register, stays: Number, goes: Number) -> None:
    """Let one enrolment be all that is left of two; the freed seat, if any, is free tonight."""
    keeper, leaver = register.enrolments[stays], register.enrolments[goes]
    register.bind(stays, goes)
    register.arrivals.pop(stays, None)
    register.arrivals.pop(goes, None)
    register.move(
        goes,
        Status.MERGED,
        by=By.ORGANISER,
        reason=phrase("reason.merged", number=stays),
        before=leaver.status,
        kind="joined",
        merged_into=stays,
        hold=None,
        deadline=None,
    )
    better = max((keeper, leaver), key=_worth)
    register.move(
        stays,
        better.status,
        by=By.ORGANISER,
        reason=phrase("reason.joined", number=goes),
        before=keeper.status,
        kind="joined",
        registered_at=_earlier(keeper.registered_at, leaver.registered_at),
        queued_at=_earlier(keeper.queued_at, leaver.queued_at),
        deadline=better.deadline,
        hold=better.hold,
        opted_out=keeper.opted_out or leaver.opted_out,
        **_ended(better),
    )


def _worth(enrolment: Enrolment) -> tuple[int, bool, Number]:
    older = Number(-enrolment.number)
    return _WORTH.get(enrolment.status, 0), enrolment.hold is None, older


def _earlier(one: Any, other: Any) -> Any:
    return min((instant for instant in (one, other) if instant is not None), default=None)


def _ended(enrolment: Enrolment) -> dict[str, Any]:
    return {} if enrolment.status in LIVE else {"ended_at": enrolment.ended_at}
