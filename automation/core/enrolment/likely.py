"""Likely duplicates: who may be somebody that is known, for the organisers to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from automation import locale
from automation.core.enrolment.verdicts import in_the_way
from automation.core.identity import Person, suggest_pairs
from automation.core.model import By, Number, Pairing, PairKey, Status, Verdict, phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.identity import Pair
    from automation.core.model import Enrolment, Phrase, Registration


class Likely(Struct):
    """The likely pairs of tonight's answers.

    An answer has no number yet when pairs are judged: until `name` gives it one, it goes by a
    number above all those in use, in the order of the answers.

    Attributes:
        pairs: Each answer's, by its provisional number.
    """

    first: int
    pairs: dict[int, list[Pair]] = field(default_factory=dict)
    names: dict[int, Number] = field(default_factory=dict)

    def name(self, index: int, number: Number) -> None:
        """Say which enrolment an answer led to."""
        self.names[self.first + index] = number

    def of_answer(self, register: Register, index: int) -> list[tuple[Number, Pair]]:
        """Return whom an answer resembles: known enrolments, and those of earlier answers."""
        found: list[tuple[Number, Pair]] = []
        for pair in self.pairs.get(self.first + index, ()):
            number = self.names.get(pair.a, Number(pair.a))
            stays = register.stays(number)
            if stays is not None:
                found.append((stays.number, pair))
        return found


def find_likely(register: Register, answers: Sequence[Registration]) -> Likely:
    """Judge tonight's answers against all that is known, and each other."""
    likely = Likely(first=register.highest_number + 1)
    if not answers:
        return likely
    newcomers = [
        Person(likely.first + index, r.name, r.email, r.phone, r.municipality)
        for index, r in enumerate(answers)
    ]
    known = (_person(e) for e in register.enrolments.values() if _comparable(e))
    for pair in suggest_pairs(newcomers, known):
        likely.pairs.setdefault(pair.b, []).append(pair)
    return likely


def suggest_edited(register: Register, numbers: Collection[Number]) -> None:
    """Judge those whose answer was edited tonight against all the others."""
    edited = [_person(register.enrolments[n]) for n in sorted(numbers) if n in register.enrolments]
    if not edited:
        return
    known = (
        _person(e)
        for e in register.enrolments.values()
        if _comparable(e) and e.number not in numbers
    )
    for pair in suggest_pairs(edited, known):
        one, other = register.stays(Number(pair.a)), register.stays(Number(pair.b))
        if one is not None and other is not None:
            suggest(register, one.number, other.number, pair)


def suggest(register: Register, one: Number, other: Number, pair: Pair) -> None:
    """Ask about a pair, once."""
    key: PairKey = (min(one, other), max(one, other))
    if one == other or key in register.pairings:
        return
    if register.enrolments[one].person == register.enrolments[other].person:
        return
    reason = ", ".join(locale.say(register.rules.language, fact) for fact in pair.facts)
    pairing = Pairing(a=key[0], b=key[1], score=pair.score, reason=reason)
    register.settle(pairing, "suggested", by=By.COHORTE, reason=reason)


def doubt(register: Register, enrolment: Enrolment, others: Sequence[Number]) -> Phrase | None:
    """Return why a new enrolment must wait for a verdict, if it must."""
    for number in others:
        key = (min(number, enrolment.number), max(number, enrolment.number))
        known = register.pairings.get(key)
        if known is not None and known.verdict is Verdict.DIFFERENT:
            continue
        if in_the_way(register, enrolment, number):
            return phrase("review.likely_duplicate", number=number)
    return None


def _comparable(enrolment: Enrolment) -> bool:
    return not enrolment.frozen and enrolment.status is not Status.ERASED


def _person(enrolment: Enrolment) -> Person:
    return Person(
        enrolment.number,
        enrolment.name,
        enrolment.email,
        enrolment.phone,
        enrolment.municipality,
    )
