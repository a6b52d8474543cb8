"""Rule 3: how much two registrations speak for one person, out of 100, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA

from automation.core.identity.keys import email_key, name_key, phone_keys, repaired_email
from automation.core.identity.names import Comparison, Kind, compare_names, take_apart
from automation.core.model import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN: Final = 80
_EMAIL, _REPAIRED_EMAIL, _NEAR_EMAIL = 45, 40, 30
_PHONE, _NEAR_PHONE = 40, 28
_NAME: Final = 45
_MUNICIPALITY, _RARE_NAME = 8, 10
_CLASHING_PHONES: Final = 95
# A suffix on one side only: rather father and son than one person, so never above this.
_ONE_SUFFIX: Final = 84
# A name that so few registrations bear is rare: one person's, answering again.
_RARE: Final = 3
# Shorter local parts resemble one another by chance; these are anybody's.
_TELLING: Final = 5
_ROLE_WORDS: Final = """
    admin administration bonjour bureau contact courriel direction info information reception
    secretariat ventes
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_DIGITS: Final = frozenset("0123456789")


class Traits(NamedTuple):
    """What is compared of a registration.

    Attributes:
        written: The name as written.
        name: Its key; "" for none, as for the others.
        email: The mailbox.
        repaired: The mailbox that was probably meant.
        phones: E.164.
        municipality: Its key.
    """

    written: str
    name: str
    email: str
    repaired: str
    phones: frozenset[str]
    municipality: str


def traits_of(name: str, email: str, phone: str, municipality: str) -> Traits:
    """Return what is compared of what somebody wrote."""
    mailbox = email_key(email)
    return Traits(
        name,
        name_key(name),
        mailbox,
        repaired_email(mailbox),
        phone_keys(phone),
        name_key(municipality),
    )


def surname(traits: Traits) -> str:
    """Return the last word of the name, folded; "" for no name."""
    return take_apart(traits.written).surname


def linkable(one: Traits, other: Traits) -> bool:
    """Tell whether rule 1 makes the two one person, were they alone in the world."""
    return bool(
        one.name
        and one.email
        and one.name == other.name
        and one.email == other.email
        and not (one.phones and other.phones and one.phones.isdisjoint(other.phones))
    )


class Judgement(NamedTuple):
    """What two registrations have in common.

    Attributes:
        score: 0 to 100; 0 for clearly different people, whatever they share.
        facts: Why, most telling first.
    """

    score: int
    facts: tuple[Phrase, ...]


class World(NamedTuple):
    """What judging a pair needs to know of everybody else.

    Attributes:
        bearers: How many registrations bear a name, by its key.
        public: Addresses and phone numbers that many different names share: nobody's own.
    """

    bearers: Mapping[str, int]
    public: frozenset[str] = frozenset()

    def is_rare(self, name: str) -> bool:
        """Tell whether few bear a name."""
        return self.bearers.get(name, 0) <= _RARE


def judge(one: Traits, other: Traits, world: World) -> Judgement | None:
    """Return how much speaks for one person, and why; None where nothing of weight does.

    Symmetric. Clearly different names on one address or phone score 0: a household.
    """
    contacts = _score_contacts(one, other, world)
    if not contacts:
        return None
    names = compare_names(one.written, other.written)
    if names.kind is Kind.DIFFERENT:
        shared = tuple(fact for points, fact in contacts if points >= _PHONE)
        return Judgement(0, (*shared, phrase("likeness.different_people"))) if shared else None
    if (
        one.name == other.name
        and one.name
        and one.email == other.email
        and contacts[0][0] == _EMAIL
    ):
        return Judgement(_CLASHING_PHONES, _clash_facts(one, other))
    evidence = [*contacts, *_score_name(names), *_score_place(one, other, names, world)]
    score = min(100, int(sum(points for points, _ in evidence) + 0.5))
    if names.one_suffix:
        score = min(score, _ONE_SUFFIX)
    return Judgement(score, tuple(fact for _, fact in evidence))


_Evidence = list[tuple[float, Phrase]]


def _score_contacts(one: Traits, other: Traits, world: World) -> _Evidence:
    return [*_score_email(one, other, world), *_score_phone(one, other, world)]


def _score_email(one: Traits, other: Traits, world: World) -> _Evidence:
    if not (one.email and other.email):
        return []
    if one.repaired == other.repaired:
        if one.repaired in world.public:
            return []
        if one.email == other.email:
            return [(_EMAIL, phrase("likeness.same_email"))]
        return [(_REPAIRED_EMAIL, phrase("likeness.repaired_email"))]
    if _near_emails(one.repaired, other.repaired):
        return [(_NEAR_EMAIL, phrase("likeness.near_email"))]
    return []


def _near_emails(one: str, other: str) -> bool:
    """Tell whether two mailboxes differ by one slip of a key, or by their provider only."""
    local, _, domain = one.rpartition("@")
    other_local, _, other_domain = other.rpartition("@")
    if domain != other_domain:
        bare = local.replace(".", "")
        return bare == other_local.replace(".", "") and len(bare) >= _TELLING and bare not in _ROLES
    if min(len(local), len(other_local)) < _TELLING:
        return False
    # Numbers are chosen to differ: roy12 and roy13 are two people.
    return OSA.distance(local, other_local, score_cutoff=1) == 1 and [
        c for c in local if c in _DIGITS
    ] == [c for c in other_local if c in _DIGITS]


def _score_phone(one: Traits, other: Traits, world: World) -> _Evidence:
    if not (one.phones and other.phones):
        return []
    if one.phones.isdisjoint(other.phones):
        near = any(_near_phones(a, b) for a in one.phones for b in other.phones)
        return [(_NEAR_PHONE, phrase("likeness.near_phone"))] if near else []
    if (one.phones & other.phones) <= world.public:
        return []
    return [(_PHONE, phrase("likeness.same_phone"))]


def _near_phones(one: str, other: str) -> bool:
    """Tell whether two numbers differ by one slip, or by their area code only."""
    if len(one) != len(other):
        return False
    return one[-7:] == other[-7:] or OSA.distance(one, other, score_cutoff=1) == 1


def _score_name(names: Comparison) -> _Evidence:
    if names.kind is Kind.NEAR:
        if names.similarity == 1:
            return [(_NAME, phrase("likeness.same_name"))]
        found = [
            (
                _NAME * names.similarity,
                phrase("likeness.near_name", percent=int(names.similarity * 100)),
            )
        ]
    else:
        found = [(0.0, phrase("likeness.same_given_name"))] if names.one_given else []
    return [*found, (0.0, phrase("likeness.one_suffix"))] if names.one_suffix else found


def _score_place(one: Traits, other: Traits, names: Comparison, world: World) -> _Evidence:
    if not one.municipality or one.municipality != other.municipality:
        return []
    found = [(float(_MUNICIPALITY), phrase("likeness.same_municipality"))]
    if names.kind is Kind.NEAR and world.is_rare(one.name) and world.is_rare(other.name):
        found.append((_RARE_NAME, phrase("likeness.rare_name")))
    return found


def _clash_facts(one: Traits, other: Traits) -> tuple[Phrase, ...]:
    facts = [phrase("likeness.same_email"), phrase("likeness.same_name")]
    if one.phones and other.phones and one.phones.isdisjoint(other.phones):
        facts.append(phrase("likeness.other_phone"))
    return tuple(facts)
