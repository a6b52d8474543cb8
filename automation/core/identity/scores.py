"""Rule 3: how much two registrations speak for one person, out of 100, and why."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA

from automation.core.identity.names import Comparison, Kind, compare_names
from automation.core.identity.surnames import is_rare
from automation.core.model import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.core.identity.traits import Traits

SHOWN: Final = 80
_NAME: Final = 45
_CLASHING_PHONES: Final = 95
# A suffix on one side only: rather father and son than one person, so never above this.
_ONE_SUFFIX: Final = 84
# Shorter local parts resemble one another by chance; these are anybody's.
_TELLING: Final = 5
_ROLE_WORDS: Final = """
    admin administration bonjour bureau contact courriel direction info information reception
    secretariat ventes
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_DIGITS: Final = frozenset("0123456789")


class _Fact(NamedTuple):
    """Something that speaks for one person, with its points and its words."""

    points: float
    words: Phrase


_SAME_EMAIL = _Fact(45, phrase("likeness.same_email"))
_REPAIRED_EMAIL = _Fact(40, phrase("likeness.repaired_email"))
_NEAR_EMAIL = _Fact(30, phrase("likeness.near_email"))
_SAME_PHONE = _Fact(40, phrase("likeness.same_phone"))
_NEAR_PHONE = _Fact(28, phrase("likeness.near_phone"))
_SAME_NAME = _Fact(_NAME, phrase("likeness.same_name"))
_SAME_GIVEN_NAME = _Fact(0, phrase("likeness.same_given_name"))
_SUFFIX = _Fact(0, phrase("likeness.one_suffix"))
_MUNICIPALITY = _Fact(8, phrase("likeness.same_municipality"))
_RARE_NAME = _Fact(10, phrase("likeness.rare_name"))
_OTHER_PHONE = phrase("likeness.other_phone")
_DIFFERENT_PEOPLE = phrase("likeness.different_people")


class Judgement(NamedTuple):
    """What two registrations have in common.

    Attributes:
        score: 0 to 100; 0 for clearly different people, whatever they share.
        facts: Why, in the order of the keys: e-mail, phone, name, municipality.
    """

    score: int
    facts: tuple[Phrase, ...]


def linkable(one: Traits, other: Traits) -> bool:
    """Tell whether rule 1 makes the two one person, were they alone in the world."""
    return bool(
        one.name
        and one.email
        and one.name == other.name
        and one.email == other.email
        and not (one.phones and other.phones and set(one.phones).isdisjoint(other.phones))
    )


def judge(one: Traits, other: Traits, public: Collection[str] = ()) -> Judgement | None:
    """Return how much speaks for one person, and why; None where nothing of weight does.

    Symmetric. Clearly different names on one address or phone score 0: a household.

    Args:
        public: Addresses and phones that many different names share: nobody's own.
    """
    email, phone = _shared_email(one, other, public), _shared_phone(one, other, public)
    if email is _SAME_EMAIL and one.name and one.name == other.name:
        return Judgement(_CLASHING_PHONES, _clash_facts(one, other))
    names = compare_names(one.words, other.words)
    if names.kind is Kind.DIFFERENT:
        return _judge_household(email, phone) if email or phone else None
    email, phone = email or _near_email(one, other), phone or _near_phone(one, other)
    contacts = [fact for fact in (email, phone) if fact is not None]
    if not contacts:
        return None
    facts = [*contacts, *_weigh_names(names), *_weigh_place(one, other)]
    score = min(_ONE_SUFFIX if names.one_suffix else 100, _half_up(sum(f.points for f in facts)))
    return Judgement(score, tuple([fact.words for fact in facts]))


@lru_cache
def _judge_household(*shared: _Fact | None) -> Judgement:
    return Judgement(0, (*(fact.words for fact in shared if fact), _DIFFERENT_PEOPLE))


def _half_up(points: float) -> int:
    return int(points + 0.5)


def _shared_email(one: Traits, other: Traits, public: Collection[str]) -> _Fact | None:
    if not one.repaired or one.repaired != other.repaired or one.repaired in public:
        return None
    return _SAME_EMAIL if one.email == other.email else _REPAIRED_EMAIL


def _near_email(one: Traits, other: Traits) -> _Fact | None:
    if not (one.repaired and other.repaired) or one.repaired == other.repaired:
        return None
    return _NEAR_EMAIL if _near_emails(one.repaired, other.repaired) else None


def _near_emails(one: str, other: str) -> bool:
    """Tell whether two mailboxes differ by one slip of a key, or by their provider only."""
    local, _, domain = one.rpartition("@")
    other_local, _, other_domain = other.rpartition("@")
    if domain != other_domain:
        bare = local.replace(".", "")
        alike = bare == other_local.replace(".", "")
        return alike and len(bare) >= _TELLING and bare not in _ROLES
    if min(len(local), len(other_local)) < _TELLING:
        return False
    # Numbers are chosen to differ: roy12 and roy13 are two people.
    return OSA.distance(local, other_local, score_cutoff=1) <= 1 and _digits(local) == _digits(
        other_local
    )


def _digits(text: str) -> list[str]:
    return [letter for letter in text if letter in _DIGITS]


def _shared_phone(one: Traits, other: Traits, public: Collection[str]) -> _Fact | None:
    shared = any(number in other.phones and number not in public for number in one.phones)
    return _SAME_PHONE if shared else None


def _near_phone(one: Traits, other: Traits) -> _Fact | None:
    if not set(one.phones).isdisjoint(other.phones):
        return None  # a public one
    near = any(_near_phones(a, b) for a in one.phones for b in other.phones)
    return _NEAR_PHONE if near else None


def _near_phones(one: str, other: str) -> bool:
    """Tell whether two numbers differ by one slip, or by their area code only."""
    if len(one) != len(other):
        return False
    return one[-7:] == other[-7:] or OSA.distance(one, other, score_cutoff=1) <= 1


def _weigh_names(names: Comparison) -> tuple[_Fact, ...]:
    if names.kind is Kind.NEAR:
        return (_near_name(names.similarity) if names.similarity < 1 else _SAME_NAME,)
    if names.one_suffix:
        return (_SUFFIX,)
    return (_SAME_GIVEN_NAME,) if names.one_given else ()


@lru_cache(maxsize=1024)
def _near_name(similarity: float) -> _Fact:
    percent = min(99, _half_up(100 * similarity))
    return _Fact(_NAME * similarity, phrase("likeness.near_name", percent=percent))


def _weigh_place(one: Traits, other: Traits) -> tuple[_Fact, ...]:
    if not one.municipality or one.municipality != other.municipality:
        return ()
    if one.name == other.name and is_rare(one.name):
        return _MUNICIPALITY, _RARE_NAME
    return (_MUNICIPALITY,)


def _clash_facts(one: Traits, other: Traits) -> tuple[Phrase, ...]:
    facts = (_SAME_EMAIL.words, _SAME_NAME.words)
    shared = set(one.phones).intersection(other.phones)
    return (*facts, _OTHER_PHONE) if one.phones and other.phones and not shared else facts
