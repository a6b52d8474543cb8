"""The plan of a night: everything that it would write, decided from a snapshot.

`values` are what a plan is made of; each other module decides one part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.attendance import read_attendances
from automation.core.brake import find_brake
from automation.core.doors import Doors, read_doors
from automation.core.enrolment import (
    Decided,
    decide_enrolments,
    decide_repairs,
    decide_verdicts,
    read_answers,
)
from automation.core.pairs import list_pairs
from automation.core.plan.changes import list_changes
from automation.core.plan.leaving import leave
from automation.core.plan.mail import plan_evening
from automation.core.plan.meetings import (
    follow_meetings,
    gather_attendees,
    list_meetings,
    number_meetings,
)
from automation.core.plan.remarks import list_notices, list_problems
from automation.core.plan.values import Change, CohortChange, MeetingChange, Plan, nothing
from automation.core.replies import read_replies
from automation.core.roll_sheets import plan_rolls
from automation.core.summary import make_summary, plan_boards

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.model import PairKey, Problem, Registration, Verdict
    from automation.core.replies import Reply
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot


__all__ = [
    "Change",
    "CohortChange",
    "MeetingChange",
    "Plan",
    "leave",
    "list_changes",
    "make_plan",
    "nothing",
    "plan_repairs",
    "plan_sheets",
    "plan_verdicts",
]


def make_plan(snapshot: Snapshot, rules: Rules, now: datetime) -> Plan:
    """Decide what a night would do at an instant.

    Args:
        now: An aware instant.

    Raises `WorkbookError` where a mapped question is missing from the response tabs.
    """
    answers = read_answers(snapshot, rules)
    replies = read_replies(snapshot.replies, rules.place_form, snapshot.zone)
    attendances = read_attendances(snapshot)
    plan = _make_plan(snapshot, answers, replies, rules, now, attendances)
    after = leave(snapshot, plan)
    told = attendances if after is snapshot else read_attendances(after)
    if _differ(told, attendances):
        # A roll that is made tonight, or a merger, changes who came to what, and so the figures.
        plan = _make_plan(snapshot, answers, replies, rules, now, told)
        after = leave(snapshot, plan)
    summary = make_summary(after, rules, now, rules.summary.reach, told)
    return replace(plan, boards=plan_boards(after, summary, rules), summary=summary)


def _differ(some: Sequence[Attendance], others: Sequence[Attendance]) -> bool:
    """Tell whether rolls tell other things; what a new name on one is called is none."""
    names = ("presences", "guests", "expected", "present", "told")
    one, other = (
        [(a.meeting.number, *(getattr(a, name) for name in names)) for a in attendances]
        for attendances in (some, others)
    )
    return one != other


def _make_plan(  # noqa: PLR0913, PLR0917 - all that a night knows
    snapshot: Snapshot,
    answers: tuple[tuple[Registration, ...], tuple[Problem, ...]],
    replies: tuple[tuple[Reply, ...], tuple[Problem, ...]],
    rules: Rules,
    now: datetime,
    attendances: Sequence[Attendance],
) -> Plan:
    """Return the plan of a night but for its boards.

    Args:
        answers: All of them, and what could not be read; so are `replies`.
        attendances: What the rolls tell once the night is over.
    """
    registrations, problems = answers
    told, unread = replies
    decided = decide_enrolments(snapshot, registrations, told, rules, now, attendances)
    changes = list_changes(snapshot, decided)
    meetings = follow_meetings(number_meetings(snapshot))
    people = gather_attendees(snapshot, decided, now)
    mail, sections = plan_evening(snapshot, decided, meetings, attendances, people, rules, now)
    return Plan(
        now=now,
        new_tabs=snapshot.missing_tabs,
        new_columns=snapshot.missing_columns,
        changes=changes,
        pairs=list_pairs(snapshot, decided, rules.language),
        cohorts=tuple(
            CohortChange(cohort=cohort, seats=decided.seats[cohort.code])
            for cohort in snapshot.cohorts
            if decided.seats[cohort.code] != cohort.seats
        ),
        meetings=list_meetings(meetings, attendances, decided, snapshot, now),
        rolls=plan_rolls(snapshot, meetings, people, rules, now),
        mail=mail,
        sections=sections,
        seats=tuple(decided.seats.items()),
        problems=(
            *snapshot.problems,
            *problems,
            *unread,
            *list_problems(snapshot, decided, registrations),
        ),
        notices=tuple(list_notices(snapshot, len(registrations))),
        erasure=decided.erasure,
        brake=find_brake(snapshot, changes),
        doors=_read_doors(snapshot, decided, now),
    )


def _read_doors(snapshot: Snapshot, decided: Decided, now: datetime) -> Doors | None:
    if not snapshot.cohorts:
        return None
    return read_doors(snapshot.cohorts, decided.seats, decided.enrolments.values(), now)


def plan_repairs(
    snapshot: Snapshot, rules: Rules, now: datetime, rolls: Collection[int] = ()
) -> Plan:
    """Plan to put right the rows that can't be taken at their word, and nothing else.

    Args:
        rolls: Numbers of the meetings whose attendance tab was not found as just written.
    """
    registrations, _ = read_answers(snapshot, rules)
    decided = decide_repairs(snapshot, registrations, rules, now)
    meetings = [meeting for meeting in snapshot.meetings if meeting.number in rolls]
    people = gather_attendees(snapshot, decided, now)
    pairs = list_pairs(snapshot, decided, rules.language)
    return replace(
        nothing(now),
        changes=list_changes(snapshot, decided),
        pairs=tuple(pair for pair in pairs if pair.before is None or pair.before.torn),
        rolls=plan_rolls(snapshot, meetings, people, rules, now, trusted=rolls),
    )


def plan_sheets(snapshot: Snapshot, rules: Rules, now: datetime, asked: Collection[int]) -> Plan:
    """Plan to make the attendance tabs of some meetings, by number, and nothing else."""
    decided = decide_verdicts(snapshot, {}, rules, now)
    meetings = [meeting for meeting in snapshot.meetings if meeting.number in asked]
    people = gather_attendees(snapshot, decided, now)
    rolls = plan_rolls(snapshot, meetings, people, rules, now, asked=asked)
    return replace(nothing(now), rolls=tuple(roll for roll in rolls if roll.before is None))


def plan_verdicts(
    snapshot: Snapshot, verdicts: Mapping[PairKey, Verdict], rules: Rules, now: datetime
) -> Plan:
    """Plan to note what an organiser says of pairs, and nothing else."""
    decided = decide_verdicts(snapshot, verdicts, rules, now)
    shown = list_pairs(snapshot, decided, rules.language)
    return replace(nothing(now), pairs=tuple(pair for pair in shown if pair.events))
