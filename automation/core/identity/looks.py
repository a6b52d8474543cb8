"""A cheap look at everybody who is known, for the few that a newcomer may be.

What is looked at may be less than a key, never more: nobody who shares a key with a newcomer is
left out, so that the holders of a key can be counted among those who are kept.
"""

from __future__ import annotations

import re
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
    municipalities = [person.municipality for person in there]
    places = _Places()
    found = {
        *_find_emails(told, [person.email for person in there]),
        *_find_phones(told, [person.phone for person in there], municipalities, places),
        *_find_names(told, [person.name for person in there], municipalities, places),
    }
    return [*newcomers, *(there[position] for position in sorted(found))]


def _find_emails(told: People, emails: Sequence[str]) -> Iterator[int]:
    """Yield the positions of addresses with a newcomer's local part, but for dots and +tag."""
    wanted = {_look_at_email(email) for email in told.repaired if email}
    text = "\n".join(emails)
    looks = _LOCAL_PART.findall(text.replace(".", "").replace(" ", "").lower())
    if len(looks) != len(emails):
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


def _find_phones(
    told: People, phones: Sequence[str], municipalities: Sequence[str], places: _Places
) -> Iterator[int]:
    """Yield who has a newcomer's number, or its last four digits in the same municipality."""
    wanted = {number for several in told.phones for number in several}
    endings = {number[-4:] for number in wanted}
    near = {
        (number[-4:], place)
        for several, place in zip(told.phones, told.municipalities, strict=True)
        for number in several
    }
    likely = [
        position
        for position, phone in enumerate(phones)
        if phone and (phone[-4:] in endings or not _is_bare(phone))
    ]
    for position in likely:
        for number in phone_numbers(phones[position]):
            if number in wanted or (number[-4:], places[municipalities[position]]) in near:
                yield position


def _is_bare(phone: str) -> bool:
    """Tell whether the text is one number at most, and ends in its last four digits."""
    if len(phone) > _LONGEST_BARE_NUMBER or "+" in phone:
        return False
    return phone[-4:].isdigit() and phone.isascii()


def _find_names(
    told: People, names: Sequence[str], municipalities: Sequence[str], places: _Places
) -> Iterator[int]:
    """Yield who bears a newcomer's name in the same municipality."""
    words = _Words()
    namesakes = {
        (name, place)
        for name, place in zip(told.names, told.municipalities, strict=True)
        if name and place
    }
    local = {(word, place) for name, place in namesakes for word in name.split()}
    likely: dict[tuple[str, str], bool] = {}
    for position, (name, municipality) in enumerate(zip(names, municipalities, strict=True)):
        look = name.partition(" ")[0], municipality
        if look not in likely:
            place = places[municipality]
            folded = words[look[0]]
            likely[look] = not folded or any((word, place) in local for word in folded)
        if likely[look] and (words.key(name), places[municipality]) in namesakes:
            yield position
