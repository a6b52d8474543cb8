"""Rule 2: which pairs are worth judging."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from automation.core.identity.names import SUFFIXES, take_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from automation.core.identity.traits import People

# A key that so many hold tells nobody from anybody.
_MOST_HOLDERS: Final = 50
# An address or a phone with more different names than a household has is nobody's own.
_HOUSEHOLD: Final = 10

Holders = dict[str, list[int]]


class Index(NamedTuple):
    """Who shares what: each key that two or more hold, with their positions, ascending.

    Attributes:
        names: By name and municipality.
        families: By surname, municipality and the last four digits of a phone.
        public: Addresses and phones that more than ten different names share: no key.
    """

    emails: Holders
    phones: Holders
    names: Holders
    families: Holders
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
    return Index(
        emails=emails,
        phones=phones,
        names=_holders(_name_keys(people)),
        families=_holders(*_spread(_family_keys(people))),
        public=public,
    )


def _holders(keys: Sequence[str], owners: Sequence[int] = ()) -> Holders:
    """Return who holds each key that two or more hold, "" being none.

    Args:
        owners: Positions of those who hold the keys, ascending; each key's own position for ().
    """
    shared: Holders = {key: [] for key, times in Counter(keys).items() if times > 1 and key}
    for owner, key in zip(owners, keys, strict=True) if owners else enumerate(keys):
        if key in shared:
            shared[key].append(owner)
    return shared


def _spread(keys: Sequence[Sequence[str]]) -> tuple[list[str], list[int]]:
    """Return keys of which a person may have several, and whose each is."""
    return (
        [key for several in keys for key in several],
        [owner for owner, several in enumerate(keys) for _ in several],
    )


def _name_keys(people: People) -> list[str]:
    return [
        _name_key(name, place) if name and place else ""
        for name, place in zip(people.names, people.municipalities, strict=True)
    ]


def _name_key(name: str, municipality: str) -> str:
    return f"{name}\x1f{municipality}"


def _family_keys(people: People) -> list[Sequence[str]]:
    columns = zip(people.words, people.municipalities, people.phones, strict=True)
    found: list[Sequence[str]] = []
    for words, place, phones in columns:
        if not (phones and place and words):
            found.append(())
            continue
        family = f"{_surname(words)}\x1f{place}"
        if len(phones) == 1:
            found.append((phones[0][-4:] + family,))
        else:
            found.append(tuple({phone[-4:] + family for phone in phones}))
    return found


def _surname(words: str) -> str:
    last = words.rpartition(" ")[2]
    return take_apart(words).surname if last in SUFFIXES else last


def find_candidates(
    people: People,
    index: Index,
    *,
    persons: Sequence[Any],
    fresh: int,
    echoes: Collection[int] = frozenset(),
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of positions that share a key and are not one person yet, the lower first.

    A pair shares an e-mail, a repaired e-mail, a phone, a name and municipality, or a surname,
    municipality and the last four digits of a phone; it comes under the first of these, and twice
    where it shares two phones. A key with more than 50 holders is skipped.

    Args:
        persons: Whose each position is, as far as is known.
        fresh: How many of the people, from the first, are new: one of each pair is.
        echoes: Positions to leave out, of those who only tell what an older one of theirs told.
    """
    emails, phones, names, families = (
        {
            key: [one for one in holders if one not in echoes]
            for key, holders in groups.items()
            if len(holders) <= _MOST_HOLDERS and key not in index.public
        }
        for groups in index[:4]
    )

    def share_email(a: int, b: int) -> bool:
        return people.repaired[a] == people.repaired[b] and people.repaired[a] in emails

    def share_phone(a: int, b: int) -> bool:
        return any(number in people.phones[b] and number in phones for number in people.phones[a])

    def share_name(a: int, b: int) -> bool:
        name = people.names[a]
        return name == people.names[b] and _name_key(name, people.municipalities[a]) in names

    share = (share_email, share_phone, share_name)
    for rank, groups in enumerate((emails, phones, names, families)):
        for a, b in _pairs(groups, persons, fresh):
            if not any(share_earlier(a, b) for share_earlier in share[:rank]):
                yield a, b


def _pairs(
    groups: Mapping[str, Sequence[int]], persons: Sequence[Any], fresh: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs within each group that are not one person yet, one of each being new."""
    for holders in groups.values():
        for at, one in enumerate(holders):
            if one >= fresh:
                break
            for other in holders[at + 1 :]:
                if persons[one] != persons[other]:
                    yield one, other
