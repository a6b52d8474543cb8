"""Whom somebody means: an enrolment by its number, an address or a name; a cohort by its code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.core.identity import email_key
from automation.core.model import Status
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Cohort, Enrolment

_NUMBER = re.compile(r"(?:n|no|num|numero|number)? ?(\d{1,9})")  # folded: "n° 15" is "n 15"


def find_enrolments(enrolments: Iterable[Enrolment], who: str) -> tuple[Enrolment, ...]:
    """Return those whom a text may mean, by number.

    A number means that very enrolment, merged or not; an address those with the same mailbox; a
    name those who have it whole or, failing that, with a word that begins like each of its words.
    Merged enrolments make way for the one that stays, where that is meant too.
    """
    everyone = sorted(enrolments, key=lambda enrolment: enrolment.number)
    numbered = _NUMBER.fullmatch(fold(who))
    if numbered:
        return tuple(e for e in everyone if e.number == int(numbered[1]))
    if "@" in who:
        mailbox = email_key(who)
        found = [e for e in everyone if mailbox and email_key(e.email) == mailbox]
    else:
        found = _named(everyone, fold(who))
    numbers = {e.number for e in found}
    return tuple(e for e in found if e.status is not Status.MERGED or e.merged_into not in numbers)


def _named(enrolments: Iterable[Enrolment], wanted: str) -> list[Enrolment]:
    """Return those of a name, folded; the exact ones alone where there are any."""
    if not wanted:
        return []
    names = [(enrolment, fold(enrolment.name)) for enrolment in enrolments]
    exact = [e for e, name in names if sorted(name.split()) == sorted(wanted.split())]
    return exact or [e for e, name in names if _begins(name, wanted)]


def _begins(name: str, wanted: str) -> bool:
    """Tell whether each wanted word begins a word of the name."""
    return all(f" {word}" in f" {name}" for word in wanted.split())


def find_cohort(cohorts: Iterable[Cohort], code: str) -> Cohort | None:
    """Return the cohort of a code, compared folded; None where there is none."""
    return next((cohort for cohort in cohorts if fold(cohort.code) == fold(code)), None)
