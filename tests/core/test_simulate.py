"""What tonight would do if a cohort were otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.model import HOLDING, Promotion, Seats, Status
from automation.core.plan import make_plan
from automation.core.simulate import Scenario, simulate
from tests.world import (
    RULES,
    RULES_WITH_GROUP,
    answer,
    apply_plan,
    cohort,
    in_night,
    sleep,
    snapshot,
    status_of,
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.rules import Rules
    from automation.core.simulate import Simulation
    from automation.core.snapshot import Snapshot

NAMES = ("A B", "C D", "E F", "G H", "I J")
QUEUE = [answer(name, minute, cohort="C1") for minute, name in enumerate(NAMES)]


def waiting_in(places: int = 2, rules: Rules = RULES, **fields: Any) -> Snapshot:
    """Return a workbook in which five people asked for a cohort's places, a night ago."""
    return sleep(snapshot(QUEUE, cohort(places=places, **fields)), rules)


def suppose(book: Snapshot, rules: Rules = RULES, **scenario: Any) -> Simulation:
    """Return what a scenario for the first cohort would change of the second night."""
    return simulate(book, rules, in_night(1), Scenario(cohort="C1", **scenario))


def outcomes(found: Simulation) -> dict[int, tuple[str | None, str | None]]:
    """Return everybody's state without and with the change, in the order told."""
    return {
        d.number: (
            d.plain.status.value if d.plain else None,
            d.changed.status.value if d.changed else None,
        )
        for d in found.differences
    }


def codes(found: Simulation) -> list[str]:
    """Return what is said of a scenario."""
    return [phrase.code.removeprefix("simulate.") for phrase in found.sentences]


def test_more_places_go_down_the_queue_and_the_others_move_up() -> None:
    found = suppose(waiting_in(), places=4)

    assert outcomes(found) == {3: ("waiting", "confirmed"), 4: ("waiting", "confirmed")}
    assert (found.advanced, found.set_back) == (1, 0)
    assert (found.plain_seats.confirmed, found.changed_seats.confirmed) == (2, 4)
    assert codes(found) == ["places", "more", "ranks"]


def test_fewer_places_take_nobodys_and_say_by_how_many_the_group_is_over() -> None:
    found = suppose(waiting_in(places=4), places=1)

    assert outcomes(found) == {}
    assert found.changed_seats.free == -3
    assert codes(found) == ["places", "over", "same"]


def test_fewer_places_keep_the_seats_that_tonight_would_have_given() -> None:
    book = waiting_in()
    wider = replace(book, cohorts=(replace(book.cohorts[0], places=5),))

    found = suppose(wider, places=3)

    assert outcomes(found) == {4: ("confirmed", "waiting"), 5: ("confirmed", "waiting")}
    assert codes(found) == ["places", "fewer"]


def test_a_shorter_window_lets_an_offer_end_before_the_last_one() -> None:
    book = waiting_in(promotion=Promotion.OFFER, last_offer=in_night(3))
    book = replace(book, cohorts=(replace(book.cohorts[0], places=3),))

    found = suppose(book, window=timedelta(hours=24))

    assert outcomes(found) == {3: ("waiting", "offered")}
    assert codes(found) == ["window", "more", "ranks"]


def test_offers_under_way_keep_their_deadline() -> None:
    book = waiting_in()
    row = replace(book.register[0], status=Status.OFFERED, deadline=in_night(2))
    journal = {**book.journal, row.number: replace(book.journal[row.number], state=row.state)}
    book = replace(book, register=(row, *book.register[1:]), journal=journal)

    found = suppose(book, window=timedelta(hours=24))

    assert codes(found) == ["window", "kept_deadlines", "same"]


def test_released_places_go_to_the_head_of_the_queue() -> None:
    book = waiting_in(rules=RULES_WITH_GROUP, reserved=2, reserved_for="CDC")

    found = suppose(book, RULES_WITH_GROUP, release=True)

    assert outcomes(found) == {1: ("waiting", "confirmed"), 2: ("waiting", "confirmed")}
    assert codes(found) == ["released", "more", "ranks"]


@pytest.mark.parametrize("fields", [{}, {"reserved": 1, "reserved_until": in_night(0)}])
def test_without_reserved_places_there_is_nothing_to_release(fields: dict[str, Any]) -> None:
    found = suppose(waiting_in(**fields), release=True)

    assert codes(found) == ["none_reserved", "same"]


def test_a_seat_in_one_cohort_changes_who_comes_first_in_the_next() -> None:
    book = sleep(
        snapshot(
            [
                *QUEUE[:2],
                answer("Z Y", 50, cohort="C2"),
                answer("C D", 60, cohort="C2"),
            ],
            cohort("C1", places=1),
            cohort("C2", places=0, row=3, follows="C1"),
        )
    )

    found = suppose(book, places=2)

    assert (found.advanced, found.set_back) == (1, 1)


def test_an_unknown_number_of_places_is_told_as_such() -> None:
    book = waiting_in()
    unknown = replace(book, cohorts=(replace(book.cohorts[0], places=None),))

    found = suppose(unknown, places=3)

    assert dict(found.sentences[0].values) == {"before": "?", "after": 3}
    assert outcomes(found) == {3: ("waiting", "confirmed")}


def test_answers_of_today_count_in_both() -> None:
    book = with_answers(waiting_in(), *QUEUE, answer("K L", 90, cohort="C1"))

    found = suppose(book, places=6)

    assert outcomes(found)[6] == ("waiting", "confirmed")


@given(places=st.integers(0, 7), now=st.integers(0, 7))
def test_what_is_foretold_is_what_the_night_then_does(places: int, now: int) -> None:
    book = waiting_in(now)
    changed = replace(book, cohorts=(replace(book.cohorts[0], places=places),))

    found = suppose(book, places=places)

    after = apply_plan(changed, make_plan(changed, RULES, in_night(1)))
    foretold = {**status_of(sleep(book, night=1))}
    foretold.update({n: str(state) for n, (_, state) in outcomes(found).items()})
    assert status_of(after) == foretold
    held = sum(e.status in HOLDING for e in after.register)
    assert isinstance(found.changed_seats, Seats)
    assert found.changed_seats.free == places - held
