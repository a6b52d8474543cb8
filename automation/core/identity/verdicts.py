"""Rule 5: what organisers decided of pairs, and what follows from it for everybody."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Verdict(NamedTuple):
    """A decision on a pair, in either order; the latest of a pair holds."""

    a: Any
    b: Any
    same: bool


class Contradiction(Struct, frozen=True, kw_only=True):
    """Two who were said to be different people, and whom other decisions make one.

    Attributes:
        a: The older one.
        b: The younger one.
        chain: From a to b; each was said to be the same person as the next.
    """

    a: Any
    b: Any
    chain: tuple[Any, ...]


class Links(Struct):
    """Who is one person, known by their oldest, and who must stay apart.

    Each id is a person of its own until it is linked.
    """

    _parents: dict[Any, Any] = field(default_factory=dict)  # the oldest of a person is its own
    _apart: dict[Any, set[Any]] = field(default_factory=dict)

    def find(self, one: Any) -> Any:
        """Return the oldest id of the person."""
        parents = self._parents
        while (parent := parents.get(one, one)) != one:
            parents[one] = one = parents.get(parent, parent)
        return one

    def knows(self, one: Any) -> bool:
        """Tell whether an id has been linked to another."""
        return one in self._parents

    def may_link(self, one: Any, other: Any) -> bool:
        """Tell whether no decision keeps the two persons apart."""
        return not self._apart or self.find(one) not in self._apart.get(self.find(other), ())

    def link(self, one: Any, other: Any) -> None:
        """Make two persons one; call it only where `may_link` allows."""
        older, younger = sorted((self.find(one), self.find(other)))
        if older == younger:
            return
        self._parents[younger] = self._parents[older] = older
        for apart in self._apart.pop(younger, ()):
            self._apart[apart].discard(younger)
            self.keep_apart(older, apart)

    def keep_apart(self, one: Any, other: Any) -> None:
        """Never let two persons become one."""
        first, second = self.find(one), self.find(other)
        self._apart.setdefault(first, set()).add(second)
        self._apart.setdefault(second, set()).add(first)


class Settled(NamedTuple):
    """What the decisions amount to.

    Attributes:
        contradictions: In order of (a, b).
        disputed: Each id whose decisions are in contradiction, with the oldest of those concerned.
    """

    links: Links
    contradictions: tuple[Contradiction, ...]
    disputed: Mapping[Any, Any]


def settle(verdicts: Iterable[tuple[Any, Any, bool]]) -> Settled:
    """Return who must be one person and who must not, whatever the order of other pairs.

    Args:
        verdicts: Oldest first; the latest of a pair holds. Where some of them contradict one
            another, no "same" acts among all those whom it would join, and every "different" does.
    """
    latest = {(min(a, b), max(a, b)): same for a, b, same in verdicts}
    joined = [pair for pair, same in latest.items() if same]
    parted = sorted(pair for pair, same in latest.items() if not same)
    would_be = Links()
    for a, b in joined:
        would_be.link(a, b)
    clashes = [(a, b) for a, b in parted if would_be.find(a) == would_be.find(b)]
    disputed = {would_be.find(a) for a, _ in clashes}
    links = Links()
    for a, b in joined:
        if would_be.find(a) not in disputed:
            links.link(a, b)
    for a, b in parted:
        if a != b:
            links.keep_apart(a, b)
    return Settled(
        links,
        tuple(Contradiction(a=a, b=b, chain=_find_chain(joined, a, b)) for a, b in clashes),
        {
            one: would_be.find(one)
            for pair in (*joined, *parted)
            for one in pair
            if would_be.find(one) in disputed
        },
    )


def _find_chain(joined: Sequence[tuple[Any, Any]], start: Any, end: Any) -> tuple[Any, ...]:
    """Return the shortest way from one id to another, of those the one through the oldest."""
    nexts: dict[Any, set[Any]] = {}
    for a, b in joined:
        nexts.setdefault(a, set()).add(b)
        nexts.setdefault(b, set()).add(a)
    ways: deque[tuple[Any, ...]] = deque([(start,)])
    seen = {start}
    while ways and ways[0][-1] != end:
        way = ways.popleft()
        for further in sorted(nexts.get(way[-1], set()) - seen):
            seen.add(further)
            ways.append((*way, further))
    return ways[0] if ways else ()
