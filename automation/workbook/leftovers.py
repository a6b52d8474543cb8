"""Where a spreadsheet still names somebody: a search through all its texts, whosever they are."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from msgspec import Struct

from automation.core.identity import phone_keys
from automation.core.text import fold, hide_addresses
from automation.google.sheets import read_everything

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from gspread import HTTPClient

    from automation.core.model import Enrolment

_DIGITS = re.compile(r"\D+")
_NATIONAL = 10


class Leftover(Struct, frozen=True, kw_only=True):
    """A text that names somebody.

    Attributes:
        tab: The tab's title; "" for what belongs to none.
        row: From 1; None for what stands in no cell.
    """

    tab: str
    row: int | None = None


class Needles(Struct, frozen=True, kw_only=True):
    """By what people are known again in a text: their whole names, addresses and phones."""

    names: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]

    def name_in(self, text: str) -> bool:
        """Tell whether a text names one of them; an address of a page may hold what was filled in."""
        if "%" in text:
            text = f"{text} {unquote_plus(text)}"
        if any(email in text.casefold() for email in self.emails):
            return True
        digits = _DIGITS.sub("", text)
        if len(digits) >= _NATIONAL and any(phone in digits for phone in self.phones):
            return True
        # An address that is not theirs may be made of the same words.
        words = f" {fold(hide_addresses(text))} "
        return any(f" {name} " in words for name in self.names)


def find_needles(register: Iterable[Enrolment], numbers: Collection[int]) -> Needles:
    """Return by what some people of the register are known again in a text.

    What others of it share, such as the phone of a household, tells of nobody.
    """
    everyone = list(register)
    theirs = _needles([one for one in everyone if one.number in numbers])
    others = _needles([one for one in everyone if one.number not in numbers])
    return Needles(
        names=theirs.names - others.names,
        emails=theirs.emails - others.emails,
        phones=theirs.phones - others.phones,
    )


def _needles(people: Sequence[Enrolment]) -> Needles:
    names = {
        fold(f"{one} {other}")
        for e in people
        for one, other in ((e.first_name, e.last_name), (e.last_name, e.first_name))
        if e.first_name and e.last_name
    }
    return Needles(
        names=frozenset(names),
        emails=frozenset(e.email.strip().casefold() for e in people if "@" in e.email),
        phones=frozenset(number[-_NATIONAL:] for e in people for number in phone_keys(e.phone)),
    )


def find_leftovers(
    http: HTTPClient, spreadsheet_id: str, needles: Needles, spared: Collection[str]
) -> tuple[Leftover, ...]:
    """Return where people are still named, each place once.

    Args:
        spared: Titles of the tabs that are not searched: the participants' own.
    """
    about = read_everything(http, spreadsheet_id)
    sheets = about.pop("sheets", [])
    found = [Leftover(tab="")] if any(map(needles.name_in, _texts(about))) else []
    for sheet in sheets:
        title = str(sheet["properties"]["title"])
        if title not in spared:
            found += _search_tab(title, sheet, needles)
    return tuple(dict.fromkeys(found))


def _search_tab(title: str, sheet: dict[str, Any], needles: Needles) -> Iterator[Leftover]:
    data = sheet.pop("data", [])
    if any(map(needles.name_in, _texts(sheet))):
        yield Leftover(tab=title)
    for block in data:
        if any(map(needles.name_in, _texts(block.get("columnMetadata")))):
            yield Leftover(tab=title)
        rows = zip_longest(block.get("rowData", ()), block.get("rowMetadata", ()))
        for number, row in enumerate(rows, start=1):
            if any(map(needles.name_in, _texts([*row]))):
                yield Leftover(tab=title, row=number)


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
