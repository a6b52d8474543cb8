"""Days, hours and counts as people say them: the filters that templates use.

Hours are those of the wall in the spreadsheet's time zone. In French, "18 h 30" with no-break
spaces (Office québécois de la langue française, Heure); in English, "6:30 p.m.".
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time

from automation import locale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from automation.core.model import Meeting

_CALENDARS = {"fr": "fr_CA", "en": "en_CA"}
_DAYS = {"fr": "EEEE d\N{NO-BREAK SPACE}MMMM y", "en": "EEEE, MMMM\N{NO-BREAK SPACE}d, y"}
_FIRST_OF_MONTH = "EEEE '1er'\N{NO-BREAK SPACE}MMMM y"
_CLOCKS = {"fr": "H 'h' mm", "en": "h:mm a"}
_WHOLE_CLOCKS = {"fr": "H 'h'", "en": "h a"}
_MINUTE = timedelta(minutes=1)
_NO_BREAK = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=4096)
def tell_day(day: date, language: str) -> str:
    """Return a day with its weekday, without an article: "lundi 16 janvier 2023"."""
    pattern = _FIRST_OF_MONTH if language == "fr" and day.day == 1 else _DAYS[language]
    return format_date(day, pattern, locale=_CALENDARS[language])


@lru_cache(maxsize=4096)
def tell_hour(hour: time, language: str) -> str:
    """Return an hour: "18 h 30", "18 h"."""
    pattern = (_CLOCKS if hour.minute else _WHOLE_CLOCKS)[language]
    return format_time(hour, pattern, locale=_CALENDARS[language]).replace(" ", _NO_BREAK)


def tell_wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what clocks in the zone show at that instant; at midnight, a minute earlier.

    23:59 of the day before is what people mean by a day's end, and no one takes it for the next.
    """
    wall = instant.astimezone(zone)
    return wall - _MINUTE if wall.time() == time() else wall


def tell_moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return a day and an hour: "lundi 16 janvier 2023 à 18 h 30"."""
    wall = tell_wall(instant, zone)
    day, hour = tell_day(wall.date(), language), tell_hour(wall.time(), language)
    return locale.text(language, "mail.moment", day=day, hour=hour)


def tell_meeting(meeting: Meeting, language: str) -> str:
    """Return when a meeting is: "lundi 16 janvier 2023, de 18 h 30 à 21 h"; "" without a day."""
    if meeting.day is None:
        return ""
    day = tell_day(meeting.day, language)
    if meeting.start is None:
        return day
    start = tell_hour(meeting.start, language)
    if meeting.end is None:
        return locale.text(language, "mail.from", day=day, start=start)
    end = tell_hour(meeting.end, language)
    return locale.text(language, "mail.from_to", day=day, start=start, end=end)


def count_things(count: int, language: str, one: str, many: str) -> str:
    """Return a count and what is counted: "1 rencontre"; in French 0 is singular, as 1 is."""
    few = count in ({0, 1} if language == "fr" else {1})
    return f"{count}{_NO_BREAK}{one if few else many}"


def list_things(things: Iterable[str], language: str) -> str:
    """Return the things in one sentence: "a, b et c"; empty ones are left out."""
    *others, last = [thing for thing in things if thing] or [""]
    if not others:
        return last
    return locale.text(language, "mail.list", others=", ".join(others), last=last)


def begin_sentence(text: str) -> str:
    """Return the text with a capital first."""
    return text[:1].upper() + text[1:]


def greet(first_name: str, language: str) -> str:
    """Return how a message begins: "Bonjour Hélène," or "Bonjour,"."""
    if not first_name:
        return locale.text(language, "mail.greeting_nobody")
    return locale.text(language, "mail.greeting", name=first_name)
