"""Organisers' decisions: each is an event, and acts once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.model import Decision, Enrolment, Hold, Promotion, Status
from automation.core.plan import make_plan
from automation.locale import typeset
from tests.world import (
    RULES,
    START,
    answer,
    cohort,
    decide,
    enrolment_of,
    in_night,
    sleep,
    snapshot,
    status_of,
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

FIRST, SECOND, THIRD = (
    answer(name, minute, cohort="C1") for minute, name in enumerate(("A B", "C D", "E F"))
)


def somebody(status: Status) -> Snapshot:
    """Return a workbook whose only seat is taken, and somebody else of that status."""
    book = sleep(snapshot([FIRST, SECOND], cohort(places=1, promotion=Promotion.OFFER)))
    first, second = book.register
    other = replace(second, status=status, rank=None)
    entry = replace(book.journal[other.number], state=other.state)
    journal = {**book.journal, other.number: entry}
    return replace(book, register=(first, other), journal=journal)


@pytest.mark.parametrize(
    ("before", "decision", "after", "hold"),
    [
        (Status.WAITING, Decision.CONFIRM, Status.CONFIRMED, None),
        (Status.WAITING, Decision.OFFER, Status.OFFERED, None),
        (Status.WAITING, Decision.WITHDRAW, Status.WITHDRAWN, None),
        (Status.WAITING, Decision.REMOVE, Status.REMOVED, None),
        (Status.TO_REVIEW, Decision.CONFIRM, Status.WAITING, None),
        (Status.TO_REVIEW, Decision.WAIT, Status.WAITING, None),
        (Status.TO_REVIEW, Decision.OFFER, Status.OFFERED, None),
        (Status.TO_REVIEW, Decision.WITHDRAW, Status.WITHDRAWN, None),
        (Status.TO_REVIEW, Decision.REMOVE, Status.REMOVED, None),
        (Status.OFFERED, Decision.CONFIRM, Status.CONFIRMED, None),
        (Status.OFFERED, Decision.WAIT, Status.WAITING, Hold.COMMITTEE),
        (Status.OFFERED, Decision.WITHDRAW, Status.DECLINED, None),
        (Status.OFFERED, Decision.REMOVE, Status.REMOVED, None),
        (Status.CONFIRMED, Decision.WAIT, Status.WAITING, Hold.COMMITTEE),
        (Status.CONFIRMED, Decision.WITHDRAW, Status.WITHDRAWN, None),
        (Status.CONFIRMED, Decision.REMOVE, Status.REMOVED, None),
        *(
            (ended, decision, status, None)
            for ended in (
                Status.WITHDRAWN,
                Status.DECLINED,
                Status.EXPIRED,
                Status.NOT_ADMITTED,
                Status.REMOVED,
            )
            for decision, status in (
                (Decision.WAIT, Status.WAITING),
                (Decision.CONFIRM, Status.CONFIRMED),
                (Decision.OFFER, Status.OFFERED),
            )
        ),
    ],
)
def test_a_decision_moves_an_enrolment(
    before: Status, decision: Decision, after: Status, hold: Hold | None
) -> None:
    book = decide(somebody(before), {2: decision})

    moved = enrolment_of(sleep(book, night=1), 2)

    assert (moved.status, moved.hold, moved.decision_seen) == (after, hold, decision)


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (Status.WAITING, Decision.WAIT),
        (Status.OFFERED, Decision.OFFER),
        (Status.CONFIRMED, Decision.CONFIRM),
        (Status.CONFIRMED, Decision.OFFER),
        (Status.WITHDRAWN, Decision.WITHDRAW),
        (Status.REMOVED, Decision.WITHDRAW),
        (Status.MERGED, Decision.REMOVE),
    ],
)
def test_a_decision_without_effect_is_handled_and_said(status: Status, decision: Decision) -> None:
    book = decide(somebody(status), {2: decision})

    plan = make_plan(book, RULES, in_night(1))

    (event,) = plan.events
    assert (event.kind, event.before, event.after) == ("decision", status, status)
    assert event.reason.code == "reason.decision_no_effect"
    assert event.state.decision_seen is decision


def test_a_decision_acts_once() -> None:
    book = sleep(decide(somebody(Status.WAITING), {2: Decision.CONFIRM}), night=1)

    plan = make_plan(book, RULES, in_night(2))

    assert plan.empty


def test_emptying_the_cell_arms_it_again() -> None:
    held = sleep(decide(somebody(Status.CONFIRMED), {2: Decision.WAIT}), night=1)
    cleared = sleep(decide(held, {2: None}), night=2)
    assert status_of(cleared) == status_of(held)

    after = sleep(decide(cleared, {2: Decision.CONFIRM}), night=3)

    assert enrolment_of(after, 2).status is Status.CONFIRMED


def test_a_word_outside_the_list_is_a_question_and_the_others_go_on() -> None:
    book = sleep(snapshot([FIRST, SECOND], cohort(places=2)))

    after = sleep(decide(book, {1: "annulé", 2: Decision.WITHDRAW}), night=1)

    assert status_of(after) == {1: "confirmed", 2: "withdrawn"}
    assert enrolment_of(after, 1).alerts.startswith(typeset("« annulé »"))
    assert enrolment_of(after, 1).decision_seen is None


def test_an_organiser_may_go_over_the_cap() -> None:
    book = sleep(decide(somebody(Status.WAITING), {2: Decision.CONFIRM}), night=1)

    assert list(status_of(book).values()) == ["confirmed", "confirmed"]
    assert book.cohorts[0].seats.free == -1
    assert book.cohorts[0].seats.alerts == "Places dépassées de 1; aucune place n’est attribuée."


def test_who_is_put_on_hold_is_not_eligible_until_called() -> None:
    book = sleep(snapshot([FIRST, SECOND], cohort(places=1)))

    held = sleep(decide(book, {1: Decision.WAIT}), night=1)
    raised = sleep(replace(held, cohorts=(cohort(places=5),)), night=2)
    called = sleep(decide(raised, {1: Decision.OFFER}), night=3)

    assert status_of(held) == status_of(raised) == {1: "waiting", 2: "confirmed"}
    assert enrolment_of(raised, 1).rank is None
    assert status_of(called) == {1: "offered", 2: "confirmed"}
    assert enrolment_of(called, 1).hold is None


def test_who_is_put_back_on_the_list_gets_a_new_place_in_the_queue() -> None:
    book = decide(somebody(Status.NOT_ADMITTED), {2: Decision.WAIT})

    after = sleep(book, night=1)

    assert enrolment_of(after, 2).queued_at == in_night(1)


def test_somebody_reviewed_becomes_what_they_would_have_been() -> None:
    doubtful = replace(FIRST, email="a@")
    book = sleep(snapshot([doubtful, SECOND], cohort(places=1)))
    freed = replace(book, cohorts=(cohort(places=2),))

    seated = sleep(decide(freed, {1: Decision.WAIT}), night=1)
    queued = sleep(decide(book, {1: Decision.CONFIRM}), night=1)

    assert status_of(seated) == {1: "confirmed", 2: "confirmed"}
    assert status_of(queued) == {1: "waiting", 2: "confirmed"}
    assert enrolment_of(queued, 1).queued_at == START


def test_a_full_list_turns_nobody_away_whom_the_committee_reviewed() -> None:
    doubtful = replace(FIRST, email="a@")
    book = sleep(snapshot([doubtful, SECOND], cohort(places=0, waiting_limit=1)))

    after = sleep(decide(book, {1: Decision.CONFIRM}), night=1)

    assert status_of(after) == {1: "waiting", 2: "waiting"}


@pytest.mark.parametrize("status", [Status.MERGED, Status.ERASED])
def test_what_is_merged_or_erased_comes_back_by_no_decision(status: Status) -> None:
    book = decide(somebody(status), {2: Decision.CONFIRM})

    after = sleep(book, night=1)

    assert enrolment_of(after, 2).status is status
    assert enrolment_of(after, 2).decision_seen is None
    assert "impossible" in enrolment_of(after, 2).alerts


def test_nobody_is_confirmed_in_a_cohort_that_is_not_known() -> None:
    book = sleep(snapshot([replace(FIRST, cohort="Cohorte 9")]))

    after = sleep(decide(book, {1: Decision.CONFIRM}), night=1)

    assert status_of(after) == {1: "to_review"}
    assert "cohorte" in enrolment_of(after, 1).alerts


def test_nobody_gets_a_second_live_enrolment_by_a_decision() -> None:
    removed = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.REMOVE}), night=1)
    again = replace(FIRST, at=START + timedelta(days=2))
    reviewed = sleep(with_answers(removed, FIRST, again), night=2)

    after = sleep(decide(reviewed, {1: Decision.CONFIRM}), night=3)

    assert status_of(after) == {1: "removed", 2: "to_review"}
    assert typeset("n° 2") in enrolment_of(after, 1).alerts


def test_an_ending_beats_the_other_decisions_of_the_night() -> None:
    removed = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.REMOVE}), night=1)
    again = replace(FIRST, at=START + timedelta(days=2))
    reviewed = sleep(with_answers(removed, FIRST, again), night=2)

    after = sleep(decide(reviewed, {1: Decision.CONFIRM, 2: Decision.REMOVE}), night=3)

    assert status_of(after) == {1: "confirmed", 2: "removed"}


def test_a_promoted_person_who_withdraws_gives_the_seat_to_the_next_once() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=1)))
    promoted = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    assert status_of(promoted) == {1: "withdrawn", 2: "confirmed", 3: "waiting"}

    after = sleep(decide(promoted, {2: Decision.WITHDRAW}), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "withdrawn", 3: "confirmed"}


def test_a_decision_on_somebody_who_comes_back_tonight_is_told_before_their_return() -> None:
    withdrawn = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.WITHDRAW}), night=1)
    again = replace(FIRST, at=START + timedelta(days=2))
    back = with_answers(decide(withdrawn, {1: None}), FIRST, again)

    plan = make_plan(back, RULES, in_night(2))

    assert [(event.before, event.after) for event in plan.events] == [
        (Status.WITHDRAWN, Status.WITHDRAWN),
        (Status.WITHDRAWN, Status.CONFIRMED),
    ]


def test_a_newcomer_joins_who_was_brought_back_and_not_who_ended() -> None:
    removed = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.REMOVE}), night=1)
    again, third = (replace(FIRST, at=START + timedelta(days=days)) for days in (2, 3))
    reviewed = sleep(with_answers(removed, FIRST, again), night=2)
    decided = decide(reviewed, {1: Decision.CONFIRM, 2: Decision.WITHDRAW})

    after = sleep(with_answers(decided, FIRST, again, third), night=3)

    assert status_of(after) == {1: "confirmed", 2: "withdrawn", 3: "merged"}
    assert enrolment_of(after, 3).merged_into == 1


def test_whoever_comes_back_and_is_removed_tonight_is_removed() -> None:
    withdrawn = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.WITHDRAW}), night=1)
    again = replace(FIRST, at=START + timedelta(days=2))
    back = with_answers(decide(withdrawn, {1: Decision.REMOVE}), FIRST, again)

    after = sleep(back, night=2)

    assert status_of(after) == {1: "removed"}


def test_a_higher_priority_comes_first() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=0)))
    preferred: tuple[Enrolment, ...] = tuple(
        replace(e, priority=1.0) if e.number == 3 else e for e in book.register
    )

    after = sleep(replace(book, register=preferred, cohorts=(cohort(places=1),)), night=1)

    assert status_of(after) == {1: "waiting", 2: "waiting", 3: "confirmed"}
    assert [e.rank for e in after.register] == [1, 2, None]


def test_of_two_answers_of_one_instant_the_lower_number_comes_first() -> None:
    twins = [replace(one, at=START) for one in (FIRST, SECOND, THIRD)]

    after = sleep(snapshot(twins, cohort(places=1)))

    assert status_of(after) == {1: "confirmed", 2: "waiting", 3: "waiting"}
    assert [e.rank for e in after.register] == [None, 1, 2]


def test_raising_the_cap_goes_down_the_queue_and_lowering_it_removes_nobody() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=1)))

    raised = sleep(replace(book, cohorts=(cohort(places=2),)), night=1)
    lowered = sleep(replace(raised, cohorts=(cohort(places=0),)), night=2)

    assert status_of(raised) == {1: "confirmed", 2: "confirmed", 3: "waiting"}
    assert status_of(lowered) == status_of(raised)
    assert lowered.cohorts[0].seats.free == -2


@pytest.mark.parametrize(
    ("fields", "alert"),
    [
        ({"places": None}, typeset("Nombre de places à inscrire : personne n’est admis d’ici là.")),
        (
            {"places": 3, "paused": True},
            typeset("Cohorte suspendue : places libres non attribuées (3)."),
        ),
        ({"places": 0}, ""),
    ],
)
def test_a_cohort_that_gives_no_seat_says_why(fields: dict[str, Any], alert: str) -> None:
    book = snapshot([FIRST], cohort(**fields))

    after = sleep(book)

    assert status_of(after) == {1: "waiting"}
    assert after.cohorts[0].seats.alerts == alert


def test_a_cohort_says_how_many_are_to_review() -> None:
    after = sleep(snapshot([replace(FIRST, email="a@")]))

    assert after.cohorts[0].seats.alerts == typeset("Inscriptions à vérifier : 1.")
