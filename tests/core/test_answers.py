"""Participants' answers come to the register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from automation.core.model import Damage, Decision, HandledState, Promotion, Status
from automation.core.plan import make_plan
from automation.core.rules import FieldMap, Rules
from automation.locale import typeset
from tests.world import (
    RULES,
    RULES_WITHOUT_CHOICE,
    START,
    Answer,
    answer,
    apply_changes,
    cohort,
    decide,
    enrolment_of,
    in_night,
    sleep,
    snapshot,
    status_of,
    with_answers,
)

DAY = 24 * 60
EVE = answer("Ève Roy", cohort="C1")
LUC = answer("Luc Caron", 1, cohort="C1")


def test_the_last_place_goes_to_the_earlier_answer() -> None:
    book = snapshot([LUC, EVE], cohort(places=1))

    after = sleep(book)

    assert enrolment_of(after, 1).name == "Ève Roy"
    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert enrolment_of(after, 2).rank == 1


def test_every_outcome_is_told_in_words_for_the_person() -> None:
    late = answer("Anne Dubé", 2, cohort="C1")
    book = snapshot([EVE, LUC, late], cohort(places=1, waiting_limit=1))

    after = sleep(book)

    assert [e.reason for e in after.register] == [
        typeset("Une place était libre et personne n’attendait : elle est à vous."),
        typeset("Le groupe est complet : vous êtes sur la liste d’attente."),
        "Le groupe et sa liste d’attente sont complets.",
    ]


def test_who_waits_beside_free_seats_is_not_told_that_the_group_is_full() -> None:
    book = snapshot([EVE], cohort(paused=True))

    after = sleep(book)

    assert status_of(after) == {1: "waiting"}
    assert "complet" not in enrolment_of(after, 1).reason


def test_an_edited_phone_keeps_seat_rank_and_number() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    edited = replace(EVE, at=START + timedelta(days=1), phone="418 555-0199")

    plan = make_plan(with_answers(book, edited, LUC), RULES, in_night(1))

    (change,) = plan.changes
    assert change.fields == ("phone", "step")
    assert (change.after.number, change.after.status) == (1, Status.CONFIRMED)
    assert change.after.queued_at == START
    assert [line.state for line in change.handled] == [HandledState.REPLACED, HandledState.ACTED]


def test_an_edited_address_is_the_new_address_of_the_same_enrolment() -> None:
    book = sleep(snapshot([EVE]))
    edited = replace(EVE, at=START + timedelta(days=1), email="neuve@exemple.test")

    after = sleep(with_answers(book, edited), night=1)

    assert status_of(after) == {1: "confirmed"}
    assert enrolment_of(after, 1).email == "neuve@exemple.test"


def test_an_answer_edited_beside_its_key_is_shown_anew() -> None:
    book = sleep(snapshot([EVE]))

    after = sleep(with_answers(book, replace(EVE, trade="Potière")), night=1)

    assert enrolment_of(after, 1).extra == ("Potière",)


def test_an_edit_that_asks_for_another_cohort_keeps_the_seat_and_says_so() -> None:
    book = sleep(snapshot([EVE], cohort(), cohort("C2", row=3)))
    edited = replace(EVE, at=START + timedelta(days=1), cohort="C2")

    after = sleep(with_answers(book, edited), night=1)

    enrolment = enrolment_of(after, 1)
    assert (enrolment.cohort, enrolment.status) == ("C1", Status.CONFIRMED)
    assert enrolment.alerts == "La réponse modifiée demande la cohorte C2."


def test_an_answer_with_the_contacts_of_a_vanished_one_but_another_name_is_reviewed() -> None:
    book = sleep(snapshot([EVE]))
    renamed = replace(EVE, at=START + timedelta(days=1), first="Éva-Rose")

    after = sleep(with_answers(book, renamed), night=1)

    assert status_of(after) == {1: "confirmed", 2: "to_review"}
    assert typeset("n° 1") in enrolment_of(after, 2).reason


def test_the_vanished_answer_that_a_review_names_does_not_depend_on_when_it_was_flagged() -> None:
    book = sleep(snapshot([EVE, replace(EVE, at=START + timedelta(hours=1))]))
    renamed = with_answers(book, replace(EVE, at=START + timedelta(days=1), first="Éva-Rose"))
    plan = make_plan(renamed, RULES, in_night(1))

    resumed = sleep(apply_changes(renamed, plan.changes[:1], plan.now), night=1)

    assert typeset("n° 1") in enrolment_of(resumed, 3).reason


def test_a_spouse_is_not_the_edit_of_an_answer_that_was_edited() -> None:
    anne = answer("Anne Caron", 1, cohort="C1", email="caron@exemple.test", phone="418 555-0102")
    luc = replace(anne, first="Luc", at=START + timedelta(days=1))
    book = sleep(snapshot([anne], cohort(places=2)))
    edited = replace(anne, at=START + timedelta(days=1), municipality="Tourville")

    after = sleep(with_answers(book, edited, luc), night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}


def test_two_spouses_with_one_address_are_two_enrolments() -> None:
    luc = replace(EVE, first="Luc", at=START + timedelta(minutes=1))

    after = sleep(snapshot([EVE, luc]))

    assert [e.person for e in after.register] == [1, 2]
    assert status_of(after) == {1: "confirmed", 2: "confirmed"}


def test_a_vanished_answer_withdraws_nobody() -> None:
    book = sleep(snapshot([EVE]))

    after = sleep(with_answers(book), night=1)

    assert status_of(after) == {1: "confirmed"}
    assert "disparu" in enrolment_of(after, 1).alerts


def test_a_vanished_answer_that_comes_back_raises_no_alert_any_more() -> None:
    gone = sleep(with_answers(sleep(snapshot([EVE]))), night=1)

    after = sleep(with_answers(gone, EVE), night=2)

    assert enrolment_of(after, 1).alerts == ""
    assert status_of(after) == {1: "confirmed"}


def test_an_edit_that_is_undone_counts_as_written_first() -> None:
    corrected = replace(EVE, phone="418 555-0199")
    edited = sleep(with_answers(sleep(snapshot([EVE])), corrected), night=1)

    after = sleep(with_answers(edited, EVE), night=2)

    assert enrolment_of(after, 1).phone == EVE.phone
    assert enrolment_of(after, 1).alerts == ""


def test_an_edit_that_is_undone_leaves_nothing_that_looks_vanished() -> None:
    corrected = replace(EVE, phone="418 555-0199")
    edited = sleep(with_answers(sleep(snapshot([EVE])), corrected), night=1)

    undone = sleep(with_answers(edited, EVE), night=2)
    redone = sleep(with_answers(undone, corrected), night=3)

    assert {line.state.value for line in undone.handled.values()} == {"acted", "replaced"}
    assert enrolment_of(redone, 1).phone == "418 555-0199"


def test_a_newcomer_is_not_compared_with_an_edit_that_was_undone() -> None:
    corrected = replace(EVE, phone="418 555-0199")
    edited = sleep(with_answers(sleep(snapshot([EVE])), corrected), night=1)
    spouse = replace(corrected, first="Luc", at=START + timedelta(days=2))

    after = sleep(with_answers(edited, EVE, spouse), night=2)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}


def test_the_former_self_of_an_edited_answer_does_not_act_again() -> None:
    corrected = replace(EVE, phone="418 555-0199")
    edited = sleep(with_answers(sleep(snapshot([EVE])), corrected), night=1)

    plan = make_plan(with_answers(edited, corrected, EVE), RULES, in_night(2))

    assert plan.empty


def test_two_answers_that_could_both_be_the_edit_are_none() -> None:
    book = sleep(snapshot([EVE]))
    one = replace(EVE, at=START + timedelta(days=1), phone="")
    other = replace(EVE, at=START + timedelta(days=1), trade="Potière")

    after = sleep(with_answers(book, one, other), night=1)

    assert status_of(after) == {1: "confirmed", 2: "merged", 3: "merged"}


def test_of_one_persons_vanished_answers_the_edit_continues_the_live_one() -> None:
    again = replace(EVE, at=START + timedelta(hours=1))
    book = sleep(snapshot([EVE, again]))
    edited = replace(EVE, at=START + timedelta(days=1), phone="418 555-0199")

    after = sleep(with_answers(book, edited), night=1)

    assert status_of(after) == {1: "confirmed", 2: "merged"}
    assert enrolment_of(after, 1).phone == "418 555-0199"


def test_an_edit_that_could_be_of_two_people_is_of_neither() -> None:
    father = answer("Jean Roy", cohort="C1", email="roy@exemple.test", phone="418 555-0103")
    son = replace(father, phone="418 555-0104")
    book = sleep(snapshot([father, son], cohort(places=9)))
    edited = replace(father, at=START + timedelta(days=1), phone="")

    after = sleep(with_answers(book, edited), night=1)

    assert [e.status.value for e in after.register] == ["confirmed", "to_review", "merged"]


def test_a_certain_match_is_merged_into_the_one_that_stays() -> None:
    again = replace(EVE, at=START + timedelta(hours=1), first="EVE", phone="")

    after = sleep(snapshot([EVE, again], cohort(places=5)))

    merged = enrolment_of(after, 2)
    assert (merged.status, merged.merged_into, merged.person) == (Status.MERGED, 1, 1)


def test_one_person_may_be_in_two_cohorts() -> None:
    other = replace(EVE, at=START + timedelta(hours=1), cohort="C2")

    after = sleep(snapshot([EVE, other], cohort(), cohort("C2", row=3)))

    assert [(e.person, e.cohort) for e in after.register] == [(1, "C1"), (1, "C2")]
    assert status_of(after) == {1: "confirmed", 2: "confirmed"}


@pytest.mark.parametrize(
    ("doubtful", "code"),
    [
        (Answer(first="", last=""), "review.no_name"),
        (Answer(email="eve@"), "review.invalid_email"),
        (Answer(email="", phone=""), "review.no_contact"),
        (Answer(at="hier", cohort="C1"), "review.undated"),
        (Answer(at="hier"), "review.undated"),
        (Answer(cohort="Cohorte 9"), "review.unknown_cohort"),
        (Answer(cohort=""), "review.several_open"),
        (Answer(cohort="C1 ou C2"), "review.unknown_cohort"),
    ],
)
def test_a_doubtful_answer_is_reviewed_by_a_human(doubtful: Answer, code: str) -> None:
    book = snapshot([doubtful], cohort(), cohort("C2", row=3))

    plan = make_plan(book, RULES, in_night(0))

    assert [(e.after, e.reason.code) for e in plan.events] == [(Status.TO_REVIEW, code)]


def test_without_a_cohort_question_an_answer_is_for_the_cohort_open_then() -> None:
    spring = cohort("C2", row=3, opens=START + timedelta(days=1))
    winter = cohort(closes=START + timedelta(days=1))
    later = answer("Luc Caron", DAY)

    after = sleep(snapshot([answer("Ève Roy"), later], winter, spring), RULES_WITHOUT_CHOICE, 1)

    assert [e.cohort for e in after.register] == ["C1", "C2"]


def test_without_a_cohort_question_an_edit_in_another_period_asks_for_nothing() -> None:
    spring = cohort("C2", row=3, opens=START + timedelta(days=1))
    winter = cohort(closes=START + timedelta(days=1))
    book = sleep(snapshot([EVE], winter, spring), RULES_WITHOUT_CHOICE)
    edited = replace(EVE, at=START + timedelta(days=2))

    after = sleep(with_answers(book, edited), RULES_WITHOUT_CHOICE, night=2)

    enrolment = enrolment_of(after, 1)
    assert (enrolment.cohort, enrolment.status) == ("C1", Status.CONFIRMED)
    assert enrolment.alerts == ""


def test_a_cohort_is_known_by_a_word_of_the_answer() -> None:
    book = snapshot(
        [replace(EVE, cohort=typeset("Je choisis : Cohorte d’AUTOMNE (lundi)"))],
        cohort("C1", name="Cohorte d’hiver"),
        cohort("C2", row=3, name="Cohorte d'automne"),
    )

    after = sleep(book)

    assert enrolment_of(after, 1).cohort == "C2"


def test_a_cohort_that_becomes_known_is_noted_and_still_reviewed() -> None:
    book = sleep(snapshot([answer("Ève Roy")], cohort(opens=START + timedelta(days=9))))
    assert status_of(book) == {1: "to_review"}

    after = sleep(replace(book, cohorts=(cohort(),)), night=1)

    enrolment = enrolment_of(after, 1)
    assert (enrolment.status, enrolment.cohort) == (Status.TO_REVIEW, "C1")
    assert enrolment.reason == "La réponse demande maintenant la cohorte C1."


def test_a_cohort_that_becomes_known_waits_while_its_person_is_in_it() -> None:
    unknown = replace(EVE, cohort="Cohorte 9")
    again = replace(EVE, at=START + timedelta(hours=1))
    book = sleep(snapshot([unknown, again]))
    renamed = replace(book, cohorts=(*book.cohorts, cohort("C2", row=3)))
    asked = replace(unknown, cohort="C1")

    after = sleep(with_answers(renamed, asked, again), night=1)

    assert enrolment_of(after, 1).cohort == ""
    assert "C1" in enrolment_of(after, 1).alerts


def test_the_limits_of_the_period_are_opening_inclusive_and_closing_exclusive() -> None:
    answers = [answer(name, minute) for name, minute in (("A B", 0), ("C D", 10), ("E F", 20))]
    period = cohort(
        opens=START + timedelta(minutes=10), closes=START + timedelta(minutes=20), places=9
    )
    named = [replace(one, cohort="C1") for one in answers]

    after = sleep(snapshot(named, period))

    assert status_of(after) == {1: "not_admitted", 2: "confirmed", 3: "not_admitted"}


def test_an_answer_within_the_period_takes_up_one_that_came_too_early() -> None:
    period = cohort(opens=START + timedelta(minutes=10))
    again = replace(EVE, at=START + timedelta(minutes=20))

    after = sleep(snapshot([EVE, again], period))

    assert status_of(after) == {1: "confirmed"}
    assert enrolment_of(after, 1).queued_at == again.at


def test_an_answer_that_was_there_before_the_withdrawal_registers_nobody_again() -> None:
    book = decide(sleep(snapshot([EVE])), {1: Decision.WITHDRAW})
    again = replace(EVE, at=START + timedelta(hours=20))
    withdrawn = sleep(with_answers(book, EVE, again), night=1)

    after = sleep(withdrawn, night=2)

    assert status_of(after) == {1: "withdrawn", 2: "merged"}
    assert after.register == withdrawn.register


def test_who_registers_again_gets_a_new_place_in_the_queue() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    withdrawn = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    again = replace(EVE, at=START + timedelta(days=2), municipality="Tourville")

    after = sleep(with_answers(withdrawn, EVE, LUC, again), night=2)

    assert status_of(after) == {1: "waiting", 2: "confirmed"}
    assert enrolment_of(after, 1).queued_at == again.at
    assert enrolment_of(after, 1).municipality == "Tourville"


def test_who_registers_again_out_of_period_is_not_admitted() -> None:
    closing = cohort(closes=START + timedelta(days=2))
    withdrawn = sleep(decide(sleep(snapshot([EVE], closing)), {1: Decision.WITHDRAW}), night=1)
    again = replace(EVE, at=START + timedelta(days=2))

    after = sleep(with_answers(withdrawn, EVE, again), night=2)

    assert status_of(after) == {1: "not_admitted"}


def test_who_was_removed_and_registers_again_is_reviewed() -> None:
    removed = sleep(decide(sleep(snapshot([EVE])), {1: Decision.REMOVE}), night=1)
    again = replace(EVE, at=START + timedelta(days=2))

    after = sleep(with_answers(removed, EVE, again), night=2)

    assert status_of(after) == {1: "removed", 2: "to_review"}
    assert typeset("n° 1") in enrolment_of(after, 2).reason


def test_a_doubtful_answer_takes_up_nothing() -> None:
    withdrawn = sleep(decide(sleep(snapshot([EVE])), {1: Decision.WITHDRAW}), night=1)

    after = sleep(with_answers(withdrawn, EVE, replace(EVE, at="hier")), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "to_review"}


def test_who_ended_without_a_known_cohort_is_reviewed_again() -> None:
    unknown = replace(EVE, cohort="Cohorte 9")
    ended = sleep(decide(sleep(snapshot([unknown])), {1: Decision.WITHDRAW}), night=1)
    again = replace(unknown, at=START + timedelta(days=2))

    after = sleep(with_answers(ended, unknown, again), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "to_review"}


def test_a_full_waiting_list_turns_the_last_arrivals_away() -> None:
    names = ("A B", "C D", "E F", "G H")
    answers = [answer(name, minute, cohort="C1") for minute, name in enumerate(names)]

    after = sleep(snapshot(answers, cohort(places=1, waiting_limit=2)))

    assert list(status_of(after).values()) == ["confirmed", "waiting", "waiting", "not_admitted"]


def test_a_lowered_limit_turns_nobody_away_who_waits_already() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=0)))

    after = sleep(replace(book, cohorts=(cohort(places=0, waiting_limit=0),)), night=1)

    assert status_of(after) == {1: "waiting", 2: "waiting"}


def test_a_newcomer_waits_behind_the_queue_though_a_seat_is_free() -> None:
    asking = cohort(places=1, promotion=Promotion.OFFER, last_offer=START)
    book = sleep(snapshot([EVE, LUC], asking))
    freed = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)
    newcomer = answer("Anne Dubé", 2 * DAY, cohort="C1")

    after = sleep(with_answers(freed, EVE, LUC, newcomer), night=2)

    assert status_of(after) == {1: "withdrawn", 2: "waiting", 3: "waiting"}
    assert "dernière offre est passée" in after.cohorts[0].seats.alerts


def test_without_a_cohort_nobody_is_admitted_and_no_answer_is_used_up() -> None:
    book = replace(snapshot([EVE]), cohorts=())

    plan = make_plan(book, RULES, in_night(0))

    assert plan.changes == ()
    assert [notice.code for notice in plan.notices] == ["notice.no_cohort"]


def test_a_row_that_was_lost_is_no_reason_to_stop() -> None:
    book = sleep(snapshot([EVE, LUC]))
    lost = replace(book, register=book.register[1:])

    plan = make_plan(with_answers(lost, LUC), RULES, in_night(1))

    assert [change.after.number for change in plan.changes] == []


def test_a_torn_row_is_left_alone_and_keeps_its_seat() -> None:
    book = sleep(snapshot([EVE, LUC], cohort(places=1)))
    eve, luc = book.register
    torn = replace(
        book, register=(replace(eve, damage=Damage.DOUBLED, decision=Decision.REMOVE), luc)
    )
    edited = replace(EVE, at=START + timedelta(days=1), phone="418 555-0199")

    plan = make_plan(with_answers(torn, edited, LUC), RULES, in_night(1))

    assert [(change.fields, change.events) for change in plan.changes] == [((), ())]
    assert [line.state.value for line in plan.changes[0].handled] == ["replaced", "acted"]


def test_an_erased_person_is_nobodys_former_self() -> None:
    book = sleep(snapshot([EVE]))
    (eve,) = book.register
    erased = replace(book, register=(replace(eve, status=Status.ERASED),))
    again = replace(EVE, at=START + timedelta(days=1))

    after = sleep(with_answers(erased, again), night=1)

    assert [(e.person, e.status.value) for e in after.register] == [(1, "erased"), (2, "confirmed")]


def test_without_a_question_for_the_address_nobody_is_to_phone() -> None:
    fields = FieldMap(first_name="Prénom", last_name="Nom", phone="Téléphone")

    after = sleep(snapshot([EVE]), Rules(fields=fields))

    assert enrolment_of(after, 1).alerts == ""


def test_somebody_without_an_address_is_to_phone() -> None:
    after = sleep(snapshot([replace(EVE, email="")]))

    assert enrolment_of(after, 1).alerts == typeset(
        "À joindre par téléphone : sans adresse courriel utilisable."
    )


def test_an_edit_that_asks_for_a_cohort_that_is_not_there_is_shown() -> None:
    book = sleep(snapshot([replace(EVE, cohort="C1")]))
    asks = replace(EVE, at=START + timedelta(days=1), cohort="C9")

    after = sleep(with_answers(book, asks), night=1)

    assert enrolment_of(after, 1).status is Status.CONFIRMED
    assert "n’existe pas" in enrolment_of(after, 1).alerts


def test_which_cohort_is_asked_for_goes_by_an_answer_of_the_same_night() -> None:
    asks = replace(EVE, at=START + timedelta(days=1), cohort="C9")
    again = replace(EVE, at=START + timedelta(days=2), cohort="C1")
    book = sleep(snapshot([replace(EVE, cohort="C1")]))
    book = sleep(with_answers(book, asks), night=1)

    after = sleep(with_answers(book, asks, again), night=2)

    assert "n’existe pas" not in enrolment_of(after, 1).alerts
    assert make_plan(after, RULES, in_night(2)).empty
