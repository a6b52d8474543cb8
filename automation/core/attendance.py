"""Attendance: what the rolls of the meetings tell of each enrolment.

A tick always counts. An unticked box means nothing until the organisers say that the roll is called;
only then does it mean absent. Each reading starts anew from the rolls, so that whatever organisers
correct afterwards counts, and two enrolments that were merged have one history.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.instants import from_wall
from automation.core.model import Meeting, MeetingState, Number, Status
from automation.core.roll import Guest, Presence, Roll
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from automation.core.model import Enrolment
    from automation.core.roll import RollRow
    from automation.core.snapshot import Snapshot

_DAY = timedelta(days=1)
_STRONGEST_FIRST = (Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT, Presence.UNKNOWN)


class Presences(Struct, frozen=True, kw_only=True):
    """How often somebody came.

    Attributes:
        unknown: Meetings to which they are expected, or were, whose roll does not tell.
    """

    present: int = 0
    absent: int = 0
    excused: int = 0
    unknown: int = 0

    @property
    def expected(self) -> int:
        """To how many meetings they were expected, or came."""
        return self.present + self.absent + self.excused + self.unknown


class Attendance(Struct, frozen=True, kw_only=True):
    """What one meeting's roll tells.

    Attributes:
        meeting: Its row of Rencontres; it has a number.
        presences: By the number of the enrolment that stays, for merged ones.
        expected: How many are on the roll, or came from it.
        guests: Those who are nobody in the cohort, as far as their name tells.
    """

    meeting: Meeting
    roll: Roll
    presences: Mapping[Number, Presence]
    expected: int
    guests: tuple[Guest, ...]

    @property
    def present(self) -> int:
        """How many of the enrolled came."""
        return sum(presence is Presence.PRESENT for presence in self.presences.values())

    @property
    def told(self) -> bool:
        """Whether anything was ticked or written yet."""
        known = any(presence is not Presence.UNKNOWN for presence in self.presences.values())
        return self.roll.called or known or bool(self.guests)


def read_attendances(snapshot: Snapshot) -> tuple[Attendance, ...]:
    """Return what the rolls tell, in order of time; those of cancelled meetings tell nothing."""
    everyone = {enrolment.number: enrolment for enrolment in snapshot.register}
    held = [
        (meeting, roll)
        for meeting in sorted(snapshot.meetings, key=meeting_order)
        if meeting.state is not MeetingState.CANCELLED
        and (roll := snapshot.rolls.get(meeting.number or 0)) is not None
    ]
    # Looking for names costs a walk through everybody: one, for the cohorts that had guests.
    names = _sole_names(everyone.values(), {fold(m.cohort) for m, roll in held if roll.guests})
    return tuple(
        _attend(meeting, roll, everyone, names.get(fold(meeting.cohort), {}))
        for meeting, roll in held
    )


def _attend(
    meeting: Meeting,
    roll: Roll,
    everyone: Mapping[Number, Enrolment],
    names: Mapping[str, Number],
) -> Attendance:
    """Return what a roll tells, given who has which name in the meeting's cohort."""
    told: dict[Number, Presence] = {}
    for row in roll.rows:
        presence = _presence(row, called=roll.called)
        if presence is not None:
            number = staying(row.number, everyone)
            told[number] = _stronger(presence, told.get(number))
    expected = len(told)
    guests: list[Guest] = []
    for guest in roll.guests:
        known = names.get(_name_key(guest.name))
        if known is None:
            guests.append(guest)
        else:
            told[known] = Presence.PRESENT
    return Attendance(
        meeting=meeting,
        roll=roll,
        presences=told,
        expected=expected,
        guests=tuple(guests),
    )


def _presence(row: RollRow, *, called: bool) -> Presence | None:
    """Return what a row tells; None for somebody who was no longer expected, and did not come."""
    if row.torn:
        return Presence.UNKNOWN
    if row.present:
        return Presence.PRESENT
    if row.left:
        return None
    if row.excused:
        return Presence.EXCUSED
    return Presence.ABSENT if called else Presence.UNKNOWN


def _stronger(one: Presence, other: Presence | None) -> Presence:
    """Return what counts of two rows of one person."""
    return one if other is None else min(one, other, key=_STRONGEST_FIRST.index)


def staying(number: Number, everyone: Mapping[Number, Enrolment]) -> Number:
    """Return the enrolment that a merged one became, or itself."""
    seen = {number}
    while (enrolment := everyone.get(number)) is not None and enrolment.merged_into is not None:
        gone = enrolment.status in {Status.MERGED, Status.ERASED}
        if not gone or enrolment.merged_into in seen:
            break
        number = enrolment.merged_into
        seen.add(number)
    return number


def _sole_names(
    register: Iterable[Enrolment], cohorts: Collection[str]
) -> dict[str, dict[str, Number]]:
    """Return the enrolments of cohorts by name, those alone whose name nobody else there has.

    Args:
        cohorts: Folded codes, as the keys of what is returned.
    """
    found: dict[str, defaultdict[str, set[Number]]] = {code: defaultdict(set) for code in cohorts}
    for enrolment in register if cohorts else ():
        code = fold(enrolment.cohort)
        if code in found and enrolment.status not in {Status.MERGED, Status.ERASED}:
            found[code][_name_key(enrolment.name)].add(enrolment.number)
    return {
        code: {name: min(who) for name, who in named.items() if name and len(who) == 1}
        for code, named in found.items()
    }


def _name_key(name: str) -> str:
    """Return a name as it is compared: folded, in whichever order its words come."""
    return " ".join(sorted(fold(name).split()))


def count_presences(snapshot: Snapshot) -> dict[Number, Presences]:
    """Return how often each enrolment came that any roll tells of."""
    return tally(read_attendances(snapshot))


def tally(attendances: Iterable[Attendance]) -> dict[Number, Presences]:
    """Return how often each enrolment came, by the number of the one that stays."""
    counts: defaultdict[Number, Counter[Presence]] = defaultdict(Counter)
    for attendance in attendances:
        for number, presence in attendance.presences.items():
            counts[number][presence] += 1
    return {
        number: Presences(
            present=count[Presence.PRESENT],
            absent=count[Presence.ABSENT],
            excused=count[Presence.EXCUSED],
            unknown=count[Presence.UNKNOWN],
        )
        for number, count in counts.items()
    }


def find_absences(attendances: Iterable[Attendance]) -> dict[Number, tuple[int, int]]:
    """Return who missed the last two meetings that tell of them, and which those are.

    Args:
        attendances: In order of time.
    """
    last: defaultdict[Number, list[tuple[Presence, int]]] = defaultdict(list)
    for attendance in attendances:
        for number, presence in attendance.presences.items():
            if presence is not Presence.UNKNOWN:
                last[number].append((presence, attendance.meeting.number or 0))
    found = {number: told[-2:] for number, told in last.items() if len(told) > 1}
    return {
        number: (first, second)
        for number, ((one, first), (other, second)) in found.items()
        if one is other is Presence.ABSENT
    }


def uncalled(
    attendances: Iterable[Attendance], now: datetime, zone: ZoneInfo
) -> tuple[Meeting, ...]:
    """Return the meetings of former days whose roll nobody has called yet."""
    today = now.astimezone(zone).date()
    return tuple(
        attendance.meeting
        for attendance in attendances
        if attendance.meeting.day is not None
        and attendance.meeting.day < today
        and attendance.meeting.state is MeetingState.PLANNED
        and not attendance.roll.called
    )


def starts_at(meeting: Meeting, zone: ZoneInfo) -> datetime | None:
    """Return when a meeting begins; the end of its day where no hour is told, None without a day."""
    if meeting.day is None:
        return None
    if meeting.start is None:
        return from_wall(datetime.combine(meeting.day, time()) + _DAY, zone)
    return from_wall(datetime.combine(meeting.day, meeting.start), zone)


def meeting_order(meeting: Meeting) -> tuple[object, ...]:
    """Return a sort key: by time, those without a day last, then by what tells them apart."""
    day = (meeting.day is None, meeting.day.isoformat() if meeting.day else "")
    clock = (meeting.start is None, meeting.start.isoformat() if meeting.start else "")
    return (*day, *clock, meeting.cohort, meeting.theme, meeting.place, meeting.row)


def next_meetings(
    meetings: Iterable[Meeting], now: datetime, zone: ZoneInfo
) -> tuple[Meeting, ...]:
    """Return each cohort's first meeting that has a number and has not begun, in order of time."""
    found: dict[str, Meeting] = {}
    for meeting in sorted(meetings, key=meeting_order):
        begins = starts_at(meeting, zone)
        held = meeting.number is not None and meeting.state is MeetingState.PLANNED
        if held and begins is not None and begins > now:
            found.setdefault(fold(meeting.cohort), meeting)
    return tuple(found.values())
