"""What an enrolment shows of its answer, and which answer speaks for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from automation.core.identity import Likeness, likeness, phone_keys, valid_email
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    found = answers_of(register, registrations, handled)
    return {number: answers[-1][1] for number, answers in found.items()}


def answers_of(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> dict[Number, list[tuple[Number, Registration]]]:
    """Return the answers that speak for each enrolment that may be touched, the latest last.

    Those of enrolments that became it are among them, each with the number that it led to; the
    enrolments that became another show their own.
    """
    numbers = {line.key: line.number for line in handled.values() if speaks(line)}
    numbers |= {line.key: line.number for line in lines_tonight(register) if speaks(line)}
    found: defaultdict[Number, list[tuple[Number, Registration]]] = defaultdict(list)
    for registration in registrations:
        number = numbers.get(registration.key)
        if number is not None:
            found[number].append((number, registration))
            stays = register.stays(number)
            if stays is not None and stays.number != number:
                found[stays.number].append((number, registration))
    return {n: answers for n, answers in found.items() if _showable(register.enrolments.get(n))}


def shown_fields(number: Number, answers: Sequence[tuple[Number, Registration]]) -> dict[str, Any]:
    """Return what an enrolment shows of its answers: the newest, with the newest usable contacts.

    The name is that of its own newest answer, since those of the enrolments that became it may have
    been written otherwise.

    Args:
        answers: With the number that each led to, the latest last.
    """
    every = [registration for _, registration in answers]
    if len(every) == 1:
        return told_fields(every[0])
    own = [registration for source, registration in answers if source == number]
    emails = [r.email for r in reversed(every) if valid_email(r.email)]
    phones = [r.phone for r in reversed(every) if phone_keys(r.phone)]
    return {
        **told_fields(own[-1] if own else every[-1]),
        "email": next(iter(emails), every[-1].email),
        "phone": next(iter(phones), every[-1].phone),
    }


def speaks(line: Handled) -> bool:
    """Tell whether a response still stands for its enrolment."""
    return line.state is HandledState.ACTED


def _showable(enrolment: Enrolment | None) -> bool:
    return not (enrolment is None or enrolment.frozen or enrolment.status is Status.ERASED)
