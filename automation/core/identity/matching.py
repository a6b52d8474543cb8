"""Who is whom among many registrations: certainties, suggestions, and decisions above both."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from automation.collector import collector_paused
from automation.core.identity.candidates import find_candidates, index_people
from automation.core.identity.scores import SHOWN, judge
from automation.core.identity.traits import compare_people
from automation.core.identity.verdicts import settle
from automation.locale import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from automation.core.identity.candidates import Index
    from automation.core.identity.scores import Judgement
    from automation.core.identity.traits import People, Traits
    from automation.core.identity.verdicts import Contradiction, Links, Settled
    from automation.core.model import Phrase


class Suggestion(Struct, frozen=True, kw_only=True):
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


class Household(Struct, frozen=True, kw_only=True):
    """Two people of clearly different names on one address or phone: nothing to settle.

    Attributes:
        a: The older one.
        b: The younger one.
        reason: What they share, in words.
    """

    a: Any
    b: Any
    reason: str


class Matches(Struct, frozen=True, kw_only=True):
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

    Names, addresses and numbers are compared as people mean them: accents, capitals, hyphens,
    "Nom, Prénom", the dots of Gmail and the way a phone is written make no difference.

    Certain is an equal name and an equal e-mail, with phones that are not both present and
    different; or an identical resubmission. Everything else alike is suggested, never linked: a
    missed link costs somebody one click, a false one loses a registration. What people decided
    goes above both. Two people of clearly different names on one address or phone are no
    suggestion: they are told apart in `Matches.households`.

        >>> eve = {"id": 1, "name": "Ève Roy", "email": "eve.roy@gmail.com"}
        >>> again = {"id": 2, "name": "ROY, Eve", "email": "EveRoy@gmail.com"}
        >>> typo = {"id": 3, "name": "Ève Roy", "email": "eve.roy@gmial.com"}
        >>> luc = {"id": 4, "name": "Luc Roy", "email": "eve.roy@gmail.com"}
        >>> found = match_registrations([eve, again, typo, luc], language="en")
        >>> [sorted(ids) for ids in found.clusters]
        [[1, 2]]
        >>> [(s.a, s.b, s.score, s.reason) for s in found.suggestions]
        [(1, 3, 85, 'same e-mail but for a slip or a tag, same name')]
        >>> [(h.a, h.b) for h in found.households]
        [(1, 4), (3, 4)]
        >>> match_registrations([eve, again], [(1, 2, False)]).clusters
        ()

    The order of registrations is irrelevant; younger ones never split a cluster nor change its
    identity, the lowest id. Suggestions, but no certainty, may go when an address or a phone turns
    out to be public (more than ten names give it, or more than fifty registrations hold it).

    Args:
        registrations: Mappings or objects with id, name, email, phone and municipality, each as
            written, missing or None where there is none; ids are unique, can be compared, and sort
            by age, oldest first. One may have an answer_hash, of its answers beside these: equal
            hashes, names and phones, to the letter, are a resubmission where there is no e-mail.
        verdicts: (a, b, same), oldest first, as `Verdict`, in either order of the pair; the latest
            of a pair holds. "Same" joins whole clusters, "different" keeps whole clusters apart.
            Ids that are not among the registrations link those who are. Decisions that cannot all
            hold are in `Matches.contradictions`: no "same" of theirs acts, every "different" does.
        language: Of the reasons: "fr" or "en".
    """
    with collector_paused():
        everyone = _read(registrations)
        settled = settle(verdicts)
        index = index_people(everyone.people)
        echoes = _link_certain(everyone, index, settled.links)
        found = _judge_pairs(everyone, index, settled, echoes)
        words = _Words(language)
        return Matches(
            clusters=_clusters(everyone.ids, settled.links),
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


class _Everyone(Struct, frozen=True, kw_only=True):
    """All registrations, oldest first, as columns.

    Attributes:
        answers: A hash of all that was answered, to the letter; "" where it is not known.
    """

    ids: list[Any]
    people: People
    answers: list[str]


def _read(registrations: Iterable[Any]) -> _Everyone:
    found = list(registrations)
    mappings = {kind for kind in set(map(type, found)) if issubclass(kind, Mapping)}
    rows = [_of_mapping(one) if type(one) in mappings else _of_object(one) for one in found]
    rows.sort(key=itemgetter(0))
    names, emails, phones, municipalities = (
        [row[column] for row in rows] for column in (1, 2, 3, 4)
    )
    return _Everyone(
        ids=[row[0] for row in rows],
        people=compare_people(names, emails, phones, municipalities),
        answers=[f"{row[5]}\x1f{row[2]}\x1f{row[3]}" if row[5] else "" for row in rows],
    )


_Told = tuple[Any, str, str, str, str, str]


def _of_mapping(one: Mapping[str, Any]) -> _Told:
    get = one.get
    return (
        get("id"),
        get("name") or "",
        get("email") or "",
        get("phone") or "",
        get("municipality") or "",
        get("answer_hash") or "",
    )


def _of_object(one: object) -> _Told:
    return (
        getattr(one, "id", None),
        getattr(one, "name", None) or "",
        getattr(one, "email", None) or "",
        getattr(one, "phone", None) or "",
        getattr(one, "municipality", None) or "",
        getattr(one, "answer_hash", None) or "",
    )


class _Known(NamedTuple):
    """A registration that stands for all those that joined its person under one key."""

    id: Any
    phones: set[str]
    told: set[Traits]


def _link_certain(everyone: _Everyone, index: Index, links: Links) -> set[int]:
    """Link each row, oldest first, to the person that rule 1 makes it, unless a decision forbids.

    As in `Directory`: somebody with one of its phones, else the oldest without a clash. Returns
    the positions of those that only echo what an older one of their person told.
    """
    echoes: set[int] = set()
    known: dict[tuple[str, ...], list[_Known]] = {}
    for position, key in _certain_keys(everyone, index):
        one, traits = everyone.ids[position], everyone.people[position]
        there = known.setdefault(key, [])
        joined = _find_joined(there, one, traits.phones, links)
        if joined is None:
            there.append(_Known(one, set(traits.phones), {traits}))
            continue
        links.link(joined.id, one)
        if traits in joined.told:
            echoes.add(position)
        joined.phones.update(traits.phones)
        joined.told.add(traits)
    return echoes


def _certain_keys(everyone: _Everyone, index: Index) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the positions that may share a composite key of rule 1, ascending, with that key."""
    people, answers = everyone.people, everyone.answers
    told = (position for position, answered in enumerate(answers) if answered)
    for position in sorted({*chain.from_iterable(index.emails.values()), *told}):
        name, email = people.names[position], people.emails[position]
        if name and email:
            yield position, (name, email)
        elif name and people.phones[position]:
            yield position, (name, "", answers[position])


def _find_joined(
    there: Iterable[_Known], one: Any, phones: Sequence[str], links: Links
) -> _Known | None:
    """Return whom a row joins among those with its key, in order of age."""
    first = None
    for known in there:
        if not links.may_link(known.id, one):
            continue
        if not known.phones.isdisjoint(phones):
            return known
        if first is None and not (phones and known.phones):
            first = known
    return first


def _judge_pairs(
    everyone: _Everyone, index: Index, settled: Settled, echoes: Collection[int]
) -> list[tuple[Any, Any, Judgement]]:
    """Return the best pair of each two persons that is a suggestion, or else a household."""
    people, ids, links = everyone.people, everyone.ids, settled.links
    persons = [links.find(one) for one in ids]
    best: dict[tuple[Any, Any], tuple[Any, Any, Judgement]] = {}
    for one, other in find_candidates(
        people, index, persons=persons, fresh=len(ids), echoes=echoes
    ):
        first, second = persons[one], persons[other]
        if not links.may_link(first, second):
            continue
        judged = judge(people[one], people[other], index.public)
        if judged is None or 0 < judged.score < SHOWN:
            continue
        both = (first, second) if first < second else (second, first)
        a, b = ids[one], ids[other]
        if both not in best or _rank(a, b, judged) < _rank(*best[both]):
            best[both] = (a, b, judged)
    disputed = _disputes(settled)
    found = (
        pair
        for (first, second), pair in best.items()
        if disputed.get(first, _NOBODY).isdisjoint(disputed.get(second, _NOBODY))
    )
    return sorted(found, key=itemgetter(0, 1))


_NOBODY: frozenset[Any] = frozenset()


def _rank(a: Any, b: Any, judged: Judgement) -> tuple[int, Any, Any]:
    return -judged.score, a, b


def _disputes(settled: Settled) -> dict[Any, frozenset[Any]]:
    """Return the contradictions that each person is part of: reported, hence not suggested."""
    found: dict[Any, frozenset[Any]] = {}
    for one, oldest in settled.disputed.items():
        person = settled.links.find(one)
        found[person] = found.get(person, _NOBODY) | {oldest}
    return found


def _clusters(ids: Iterable[Any], links: Links) -> tuple[frozenset[Any], ...]:
    """Return the persons of two registrations or more among these, oldest first."""
    clusters: dict[Any, list[Any]] = {}
    for one in ids:
        if links.knows(one):
            clusters.setdefault(links.find(one), []).append(one)
    return tuple(frozenset(found) for found in clusters.values() if len(found) > 1)


class _Words:
    """Facts in words; most pairs have the same ones."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._said: dict[tuple[Phrase, ...], str] = {}

    def of(self, facts: tuple[Phrase, ...]) -> str:
        if facts not in self._said:
            self._said[facts] = ", ".join(say(self._language, fact) for fact in facts)
        return self._said[facts]
