"""What people know of a meeting: when and where, as they were last told."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from automation.core.attendance import starts_at
from automation.core.model import Meeting, MeetingState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_OFF: Final = "off"
_HELD: Final = "held"


def announce(meeting: Meeting) -> str:
    """Return when and where a meeting is, in the form in which Rencontres keeps what was told.

    Such as "held|2023-01-16|18:30|21:00|Salle communautaire"; "off" for one that is cancelled or
    postponed. "" while it has no day: there is nothing to tell.
    """
    if meeting.day is None:
        return ""
    state = _HELD if meeting.state is MeetingState.PLANNED else _OFF
    clocks = (f"{clock:%H:%M}" if clock else "" for clock in (meeting.start, meeting.end))
    return "|".join((state, meeting.day.isoformat(), *clocks, meeting.place))


def is_off(told: str) -> bool:
    """Tell whether people last heard that a meeting would not be held."""
    return told.startswith(f"{_OFF}|")


def read_told(told: str, meeting: Meeting) -> Meeting | None:
    """Return a meeting as people knew it; None where that can't be read."""
    parts = told.split("|", maxsplit=4)
    try:
        _, day, start, end, place = parts
        return Meeting(
            row=meeting.row,
            number=meeting.number,
            cohort=meeting.cohort,
            day=date.fromisoformat(day),
            start=time.fromisoformat(start) if start else None,
            end=time.fromisoformat(end) if end else None,
            theme=meeting.theme,
            place=place,
            host=meeting.host,
        )
    except ValueError:
        return None


def told_start(told: str, zone: ZoneInfo) -> datetime | None:
    """Return when a meeting begins as people knew it; None where that can't be read."""
    known = read_told(told, Meeting(row=0))
    return starts_at(known, zone) if known else None
