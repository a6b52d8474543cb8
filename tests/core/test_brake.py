"""The brake: a night that would hurt many people at once waits for a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.model import Damage, Decision, Enrolment
from automation.core.plan import Plan, make_plan
from tests.world import (
    RULES,
    answer,
    apply_plan,
    cohort,
    decide,
    in_night,
    sleep,
    snapshot,
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

ANSWERS = tuple(
    answer(f"Personne {number}", number, cohort="C1", email=f"p{number}@exemple.test", phone="")
    for number in range(40)
)


def programme(people: int) -> Snapshot:
    return sleep(snapshot(ANSWERS[:people], cohort(places=people)))


def told(plan: Plan) -> tuple[str, dict[str, str | int]] | None:
    return None if plan.brake is None else (plan.brake.code, dict(plan.brake.values))


@pytest.mark.parametrize(
    ("people", "gone", "stops"),
    [(12, 9, False), (12, 10, True), (33, 10, True), (34, 10, False), (40, 12, False)],
)
def test_ten_that_are_more_than_thirty_in_a_hundred_stop_the_night(
    people: int, gone: int, stops: bool
) -> None:
    book = decide(programme(people), dict.fromkeys(range(1, gone + 1), Decision.REMOVE))

    plan = make_plan(book, RULES, in_night(1))

    assert told(plan) == (("brake.endings", {"count": gone, "all": people}) if stops else None)


def test_answers_that_vanished_together_stop_the_night() -> None:
    book = with_answers(programme(12), *ANSWERS[:2])

    plan = make_plan(book, RULES, in_night(1))

    assert told(plan) == ("brake.lost_answers", {"count": 10, "all": 12})


def test_answers_that_vanished_and_were_accepted_as_gone_stop_no_later_night() -> None:
    book = with_answers(programme(12), *ANSWERS[:2])
    forced = apply_plan(book, make_plan(book, RULES, in_night(1)))

    plan = make_plan(forced, RULES, in_night(2))

    assert plan.brake is None
    assert plan.empty


def test_answers_that_were_all_edited_stop_nothing() -> None:
    edited = [replace(one, at=in_night(0), municipality="Tourville") for one in ANSWERS[:12]]

    plan = make_plan(with_answers(programme(12), *edited), RULES, in_night(1))

    assert plan.brake is None


def test_rows_that_are_gone_together_stop_the_night() -> None:
    book = programme(12)
    lost = [
        Enrolment(number=e.number, person=e.person, status=e.status, damage=Damage.LOST)
        for e in book.register[:10]
    ]

    plan = make_plan(replace(book, register=(*lost, *book.register[10:])), RULES, in_night(1))

    assert told(plan) == ("brake.lost_rows", {"count": 10, "all": 12})


def test_people_put_on_hold_and_newcomers_turned_away_are_not_hurt() -> None:
    book = decide(programme(12), dict.fromkeys(range(1, 13), Decision.WAIT))
    closed = replace(book, cohorts=(cohort(places=12, closes=in_night(-1)),))

    plan = make_plan(with_answers(closed, *ANSWERS), RULES, in_night(1))

    assert plan.brake is None
