"""Where a newcomer would stand, and what the form's options say of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.doors import Door, Doors
from automation.core.enrolment.choice import bare_option, name_cohorts
from automation.core.model import Decision, Promotion
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
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.model import Cohort
    from automation.core.snapshot import Snapshot

DAY = timedelta(days=1)


def doors_of(before: Snapshot, night: int = 0) -> Doors:
    """Return the doors as a night leaves them."""
    doors = make_plan(before, RULES, in_night(night)).doors
    assert doors is not None
    return doors


def told(cohorts: dict[str, Door]) -> Doors:
    return Doors(cohorts=tuple(cohort(code) for code in cohorts), of=tuple(cohorts.values()))


@pytest.mark.parametrize(
    ("count", "of", "door"),
    [
        (1, cohort(places=2), Door.OPEN),
        (2, cohort(places=2), Door.WAITING),
        (2, cohort(places=2, waiting_limit=0), Door.FULL),
        (3, cohort(places=2, waiting_limit=1), Door.FULL),
        (3, cohort(places=2, waiting_limit=2), Door.WAITING),
        (0, cohort(places=2, closes=START), Door.CLOSED),
        (0, cohort(places=2, opens=START + 9 * DAY), Door.CLOSED),
        (1, cohort(places=None), Door.OPEN),
    ],
)
def test_a_newcomer_finds_the_door_that_the_cohort_has(count: int, of: Cohort, door: Door) -> None:
    answers = [answer(f"Ève Roy{n}", minute=n - 60) for n in range(count)]

    assert doors_of(snapshot(answers, of)).of == (door,)


def test_a_free_seat_for_which_somebody_waits_is_not_a_newcomers() -> None:
    of = cohort(places=1, promotion=Promotion.OFFER, last_offer=START)
    before = sleep(snapshot([answer("Ève Roy"), answer("Luc Caron", 1)], of))
    freed = decide(before, {1: Decision.REMOVE})

    assert doors_of(freed, 1).of == (Door.WAITING,)


def test_the_form_is_open_before_the_very_hour_at_which_a_cohort_opens() -> None:
    opens = in_night(0) + timedelta(hours=20)

    assert doors_of(snapshot([], cohort(opens=opens))).accepting
    assert not doors_of(snapshot([], cohort(opens=opens + DAY))).accepting


def test_without_a_cohort_there_is_nothing_to_say() -> None:
    before = replace(snapshot(), cohorts=())

    assert make_plan(before, RULES, in_night(0)).doors is None


def test_options_say_whether_there_is_room_and_only_those_of_a_cohort() -> None:
    doors = told({"C1": Door.WAITING, "C2": Door.OPEN, "C3": Door.FULL, "C4": Door.CLOSED})

    labels = doors.label_options(["C1", "Groupe C2 (full)", "C3", "C4", "Autre"], "fr")

    assert labels == (
        "C1 (complet – liste d’attente)",
        "Groupe C2",
        "C3 (complet)",
        "C4 (inscriptions closes)",
        "Autre",
    )


def test_options_that_would_say_the_same_are_left_alone() -> None:
    doors = told({"C1": Door.OPEN})

    assert doors.label_options(["C1", "C1 (complet)"], "fr") == ("C1", "C1 (complet)")


def test_an_option_of_two_cohorts_is_left_alone() -> None:
    doors = told({"C1": Door.FULL, "C2": Door.FULL})

    assert doors.label_options(["C1 ou C2"], "fr") == ("C1 ou C2",)


def test_brackets_of_somebody_else_stay() -> None:
    assert bare_option("C1 (le mardi)") == "C1 (le mardi)"
    assert bare_option("C1 (le mardi) (full – waiting list)") == "C1 (le mardi)"


@given(
    st.sampled_from(["C1", "Hiver", "groupe Hiver 2", "C1 (mardi)"]),
    st.sampled_from(list(Door)),
    st.sampled_from(["fr", "en"]),
)
def test_an_option_names_the_same_cohort_whatever_it_says_of_it(
    option: str, door: Door, language: str
) -> None:
    cohorts = (cohort("C1", name="Hiver"), cohort("C2", name="Hiver 2"))
    named = name_cohorts(cohorts, option)
    doors = Doors(cohorts=cohorts, of=(door, door))

    (label,) = doors.label_options([option], language)

    assert name_cohorts(cohorts, label) == named
    assert doors.label_options([label], language) == (label,)


def test_an_answer_that_picks_a_full_option_is_for_that_cohort() -> None:
    both = (cohort("C1", name="Hiver", places=1), cohort("C2", name="Hiver suivant", row=3))
    choice = "Hiver (complet – liste d’attente)"
    before = snapshot([answer("Ève Roy", cohort=choice)], *both)

    after = apply_plan(before, make_plan(before, RULES, in_night(0)))

    assert enrolment_of(after, 1).cohort == "C1"


def test_an_edit_that_only_picks_the_option_anew_asks_for_no_other_cohort() -> None:
    eve = answer("Ève Roy", cohort="C1")
    before = sleep(snapshot([eve], cohort("C1"), cohort("C2", row=3)))
    again = answer("Ève Roy", minute=600, cohort="C1 (full – waiting list)")

    after = sleep(with_answers(before, again), night=1)

    assert enrolment_of(after, 1).alerts == ""
