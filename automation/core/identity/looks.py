"""A cheap look at everybody who is known, for the few that a newcomer may be.

What is looked at may be less than a key, never more: nobody who shares a key with a newcomer is
left out, so that the holders of a key can be counted among those who are kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.keys import folded_words, name_key, phone_numbers
from automation.core.identity.traits import compare_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from automation.core.identity.traits import People

# An extension of four digits after ten, with what sets it apart, is longer than this.
_LONGEST_BARE_NUMBER = 14
_LOCAL_PART = re.compile(r"^[^@+\n]*", re.MULTILINE)


class Person(NamedTuple):
    """What is compared of somebody: raw text, as written; "" where nothing was."""

    id: int
    name: str
    email: str
    phone: str
    municipality: str


class _Words(dict[str, tuple[str, ...]]):
    """Written words, folded."""

    def __missing__(self, written: str) -> tuple[str, ...]:
        found = self[written] = tuple(folded_words(written))
        return found

    def key(self, name: str) -> str:
        """Return the same as `name_key`: white space joins no letters."""
        return " ".join(sorted(chain.from_iterable(self[word] for word in name.split())))


class _Places(dict[str, str]):
    """Municipalities as written, and their keys."""

    def __missing__(self, written: str) -> str:
        found = self[written] = name_key(written)
        return found


def find_concerned(newcomers: Sequence[Person], known: Iterable[Person]) -> list[Person]:
    """Return the newcomers, then those known who may share a key with one of them."""
    there = list(known)
    told = compare_people([person[1:] for person in newcomers])
    found = {
        *_find_emails(told, [person.email for person in there]),
        *_find_phones(told, there),
        *_find_names(told, there),
    }
    return [*newcomers, *(there[position] for position in sorted(found))]


def _find_emails(told: People, emails: Sequence[str]) -> Iterator[int]:
    """Yield the positions of addresses with a newcomer's local part, but for dots and +tag."""
    wanted = {_look_at_email(email) for email in told.repaired if email}
    text = "\n".join(emails)
    looks = _LOCAL_PART.findall(text.replace(".", "").replace(" ", "").lower())
    if len(looks) != len(emails) or not text.isascii():
        looks = list(map(_look_at_email, emails))
    wanted.discard("")
    yield from [position for position, look in enumerate(looks) if look in wanted]
    # Rare enough to be compared in full: what is invisible, a link, a tag alone.
    if (
        "\n+" in f"\n{text}"
        or ":" in text
        or not (text.isascii() and text.replace("\n", "").isprintable())
    ):
        yield from [position for position, email in enumerate(emails) if _is_odd(email)]


def _is_odd(email: str) -> bool:
    return not (email.isascii() and email.isprintable()) or ":" in email or email[:1] == "+"


def _look_at_email(email: str) -> str:
    return email.partition("@")[0].partition("+")[0].replace(".", "").replace(" ", "").lower()


def _find_phones(told: People, there: Sequence[Person]) -> Iterator[int]:
    """Yield who has a newcomer's number, or its last four digits in the same municipality."""
    numbers = {number for several in told.phones for number in several}
    endings = {number[-4:] for number in numbers}
    near = {
        (number[-4:], place)
        for several, place in zip(told.phones, told.municipalities, strict=True)
        for number in several
    }
    places = _Places()
    for position, person in enumerate(there):
        phone = person.phone
        if phone and (phone[-4:] in endings or not _is_bare(phone)):
            for number in phone_numbers(phone):
                if number in numbers or (number[-4:], places[person.municipality]) in near:
                    yield position


def _is_bare(phone: str) -> bool:
    """Tell whether the text is one number at most, and ends in its last four digits."""
    return (
        len(phone) <= _LONGEST_BARE_NUMBER
        and phone[-4:].isdigit()
        and phone.isascii()
        and "+" not in phone
    )


def _find_names(told: People, there: Sequence[Person]) -> Iterator[int]:
    """Yield who bears a word of a newcomer's name, at the least, in the same municipality."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for name, place in zip(told.names, told.municipalities, strict=True):
        if place:
            wanted[place].update(name.split())
    namesakes = set(zip(told.names, told.municipalities, strict=True))
    words, places = _Words(), _Places()
    for position, person in enumerate(there):
        place = places[person.municipality]
        local = wanted.get(place)
        if local:
            first = words[person.name.partition(" ")[0]]
            if first and local.isdisjoint(first):
                continue
            if (words.key(person.name), place) in namesakes:
                yield position
