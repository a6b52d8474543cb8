"""What is compared of many people at once: their keys, never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from automation.core.identity.columns import find_mailboxes, find_numbers, fold_column
from automation.core.identity.keys import name_key

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


class People(Struct, frozen=True, kw_only=True):
    """The traits of many, by position and by column."""

    words: list[str]
    names: list[str]
    emails: list[str]
    repaired: list[str]
    phones: list[tuple[str, ...]]
    municipalities: list[str]
    traits: list[Traits]

    def __len__(self) -> int:
        return len(self.traits)

    def __getitem__(self, position: int) -> Traits:
        return self.traits[position]


class Places(dict[str, str]):
    """Municipalities as written, and their keys: people come from the same few."""

    def __missing__(self, written: str) -> str:
        found = self[written] = name_key(written)
        return found


def compare_people(
    names: Sequence[str],
    emails: Sequence[str],
    phones: Sequence[str],
    municipalities: Sequence[str],
) -> People:
    """Return the traits of people from what they wrote, in columns of one length."""
    words = fold_column([_put_given_names_first(name) for name in names])
    keys = [" ".join(sorted(folded.split())) for folded in words]
    mailboxes, repaired = find_mailboxes(emails)
    numbers = find_numbers(phones)
    places = list(map(Places().__getitem__, municipalities))
    columns = zip(words, keys, mailboxes, repaired, numbers, places, strict=True)
    return People(
        words=words,
        names=keys,
        emails=mailboxes,
        repaired=repaired,
        phones=numbers,
        municipalities=places,
        traits=list(map(Traits._make, columns)),
    )


def _put_given_names_first(name: str) -> str:
    """Return "Prénom Nom", from that or from "Nom, Prénom"."""
    if "," not in name:
        return name
    last, _, first = name.partition(",")
    return f"{first} {last}"
