"""What an enrolment shows of its answer, and which answer speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.core.identity import Likeness, likeness
from automation.core.model import (
    Enrolment,
    Handled,
    HandledState,
    Key,
    Number,
    Registration,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from automation.core.enrolment.register import Register


def likeness_of(one: Enrolment | Registration, answer_hash: str = "") -> Likeness:
    """Return what is compared of an answer, or of what an enrolment shows of it."""
    return likeness(one.name, one.email, one.phone, answer_hash)


def told_fields(registration: Registration) -> dict[str, Any]:
    """Return the fields of an enrolment that its answer fills."""
    return {
        "first_name": registration.first_name,
        "last_name": registration.last_name,
        "email": registration.email,
        "phone": registration.phone,
        "municipality": registration.municipality,
        "consent": registration.consent,
        "extra": registration.extra,
    }


def lines_tonight(register: Register) -> Iterator[Handled]:
    """Yield what tonight has done with responses so far."""
    return (line for lines in register.handled.values() for line in lines)


def newest_answers(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> dict[Number, Registration]:
    """Return the latest answer of each enrolment that may be touched and still has one."""
    numbers = {line.key: line.number for line in handled.values() if speaks(line)}
    numbers |= {line.key: line.number for line in lines_tonight(register) if speaks(line)}
    newest = {numbers[r.key]: r for r in registrations if r.key in numbers}
    return {n: r for n, r in newest.items() if _showable(register.enrolments.get(n))}


def speaks(line: Handled) -> bool:
    """Tell whether a response still stands for its enrolment."""
    return line.state is HandledState.ACTED


def _showable(enrolment: Enrolment | None) -> bool:
    return not (enrolment is None or enrolment.frozen or enrolment.status is Status.ERASED)
