"""What is compared of many people at once, as columns: their keys, never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from automation.core.identity.keys import (
    email_key,
    folded_words,
    phone_numbers,
    repaired_email,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Traits(NamedTuple):
    """What is compared of a registration; each "" or () where there is none.

    Attributes:
        words: The words of the name, folded, given names first.
        name: The name's key, as of `name_key`.
        email: The mailbox.
        repaired: The mailbox that was probably meant.
        phones: E.164, in the order written.
        municipality: Its key.
    """

    words: str
    name: str
    email: str
    repaired: str
    phones: tuple[str, ...]
    municipality: str


class _Words(dict[str, str]):
    """Written words, folded; kept because most names and places are made of the same few."""

    def __missing__(self, written: str) -> str:
        found = self[written] = " ".join(folded_words(written))
        return found


class _Places(dict[str, str]):
    """Municipalities as written, and their keys."""

    def __missing__(self, written: str) -> str:
        found = self[written] = " ".join(sorted(folded_words(written)))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The traits of many, by position. Columns of text cost the collector nothing."""

    words: list[str]
    names: list[str]
    emails: list[str]
    repaired: list[str]
    phones: list[tuple[str, ...]]
    municipalities: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, position: int) -> Traits:
        return Traits(
            self.words[position],
            self.names[position],
            self.emails[position],
            self.repaired[position],
            self.phones[position],
            self.municipalities[position],
        )


def compare_people(told: Sequence[tuple[str, str, str, str]]) -> People:
    """Return the traits of people from their name, e-mail, phone and municipality, as written."""
    known, places = _Words(), _Places()
    words = [_order_words(name, known) for name, _, _, _ in told]
    emails = [email_key(email) if email else "" for _, email, _, _ in told]
    return People(
        words=words,
        names=[" ".join(sorted(ordered.split())) for ordered in words],
        emails=emails,
        repaired=[repaired_email(mailbox) for mailbox in emails],
        phones=[phone_numbers(phone) for _, _, phone, _ in told],
        municipalities=[places[place] for _, _, _, place in told],
    )


def _order_words(name: str, known: _Words) -> str:
    """Return the folded words of "Prénom Nom" or "Nom, Prénom", given names first.

    White space joins no letters, so that words fold one by one as they do together.
    """
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first} {last}"
    return " ".join(map(known.__getitem__, name.split())).strip()
