"""The state table, row by row: from what to what, by whom, and the words of the journal."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.model import LIVE, By, Decision, Promotion, Status
from automation.core.plan import make_plan
from automation.core.replies import Wish
from tests.world import (
    RULES,
    RULES_WITH_MAIL,
    START,
    answer,
    cohort,
    decide,
    enrolment_of,
    in_night,
    reply,
    sleep,
    snapshot,
    touch,
    with_answers,
    with_replies,
)

if TYPE_CHECKING:
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

EVE = answer("Ève Roy", cohort="C1")
ANSWERED = START + timedelta(minutes=10)
LUC = answer("Luc Caron", 10, cohort="C1")
ANNE = answer("Anne Dubé", 20, cohort="C1")
AGAIN = replace(LUC, at=in_night(3))
OFFERING = cohort(places=1, promotion=Promotion.OFFER, window=timedelta(days=1))
TOLD = in_night(1) + timedelta(hours=1)
"""When Luc is told of the offer that he has since night 1; it holds for a day."""

REGISTERED = {
    Status.TO_REVIEW: snapshot([EVE, replace(LUC, email="luc@"), ANNE], OFFERING),
    Status.NOT_ADMITTED: snapshot([EVE, LUC], replace(OFFERING, closes=ANSWERED)),
}
DECIDED = {
    Status.OFFERED: {1: Decision.WITHDRAW},
    Status.CONFIRMED: {2: Decision.CONFIRM},
    Status.WITHDRAWN: {2: Decision.WITHDRAW},
    Status.REMOVED: {2: Decision.REMOVE},
    Status.DECLINED: {1: Decision.WITHDRAW},
    Status.EXPIRED: {1: Decision.WITHDRAW},
}
EMPTIED: dict[int, Decision | None] = {1: None, 2: None}


@cache
def luc(status: Status) -> Snapshot:
    """Return a workbook where Luc, no. 2, came to a status as people do; the cells are empty.

    The only place was Ève's, no. 1, and Anne waits behind him, no. 3.
    """
    registered = sleep(REGISTERED.get(status) or snapshot([EVE, LUC, ANNE], OFFERING))
    book = sleep(decide(registered, {**EMPTIED, **DECIDED.get(status, {})}), night=1)
    if status is Status.EXPIRED:
        book = touch(book, 2, called_at=ANSWERED)
    if status is Status.DECLINED:
        book = with_replies(book, reply(book, 2, Wish.WITHDRAW, TOLD))
    book = sleep(decide(book, EMPTIED), night=2)
    assert enrolment_of(book, 2).status is status
    return book


def told(book: Snapshot, rules: Rules = RULES) -> list[tuple[Status | None, Status, By, str]]:
    """Return what the journal of a later night tells of Luc."""
    plan = make_plan(book, rules, in_night(9))
    return [
        (event.before, event.after, event.by, event.reason.code)
        for event in plan.events
        if event.number == 2 and event.kind == "transition"
    ]


def newcomer(places: int = 2, **fields: Any) -> Snapshot:
    """Return a workbook where Ève has a place of two and Luc's first answer came since."""
    book = sleep(snapshot([EVE], replace(OFFERING, places=places)))
    book = replace(book, cohorts=(replace(OFFERING, places=places, **fields),))
    return with_answers(book, EVE, LUC)


@pytest.mark.parametrize(
    ("book", "after", "reason"),
    [
        (with_answers(newcomer(), EVE, replace(LUC, email="luc@")), "to_review", "invalid_email"),
        (with_answers(newcomer(), EVE, replace(LUC, cohort="C9")), "to_review", "unknown_cohort"),
        (with_answers(newcomer(), EVE, replace(EVE, at=ANSWERED)), "merged", "merged"),
        (newcomer(closes=ANSWERED), "not_admitted", "outside_period"),
        (newcomer(opens=ANSWERED + timedelta(minutes=1)), "not_admitted", "outside_period"),
        (newcomer(places=1, waiting_limit=0), "not_admitted", "list_full"),
        (newcomer(), "confirmed", "confirmed"),
        (newcomer(places=1), "waiting", "waiting"),
        (newcomer(paused=True), "waiting", "waiting_turn"),
    ],
)
def test_cohorte_receives_a_new_answer(book: Snapshot, after: str, reason: str) -> None:
    kind = "review" if after == "to_review" else "reason"

    events = told(book)

    assert events == [(None, Status(after), By.COHORTE, f"{kind}.{reason}")]


@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.WAIT, Decision.RESTORE])
@pytest.mark.parametrize(
    ("places", "after", "reason"),
    [
        (1, Status.WAITING, "reason.validated"),
        (3, Status.CONFIRMED, "reason.confirmed_validated"),
    ],
)
def test_who_was_to_review_becomes_by_an_organiser_what_they_would_have_been(
    decision: Decision, places: int, after: Status, reason: str
) -> None:
    book = replace(luc(Status.TO_REVIEW), cohorts=(replace(OFFERING, places=places),))

    events = told(decide(book, {2: decision}))

    assert events == [(Status.TO_REVIEW, after, By.ORGANISER, reason)]


def more_places(status: Status, promotion: Promotion = Promotion.OFFER) -> Snapshot:
    return replace(luc(status), cohorts=(replace(OFFERING, places=9, promotion=promotion),))


def accepts(status: Status, *, late: bool = False) -> Snapshot:
    book = more_places(status) if late else luc(status)
    at = in_night(8) if late else TOLD
    return with_replies(book, reply(book, 2, Wish.ACCEPT, at))


@pytest.mark.parametrize(
    ("book", "before", "after", "by", "reason"),
    [
        (more_places(Status.WAITING), "waiting", "offered", By.COHORTE, "offered"),
        (
            decide(luc(Status.WAITING), {2: Decision.OFFER}),
            *("waiting", "offered", By.ORGANISER, "offered_by_committee"),
        ),
        (
            touch(luc(Status.WAITING), 2, called_at=in_night(8)),
            *("waiting", "offered", By.ORGANISER, "offered_by_phone"),
        ),
        (
            more_places(Status.WAITING, Promotion.AUTOMATIC),
            *("waiting", "confirmed", By.COHORTE, "promoted"),
        ),
        (
            decide(luc(Status.WAITING), {2: Decision.CONFIRM}),
            *("waiting", "confirmed", By.ORGANISER, "confirmed_by_committee"),
        ),
        (accepts(Status.OFFERED), "offered", "confirmed", By.PARTICIPANT, "accepted"),
        (
            decide(luc(Status.OFFERED), {2: Decision.CONFIRM}),
            *("offered", "confirmed", By.ORGANISER, "confirmed_by_committee"),
        ),
        (
            decide(luc(Status.OFFERED), {2: Decision.WITHDRAW}),
            *("offered", "declined", By.ORGANISER, "declined_by_committee"),
        ),
        (
            touch(luc(Status.OFFERED), 2, called_at=TOLD),
            *("offered", "expired", By.COHORTE, "expired"),
        ),
        (
            decide(luc(Status.OFFERED), {2: Decision.WAIT}),
            *("offered", "waiting", By.ORGANISER, "put_on_list_held"),
        ),
        (
            decide(luc(Status.CONFIRMED), {2: Decision.WAIT}),
            *("confirmed", "waiting", By.ORGANISER, "put_on_list_held"),
        ),
        (
            decide(luc(Status.EXPIRED), {2: Decision.CONFIRM}),
            *("expired", "confirmed", By.ORGANISER, "confirmed_by_committee"),
        ),
    ],
)
def test_a_seat_is_given_or_taken_back(
    book: Snapshot, before: str, after: str, by: By, reason: str
) -> None:
    expected = (Status(before), Status(after), by, f"reason.{reason}")

    events = told(book)

    assert events == [expected]


def test_an_offer_whose_mail_did_not_go_out_is_taken_back_by_cohorte() -> None:
    book = luc(Status.OFFERED)

    events = told(book, RULES_WITH_MAIL)

    assert events == [(Status.OFFERED, Status.WAITING, By.COHORTE, "reason.unsent")]


def test_a_late_yes_gets_by_cohorte_a_seat_that_nobody_waits_for() -> None:
    book = accepts(Status.EXPIRED, late=True)

    events = told(book)

    assert events == [(Status.EXPIRED, Status.CONFIRMED, By.COHORTE, "reason.accepted_late")]


@pytest.mark.parametrize("status", sorted(LIVE))
def test_whoever_is_live_withdraws_by_themselves(status: Status) -> None:
    book = luc(status)
    after = Status.DECLINED if status is Status.OFFERED else Status.WITHDRAWN
    reason = "reason.declined" if status is Status.OFFERED else "reason.withdrew"

    events = told(with_replies(book, reply(book, 2, Wish.WITHDRAW, TOLD)))

    assert events == [(status, after, By.PARTICIPANT, reason)]


@pytest.mark.parametrize("status", sorted(LIVE - {Status.OFFERED}))
def test_whoever_is_live_is_withdrawn_by_an_organiser(status: Status) -> None:
    book = decide(luc(status), {2: Decision.WITHDRAW})

    events = told(book)

    assert events == [(status, Status.WITHDRAWN, By.ORGANISER, "reason.withdrawn_by_committee")]


@pytest.mark.parametrize("status", sorted(LIVE))
def test_whoever_is_live_is_removed_by_an_organiser(status: Status) -> None:
    book = decide(luc(status), {2: Decision.REMOVE})

    events = told(book)

    assert events == [(status, Status.REMOVED, By.ORGANISER, "reason.removed_by_committee")]


ENDED = (Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED, Status.NOT_ADMITTED)


@pytest.mark.parametrize("status", ENDED)
def test_whoever_ended_and_registers_again_gets_a_new_place_in_the_queue(status: Status) -> None:
    book = with_answers(replace(luc(status), cohorts=(OFFERING,)), EVE, LUC, ANNE, AGAIN)

    plan = make_plan(book, RULES, in_night(9))

    (event,) = (e for e in plan.events if e.number == 2)
    assert (event.before, event.after, event.by) == (status, Status.WAITING, By.PARTICIPANT)
    assert event.state.queued_at == AGAIN.at


@pytest.mark.parametrize("status", [*ENDED, Status.REMOVED])
@pytest.mark.parametrize(
    ("decision", "reason", "queued_at"),
    [
        (Decision.WAIT, "reason.put_on_list", in_night(9)),
        (Decision.RESTORE, "reason.place_restored", ANSWERED),
    ],
)
def test_an_organiser_puts_whoever_ended_at_the_end_of_the_queue_or_at_their_old_place(
    status: Status, decision: Decision, reason: str, queued_at: object
) -> None:
    book = decide(luc(status), {2: decision})

    plan = make_plan(replace(book, cohorts=(replace(OFFERING, places=0),)), RULES, in_night(9))

    (event,) = (e for e in plan.events if e.number == 2)
    assert (event.before, event.after, event.by) == (status, Status.WAITING, By.ORGANISER)
    assert event.reason.code == reason
    assert event.state.queued_at == queued_at


@pytest.mark.parametrize("status", [Status.WAITING, Status.OFFERED, Status.CONFIRMED])
def test_a_place_in_the_queue_that_was_never_lost_needs_no_restoring(status: Status) -> None:
    book = decide(luc(status), {2: Decision.RESTORE})

    plan = make_plan(book, RULES, in_night(9))

    assert told(book) == []
    assert [event.reason.code for event in plan.events] == ["reason.decision_no_effect"]


def test_whoever_registered_again_may_still_have_their_old_place_back() -> None:
    both = with_answers(luc(Status.WITHDRAWN), EVE, LUC, ANNE, AGAIN)
    again = sleep(both, night=4)

    events = told(decide(again, {2: Decision.RESTORE}))

    after = sleep(decide(again, {2: Decision.RESTORE}), night=9)
    assert events == [
        (Status.WAITING, Status.WAITING, By.ORGANISER, "reason.place_restored"),
    ]
    assert [e.rank for e in after.register] == [None, 1, 2]
    assert after.register[1].queued_at == ANSWERED
