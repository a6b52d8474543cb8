"""Which cohort an answer is for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

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


_ADDED: Final = re.compile(r"(?P<bare>.*\S)\s*\((?P<added>[^()]*)\)\s*", re.DOTALL)


def choose_cohort(register: Register, registration: Registration) -> tuple[str, Phrase | None]:
    """Return the code of the cohort that an answer is for, or "" and why that is not known."""
    cohorts, choice = register.cohorts.values(), registration.cohort_choice
    if register.rules.fields.cohort is not None and choice:
        # Thousands of people choose among a few options.
        if choice not in register.named:
            register.named[choice] = name_cohorts(cohorts, choice)
        codes = register.named[choice]
        doubt = phrase("review.unknown_cohort")
    elif registration.submitted_at is None:
        codes, doubt = [], phrase("review.undated")
    else:
        codes = [c.code for c in cohorts if c.admits(registration.submitted_at)]
        doubt = phrase("review.several_open" if codes else "review.none_open")
    return (codes[0], None) if len(codes) == 1 else ("", doubt)


def name_cohorts(cohorts: Collection[Cohort], choice: str) -> list[str]:
    """Return the codes of the cohorts that an answer names: exactly, else by a word of it.

    What Cohorte adds to an option of the form, that the cohort is full, is no part of its name.
    """
    for wanted in dict.fromkeys((fold(choice), fold(bare_option(choice)))):
        exact = [c.code for c in cohorts if wanted in {fold(c.code), fold(c.name)} - {""}]
        if exact:
            return exact
    words = f" {fold(bare_option(choice))} "
    return [
        c.code
        for c in cohorts
        if any(name and f" {name} " in words for name in (fold(c.code), fold(c.name)))
    ]


def bare_option(option: str) -> str:
    """Return an option of the form without what Cohorte says in brackets at its end."""
    found = _ADDED.fullmatch(option)
    return found["bare"] if found and fold(found["added"]) in _added_words() else option


@cache
def _added_words() -> frozenset[str]:
    languages = locale.CATALOGUES
    return frozenset(
        fold(words)
        for language in languages
        for words in locale.labels("form_option", language).values()
    )


def learn_cohorts(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Learn the cohorts that were not known when their answers came."""
    for number, registration in newest_answers(register, registrations, handled).items():
        enrolment = register.enrolments[number]
        if enrolment.status not in LIVE or enrolment.cohort:
            continue
        asked, doubt = choose_cohort(register, registration)
        if doubt is None and not register.live_elsewhere(enrolment, asked):
            _learn_cohort(register, enrolment, asked)


def flag_other_cohorts(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Say where an answer now asks for another cohort: that moves nobody by itself.

    Once all of tonight's answers have found their enrolments, so that the newest one speaks.
    """
    fields = register.rules.fields
    if fields.cohort is None:
        return
    for number, registration in newest_answers(register, registrations, handled).items():
        enrolment = register.enrolments[number]
        if enrolment.status not in LIVE or not registration.cohort_choice:
            continue
        asked, doubt = choose_cohort(register, registration)
        if doubt is not None and enrolment.cohort in register.cohorts:
            register.alerts[number].append(phrase("alert.unknown_cohort"))
        elif doubt is None and asked != enrolment.cohort:
            register.alerts[number].append(phrase("alert.other_cohort", cohort=asked))


def _learn_cohort(register: Register, enrolment: Enrolment, cohort: str) -> None:
    reason = phrase("reason.cohort_known", cohort=cohort)
    register.change(
        enrolment.number, cohort=cohort, reason=locale.say(register.rules.language, reason)
    )
    register.tell(enrolment.number, "edited", by=By.COHORTE, reason=reason, before=enrolment.status)
