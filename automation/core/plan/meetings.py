"""The numbers and figures of Rencontres, and who is expected there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.announcements import announce
from automation.core.attendance import meeting_order, starts_at
from automation.core.model import MOVES, Enrolment, Status
from automation.core.plan.values import MeetingChange
from automation.core.roll_sheets import Attendees
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.enrolment import Decided
    from automation.core.model import Meeting, Number
    from automation.core.snapshot import Snapshot


def number_meetings(snapshot: Snapshot) -> tuple[Meeting, ...]:
    """Return the meetings of a cohort that is there; new ones get a number in order of time."""
    codes = {fold(cohort.code) for cohort in snapshot.cohorts}
    ours = [m for m in snapshot.meetings if m.sealed and fold(m.cohort) in codes]
    unnumbered = sorted((m for m in ours if m.number is None), key=meeting_order)
    numbers = {m.row: n for n, m in enumerate(unnumbered, start=snapshot.highest_meeting + 1)}
    return tuple(replace(m, number=m.number or numbers[m.row]) for m in ours)


def list_meetings(
    meetings: Iterable[Meeting],
    attendances: Iterable[Attendance],
    decided: Decided,
    snapshot: Snapshot,
    now: datetime,
) -> tuple[MeetingChange, ...]:
    """Return the meetings whose number or figures differ from the sheet's.

    Until a meeting begins, its cohort's confirmed are expected; then, those on its roll.
    """
    confirmed = {fold(code): seats.confirmed or 0 for code, seats in decided.seats.items()}
    told = {attendance.meeting.number: attendance for attendance in attendances}
    before = {meeting.row: meeting for meeting in snapshot.meetings}
    changes = []
    for meeting in meetings:
        attendance = told.get(meeting.number)
        expected = confirmed[fold(meeting.cohort)]
        begins = starts_at(meeting, snapshot.zone)
        if attendance is not None and begins is not None and begins <= now:
            expected = attendance.expected
        says = attendance is not None and attendance.told
        changes.append(
            MeetingChange(
                meeting=before[meeting.row],
                number=meeting.number or 0,
                expected=expected,
                present=attendance.present if attendance and says else None,
                guests=len(attendance.guests) if attendance and says else None,
                sequence=meeting.sequence,
                told=meeting.told,
            )
        )
    return tuple(change for change in changes if _differs(change))


def _differs(change: MeetingChange) -> bool:
    meeting = change.meeting
    names = ("number", "expected", "present", "guests", "sequence", "told")
    return any(getattr(meeting, name) != getattr(change, name) for name in names)


def follow_meetings(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return the meetings with what people are told of them from now on."""
    followed = []
    for meeting in meetings:
        told = announce(meeting) or meeting.told
        moved = bool(meeting.told) and told != meeting.told
        sequence = meeting.sequence + moved
        followed.append(replace(meeting, told=told, sequence=sequence))
    return tuple(followed)


def gather_attendees(snapshot: Snapshot, decided: Decided, now: datetime) -> Attendees:
    """Return who has a seat, and since when."""
    confirmed: defaultdict[str, list[Enrolment]] = defaultdict(list)
    since: dict[Number, datetime] = {}
    for enrolment in decided.enrolments.values():
        if enrolment.status is not Status.CONFIRMED:
            continue
        confirmed[fold(enrolment.cohort)].append(enrolment)
        entry = snapshot.journal.get(enrolment.number)
        if any(event.kind in MOVES for event in decided.events.get(enrolment.number, ())):
            since[enrolment.number] = now
        elif entry is not None and entry.moved_at is not None:
            since[enrolment.number] = entry.moved_at
    return Attendees(confirmed=confirmed, since=since)
