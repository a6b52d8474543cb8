"""A time zone as iCalendar tells it: VTIMEZONE (RFC 5545, 3.6.5), made from zoneinfo.

Where a zone keeps the same rules, as Toronto has since 2007, they are told as two yearly rules,
which is what Outlook understands best; any other change is told by itself.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

_LAST_YEAR = 2037  # as far as the 32-bit tables of time zones go
_WEEK = 7
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)


class _Change(NamedTuple):
    """A moment at which clocks are put forward or back.

    Attributes:
        wall: What they show at that moment, before they are touched.
        before: From UTC; so is `after`.
        name: The abbreviation afterwards.
        summer: Whether daylight saving time begins, or goes on.
    """

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=64)
def make_timezone(zone: ZoneInfo, first: date) -> Timezone:
    """Return the zone's rules, good from the first of January of the year before a day on."""
    start = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    end = datetime(max(_LAST_YEAR, first.year + 1) + 1, 1, 1, tzinfo=UTC)
    changes = list(_find_changes(zone, start, end))
    component = Timezone()
    component.add("tzid", zone.key)
    if not changes or changes[0].wall.date() > first:
        component.add_component(_observe([_still(zone, start)], None))
    for same, rule in _group_changes(changes, end.year - 1):
        component.add_component(_observe(same, rule))
    return component


def _find_changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[_Change]:
    """Yield the changes between two instants, in order, each found to the second."""
    at = start
    while at < end:
        if _state(zone, at) != _state(zone, at + _DAY):
            yield _find_change(zone, at, at + _DAY)
        at += _DAY


def _find_change(zone: ZoneInfo, low: datetime, high: datetime) -> _Change:
    former = _state(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _state(zone, middle) == former else (low, middle)
    before, after = former[0], _state(zone, high)[0]
    return _Change((high + before).replace(tzinfo=None), before, *_tell(zone, high, after))


def _still(zone: ZoneInfo, at: datetime) -> _Change:
    """Return the state at an instant, as if clocks had been put to it then."""
    offset = _state(zone, at)[0]
    return _Change((at + offset).replace(tzinfo=None), offset, *_tell(zone, at, offset))


def _tell(zone: ZoneInfo, at: datetime, offset: timedelta) -> tuple[timedelta, str, bool]:
    wall = at.astimezone(zone)
    return offset, wall.tzname() or "", bool(wall.dst())


def _state(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str | None, timedelta | None]:
    wall = at.astimezone(zone)
    return wall.utcoffset() or timedelta(), wall.tzname(), wall.dst()


def _group_changes(
    changes: Sequence[_Change], last_year: int
) -> Iterator[tuple[list[_Change], dict[str, object] | None]]:
    """Yield the changes that follow one yearly rule, with it; the others by what they lead to."""
    alike: defaultdict[tuple[object, ...], list[_Change]] = defaultdict(list)
    for change in changes:
        alike[change.wall.month, change.wall.time(), *change[1:]].append(change)
    left: defaultdict[tuple[object, ...], list[_Change]] = defaultdict(list)
    for same in alike.values():
        rule = _find_rule(same, last_year)
        if rule is not None:
            yield same, rule
        else:
            left[same[0][1:]].extend(same)
    for same in left.values():
        yield sorted(same), None


def _find_rule(same: Sequence[_Change], last_year: int) -> dict[str, object] | None:
    """Return "the second Sunday of March" where these changes fall on it every year to the end."""
    years = [change.wall.year for change in same]
    if len(years) < 2 or years != list(range(years[0], last_year + 1)):  # noqa: PLR2004
        return None
    if len({change.wall.weekday() for change in same}) > 1:
        return None
    nth = {(change.wall.day - 1) // _WEEK + 1 for change in same}
    last = all((change.wall + _WEEK * _DAY).month != change.wall.month for change in same)
    if len(nth) > 1 and not last:
        return None
    which = -1 if last else nth.pop()
    weekday = _WEEKDAYS[same[0].wall.weekday()]
    return {"freq": "yearly", "bymonth": same[0].wall.month, "byday": f"{which}{weekday}"}


def _observe(
    same: Sequence[_Change], rule: dict[str, object] | None
) -> TimezoneStandard | TimezoneDaylight:
    first = same[0]
    component = TimezoneDaylight() if first.summer else TimezoneStandard()
    component.add("dtstart", first.wall)
    if rule is not None:
        component.add("rrule", rule)
    elif len(same) > 1:
        component.add("rdate", [change.wall for change in same[1:]])
    component.add("tzoffsetfrom", first.before)
    component.add("tzoffsetto", first.after)
    component.add("tzname", first.name)
    return component
