"""What needs a decision of the committee today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.attendance import find_absences, uncalled
from automation.core.awaited import awaits_call, has_odd_decision
from automation.core.identity import valid_email
from automation.core.model import HOLDING, LIVE, HandledState, Status
from automation.core.summary.tables import Row, Table
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.model import Enrolment
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

NONE_TODAY = Table(key="today", columns=("count",))


def count_today(
    snapshot: Snapshot, rules: Rules, now: datetime, attendances: Sequence[Attendance]
) -> Table:
    """Return how many of each kind there are, in order of urgency: people, pairs, rolls, cohorts."""
    live = [one for one in snapshot.register if one.status in LIVE]
    absent = find_absences(attendances)
    counts = {
        "to_review": sum(one.status is Status.TO_REVIEW for one in live),
        "odd_decisions": sum(has_odd_decision(one) for one in snapshot.register),
        "duplicates": sum(row.verdict is None and not row.torn for row in snapshot.pair_rows),
        "calls": sum(awaits_call(one, rules) for one in live),
        "to_phone": sum(not awaits_call(one, rules) and _is_to_phone(one, rules) for one in live),
        "uncalled": len(uncalled(attendances, now, snapshot.zone)),
        "absent_twice": sum(
            one.status is Status.CONFIRMED and one.number in absent for one in live
        ),
        "over_cap": _count_over_cap(snapshot, live),
        "erasures": sum(line.state is HandledState.ERASED for line in snapshot.handled.values()),
    }
    rows = tuple(Row(key=key, figures=(count,)) for key, count in counts.items())
    return Table(key="today", columns=("count",), rows=rows)


def _is_to_phone(one: Enrolment, rules: Rules) -> bool:
    """Tell whether somebody is reached by phone only."""
    has_phone = bool(one.phone) or not rules.fields.phone
    return bool(rules.fields.email) and has_phone and not valid_email(one.email)


def _count_over_cap(snapshot: Snapshot, live: Sequence[Enrolment]) -> int:
    held: dict[str, int] = {}
    for one in live:
        if one.status in HOLDING:
            code = fold(one.cohort)
            held[code] = held.get(code, 0) + 1
    return sum(
        cohort.places is not None and held.get(fold(cohort.code), 0) > cohort.places
        for cohort in snapshot.cohorts
    )
