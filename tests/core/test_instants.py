"""Serial date-times, and instants."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.instants import (
    from_wall,
    to_day,
    to_instant,
    to_serial,
    to_time,
    to_wall,
    wall_serial,
)

TORONTO = ZoneInfo("America/Toronto")
ZONES = st.sampled_from([TORONTO, ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Apia")])


def test_a_serial_counts_days_since_the_end_of_1899() -> None:
    wall = to_wall(44942.75)

    assert wall == datetime(2023, 1, 16, 18)  # noqa: DTZ001 - a wall clock


def test_a_serial_is_read_in_the_zone_of_the_spreadsheet() -> None:
    instant = to_instant(44942.75, TORONTO)

    assert instant == datetime(2023, 1, 16, 23, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_read_as_the_first() -> None:
    wall = datetime(2023, 11, 5, 1, 30)  # noqa: DTZ001 - a wall clock

    instant = from_wall(wall, TORONTO)

    assert instant == datetime(2023, 11, 5, 5, 30, tzinfo=UTC)
    assert to_instant(to_serial(instant, TORONTO), TORONTO) == instant


def test_the_hour_that_never_comes_is_some_instant_all_the_same() -> None:
    wall = datetime(2023, 3, 12, 2, 30)  # noqa: DTZ001 - a wall clock

    instant = from_wall(wall, TORONTO)

    assert instant == datetime(2023, 3, 12, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [None, "", True, "hier", "2023-13-01", "0000-01-01", "2023-01-16T99:00", -1, 1e300, math.nan],
)
def test_what_shows_no_time_is_none(cell: str | float | None) -> None:
    assert to_instant(cell, TORONTO) is None
    assert to_day(cell) is None


@pytest.mark.parametrize("cell", ["0001-01-01", "9999-12-31 23:59", 2958465, 2958465.99999])
def test_an_instant_beyond_the_calendar_is_none(cell: str | float) -> None:
    assert to_instant(cell, TORONTO) is None
    assert to_instant(cell, ZoneInfo("Asia/Tokyo")) is None


@pytest.mark.parametrize(
    "text", ["2023-01-16 18:30", "2023/1/16 18h30", "2023-01-16T18:30:00", " 2023-01-16 18:30 "]
)
def test_a_date_typed_as_text_is_read(text: str) -> None:
    instant = to_instant(text, TORONTO)

    assert instant == datetime(2023, 1, 16, 23, 30, tzinfo=UTC)


def test_a_day_is_read_whatever_the_hour() -> None:
    days = [to_day(44942), to_day(44942.99), to_day("2023-01-16 09:00")]

    assert set(days) == {date(2023, 1, 16)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (0.75, time(18)),
        (44942.75, time(18)),
        ("18:30", time(18, 30)),
        ("18 h 30", time(18, 30)),
        ("18h", time(18)),
        ("18:30:15", time(18, 30)),
        ("25:00", None),
        ("midi", None),
        (None, None),
        (-0.5, None),
    ],
)
def test_a_time_of_day_is_read(cell: str | float | None, expected: time | None) -> None:
    assert to_time(cell) == expected


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 29)),  # noqa: DTZ001 - wall clocks
    ZONES,
)
def test_a_wall_clock_survives_its_serial(wall: datetime, zone: ZoneInfo) -> None:
    wall = wall.replace(microsecond=wall.microsecond // 1000 * 1000)

    read = to_wall(wall_serial(wall))

    assert read == wall
    assert from_wall(wall, zone).tzinfo is UTC


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), ZONES)  # noqa: DTZ001 - bounds
def test_reading_what_was_written_gives_the_same_cell(instant: datetime, zone: ZoneInfo) -> None:
    serial = to_serial(instant, zone)

    again = to_instant(serial, zone)

    assert again is not None
    assert to_serial(again, zone) == serial


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_any_cell_is_read_without_a_word(cell: str | float | None) -> None:
    instant = to_instant(cell, TORONTO)

    assert instant is None or instant.tzinfo is UTC
    to_time(cell)
    to_day(cell)
