"""Rule 2: which pairs are worth judging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation.core.identity.scores import surname

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from automation.core.identity.scores import Traits

# A key that so many hold tells nobody from anybody.
_MOST_HOLDERS: Final = 50
# An address or a phone with more different names than a household has is nobody's own.
_HOUSEHOLD: Final = 10


def find_candidates(
    people: Sequence[Traits], fresh: int | None = None
) -> tuple[list[tuple[int, int]], frozenset[str]]:
    """Return the pairs of positions that share a key, each once, and the public values.

    A pair shares an e-mail, a repaired e-mail, a phone, a name and municipality, or a surname,
    municipality and the last four digits of a phone. A key with more than 50 holders is skipped.

    Args:
        people: In any order.
        fresh: How many of them, from the first, are new: one of each pair is. None for all.
    """
    count = len(people) if fresh is None else fresh
    emails = _holders((who.repaired, i) for i, who in enumerate(people) if who.repaired)
    phones = _holders((phone, i) for i, who in enumerate(people) for phone in who.phones)
    public = frozenset(
        value
        for groups in (emails, phones)
        for value, holders in groups.items()
        if len(holders) > _HOUSEHOLD and len({people[i].name for i in holders}) > _HOUSEHOLD
    )
    keys = (
        ((v, h) for groups in (emails, phones) for v, h in groups.items() if v not in public),
        _holders(_name_keys(people)).items(),
        _holders(_surname_keys(people)).items(),
    )
    pairs = {
        pair
        for groups in keys
        for _, holders in groups
        if len(holders) <= _MOST_HOLDERS
        for pair in _pairs(holders, count)
    }
    return sorted(pairs), public


def _holders(keyed: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Return who holds each key that two or more hold, in ascending order."""
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for key, position in keyed:
        holder = first.setdefault(key, position)
        if holder != position:
            shared.setdefault(key, [holder]).append(position)
    return shared


def _name_keys(people: Iterable[Traits]) -> Iterator[tuple[str, int]]:
    for position, who in enumerate(people):
        if who.name and who.municipality:
            yield f"{who.name}\x1f{who.municipality}", position


def _surname_keys(people: Iterable[Traits]) -> Iterator[tuple[str, int]]:
    for position, who in enumerate(people):
        if who.phones and who.municipality and who.name:
            family = surname(who)
            for ending in {phone[-4:] for phone in who.phones}:
                yield f"{ending}{family}\x1f{who.municipality}", position


def _pairs(holders: Sequence[int], fresh: int) -> Iterator[tuple[int, int]]:
    for at, one in enumerate(holders):
        if one >= fresh:
            return
        for other in holders[at + 1 :]:
            yield one, other
