"""Answers to "Ma place": whose they are, when they count, and what they lead to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.model import (
    By,
    Cell,
    Damage,
    Decision,
    HandledState,
    Number,
    Promotion,
    Status,
)
from automation.core.plan import make_plan
from automation.core.replies import Wish, make_code, read_code, read_replies
from automation.core.responses import ResponseTable
from automation.errors import WorkbookError
from tests.world import (
    PLACE_FORM,
    REPLY_HEADER,
    RULES,
    RULES_WITH_MAIL,
    SECRET,
    START,
    ZONE,
    answer,
    cohort,
    decide,
    enrolment_of,
    in_night,
    reply,
    reply_table,
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

EVE = answer("Ève Roy", cohort="C1")
LUC = answer("Luc Caron", 10, cohort="C1")
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(hours=24)
CALLED = in_night(1) + HOUR
DEADLINE = CALLED + WINDOW
FULL = cohort(places=0, promotion=Promotion.OFFER, window=WINDOW)
ONE_PLACE = replace(FULL, places=1)
CODE = make_code(Number(12), 3, SECRET)
DAY = 44_930.5
LATE_YES = "A accepté une place sans la recevoir"


def offered() -> Snapshot:
    """Return a workbook after night 1, in which Ève was offered the only place and Luc waits."""
    book = sleep(snapshot([EVE, LUC], FULL))
    return sleep(replace(book, cohorts=(ONE_PLACE,)), night=1)


def called() -> Snapshot:
    """Return that workbook after Ève was phoned, and the window noted."""
    return sleep(touch(offered(), 1, called_at=CALLED), night=1)


def expired(*, waiting: bool = True) -> Snapshot:
    """Return the workbook after Ève let her offer expire; it is Luc's now, unless he withdrew."""
    book = called()
    return sleep(book if waiting else decide(book, {2: Decision.WITHDRAW}), night=4)


def replies_of(*rows: tuple[Cell, ...], header: tuple[Cell, ...] = REPLY_HEADER) -> ResponseTable:
    return ResponseTable(sheet_id=2, title="Ma place", header=header, rows=rows)


@pytest.mark.parametrize("text", [CODE, CODE.lower(), f" {CODE} ", " ".join(CODE)])
def test_a_code_is_read_whatever_its_case_and_spaces(text: str) -> None:
    assert read_code(text, SECRET) == (12, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE[:-1],
        CODE + "A",
        CODE.replace("12-", "13-"),
        CODE.replace("-3-", "-4-"),
        f"0{CODE}",
        CODE.replace("12-", "١٢-"),
        make_code(Number(12), 3, b"another secret"),
        CODE.replace("-", ""),
        "1234567890-3-AAAAAAAAAA",
    ],
)
def test_a_code_that_we_did_not_make_is_nobodys(text: str) -> None:
    assert read_code(text, SECRET) is None


def test_what_cannot_be_read_is_told_and_the_others_count() -> None:
    table = replies_of(
        ("hier", CODE, PLACE_FORM.accept),
        (DAY, "12-3-AAAAAAAAAA", PLACE_FORM.accept),
        (DAY, CODE, "Peut-être"),
        (),
        (DAY, CODE, PLACE_FORM.accept),
    )

    replies, problems = read_replies(table, PLACE_FORM, ZONE)

    assert [(r.number, r.offer, r.wish) for r in replies] == [(12, 3, Wish.ACCEPT)]
    assert [(p.row, p.message.code) for p in problems] == [
        (2, "reply.undated"),
        (3, "reply.bad_code"),
        (4, "reply.unknown_choice"),
    ]


def test_an_option_is_known_whatever_its_apostrophe_and_capitals() -> None:
    table = replies_of((DAY, CODE, "J'ACCEPTE "))

    (read,), problems = read_replies(table, PLACE_FORM, ZONE)

    assert read.wish is Wish.ACCEPT
    assert problems == ()


def test_replies_do_not_depend_on_where_their_rows_and_columns_stand() -> None:
    rows = [(DAY, CODE, PLACE_FORM.accept), (DAY - 1, CODE, PLACE_FORM.withdraw)]
    moved = tuple((row[2], "", row[1], row[0]) for row in reversed(rows))
    header = (REPLY_HEADER[2], "Une autre question", REPLY_HEADER[1], REPLY_HEADER[0])

    one = read_replies(replies_of(*rows), PLACE_FORM, ZONE)
    other = read_replies(replies_of(*moved, header=header), PLACE_FORM, ZONE)

    assert one == other
    assert [r.wish for r in one[0]] == [Wish.WITHDRAW, Wish.ACCEPT]


def test_a_question_that_was_made_anew_is_read_in_both_its_columns() -> None:
    header = (*REPLY_HEADER, "Code")
    old, new = (DAY, CODE, PLACE_FORM.accept), (DAY + 1, "", PLACE_FORM.withdraw, CODE)

    replies, problems = read_replies(replies_of(old, new, header=header), PLACE_FORM, ZONE)

    assert [r.wish for r in replies] == [Wish.ACCEPT, Wish.WITHDRAW]
    assert problems == ()


def test_a_reply_that_stands_twice_is_one() -> None:
    row = (DAY, CODE, PLACE_FORM.accept)

    replies, _ = read_replies(replies_of(row, row), PLACE_FORM, ZONE)

    assert len(replies) == 1


@pytest.mark.parametrize("lacking", [1, 2])
def test_a_form_that_lacks_a_question_stops_the_night(lacking: int) -> None:
    header = [*REPLY_HEADER]
    header[lacking] = "Autre chose"
    book = replace(offered(), replies=replies_of(header=tuple(header)))

    with pytest.raises(WorkbookError) as caught:
        make_plan(book, RULES, in_night(2))

    assert caught.value.values["question"] == REPLY_HEADER[lacking]


def test_without_the_second_form_nobody_replies() -> None:
    table = reply_table([(START, CODE, PLACE_FORM.accept)])

    without_form = read_replies(table, None, ZONE)
    without_tab = read_replies(None, PLACE_FORM, ZONE)

    assert without_form == without_tab == ((), ())


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (CALLED, Status.CONFIRMED),
        (DEADLINE, Status.CONFIRMED),
        (DEADLINE + SECOND, Status.EXPIRED),
    ],
)
def test_an_answer_counts_by_the_time_it_was_submitted_however_late_it_is_read(
    at: datetime, status: Status
) -> None:
    book = called()

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, at)), night=9)

    assert enrolment_of(after, 1).status is status


def test_a_yes_is_judged_by_a_call_that_was_noted_since() -> None:
    book = touch(offered(), 1, called_at=CALLED)

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + SECOND)), night=9)

    assert status_of(after) == {1: "expired", 2: "offered"}


def test_a_yes_is_judged_by_a_call_whose_date_was_corrected_since() -> None:
    book = called()
    corrected = touch(book, 1, called_at=CALLED + 10 * HOUR)

    after = sleep(with_replies(corrected, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=9)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}


def test_a_yes_is_judged_by_a_sending_that_no_night_has_seen_yet() -> None:
    book = sleep(snapshot([EVE, LUC], FULL), RULES_WITH_MAIL)
    book = sleep(replace(book, cohorts=(ONE_PLACE,)), RULES_WITH_MAIL, night=1)
    late = reply(book, 1, Wish.ACCEPT, DEADLINE + SECOND)

    after = sleep(with_replies(send(book, 1, CALLED), late), RULES_WITH_MAIL, night=9)

    assert status_of(after) == {1: "expired", 2: "offered"}


def test_an_offer_may_be_accepted_though_nobody_noted_that_it_was_made_known() -> None:
    book = offered()

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, CALLED)), night=9)

    assert enrolment_of(after, 1).status is Status.CONFIRMED


def test_each_reply_acts_once() -> None:
    book = offered()
    accepted = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, CALLED)), night=2)
    held = sleep(decide(accepted, {1: Decision.WAIT}), night=3)

    plan = make_plan(held, RULES, in_night(4))

    assert plan.empty
    assert enrolment_of(held, 1).status is Status.WAITING
    assert HandledState.REPLIED in {line.state for line in held.handled.values()}


def test_who_accepts_and_then_withdraws_has_withdrawn() -> None:
    book = offered()
    no, yes = (
        reply(book, 1, Wish.WITHDRAW, CALLED + HOUR),
        reply(book, 1, Wish.ACCEPT, CALLED),
    )

    after = sleep(with_replies(book, no, yes), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "offered"}
    assert enrolment_of(after, 1).alerts == ""


def test_who_declines_and_then_accepts_is_asked_about() -> None:
    book = offered()
    no, yes = (
        reply(book, 1, Wish.WITHDRAW, CALLED),
        reply(book, 1, Wish.ACCEPT, CALLED + HOUR),
    )

    after = sleep(with_replies(book, no, yes), night=2)

    assert status_of(after) == {1: "declined", 2: "offered"}
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_a_late_yes_gets_the_seat_that_nobody_waits_for() -> None:
    book = expired(waiting=False)

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    assert status_of(after) == {1: "confirmed", 2: "withdrawn"}
    assert enrolment_of(after, 1).alerts == ""


def test_a_late_yes_of_the_very_night_of_the_expiry_gets_it_too() -> None:
    book = decide(called(), {2: Decision.WITHDRAW})

    plan = make_plan(
        with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), RULES, in_night(4)
    )

    assert [(e.before, e.after) for e in plan.events if e.number == 1] == [
        (Status.OFFERED, Status.EXPIRED),
        (Status.EXPIRED, Status.CONFIRMED),
    ]


def test_a_late_yes_waits_for_the_organisers_while_somebody_else_has_the_seat() -> None:
    book = expired()

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    assert status_of(after) == {1: "expired", 2: "offered"}
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_a_late_yes_waits_for_the_organisers_while_its_cohort_is_paused() -> None:
    book = replace(expired(waiting=False), cohorts=(replace(ONE_PLACE, paused=True),))

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    assert enrolment_of(after, 1).status is Status.EXPIRED
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_a_late_yes_waits_for_the_organisers_while_its_cohort_is_gone() -> None:
    book = replace(called(), cohorts=(cohort("C2"),))

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    assert enrolment_of(after, 1).status is Status.OFFERED
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_of_two_late_yeses_the_earlier_gets_the_seat() -> None:
    book = sleep(snapshot([EVE, LUC], FULL))
    both = touch(touch(book, 1, called_at=CALLED), 2, called_at=CALLED)
    over = replace(sleep(sleep(both, night=1), night=4), cohorts=(ONE_PLACE,))
    yeses = [
        reply(over, 1, Wish.ACCEPT, DEADLINE + 2 * HOUR),
        reply(over, 2, Wish.ACCEPT, DEADLINE + HOUR),
        reply(over, 2, Wish.ACCEPT, DEADLINE + 3 * HOUR),
    ]

    after = sleep(with_replies(over, *yeses), night=5)

    assert status_of(over) == {1: "expired", 2: "expired"}
    assert status_of(after) == {1: "expired", 2: "confirmed"}
    assert LATE_YES in enrolment_of(after, 1).alerts
    assert LATE_YES not in enrolment_of(after, 2).alerts


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (Decision.CONFIRM, Status.CONFIRMED),
        (Decision.WAIT, Status.WAITING),
        (Decision.WITHDRAW, Status.EXPIRED),
        (Decision.REMOVE, Status.EXPIRED),
    ],
)
def test_the_question_of_a_late_yes_is_over_once_the_organisers_decided(
    decision: Decision, status: Status
) -> None:
    book = expired()
    asked = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    after = sleep(decide(asked, {1: decision}), night=6)

    assert enrolment_of(after, 1).status is status
    assert LATE_YES not in enrolment_of(after, 1).alerts


def test_the_question_of_a_late_yes_is_over_once_they_say_no() -> None:
    book = expired()
    yes = reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)
    asked = sleep(with_replies(book, yes), night=5)

    after = sleep(with_replies(asked, yes, reply(book, 1, Wish.WITHDRAW, in_night(5))), night=6)

    assert enrolment_of(after, 1).alerts == ""


def test_who_takes_a_late_yes_back_gets_no_seat() -> None:
    book = expired(waiting=False)
    yes, no = (
        reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR),
        reply(book, 1, Wish.WITHDRAW, DEADLINE + 2 * HOUR),
    )

    after = sleep(with_replies(book, yes, no), night=5)

    assert status_of(after) == {1: "expired", 2: "withdrawn"}
    assert enrolment_of(after, 1).alerts == ""


@pytest.mark.parametrize("decision", [Decision.WITHDRAW, Decision.REMOVE])
def test_who_is_turned_down_the_night_of_their_late_yes_gets_no_seat(decision: Decision) -> None:
    book = decide(expired(waiting=False), {1: decision})

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, DEADLINE + HOUR)), night=5)

    assert status_of(after) == {1: "expired", 2: "withdrawn"}
    assert LATE_YES not in enrolment_of(after, 1).alerts


def test_a_yes_to_an_offer_that_was_taken_back_is_asked_about() -> None:
    book = sleep(decide(offered(), {1: Decision.WAIT}), night=2)

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, in_night(2) + HOUR)), night=3)

    assert enrolment_of(after, 1).status is Status.WAITING
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_a_yes_to_an_earlier_offer_does_not_accept_the_new_one() -> None:
    first = offered()
    held = sleep(decide(first, {1: Decision.WAIT, 2: Decision.WITHDRAW}), night=2)
    again = sleep(decide(held, {1: Decision.OFFER}), night=3)

    after = sleep(with_replies(again, reply(first, 1, Wish.ACCEPT, in_night(3) + HOUR)), night=4)

    assert enrolment_of(after, 1).status is Status.OFFERED
    assert LATE_YES in enrolment_of(after, 1).alerts


def test_a_yes_of_somebody_who_was_removed_is_asked_about() -> None:
    book = sleep(decide(offered(), {1: Decision.REMOVE}), night=2)

    after = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, in_night(2) + HOUR)), night=3)

    assert status_of(after) == {1: "removed", 2: "offered"}
    assert LATE_YES in enrolment_of(after, 1).alerts


@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.OFFER, Decision.REMOVE])
def test_a_withdrawal_beats_any_decision_of_its_night(decision: Decision) -> None:
    book = decide(sleep(snapshot([EVE, LUC], ONE_PLACE)), {1: decision})
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(0) + HOUR)

    plan = make_plan(with_replies(book, withdraws), RULES, in_night(1))

    assert [(e.kind, e.after, e.by) for e in plan.events if e.number == 1] == [
        ("transition", Status.WITHDRAWN, By.PARTICIPANT),
        ("decision", Status.WITHDRAWN, By.ORGANISER),
    ]


def test_who_withdraws_and_then_registers_again_has_a_new_place_in_the_queue() -> None:
    book = sleep(snapshot([EVE, LUC], ONE_PLACE))
    again = replace(EVE, at=in_night(0) + 2 * HOUR)
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(0) + HOUR)

    after = sleep(with_replies(with_answers(book, EVE, LUC, again), withdraws), night=1)

    assert status_of(after) == {1: "waiting", 2: "offered"}
    assert enrolment_of(after, 1).queued_at == again.at


def test_who_registers_again_and_then_withdraws_has_withdrawn() -> None:
    book = sleep(snapshot([EVE, LUC], ONE_PLACE))
    again = replace(EVE, at=in_night(0) + HOUR)
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(0) + 2 * HOUR)

    after = sleep(with_replies(with_answers(book, EVE, LUC, again), withdraws), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "offered", 3: "merged"}


def test_who_had_withdrawn_and_in_one_day_registers_again_and_withdraws_has_withdrawn() -> None:
    book = sleep(decide(sleep(snapshot([EVE, LUC], ONE_PLACE)), {1: Decision.WITHDRAW}), night=1)
    again = replace(EVE, at=in_night(1) + HOUR)
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(1) + 2 * HOUR)

    after = sleep(with_replies(with_answers(book, EVE, LUC, again), withdraws), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "offered", 3: "merged"}


def test_who_had_withdrawn_and_in_one_day_withdraws_and_registers_again_is_back() -> None:
    book = sleep(decide(sleep(snapshot([EVE, LUC], ONE_PLACE)), {1: Decision.WITHDRAW}), night=1)
    again = replace(EVE, at=in_night(1) + 2 * HOUR)
    withdraws = reply(book, 1, Wish.WITHDRAW, in_night(1) + HOUR)

    after = sleep(with_replies(with_answers(book, EVE, LUC, again), withdraws), night=2)

    assert status_of(after) == {1: "waiting", 2: "offered"}


def test_a_withdrawal_of_before_somebody_came_back_withdraws_nobody() -> None:
    book = sleep(decide(sleep(snapshot([EVE], ONE_PLACE)), {1: Decision.WITHDRAW}), night=1)
    back = sleep(with_answers(book, EVE, replace(EVE, at=in_night(1) + 2 * HOUR)), night=2)
    withdraws = reply(back, 1, Wish.WITHDRAW, in_night(1) + HOUR)

    plan = make_plan(with_replies(back, withdraws), RULES, in_night(3))

    assert plan.events == ()
    assert enrolment_of(back, 1).status is Status.CONFIRMED


def test_a_withdrawal_of_before_an_organisers_is_no_news() -> None:
    book = sleep(decide(offered(), {1: Decision.WITHDRAW}), night=2)
    withdraws = reply(book, 1, Wish.WITHDRAW, CALLED)

    plan = make_plan(with_replies(book, withdraws), RULES, in_night(3))

    assert plan.events == ()


def test_the_code_of_a_merged_enrolment_speaks_for_the_one_that_stays() -> None:
    again = replace(EVE, at=START + timedelta(minutes=1))
    book = sleep(snapshot([EVE, again, LUC], ONE_PLACE))

    after = sleep(with_replies(book, reply(book, 2, Wish.WITHDRAW, in_night(0) + HOUR)), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "merged", 3: "offered"}


def test_the_last_word_counts_whichever_of_their_codes_somebody_used() -> None:
    book = sleep(snapshot([EVE, replace(EVE, at=START + HOUR)], FULL))
    yes = reply(book, 1, Wish.ACCEPT, in_night(0) + HOUR)
    no = reply(book, 2, Wish.WITHDRAW, in_night(0) + 2 * HOUR)

    after = sleep(with_replies(book, no, yes), night=1)

    assert status_of(after) == {1: "withdrawn", 2: "merged"}
    assert enrolment_of(after, 1).alerts == ""


def test_a_reply_for_a_number_that_is_not_there_waits() -> None:
    code = make_code(Number(99), 0, SECRET)
    book = replace(offered(), replies=reply_table([(CALLED, code, PLACE_FORM.withdraw)]))

    plan = make_plan(book, RULES, in_night(2))

    assert plan.empty


def test_a_reply_for_a_row_that_is_frozen_acts_once_the_row_is_right() -> None:
    book = touch(offered(), 1, damage=Damage.DOUBLED)
    frozen = sleep(with_replies(book, reply(book, 1, Wish.ACCEPT, CALLED)), night=2)

    after = sleep(touch(frozen, 1, damage=None), night=3)

    assert enrolment_of(frozen, 1).status is Status.OFFERED
    assert enrolment_of(after, 1).status is Status.CONFIRMED


def test_who_wants_no_more_news_keeps_their_seat_and_it_is_written_down() -> None:
    book = sleep(snapshot([EVE], ONE_PLACE))
    no_news = reply(book, 1, Wish.NO_NEWS, in_night(0) + HOUR)

    plan = make_plan(with_replies(book, no_news), RULES, in_night(1))

    (event,) = plan.events
    assert (event.kind, event.by, event.after) == ("no_news", By.PARTICIPANT, Status.CONFIRMED)


def test_a_seat_in_a_cohort_that_is_gone_may_still_be_given_up() -> None:
    book = replace(sleep(snapshot([EVE], ONE_PLACE)), cohorts=(cohort("C2"),))

    after = sleep(with_replies(book, reply(book, 1, Wish.WITHDRAW, in_night(0) + HOUR)), night=1)

    assert status_of(after) == {1: "withdrawn"}


def test_a_withdrawal_speaks_for_one_cohort_only() -> None:
    two = [EVE, replace(EVE, at=LUC.at, cohort="C2")]
    book = sleep(snapshot(two, ONE_PLACE, replace(ONE_PLACE, code="C2", row=3)))

    after = sleep(with_replies(book, reply(book, 2, Wish.WITHDRAW, in_night(0) + HOUR)), night=1)

    assert status_of(after) == {1: "confirmed", 2: "withdrawn"}
