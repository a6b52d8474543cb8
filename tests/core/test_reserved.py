"""Reserved places: for whom they are kept, until when, and who is passed over for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.model import Decision, Promotion, Status
from automation.core.plan import make_plan
from automation.core.replies import Wish
from automation.locale import typeset
from tests.world import (
    RULES,
    RULES_WITH_GROUP,
    START,
    answer,
    apply_changes,
    apply_plan,
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
    from automation.core.model import Cohort

GROUP = "Chambre de commerce"
EVE, LUC, ANNE = (
    answer(name, minute, cohort="C1")
    for minute, name in enumerate(("Ève Roy", "Luc Caron", "Anne Dubé"))
)
MEMBER = answer("Paul Dubé", 9, cohort="C1", group=GROUP)


def reserving(places: int = 2, reserved: int = 1, **fields: Any) -> Cohort:
    return cohort(places=places, reserved=reserved, reserved_for=GROUP, **fields)


def test_a_place_is_kept_for_the_group_while_others_wait() -> None:
    book = snapshot([EVE, LUC], reserving())

    after = sleep(book, RULES_WITH_GROUP)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert "complet" not in enrolment_of(after, 2).reason
    assert after.cohorts[0].seats.alerts == typeset(
        "Places réservées encore libres : 1 (Chambre de commerce)."
    )


def test_passing_over_for_a_reserved_place_is_in_the_journal() -> None:
    book = sleep(snapshot([EVE, LUC], reserving()), RULES_WITH_GROUP)

    plan = make_plan(with_answers(book, EVE, LUC, MEMBER), RULES_WITH_GROUP, in_night(1))

    told = [(e.number, e.after, e.reason.code) for e in plan.events]
    assert told == [(3, Status.CONFIRMED, "reason.confirmed_reserved")]


@pytest.mark.parametrize(
    ("promotion", "reason"),
    [
        (Promotion.OFFER, "reason.offered_reserved"),
        (Promotion.AUTOMATIC, "reason.promoted_reserved"),
    ],
)
def test_whoever_of_the_group_waits_is_given_the_reserved_place_first(
    promotion: Promotion, reason: str
) -> None:
    full = reserving(places=0, reserved=0, promotion=promotion)
    book = sleep(snapshot([EVE, LUC, MEMBER], full), RULES_WITH_GROUP)
    freed = replace(book, cohorts=(reserving(places=1, promotion=promotion),))

    plan = make_plan(freed, RULES_WITH_GROUP, in_night(1))

    assert [(e.number, e.reason.code) for e in plan.events] == [(3, reason)]


def test_a_member_takes_a_reserved_place_before_one_of_the_others() -> None:
    early = replace(MEMBER, at=START - timedelta(minutes=1))

    after = sleep(snapshot([early, EVE, LUC], reserving()), RULES_WITH_GROUP)

    assert status_of(after) == {1: "confirmed", 2: "confirmed", 3: "waiting"}
    assert "réservée" not in enrolment_of(after, 1).reason


def test_members_beyond_the_reserve_have_no_advantage() -> None:
    other = replace(MEMBER, first="Rose", email="rose@exemple.test", phone="418 555-0199")
    book = snapshot([EVE, LUC, MEMBER, other], reserving(places=3))

    after = sleep(book, RULES_WITH_GROUP)

    assert list(status_of(after).values()) == ["confirmed", "confirmed", "confirmed", "waiting"]


def test_a_night_cut_off_after_it_passed_somebody_over_goes_on() -> None:
    book = snapshot([EVE, MEMBER], reserving(places=1, waiting_limit=0))
    plan = make_plan(book, RULES_WITH_GROUP, in_night(0))

    cut = apply_changes(book, plan.changes[:1], plan.now)
    resumed = sleep(cut, RULES_WITH_GROUP)

    assert status_of(cut) == {1: "not_admitted"}
    assert resumed.register == apply_plan(book, plan).register


@pytest.mark.parametrize(
    ("until", "status"),
    [(timedelta(0), Status.CONFIRMED), (timedelta(seconds=1), Status.WAITING)],
)
def test_from_the_release_date_the_reserved_places_are_everybodys(
    until: timedelta, status: Status
) -> None:
    book = sleep(snapshot([EVE, LUC], reserving()), RULES_WITH_GROUP)
    dated = replace(book, cohorts=(reserving(reserved_until=in_night(1) + until),))

    after = sleep(dated, RULES_WITH_GROUP, night=1)

    assert enrolment_of(after, 2).status is status


@pytest.mark.parametrize(
    ("said", "member"),
    [
        (GROUP, True),
        ("CHAMBRE DE COMMERCE ", True),
        (f"SADC, {GROUP}", True),
        (f"{GROUP}, SADC", True),
        (f"Non-membre de la {GROUP}", False),
        (f"{GROUP} de Montmagny", False),
        ("Chambre", False),
        ("", False),
    ],
)
def test_who_is_of_the_group_names_it_alone_or_among_others(said: str, member: bool) -> None:
    book = snapshot([replace(MEMBER, group=said)], reserving(places=1))

    after = sleep(book, RULES_WITH_GROUP)

    assert (enrolment_of(after, 1).status is Status.CONFIRMED) is member


def test_a_group_may_have_a_comma_in_its_name() -> None:
    named = replace(reserving(places=1), reserved_for="Femmes en affaires, Côte-du-Sud")
    said = "SADC, Femmes en affaires, Côte-du-Sud"

    after = sleep(snapshot([replace(MEMBER, group=said)], named), RULES_WITH_GROUP)

    assert status_of(after) == {1: "confirmed"}


NOBODY = typeset("Places réservées : 1, mais à qui? Cohorte ne les donne à personne.")


def test_places_reserved_for_nobody_are_kept_and_asked_about() -> None:
    book = snapshot([replace(EVE, group="")], replace(reserving(places=1), reserved_for=""))

    after = sleep(book, RULES_WITH_GROUP)

    assert status_of(after) == {1: "waiting"}
    assert after.cohorts[0].seats.alerts == NOBODY


def test_without_a_question_about_groups_reserved_places_are_asked_about() -> None:
    book = snapshot([EVE], reserving(places=1))

    after = sleep(book, RULES)

    assert status_of(after) == {1: "waiting"}
    assert after.cohorts[0].seats.alerts == NOBODY


def test_a_reserve_greater_than_the_places_keeps_them_all_and_adds_none() -> None:
    other = replace(MEMBER, first="Rose", email="rose@exemple.test", phone="418 555-0199")
    book = sleep(snapshot([EVE], reserving(reserved=0)), RULES_WITH_GROUP)
    lowered = replace(book, cohorts=(reserving(reserved=5),))

    after = sleep(with_answers(lowered, EVE, LUC, MEMBER, other), RULES_WITH_GROUP, night=1)

    assert sorted(status_of(after).values()) == ["confirmed", "confirmed", "waiting", "waiting"]
    assert status_of(after)[2] == "waiting"


def test_a_cap_lowered_below_the_reserve_gives_nothing_and_removes_nobody() -> None:
    book = sleep(snapshot([EVE], reserving()), RULES_WITH_GROUP)
    lowered = replace(book, cohorts=(reserving(places=0, reserved=1),))

    after = sleep(with_answers(lowered, EVE, MEMBER), RULES_WITH_GROUP, night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting"}
    assert after.cohorts[0].seats.free == -1


def test_a_member_who_leaves_leaves_a_reserved_place() -> None:
    book = sleep(snapshot([EVE, LUC, MEMBER], reserving()), RULES_WITH_GROUP)

    after = sleep(decide(book, {3: Decision.WITHDRAW}), RULES_WITH_GROUP, night=1)

    assert status_of(after) == {1: "confirmed", 2: "waiting", 3: "withdrawn"}


def test_the_organisers_may_give_a_reserved_place_to_anybody() -> None:
    book = sleep(snapshot([EVE, LUC], reserving()), RULES_WITH_GROUP)

    after = sleep(decide(book, {2: Decision.CONFIRM}), RULES_WITH_GROUP, night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}
    assert after.cohorts[0].seats.alerts == ""


def test_a_late_yes_gets_no_seat_that_is_reserved_for_others() -> None:
    book = sleep(snapshot([EVE], cohort(places=0)), RULES_WITH_GROUP)
    called = touch(book, 1, called_at=START + timedelta(hours=1))
    over = sleep(called, RULES_WITH_GROUP, night=9)
    freed = replace(over, cohorts=(reserving(places=1),))
    yes = reply(freed, 1, Wish.ACCEPT, in_night(9))

    after = sleep(with_replies(freed, yes), RULES_WITH_GROUP, night=10)

    assert status_of(over) == status_of(after) == {1: "expired"}
