"""Rows that can't be taken at their word are put right, and nothing else is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.enrolment.alerts import RESTORED_FOR
from automation.core.model import STATE_FIELDS, By, Damage, Decision, Enrolment, Status
from automation.core.plan import make_plan, plan_repairs
from tests.world import (
    RULES,
    START,
    answer,
    apply_plan,
    cohort,
    decide,
    enrolment_of,
    in_night,
    sleep,
    snapshot,
    status_of,
    touch,
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

EVE, LUC = (
    answer(name, minute, cohort="C1") for minute, name in enumerate(("Ève Roy", "Luc Caron"))
)


def torn(book: Snapshot, number: int = 1) -> Snapshot:
    return touch(book, number, first_name="Luc", email="luc@exemple.test", damage=Damage.TORN)


def lost(book: Snapshot, number: int = 1) -> Snapshot:
    row = enrolment_of(book, number)
    left = {name: getattr(row, name) for name in STATE_FIELDS}
    gone = Enrolment(number=row.number, **left, damage=Damage.LOST)
    others = (e for e in book.register if e.number != number)
    return replace(book, register=(*others, gone))


def test_repairs_put_a_torn_row_right_and_give_nobody_a_seat() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    raised = replace(torn(book), cohorts=(cohort(places=2),))

    plan = plan_repairs(raised, RULES, in_night(1))

    after = apply_plan(raised, plan)
    assert [(e.kind, e.number, e.by) for e in plan.events] == [("restored", 1, By.COHORTE)]
    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert enrolment_of(after, 1).name == "Ève Roy"
    assert plan.cohorts == ()


def test_repairs_of_a_workbook_that_is_right_are_none() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))

    plan = plan_repairs(book, RULES, in_night(1))

    assert plan.empty


def test_a_row_that_is_gone_comes_back_with_its_seat_and_rank() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))

    seat = sleep(lost(book, 1), night=1)
    rank = sleep(lost(book, 2), night=1)

    assert status_of(seat) == status_of(rank) == {1: "confirmed", 2: "waiting"}
    assert enrolment_of(seat, 1).email == EVE.email
    assert enrolment_of(rank, 2).rank == 1


def test_whoever_came_back_is_restored_with_the_day_on_which_they_first_registered() -> None:
    book = sleep(snapshot([EVE], cohort(places=1)))
    gone = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    again = replace(EVE, at=START + timedelta(days=2))
    back = sleep(with_answers(decide(gone, {1: None}), EVE, again), night=2)

    restored = sleep(torn(back), night=3)

    assert status_of(restored) == status_of(back) == {1: "confirmed"}
    assert enrolment_of(restored, 1).registered_at == enrolment_of(book, 1).registered_at


def test_a_decision_on_a_row_that_was_torn_does_not_act() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))

    after = sleep(decide(torn(book), {1: Decision.REMOVE}), night=1)

    assert enrolment_of(after, 1).status is Status.CONFIRMED
    assert "n’a pas été suivie" in enrolment_of(after, 1).alerts


def test_a_row_that_was_put_right_asks_to_be_looked_at_for_two_weeks() -> None:
    book = sleep(torn(sleep(snapshot([EVE], cohort(places=1)))), night=1)

    before = make_plan(book, RULES, in_night(1) + RESTORED_FOR - timedelta(seconds=1))
    after = make_plan(book, RULES, in_night(1) + RESTORED_FOR)

    assert before.empty
    assert [(c.fields, c.after.alerts) for c in after.changes] == [(("alerts",), "")]


def test_lines_that_the_journal_lost_are_told_again() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    forgetful = replace(book, journal={})

    plan = make_plan(forgetful, RULES, in_night(1))

    assert [(e.kind, e.number, e.after) for e in plan.events] == [
        ("recorded", 1, Status.CONFIRMED),
        ("recorded", 2, Status.WAITING),
    ]
    assert make_plan(apply_plan(forgetful, plan), RULES, in_night(2)).empty
