"""What a text becomes when it is typed into Sheets: dates, times and plain numbers.

Unlike Sheets' own guess, the order of day and month is settled over a whole column.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

_CLOCK = (
    r"(?:(?:T|,? (?:à )?)(?P<hour>\d{1,2}) ?[:hH] ?(?P<minute>\d{2})?(?::(?P<second>\d{2}))?"
    r"(?:\.\d+)?(?: ?(?P<half>[AaPp])\.? ?[Mm]\.?)?"
    # The form's own download says in which zone, by the words of whoever downloads it.
    r"(?: ?(?P<zone>Z|[A-Z]{2,5})?(?P<offset>[+−-](?:\d{2}:?\d{2}|\d{1,2}(?::\d{2})?))?)?)?"
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
_OFFSETS = {
    name: timedelta(hours=hours)
    for hours, names in (
        (-2.5, "NDT HAT HET"),
        (-3.0, "ADT HAA HEA"),
        (-3.5, "NST HNT"),
        (-4.0, "EDT HAE HEE AST HNA"),
        (-5.0, "EST HNE CDT HAC HEC"),
        (-6.0, "CST HNC MDT HAR HER"),
        (-7.0, "MST HNR PDT HAP HEP"),
        (-8.0, "PST HNP AKDT"),
        (-9.0, "AKST"),
        (-10.0, "HST"),
        (0.0, "Z UTC GMT WET"),
        (1.0, "CET HNEC BST WEST"),
        (2.0, "CEST HEEC EET"),
    )
    for name in names.split()
}
"""What zones are called in English and in French (Unicode CLDR, short names), from UTC."""

_PLAIN_NUMBER = re.compile(r"0|[1-9]\d{0,14}")
"""Beyond 15 digits Sheets would lose some."""


def type_text(text: str) -> str | int:
    """Return a number for digits alone without a zero in front, as Sheets does; else the text."""
    return int(text) if text.isascii() and _PLAIN_NUMBER.fullmatch(text) else text


def read_dates(
    texts: Sequence[str], *, day_first: bool, zone: ZoneInfo | None = None
) -> list[datetime | None]:
    """Return the date-time on the wall that each text of a column tells; None for no date.

    Args:
        day_first: How to read 03/04/2023 where no text of the column settles it.
        zone: Where the wall is, for texts that name a time zone; None to take them at their word.
    """
    tidied = [tidy(text) for text in texts]
    day_first = _settle_order(tidied, day_first=day_first)
    return [_read_date(text, day_first=day_first, zone=zone) for text in tidied]


def names_zone(text: str) -> bool:
    """Tell whether a date-time says in which time zone, as in the form's own download."""
    found = _match(tidy(text))
    return found is not None and bool(found["zone"] or found["offset"])


def _settle_order(texts: Sequence[str], *, day_first: bool) -> bool:
    found = [match for text in texts if (match := _YEAR_LAST.fullmatch(text))]
    first = any(int(match["one"]) > _NOON for match in found)
    second = any(int(match["two"]) > _NOON for match in found)
    return day_first if first == second else first


def _match(text: str) -> re.Match[str] | None:
    return _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text) or _IN_WORDS.fullmatch(text)


def _read_date(text: str, *, day_first: bool, zone: ZoneInfo | None) -> datetime | None:
    found = _match(text)
    if found is None:
        return None
    month, day = _month_and_day(found, day_first=day_first)
    try:
        wall = _build(found, month, day)
        return wall if zone is None else _move(wall, found, zone)
    except (ValueError, OverflowError):
        return None


def _month_and_day(found: re.Match[str], *, day_first: bool) -> tuple[str, str]:
    parts = found.groupdict()
    if "one" not in parts:
        month, day = parts["month"], parts["day"]
        return (month if month.isdigit() else _month(month)), day
    return (parts["two"], parts["one"]) if day_first else (parts["one"], parts["two"])


def _month(word: str) -> str:
    folded = fold(word)
    return str(next((number for start, number in _MONTHS if folded.startswith(start)), 0))


def _build(found: re.Match[str], month: str, day: str) -> datetime:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"] in "Pp" else 0)
    return datetime(int(found["year"]), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - a wall clock


def _move(wall: datetime, found: re.Match[str], zone: ZoneInfo) -> datetime:
    """Return what the wall of a zone shows at the instant that a text tells."""
    offset = _offset(wall, found, zone)
    if offset is None:
        return wall
    return (wall - offset).replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _offset(wall: datetime, found: re.Match[str], zone: ZoneInfo) -> timedelta | None:
    """Return how far from UTC a text says that it is; None for the zone itself, or unknown."""
    name, offset = found["zone"], found["offset"]
    if offset:
        return _parse_offset(offset)
    there = {wall.replace(tzinfo=zone, fold=time).tzname() for time in (0, 1)}
    return None if name in there else _OFFSETS.get(name)


def _parse_offset(text: str) -> timedelta:
    sign = 1 if text[0] == "+" else -1
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("00") else (digits, "0")
    return sign * timedelta(hours=int(hours), minutes=int(minutes))
