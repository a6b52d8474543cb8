"""Whom the retention period has reached, and what stays of who was erased: figures."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from automation.core.erasure import add_months, find_overdue, plan_erasure, whole_people
from automation.core.model import Damage, Meeting, MeetingState, Number, Status
from automation.core.summary import make_summary
from automation.errors import WrongUsageError
from tests.world import RULES, answer, apply_plan, cohort, enrolment_of, sleep, snapshot, status_of

MET = Meeting(row=2, number=1, cohort="C1", day=date(2023, 3, 27))
LATER = datetime(2025, 3, 27, 12, tzinfo=UTC)
TWO = snapshot(
    [answer("Ève Roy", cohort="C1"), answer("Luc Caron", 1, cohort="C2")],
    cohort("C1"),
    cohort("C2", row=3),
    meetings=(MET,),
)


def test_who_was_in_a_cohort_that_ended_so_long_ago_is_overdue() -> None:
    overdue = find_overdue(sleep(TWO), 24, LATER)

    assert overdue.numbers == {1}
    assert overdue.cohorts == {"C1": date(2023, 3, 27), "C2": None}


def test_a_day_earlier_nobody_is() -> None:
    assert not find_overdue(sleep(TWO), 24, LATER.replace(day=26)).numbers


@pytest.mark.parametrize("changed", [{"state": MeetingState.POSTPONED}, {"day": None}])
def test_a_meeting_that_waits_for_its_date_keeps_a_cohort_open(changed: dict[str, object]) -> None:
    waiting = replace(MET, row=3, number=2, **changed)

    overdue = find_overdue(replace(sleep(TWO), meetings=(MET, waiting)), 24, LATER)

    assert not overdue.numbers


def test_one_enrolment_under_way_keeps_all_of_a_person() -> None:
    after = sleep(TWO)
    both = tuple(replace(e, person=Number(1)) for e in after.register)

    assert not find_overdue(replace(after, register=both), 24, LATER).numbers


def test_a_number_on_two_rows_is_nobodys_to_erase() -> None:
    after = sleep(TWO)
    doubled = tuple(replace(e, damage=Damage.DOUBLED) for e in after.register)

    with pytest.raises(WrongUsageError):
        whole_people(replace(after, register=doubled), [Number(1)])


def test_after_the_end_of_a_cohort_its_figures_stay_and_its_seats_are_not_given_again() -> None:
    after = sleep(TWO)
    plan = plan_erasure(after, [Number(1)], RULES, LATER)
    before = make_summary(after, RULES, LATER)

    erased = apply_plan(after, plan)

    assert status_of(erased)[1] == Status.ERASED
    assert enrolment_of(erased, 1).name == ""
    assert plan.cohorts == ()
    assert plan.summary is not None
    assert plan.summary.cohorts.rows == before.cohorts.rows
    assert plan.summary.comparison.rows == before.comparison.rows
    assert plan.summary.weeks.rows == before.weeks.rows


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2023, 3, 27), 24, date(2025, 3, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2023, 1, 31), 0, date(2023, 1, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, due: date) -> None:
    assert add_months(day, months) == due
