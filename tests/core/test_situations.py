"""The situations that must come out right, in the words of the product: one test or more for each.

Those that need mail, attendance or the verdicts on duplicates stand where these are tested.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from automation.core.model import Decision, HandledState, Promotion, Status, phrase
from automation.core.plan import make_plan
from automation.core.replies import Wish
from automation.errors import WorkbookError
from tests.world import (
    RULES,
    START,
    answer,
    cohort,
    decide,
    enrolment_of,
    in_night,
    reply,
    sleep,
    snapshot,
    status_of,
    table,
    touch,
    with_answers,
    with_replies,
)

EVE, LUC, ANNE, PAUL = (
    answer(name, minute, cohort="C1")
    for minute, name in enumerate(("Ève Roy", "Luc Caron", "Anne Dubé", "Paul Roy"))
)
NEXT_DAY = START + timedelta(days=1)
OFFERING = cohort(places=1, promotion=Promotion.OFFER)


def test_a_confirmed_person_edits_their_phone_number_seat_and_rank_kept() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    edited = replace(EVE, at=NEXT_DAY, phone="418 555-0199")

    after = sleep(with_answers(book, edited, LUC), night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert enrolment_of(after, 1).phone == "418 555-0199"


def test_a_waiting_person_edits_their_phone_number_seat_and_rank_kept() -> None:
    book = sleep(snapshot([EVE, LUC, ANNE], cohort(places=1)))
    edited = replace(LUC, at=NEXT_DAY, phone="418 555-0199")

    after = sleep(with_answers(book, EVE, edited, ANNE), night=1)

    assert [e.rank for e in after.register] == [None, 1, 2]
    assert enrolment_of(after, 2).phone == "418 555-0199"


def test_an_offered_person_edits_their_phone_number_and_may_still_accept() -> None:
    book = sleep(snapshot([EVE, LUC], replace(OFFERING, places=0)))
    offered = sleep(replace(book, cohorts=(OFFERING,)), night=1)
    edited = with_answers(offered, replace(EVE, at=in_night(1), phone="418 555-0199"), LUC)

    after = sleep(with_replies(edited, reply(offered, 1, Wish.ACCEPT, in_night(1))), night=2)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}


def test_they_edit_their_email_same_enrolment() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    edited = replace(EVE, at=NEXT_DAY, email="neuve@exemple.test")

    after = sleep(with_answers(book, edited, LUC), night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert enrolment_of(after, 1).email == "neuve@exemple.test"


def test_two_spouses_share_one_address_two_enrolments() -> None:
    spouse = replace(EVE, first="Luc", at=START + timedelta(minutes=1))

    after = sleep(snapshot([EVE, spouse], cohort(places=2)))

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}
    assert [e.person for e in after.register] == [1, 2]


def test_of_two_spouses_one_withdraws_and_the_other_keeps_their_seat() -> None:
    spouse = replace(EVE, first="Luc", at=START + timedelta(minutes=1))
    book = sleep(snapshot([EVE, spouse], cohort(places=2)))

    after = sleep(with_replies(book, reply(book, 1, Wish.WITHDRAW, in_night(0))), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "confirmed"}


def test_homonyms_with_different_phones_stay_apart_and_are_asked_about_once() -> None:
    homonym = replace(EVE, at=START + timedelta(minutes=1), phone="418 555-0199")

    after = sleep(snapshot([EVE, homonym], cohort(places=2)))

    assert status_of(after) == {1: "confirmed", 2: "to_review"}
    assert [e.person for e in after.register] == [1, 2]
    assert [(row.a, row.b, row.score) for row in after.pair_rows] == [(1, 2, 95)]


def test_helene_and_saint_jean_port_joli_compare_equal_and_are_shown_as_written() -> None:
    one = replace(EVE, first="Hélène", last="St-Pierre", municipality="St-Jean-Port-Joli")
    other = replace(
        one,
        at=START + timedelta(hours=1),
        first="HELENE",
        last="Saint-Pierre",
        municipality="Saint-Jean-Port-Joli",
    )

    after = sleep(snapshot([one, other]))

    assert status_of(after) == {1: "confirmed", 2: "merged"}
    assert [e.name for e in after.register] == ["Hélène St-Pierre", "HELENE Saint-Pierre"]
    assert [e.municipality for e in after.register] == [
        "St-Jean-Port-Joli",
        "Saint-Jean-Port-Joli",
    ]


def test_the_cap_is_raised_offers_go_down_the_queue() -> None:
    book = sleep(snapshot([EVE, LUC, ANNE, PAUL], OFFERING))

    after = sleep(replace(book, cohorts=(replace(OFFERING, places=3),)), night=1)

    assert status_of(after) == {1: "confirmed", 2: "offered", 3: "offered", 4: "waiting"}


def test_a_question_is_renamed_the_day_before_the_run_stops_and_names_the_column() -> None:
    book = sleep(snapshot([EVE]))
    tab = table([EVE])
    header = tuple("Adresse courriel" if h == "Courriel" else h for h in tab.header)

    with pytest.raises(WorkbookError) as caught:
        make_plan(replace(book, responses=(replace(tab, header=header),)), RULES, in_night(1))

    assert caught.value.values["question"] == "Courriel"
    assert caught.value.values["nearest"] == phrase("nearest.header", header="Adresse courriel")


def test_a_promoted_person_withdraws_the_same_night_the_next_is_offered_the_seat_once() -> None:
    book = sleep(snapshot([EVE, LUC, ANNE], OFFERING))
    offered = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    both = [
        reply(offered, 2, Wish.ACCEPT, in_night(1) + timedelta(hours=1)),
        reply(offered, 2, Wish.WITHDRAW, in_night(1) + timedelta(hours=2)),
    ]

    plan = make_plan(with_replies(offered, *both), RULES, in_night(2))

    assert [(e.number, e.before, e.after) for e in plan.events] == [
        (2, Status.OFFERED, Status.CONFIRMED),
        (2, Status.CONFIRMED, Status.WITHDRAWN),
        (3, Status.WAITING, Status.OFFERED),
    ]


def test_a_person_confirmed_by_the_committee_withdraws_the_same_night() -> None:
    book = decide(sleep(snapshot([EVE, LUC, ANNE], OFFERING)), {2: Decision.CONFIRM})

    after = sleep(with_replies(book, reply(book, 2, Wish.WITHDRAW, in_night(0))), night=1)

    assert status_of(after) == {1: "confirmed", 2: "withdrawn", 3: "waiting"}


def test_a_yes_given_at_four_counts_although_the_deadline_was_six_and_the_night_comes_at_two() -> (
    None
):
    night = in_night(1)
    book = sleep(snapshot([EVE, LUC], replace(OFFERING, places=0)))
    offered = sleep(
        replace(book, cohorts=(replace(OFFERING, window=timedelta(hours=10)),)), night=1
    )
    called = touch(offered, 1, called_at=night + timedelta(hours=6))
    told = sleep(called, night=1)
    assert enrolment_of(told, 1).deadline == night + timedelta(hours=16)

    after = sleep(
        with_replies(told, reply(told, 1, Wish.ACCEPT, night + timedelta(hours=14))), night=2
    )

    assert status_of(after) == {1: "confirmed", 2: "waiting"}


def test_a_withdrawn_persons_older_answer_does_not_register_them_again_every_night() -> None:
    book = sleep(snapshot([EVE]))
    withdrawn = sleep(with_replies(book, reply(book, 1, Wish.WITHDRAW, in_night(0))), night=1)

    plans = [make_plan(withdrawn, RULES, in_night(night)) for night in (2, 3, 30)]

    assert status_of(withdrawn) == {1: "withdrawn"}
    assert all(plan.empty for plan in plans)


def test_a_withdrawn_persons_answer_that_vanished_and_came_back_registers_them_not_again() -> None:
    withdrawn = sleep(decide(sleep(snapshot([EVE])), {1: Decision.WITHDRAW}), night=1)
    gone = sleep(with_answers(withdrawn), night=2)

    after = sleep(with_answers(gone, EVE), night=3)

    assert status_of(after) == {1: "withdrawn"}


def test_somebody_removed_by_the_committee_registers_again_to_review() -> None:
    removed = sleep(decide(sleep(snapshot([EVE])), {1: Decision.REMOVE}), night=1)
    again = replace(EVE, at=in_night(1) + timedelta(hours=1))

    after = sleep(with_answers(removed, EVE, again), night=2)

    assert status_of(after) == {1: "removed", 2: "to_review"}


def test_a_row_that_vanished_from_the_responses_withdraws_nobody() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))

    after = sleep(with_answers(book, LUC), night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert HandledState.VANISHED in {line.state for line in after.handled.values()}
    assert "disparu" in enrolment_of(after, 1).alerts


def test_lowering_the_cap_removes_nobody_shows_minus_three_and_stops_the_offers() -> None:
    book = sleep(snapshot([EVE, LUC, ANNE, PAUL], replace(OFFERING, places=3)))

    after = sleep(replace(book, cohorts=(replace(OFFERING, places=0),)), night=1)

    assert list(status_of(after).values()) == ["confirmed", "confirmed", "confirmed", "waiting"]
    assert after.cohorts[0].seats.free == -3


def test_the_spreadsheet_restored_to_an_earlier_night_decides_the_same_again() -> None:
    earlier = sleep(snapshot([EVE, LUC], cohort(places=1)))
    decided = decide(earlier, {1: Decision.WITHDRAW})

    one = make_plan(decided, RULES, in_night(1))
    other = make_plan(decided, RULES, in_night(2))

    assert one.digest == other.digest
