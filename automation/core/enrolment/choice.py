"""Which cohort an answer is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import locale
from automation.core.enrolment.answers import newest_answers
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Handled,
    Key,
    Phrase,
    Registration,
    phrase,
)
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.model import Cohort
    from automation.core.rules import FieldMap


def choose_cohort(
    cohorts: Mapping[str, Cohort], registration: Registration, fields: FieldMap
) -> tuple[str, Phrase | None]:
    """Return the code of the cohort that an answer is for, or "" and why that is not known."""
    if fields.cohort is not None and registration.cohort_choice:
        codes = _named_cohorts(cohorts.values(), registration.cohort_choice)
        doubt = phrase("review.unknown_cohort")
    elif registration.submitted_at is None:
        codes, doubt = [], phrase("review.undated")
    else:
        codes = [c.code for c in cohorts.values() if c.admits(registration.submitted_at)]
        doubt = phrase("review.several_open" if codes else "review.none_open")
    return (codes[0], None) if len(codes) == 1 else ("", doubt)


def _named_cohorts(cohorts: Collection[Cohort], choice: str) -> list[str]:
    """Return the codes of the cohorts that an answer names: exactly, else by a word of it."""
    wanted = fold(choice)
    exact = [c.code for c in cohorts if wanted in {fold(c.code), fold(c.name)} - {""}]
    if exact:
        return exact
    words = f" {wanted} "
    return [
        c.code
        for c in cohorts
        if any(name and f" {name} " in words for name in (fold(c.code), fold(c.name)))
    ]


def compare_cohorts(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Learn a cohort that was not known; say where an answer now asks for another one."""
    for number, registration in newest_answers(register, registrations, handled).items():
        if register.enrolments[number].status in LIVE:
            _compare_cohort(register, register.enrolments[number], registration)


def _compare_cohort(register: Register, enrolment: Enrolment, registration: Registration) -> None:
    """An answer that now asks for another cohort moves nobody by itself."""
    fields = register.rules.fields
    asked, doubt = choose_cohort(register.cohorts, registration, fields)
    if doubt is not None:
        if fields.cohort and registration.cohort_choice and enrolment.cohort in register.cohorts:
            register.alerts[enrolment.number].append(phrase("alert.unknown_cohort"))
        return
    if asked == enrolment.cohort:
        return
    if not enrolment.cohort and not register.live_elsewhere(enrolment, asked):
        _learn_cohort(register, enrolment, asked)
    elif register.rules.fields.cohort and registration.cohort_choice:
        register.alerts[enrolment.number].append(phrase("alert.other_cohort", cohort=asked))


def _learn_cohort(register: Register, enrolment: Enrolment, cohort: str) -> None:
    reason = phrase("reason.cohort_known", cohort=cohort)
    register.change(
        enrolment.number, cohort=cohort, reason=locale.say(register.rules.language, reason)
    )
    register.tell(enrolment.number, "edited", by=By.COHORTE, reason=reason, before=enrolment.status)
