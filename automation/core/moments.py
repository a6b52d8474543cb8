"""Instants as people say them, in the spreadsheet's time zone."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time

from automation import locale

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

_CALENDARS = {"fr": "fr_CA", "en": "en_CA"}
_CLOCKS = {"fr": "H 'h' mm", "en": "HH:mm"}
_WHOLE_CLOCKS = {"fr": "H 'h'", "en": "HH:mm"}
_DAY = timedelta(days=1)


def tell_day(day: date, language: str) -> str:
    """Return a day in words; the first of a month is "1er" in French."""
    words = format_date(day, "long", locale=_CALENDARS[language])
    return f"1er{words[1:]}" if language == "fr" and words.startswith("1 ") else words


def tell_moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return the day and the hour of an instant; at midnight, the day alone."""
    wall = instant.astimezone(zone)
    day = tell_day(wall.date(), language)
    if wall.time() == time():
        return day
    pattern = (_CLOCKS if wall.minute else _WHOLE_CLOCKS)[language]
    hour = format_time(wall.time(), pattern, locale=_CALENDARS[language])
    return locale.text(language, "moment.at", day=day, hour=hour)


def tell_end(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return when something ends; at midnight, the end of the day before."""
    wall = instant.astimezone(zone)
    if wall.time() != time():
        return tell_moment(instant, zone, language)
    day = tell_day(wall.date() - _DAY, language)
    return locale.text(language, "moment.end_of_day", day=day)
