"""Somebody who answers all day long has one place, and keeps nobody waiting."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from automation.core.model import Status
from automation.core.plan import make_plan
from tests.world import RULES, START, answer, apply_plan, cohort, in_night, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from _typeshed import TraceFunction

    from automation.core.snapshot import Snapshot
    from tests.world import Answer


def _all_day(count: int, phone: Callable[[int], str] = lambda _: "418 555-0101") -> Snapshot:
    """Return answers of one name and address within a minute, and another person's after them."""
    answers: list[Answer] = [
        answer(
            "Ève Roy",
            at=START + timedelta(milliseconds=50_000 * index // count),
            email="eve@exemple.test",
            phone=phone(index),
        )
        for index in range(count)
    ]
    return snapshot([*answers, answer("Luc Côté", minute=2)], cohort(places=2))


def test_who_answers_all_day_has_one_place_and_takes_none_from_others() -> None:
    before = _all_day(400)

    after = apply_plan(before, make_plan(before, RULES, in_night(0)))

    statuses = [enrolment.status for enrolment in after.register]
    assert statuses.count(Status.CONFIRMED) == 2
    assert statuses.count(Status.MERGED) == 399
    assert after.register[-1].name == "Luc Côté"
    assert after.register[-1].status is Status.CONFIRMED
    assert make_plan(after, RULES, in_night(0)).empty


@pytest.mark.parametrize(
    "phone",
    [lambda _: "418 555-0101", lambda index: f"418 {200 + index // 9999}-{index % 9999:04}"],
)
def test_twice_as_many_answers_are_about_twice_the_work(phone: Callable[[int], str]) -> None:
    few, many = _all_day(300, phone), _all_day(600, phone)

    once = _count_lines(lambda: make_plan(few, RULES, in_night(0)))
    twice = _count_lines(lambda: make_plan(many, RULES, in_night(0)))

    assert twice < 2.6 * once


def _count_lines(work: Callable[[], object]) -> int:
    """Return how many lines of Python a piece of work runs: the same on every machine."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(former)
    return count
