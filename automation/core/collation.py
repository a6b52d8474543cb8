"""The order in which a list of French names is read.

Letters decide first, whatever their accents, their case, and the hyphens, apostrophes and spaces
between them, so that Leblanc, Le Blanc and LeBlanc stand together, and "de La Tour" under D. Among
names with the same letters the accents decide, from the last one back (cote, côte, coté, côté), then
small letters before capitals: the order of Canada's French dictionaries (CAN/CSA-Z243.4.1, which
Unicode calls backward secondary weights).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Number

_SPELT_OUT = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_ACUTE_TO_DIAERESIS = "\u0301\u0300\u0302\u0308"
_Accents = tuple[tuple[int, ...], ...]


class _Named(Protocol):
    @property
    def number(self) -> Number: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


_Person = TypeVar("_Person", bound=_Named)


class CollationKey(NamedTuple):
    """What texts are ordered by; each level is field by field.

    Attributes:
        letters: Bare letters and digits.
        accents: Of each letter, the last one first.
        cases: The texts, in which small letters come before capitals.
    """

    letters: tuple[str, ...]
    accents: tuple[_Accents, ...]
    cases: tuple[str, ...]


def collation_key(*fields: str) -> CollationKey:
    """Return the key of what is ordered by several texts, such as a last and a first name.

    An accent of the first text matters less than the letters of the second: the Coté and the Côté
    are one list, by first name.
    """
    return CollationKey(
        letters=tuple(fold(field).replace(" ", "") for field in fields),
        accents=tuple(map(_list_accents, fields)),
        cases=tuple(field.swapcase() for field in fields),
    )


def sort_names(people: Iterable[_Person]) -> tuple[_Person, ...]:
    """Return people by last name, first name, then number."""
    return tuple(
        sorted(people, key=lambda one: (collation_key(one.last_name, one.first_name), one.number))
    )


def _list_accents(text: str) -> _Accents:
    accents: list[tuple[int, ...]] = []
    for char in unicodedata.normalize("NFD", text.translate(_SPELT_OUT)):
        if char.isalnum():
            accents.append(())
        elif accents and unicodedata.combining(char):
            accents[-1] += (_rank_accent(char),)
    return tuple(reversed(accents))


def _rank_accent(mark: str) -> int:
    found = _ACUTE_TO_DIAERESIS.find(mark)
    return ord(mark) if found < 0 else found
