"""Likely duplicates, verdicts, joining and splitting: nothing of anybody is lost or doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.model import Decision, Hold, Status, Verdict
from automation.core.plan import make_plan
from automation.core.replies import Wish
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
    touch,
    with_answers,
    with_replies,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

EVE = answer("Ève Roy", cohort="C1", email="eve.roy@exemple.test", phone="418 555-0101")
AGAIN = replace(EVE, at=START + timedelta(hours=2), email="eve.roi@exemple.test")
"""The same person, with a typo in the address."""
LUC = answer("Luc Caron", 30, cohort="C1")
ANNE = answer("Anne Dubé", 180, cohort="C1")


def say(before: Snapshot, a: int, b: int, verdict: Verdict | None) -> Snapshot:
    """Return the workbook after an organiser gave a verdict in Doublons."""
    rows = tuple(
        replace(row, verdict=verdict) if row.key == (a, b) else row for row in before.pair_rows
    )
    assert any(row.key == (a, b) for row in rows)
    return replace(before, pair_rows=rows)


def asked(places: int = 5) -> Snapshot:
    """Return the workbook after a night in which somebody came twice: numbers 1 and 3."""
    return sleep(snapshot([EVE, LUC, AGAIN], cohort(places=places)))


def test_a_likely_duplicate_holds_no_second_seat_and_keeps_its_time() -> None:
    book = asked()

    assert status_of(book) == {1: "confirmed", 2: "confirmed", 3: "to_review"}
    doubt = enrolment_of(book, 3)
    assert (doubt.hold, doubt.queued_at) == (Hold.DUPLICATE, AGAIN.at)
    (row,) = book.pair_rows
    assert (row.key, row.settled) == ((1, 3), 0)
    assert (row.name_a, row.contact_b) == ("Ève Roy", "eve.roi@exemple.test · 418 555-0101")
    assert "même téléphone" in row.reason


def test_the_same_person_keeps_the_better_state_the_earlier_time_and_the_newest_contact() -> None:
    after = sleep(say(asked(), 1, 3, Verdict.SAME), night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed", 3: "merged"}
    stays = enrolment_of(after, 1)
    assert (stays.email, stays.queued_at) == ("eve.roi@exemple.test", EVE.at)
    assert enrolment_of(after, 3).merged_into == 1
    assert enrolment_of(after, 3).person == 1
    assert after.pair_rows[0].settled == 1


def test_of_two_seats_of_one_person_one_goes_to_the_next() -> None:
    guy = answer("Guy Dubé", 200, cohort="C1")
    book = sleep(snapshot([EVE, LUC, AGAIN, ANNE, guy], cohort(places=3)))
    offered = sleep(decide(book, {3: Decision.OFFER}), night=1)
    both = replace(offered, cohorts=(replace(offered.cohorts[0], places=4),))
    assert status_of(both)[3] == "offered"
    assert status_of(both)[5] == "waiting"

    after = sleep(say(both, 1, 3, Verdict.SAME), night=2)

    assert [status_of(after)[n] for n in (1, 3, 5)] == ["confirmed", "merged", "confirmed"]


def test_different_people_are_never_asked_about_again_and_lose_no_rank() -> None:
    book = asked(places=2)
    later = sleep(with_answers(book, EVE, LUC, AGAIN, ANNE), night=1)

    after = sleep(say(later, 1, 3, Verdict.DIFFERENT), night=2)

    assert status_of(after) == {1: "confirmed", 2: "confirmed", 3: "waiting", 4: "waiting"}
    assert [enrolment_of(after, n).rank for n in (3, 4)] == [1, 2]
    again = sleep(after, night=3)
    assert len(again.pair_rows) == 1
    assert status_of(again) == status_of(after)


def test_different_people_get_the_seat_that_is_free() -> None:
    after = sleep(say(asked(places=3), 1, 3, Verdict.DIFFERENT), night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed", 3: "confirmed"}


def test_an_organiser_who_confirms_a_likely_duplicate_decides() -> None:
    after = sleep(decide(asked(), {3: Decision.CONFIRM}), night=1)

    assert status_of(after)[3] == "confirmed"


def test_a_verdict_changed_later_undoes_the_merger() -> None:
    merged = sleep(say(asked(places=2), 1, 3, Verdict.SAME), night=1)

    after = sleep(say(merged, 1, 3, Verdict.DIFFERENT), night=2)

    assert status_of(after) == {1: "confirmed", 2: "confirmed", 3: "waiting"}
    assert [e.person for e in after.register] == [1, 2, 3]
    assert enrolment_of(after, 1).email == "eve.roy@exemple.test"
    assert "distinctes" in enrolment_of(after, 1).reason


def swapped() -> Snapshot:
    """Return the workbook where the first gave way and the likely duplicate has an offer."""
    offered = sleep(decide(asked(places=1), {3: Decision.OFFER}), night=1)
    book = sleep(decide(offered, {1: Decision.WAIT}), night=2)
    assert status_of(book) == {1: "waiting", 2: "waiting", 3: "offered"}
    return book


def test_the_better_state_is_kept_though_it_is_the_younger_one_s() -> None:
    after = sleep(say(swapped(), 1, 3, Verdict.SAME), night=3)

    assert status_of(after) == {1: "offered", 2: "waiting", 3: "merged"}
    assert enrolment_of(after, 1).hold is None


def test_a_seat_that_came_by_a_merger_goes_back_with_it() -> None:
    joined = sleep(say(swapped(), 1, 3, Verdict.SAME), night=3)

    after = sleep(say(joined, 1, 3, Verdict.DIFFERENT), night=4)

    assert status_of(after) == {1: "waiting", 2: "waiting", 3: "offered"}
    assert enrolment_of(after, 1).hold is Hold.COMMITTEE


def test_a_merger_that_was_built_upon_takes_nothing_back_and_says_so() -> None:
    joined = sleep(say(swapped(), 1, 3, Verdict.SAME), night=3)
    moved = sleep(decide(joined, {1: Decision.CONFIRM}), night=4)

    after = sleep(say(moved, 1, 3, Verdict.DIFFERENT), night=5)

    assert status_of(after) == {1: "confirmed", 2: "waiting", 3: "waiting"}
    assert "la place a été donnée" in enrolment_of(after, 3).reason


def test_two_who_waited_have_their_own_times_back() -> None:
    late = replace(AGAIN, at=START + timedelta(hours=30))
    book = sleep(snapshot([EVE, LUC, ANNE], cohort(places=1)))
    book = sleep(with_answers(book, EVE, LUC, ANNE, late), night=1)
    waiting = sleep(decide(book, {1: Decision.WITHDRAW, 4: Decision.WAIT}), night=2)
    times = {e.number: e.queued_at for e in waiting.register}
    joined = sleep(say(waiting, 1, 4, Verdict.SAME), night=3)
    assert status_of(joined)[4] == "merged"
    assert enrolment_of(joined, 1).queued_at == EVE.at

    after = sleep(say(joined, 1, 4, Verdict.DIFFERENT), night=4)

    assert {n: enrolment_of(after, n).queued_at for n in times} == times
    assert status_of(after) == status_of(waiting)


def test_an_emptied_verdict_asks_again() -> None:
    merged = sleep(say(asked(), 1, 3, Verdict.SAME), night=1)

    after = sleep(say(merged, 1, 3, None), night=2)

    assert enrolment_of(after, 3).person == 3
    assert after.pair_rows[0].settled == 0


def test_merge_with_says_same_person() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=5)))

    after = sleep(touch(book, 2, merge_with=1), night=1)

    assert status_of(after) == {1: "confirmed", 2: "merged"}
    assert after.pairings[enrolment_of(after, 1).number, enrolment_of(after, 2).number].verdict is (
        Verdict.SAME
    )


@pytest.mark.parametrize("number", [2, 99, 0])
def test_merging_with_nobody_is_a_question(number: int) -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=5)))

    after = sleep(touch(book, 2, merge_with=number), night=1)

    assert status_of(after) == status_of(book)
    assert f"{number}" in enrolment_of(after, 2).alerts


def test_somebody_of_a_former_cohort_is_recognised_under_a_new_address_and_admitted() -> None:
    cohorts = (cohort(), cohort("C2", row=3))
    book = sleep(snapshot([EVE], *cohorts))
    back = replace(AGAIN, cohort="C2")

    after = sleep(with_answers(book, EVE, back), night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}
    assert [row.key for row in after.pair_rows] == [(1, 2)]
    joined = sleep(say(after, 1, 2, Verdict.SAME), night=2)
    assert [e.person for e in joined.register] == [1, 1]
    assert status_of(joined) == {1: "confirmed", 2: "confirmed"}


def test_verdicts_that_contradict_one_another_act_on_nobody_and_are_reported() -> None:
    third = replace(EVE, at=START + timedelta(hours=3), email="eve.roye@exemple.test")
    book = sleep(snapshot([EVE, AGAIN, third], cohort(places=5)))
    said = say(say(say(book, 1, 2, Verdict.SAME), 1, 3, Verdict.SAME), 2, 3, Verdict.DIFFERENT)

    plan = make_plan(said, RULES, in_night(1))

    assert [p.message.code for p in plan.problems] == ["problem.contradiction"]
    assert {change.after.status for change in plan.changes} <= {
        Status.CONFIRMED,
        Status.TO_REVIEW,
    }


def test_a_withdrawal_reaches_whoever_the_enrolment_became() -> None:
    book = asked()
    said = say(book, 1, 3, Verdict.SAME)
    leaves = reply(book, 3, Wish.WITHDRAW, in_night(0) + timedelta(hours=1))

    after = sleep(with_replies(said, leaves), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "confirmed", 3: "merged"}


def test_a_likely_duplicate_of_somebody_who_left_is_admitted() -> None:
    book = sleep(snapshot([EVE], cohort(places=2)))
    left = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    back = replace(AGAIN, at=in_night(1) + timedelta(hours=1))

    after = sleep(with_answers(left, EVE, back), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "confirmed"}
    assert len(after.pair_rows) == 1


def test_a_likely_duplicate_of_somebody_removed_goes_to_review() -> None:
    book = sleep(snapshot([EVE], cohort(places=2)))
    gone = sleep(decide(book, {1: Decision.REMOVE}), night=1)
    back = replace(AGAIN, at=in_night(1) + timedelta(hours=1))

    after = sleep(with_answers(gone, EVE, back), night=2)

    assert status_of(after) == {1: "removed", 2: "to_review"}


def test_an_edit_that_brings_two_people_close_asks_and_takes_no_seat() -> None:
    other = replace(AGAIN, phone="418 555-0177", municipality="Tourville")
    book = sleep(snapshot([EVE, other], cohort(places=2)))
    assert book.pair_rows == ()
    edited = replace(other, at=in_night(0) + timedelta(hours=1), phone=EVE.phone)

    after = sleep(with_answers(book, EVE, edited), night=1)

    assert status_of(after) == status_of(book)


def test_different_people_part_somebody_who_was_certainly_one_with_the_other() -> None:
    sure = replace(EVE, at=START + timedelta(hours=3), cohort="C2")
    book = sleep(snapshot([EVE, AGAIN, sure], cohort(places=5), cohort("C2", row=3)))
    assert [e.person for e in book.register] == [1, 2, 1]
    said = say(say(book, 1, 2, Verdict.SAME), 2, 3, Verdict.DIFFERENT)

    after = sleep(said, night=1)

    assert [e.person for e in after.register] == [1, 1, 3]


def test_whoever_parts_takes_along_all_that_was_theirs_before() -> None:
    lea = answer("Léa Roy", cohort="C1")
    josee = answer("Josée Caron", 10, cohort="C1", email="josee@exemple.test")
    again = replace(josee, at=START + timedelta(hours=2))
    other = replace(josee, at=START + timedelta(hours=3), cohort="C2")
    answers = lea, josee, again, other
    book = sleep(snapshot(answers, cohort("C1"), cohort("C2", row=3)))
    before = status_of(book)
    assert [before[number] for number in (1, 2, 3)] == ["confirmed", "confirmed", "merged"]
    joined = sleep(touch(book, 2, merge_with=1), night=1)
    assert {e.person for e in joined.register} == {1}

    after = sleep(say(joined, 1, 2, Verdict.DIFFERENT), night=2)

    assert [e.person for e in after.register] == [1, 2, 2, 2]
    assert status_of(after) == before
