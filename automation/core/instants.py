"""Serial date-times of Sheets, and instants.

Sheets counts days since 1899-12-30 in the spreadsheet's own time zone, without its offset
(https://developers.google.com/workspace/sheets/api/guides/formats). The hour that comes twice in
autumn is read as its first occurrence, always, so that reading and writing agree.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock's epoch has no zone
_DAY_MS = 86_400_000
_LAST_SERIAL = 2_958_463  # 9999-12-29: before datetime ends, though zones and days be added
_FIRST_YEAR = 1900  # as in Sheets
_TYPED = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
    r"(?:[T ]+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)


def to_wall(cell: Cell) -> datetime | None:
    """Return the wall-clock date-time of a serial, or of an ISO-like text; None if neither.

    Milliseconds are kept, less is rounded away.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str):
        return _typed_wall(cell.strip())
    if not 0 <= cell < _LAST_SERIAL:
        return None
    return _EPOCH + timedelta(milliseconds=round(cell * _DAY_MS))


def _typed_wall(text: str) -> datetime | None:
    found = _TYPED.fullmatch(text)
    if found is None:
        return None
    parts = {name: int(value) for name, value in found.groupdict(default="0").items()}
    try:
        wall = datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
    return wall if wall.year >= _FIRST_YEAR and wall_serial(wall) < _LAST_SERIAL else None


def from_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which a clock on the wall in that zone shows that time."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def to_instant(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """Return the instant, in UTC, that a cell shows in that zone; None if it shows none."""
    wall = to_wall(cell)
    return None if wall is None else from_wall(wall, zone)


def to_serial(instant: datetime, zone: ZoneInfo) -> float:
    """Return the serial whose wall clock in that zone is the instant's, to the millisecond."""
    return wall_serial(instant.astimezone(zone).replace(tzinfo=None))


def wall_serial(wall: datetime) -> float:
    """Return the serial of a wall-clock date-time, to the millisecond."""
    return round((wall - _EPOCH) / timedelta(milliseconds=1)) / _DAY_MS


def as_shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant that is read back where this one is shown in that zone."""
    wall = to_wall(to_serial(instant, zone))
    return instant if wall is None else from_wall(wall, zone)


def to_day(cell: Cell) -> date | None:
    """Return the day that a cell shows, whatever the hour; None if it shows none."""
    wall = to_wall(cell)
    return None if wall is None else wall.date()


def to_time(cell: Cell) -> time | None:
    """Return the time of day of a serial or of a text such as 18:30 or 18 h 30; None if neither."""
    if isinstance(cell, str):
        found = re.fullmatch(r"(\d{1,2}) ?[:hH] ?(\d{2})?(?::\d{2})?", cell.strip())
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2] or 0)
        return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a clock
    wall = to_wall(cell)
    return None if wall is None else wall.time().replace(microsecond=0)
