"""The attendance tabs: which to make, whom to add, whom to strike out.

Before a meeting begins its tab follows the register: newly confirmed people come below the others, and
those who left are struck out where they stand. From then on its rows are the organisers' alone.
Nothing is ever moved or taken away, so that no tick is.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation.core.attendance import starts_at
from automation.core.collation import sort_names
from automation.core.model import Enrolment, MeetingState, Number
from automation.core.roll import Roll, RollRow
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import Meeting
    from automation.core.rules import FieldMap, Rules
    from automation.core.snapshot import Snapshot

_LATE = timedelta(days=1)
"""How long after the day of a meeting its tab is still made."""


class RollChange(Struct, frozen=True, kw_only=True):
    """What happens to the attendance tab of a meeting.

    Attributes:
        meeting: With its number.
        before: The tab as it stands; None for one that is to be made.
        added: Rows to add below the other participants, in order.
        changed: Rows as they should be, of participants who are there.
        title: Its new title; None to leave it.
        heading: Whether its heading is to be written.
    """

    meeting: Meeting
    before: Roll | None
    added: tuple[RollRow, ...] = ()
    changed: tuple[RollRow, ...] = ()
    title: bool = False
    heading: bool = False

    @property
    def number(self) -> int:
        """The meeting's."""
        return self.meeting.number or 0

    @property
    def left(self) -> int:
        """How many are struck out."""
        known = {row.number: row.left for row in self.before.rows} if self.before else {}
        return sum(row.left and not known.get(row.number) for row in self.changed)


class Attendees(Struct, frozen=True, kw_only=True):
    """Who may be expected at meetings.

    Attributes:
        confirmed: Those who have a seat, by the folded code of their cohort.
        since: When their latest transition was, for those whom the journal knows.
    """

    confirmed: Mapping[str, Sequence[Enrolment]]
    since: Mapping[Number, datetime]


def plan_rolls(  # noqa: PLR0913 - what is there, who comes, and when
    snapshot: Snapshot,
    meetings: Iterable[Meeting],
    people: Attendees,
    rules: Rules,
    now: datetime,
    *,
    asked: Collection[int] = (),
    trusted: Collection[int] = (),
) -> tuple[RollChange, ...]:
    """Decide what happens to the attendance tabs, in the order of the meetings' numbers.

    Args:
        meetings: Those that have a number, or get one tonight.
        asked: Numbers of meetings whose tab is to be made now, whenever they are.
        trusted: Those of meetings whose rows are put right where a seal does not fit. Only right
            after a write is such a seal known to be ours, beside somebody's number; otherwise
            their ticks may have been torn away.
    """
    changes = (
        _change_roll(
            snapshot,
            meeting,
            people,
            rules,
            now,
            asked=meeting.number in asked,
            trusted=meeting.number in trusted,
        )
        for meeting in sorted(meetings, key=lambda meeting: meeting.number or 0)
    )
    return tuple(change for change in changes if change is not None)


def _change_roll(  # noqa: PLR0913 - what is there, who comes, and when
    snapshot: Snapshot,
    meeting: Meeting,
    people: Attendees,
    rules: Rules,
    now: datetime,
    *,
    asked: bool,
    trusted: bool,
) -> RollChange | None:
    """Return what happens to one meeting's tab; None for nothing."""
    zone = snapshot.zone
    roll = snapshot.rolls.get(meeting.number or 0)
    expected = _list_expected(meeting, people, rules.fields, now, zone)
    if roll is None:
        due = asked or _is_due(meeting, rules, now, zone)
        if meeting.state is MeetingState.CANCELLED or not due:
            return None
        rows = tuple(expected.values())
        return RollChange(meeting=meeting, before=None, added=rows, title=True, heading=True)
    if not roll.readable:
        return None
    known = {row.number for row in roll.rows}
    open_ = _follows(meeting, now, zone)
    change = RollChange(
        meeting=meeting,
        before=roll,
        added=tuple(r for r in expected.values() if r.number not in known) if open_ else (),
        changed=tuple(_follow(roll.rows, expected, trusted=trusted)) if open_ else (),
        title=roll.own_title and not bears(roll.title, meeting),
        heading=roll.stale,
    )
    says = change.added or change.changed or change.title or change.heading
    return change if says else None


def _follows(meeting: Meeting, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the rows of a meeting's tab still follow the register."""
    begins = starts_at(meeting, zone)
    return begins is not None and now < begins and meeting.state is MeetingState.PLANNED


def _is_due(meeting: Meeting, rules: Rules, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a meeting is near enough for its tab to be made, and not long over."""
    if meeting.day is None or meeting.state is not MeetingState.PLANNED:
        return False
    today = now.astimezone(zone).date()
    return meeting.day - timedelta(days=rules.days_before) <= today <= meeting.day + _LATE


def _list_expected(
    meeting: Meeting, people: Attendees, fields: FieldMap, now: datetime, zone: ZoneInfo
) -> dict[Number, RollRow]:
    """Return a row for everybody confirmed when the meeting begins, in alphabetical order."""
    begins = starts_at(meeting, zone)
    confirmed = people.confirmed.get(fold(meeting.cohort), ())
    if begins is not None and begins < now:
        confirmed = [e for e in confirmed if people.since.get(e.number, begins) <= begins]
    return {
        enrolment.number: RollRow(
            number=enrolment.number,
            name=listed_name(enrolment),
            business=business_of(enrolment, fields),
        )
        for enrolment in sort_names(confirmed)
    }


def _follow(
    rows: Iterable[RollRow], expected: Mapping[Number, RollRow], *, trusted: bool
) -> Iterator[RollRow]:
    """Yield the rows that no longer say what the register does."""
    for row in rows:
        if row.torn and not trusted:
            continue
        wanted = expected.get(row.number)
        after = replace(
            row,
            name=wanted.name if wanted else row.name,
            business=wanted.business if wanted else row.business,
            left=wanted is None,
            torn=False,
        )
        if after != row:
            yield after


def listed_name(enrolment: Enrolment) -> str:
    """Return a name as a list shows it: the last name first, where it is known."""
    if enrolment.first_name and enrolment.last_name:
        return f"{enrolment.last_name}, {enrolment.first_name}"
    return enrolment.name


def business_of(enrolment: Enrolment, fields: FieldMap) -> str:
    """Return the name of somebody's business, or else their trade, where the form asks for it."""
    told = dict(zip((field.key for field in fields.extra), enrolment.extra, strict=False))
    return told.get("business") or told.get("trade") or ""


_OURS = re.compile(r"(?:Présences|Attendance) – .+ – (?:\d{4}-\d{2}-\d{2}|…)(?: \d+)?")


def roll_title(meeting: Meeting, language: str) -> str:
    """Return the title that the attendance tab of a meeting is made with."""
    word = "Présences" if language == "fr" else "Attendance"
    return f"{word} – {meeting.cohort} – {meeting.day or '…'}"


def is_our_title(title: str) -> bool:
    """Tell whether a title is one that Cohorte gives, whatever the meeting."""
    return _OURS.fullmatch(title) is not None


def bears(title: str, meeting: Meeting) -> bool:
    """Tell whether a tab of ours already tells the cohort and the day of its meeting."""
    own = {roll_title(meeting, "fr"), roll_title(meeting, "en")}
    return title in own or re.sub(r" \d+$", "", title) in own
