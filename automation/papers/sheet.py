"""What the papers share: the paper itself, and how texts, days and hours are written on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from babel.dates import format_date, format_time
from msgspec import Struct

from automation import locale
from automation.config.sections import Paper
from automation.core.moments import tell_day
from automation.core.text import clip, tidy

if TYPE_CHECKING:
    from datetime import date, time

_MARKS_IN_A_PILE = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
_NO_MINUTES = re.compile(r":00(?=\s)")
_SPACES = re.compile(r"\s")


class Format(Struct, frozen=True, kw_only=True):
    """A sheet of paper, upright.

    Attributes:
        css: Its name for CSS.
        width: In millimetres; so is the height.
    """

    css: str
    width: float
    height: float


FORMATS: Final = {
    Paper.LETTER: Format(css="letter", width=215.9, height=279.4),
    Paper.A4: Format(css="A4", width=210, height=297),
}


def clean(text: str, length: int) -> str:
    """Return a person's text as it is printed: one line, cut with an ellipsis, no piles of accents."""
    return clip(_MARKS_IN_A_PILE.sub(r"\1", tidy(text[: 8 * length])), length)


def write_day(day: date, language: str) -> str:
    """Return a day with that of the week, such as "lundi 16 janvier 2023"."""
    weekday = format_date(day, "EEEE", locale=f"{language}_CA")
    return locale.text(language, "paper.day", weekday=weekday, day=tell_day(day, language))


def write_hours(start: time | None, end: time | None, language: str) -> str:
    """Return from when to when, on a clock on the wall; "" where nobody said."""
    if start is None:
        return ""
    if end is None:
        return locale.text(language, "paper.from", start=_write_hour(start, language))
    return locale.text(
        language, "paper.hours", start=_write_hour(start, language), end=_write_hour(end, language)
    )


def _write_hour(hour: time, language: str) -> str:
    """Return an hour in one piece, without minutes when it is a whole one."""
    if language == "fr":
        words = f"{hour.hour} h {hour.minute:02}" if hour.minute else f"{hour.hour} h"
    else:
        words = _NO_MINUTES.sub("", format_time(hour, "short", locale="en_CA"))
    return _SPACES.sub("\N{NO-BREAK SPACE}", words)


def write_span(first: date, last: date, language: str) -> str:
    """Return from which day to which, both inclusive; the year once where it is the same."""
    if first == last:
        return locale.text(language, "paper.on", day=tell_day(first, language))
    begins = tell_day(first, language)
    if first.year == last.year:
        begins = begins.removesuffix(f" {first.year}").removesuffix(",")
    return locale.text(language, "paper.span", first=begins, last=tell_day(last, language))
