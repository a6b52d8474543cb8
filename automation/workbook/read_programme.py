"""The organisers' own tabs: cohorts and meetings, with a problem for each cell that can't be read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from automation.core.instants import from_wall, to_day, to_time, to_wall
from automation.core.model import (
    OFFER_WINDOW,
    Cohort,
    Meeting,
    MeetingState,
    Problem,
    Promotion,
    Seats,
    phrase,
)
from automation.core.text import fold
from automation.workbook.cells import (
    is_blank,
    parse_checkbox,
    parse_integer,
    parse_label,
    parse_number,
    parse_text,
)
from automation.workbook.seals import seal_meeting

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from automation.workbook.sheet import Row, Sheet

_DAY = timedelta(days=1)
_LONGEST_WINDOW = 24 * 366
"""Hours: a year."""


def read_cohorts(
    sheet: Sheet | None, zone: ZoneInfo
) -> tuple[tuple[Cohort, ...], tuple[Problem, ...]]:
    """Return the cohorts in the order of the sheet; codes are unique, compared folded."""
    cohorts: dict[str, Cohort] = {}
    problems: list[Problem] = []
    for row in sheet.rows() if sheet else ():
        if not sheet or not any(not is_blank(row.get(key)) for key in ("code", "name", "places")):
            continue
        code = parse_text(row.get("code"))
        if not code:
            problems.append(sheet.problem(row, phrase("problem.cohort_without_code"), "code"))
        elif not fold(code):  # compared by letters and digits, it would be like no code at all
            problems.append(sheet.problem(row, phrase("problem.cohort_code_mute"), "code"))
        elif fold(code) in cohorts:
            doubled = phrase("problem.cohort_doubled", code=code)
            problems.append(sheet.problem(row, doubled, "code", damage=True))
        else:
            cohorts[fold(code)] = _cohort(sheet, row, code, zone, problems)
    return tuple(cohorts.values()), tuple(problems)


def _cohort(sheet: Sheet, row: Row, code: str, zone: ZoneInfo, problems: list[Problem]) -> Cohort:
    return Cohort(
        code=code,
        row=row.index + 1,
        name=parse_text(row.get("name")),
        places=_count(sheet, row, "places", problems),
        waiting_limit=_count(sheet, row, "waiting_limit", problems),
        opens=_instant(sheet, row, "opens", zone, problems),
        closes=_instant(sheet, row, "closes", zone, problems, end_of_day=True),
        reserved=max(0, _count(sheet, row, "reserved", problems) or 0),
        reserved_for=parse_text(row.get("reserved_for")),
        reserved_until=_instant(sheet, row, "reserved_until", zone, problems, end_of_day=True),
        promotion=Promotion(_choice(sheet, row, "promotion", problems) or Promotion.OFFER),
        window=_window(sheet, row, problems),
        last_offer=_instant(sheet, row, "last_offer", zone, problems, end_of_day=True),
        follows=parse_text(row.get("follows")),
        attestation_at=_count(sheet, row, "attestation_at", problems),
        paused=parse_checkbox(row.get("paused")),
        seats=Seats(
            confirmed=parse_integer(row.get("confirmed")),
            offered=parse_integer(row.get("offered")),
            waiting=parse_integer(row.get("waiting")),
            free=parse_integer(row.get("free")),
            alerts=parse_text(row.get("alerts")),
        ),
    )


def read_meetings(sheet: Sheet | None) -> tuple[tuple[Meeting, ...], tuple[Problem, ...]]:
    """Return the meetings in the order of the sheet; numbers are unique."""
    meetings: list[Meeting] = []
    problems: list[Problem] = []
    seen: set[int] = set()
    for row in sheet.rows() if sheet else ():
        if not sheet or is_blank(row.get("cohort")):
            continue
        meeting = _meeting(sheet, row, problems)
        if meeting.number in seen or not meeting.sealed:
            message = phrase("problem.meeting_torn", number=meeting.number or 0)
            problems.append(sheet.problem(row, message, "number", damage=True))
            continue
        if meeting.number is not None:
            seen.add(meeting.number)
        meetings.append(meeting)
    return tuple(meetings), tuple(problems)


def _meeting(sheet: Sheet, row: Row, problems: list[Problem]) -> Meeting:
    number = parse_integer(row.get("number"))
    cohort = parse_text(row.get("cohort"))
    seal = parse_text(row.get("seal"))
    expected_seal = "" if number is None else seal_meeting(number, cohort)
    day = to_day(row.get("date"))
    if day is None and not is_blank(row.get("date")):
        problems.append(sheet.unreadable(row, "date", "problem.not_a_date"))
    return Meeting(
        row=row.index + 1,
        number=number,
        cohort=cohort,
        day=day,
        start=to_time(row.get("start")),
        end=to_time(row.get("end")),
        theme=parse_text(row.get("theme")),
        place=parse_text(row.get("place")),
        host=parse_text(row.get("host")),
        state=MeetingState(_choice(sheet, row, "state", problems) or MeetingState.PLANNED),
        sequence=parse_integer(row.get("sequence")) or 0,
        told=parse_text(row.get("told")),
        expected=parse_integer(row.get("expected")),
        present=parse_integer(row.get("present")),
        guests=parse_integer(row.get("guests")),
        sealed=seal == expected_seal,
    )


def _count(sheet: Sheet, row: Row, key: str, problems: list[Problem]) -> int | None:
    cell = row.get(key)
    number = parse_integer(cell)
    if number is None and not is_blank(cell):
        problems.append(sheet.unreadable(row, key, "problem.not_a_number"))
    return number


def _window(sheet: Sheet, row: Row, problems: list[Problem]) -> timedelta:
    """Return how long an offer holds: a number of hours, with a fraction if they like."""
    cell = row.get("window_hours")
    hours = parse_number(cell)
    if hours is not None and 0 < hours <= _LONGEST_WINDOW:
        return timedelta(hours=hours)
    if not is_blank(cell):
        problems.append(sheet.unreadable(row, "window_hours", "problem.not_a_number"))
    return OFFER_WINDOW


def _instant(  # noqa: PLR0913 - where it stands, what it means, where to complain
    sheet: Sheet,
    row: Row,
    key: str,
    zone: ZoneInfo,
    problems: list[Problem],
    *,
    end_of_day: bool = False,
) -> datetime | None:
    """Return the instant of a date, or of a date and hour; a bare closing date is inclusive."""
    cell = row.get(key)
    wall = to_wall(cell)
    if wall is None:
        if not is_blank(cell):
            problems.append(sheet.unreadable(row, key, "problem.not_a_date"))
        return None
    if end_of_day and wall.time() == time():
        wall += _DAY
    return from_wall(wall, zone)


def _choice(sheet: Sheet, row: Row, key: str, problems: list[Problem]) -> str | None:
    cell = row.get(key)
    label = parse_label(sheet.tab.column(key).choices, cell)
    if label is None and not is_blank(cell):
        problems.append(sheet.unreadable(row, key, "problem.not_a_choice"))
    return label
