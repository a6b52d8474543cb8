"""What rolls tell: ticks count, silence says nothing until the roll is called."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.attendance import (
    count_presences,
    find_absences,
    next_meetings,
    read_attendances,
    uncalled,
)
from automation.core.model import Enrolment, Meeting, MeetingState, Number, Status
from automation.core.plan import make_plan, plan_sheets
from automation.core.roll import Guest, Presence, Roll, RollRow
from automation.core.roll_sheets import bears, is_our_title, roll_title
from tests.world import RULES, ZONE, answer, apply_plan, in_night, sleep, snapshot, touch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.snapshot import Snapshot

_DAY = date(2023, 1, 16)
_AFTER = datetime(2023, 1, 20, 7, tzinfo=UTC)


def _meeting(number: int = 1, **fields: Any) -> Meeting:
    defaults: dict[str, Any] = {
        "row": number + 1,
        "cohort": "C1",
        "day": _DAY + timedelta(days=14 * (number - 1)),
        "start": time(18, 30),
    }
    return Meeting(number=number, **{**defaults, **fields})


def _row(number: int, marks: str = "", **fields: Any) -> RollRow:
    """Return a row with marks: p for present, e for excused, l for left, t for torn."""
    return RollRow(
        number=Number(number),
        present="p" in marks,
        excused="e" in marks,
        left="l" in marks,
        torn="t" in marks,
        **fields,
    )


def _programme(
    *rolls: Roll, people: Sequence[Enrolment] = (), meetings: Sequence[Meeting] = ()
) -> Snapshot:
    return snapshot(
        rolls={roll.meeting: roll for roll in rolls},
        register=tuple(people),
        meetings=tuple(meetings) or tuple(_meeting(roll.meeting) for roll in rolls),
    )


def _enrolment(number: int, name: str = "", **fields: Any) -> Enrolment:
    first, _, last = name.partition(" ")
    defaults: dict[str, Any] = {"status": Status.CONFIRMED, "cohort": "C1"}
    return Enrolment(
        number=Number(number),
        person=Number(number),
        first_name=first,
        last_name=last,
        **{**defaults, **fields},
    )


def _told(before: Snapshot) -> dict[int, str]:
    (attendance,) = read_attendances(before)
    return {number: presence.value for number, presence in attendance.presences.items()}


@pytest.mark.parametrize(
    ("marks", "called", "presence"),
    [
        ("p", False, "present"),
        ("pe", True, "present"),
        ("pl", True, "present"),
        ("e", False, "excused"),
        ("", False, "unknown"),
        ("", True, "absent"),
        ("t", True, "unknown"),
        ("pt", True, "unknown"),
        ("l", True, None),
        ("el", True, None),
    ],
)
def test_a_row_tells_one_thing(marks: str, called: bool, presence: str | None) -> None:
    before = _programme(Roll(meeting=1, title="", called=called, rows=(_row(1, marks),)))

    assert _told(before).get(1) == presence


def test_merged_enrolments_have_one_history() -> None:
    people = [_enrolment(1), _enrolment(2, status=Status.MERGED, merged_into=Number(1))]
    first = Roll(meeting=1, title="", called=True, rows=(_row(1), _row(2, "p")))
    second = Roll(meeting=2, title="", called=True, rows=(_row(2, "p"),))

    counts = count_presences(_programme(first, second, people=people))

    assert {n: c.present for n, c in counts.items()} == {1: 2}
    assert counts[Number(1)].expected == 2


def test_what_was_merged_and_is_split_again_has_its_own_history_back() -> None:
    roll = Roll(meeting=1, title="", called=True, rows=(_row(1), _row(2, "p")))

    told = _told(_programme(roll, people=[_enrolment(1), _enrolment(2)]))

    assert told == {1: "absent", 2: "present"}


def test_a_guest_whose_name_only_one_in_the_cohort_has_is_that_person() -> None:
    people = [
        _enrolment(1, "Ève Roy", status=Status.WAITING),
        _enrolment(2, "Guy Caron"),
        _enrolment(3, "Guy Caron"),
        _enrolment(4, "Luc Morin", cohort="C2"),
    ]
    guests = tuple(Guest(name=name) for name in ("ROY, Eve", "Guy Caron", "Luc Morin", ""))
    roll = Roll(meeting=1, title="", guests=guests)

    (attendance,) = read_attendances(_programme(roll, people=people))

    assert attendance.presences == {1: Presence.PRESENT}
    assert [guest.name for guest in attendance.guests] == ["Guy Caron", "Luc Morin", ""]
    assert attendance.expected == 0


def test_two_absences_in_a_row_are_told_and_an_excuse_is_none() -> None:
    def roll(meeting: int, *rows: RollRow) -> Roll:
        return Roll(meeting=meeting, title="", called=True, rows=rows)

    before = _programme(
        roll(1, _row(1), _row(2), _row(3, "p")),
        roll(2, _row(1), _row(2, "e"), _row(3)),
        Roll(meeting=3, title="", rows=(_row(1), _row(3))),
    )

    assert find_absences(read_attendances(before)) == {1: (1, 2)}


def test_who_missed_two_meetings_is_pointed_out_and_nothing_else_happens() -> None:
    before = sleep(snapshot([answer("Ève Roy")]))
    rows = (_row(1, name="Roy, Ève"),)
    meetings = (_meeting(1, day=date(2022, 12, 1)), _meeting(2, day=date(2022, 12, 15)))
    rolls = {n: Roll(meeting=n, title="", called=True, rows=rows) for n in (1, 2)}
    missed = replace(before, meetings=meetings, rolls=rolls)

    plan = make_plan(missed, RULES, in_night(1))

    (change,) = plan.changes
    assert change.fields == ("alerts",)
    assert "n°\xa01 et 2" in change.after.alerts
    assert apply_plan(missed, plan).register[0].status is Status.CONFIRMED


def test_a_roll_nobody_called_is_asked_for_the_day_after() -> None:
    roll = Roll(meeting=1, title="", rows=(_row(1, "p"),))
    attendances = read_attendances(_programme(roll))
    evening = datetime(2023, 1, 17, 3, tzinfo=UTC)  # still the 16th in Québec

    same_day = uncalled(attendances, evening, ZONE)
    next_day = uncalled(attendances, evening + timedelta(hours=4), ZONE)

    assert same_day == ()
    assert [meeting.number for meeting in next_day] == [1]


def test_the_nudge_names_the_meeting_beside_its_cohort_until_it_is_called() -> None:
    before = sleep(snapshot([answer("Ève Roy")]))
    roll = Roll(meeting=1, title="", rows=(_row(1, "p", name="Roy, Ève"),))
    held = replace(before, meetings=(_meeting(1),), rolls={1: roll})
    called = replace(held, rolls={1: replace(roll, called=True)})

    ((_, waiting),) = make_plan(held, RULES, _AFTER).seats
    ((_, done),) = make_plan(called, RULES, _AFTER).seats

    assert "rencontre n°\xa01" in waiting.alerts
    assert done.alerts == ""


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.POSTPONED])
def test_a_meeting_that_will_not_be_held_that_day_gets_no_tab(state: MeetingState) -> None:
    before = replace(sleep(snapshot([answer()])), meetings=(_meeting(state=state),))

    plan = make_plan(before, RULES, datetime(2023, 1, 15, 7, tzinfo=UTC))

    assert plan.rolls == ()


def test_a_tab_that_is_asked_for_is_made_however_far_the_meeting_is() -> None:
    before = replace(sleep(snapshot([answer()])), meetings=(_meeting(3),))

    plan = plan_sheets(before, RULES, in_night(1), [3])

    assert [roll.number for roll in plan.rolls] == [3]
    assert plan.changes == ()


def test_somebody_promoted_half_way_is_expected_from_then_on() -> None:
    before = sleep(snapshot([answer("Ève Roy")]))
    late = touch(before, 1, status=Status.CONFIRMED)
    at = datetime(2023, 1, 17, 7, tzinfo=UTC)
    journal = {Number(1): replace(late.journal[Number(1)], moved_at=at)}
    late = replace(late, journal=journal, meetings=(_meeting(1), _meeting(2)))

    plan = plan_sheets(late, RULES, at + timedelta(days=1), [1, 2])

    assert [len(roll.added) for roll in plan.rolls] == [0, 1]


def test_a_clock_that_went_back_strikes_nobody_off_a_roll() -> None:
    book = replace(sleep(snapshot([answer()])), meetings=(_meeting(),))
    book = apply_plan(book, make_plan(book, RULES, datetime(2023, 1, 15, 7, tzinfo=UTC)))
    at = datetime(2023, 1, 15, 8, tzinfo=UTC)
    journal = {Number(1): replace(book.journal[Number(1)], moved_at=at)}

    plan = make_plan(replace(book, journal=journal), RULES, at - timedelta(minutes=20))

    assert [row.number for row in book.rolls[1].rows] == [1]
    assert plan.rolls == ()


def test_a_merger_changes_the_figures_of_past_meetings_the_same_night() -> None:
    roll = Roll(meeting=1, title="Présences – C1 – 2023-01-16", called=True)
    people = [answer("Ève Roy"), answer("Franck Caron", 1)]
    book = replace(sleep(snapshot(people)), meetings=(_meeting(),), highest_meeting=1)
    book = replace(book, rolls={1: replace(roll, rows=(_row(1), _row(2, "p")))})
    merged = touch(book, 1, merge_with=2)

    plan = make_plan(merged, RULES, _AFTER)
    again = make_plan(apply_plan(merged, plan), RULES, _AFTER)

    assert [change.expected for change in plan.meetings] == [1]
    assert (again.meetings, again.cohorts) == ((), ())


def test_a_roll_made_after_its_meeting_is_asked_for_the_same_night() -> None:
    book = replace(sleep(snapshot([answer()])), meetings=(_meeting(),))
    night = datetime(2023, 1, 17, 7, tzinfo=UTC)

    plan = make_plan(book, RULES, night)
    again = make_plan(apply_plan(book, plan), RULES, night)

    assert [roll.number for roll in plan.rolls] == [1]
    assert (again.meetings, again.cohorts) == ((), ())


def test_the_next_meeting_of_each_cohort_is_the_first_that_has_not_begun() -> None:
    meetings = [
        _meeting(1),
        _meeting(2),
        _meeting(3),
        _meeting(4, cohort="C2", state=MeetingState.CANCELLED),
        _meeting(5, cohort="c2"),
    ]
    begins = datetime(2023, 1, 16, 23, 30, tzinfo=UTC)

    found = next_meetings(reversed(meetings), begins, ZONE)

    assert [meeting.number for meeting in found] == [2, 5]


@given(code=st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable()))
def test_our_titles_are_known_in_either_language_numbered_or_not(code: str) -> None:
    meeting = _meeting(cohort=code)

    for language in ("fr", "en"):
        title = roll_title(meeting, language)
        assert is_our_title(title)
        assert bears(title, meeting)
        assert bears(f"{title} 2", meeting)
        assert not bears(title, replace(meeting, day=date(2023, 1, 17)))


@given(
    rows=st.lists(
        st.builds(_row, st.integers(1, 6), st.text("pelt", max_size=3)),
        unique_by=lambda row: row.number,
    ),
    called=st.booleans(),
    order=st.randoms(),
)
def test_the_order_of_rows_changes_nothing(rows: list[RollRow], called: bool, order: Any) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)

    def told(of: list[RollRow]) -> dict[int, str]:
        return _told(_programme(Roll(meeting=1, title="", called=called, rows=tuple(of))))

    assert told(rows) == told(shuffled)
