"""A cohort that follows another: those left waiting in the former one come first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.model import Cohort, Decision
from automation.core.plan import make_plan
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

EVE, LUC, ANNE, PAUL = (
    answer(name, minute, cohort="C1")
    for minute, name in enumerate(("Ève Roy", "Luc Caron", "Anne Dubé", "Paul Roy"))
)
LATER = START + timedelta(days=1)
ANNE_AGAIN, PAUL_AGAIN = (
    replace(one, at=LATER + timedelta(minutes=minute), cohort="C2")
    for minute, one in ((0, ANNE), (1, PAUL))
)
LUC_AGAIN = replace(LUC, at=LATER + timedelta(hours=1), cohort="C2")


def second(places: int = 1, follows: str = "C1", **fields: Any) -> Cohort:
    return cohort("C2", places, row=3, follows=follows, **fields)


def former(*cohorts: Cohort) -> Snapshot:
    """Return a workbook after a night in which Ève got the only place of C1, and Luc waits."""
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    return replace(book, cohorts=(*book.cohorts, *cohorts))


def test_who_was_left_waiting_comes_before_who_answered_earlier() -> None:
    book = with_answers(former(second()), EVE, LUC, ANNE_AGAIN, PAUL_AGAIN, LUC_AGAIN)

    after = sleep(book, night=2)

    who = {e.name: (e.status.value, e.rank) for e in after.register if e.cohort == "C2"}
    assert who == {
        "Luc Caron": ("confirmed", None),
        "Anne Dubé": ("waiting", 1),
        "Paul Roy": ("waiting", 2),
    }


def test_people_of_the_former_cohort_are_recognised() -> None:
    book = with_answers(former(second(2)), EVE, LUC, LUC_AGAIN)

    after = sleep(book, night=2)

    again = enrolment_of(after, 3)
    assert (again.person, again.cohort) == (enrolment_of(after, 2).person, "C2")


def test_who_has_a_place_in_the_former_cohort_does_not_come_first() -> None:
    eve_again = replace(EVE, at=LATER + timedelta(hours=1), cohort="C2")
    book = with_answers(former(second()), EVE, LUC, ANNE_AGAIN, eve_again)

    after = sleep(book, night=2)

    who = {e.name: e.status.value for e in after.register if e.cohort == "C2"}
    assert who == {"Anne Dubé": "confirmed", "Ève Roy": "waiting"}


def test_a_priority_of_the_organisers_comes_before_those_left_waiting() -> None:
    book = former(second(0))
    queued = sleep(with_answers(book, EVE, LUC, ANNE_AGAIN, LUC_AGAIN), night=2)
    preferred = touch(queued, 3, priority=1.0)

    after = sleep(replace(preferred, cohorts=(cohort(places=1), second())), night=3)

    assert [e.rank for e in queued.register] == [None, 1, 2, 1]
    assert status_of(after) == {1: "confirmed", 2: "waiting", 3: "confirmed", 4: "waiting"}


def test_of_two_left_waiting_the_one_who_registered_first_comes_first() -> None:
    first = sleep(snapshot([EVE, LUC, ANNE], cohort(places=1)))
    book = replace(first, cohorts=(cohort(places=1), second()))

    after = sleep(with_answers(book, EVE, LUC, ANNE, LUC_AGAIN, ANNE_AGAIN), night=2)

    who = {e.name: e.status.value for e in after.register if e.cohort == "C2"}
    assert who == {"Anne Dubé": "confirmed", "Luc Caron": "waiting"}


def test_who_is_promoted_in_the_former_cohort_is_no_longer_left_waiting_there() -> None:
    book = with_answers(former(second()), EVE, LUC, ANNE_AGAIN, LUC_AGAIN)

    after = sleep(decide(book, {1: Decision.WITHDRAW}), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "confirmed", 3: "confirmed", 4: "waiting"}


def test_whatever_the_order_of_the_rows_the_former_cohort_is_filled_first() -> None:
    book = with_answers(former(second()), EVE, LUC, ANNE_AGAIN, LUC_AGAIN)
    freed = decide(book, {1: Decision.WITHDRAW})

    one = make_plan(freed, RULES, in_night(2))
    other = make_plan(replace(freed, cohorts=freed.cohorts[::-1]), RULES, in_night(2))

    assert one.events == other.events
    assert one.digest == other.digest


def test_who_joins_the_former_list_afterwards_gains_nothing_by_it() -> None:
    luc_first = replace(LUC, at=LATER + timedelta(hours=1), cohort="C2")
    luc_since = replace(LUC, at=LATER + timedelta(hours=2))
    first = sleep(snapshot([EVE], cohort(places=1)))
    book = replace(first, cohorts=(cohort(places=1), second()))

    after = sleep(with_answers(book, EVE, ANNE_AGAIN, luc_first, luc_since), night=2)

    assert {(e.name, e.cohort): e.status.value for e in after.register} == {
        ("Ève Roy", "C1"): "confirmed",
        ("Anne Dubé", "C2"): "confirmed",
        ("Luc Caron", "C2"): "waiting",
        ("Luc Caron", "C1"): "waiting",
    }


def test_a_third_cohort_follows_the_second_and_not_the_first() -> None:
    third = cohort("C3", 1, row=4, follows="C2")
    anne, luc = (replace(one, cohort="C3") for one in (ANNE_AGAIN, LUC_AGAIN))
    book = with_answers(former(second(), third), EVE, LUC, anne, luc)

    after = sleep(book, night=2)

    who = {e.name: e.status.value for e in after.register if e.cohort == "C3"}
    assert who == {"Anne Dubé": "confirmed", "Luc Caron": "waiting"}


@pytest.mark.parametrize(
    ("cohorts", "alerts"),
    [
        ([cohort(follows="C9")], [True]),
        ([cohort(follows="C1")], [True]),
        ([cohort(follows="C2"), second()], [True, True]),
        ([cohort(follows="C2"), second(), cohort("C3", follows="c1 ")], [True, True, True]),
        ([cohort(), second(follows=" c1")], [False, False]),
        ([cohort(), second(follows="")], [False, False]),
    ],
)
def test_a_cohort_that_follows_none_that_is_there_or_itself_asks_which(
    cohorts: list[Cohort], alerts: list[bool]
) -> None:
    book = snapshot([EVE], *cohorts)

    after = sleep(book)

    assert ["« Suite de" in c.seats.alerts.replace("\u00a0", " ") for c in after.cohorts] == alerts
    assert status_of(after) == {1: "confirmed"}


def test_who_was_left_waiting_keeps_their_place_before_others_night_after_night() -> None:
    queued = sleep(with_answers(former(second(0)), EVE, LUC, ANNE_AGAIN, LUC_AGAIN), night=2)

    plan = make_plan(queued, RULES, in_night(3))

    assert plan.empty
    assert apply_plan(queued, plan).register == queued.register
