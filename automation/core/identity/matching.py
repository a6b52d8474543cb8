"""Who is whom among many registrations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.core.identity.certain import Directory, Likeness, likeness

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A pair that may be one person, for an organiser to settle.

    Attributes:
        score: Likeness out of 100.
        reason: Why, in words.
    """

    a: Any
    b: Any
    score: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Who is whom.

    Attributes:
        clusters: Ids of one person each, two or more in each, in order of their oldest.
        suggestions: Pairs for an organiser; no pair is both.
    """

    clusters: tuple[frozenset[Any], ...]
    suggestions: tuple[Suggestion, ...] = ()


def match_registrations(registrations: Iterable[Any]) -> Matches:
    """Return the registrations that are surely one person's.

    Args:
        registrations: Mappings or objects with id, name, email and phone, in any order; ids are
            unique and sort by age, oldest first.
    """
    directory = Directory()
    clusters: defaultdict[Any, set[Any]] = defaultdict(set)
    oldest_first = sorted(_identified(registrations), key=lambda pair: pair[0])
    for age, (identifier, who) in enumerate(oldest_first):
        found = directory.find(who)
        person = identifier if found is None else found
        directory.put(age, person, who)
        clusters[person].add(identifier)
    return Matches(clusters=tuple(frozenset(ids) for ids in clusters.values() if len(ids) > 1))


def _identified(registrations: Iterable[Any]) -> Iterable[tuple[Any, Likeness]]:
    for registration in registrations:
        get = registration.get if isinstance(registration, Mapping) else _getter(registration)
        yield get("id"), likeness(get("name") or "", get("email") or "", get("phone") or "")


def _getter(registration: object) -> Any:
    return lambda name: getattr(registration, name, None)
