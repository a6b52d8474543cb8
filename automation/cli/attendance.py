"""attendance: the tabs on which organisers call the roll, and what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from automation.cli import Command, Group
from automation.cli.context import Session, new_token, pass_session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from rich.table import Table

    from automation.core.attendance import Attendance
    from automation.core.model import Enrolment, Number
    from automation.core.snapshot import Snapshot

_MARKS = {"present": "✓", "absent": "–", "excused": "E", "unknown": "?"}


@click.group(cls=Group)
def attendance() -> None:
    """Look after the attendance tabs."""


@attendance.command(cls=Command)
@click.option("--meeting", type=int, multiple=True)
@pass_session
def sheets(session: Session, meeting: tuple[int, ...]) -> None:
    """Make the attendance tabs now."""
    from automation.core.attendance import next_meetings
    from automation.night import make_sheets

    def choose(snapshot: Snapshot, now: datetime) -> Collection[int]:
        require_meetings(snapshot, meeting)
        following = next_meetings(snapshot.meetings, now, snapshot.zone)
        return meeting or [one.number or 0 for one in following]

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        plan = make_sheets(
            workspace.http,
            workspace.config,
            choose,
            moment=session.moment,
            token=new_token(),
        )
    for roll in plan.rolls:
        session.say("attendance.made", meeting=roll.number, count=len(roll.added))
    if not plan.rolls:
        session.say("attendance.nothing")


def require_meetings(snapshot: Snapshot, numbers: Iterable[int]) -> None:
    """Raise where a number is no meeting's."""
    from automation.errors import WrongUsageError

    known = sorted(meeting.number for meeting in snapshot.meetings if meeting.number is not None)
    for number in numbers:
        if number not in known:
            told = ", ".join(map(str, known)) or "–"
            raise WrongUsageError("unknown_meeting", number=number, numbers=told)


def attendance_tables(session: Session, snapshot: Snapshot) -> Iterator[Table]:
    """Yield a table for each cohort: people down, meetings across."""
    from automation.core.attendance import read_attendances

    by_cohort: dict[str, list[Attendance]] = {}
    for one in read_attendances(snapshot):
        by_cohort.setdefault(one.meeting.cohort, []).append(one)
    everyone = {enrolment.number: enrolment for enrolment in snapshot.register}
    for cohort, attendances in by_cohort.items():
        yield _cohort_table(session, cohort, attendances, everyone)


def _cohort_table(
    session: Session,
    cohort: str,
    attendances: Sequence[Attendance],
    everyone: dict[Number, Enrolment],
) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from automation.core.attendance import tally
    from automation.core.collation import sort_names
    from automation.core.roll_sheets import listed_name

    title = session.text("attendance.title", cohort=cohort)
    table = Table(title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    table.caption, table.caption_justify = session.text("attendance.legend"), "left"
    table.add_column(session.text("column.number"), justify="right")
    table.add_column(session.text("column.name"))
    for one in attendances:
        day = f"\n{one.meeting.day:%m-%d}" if one.meeting.day else ""
        heading = session.text("said.number", number=one.meeting.number)
        table.add_column(f"{heading}{day}", justify="center", no_wrap=True)
    table.add_column(session.text("column.total"), justify="right")
    counts = tally(attendances)
    for enrolment in sort_names(everyone[number] for number in counts if number in everyone):
        number = enrolment.number
        told = (one.presences.get(number) for one in attendances)
        marks = (_MARKS[presence] if presence else "" for presence in told)
        total = f"{counts[number].present}/{counts[number].expected}"
        table.add_row(str(number), escape(listed_name(enrolment)), *marks, total)
    if any(one.guests for one in attendances):
        guests = (str(len(one.guests) or "") for one in attendances)
        table.add_row("", session.text("attendance.guests"), *guests, "", style="bright_black")
    return table


def attendance_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return who came to which meeting, guests without a number, for a script."""
    from automation.core.attendance import read_attendances

    everyone = {enrolment.number: enrolment for enrolment in snapshot.register}
    rows: list[dict[str, Any]] = []
    for one in read_attendances(snapshot):
        day = one.meeting.day
        about = {
            "meeting": one.meeting.number,
            "cohort": one.meeting.cohort,
            "date": day.isoformat() if day else None,
        }
        for number, presence in sorted(one.presences.items()):
            name = everyone[number].name if number in everyone else ""
            rows.append({**about, "number": number, "name": name, "presence": presence.value})
        rows += [
            {**about, "number": None, "name": guest.name, "presence": "present"}
            for guest in one.guests
        ]
    return rows
