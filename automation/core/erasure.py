"""Who is to be forgotten, and all that has to be done for it.

`plan_erasure` makes one plan of it, which is written like any night's: whole, or not at all.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation.core.enrolment import decide_erasure, last_day, read_answers
from automation.core.mailing import silence
from automation.core.model import Damage, Enrolment, HandledState, Number, Status
from automation.core.plan import CohortChange, leave, list_changes, nothing
from automation.core.summary import make_summary, plan_boards
from automation.core.text import fold
from automation.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from automation.core.ledger import MailState
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot


def whole_people(snapshot: Snapshot, numbers: Collection[Number]) -> frozenset[Number]:
    """Return all the enrolments of the people who have one of these.

    Raises `WrongUsageError` where one of them stands on several rows: which is theirs, nobody can
    tell.
    """
    people = {one.person for one in snapshot.register if one.number in numbers}
    theirs = [one for one in snapshot.register if one.person in people]
    doubled = [one.number for one in theirs if one.damage is Damage.DOUBLED]
    if doubled:
        raise WrongUsageError("erase_doubled", number=doubled[0])
    return frozenset(one.number for one in theirs)


def plan_erasure(
    snapshot: Snapshot,
    numbers: Collection[Number],
    rules: Rules,
    now: datetime,
    fates: Mapping[str, MailState] | None = None,
) -> Plan:
    """Plan to erase people, and nothing else.

    Args:
        numbers: All their enrolments, as `whole_people` returns them.
        fates: What became of their messages on their way, by key, as the mailbox tells.

    Raises `WorkbookError` where a mapped question is missing from the response tabs.
    """
    registrations, _ = read_answers(snapshot, rules)
    decided = decide_erasure(snapshot, registrations, numbers, rules, now)
    plan = replace(
        nothing(now),
        new_tabs=snapshot.missing_tabs,
        new_columns=snapshot.missing_columns,
        changes=list_changes(snapshot, decided),
        cohorts=tuple(
            CohortChange(cohort=cohort, seats=decided.seats[cohort.code])
            for cohort in snapshot.cohorts
            if decided.seats[cohort.code] != cohort.seats
        ),
        mail=silence(snapshot, decided.enrolments, numbers, fates or {}, rules, now),
        seats=tuple(decided.seats.items()),
        erasure=decided.erasure,
    )
    after = leave(snapshot, plan)
    summary = make_summary(after, rules, now, rules.summary.reach)
    return replace(plan, boards=plan_boards(after, summary, rules), summary=summary)


def count_answers(plan: Plan) -> int:
    """Return how many answers of theirs a human has to delete in the form and in the sheet."""
    lines = (line for change in plan.changes for line in change.handled)
    return len({line.key for line in lines if line.state is HandledState.ERASED})


class Overdue(Struct, frozen=True, kw_only=True):
    """Whom the retention period has reached.

    Attributes:
        numbers: All their enrolments.
        people: How many they are.
        cohorts: The last day of each cohort, by code; None for one whose end nothing tells.
    """

    numbers: frozenset[Number]
    people: int
    cohorts: Mapping[str, date | None]


def find_overdue(snapshot: Snapshot, months: int, now: datetime) -> Overdue:
    """Return those whose every enrolment ended so many months ago, or earlier.

    An enrolment ends with its cohort; where that is not known, on the day of its latest news. Those
    on several rows are left out: see `whole_people`.
    """
    today = now.astimezone(snapshot.zone).date()
    days = {cohort.code: last_day(cohort.code, snapshot) for cohort in snapshot.cohorts}
    known = {fold(code): day for code, day in days.items()}
    everyone: defaultdict[Number, list[Enrolment]] = defaultdict(list)
    for one in snapshot.register:
        everyone[one.person].append(one)
    reached = [
        theirs
        for theirs in everyone.values()
        if any(one.status is not Status.ERASED for one in theirs)
        and all(_is_due(one, known, snapshot, months, today) for one in theirs)
    ]
    return Overdue(
        numbers=frozenset(one.number for theirs in reached for one in theirs),
        people=len(reached),
        cohorts=days,
    )


def _is_due(
    one: Enrolment, days: Mapping[str, date | None], snapshot: Snapshot, months: int, today: date
) -> bool:
    if one.status is Status.ERASED:
        return True
    if one.damage is Damage.DOUBLED:
        return False
    told = (one.registered_at, one.queued_at, one.ended_at)
    latest = [at.astimezone(snapshot.zone).date() for at in told if at is not None]
    if fold(one.cohort) in days:
        end = days[fold(one.cohort)]
        if end is None:
            return False
        latest.append(end)
    return bool(latest) and add_months(max(latest), months) <= today


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def count_pending(snapshot: Snapshot) -> int:
    """Return how many answers of erased people nobody has deleted yet, as the last night knew."""
    return sum(line.state is HandledState.ERASED for line in snapshot.handled.values())
