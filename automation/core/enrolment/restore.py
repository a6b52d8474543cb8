"""Rows that can't be taken at their word: put right from the journal and the answer.

The register and the journal tell the same of every enrolment, each line of the journal being one
step further. A row whose cells were torn apart, that is gone, or that is behind the journal is
restored from it; where the journal is behind, because lines of it were lost, it is told again.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.enrolment.answers import lines_tonight, speaks, told_fields
from automation.core.enrolment.erasing import blank_fields
from automation.core.model import STATE_FIELDS, By, Damage, Enrolment, Number, Status, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.model import Handled, Key, Registration

_tell = attrgetter(*STATE_FIELDS)
_MENDABLE = frozenset({Damage.TORN, Damage.LOST})


def restore_rows(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Put right what can be, before anything is decided.

    A row that is gone comes back whatever is left of its answer. One that is torn needs its
    answer too, since nothing else tells whose contacts its cells show; without it, it stays as it
    is. What organisers asked for on such a row may have been meant for another: it does not act.
    """
    damaged = [e for e in register.enrolments.values() if e.damage in _MENDABLE]
    answers = _answers_of(register, registrations, handled) if damaged else {}
    for enrolment in damaged:
        theirs = answers.get(enrolment.number, [])
        knows_whose = bool(theirs) or enrolment.damage is Damage.LOST or _is_erased(enrolment)
        if enrolment.number in register.journal and knows_whose:
            _restore(register, enrolment, theirs)


def complete_journal(register: Register) -> None:
    """Tell again of the rows that the journal is behind, or says otherwise of."""
    for enrolment in list(register.movable()):
        entry = register.journal.get(enrolment.number)
        told = _tell(entry.state) if entry else None
        if told != _tell(enrolment) and enrolment.number not in register.events:
            reason = phrase("reason.recorded")
            before = entry.state.status if entry else None
            register.tell(enrolment.number, "recorded", by=By.COHORTE, reason=reason, before=before)


def _is_erased(enrolment: Enrolment) -> bool:
    return enrolment.status is Status.ERASED


def _answers_of(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> dict[Number, list[Registration]]:
    """Return the answers that stand for each enrolment, the newest last."""
    lines = (*handled.values(), *lines_tonight(register))
    numbers = {line.key: line.number for line in lines if speaks(line)}
    answers: dict[Number, list[Registration]] = {}
    for registration in registrations:
        if registration.key in numbers:
            answers.setdefault(numbers[registration.key], []).append(registration)
    return answers


def _restore(register: Register, enrolment: Enrolment, answers: Sequence[Registration]) -> None:
    """Write a row anew; its status is the journal's already.

    Whoever came back registered when they first did, and is known by what they said last.
    """
    entry = register.journal[enrolment.number]
    state = entry.state
    told = told_fields(answers[-1]) if answers else {}
    if _is_erased(enrolment):
        told = blank_fields(enrolment)
    submitted = (answer.submitted_at for answer in answers)
    register.enrolments[enrolment.number] = replace(
        enrolment,
        **told,
        registered_at=min(filter(None, (*submitted, state.queued_at)), default=None),
        reason=entry.reason,
        rank=None,
        alerts="",
        decision_seen=enrolment.decision,
        call_seen=enrolment.called_at,
        damage=None,
    )
    reason = phrase("reason.restored")
    register.tell(enrolment.number, "restored", by=By.COHORTE, reason=reason, before=state.status)
