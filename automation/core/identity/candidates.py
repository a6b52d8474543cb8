"""Rule 2: which pairs are worth judging."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from automation.core.identity.names import SUFFIXES, take_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from automation.core.identity.traits import People

# A key that so many hold tells nobody from anybody.
_MOST_HOLDERS: Final = 50
# An address or a phone with more different names than a household has is nobody's own.
_HOUSEHOLD: Final = 10


class Index(NamedTuple):
    """Who shares what: each key that two or more hold, with their positions, ascending.

    Attributes:
        names: By name and municipality.
        families: By surname, municipality and the last four digits of a phone.
        public: Addresses and phones that more than ten different names share: no key.
    """

    emails: Mapping[str, Sequence[int]]
    phones: Mapping[str, Sequence[int]]
    names: Mapping[str, Sequence[int]]
    families: Mapping[str, Sequence[int]]
    public: frozenset[str]


def index_people(people: People) -> Index:
    """Return who shares which keys."""
    emails = _holders((email, i) for i, email in enumerate(people.repaired) if email)
    phones = _holders((phone, i) for i, phones in enumerate(people.phones) for phone in phones)
    public = frozenset(
        value
        for groups in (emails, phones)
        for value, holders in groups.items()
        if len(holders) > _HOUSEHOLD and len({people.names[i] for i in holders}) > _HOUSEHOLD
    )
    return Index(
        emails, phones, _holders(_name_keys(people)), _holders(_family_keys(people)), public
    )


def _holders(keyed: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for key, position in keyed:
        holder = first.setdefault(key, position)
        if holder != position:
            if key in shared:
                shared[key].append(position)
            else:
                shared[key] = [holder, position]
    return shared


def _name_keys(people: People) -> Iterator[tuple[str, int]]:
    bearers = Counter(people.names)
    for position, (name, place) in enumerate(zip(people.names, people.municipalities, strict=True)):
        if place and name and bearers[name] > 1:
            yield _name_key(name, place), position


def _name_key(name: str, place: str) -> str:
    return f"{name}\x1f{place}"


def _family_keys(people: People) -> Iterator[tuple[str, int]]:
    columns = zip(people.words, people.municipalities, people.phones, strict=True)
    for position, (words, place, phones) in enumerate(columns):
        if phones and place and words:
            surname = words.rpartition(" ")[2]
            if surname in SUFFIXES:
                surname = take_apart(words).surname
            for ending in {phone[-4:] for phone in phones}:
                yield f"{ending}{surname}\x1f{place}", position


def find_candidates(
    people: People, index: Index, fresh: int | None = None
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of positions that share a key, the lower first.

    A pair shares an e-mail, a repaired e-mail, a phone, a name and municipality, or a surname,
    municipality and the last four digits of a phone; it comes under the first of these, and twice
    where it shares two phones. A key with more than 50 holders is skipped.

    Args:
        fresh: How many of the people, from the first, are new: one of each pair is. None for all.
    """
    count = len(people) if fresh is None else fresh
    emails, phones, names, families = (
        {k: h for k, h in groups.items() if len(h) <= _MOST_HOLDERS and k not in index.public}
        for groups in index[:4]
    )

    def same_email(a: int, b: int) -> bool:
        return people.repaired[a] == people.repaired[b] and people.repaired[a] in emails

    def same_phone(a: int, b: int) -> bool:
        return any(number in people.phones[b] and number in phones for number in people.phones[a])

    def same_name(a: int, b: int) -> bool:
        if people.names[a] != people.names[b]:
            return False
        return _name_key(people.names[a], people.municipalities[b]) in names

    yield from _pairs(emails, count)
    yield from _pairs(phones, count, same_email)
    yield from _pairs(names, count, same_email, same_phone)
    yield from _pairs(families, count, same_email, same_phone, same_name)


def _pairs(
    groups: Mapping[str, Sequence[int]], fresh: int, *earlier: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs within each group that share none of the earlier keys."""
    for holders in groups.values():
        for at, one in enumerate(holders):
            if one >= fresh:
                break
            for other in holders[at + 1 :]:
                if not any(shared(one, other) for shared in earlier):
                    yield one, other
