"""Which message for which transition and which day: once, in time, and to nobody who may not get it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.instants import from_wall
from automation.core.ledger import MailAction, MailState
from automation.core.letters import DETAILS, Template, ToPerson
from automation.core.mailing import agrees_to_news, plan_actions
from automation.core.mailing.standing import STANDING
from automation.core.model import Damage, Decision, Meeting, MeetingState, Number, Promotion
from automation.core.plan import make_plan
from automation.core.replies import Wish
from tests.world import (
    NIGHT,
    POST,
    RULES,
    RULES_WITH_MAIL,
    START,
    ZONE,
    answer,
    apply_changes,
    apply_plan,
    cohort,
    decide,
    enrolment_of,
    in_night,
    post,
    reply,
    snapshot,
    status_of,
    touch,
    with_answers,
    with_replies,
)

if TYPE_CHECKING:
    from automation.core.ledger import Mailing
    from automation.core.plan import Plan
    from automation.core.rules import PostRules, Rules
    from automation.core.snapshot import Snapshot

REVIEWED = replace(RULES, post=replace(POST, automatic=False))
EVE, FRANK, GINA = answer("Ève Roy", 0), answer("Franck Caron", 1), answer("Gina Dubé", 2)
DAY = date(2023, 1, 16)
LATER = Meeting(row=9, cohort="C1", day=date(2023, 3, 20), start=time(18, 30))
MEETING = Meeting(row=2, cohort="C1", day=DAY, start=time(18, 30), end=time(21), place="Salle")
NEWS_TO_COME = cohort("C2", 5, row=3, follows="C1", opens=in_night(3), closes=in_night(9))


def night(
    before: Snapshot, number: float, rules: Rules = RULES_WITH_MAIL
) -> tuple[Snapshot, list[tuple[int | None, str]]]:
    """Let a night pass, all its messages leave, and tell which did."""
    plan = make_plan(before, rules, in_night(0) + timedelta(days=number))
    return post(apply_plan(before, plan), plan), told(plan)


def told(plan: Plan) -> list[tuple[int | None, str]]:
    return sorted(((m.number, m.template.value) for m in plan.mail.due), key=str)


def nights_until(book: Snapshot, last: int, rules: Rules = RULES_WITH_MAIL) -> Snapshot:
    """Let the nights pass up to one, none left out."""
    for number in range(last + 1):
        book, _ = night(book, number, rules)
    return book


def the(book: Snapshot, template: str, number: int = 1) -> Mailing:
    (found,) = [m for m in book.mailings.values() if (m.number, m.template) == (number, template)]
    return found


def meet(book: Snapshot, **fields: Any) -> Snapshot:
    """Let organisers type in the row of the first meeting."""
    first, *rest = book.meetings
    return replace(book, meetings=(replace(first, **fields), *rest))


def call_roll(book: Snapshot, *present: int, called: bool = True, excused: int = 0) -> Snapshot:
    (roll,) = book.rolls.values()
    rows = tuple(
        replace(row, present=row.number in present, excused=row.number == excused)
        for row in roll.rows
    )
    return replace(book, rolls={roll.meeting: replace(roll, rows=rows, called=called)})


def act(book: Snapshot, action: MailAction, template: str, number: int = 1) -> Snapshot:
    """Let an organiser pick an action in Courriels."""
    key = the(book, template, number).key
    rows = (replace(row, action=action) if row.key == key else row for row in book.mail_rows)
    return replace(book, mail_rows=tuple(rows))


def test_every_message_to_a_person_says_which_status_it_has_to_find() -> None:
    assert set(STANDING) == {template for template, kind in DETAILS.items() if kind is ToPerson}


def test_who_gets_a_seat_is_told_so_and_who_waits_as_well() -> None:
    book = snapshot([EVE, FRANK, GINA])

    book, letters = night(book, 0)

    assert status_of(book) == {1: "confirmed", 2: "confirmed", 3: "waiting"}
    assert letters == [(1, "confirmation"), (2, "confirmation"), (3, "waiting")]


@pytest.mark.parametrize(
    ("decision", "letter"),
    [
        (Decision.WITHDRAW, "withdrawn"),
        (Decision.REMOVE, "removed"),
        (Decision.WAIT, None),
    ],
)
def test_a_decision_is_told_once(decision: Decision, letter: str | None) -> None:
    book, _ = night(snapshot([EVE]), 0)

    book, letters = night(decide(book, {1: decision}), 1)
    _, again = night(book, 2)

    assert letters == ([(1, letter)] if letter else [])
    assert again == []


def test_what_becomes_of_an_offer_is_told_each_time() -> None:
    book = snapshot([EVE, FRANK, GINA], cohort(places=1, promotion=Promotion.OFFER))
    book, _ = night(book, 0)
    book, offered = night(decide(book, {1: Decision.WITHDRAW}), 1)
    refusal = reply(book, 2, Wish.WITHDRAW, in_night(1) + timedelta(hours=9))

    book, after_refusal = night(with_replies(book, refusal), 2)
    later = [night_letters for _, night_letters in _following(book, 3, 8)]

    assert offered == [(1, "withdrawn"), (2, "offer")]
    assert after_refusal == [(2, "withdrawn"), (3, "offer")]
    assert [letters for letters in later if letters] == [[(3, "last_call")], [(3, "expired")]]


def _following(
    book: Snapshot, first: int, last: int
) -> list[tuple[Snapshot, list[tuple[int | None, str]]]]:
    found = []
    for number in range(first, last + 1):
        book, letters = night(book, number)
        found.append((book, letters))
    return found


def test_a_yes_to_an_offer_is_confirmed() -> None:
    book = snapshot([EVE, FRANK], cohort(places=1, promotion=Promotion.OFFER))
    book, _ = night(book, 0)
    book, _ = night(decide(book, {1: Decision.WITHDRAW}), 1)
    yes = reply(book, 2, Wish.ACCEPT, in_night(1) + timedelta(hours=9))

    _, letters = night(with_replies(book, yes), 2)

    assert letters == [(2, "confirmation")]


def test_an_offer_made_over_the_phone_is_not_made_again_by_mail() -> None:
    book = snapshot([EVE, FRANK], cohort(places=1, promotion=Promotion.OFFER))
    book, _ = night(book, 0)
    book = touch(book, 2, called_at=in_night(0) + timedelta(hours=9))

    _, letters = night(decide(book, {1: Decision.WITHDRAW, 2: Decision.OFFER}), 1)

    assert letters == [(1, "withdrawn")]


def test_who_is_under_review_or_was_not_admitted_is_not_written_to() -> None:
    closed = cohort(closes=START - timedelta(days=1))
    book = snapshot([replace(EVE, cohort="C1"), FRANK], closed)

    book, letters = night(book, 0)

    assert status_of(book) == {1: "not_admitted", 2: "to_review"}
    assert letters == []


def test_somebody_without_a_usable_address_is_not_written_to() -> None:
    book = snapshot([answer("Ève Roy", email="eve@"), answer("Franck Caron", 1, email="")])

    _, letters = night(book, 0)

    assert letters == []


def test_a_merged_enrolment_that_was_told_is_not_told_again_under_the_other_number() -> None:
    second = answer("Ève Roy", 5, email="autre@exemple.test", phone=EVE.phone)
    book, first = night(snapshot([EVE, FRANK, second]), 0)
    book = touch(book, 3, merge_with=1)

    _, letters = night(book, 1)

    assert (1, "confirmation") in first
    assert letters == []


def test_thanks_that_were_sent_under_a_number_are_not_sent_again_under_the_one_it_merges_into() -> (
    None
):
    book = nights_until(snapshot([EVE, FRANK], meetings=(MEETING, LATER)), 13)
    book, thanked = night(call_roll(book, 2), 14)
    book = touch(book, 2, merge_with=1)

    _, letters = night(book, 15)

    assert thanked == [(1, "missed_you"), (2, "thanks")]
    assert letters == []


def test_reminders_leave_in_their_window_and_only_once() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 11)

    book, too_early = night(book, 11.5)
    book, due = night(book, 12)
    _, again = night(book, 13)

    assert too_early == []
    assert due == [(1, "reminder")]
    assert again == []


def test_a_reminder_that_was_not_approved_in_time_is_not_sent_late() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 12, REVIEWED)
    assert the(book, "reminder").state is MailState.PLANNED

    book, letters = night(act(book, MailAction.APPROVE, "reminder"), 14, REVIEWED)

    assert letters == []
    assert the(book, "reminder").state is MailState.EXPIRED


def test_who_gets_a_seat_the_night_before_a_meeting_gets_no_reminder_beside_the_confirmation() -> (
    None
):
    book, _ = night(snapshot([], meetings=(MEETING,)), 12)
    late = replace(EVE, at=in_night(12) + timedelta(hours=9))

    _, letters = night(with_answers(book, late), 13)

    assert letters == [(1, "confirmation")]


def test_a_second_run_of_the_night_reminds_nobody_of_what_the_first_told() -> None:
    """Property 4, whether it comes at the same instant or an hour later."""
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 11)
    late = replace(FRANK, at=in_night(11) + timedelta(hours=9))
    book = with_answers(meet(book, place="Ailleurs"), EVE, late)

    book, letters = night(book, 12)
    book, again = night(book, 12)
    book, later = night(book, 12 + 1 / 24)
    _, next_day = night(book, 13)

    assert letters == [(1, "moved"), (2, "confirmation")]
    assert again == later == []
    assert next_day == [(1, "reminder"), (2, "reminder")]


def test_who_was_confirmed_by_a_run_that_was_cut_off_hears_of_a_move_in_the_confirmation() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 1)
    late = replace(FRANK, at=in_night(1) + timedelta(hours=9))
    book = with_answers(meet(book, day=DAY + timedelta(days=7)), EVE, late)
    plan = make_plan(book, RULES_WITH_MAIL, in_night(2))
    claimed = {c.after.key: c.after for c in plan.mail.changes if c.after.number == 2}
    cut = apply_changes(book, plan.changes, plan.now)
    cut = replace(cut, mailings={**cut.mailings, **claimed})

    _, letters = night(cut, 2 + 1 / 48)

    assert letters == [(1, "moved"), (2, "confirmation")]


def test_a_meeting_that_moves_twice_is_told_twice() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 1)

    book, first = night(meet(book, day=DAY + timedelta(days=7)), 2)
    book, second = night(meet(book, place="Ailleurs"), 3)
    _, nothing = night(book, 4)

    assert first == second == [(1, "moved")]
    assert nothing == []
    assert book.meetings[0].sequence == 2


def test_a_move_that_nobody_approved_gives_way_to_the_cancellation() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 0)
    book, _ = night(meet(book, day=DAY + timedelta(days=7)), 1, REVIEWED)

    book, letters = night(meet(book, state=MeetingState.CANCELLED), 1.5)

    assert letters == [(1, "cancelled")]
    assert the(book, "moved").state is MailState.EXPIRED


@pytest.mark.parametrize(
    ("state", "letter"), [(MeetingState.CANCELLED, "cancelled"), (MeetingState.POSTPONED, "moved")]
)
def test_a_meeting_that_is_called_off_and_held_after_all_is_told_both_times(
    state: MeetingState, letter: str
) -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 1)

    book, off = night(meet(book, state=state), 2)
    book, quiet = night(book, 3)
    book, held = night(meet(book, state=MeetingState.PLANNED), 4)

    assert off == [(1, letter)]
    assert quiet == []
    assert held == [(1, "moved")]


def test_two_meetings_that_move_in_one_night_are_two_messages() -> None:
    second = replace(MEETING, row=3, day=DAY + timedelta(days=14))
    book = nights_until(snapshot([EVE], meetings=(MEETING, second)), 1)
    moved = tuple(replace(m, place="Ailleurs") for m in book.meetings)

    _, letters = night(replace(book, meetings=moved), 2)

    assert letters == [(1, "moved"), (1, "moved")]


def test_a_meeting_that_is_over_may_be_corrected_in_silence() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 14)

    _, letters = night(meet(book, place="Ailleurs"), 15)

    assert letters == []


def test_news_of_a_meeting_is_worth_nothing_once_it_began() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 12)
    book, _ = night(meet(book, place="Ailleurs"), 13, REVIEWED)

    mailing = the(book, "moved")

    assert mailing.expires_at == datetime.combine(DAY, time(18, 30), ZONE)


def test_thanks_and_missed_you_wait_for_the_roll_and_leave_out_who_was_excused() -> None:
    book = nights_until(
        snapshot([EVE, FRANK, GINA], cohort(places=3), meetings=(MEETING, LATER)), 13
    )

    book, uncalled = night(call_roll(book, 1, called=False), 14)
    book, called = night(call_roll(book, 1, excused=3), 15)
    _, corrected = night(call_roll(book, 1, 2, excused=3), 16)

    assert uncalled == []
    assert called == [(1, "thanks"), (2, "missed_you")]
    assert corrected == []


def test_a_roll_corrected_before_the_thanks_leave_corrects_them() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING, LATER)), 13, REVIEWED)
    book, _ = night(call_roll(book), 14, REVIEWED)
    assert the(book, "missed_you").state is MailState.PLANNED

    _, letters = night(call_roll(book, 1), 15)

    assert letters == [(1, "thanks")]


def test_nobody_is_thanked_long_after() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 13)

    _, letters = night(call_roll(book, 1), 23)

    assert "thanks" not in {template for _, template in letters}


def test_farewell_waits_for_every_roll_and_goes_to_who_came() -> None:
    second = replace(MEETING, row=3, day=DAY + timedelta(days=1))
    book = nights_until(snapshot([EVE, FRANK], meetings=(MEETING, second)), 15)
    rolls = {
        n: replace(r, rows=tuple(replace(x, present=x.number == 1) for x in r.rows), called=n == 1)
        for n, r in book.rolls.items()
    }
    book, before = night(replace(book, rolls=rolls), 16)
    rolls = {n: replace(r, called=True) for n, r in book.rolls.items()}

    book, after = night(replace(book, rolls=rolls), 17)
    _, again = night(book, 18)

    assert "farewell" not in {template for _, template in before}
    assert [n for n, template in after if template == "farewell"] == [1]
    assert again == []


def _book_with_news_to_come() -> Snapshot:
    """Return a programme of three people, of whom the first two agreed to news."""
    book = snapshot([EVE, FRANK, GINA], cohort(places=3), NEWS_TO_COME)
    book, _ = night(book, 0)
    return touch(touch(book, 1, communications=True), 2, communications=True)


def test_the_next_cohort_is_told_to_who_agreed_when_it_opens_and_once() -> None:
    book = _book_with_news_to_come()

    book, before = night(book, 2)
    book, opened = night(book, 3)
    _, again = night(book, 4)

    assert before == again == []
    assert opened == [(1, "next_cohort"), (2, "next_cohort")]


def test_who_is_in_the_next_cohort_is_not_told_that_it_opens() -> None:
    book = _book_with_news_to_come()
    there = replace(FRANK, cohort="C2", at=in_night(3) - timedelta(seconds=-1))

    book, _ = night(with_answers(book, EVE, FRANK, GINA, there), 3)
    _, letters = night(book, 4)

    assert (2, "next_cohort") not in letters


def test_a_newer_enrolment_elsewhere_brings_no_second_invitation() -> None:
    book = _book_with_news_to_come()
    book = replace(book, cohorts=(*book.cohorts, cohort("C3", 3, row=4)))
    book, first = night(book, 3)
    elsewhere = replace(EVE, cohort="C3", at=in_night(3) + timedelta(hours=1))

    book, second = night(with_answers(book, EVE, FRANK, GINA, elsewhere), 4)

    assert enrolment_of(book, 4).person == 1
    assert (1, "next_cohort") in first
    assert second == [(4, "confirmation")]


@pytest.mark.parametrize("how", ["Ma place", "Communications"])
def test_an_opt_out_stops_news_the_same_night_and_no_service(how: str) -> None:
    book = _book_with_news_to_come()
    book, _ = night(book, 3, REVIEWED)
    book = act(book, MailAction.APPROVE, "next_cohort")
    if how == "Ma place":
        wish = reply(book, 1, Wish.NO_NEWS, in_night(3) + timedelta(hours=1))
        book = with_replies(book, wish)
    else:
        book = touch(book, 1, communications=False)

    book, letters = night(book, 3.5, REVIEWED)
    _, service = night(decide(book, {1: Decision.WITHDRAW}), 4)

    assert letters == []
    assert the(book, "next_cohort").state is MailState.EXPIRED
    assert (1, "withdrawn") in service


@pytest.mark.parametrize(
    ("words", "agrees"),
    [
        ("Oui", True),
        ("J’accepte de recevoir des nouvelles (jamais plus de deux par an)", True),
        ("Yes, please", True),
        ("Prévenez-moi de la prochaine cohorte", True),
        ("", False),
        (" ", False),
        ("Non", False),
        ("non, merci", False),
        ("Je ne veux pas", False),
        ("Je n’accepte pas", False),
        ("Surtout pas!", False),
        ("I don’t", False),
        ("No thanks", False),
        ("FAUX", False),
        ("0", False),
    ],
)
def test_consent_is_a_yes_and_never_a_guess(words: str, *, agrees: bool) -> None:
    book, _ = night(snapshot([EVE]), 0)

    said = [replace(enrolment_of(book, 1), consent=words)]

    assert agrees_to_news(said) is agrees


def test_who_was_removed_once_gets_no_news() -> None:
    book, _ = night(decide(_book_with_news_to_come(), {1: Decision.REMOVE}), 1)

    _, letters = night(book, 3)

    assert letters == [(2, "next_cohort")]


@pytest.mark.parametrize("decision", [Decision.WITHDRAW, Decision.REMOVE])
def test_who_leaves_gets_nothing_but_the_notice_of_it(decision: Decision) -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 12, REVIEWED)
    for template in ("confirmation", "reminder"):
        book = act(book, MailAction.APPROVE, template)

    book, letters = night(decide(book, {1: decision}), 12.5)

    assert [template for _, template in letters] == [
        "withdrawn" if decision is Decision.WITHDRAW else "removed"
    ]
    assert the(book, "reminder").state is MailState.EXPIRED


def test_a_row_that_cannot_be_taken_at_its_word_keeps_its_messages_waiting() -> None:
    book, _ = night(snapshot([EVE]), 0, REVIEWED)
    book = act(book, MailAction.APPROVE, "confirmation")

    _, letters = night(touch(book, 1, damage=Damage.DOUBLED), 1, REVIEWED)

    assert letters == []


def test_over_the_cap_the_most_urgent_leave_first_and_the_others_the_next_day() -> None:
    order = {Template.WAITING: 10, Template.CONFIRMATION: 20}
    policies = {
        t: replace(policy, priority=order.get(t, 50)) for t, policy in POST.policies.items()
    }
    rules = replace(RULES, post=replace(POST, daily_cap=1, policies=policies))
    book = snapshot([EVE, FRANK], cohort(places=1))

    book, first = night(book, 0, rules)
    book, same_day = night(book, 0.5, rules)
    _, next_day = night(book, 1.1, rules)

    assert (first, same_day, next_day) == ([(2, "waiting")], [], [(1, "confirmation")])


def test_sending_again_is_another_attempt_and_acts_once() -> None:
    book, _ = night(snapshot([EVE]), 0)

    book, again = night(act(book, MailAction.RESEND, "confirmation"), 1)
    _, nothing = night(book, 2)

    assert again == [(1, "confirmation")]
    assert nothing == []
    assert sorted(m.attempt for m in book.mailings.values()) == [0, 1]


def test_an_action_that_lost_the_memory_of_it_sends_nothing_a_third_time() -> None:
    book, _ = night(snapshot([EVE]), 0)
    book, _ = night(act(book, MailAction.RESEND, "confirmation"), 1)
    sorted_apart = tuple(replace(row, action_seen=None) for row in book.mail_rows)

    _, letters = night(replace(book, mail_rows=sorted_apart), 2)

    assert letters == []


def test_sending_again_what_has_not_left_lets_it_leave() -> None:
    book, _ = night(snapshot([EVE]), 0, REVIEWED)

    book, letters = night(act(book, MailAction.RESEND, "confirmation"), 1, REVIEWED)

    assert letters == [(1, "confirmation")]
    assert len(book.mailings) == 1


def test_an_unknown_fate_stays_a_question_until_somebody_answers_it() -> None:
    book, _ = night(snapshot([EVE]), 0)
    lost = the(book, "confirmation").tell(MailState.UNKNOWN, in_night(0))
    book = replace(book, mailings={lost.key: lost})

    book, letters = night(book, 1)
    answered, nothing = night(act(book, MailAction.GONE, "confirmation"), 2)
    _, again = night(act(book, MailAction.RESEND, "confirmation"), 2)

    assert letters == nothing == []
    assert the(answered, "confirmation").state is MailState.SENT
    assert again == [(1, "confirmation")]


@pytest.mark.parametrize("action", [MailAction.HOLD, MailAction.RESEND, MailAction.APPROVE])
def test_what_is_on_its_way_is_looked_for_before_anything_else(action: MailAction) -> None:
    book, _ = night(snapshot([EVE]), 0)
    way = the(book, "confirmation").tell(MailState.SENDING, in_night(0))
    book = act(replace(book, mailings={way.key: way}), action, "confirmation")

    plan = make_plan(book, RULES_WITH_MAIL, in_night(1))

    assert plan.mail.due == ()
    assert [m.key for m in plan.mail.limbo] == [way.key]
    held = {way.key: MailState.HELD} if action is MailAction.HOLD else {}
    assert plan.mail.stopped == held


def test_a_message_whose_lines_were_lost_is_found_again_in_courriels_and_not_planned_anew() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 12)
    reminder = the(book, "reminder")
    left = {key: m for key, m in book.mailings.items() if key != reminder.key}

    book, letters = night(replace(book, mailings=left), 13)

    assert letters == []
    assert the(book, "reminder").state is MailState.SENT


def test_a_message_whose_latest_lines_were_lost_is_a_question_and_does_not_leave_again() -> None:
    book, _ = night(snapshot([EVE]), 0)
    sent = the(book, "confirmation")
    forgotten = replace(sent, state=MailState.PLANNED, step=1)

    book, letters = night(replace(book, mailings={**book.mailings, sent.key: forgotten}), 1)

    assert letters == []
    assert the(book, "confirmation").state is MailState.UNKNOWN


def test_a_row_that_is_not_about_what_its_key_names_tells_nothing() -> None:
    book, _ = night(snapshot([EVE]), 0)
    rows = tuple(replace(row, number=Number(7)) for row in book.mail_rows)

    book, letters = night(replace(book, mailings={}, mail_rows=rows), 1)

    assert (letters, book.mailings) == ([], {})


def test_two_programmes_give_their_messages_different_keys() -> None:
    ours, _ = night(snapshot([EVE]), 0)
    theirs, _ = night(replace(snapshot([EVE]), spreadsheet_id="another"), 0)

    assert not set(ours.mailings) & set(theirs.mailings)


def test_an_adopted_copy_does_not_write_again_what_was_written() -> None:
    book = nights_until(snapshot([EVE], meetings=(MEETING,)), 12)

    _, letters = night(replace(book, spreadsheet_id="copy", home="copy"), 13)

    assert letters == []


def test_commands_act_as_the_column_does() -> None:
    book, _ = night(snapshot([EVE]), 0, REVIEWED)
    key = the(book, "confirmation").key

    plan = plan_actions(book, {key: MailAction.APPROVE}, REVIEWED, in_night(1))

    assert [change.after.state for change in plan.changes] == [MailState.APPROVED]
    assert [after.state for _, after in plan.rows] == [MailState.APPROVED]


def _with_digest(rules: PostRules) -> Rules:
    return replace(RULES, post=replace(rules, digest=True))


def _digest(book: Snapshot, number: float, rules: Rules) -> tuple[Snapshot, dict[str, int] | None]:
    plan = make_plan(book, rules, in_night(0) + timedelta(days=number))
    due = any(m.template is Template.DIGEST for m in plan.mail.due)
    found = {section.title: section.count for section in plan.sections}
    return post(apply_plan(book, plan), plan), found if due else None


def test_the_digest_tells_what_changed_and_comes_when_something_did() -> None:
    rules = _with_digest(POST)
    book = snapshot([EVE, FRANK, GINA])

    book, first = _digest(book, 0, rules)
    book, nothing = _digest(book, 1, rules)
    _, left = _digest(decide(book, {1: Decision.WITHDRAW}), 2, rules)

    assert first == {"Places confirmées": 2, "En liste d’attente": 1}
    assert nothing is None
    assert left == {"Places confirmées": 1, "Départs et offres terminées": 1}


def test_the_digest_of_a_run_that_died_half_way_comes_with_the_next_run_of_the_day() -> None:
    rules = _with_digest(POST)
    book = snapshot([EVE])
    plan = make_plan(book, rules, in_night(0))
    decided = apply_changes(book, plan.changes, plan.now, plan.pairs)

    _, digest = _digest(decided, 0.01, rules)

    assert digest == {"Places confirmées": 1}


def test_what_still_waits_is_told_again_on_mondays_only() -> None:
    rules = _with_digest(replace(POST, automatic=False))
    alone = answer("Rose Fortin", 3, email="")
    book = snapshot([EVE, alone], cohort(places=1, promotion=Promotion.OFFER))
    book, _ = _digest(book, 0, rules)
    book, _ = _digest(decide(book, {1: Decision.WITHDRAW}), 1, rules)

    days = [_digest(book, number, rules)[1] for number in range(2, 8)]

    # Night 7 is Monday evening, the 9th, on the wall.
    assert [number for number, told in enumerate(days, 2) if told] == [7]
    assert days[-1] == {"Personnes à appeler": 1}


def test_the_digest_is_the_committees_and_needs_no_approval() -> None:
    book, digest = _digest(snapshot([EVE]), 0, _with_digest(REVIEWED.post or POST))

    assert digest is not None
    assert {m.number for m in book.mailings.values() if m.state is MailState.SENT} == {None}


def test_an_unknown_fate_is_in_the_digest() -> None:
    rules = _with_digest(POST)
    book, _ = _digest(snapshot([EVE, FRANK]), 0, rules)
    lost = the(book, "confirmation").tell(MailState.UNKNOWN, in_night(0))
    book = replace(book, mailings={**book.mailings, lost.key: lost})

    _, digest = _digest(decide(book, {2: Decision.WITHDRAW}), 1, rules)

    assert digest is not None
    assert digest["Messages dont on ne sait s’ils sont partis"] == 1


def test_the_window_runs_from_the_sending_or_to_the_promise_if_that_is_later() -> None:
    book = snapshot([EVE, FRANK], cohort(places=1, promotion=Promotion.OFFER))
    book, _ = night(book, 0)
    book, _ = night(decide(book, {1: Decision.WITHDRAW}), 1)
    offer = enrolment_of(book, 2).offer
    promised = from_wall(datetime(2023, 1, 9, 12), ZONE)  # noqa: DTZ001 - on the wall

    plain, _ = night(book, 2)
    kind, _ = night(replace(book, promised={(Number(2), offer): promised}), 2)

    assert enrolment_of(plain, 2).deadline == in_night(1) + timedelta(hours=72)
    assert enrolment_of(kind, 2).deadline == promised


def test_an_offer_that_is_fresh_needs_no_last_call() -> None:
    quick = cohort(places=1, promotion=Promotion.OFFER, window=timedelta(hours=30))
    book = snapshot([EVE, FRANK], quick)
    book, _ = night(book, 0)
    book, _ = night(decide(book, {1: Decision.WITHDRAW}), 1)

    _, letters = night(book, 1 + NIGHT / timedelta(days=1))

    assert letters == []
