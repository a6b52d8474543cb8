"""A cheap look at everybody who is known, for the few that a newcomer may be.

What is looked at may be less than a key, never more: nobody who shares a key with a newcomer is
left out, so that the holders of a key can be counted among those who are kept.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.columns import find_bearers, find_mailboxes, keep_digits
from automation.core.identity.keys import phone_numbers
from automation.core.identity.traits import Places, compare_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from automation.core.identity.traits import People

Columns = tuple[list[str], list[str], list[str], list[str]]

_LOCAL_PART = re.compile(r"^[^@+\n]*", re.MULTILINE)
_ODD = re.compile(r"[^!-9;-~]")  # neither a colon nor plain ASCII
_NATIONAL = 10


class Person(NamedTuple):
    """What is compared of somebody: raw text, as written; "" where nothing was."""

    id: int
    name: str
    email: str
    phone: str
    municipality: str


def columns_of(people: Sequence[Person]) -> Columns:
    """Return the names, e-mails, phones and municipalities of people."""
    return (
        list(map(attrgetter("name"), people)),
        list(map(attrgetter("email"), people)),
        list(map(attrgetter("phone"), people)),
        list(map(attrgetter("municipality"), people)),
    )


def find_concerned(newcomers: Sequence[Person], known: Iterable[Person]) -> list[Person]:
    """Return the newcomers, then those known who may share a key with one of them."""
    there = list(known)
    if not there:
        return [*newcomers]
    told = compare_people(*columns_of(newcomers))
    names, emails, phones, municipalities = columns_of(there)
    places = Places()
    found = {
        *_find_emails(told, emails),
        *_find_phones(told, phones, municipalities, places),
        *_find_names(told, names, municipalities, places),
    }
    return [*newcomers, *(there[position] for position in sorted(found))]


def _find_emails(told: People, emails: Sequence[str]) -> Iterator[int]:
    """Yield whose address is probably meant to reach a newcomer's mailbox."""
    wanted = set(told.repaired) - {""}
    look_alike = set(_look_at_emails(told.repaired)) - {""}
    looks = _look_at_emails(emails)
    likely = [position for position, look in enumerate(looks) if look in look_alike]
    # Rare enough to be looked at more closely: a tag alone, a link, what is not plain.
    if _ODD.search("".join(looks)) or "\n+" in "\n".join(["", *emails]):
        likely += [
            p for p, look in enumerate(looks) if emails[p] and (not look or _ODD.search(look))
        ]
    _, meant = find_mailboxes([emails[position] for position in likely])
    yield from [position for position, email in zip(likely, meant, strict=True) if email in wanted]


def _look_at_emails(emails: Sequence[str]) -> list[str]:
    """Return the local parts in lower case, without dots, spaces and tags."""
    text = "\n".join(emails).replace(".", "").replace(" ", "").lower()
    looks = _LOCAL_PART.findall(text)
    if len(looks) == len(emails):
        return looks
    return [look for email in emails for look in _look_at_emails([email.replace("\n", " ")])]


def _find_phones(
    told: People, phones: Sequence[str], municipalities: Sequence[str], places: Places
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
        (position, digits)
        for position, digits in enumerate(keep_digits(phones))
        if digits and (digits[-4:] in endings or not _is_national(digits))
    ]
    for position, digits in likely:
        national = _is_national(digits)
        for number in (f"+1{digits[-10:]}",) if national else phone_numbers(phones[position]):
            if number in wanted or (number[-4:], places[municipalities[position]]) in near:
                yield position


def _is_national(digits: str) -> bool:
    """Tell whether this is one number of ours at most; an extension or a country makes it longer."""
    bare = len(digits) == _NATIONAL or (len(digits) == _NATIONAL + 1 and digits[0] == "1")
    return bare and digits.isdigit()


def _find_names(
    told: People, names: Sequence[str], municipalities: Sequence[str], places: Places
) -> Iterator[int]:
    """Yield who bears a newcomer's name in the same municipality."""
    namesakes = set(zip(told.names, told.municipalities, strict=True))
    for position, name in find_bearers(set(told.names), names):
        place = places[municipalities[position]]
        if place and (name, place) in namesakes:
            yield position
