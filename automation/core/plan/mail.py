"""What a night has to tell people and the committee."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from automation.core.announcements import is_off, told_start
from automation.core.attendance import starts_at, uncalled
from automation.core.digest import is_worth_reading, list_news, list_unapproved, list_waiting
from automation.core.mailing import Evening, MailPlan, plan_mail
from automation.core.model import MeetingState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.enrolment import Decided
    from automation.core.letters import Section
    from automation.core.model import Meeting
    from automation.core.roll_sheets import Attendees
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot


def plan_evening(  # noqa: PLR0913, PLR0917 - all that a night knows
    snapshot: Snapshot,
    decided: Decided,
    meetings: Sequence[Meeting],
    attendances: Sequence[Attendance],
    people: Attendees,
    rules: Rules,
    now: datetime,
) -> tuple[MailPlan, tuple[Section, ...]]:
    """Decide what is written to whom, and what the committee's digest says."""
    if rules.post is None:
        return MailPlan(), ()
    before = {meeting.row: meeting for meeting in snapshot.meetings}
    news = tuple(list_news(snapshot, decided.enrolments, decided.events, rules, now))
    wall = now.astimezone(snapshot.zone)
    rolls = uncalled(attendances, now, snapshot.zone)
    waiting = tuple(list_waiting(snapshot, decided.enrolments, decided.pairings, rolls, rules))
    eve = wall.date() - timedelta(days=1)
    evening = Evening(
        snapshot=snapshot,
        enrolments=decided.enrolments,
        events=decided.events,
        meetings=meetings,
        moved={
            m.number or 0: before[m.row].told
            for m in meetings
            if m.sequence != before[m.row].sequence and _matters(m, before[m.row], now, snapshot)
        },
        attendances=attendances,
        since=people.since,
        units=decided.bonds,
        awaited=is_worth_reading(news, waiting, wall) or any(m.day == eve for m in rolls),
        rules=rules,
        now=now,
    )
    mail = plan_mail(evening)
    return mail, (*news, *waiting, *list_unapproved(mail.waiting, rules))


def _matters(after: Meeting, before: Meeting, now: datetime, snapshot: Snapshot) -> bool:
    """Tell whether people should hear that a meeting moved: it is to come, or was."""
    was = told_start(before.told, snapshot.zone)
    starts = [start for start in (starts_at(after, snapshot.zone), was) if start is not None]
    still_off = after.state is not MeetingState.PLANNED and is_off(before.told)
    return any(start > now for start in starts) and not still_off
