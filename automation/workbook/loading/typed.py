"""What a text becomes when it is typed into Sheets: dates, times and plain numbers.

Unlike Sheets' own guess, the order of day and month is settled over a whole column.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLOCK = (
    r"(?:(?:T|,? (?:à )?)(?P<hour>\d{1,2}) ?[:hH] ?(?P<minute>\d{2})?(?::(?P<second>\d{2}))?"
    r"(?:\.\d+)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    # Forms' own download names the time zone; the hour is that of the wall all the same.
    r"(?: [A-Z]{2,4}(?:[+−-]\d{1,2}(?::\d{2})?)?)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4})" + _CLOCK)
_IN_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,? )?(?P<day>\d{1,2})(?:er)? (?P<month>[^\W\d]+)\.?,? (?P<year>\d{4})" + _CLOCK
)
# Folded; the first letters of a month are enough, in French and in English.
_MONTHS = (
    *(("jan", 1), ("fev", 2), ("feb", 2), ("mar", 3), ("avr", 4), ("apr", 4), ("mai", 5)),
    *(("may", 5), ("juin", 6), ("jun", 6), ("juil", 7), ("jul", 7), ("aou", 8), ("aug", 8)),
    *(("sep", 9), ("oct", 10), ("nov", 11), ("dec", 12)),
)
_NOON = 12
_PLAIN_NUMBER = re.compile(r"0|[1-9]\d{0,14}")
"""Beyond 15 digits Sheets would lose some."""


def type_text(text: str) -> str | int:
    """Return a number for digits alone without a zero in front, as Sheets does; else the text."""
    return int(text) if text.isascii() and _PLAIN_NUMBER.fullmatch(text) else text


def read_dates(texts: Sequence[str], *, day_first: bool) -> list[datetime | None]:
    """Return the date-time on the wall that each text of a column tells; None for no date.

    Args:
        day_first: How to read 03/04/2023 where no text of the column settles it.
    """
    tidied = [tidy(text) for text in texts]
    day_first = _settle_order(tidied, day_first=day_first)
    return [_read_date(text, day_first=day_first) for text in tidied]


def _settle_order(texts: Sequence[str], *, day_first: bool) -> bool:
    found = [match for text in texts if (match := _YEAR_LAST.fullmatch(text))]
    first = any(int(match["one"]) > _NOON for match in found)
    second = any(int(match["two"]) > _NOON for match in found)
    return day_first if first == second else first


def _read_date(text: str, *, day_first: bool) -> datetime | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _build(found, found["month"], found["day"])
    if found := _YEAR_LAST.fullmatch(text):
        one, two = found["one"], found["two"]
        return _build(found, two, one) if day_first else _build(found, one, two)
    if found := _IN_WORDS.fullmatch(text):
        return _build(found, _month(found["month"]), found["day"])
    return None


def _month(word: str) -> str:
    folded = fold(word)
    return str(next((number for start, number in _MONTHS if folded.startswith(start)), 0))


def _build(found: re.Match[str], month: str, day: str) -> datetime | None:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"] in "Pp" else 0)
    try:
        return datetime(int(found["year"]), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
