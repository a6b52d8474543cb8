"""Several cohorts, their periods, pauses and ends, and one person in several."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from automation.core.model import Decision, Promotion, Status
from automation.core.plan import make_plan
from tests.world import (
    RULES,
    RULES_WITHOUT_CHOICE,
    START,
    answer,
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

EVE, LUC = (
    answer(name, minute, cohort="C1") for minute, name in enumerate(("Ève Roy", "Luc Caron"))
)
IN_BOTH = replace(EVE, at=START + timedelta(minutes=5), cohort="C2")
FULL = cohort(places=0)
SECOND = cohort("C2", 1, row=3)


def test_each_cohort_fills_its_own_places_from_its_own_queue() -> None:
    book = snapshot([EVE, LUC, IN_BOTH], cohort(places=1), SECOND)

    after = sleep(book)

    assert {(e.name, e.cohort): e.status.value for e in after.register} == {
        ("Ève Roy", "C1"): "confirmed",
        ("Luc Caron", "C1"): "waiting",
        ("Ève Roy", "C2"): "confirmed",
    }
    assert [c.seats.confirmed for c in after.cohorts] == [1, 1]


def test_a_decision_about_one_enrolment_of_somebody_leaves_their_others() -> None:
    book = sleep(snapshot([EVE, LUC, IN_BOTH], cohort(places=1), SECOND))

    after = sleep(decide(book, {3: Decision.REMOVE}), night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting", 3: "removed"}


def test_who_registers_again_in_the_same_cohort_is_in_it_once() -> None:
    again = replace(IN_BOTH, at=START + timedelta(hours=1))

    after = sleep(snapshot([EVE, IN_BOTH, again], cohort(), SECOND))

    assert [(e.cohort, e.status.value) for e in after.register] == [
        ("C1", "confirmed"),
        ("C2", "confirmed"),
        ("C2", "merged"),
    ]
    assert enrolment_of(after, 3).merged_into == 2


def test_a_paused_cohort_gives_nothing_and_still_hears_everybody() -> None:
    offering = cohort(places=1, promotion=Promotion.OFFER, paused=True)
    book = sleep(snapshot([EVE, LUC], replace(offering, places=0, paused=False)))
    paused = sleep(replace(book, cohorts=(offering,)), night=1)
    called = touch(paused, 1, called_at=in_night(1))

    offered = sleep(called, night=2)
    over = sleep(offered, night=9)
    resumed = sleep(replace(over, cohorts=(replace(offering, paused=False),)), night=10)

    assert status_of(paused) == {1: "waiting", 2: "waiting"}
    assert status_of(offered) == {1: "offered", 2: "waiting"}
    assert status_of(over) == {1: "expired", 2: "waiting"}
    assert status_of(resumed) == {1: "expired", 2: "offered"}


def test_a_paused_cohort_pauses_no_other() -> None:
    book = snapshot([EVE, IN_BOTH], cohort(paused=True), SECOND)

    after = sleep(book)

    assert status_of(after) == {1: "waiting", 2: "confirmed"}


@pytest.mark.parametrize(
    ("opens", "closes", "status"),
    [
        (EVE.at, None, Status.CONFIRMED),
        (START + timedelta(seconds=1), None, Status.NOT_ADMITTED),
        (None, EVE.at, Status.NOT_ADMITTED),
        (None, START + timedelta(seconds=1), Status.CONFIRMED),
    ],
)
def test_an_answer_is_admitted_from_the_opening_and_until_the_closing(
    opens: datetime | None, closes: datetime | None, status: Status
) -> None:
    book = snapshot([EVE], cohort(opens=opens, closes=closes))

    after = sleep(book)

    assert enrolment_of(after, 1).status is status


def test_a_closing_that_comes_after_the_answer_ends_nothing() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    closed = replace(book, cohorts=(cohort(places=2, closes=START + timedelta(hours=1)),))

    after = sleep(closed, night=30)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}


@pytest.mark.parametrize(
    "change",
    [
        {"opens": START + timedelta(hours=-1)},
        {"closes": START + timedelta(hours=2)},
    ],
)
def test_a_period_that_is_widened_later_admits_by_a_new_answer_or_a_decision(
    change: dict[str, Any],
) -> None:
    narrow: dict[str, Any] = {
        "opens": START + timedelta(minutes=30),
        "closes": START + timedelta(minutes=40),
    }
    book = sleep(snapshot([EVE, replace(LUC, at=START + timedelta(hours=1))], cohort(**narrow)))
    widened = replace(book, cohorts=(cohort(**{**narrow, **change}),))
    assert set(status_of(book).values()) == {"not_admitted"}

    unchanged = make_plan(widened, RULES, in_night(1))
    decided = sleep(decide(widened, {1: Decision.RESTORE}), night=1)

    assert unchanged.events == ()
    assert enrolment_of(decided, 1).status is Status.CONFIRMED
    assert enrolment_of(decided, 1).queued_at == EVE.at


def test_an_answer_that_names_a_closed_cohort_is_not_admitted_to_the_open_one() -> None:
    closed = cohort(closes=START)

    after = sleep(snapshot([EVE], closed, SECOND))

    assert [(e.cohort, e.status.value) for e in after.register] == [("C1", "not_admitted")]


def test_without_the_question_the_next_period_takes_up_who_was_not_admitted_anew() -> None:
    first = cohort(closes=START + timedelta(days=1))
    second = replace(SECOND, opens=START + timedelta(days=2))
    between, later = (replace(EVE, cohort="", at=START + timedelta(days=d)) for d in (1.5, 2))
    book = sleep(snapshot([between], first, second), RULES_WITHOUT_CHOICE, night=1)

    after = sleep(with_answers(book, between, later), RULES_WITHOUT_CHOICE, night=2)

    assert [(e.cohort, e.status.value) for e in after.register] == [
        ("", "to_review"),
        ("C2", "confirmed"),
    ]


def test_nobody_in_a_cohort_that_is_gone_moves_and_it_is_said() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    gone = replace(book, cohorts=(SECOND,))

    plan = make_plan(gone, RULES, in_night(1))

    assert plan.events == ()
    assert [p.message.code for p in plan.problems] == ["problem.cohort_gone"]
    assert plan.damaged


def test_a_cohort_that_comes_back_goes_on_where_it_stood() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    gone = sleep(replace(book, cohorts=(SECOND,)), night=1)

    back = sleep(replace(gone, cohorts=(cohort(places=2), SECOND)), night=2)

    assert status_of(gone) == status_of(book)
    assert status_of(back) == {1: "confirmed", 2: "confirmed"}


def test_a_decision_in_a_cohort_that_is_gone_waits_for_it() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    gone = sleep(decide(replace(book, cohorts=(SECOND,)), {2: Decision.CONFIRM}), night=1)

    back = sleep(replace(gone, cohorts=(cohort(places=1), SECOND)), night=2)

    assert status_of(gone) == {1: "confirmed", 2: "waiting"}
    assert "cohorte n’est pas connue" in enrolment_of(gone, 2).alerts
    assert status_of(back) == {1: "confirmed", 2: "confirmed"}


def test_whoever_is_ahead_counts_by_priority_then_time_then_number() -> None:
    names = ("A A", "B B", "C C", "D D")
    same = [answer(name, cohort="C1") for name in names[:2]]
    late = [answer(name, 10, cohort="C1") for name in names[2:]]
    book = sleep(snapshot([*late, *same], FULL))

    after = sleep(touch(touch(book, 3, priority=2.5), 1, priority=-1.0), night=1)

    assert [e.rank for e in after.register] == [4, 2, 1, 3]


def test_a_rank_that_was_restored_passes_those_who_came_since() -> None:
    book = sleep(snapshot([EVE, LUC], FULL))
    left = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)

    back = sleep(decide(left, {1: Decision.RESTORE}), night=2)

    assert enrolment_of(left, 2).rank == 1
    assert [(e.number, e.rank) for e in back.register] == [(1, 1), (2, 2)]


def test_a_restored_rank_gets_the_free_seat_in_its_turn() -> None:
    book = sleep(snapshot([EVE, LUC], FULL))
    left = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)

    back = sleep(decide(replace(left, cohorts=(cohort(places=1),)), {1: Decision.RESTORE}), night=2)

    assert status_of(back) == {1: "confirmed", 2: "waiting"}
