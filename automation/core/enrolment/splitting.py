"""Two enrolments turn out to be two persons' after all: what was joined is undone.

The journal tells what each was before. Where something has happened since, nothing is taken from
anybody: the one that comes back waits at its own time, and the organisers are told.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from automation.core.model import (
    HOLDING,
    By,
    JournalEntry,
    Number,
    PairKey,
    State,
    Status,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from automation.core.enrolment.register import Register

_QUIET = frozenset({"joined", "edited", "refreshed", "recorded", "restored"})
"""Kinds of lines after which a merger can still be undone on the one that stayed."""


def find_side(key: PairKey, links: Collection[PairKey]) -> frozenset[Number] | None:
    """Return all that is linked to the second of a pair; None where the first is among it."""
    neighbours: defaultdict[Number, set[Number]] = defaultdict(set)
    for one, other in links:
        neighbours[one].add(other)
        neighbours[other].add(one)
    a, b = key
    side, fringe = {b}, [b]
    while fringe:
        new = neighbours[fringe.pop()] - side
        side |= new
        fringe += new
    return None if a in side else frozenset(side)


def split(
    register: Register,
    key: PairKey,
    links: Collection[PairKey],
    histories: Mapping[Number, tuple[JournalEntry, ...]],
) -> None:
    """Let the second of a pair, and all that is linked to it or came with it, be another person's."""
    numbers = register.numbers_of(register.enrolments[key[0]].person)
    linked = (find_side(key, links) or frozenset()) & set(numbers)
    if not linked or any(register.enrolments[number].frozen for number in numbers):
        return
    stay = find_side(key[::-1], links) or frozenset()
    side = _with_companions(register, linked, set(numbers) - stay, histories)
    sides = (sorted(side), [number for number in numbers if number not in side])
    for mine in sides:
        _part(register, mine, numbers[0])
    for mine, theirs in (sides, sides[::-1]):
        for number in mine:
            stays = register.enrolments[number].merged_into
            if stays is not None and stays in theirs:
                _unmerge(register, number, stays, histories)


def _with_companions(
    register: Register,
    linked: frozenset[Number],
    others: set[Number],
    histories: Mapping[Number, tuple[JournalEntry, ...]],
) -> set[Number]:
    """Add those who were one person with somebody linked before both joined the other, or became it.

    Args:
        others: Who may go along, as no verdict links them to whoever stays.
    """
    side = set(linked)
    persons = {_former_person(register, number, histories) for number in linked} - {None}
    for number in sorted(others):  # whoever became another is younger than it
        if (
            register.enrolments[number].merged_into in side
            or _former_person(register, number, histories) in persons
        ):
            side.add(number)
    return side


def _former_person(
    register: Register, number: Number, histories: Mapping[Number, tuple[JournalEntry, ...]]
) -> Number | None:
    """Return whose an enrolment was before it joined its person; None where it always was theirs."""
    now = register.enrolments[number].person
    persons = (entry.state.person for entry in reversed(histories.get(number, ())))
    return next((person for person in persons if person != now), None)


def _part(register: Register, numbers: list[Number], bond: Number) -> None:
    """Let the enrolments of one side be one person's."""
    for number in numbers:
        register.bind(bond, number)
        if register.enrolments[number].person != numbers[0]:
            register.belong(number, numbers[0])
            register.tell(
                number,
                "split",
                by=By.ORGANISER,
                reason=phrase("reason.other_person"),
                before=register.enrolments[number].status,
            )


def _unmerge(
    register: Register,
    number: Number,
    stays: Number,
    histories: Mapping[Number, tuple[JournalEntry, ...]],
) -> None:
    """Give back an enrolment that had become another."""
    former = _before_merger(histories.get(number, ()))
    others = [
        n
        for n in register.numbers_of(register.enrolments[stays].person)
        if register.enrolments[n].merged_into == stays and _before_merger(histories.get(n, ()))
    ]
    gives_back = not others and _give_back(register, stays, histories.get(stays, ()))
    if former is None:
        _put_on_list(register, number, "reason.split")
    elif former.status in HOLDING and not gives_back:
        _put_on_list(register, number, "reason.split_without_seat", former)
    else:
        _return_to(register, number, former)


def _before_merger(history: tuple[JournalEntry, ...]) -> State | None:
    """Return the state before an enrolment was merged; None where it never had one."""
    states = [entry.state for entry in history]
    while states and states[-1].status is Status.MERGED:
        states.pop()
    return states[-1] if states else None


def _give_back(register: Register, stays: Number, history: tuple[JournalEntry, ...]) -> bool:
    """Undo what a merger gave the one that stayed; tell whether it held a seat that is free now."""
    entries = list(history)
    joined = False
    while entries and entries[-1].kind in _QUIET:
        joined = joined or entries[-1].kind == "joined"
        entries.pop()
    before = entries[-1].state if entries else None
    now = register.enrolments[stays]
    told = register.events.get(stays, ())
    gone_back = any(event.reason == phrase("reason.split") for event in told)
    if not joined or before is None or gone_back:
        return False
    _return_to(register, stays, before)
    return now.status in HOLDING and before.status not in HOLDING


def _return_to(register: Register, number: Number, former: State) -> None:
    before = register.enrolments[number].status
    ended: dict[str, Any] = {"ended_at": former.ended_at} if former.ended_at else {}
    register.move(
        number,
        former.status,
        by=By.ORGANISER,
        reason=phrase("reason.split"),
        before=before,
        kind="split",
        merged_into=None,
        queued_at=former.queued_at,
        deadline=former.deadline,
        hold=former.hold,
        **ended,
    )


def _put_on_list(
    register: Register, number: Number, code: str, former: State | None = None
) -> None:
    """Let an enrolment wait at its own time; one whose cohort is not known goes to review."""
    enrolment = register.enrolments[number]
    known = enrolment.cohort in register.cohorts
    register.move(
        number,
        Status.WAITING if known else Status.TO_REVIEW,
        by=By.ORGANISER,
        reason=phrase(code),
        before=enrolment.status,
        kind="split",
        merged_into=None,
        queued_at=former.queued_at if former else enrolment.queued_at,
        hold=None,
        deadline=None,
    )
