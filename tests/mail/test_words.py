from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from automation.core.model import Meeting
from automation.mail.words import (
    begin_sentence,
    count_things,
    greet,
    list_things,
    tell_day,
    tell_hour,
    tell_meeting,
    tell_moment,
)

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (date(2023, 1, 16), "fr", "lundi 16\xa0janvier 2023"),
        (date(2023, 3, 1), "fr", "mercredi 1er\xa0mars 2023"),
        (date(2023, 8, 11), "fr", "vendredi 11\xa0août 2023"),
        (date(2023, 1, 1), "en", "Sunday, January\xa01, 2023"),
    ],
)
def test_a_day_is_told_in_words(day: date, language: str, words: str) -> None:
    assert tell_day(day, language) == words


@pytest.mark.parametrize(
    ("hour", "language", "words"),
    [
        (time(18, 30), "fr", "18\xa0h\xa030"),
        (time(18), "fr", "18\xa0h"),
        (time(9, 5), "fr", "9\xa0h\xa005"),
        (time(18, 30), "en", "6:30\xa0p.m."),
        (time(9), "en", "9\xa0a.m."),
    ],
)
def test_an_hour_is_told_as_people_say_it(hour: time, language: str, words: str) -> None:
    assert tell_hour(hour, language) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2023, 1, 16, 23, 30, tzinfo=UTC), "lundi 16\xa0janvier 2023 à 18\xa0h\xa030"),
        (datetime(2023, 7, 16, 22, 30, tzinfo=UTC), "dimanche 16\xa0juillet 2023 à 18\xa0h\xa030"),
        (datetime(2023, 1, 17, 5, tzinfo=UTC), "lundi 16\xa0janvier 2023 à 23\xa0h\xa059"),
    ],
)
def test_a_moment_is_told_in_the_spreadsheets_zone_and_midnight_as_a_days_end(
    instant: datetime, words: str
) -> None:
    assert tell_moment(instant, TORONTO, "fr") == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (time(18, 30), time(21), "lundi 16\xa0janvier 2023, de 18\xa0h\xa030 à 21\xa0h"),
        (time(18, 30), None, "lundi 16\xa0janvier 2023, à 18\xa0h\xa030"),
        (None, None, "lundi 16\xa0janvier 2023"),
    ],
)
def test_a_meeting_is_told_with_the_hours_it_has(
    start: time | None, end: time | None, words: str
) -> None:
    meeting = Meeting(row=2, day=date(2023, 1, 16), start=start, end=end)

    assert tell_meeting(meeting, "fr") == words


@pytest.mark.parametrize(
    ("count", "language", "words"),
    [(0, "fr", "0\xa0a"), (1, "fr", "1\xa0a"), (2, "fr", "2\xa0b"), (0, "en", "0\xa0b")],
)
def test_none_is_singular_in_french_alone(count: int, language: str, words: str) -> None:
    assert count_things(count, language, "a", "b") == words


@pytest.mark.parametrize(
    ("things", "words"), [([], ""), (["a"], "a"), (["a", "", "b"], "a et b"), ("abc", "a, b et c")]
)
def test_things_are_listed_in_a_sentence(things: list[str], words: str) -> None:
    assert list_things(things, "fr") == words


def test_a_sentence_begins_with_a_capital_and_keeps_the_others() -> None:
    assert begin_sentence("à L’Islet") == "À L’Islet"
    assert begin_sentence("") == ""


def test_somebody_without_a_first_name_is_greeted_too() -> None:
    assert greet("Hélène", "fr") == "Bonjour Hélène,"
    assert greet("", "en") == "Hello,"
