"""A cohort that follows another: what it takes over, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.core.model import Meeting, MeetingState
from automation.core.succession import Start, follow_cohort
from automation.errors import WrongUsageError
from tests.world import (
    RULES,
    RULES_WITHOUT_CHOICE,
    answer,
    cohort,
    in_night,
    sleep,
    snapshot,
)

if TYPE_CHECKING:
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.core.succession import Succession

OPENS = datetime(2023, 8, 21, 8)  # noqa: DTZ001 - a wall clock
EVENING = time(18, 30)


def meeting(day: date | None, row: int = 2, **fields: Any) -> Meeting:
    """Return a meeting of the former cohort."""
    return Meeting(**{"cohort": "C1", "day": day, "start": EVENING, "row": row, **fields})


def book(*meetings: Meeting, **fields: Any) -> Snapshot:
    """Return a workbook in which two people still wait in the former cohort."""
    answers = [answer(n, i, cohort="C1") for i, n in enumerate(("A B", "C D", "E F"))]
    return sleep(snapshot(answers, cohort(places=1, name="Hiver", **fields), meetings=meetings))


def follow(before: Snapshot, rules: Rules = RULES, **fields: Any) -> Succession:
    """Prepare a cohort that follows the first."""
    asked: dict[str, Any] = {"code": "C2", "former": "c1", "opens": OPENS, **fields}
    return follow_cohort(before, rules, Start(**asked))


def codes(prepared: Succession) -> list[str]:
    """Return what there is to know."""
    return [phrase.code.removeprefix("cohort.") for phrase in prepared.sentences]


def test_those_left_waiting_in_the_former_are_counted() -> None:
    prepared = follow(book())

    assert (prepared.former.code, prepared.left_waiting) == ("C1", 2)
    assert codes(prepared) == ["left_waiting", "fill_name", "fill_closes", "fill_last_offer"]


def test_what_is_left_empty_is_said() -> None:
    closes = datetime(2023, 9, 8)  # noqa: DTZ001 - a wall clock
    reserved = book(reserved=2, reserved_for="CDC")

    prepared = follow(replace(reserved, register=()), name="Automne", closes=closes)

    assert codes(prepared) == ["nobody_waits", "fill_reserved", "fill_last_offer"]


def test_meetings_keep_their_intervals_and_come_in_order_of_time() -> None:
    before = book(
        meeting(date(2023, 1, 30), 2, theme="b", number=4, sequence=2, expected=7),
        meeting(date(2023, 1, 16), 3, theme="a"),
        meeting(date(2023, 1, 16), 4, theme="a, le matin", start=time(9)),
        meeting(date(2023, 1, 20), 5, cohort="C9"),
    )

    prepared = follow(before, first_meeting=date(2023, 9, 18))

    assert [(m.cohort, m.day, m.start, m.theme) for m in prepared.meetings] == [
        ("C2", date(2023, 9, 18), time(9), "a, le matin"),
        ("C2", date(2023, 9, 18), EVENING, "a"),
        ("C2", date(2023, 10, 2), EVENING, "b"),
    ]
    last = prepared.meetings[-1]
    assert (last.number, last.sequence, last.expected) == (None, 0, None)


def test_cancelled_and_undated_meetings_are_left_out_and_postponed_ones_planned() -> None:
    before = book(
        meeting(date(2023, 1, 9), 2, state=MeetingState.CANCELLED),
        meeting(None, 3),
        meeting(date(2023, 1, 16), 4, state=MeetingState.POSTPONED),
    )

    prepared = follow(before, first_meeting=date(2023, 9, 18))

    assert [(m.day, m.state) for m in prepared.meetings] == [
        (date(2023, 9, 18), MeetingState.PLANNED)
    ]
    assert dict(prepared.sentences[1].values) == {"count": 2}


def test_a_meeting_that_somebody_entered_already_is_not_doubled() -> None:
    before = book(
        meeting(date(2023, 1, 16), 2),
        meeting(date(2023, 1, 30), 3),
        meeting(date(2023, 9, 18), 4, cohort="c2"),
    )

    prepared = follow(before, first_meeting=date(2023, 9, 18))

    assert [m.day for m in prepared.meetings] == [date(2023, 10, 2)]


def test_without_a_first_day_there_are_no_meetings() -> None:
    prepared = follow(book(meeting(date(2023, 1, 16))))

    assert prepared.meetings == ()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"former": "C7"}, "unknown_cohort"),
        ({"code": "c1"}, "cohort_taken"),
        ({"code": "C1."}, "cohort_taken"),
        ({"code": "?"}, "cohort_no_code"),
        ({"name": "HIVER"}, "cohort_name_taken"),
        ({"closes": datetime(2023, 8, 20)}, "cohort_closes_first"),  # noqa: DTZ001
        ({"closes": OPENS}, "cohort_closes_first"),
        ({"first_meeting": date(2023, 9, 18)}, "cohort_no_meetings"),
    ],
)
def test_a_start_that_can_not_be_is_refused(asked: dict[str, Any], error: str) -> None:
    with pytest.raises(WrongUsageError) as refused:
        follow(book(), **asked)

    assert refused.value.code == error


def test_a_bare_closing_date_counts_to_its_end() -> None:
    same_day = datetime(2023, 8, 21)  # noqa: DTZ001 - a wall clock

    assert follow(book(), closes=same_day).start.closes == same_day


def test_a_code_of_enrolments_whose_row_is_gone_is_taken_too() -> None:
    renamed = replace(book(), cohorts=(cohort("H1"),))

    with pytest.raises(WrongUsageError) as refused:
        follow(renamed, former="H1", code="c1")

    assert refused.value.code == "cohort_taken"


@pytest.mark.parametrize(
    ("rules", "fields", "overlaps"),
    [
        (RULES_WITHOUT_CHOICE, {}, True),
        (RULES_WITHOUT_CHOICE, {"closes": in_night(0)}, False),
        (RULES, {}, False),
    ],
)
def test_two_cohorts_open_at_once_are_told_where_no_question_chooses(
    rules: Rules, fields: dict[str, Any], overlaps: bool
) -> None:
    prepared = follow(book(**fields), rules)

    assert ("overlaps" in codes(prepared)) is overlaps
