"""Offers: whom a seat is offered to, for how long, and what becomes of offers nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.model import By, Decision, Hold, Promotion, Status
from automation.core.plan import make_plan
from automation.core.replies import Wish
from tests.world import (
    FIELDS,
    RULES,
    RULES_WITH_MAIL,
    START,
    answer,
    apply_plan,
    cohort,
    decide,
    enrolment_of,
    in_night,
    reply,
    send,
    sleep,
    snapshot,
    status_of,
    touch,
    with_answers,
    with_replies,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

FIRST, SECOND, THIRD = (
    answer(name, minute, cohort="C1") for minute, name in enumerate(("A B", "C D", "E F"))
)
WITHOUT_ADDRESS = replace(FIRST, email="")
HOUR = timedelta(hours=1)
WINDOW = timedelta(hours=24)
FULL = cohort(places=0, promotion=Promotion.OFFER, window=WINDOW)
ONE_PLACE = replace(FULL, places=1)
CALL = "Place à offrir par téléphone"


def offered(*, mail: bool = False) -> Snapshot:
    """Return a workbook after night 1, in which the only place was offered to the first of two."""
    book = sleep(snapshot([FIRST, SECOND], FULL))
    rules = RULES_WITH_MAIL if mail else RULES
    return sleep(replace(book, cohorts=(ONE_PLACE,)), rules, night=1)


def called(at: datetime | None) -> Snapshot:
    """Return that workbook after night 2, the organisers having noted a call."""
    return sleep(touch(offered(), 1, called_at=at), night=2)


def test_a_free_seat_is_offered_to_the_head_of_the_queue_alone() -> None:
    book = offered()

    assert status_of(book) == {1: "offered", 2: "waiting"}
    assert [e.rank for e in book.register] == [None, 1]
    assert book.cohorts[0].seats.free == 0


def test_until_it_is_made_known_an_offer_holds() -> None:
    book = offered()

    after = sleep(book, night=60)

    assert status_of(after) == {1: "offered", 2: "waiting"}
    assert enrolment_of(after, 1).deadline is None
    assert CALL in enrolment_of(after, 1).alerts


def test_a_call_starts_the_window_and_ends_the_asking() -> None:
    at = in_night(1) + HOUR

    after = called(at)

    assert enrolment_of(after, 1).deadline == at + WINDOW
    assert enrolment_of(after, 1).alerts == ""


def test_the_recorded_sending_starts_the_window() -> None:
    at = in_night(1) + HOUR
    book = send(offered(mail=True), 1, at)

    plan = make_plan(book, RULES_WITH_MAIL, in_night(2))

    (event,) = plan.events
    assert (event.kind, event.by, event.state.deadline) == ("sent", By.COHORTE, at + WINDOW)


@pytest.mark.parametrize("hours", [-5, 5])
def test_of_a_call_and_a_sending_the_later_one_counts(hours: int) -> None:
    sending = in_night(1) + 6 * HOUR
    call = sending + timedelta(hours=hours)
    book = touch(send(offered(mail=True), 1, sending), 1, called_at=call)

    after = sleep(book, RULES_WITH_MAIL, night=2)

    assert enrolment_of(after, 1).deadline == max(call, sending) + WINDOW


@pytest.mark.parametrize(
    ("after_deadline", "statuses"),
    [
        (timedelta(0), {1: "offered", 2: "waiting"}),
        (timedelta(seconds=1), {1: "expired", 2: "offered"}),
    ],
)
def test_an_offer_holds_until_the_very_end_of_its_window(
    after_deadline: timedelta, statuses: dict[int, str]
) -> None:
    book = called(in_night(1) + HOUR)
    end = in_night(1) + HOUR + WINDOW

    plan = make_plan(book, RULES, end + after_deadline)

    assert status_of(apply_plan(book, plan)) == statuses


def test_an_offer_that_expired_ended_with_its_window() -> None:
    book = called(in_night(1) + HOUR)

    after = sleep(book, night=9)

    assert enrolment_of(after, 1).ended_at == in_night(1) + HOUR + WINDOW
    assert enrolment_of(after, 1).deadline == enrolment_of(after, 1).ended_at


def test_a_corrected_call_corrects_the_window() -> None:
    corrected = in_night(1) + 5 * HOUR
    book = called(in_night(1) + HOUR)

    after = sleep(touch(book, 1, called_at=corrected), night=2)

    assert enrolment_of(after, 1).deadline == corrected + WINDOW


def test_a_cleared_call_leaves_the_offer_to_be_made_known() -> None:
    book = called(in_night(1) + HOUR)

    after = sleep(touch(book, 1, called_at=None), night=3)

    assert enrolment_of(after, 1).status is Status.OFFERED
    assert enrolment_of(after, 1).deadline is None
    assert CALL in enrolment_of(after, 1).alerts


def test_a_cleared_call_leaves_the_window_of_the_sending() -> None:
    sending = in_night(1) + HOUR
    book = touch(send(offered(mail=True), 1, sending), 1, called_at=sending + HOUR)
    noted = sleep(book, RULES_WITH_MAIL, night=2)

    after = sleep(touch(noted, 1, called_at=None), RULES_WITH_MAIL, night=2)

    assert enrolment_of(after, 1).deadline == sending + WINDOW


def test_a_call_to_somebody_who_waits_is_an_offer_that_runs_already() -> None:
    book = sleep(snapshot([FIRST, SECOND], FULL))
    at = in_night(0) + HOUR

    after = sleep(touch(book, 2, called_at=at), night=1)

    assert status_of(after) == {1: "waiting", 2: "offered"}
    assert enrolment_of(after, 2).deadline == at + WINDOW


def test_a_call_to_somebody_to_review_is_an_offer_too() -> None:
    book = sleep(snapshot([replace(FIRST, email="a@")], ONE_PLACE))
    at = in_night(0) + HOUR

    after = sleep(touch(book, 1, called_at=at), night=1)

    assert status_of(after) == {1: "offered"}
    assert enrolment_of(after, 1).deadline == at + WINDOW


def test_a_call_of_long_ago_has_been_without_an_answer() -> None:
    book = sleep(snapshot([FIRST, SECOND], FULL))

    plan = make_plan(touch(book, 2, called_at=in_night(0)), RULES, in_night(5))

    assert [(e.before, e.after) for e in plan.events] == [
        (Status.WAITING, Status.OFFERED),
        (Status.OFFERED, Status.EXPIRED),
    ]


def test_a_call_to_somebody_confirmed_is_noted_and_starts_nothing() -> None:
    book = sleep(snapshot([FIRST], ONE_PLACE))

    plan = make_plan(touch(book, 1, called_at=in_night(0) + HOUR), RULES, in_night(1))

    (event,) = plan.events
    assert (event.kind, event.before, event.after) == ("call", Status.CONFIRMED, Status.CONFIRMED)
    assert event.reason.code == "reason.call_noted"
    assert event.state.deadline is None


def test_a_call_to_somebody_whose_enrolment_ended_is_a_question() -> None:
    book = sleep(decide(offered(), {1: Decision.WITHDRAW}), night=2)

    after = sleep(touch(book, 1, called_at=in_night(2) + HOUR), night=3)

    assert enrolment_of(after, 1).status is Status.DECLINED
    assert "choisissez Offrir" in enrolment_of(after, 1).alerts


def test_a_question_about_a_call_is_over_once_the_seat_is_offered() -> None:
    at = in_night(2) + HOUR
    declined = sleep(decide(offered(), {1: Decision.WITHDRAW}), night=2)
    asked = sleep(touch(declined, 1, called_at=at), night=3)

    after = sleep(decide(asked, {1: Decision.OFFER}), night=3)

    assert enrolment_of(after, 1).status is Status.OFFERED
    assert enrolment_of(after, 1).deadline == at + WINDOW
    assert enrolment_of(after, 1).alerts == ""


@pytest.mark.parametrize("at", [START - timedelta(days=30), in_night(4)])
def test_a_call_before_the_answer_or_in_days_to_come_is_a_question(at: datetime) -> None:
    book = touch(offered(), 1, called_at=at)

    after = sleep(book, night=2)

    assert enrolment_of(after, 1).deadline is None
    assert "ne peut pas être celle de l’appel" in enrolment_of(after, 1).alerts
    assert enrolment_of(after, 1).call_seen is None


def test_a_call_noted_for_today_without_an_hour_is_no_odd_one() -> None:
    end_of_today = in_night(2) + 20 * HOUR
    book = touch(offered(), 1, called_at=end_of_today)

    after = sleep(book, night=2)

    assert enrolment_of(after, 1).deadline == end_of_today + WINDOW


def test_a_call_acts_once() -> None:
    book = sleep(decide(called(in_night(1) + HOUR), {1: Decision.WAIT}), night=3)

    plan = make_plan(book, RULES, in_night(4))

    assert plan.empty
    assert status_of(book) == {1: "waiting", 2: "offered"}


def test_a_call_about_a_cohort_that_is_gone_is_a_question() -> None:
    book = replace(sleep(snapshot([FIRST], FULL)), cohorts=(cohort("C2"),))

    after = sleep(touch(book, 1, called_at=in_night(0) + HOUR), night=1)

    assert status_of(after) == {1: "waiting"}
    assert "cohorte n’est pas connue" in enrolment_of(after, 1).alerts


def test_an_offer_in_a_cohort_that_is_gone_waits_for_it() -> None:
    book = called(in_night(1) + HOUR)
    gone = sleep(replace(book, cohorts=(cohort("C2"),)), night=9)

    after = sleep(replace(gone, cohorts=book.cohorts), night=10)

    assert status_of(gone) == {1: "offered", 2: "waiting"}
    assert status_of(after) == {1: "expired", 2: "offered"}


@pytest.mark.parametrize(
    ("promotion", "spare", "status"),
    [
        (Promotion.OFFER, WINDOW, Status.OFFERED),
        (Promotion.OFFER, WINDOW - timedelta(seconds=1), Status.WAITING),
        (Promotion.AUTOMATIC, timedelta(0), Status.CONFIRMED),
        (Promotion.AUTOMATIC, timedelta(seconds=-1), Status.WAITING),
    ],
)
def test_no_window_ends_after_the_last_offer(
    promotion: Promotion, spare: timedelta, status: Status
) -> None:
    book = sleep(snapshot([FIRST], FULL))
    ending = replace(ONE_PLACE, promotion=promotion, last_offer=in_night(1) + spare)

    after = sleep(replace(book, cohorts=(ending,)), night=1)

    assert enrolment_of(after, 1).status is status


def test_after_the_last_offer_free_seats_are_the_organisers() -> None:
    book = sleep(snapshot([FIRST], FULL))
    over = sleep(replace(book, cohorts=(replace(ONE_PLACE, last_offer=in_night(1)),)), night=1)

    after = sleep(decide(over, {1: Decision.CONFIRM}), night=2)

    assert "dernière offre est passée" in over.cohorts[0].seats.alerts
    assert status_of(after) == {1: "confirmed"}
    assert after.cohorts[0].seats.alerts == ""


@pytest.mark.parametrize("address", [FIRST.email, ""])
def test_after_the_last_offer_nobody_new_overtakes_those_who_wait(address: str) -> None:
    book = sleep(snapshot([replace(FIRST, email=address)], FULL))
    over = replace(book, cohorts=(replace(ONE_PLACE, last_offer=in_night(1)),))

    after = sleep(with_answers(over, replace(FIRST, email=address), SECOND), night=1)

    assert status_of(after) == {1: "waiting", 2: "waiting"}
    assert enrolment_of(after, 1).hold is None


def test_who_has_no_address_is_held_for_a_call_and_the_next_is_offered_the_seat() -> None:
    book = sleep(snapshot([WITHOUT_ADDRESS, SECOND], FULL))

    after = sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)

    held = enrolment_of(after, 1)
    assert status_of(after) == {1: "waiting", 2: "offered"}
    assert (held.hold, held.rank, held.queued_at) == (Hold.UNREACHABLE, None, FIRST.at)


def test_who_has_no_address_is_to_be_offered_by_phone_only_what_is_free() -> None:
    book = sleep(snapshot([WITHOUT_ADDRESS, SECOND], FULL))

    one = sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)
    two = sleep(replace(one, cohorts=(replace(ONE_PLACE, places=2),)), night=2)
    paused = sleep(replace(two, cohorts=(replace(ONE_PLACE, places=2, paused=True),)), night=3)

    assert CALL not in enrolment_of(one, 1).alerts
    assert "dès qu’une place" in enrolment_of(one, 1).alerts
    assert CALL in enrolment_of(two, 1).alerts
    assert "En attente de votre appel" in two.cohorts[0].seats.alerts
    assert CALL not in enrolment_of(paused, 1).alerts


@pytest.mark.parametrize("decision", [Decision.OFFER, Decision.CONFIRM])
def test_who_is_held_for_a_call_comes_back_by_a_decision(decision: Decision) -> None:
    book = sleep(snapshot([WITHOUT_ADDRESS, SECOND], FULL))
    held = sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)

    after = sleep(decide(held, {1: decision}), night=2)

    expected = Status.OFFERED if decision is Decision.OFFER else Status.CONFIRMED
    assert (enrolment_of(after, 1).status, enrolment_of(after, 1).hold) == (expected, None)


def test_who_is_held_for_a_call_comes_back_by_the_call() -> None:
    book = sleep(snapshot([WITHOUT_ADDRESS, SECOND], FULL))
    held = sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)
    at = in_night(1) + HOUR

    after = sleep(touch(held, 1, called_at=at), night=2)

    called = enrolment_of(after, 1)
    assert (called.status, called.hold, called.deadline) == (Status.OFFERED, None, at + WINDOW)


def test_where_no_form_asks_for_addresses_seats_are_offered_and_made_known_by_phone() -> None:
    rules = replace(RULES, fields=replace(FIELDS, email=None))
    book = sleep(snapshot([FIRST, SECOND], FULL), rules)

    after = sleep(replace(book, cohorts=(ONE_PLACE,)), rules, night=1)

    assert status_of(after) == {1: "offered", 2: "waiting"}
    assert CALL in enrolment_of(after, 1).alerts


def test_a_free_seat_is_given_at_once_to_who_arrives_without_an_address() -> None:
    book = snapshot([WITHOUT_ADDRESS], ONE_PLACE)

    after = sleep(book)

    assert status_of(after) == {1: "confirmed"}
    assert "À joindre par téléphone" in enrolment_of(after, 1).alerts


@pytest.mark.parametrize(
    ("spare", "status", "hold"),
    [
        (timedelta(seconds=1), Status.OFFERED, None),
        (timedelta(0), Status.WAITING, Hold.UNREACHABLE),
    ],
)
def test_an_offer_whose_mail_has_not_gone_out_within_48_hours_goes_to_the_next(
    spare: timedelta, status: Status, hold: Hold | None
) -> None:
    book = offered(mail=True)

    plan = make_plan(book, RULES_WITH_MAIL, in_night(1) + 48 * HOUR - spare)

    after = apply_plan(book, plan)
    assert (enrolment_of(after, 1).status, enrolment_of(after, 1).hold) == (status, hold)
    assert enrolment_of(after, 2).status is not status


def test_an_offer_that_was_called_in_needs_no_mail() -> None:
    book = touch(offered(mail=True), 1, called_at=in_night(3) - HOUR)

    after = sleep(book, RULES_WITH_MAIL, night=3)

    assert status_of(after) == {1: "offered", 2: "waiting"}


def test_an_organisers_offer_to_somebody_without_an_address_is_made_known_by_phone() -> None:
    book = sleep(snapshot([WITHOUT_ADDRESS], FULL), RULES_WITH_MAIL)

    after = sleep(decide(book, {1: Decision.OFFER}), RULES_WITH_MAIL, night=1)

    assert CALL in enrolment_of(after, 1).alerts


def test_each_offer_has_a_name_of_its_own() -> None:
    book = sleep(decide(offered(), {1: Decision.WAIT}), night=2)

    again = sleep(decide(book, {1: Decision.OFFER}), night=3)

    offers = [enrolment_of(one, 1).offer for one in (offered(), book, again)]
    assert offers[0] == offers[1] != offers[2]


def test_seats_over_the_cap_are_offered_to_nobody() -> None:
    book = sleep(decide(sleep(snapshot([FIRST, SECOND, THIRD], FULL)), {3: Decision.CONFIRM}))

    after = sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)

    assert status_of(after) == {1: "waiting", 2: "waiting", 3: "confirmed"}


def test_a_withdrawal_beats_the_call_of_its_night() -> None:
    book = touch(sleep(snapshot([FIRST, SECOND], FULL)), 1, called_at=in_night(0) + HOUR)

    after = sleep(with_replies(book, reply(book, 1, Wish.WITHDRAW, in_night(0))), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "waiting"}
    assert enrolment_of(after, 1).alerts == ""


def test_a_withdrawal_and_a_call_of_one_night_leave_the_seat_to_the_next() -> None:
    book = touch(offered(), 1, called_at=in_night(1) + HOUR)
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(1) + 2 * HOUR)

    after = sleep(with_replies(book, withdraws), night=2)

    assert status_of(after) == {1: "declined", 2: "offered"}
    assert enrolment_of(after, 1).alerts == ""
