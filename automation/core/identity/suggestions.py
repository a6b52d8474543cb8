"""Which pairs to show an organiser, once, when newcomers join those who are known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.candidates import find_candidates
from automation.core.identity.scores import SHOWN, World, judge, linkable, traits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.model import Phrase


class Person(NamedTuple):
    """What is compared of somebody: raw text, as written; "" where nothing was."""

    id: int
    name: str
    email: str
    phone: str
    municipality: str


class Pair(NamedTuple):
    """Two who may be one person, for an organiser to settle.

    Attributes:
        a: The lower id.
        b: The higher id.
        score: Likeness out of 100.
        facts: Why, most telling first: for `automation.locale.say`, joined with ", ".
    """

    a: int
    b: int
    score: int
    facts: tuple[Phrase, ...]


def suggest_pairs(newcomers: Sequence[Person], known: Iterable[Person]) -> list[Pair]:
    """Return the pairs that an organiser should see, in order of (a, b).

    Each is of a newcomer with somebody known or with another newcomer; it scores 80 or more, and
    the exact keys of rule 1 do not make it one person already. Two known people are never judged.
    """
    there = list(known)
    people = [traits_of(*person[1:]) for person in (*newcomers, *there)]
    ids = [person.id for person in (*newcomers, *there)]
    candidates, public = find_candidates(people, len(newcomers))
    world = World(Counter(who.name for who in people), public)
    found = []
    for one, other in candidates:
        if linkable(people[one], people[other]):
            continue
        judged = judge(people[one], people[other], world)
        if judged is not None and judged.score >= SHOWN:
            a, b = sorted((ids[one], ids[other]))
            found.append(Pair(a, b, judged.score, judged.facts))
    return sorted(found, key=lambda pair: (pair.a, pair.b))
