"""A cheap look at everybody who is known, for the few that a newcomer may be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.keys import folded_words, name_key, phone_numbers
from automation.core.identity.traits import compare_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# An extension of four digits after ten is longer than this, with what sets it apart.
_LONGEST_BARE_NUMBER = 14


class Person(NamedTuple):
    """What is compared of somebody: raw text, as written; "" where nothing was."""

    id: int
    name: str
    email: str
    phone: str
    municipality: str


class Concerned(NamedTuple):
    """Those who are worth comparing.

    Attributes:
        people: The newcomers, then those who are known and may share a key with one of them.
        bearers: How many of all bear each of their names, by its key.
    """

    people: list[Person]
    bearers: Mapping[str, int]


class _Signatures(dict[str, int]):
    """Written words, as numbers whose sum is a name's, in whatever order it is written."""

    def __missing__(self, written: str) -> int:
        found = self[written] = sum(map(hash, folded_words(written)))
        return found

    def of(self, name: str) -> int:
        return sum(map(self.__getitem__, name.split()))


class _Places(dict[str, int]):
    """Municipalities as written, as numbers; 0 for none."""

    def __missing__(self, written: str) -> int:
        key = name_key(written)
        found = self[written] = hash(key) if key else 0
        return found


def find_concerned(newcomers: Sequence[Person], known: Iterable[Person]) -> Concerned:
    """Return the newcomers with everybody who may share a key with one of them.

    Nobody who shares one is left out, so that a key's holders can be counted among the people
    returned; some who share none come along.
    """
    signatures, places = _Signatures(), _Places()
    told = compare_people([person[1:] for person in newcomers])
    mailboxes = {_look_at_email(email) for email in told.repaired if email}
    phones = {phone for several in told.phones for phone in several}
    endings = {phone[-4:] for phone in phones}
    near = {
        (phone[-4:], places[who.municipality])
        for who, several in zip(newcomers, told.phones, strict=True)
        for phone in several
    }
    homes = {(signatures.of(who.name), places[who.municipality]) for who in newcomers}
    marks = [signatures.of(who.name) for who in newcomers]
    found = list(newcomers)
    for person in known:
        _, name, email, phone, municipality = person
        mark, place = signatures.of(name), places[municipality]
        marks.append(mark)
        if (
            (place and (mark, place) in homes)
            or (email and _may_reach(email, mailboxes))
            or (phone and _may_end(phone, endings) and _rings(phone, place, phones, near))
        ):
            found.append(person)
    counts = Counter(marks)
    return Concerned(found, {name_key(who.name): counts[signatures.of(who.name)] for who in found})


def _look_at_email(email: str) -> str:
    """Return what is left of a local part when dots, +tag and case are gone."""
    return email.partition("@")[0].partition("+")[0].replace(".", "").strip().lower()


def _may_reach(email: str, mailboxes: set[str]) -> bool:
    if _look_at_email(email) in mailboxes:
        return True
    # Rare enough to be compared in full: what is invisible, and links.
    return not (email.isascii() and email.isprintable()) or ":" in email


def _may_end(phone: str, endings: set[str]) -> bool:
    ending = phone[-4:]
    if len(phone) <= _LONGEST_BARE_NUMBER and ending.isdigit() and phone.isascii():
        return ending in endings or "+" in phone
    return True


def _rings(phone: str, place: int, phones: set[str], near: set[tuple[str, int]]) -> bool:
    numbers = phone_numbers(phone)
    return any(n in phones or (place and (n[-4:], place) in near) for n in numbers)
