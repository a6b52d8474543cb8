"""Rule 2: which pairs are worth judging."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from automation.core.identity.names import SUFFIXES, take_apart
from automation.core.identity.scores import namesake_key

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
    emails = _holders(people.repaired)
    phones = _holders(*_spread(people.phones))
    public = frozenset(
        value
        for groups in (emails, phones)
        for value, holders in groups.items()
        if len(holders) > _HOUSEHOLD and len({people.names[i] for i in holders}) > _HOUSEHOLD
    )
    names, families = _holders(_name_keys(people)), _holders(*_spread(_family_keys(people)))
    return Index(emails, phones, names, families, public)


def _holders(keys: Sequence[str], owners: Sequence[int] = ()) -> dict[str, list[int]]:
    """Return who holds each key that two or more hold, "" being none.

    Args:
        owners: Positions of those who hold the keys, ascending; each key's own position for ().
    """
    owners = owners or range(len(keys))
    first = dict(zip(reversed(keys), reversed(owners), strict=True))
    shared: dict[str, list[int]] = {}
    for key, owner in zip(keys, owners, strict=True):
        holder = first[key]
        if holder != owner and key:
            if key in shared:
                shared[key].append(owner)
            else:
                shared[key] = [holder, owner]
    return shared


def _spread(keys: Iterable[Sequence[str]]) -> tuple[list[str], list[int]]:
    """Return keys of which a person may have several, and whose each is."""
    keyed = [(key, owner) for owner, several in enumerate(keys) for key in several]
    return [key for key, _ in keyed], [owner for _, owner in keyed]


def _name_keys(people: People) -> list[str]:
    bearers = Counter(people.names)
    return [
        namesake_key(name, place) if place and name and bearers[name] > 1 else ""
        for name, place in zip(people.names, people.municipalities, strict=True)
    ]


def _family_keys(people: People) -> Iterator[Sequence[str]]:
    columns = zip(people.words, people.municipalities, people.phones, strict=True)
    for words, place, phones in columns:
        if not (phones and place and words):
            yield ()
            continue
        surname = words.rpartition(" ")[2]
        if surname in SUFFIXES:
            surname = take_apart(words).surname
        if len(phones) == 1:
            yield (f"{phones[0][-4:]}{surname}\x1f{place}",)
        else:
            yield tuple({f"{phone[-4:]}{surname}\x1f{place}" for phone in phones})


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
        return namesake_key(people.names[a], people.municipalities[b]) in names

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
