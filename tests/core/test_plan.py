"""A plan: what it lists, in which order, and what its digest tells apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.announcements import announce
from automation.core.instants import to_serial
from automation.core.model import Decision, Meeting, Promotion, Status
from automation.core.plan import make_plan
from automation.core.snapshot import Standing
from automation.errors import WorkbookError
from tests.world import (
    RULES,
    START,
    ZONE,
    answer,
    apply_changes,
    apply_plan,
    cohort,
    decide,
    enrolment_of,
    in_night,
    sleep,
    snapshot,
    status_of,
    with_answers,
    with_boards,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

FIRST, SECOND, THIRD, FOURTH = (
    answer(name, minute, cohort="C1") for minute, name in enumerate(("A B", "C D", "E F", "G H"))
)
MONDAY = date(2023, 1, 16)


def meeting(row: int, **fields: object) -> Meeting:
    return replace(Meeting(row=row, cohort="C1", day=MONDAY), **fields)


def standing(title: str) -> Standing:
    return Standing(sheet_id=1, title=title, columns={}, column_count=9, width=9)


def test_a_night_without_news_is_empty() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD]))

    plan = make_plan(book, RULES, in_night(1))

    assert plan.empty
    assert plan.events == ()
    assert not plan.damaged


@pytest.mark.parametrize(
    "book",
    [
        snapshot([FIRST]),
        snapshot(missing_tabs=("journal",)),
        snapshot(missing_columns=(("cohorts", "free"),)),
        snapshot(meetings=(meeting(2),)),
    ],
)
def test_anything_to_write_is_no_empty_plan(book: Snapshot) -> None:
    drawn = with_boards(book, make_plan(book, RULES, in_night(0)))

    plan = make_plan(drawn, RULES, in_night(0))

    assert not plan.empty


def test_a_summary_that_says_something_else_is_no_empty_plan() -> None:
    book = sleep(snapshot([FIRST]))
    wiped = replace(book, boards={})

    assert make_plan(book, RULES, in_night(1)).empty
    assert not make_plan(wiped, RULES, in_night(1)).empty


def test_the_digest_ignores_when_it_is_made_and_when_things_happened() -> None:
    book = snapshot([FIRST, SECOND], cohort(places=1))
    held = decide(sleep(book), {1: Decision.WAIT, 2: Decision.WITHDRAW})

    digests = {make_plan(held, RULES, in_night(night)).digest for night in (1, 2, 30)}

    assert len(digests) == 1


def test_the_digest_ignores_ranks() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=1)))
    one, two, three = book.register
    swapped = replace(book, register=(one, replace(two, rank=7), three))

    plan = make_plan(swapped, RULES, in_night(1))

    assert [change.fields for change in plan.changes] == [("rank",)]
    assert plan.digest == make_plan(book, RULES, in_night(1)).digest


def test_the_digest_ignores_the_order_of_rows() -> None:
    book = snapshot([FIRST, SECOND, THIRD])

    shuffled = with_answers(book, THIRD, FIRST, SECOND)

    assert (
        make_plan(shuffled, RULES, in_night(0)).digest == make_plan(book, RULES, in_night(0)).digest
    )


def test_the_digest_tells_every_decision() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=1)))
    worlds = [
        book,
        decide(book, {1: Decision.WITHDRAW}),
        decide(book, {1: Decision.REMOVE}),
        decide(book, {2: Decision.REMOVE}),
        decide(book, {3: "peut-être"}),
        with_answers(book, FIRST, SECOND),
        with_answers(book, FIRST, SECOND, THIRD, FOURTH),
        replace(book, cohorts=(cohort(places=2),)),
        replace(book, cohorts=(cohort(places=0),)),
        replace(book, missing_tabs=("journal",)),
        replace(book, missing_columns=(("cohorts", "free"),)),
        replace(book, meetings=(meeting(2),)),
        replace(book, meetings=(meeting(2, number=1, expected=9),)),
    ]

    digests = [make_plan(world, RULES, in_night(1)).digest for world in worlds]

    assert len(set(digests)) == len(worlds)


def test_freed_seats_are_written_first_then_the_queue_then_the_new() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=1)))
    freed = decide(book, {1: Decision.WITHDRAW})

    plan = make_plan(with_answers(freed, FOURTH, FIRST, SECOND, THIRD), RULES, in_night(1))

    assert [change.after.number for change in plan.changes] == [1, 2, 3, 4]
    assert [change.frees_seat for change in plan.changes] == [True, False, False, False]


def test_who_ends_is_written_before_their_former_enrolment_comes_back() -> None:
    removed = sleep(decide(sleep(snapshot([FIRST])), {1: Decision.REMOVE}), night=1)
    again = replace(FIRST, at=START + timedelta(days=2))
    reviewed = sleep(with_answers(removed, FIRST, again), night=2)

    plan = make_plan(
        decide(reviewed, {1: Decision.CONFIRM, 2: Decision.REMOVE}), RULES, in_night(3)
    )

    assert [(c.after.number, c.after.status.value) for c in plan.changes] == [
        (2, "removed"),
        (1, "confirmed"),
    ]


def test_only_a_lost_live_state_hurts() -> None:
    book = sleep(snapshot([FIRST, SECOND, THIRD], cohort(places=2)))
    decided = decide(book, {1: Decision.WAIT, 2: Decision.REMOVE})

    plan = make_plan(with_answers(decided, FIRST, SECOND, THIRD, FOURTH), RULES, in_night(1))

    assert [change.after.number for change in plan.changes if change.hurts] == [2]
    assert [change.after.number for change in plan.changes if change.frees_seat] == [1, 2]


def test_a_new_row_names_every_field_that_is_cohortes_and_none_of_the_organisers() -> None:
    plan = make_plan(snapshot([FIRST]), RULES, in_night(0))

    (change,) = plan.changes
    assert change.before is None
    assert {"person", "status", "queued_at", "decision_seen"} <= set(change.fields)
    assert not {"decision", "decision_text", "priority", "frozen"} & set(change.fields)


def test_new_meetings_are_numbered_in_order_of_time_wherever_they_stand() -> None:
    rows = (
        meeting(2, day=MONDAY + timedelta(days=7)),
        meeting(3, start=time(18)),
        meeting(4, number=6, expected=0, told=announce(meeting(4, number=6))),
        meeting(5, start=time(9)),
        meeting(6, day=None),
    )
    book = snapshot(meetings=rows, highest_meeting=6)

    plan = make_plan(book, RULES, in_night(0))

    assert {change.meeting.row: change.number for change in plan.meetings} == {
        5: 7,
        3: 8,
        2: 9,
        6: 10,
    }
    assert apply_plan(book, plan).highest_meeting == 10


def test_a_meeting_expects_those_who_are_confirmed() -> None:
    book = snapshot([FIRST, SECOND, THIRD], meetings=(meeting(2, number=1, cohort="c1"),))

    plan = make_plan(book, RULES, in_night(0))

    assert [change.expected for change in plan.meetings] == [2]


def test_a_meeting_whose_cells_do_not_fit_is_left_alone() -> None:
    book = snapshot(meetings=(meeting(2, sealed=False),))

    plan = make_plan(book, RULES, in_night(0))

    assert plan.meetings == ()


def test_a_meeting_of_no_cohort_gets_no_number_and_is_reported() -> None:
    book = snapshot(
        meetings=(meeting(2, cohort="C7"),), standings={"meetings": standing("Soirées")}
    )

    plan = make_plan(book, RULES, in_night(0))

    assert plan.meetings == ()
    assert [(p.tab, p.row, p.message.code, p.damage) for p in plan.problems] == [
        ("Soirées", 2, "problem.meeting_without_cohort", False)
    ]


def test_nothing_is_said_of_meetings_before_there_is_a_cohort() -> None:
    book = replace(snapshot(meetings=(meeting(2),)), cohorts=())

    plan = make_plan(book, RULES, in_night(0))

    assert plan.problems == ()


def test_a_cohort_that_is_gone_is_damage_and_touches_nobody() -> None:
    book = sleep(snapshot([FIRST, SECOND], cohort(places=1)))
    renamed = replace(book, cohorts=(cohort("C2"),), standings={"cohorts": standing("Groupes")})

    plan = make_plan(renamed, RULES, in_night(1))

    assert plan.damaged
    assert [(p.tab, p.message.code) for p in plan.problems] == [("Groupes", "problem.cohort_gone")]
    assert plan.changes == ()


def test_a_missing_question_stops_the_plan() -> None:
    rules = replace(RULES, fields=replace(RULES.fields, consent="Consentement"))

    with pytest.raises(WorkbookError):
        make_plan(snapshot([FIRST]), rules, in_night(0))


def test_the_second_hour_of_autumn_queues_with_the_first() -> None:
    twice = [datetime(2023, 11, 5, hour, 30, tzinfo=UTC) for hour in (5, 6)]
    serials = {to_serial(instant, ZONE) for instant in twice}
    answers = [replace(one, at=at) for one, at in zip((FIRST, SECOND), twice, strict=True)]

    after = sleep(snapshot(answers, cohort(places=1)))

    assert len(serials) == 1
    assert len({e.queued_at for e in after.register}) == 1
    assert sorted(status_of(after).values()) == ["confirmed", "waiting"]


def test_numbers_of_answers_of_one_instant_do_not_depend_on_their_rows() -> None:
    same = [replace(one, at=START) for one in (FIRST, SECOND, THIRD)]

    one = sleep(snapshot(same, cohort(places=1)))
    other = sleep(snapshot(same[::-1], cohort(places=1)))

    assert one.register == other.register


def test_a_night_cut_off_after_the_freed_seat_goes_on() -> None:
    book = decide(sleep(snapshot([FIRST, SECOND], cohort(places=1))), {1: Decision.WITHDRAW})
    plan = make_plan(book, RULES, in_night(1))

    cut = apply_changes(book, plan.changes[:1], plan.now)
    resumed = sleep(cut, night=1)

    assert status_of(cut) == {1: "withdrawn", 2: "waiting"}
    assert resumed.register == apply_plan(book, plan).register


def test_a_night_cut_off_after_a_cohort_became_known_goes_on() -> None:
    unknown = replace(FIRST, cohort="")
    both = (cohort(opens=START + timedelta(hours=1)), cohort("C2", 3, row=3))
    book = sleep(snapshot([unknown], both[0]))
    again = with_answers(
        replace(book, cohorts=both), unknown, replace(FIRST, at="hier", cohort="C2")
    )
    plan = make_plan(again, RULES, in_night(1))

    cut = apply_changes(again, plan.changes[:1], plan.now)
    resumed = sleep(cut, night=1)

    assert status_of(resumed) == {1: "to_review", 2: "merged"}
    assert resumed.register == apply_plan(again, plan).register


def test_under_offers_a_free_seat_is_offered_to_the_head_of_the_queue() -> None:
    asking = cohort(places=1, promotion=Promotion.OFFER)
    book = sleep(snapshot([FIRST, SECOND], asking))

    after = sleep(decide(book, {1: Decision.WITHDRAW}), night=1)

    assert enrolment_of(after, 2).status is Status.OFFERED
    assert "Place à offrir par téléphone" in enrolment_of(after, 2).alerts


@pytest.mark.parametrize(("cells", "said"), [(8_000_000, []), (9_000_000, [90])])
def test_organisers_are_told_before_the_spreadsheet_is_full(cells: int, said: list[int]) -> None:
    book = replace(sleep(snapshot([FIRST])), cells=cells)

    plan = make_plan(book, RULES, in_night(1))

    assert [dict(notice.values)["percent"] for notice in plan.notices] == said
