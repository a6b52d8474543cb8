"""Which pairs to show an organiser, once, when newcomers join those who are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.candidates import find_candidates, index_people
from automation.core.identity.looks import columns_of, find_concerned
from automation.core.identity.scores import SHOWN, judge, linkable
from automation.core.identity.traits import compare_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.identity.looks import Person
    from automation.core.model import Phrase


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

    Only those known who may share a key with a newcomer are compared in full. All those who hold
    a newcomer's key are among them, so that how many hold it is exact.
    """
    if not newcomers:
        return []
    everyone = find_concerned(newcomers, known)
    people = compare_people(*columns_of(everyone))
    index = index_people(people)
    found: dict[tuple[int, int], Pair] = {}
    for first, second in find_candidates(
        people, index, persons=range(len(people)), fresh=len(newcomers)
    ):
        one, other = people[first], people[second]
        judged = None if linkable(one, other) else judge(one, other, index.public)
        if judged is not None and judged.score >= SHOWN:
            a, b = sorted((everyone[first].id, everyone[second].id))
            found[a, b] = Pair(a, b, *judged)
    return [found[pair] for pair in sorted(found)]
