"""Who is whom among many registrations: certainties, suggestions, and decisions above both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from automation.core.identity.candidates import find_candidates
from automation.core.identity.scores import SHOWN, Traits, World, judge, traits_of
from automation.core.identity.verdicts import Contradiction, Links, Settled, settle
from automation.locale import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from automation.core.identity.scores import Judgement
    from automation.core.model import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A pair that may be one person, for an organiser to settle.

    Attributes:
        a: The older one.
        b: The younger one.
        score: Likeness out of 100.
        reason: Why, in words.
    """

    a: Any
    b: Any
    score: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Two people of clearly different names on one address or phone: nothing to settle.

    Attributes:
        a: The older one.
        b: The younger one.
        reason: What they share, in words.
    """

    a: Any
    b: Any
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Who is whom.

    Attributes:
        clusters: Ids of one person each, two or more in each, in order of their oldest, which is
            the person's identity.
        suggestions: Pairs for an organiser, the likeliest of each two persons, in order of
            (a, b); no pair is both merged and suggested.
        contradictions: Decisions that cannot all hold, in order of (a, b).
        households: Pairs that share an address or a phone and are no suggestion, likewise.
    """

    clusters: tuple[frozenset[Any], ...]
    suggestions: tuple[Suggestion, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    households: tuple[Household, ...] = ()


def match_registrations(
    registrations: Iterable[Any],
    verdicts: Iterable[tuple[Any, Any, bool]] = (),
    *,
    language: str = "fr",
) -> Matches:
    """Return the registrations that are surely one person's, and those that may be.

    Surely: an equal name and e-mail, as they are compared, and phones that do not clash; or what
    organisers decided, which goes above everything. The order of registrations is irrelevant;
    adding younger ones never splits a cluster.

    Args:
        registrations: Mappings or objects with id, name, email, phone and municipality, each as
            written, missing or None where there is none; ids are unique and sort by age, oldest
            first. One with an answer_hash, of the answers beside these, may be an identical
            resubmission without an e-mail.
        verdicts: (a, b, same), oldest first, as `Verdict`: the latest of a pair holds. "Same"
            joins whole clusters, "different" keeps whole clusters apart.
        language: Of the reasons: "fr" or "en".
    """
    rows = sorted(_read(registrations), key=lambda row: row.id)
    settled = settle(verdicts)
    _link_certain(rows, settled.links)
    found = _judge_pairs(rows, settled)
    words = _Words(language)
    return Matches(
        clusters=_clusters(rows, settled.links),
        suggestions=tuple(
            Suggestion(a=a, b=b, score=judged.score, reason=words.of(judged.facts))
            for a, b, judged in found
            if judged.score
        ),
        contradictions=settled.contradictions,
        households=tuple(
            Household(a=a, b=b, reason=words.of(judged.facts))
            for a, b, judged in found
            if not judged.score
        ),
    )


class _Row(NamedTuple):
    id: Any
    traits: Traits
    answers: str


def _read(registrations: Iterable[Any]) -> Iterator[_Row]:
    for registration in registrations:
        get = registration.get if isinstance(registration, Mapping) else _getter(registration)
        email, phone = get("email") or "", get("phone") or ""
        traits = traits_of(get("name") or "", email, phone, get("municipality") or "")
        answers = get("answer_hash")
        yield _Row(get("id"), traits, f"{answers}\x1f{email}\x1f{phone}" if answers else "")


def _getter(registration: object) -> Any:
    return lambda name: getattr(registration, name, None)


class _Known(NamedTuple):
    """A registration that stands for all those that joined its person under one key."""

    id: Any
    phones: set[str]


def _link_certain(rows: Iterable[_Row], links: Links) -> None:
    """Link each row, oldest first, to the person that rule 1 makes it, unless a decision forbids.

    As in `Directory`: somebody with one of its phones, else the oldest without a clash.
    """
    keyed = [(row, key) for row in rows if (key := _certain_key(row))]
    holders = Counter(key for _, key in keyed)
    known: dict[str, list[_Known]] = {}
    for row, key in keyed:
        if holders[key] == 1:
            continue
        there = known.setdefault(key, [])
        joined = _find_joined(there, row, links)
        if joined is None:
            there.append(_Known(row.id, set(row.traits.phones)))
        else:
            links.link(joined.id, row.id)
            joined.phones.update(row.traits.phones)


def _certain_key(row: _Row) -> str:
    who = row.traits
    if who.name and who.email:
        return f"{who.name}\x1f{who.email}"
    identical = who.name and who.phones and row.answers
    return f"{who.name}\x1f\x1f{row.answers}" if identical else ""


def _find_joined(there: Iterable[_Known], row: _Row, links: Links) -> _Known | None:
    """Return whom a row joins among those with its key, in order of age."""
    phones, first = row.traits.phones, None
    for known in there:
        if not links.may_link(known.id, row.id):
            continue
        if not phones.isdisjoint(known.phones):
            return known
        if first is None and not (phones and known.phones):
            first = known
    return first


def _judge_pairs(rows: Sequence[_Row], settled: Settled) -> list[tuple[Any, Any, Judgement]]:
    """Return the best pair of each two persons that is a suggestion, or else a household."""
    people = [row.traits for row in rows]
    candidates, public = find_candidates(people)
    world = World(Counter(who.name for who in people), public)
    links = settled.links
    best: dict[tuple[Any, Any], tuple[Any, Any, Judgement]] = {}
    for one, other in candidates:
        a, b = rows[one].id, rows[other].id
        first, second = links.find(a), links.find(b)
        if first == second or not links.may_link(first, second):
            continue
        judged = judge(people[one], people[other], world)
        if judged is None or 0 < judged.score < SHOWN:
            continue
        persons = (first, second) if first < second else (second, first)
        if persons not in best or judged.score > best[persons][2].score:
            best[persons] = (a, b, judged)
    disputed = _disputes(settled)
    return sorted(
        (
            found
            for (first, second), found in best.items()
            if disputed.get(first, set()).isdisjoint(disputed.get(second, ()))
        ),
        key=lambda found: found[:2],
    )


def _disputes(settled: Settled) -> dict[Any, set[Any]]:
    """Return the contradictions that each person is part of: reported, hence not suggested."""
    found: dict[Any, set[Any]] = {}
    for one, oldest in settled.disputed.items():
        found.setdefault(settled.links.find(one), set()).add(oldest)
    return found


def _clusters(rows: Iterable[_Row], links: Links) -> tuple[frozenset[Any], ...]:
    clusters: dict[Any, list[Any]] = {}
    for row in rows:
        clusters.setdefault(links.find(row.id), []).append(row.id)
    found = sorted((ids for ids in clusters.values() if len(ids) > 1), key=min)
    return tuple(map(frozenset, found))


class _Words:
    """Facts in words; most pairs have the same ones."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._said: dict[tuple[Phrase, ...], str] = {}

    def of(self, facts: tuple[Phrase, ...]) -> str:
        if facts not in self._said:
            self._said[facts] = ", ".join(say(self._language, fact) for fact in facts)
        return self._said[facts]
