"""What there is to say of an enrolment: sentences, from the plan that tonight would make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.explain import explain
from automation.core.finding import find_cohort, find_enrolments
from automation.core.model import Decision, Enrolment, Hold, Number, Promotion, Status, Verdict
from automation.core.moments import tell_end, tell_moment
from automation.core.plan import make_plan
from tests.world import (
    PLACE_FORM,
    RULES,
    RULES_WITH_GROUP,
    RULES_WITH_MAIL,
    START,
    ZONE,
    answer,
    cohort,
    decide,
    enrolment_of,
    in_night,
    sleep,
    snapshot,
    with_answers,
)

if TYPE_CHECKING:
    from automation.core.explain import Explanation
    from automation.core.model import Cohort
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

NAMES = ("A B", "C D", "E F", "G H")
QUEUE = [answer(name, minute, cohort="C1") for minute, name in enumerate(NAMES)]
BY_MAIL = RULES_WITH_MAIL
WITHOUT_FORM = replace(RULES, place_form=None)


def told(book: Snapshot, number: int, rules: Rules = RULES, night: int = 1) -> Explanation:
    """Return what tonight says of an enrolment."""
    plan = make_plan(book, rules, in_night(night))
    return explain(book, plan, Number(number), rules, plan.now)


def codes(explanation: Explanation, section: str) -> list[str]:
    """Return what a part says, without the words before its last ones."""
    return [phrase.code.removeprefix("explain.") for phrase in explanation.sections[section]]


def values(explanation: Explanation, code: str) -> dict[str, str | int]:
    """Return the placeholders of a phrase that is told."""
    phrases = [p for part in explanation.sections.values() for p in part]
    return next(dict(p.values) for p in phrases if p.code == f"explain.{code}")


def waiting_in(of: Cohort, rules: Rules = RULES) -> Snapshot:
    """Return a workbook in which four people asked for that cohort's places, a night ago."""
    return sleep(snapshot(QUEUE, of), rules)


def with_row(book: Snapshot, number: int, **fields: object) -> Snapshot:
    """Return the workbook in which a row says something else, and the journal agrees."""
    row = replace(enrolment_of(book, number), **fields)
    entry = replace(book.journal[row.number], state=row.state)
    return replace(
        book,
        register=tuple(row if e.number == number else e for e in book.register),
        journal={**book.journal, row.number: entry},
    )


def with_cohort(book: Snapshot, **fields: object) -> Snapshot:
    """Return the workbook whose first cohort says something else."""
    first, *others = book.cohorts
    return replace(book, cohorts=(replace(first, **fields), *others))


def test_who_waits_is_told_how_many_are_ahead_and_that_the_group_is_full() -> None:
    explanation = told(waiting_in(cohort(places=1)), 4)

    assert explanation.ahead == 2
    assert values(explanation, "rank") == {"rank": 3, "count": 3}
    assert values(explanation, "ahead.earlier")["count"] == 2
    assert values(explanation, "seats.full") == {"places": 1}
    assert codes(explanation, "tonight") == ["tonight.same"]


def test_each_person_ahead_is_counted_under_what_puts_them_ahead() -> None:
    book = snapshot(
        [*QUEUE[:2], *(answer(n, 60 + i, cohort="C2") for i, n in enumerate((*NAMES, "I J")))],
        cohort("C1", places=1),
        cohort("C2", places=0, row=3, follows="C1"),
    )
    book = sleep(book)
    prior, *_, last = (e.number for e in book.register if e.cohort == "C2")
    book = with_row(sleep(book, night=1), prior, priority=5.0)

    explanation = told(book, last, night=2)

    ahead = {
        code: int(values(explanation, f"ahead.{code}")["count"])
        for code in ("priority", "former", "earlier")
    }
    assert ahead == {"priority": 1, "former": 1, "earlier": 2}
    assert sum(ahead.values()) == explanation.ahead


def test_who_was_left_waiting_in_the_former_cohort_hears_that_they_come_first() -> None:
    book = snapshot(
        [*QUEUE[:2], answer("Z Y", 50, cohort="C2"), answer("C D", 60, cohort="C2")],
        cohort("C1", places=1, name="Hiver"),
        cohort("C2", places=0, row=3, follows="C1"),
    )

    explanation = told(sleep(book), 4)

    assert explanation.ahead == 0
    assert values(explanation, "own.former") == {"former": "Hiver"}
    assert values(explanation, "other") == {
        "number": 2,
        "cohort": "Hiver",
        "status": "Liste d’attente",
    }
    assert explanation.of_person == (2, 4)


def test_a_priority_is_told_to_whom_it_was_given() -> None:
    book = with_row(waiting_in(cohort(places=1)), 4, priority=2.5)

    explanation = told(book, 4)

    assert explanation.ahead == 0
    assert values(explanation, "own.priority") == {"priority": "2.5"}


@pytest.mark.parametrize(
    ("fields", "why", "remedy"),
    [
        ({"places": None}, "seats.unknown", "change.places"),
        ({"paused": True}, "seats.paused", "change.resumed"),
        ({"last_offer": START}, "seats.last_automatic", "change.later"),
        (
            {"last_offer": in_night(2), "promotion": Promotion.OFFER},
            "seats.last_offer",
            "change.later",
        ),
    ],
)
def test_who_waits_beside_free_seats_hears_why_none_is_given(
    fields: dict[str, object], why: str, remedy: str
) -> None:
    book = with_cohort(waiting_in(cohort(places=1)), **{"places": 3, **fields})

    explanation = told(book, 2)

    assert why in codes(explanation, "queue")
    assert remedy in codes(explanation, "outlook")
    assert "first" not in codes(explanation, "queue")


@pytest.mark.parametrize("promotion", list(Promotion))
@pytest.mark.parametrize("hours", [-1, 0, 71, 72, 73, 200])
def test_offers_are_over_for_a_person_just_when_they_are_for_the_cohort(
    promotion: Promotion, hours: int
) -> None:
    last = in_night(1) + timedelta(hours=hours)
    book = with_cohort(waiting_in(cohort(places=1)), promotion=promotion, last_offer=last)
    roomy = with_cohort(book, places=2)
    offered = enrolment_of(sleep(roomy, night=1), 2).status is not Status.WAITING

    explanation = told(book, 2)

    assert ("change.later" in codes(explanation, "outlook")) is not offered
    assert ("change.last_offer" in codes(explanation, "outlook")) is offered


def test_a_late_yes_is_worth_something_only_where_a_form_takes_it() -> None:
    book = with_row(waiting_in(cohort(places=1)), 2, status=Status.EXPIRED, rank=None)

    assert "offer.late" in codes(told(book, 2), "outlook")
    assert "offer.late" not in codes(told(book, 2, WITHOUT_FORM), "outlook")


def test_a_group_over_its_places_tells_by_how_many() -> None:
    book = with_cohort(waiting_in(cohort(places=3)), places=1)

    explanation = told(book, 4)

    assert values(explanation, "seats.over") == {"places": 1, "seats": 2}
    assert values(explanation, "change.seats") == {"seats": 3}


def test_reserved_seats_are_named_with_their_group_and_the_day_they_open() -> None:
    release = datetime(2023, 1, 14, 5, tzinfo=UTC)
    group = cohort(places=3, reserved=2, reserved_for="CDC", reserved_until=release)
    book = waiting_in(group, RULES_WITH_GROUP)

    explanation = told(book, 2, RULES_WITH_GROUP)

    assert values(explanation, "seats.reserved") == {"seats": 2, "group": "CDC"}
    assert "13 janvier 2023" in str(values(explanation, "seats.reserved_until")["until"])
    assert values(explanation, "change.released") == {"on": "14 janvier 2023", "group": "CDC"}
    assert values(explanation, "change.seats") == {"seats": 1}


def test_a_member_needs_fewer_new_seats_than_those_before_them() -> None:
    reserved = cohort(places=1, reserved=1, reserved_for="CDC")
    answers = [*QUEUE, answer("I J", 9, cohort="C1", group="CDC")]
    book = sleep(snapshot(answers, reserved), RULES_WITH_GROUP)
    assert enrolment_of(book, 5).status is Status.CONFIRMED
    late = with_answers(book, *answers, answer("K L", 10, cohort="C1", group="CDC"))
    wider = with_cohort(sleep(late, RULES_WITH_GROUP, night=1), reserved=2)

    needed = [
        values(told(wider, number, RULES_WITH_GROUP, night=2), "change.seats")["seats"]
        for number in (1, 6)
    ]

    assert needed == [2, 1]


@pytest.mark.parametrize("hold", [Hold.COMMITTEE, Hold.UNREACHABLE])
def test_who_is_held_has_no_rank_and_hears_what_it_takes(hold: Hold) -> None:
    book = with_row(waiting_in(cohort(places=1)), 2, hold=hold, rank=None)

    explanation = told(book, 2)

    assert explanation.ahead is None
    assert f"held.{hold}" in codes(explanation, "queue")
    assert "rank" not in codes(explanation, "queue")


@pytest.mark.parametrize("number", [2, 3, 4])
def test_as_many_seats_as_told_and_no_fewer_bring_somebody_their_turn(number: int) -> None:
    book = waiting_in(cohort(places=1))

    needed = int(values(told(book, number), "change.seats")["seats"])

    for seats, status in ((needed, Status.CONFIRMED), (needed - 1, Status.WAITING)):
        wider = sleep(with_cohort(book, places=1 + seats), night=1)
        assert enrolment_of(wider, number).status is status


def test_tonights_offer_is_told_as_tonights() -> None:
    book = with_cohort(waiting_in(cohort(places=1, promotion=Promotion.OFFER)), places=2)

    explanation = told(book, 2, BY_MAIL)

    assert codes(explanation, "today")[0] == "today.waiting"
    assert codes(explanation, "tonight") == ["tonight.move", "reason.offered"]
    assert values(explanation, "offer.by_mail") == {"hours": "72"}
    assert codes(explanation, "queue") == []


def test_the_next_rank_is_that_of_the_plan() -> None:
    book = decide(waiting_in(cohort(places=1)), {2: Decision.WITHDRAW})

    explanation = told(book, 4)

    assert values(explanation, "tonight.rank") == {"before": 3, "after": 2}
    assert explanation.ahead == 1


@pytest.mark.parametrize(("rules", "how"), [(WITHOUT_FORM, "answer"), (RULES, "answer_by_form")])
def test_an_offer_says_until_when_and_how_to_answer(rules: Rules, how: str) -> None:
    deadline = datetime(2023, 1, 21, 5, tzinfo=UTC)
    book = with_row(waiting_in(cohort(places=1)), 1, status=Status.OFFERED, deadline=deadline)

    explanation = told(book, 1, rules)
    queued = told(book, 2, rules)

    assert values(explanation, "offer.until")["until"] == "20 janvier 2023, en fin de journée"
    assert how in codes(explanation, "outlook")
    assert values(queued, "seats.offered") == {"count": 1}
    assert "change.offer_ends" in codes(queued, "outlook")


def test_the_second_form_is_named_by_its_title() -> None:
    explanation = told(waiting_in(cohort(places=1)), 1)

    assert values(explanation, "give_up_by_form") == {"form": PLACE_FORM.tab}
    assert codes(explanation, "outlook") == ["keep", "give_up_by_form"]


@pytest.mark.parametrize(
    "status", [Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN, Status.NOT_ADMITTED]
)
@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({}, "back.answer"),
        ({"opens": in_night(9)}, "back.opens"),
        ({"closes": START}, "back.closed"),
        ({"waiting_limit": 2}, "back.full"),
    ],
)
def test_who_is_out_hears_how_to_come_back(
    status: Status, fields: dict[str, object], way: str
) -> None:
    book = with_cohort(waiting_in(cohort(places=1)), **fields)
    book = with_row(book, 2, status=status, rank=None, ended_at=in_night(0))

    explanation = told(book, 2)

    assert codes(explanation, "today")[0] == f"today.{status}"
    assert way in codes(explanation, "outlook")
    assert codes(explanation, "committee")[-1] == "decide.ended"


@pytest.mark.parametrize("status", [Status.REMOVED, Status.ERASED])
def test_some_ends_leave_one_way_back(status: Status) -> None:
    book = with_row(waiting_in(cohort(places=1)), 2, status=status, rank=None)

    assert codes(told(book, 2), "outlook") == [f"back.{status}"]


def test_a_merged_enrolment_points_to_the_one_that_counts() -> None:
    twice = answer("A B", 30, cohort="C1", trade="x")
    book = sleep(snapshot([*QUEUE, twice], cohort(places=1)))

    explanation = told(book, 5)

    assert values(explanation, "merged") == {"number": 1, "status": "Confirmé·e"}


def test_an_enrolment_to_review_keeps_the_time_of_its_answer() -> None:
    book = sleep(snapshot([answer("A B", 5, cohort="?")], cohort(places=1)))

    explanation = told(book, 1)

    assert values(explanation, "today.to_review") == {"cohort": "cohorte à préciser"}
    assert values(explanation, "review.keeps") == {
        "since": "2 janvier 2023 à 10\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05"
    }
    assert codes(explanation, "committee")[-1] == "decide.to_review"


def test_an_answer_that_no_night_has_seen_is_explained_too() -> None:
    explanation = told(snapshot(QUEUE, cohort(places=1)), 2, night=0)

    assert explanation.before is None
    assert codes(explanation, "today") == ["today.new"]
    assert codes(explanation, "tonight") == ["tonight.move", "reason.waiting"]
    assert explanation.ahead == 0


def test_alerts_and_damage_are_for_the_committee_alone() -> None:
    book = decide(waiting_in(cohort(places=None)), {2: "annulé"})

    explanation = told(book, 2)

    assert codes(explanation, "committee") == ["alert", "cohort_alert", "decide.waiting"]
    assert "annulé" in str(values(explanation, "alert")["alert"])


def test_who_waits_in_a_cohort_that_is_gone_hears_so() -> None:
    book = waiting_in(cohort(places=1))
    book = replace(book, cohorts=(cohort("C9"),))

    explanation = told(book, 2)

    assert explanation.ahead is None
    assert "seats.no_cohort" in codes(explanation, "queue")


def test_every_state_that_a_night_can_leave_is_explained() -> None:
    for status in Status:
        book = with_row(waiting_in(cohort(places=1)), 2, status=status)

        explanation = told(book, 2)

        assert explanation.today
        assert explanation.tonight


@pytest.mark.parametrize(
    ("instant", "language", "moment", "end"),
    [
        (
            datetime(2023, 2, 1, 5, tzinfo=UTC),
            "fr",
            "1er février 2023",
            "31 janvier 2023, en fin de journée",
        ),
        (
            datetime(2023, 7, 1, 18, 5, tzinfo=UTC),
            "fr",
            "1er juillet 2023 à 14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05",
            "1er juillet 2023 à 14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05",
        ),
        (
            datetime(2023, 1, 6, 7, tzinfo=UTC),
            "fr",
            "6 janvier 2023 à 2\N{NO-BREAK SPACE}h",
            "6 janvier 2023 à 2\N{NO-BREAK SPACE}h",
        ),
        (
            datetime(2023, 7, 11, 13, 5, tzinfo=UTC),
            "en",
            "July 11, 2023, 09:05",
            "July 11, 2023, 09:05",
        ),
    ],
)
def test_instants_are_said_as_people_do(
    instant: datetime, language: str, moment: str, end: str
) -> None:
    assert tell_moment(instant, ZONE, language) == moment
    assert tell_end(instant, ZONE, language) == end


def _somebody(number: int, name: str, email: str = "", **fields: object) -> Enrolment:
    first, _, last = name.partition(" ")
    return Enrolment(
        number=Number(number),
        person=Number(number),
        first_name=first,
        last_name=last,
        email=email,
        status=fields.pop("status", Status.WAITING),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


PEOPLE = (
    _somebody(15, "Hélène Fortin", "helene.fortin@exemple.test"),
    _somebody(2, "Marie-Ève St-Pierre", "meve@exemple.test"),
    _somebody(3, "Luc Roy", "luc@exemple.test"),
    _somebody(4, "Luc Royer", "LUC@exemple.test"),
    _somebody(5, "luc roy", status=Status.MERGED, merged_into=Number(3)),
)


@pytest.mark.parametrize(
    ("who", "numbers"),
    [
        ("15", [15]),
        ("n° 15", [15]),
        ("Nº15", [15]),
        ("#15", [15]),
        ("5", [5]),
        ("99", []),
        ("HELENE", [15]),
        ("fortin, hélène", [15]),
        ("st pierre", [2]),
        ("eve", [2]),
        ("ort", []),
        ("luc roy", [3]),
        ("luc", [3, 4]),
        ("Luc@Exemple.test", [3, 4]),
        ("luc@ailleurs.test", []),
        ("@", []),
        ("  ", []),
    ],
)
def test_somebody_is_found_by_number_address_or_name(who: str, numbers: list[int]) -> None:
    assert [e.number for e in find_enrolments(PEOPLE, who)] == numbers


def test_a_cohort_is_found_whatever_the_case_of_its_code() -> None:
    both = (cohort("C1"), cohort("C2", row=3))

    assert find_cohort(both, " c2") is both[1]
    assert find_cohort(both, "C3") is None


def test_who_may_be_the_same_person_is_told_with_the_reason_and_the_verdict() -> None:
    eve = answer("Ève Roy", email="eve.roy@exemple.test", phone="418 555-0101")
    again = replace(eve, at=START + timedelta(hours=2), email="eve.roi@exemple.test")
    book = sleep(snapshot([eve, again], cohort(places=2)))
    (row,) = book.pair_rows
    settled = replace(book, pair_rows=(replace(row, verdict=Verdict.DIFFERENT),))

    asked = explain(book, make_plan(book, RULES, in_night(0)), Number(2), RULES, in_night(0))
    told = explain(settled, make_plan(settled, RULES, in_night(1)), Number(2), RULES, in_night(1))

    assert [phrase.code for phrase in asked.pairs] == ["explain.pair.open"]
    assert "même téléphone" in str(asked.pairs)
    assert [phrase.code for phrase in told.pairs] == ["explain.pair.different"]
