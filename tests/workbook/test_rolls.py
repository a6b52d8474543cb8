"""The attendance tabs: made in time, kept up to date, and never robbed of a tick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.core.attendance import read_attendances
from automation.core.model import Number
from automation.core.roll import Presence
from automation.local import FaultPlan
from automation.workbook.layout import MEETINGS, roll_tab
from tests.deeds import delete, insert, move, rename
from tests.programme import Programme, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from automation.core.roll import Roll
    from tests.deeds import Deed

_EARLY = datetime(2023, 1, 12, 7, tzinfo=UTC)
_DUE = datetime(2023, 1, 13, 7, tzinfo=UTC)
_EVE = datetime(2023, 1, 16, 7, tzinfo=UTC)
_AFTER = datetime(2023, 1, 17, 7, tzinfo=UTC)
_TAB = roll_tab(1).sheet_id
_HEADER = roll_tab(1).header
_JOSEE = ("2023-01-14 09:00:00", "Anne", "Bélanger", "anne@example.com", "418 555-0109", "g")


def _names(roll: Roll) -> list[str]:
    return [row.name for row in roll.rows]


def _presences(programme: Programme) -> dict[int, str]:
    (attendance,) = read_attendances(programme.snapshot())
    return {number: presence.value for number, presence in attendance.presences.items()}


def _sort_roll(column: int, last_row: int, columns: tuple[int, int] | None = None) -> Deed:
    cells = {"sheetId": _TAB, "startRowIndex": _HEADER + 1, "endRowIndex": last_row}
    if columns:
        cells |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
    return {
        "sortRange": {
            "range": cells,
            "sortSpecs": [{"dimensionIndex": column, "sortOrder": "DESCENDING"}],
        }
    }


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Return a programme whose only meeting is in three days: 1, 2 and 4 are confirmed."""
    made = small_programme(tmp_path)
    made.night(at=_DUE)
    return made


def test_a_tab_is_made_some_days_before_the_meeting_and_not_earlier(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)

    early = programme.night(at=_EARLY)
    due = programme.night(at=_DUE)

    assert early.plan.rolls == ()
    assert [roll.number for roll in due.plan.rolls] == [1]
    roll = programme.snapshot().rolls[1]
    assert roll.title == "Présences – C1 – 2023-01-16"
    assert _names(roll) == ["Caron, Marc", "Dubé, Josée", "Fortin, Hélène"]
    assert programme.night(at=_DUE, event="apply").plan.empty


def test_its_heading_tells_the_meeting_and_what_to_do(programme: Programme) -> None:
    standing = programme.snapshot().roll_standings[1]

    heading = [row[0] if row else "" for row in standing.grid[:5]]

    assert heading == [
        "Lundi 16 janvier 2023, 18 h 30 à 21 h",
        "Briser l’isolement",
        "Cochez qui est là; à la fin, cochez «\xa0Appel terminé\xa0».",
        "",
        "Appel terminé",
    ]


def test_an_unticked_box_is_unknown_until_the_roll_is_called(programme: Programme) -> None:
    programme.tick(1, 2)
    programme.tick(1, 4, "excused")
    before = _presences(programme)

    programme.call_roll(1)

    assert before == {1: "unknown", 2: "present", 4: "excused"}
    assert _presences(programme) == {1: "absent", 2: "present", 4: "excused"}


def test_the_committee_reads_in_meetings_how_many_came(programme: Programme) -> None:
    programme.tick(1, 2)
    programme.tick(1, "Réal Guay")
    programme.call_roll(1)

    programme.night(at=_AFTER)

    (row,) = programme.rows("meetings")
    assert (row["expected"], row["present"], row["guests"]) == (3, 1, 1)


def test_newly_confirmed_people_come_above_the_guests_and_no_tick_moves(
    programme: Programme,
) -> None:
    programme.tick(1, 2)
    programme.tick(1, 4, "note", "en retard")
    programme.tick(1, "Réal Guay")
    programme.put_in("cohorts", 1, "places", 10)
    before = programme.organisers_cells()["roll 1"]

    night = programme.night(at=_EVE)

    assert night.receipt is not None
    assert not night.receipt.astray
    snapshot = programme.snapshot()
    roll, standing = snapshot.rolls[1], snapshot.roll_standings[1]
    assert _names(roll)[3:] == ["Morin, Ève", "Roy, Guy"]
    after = programme.organisers_cells()["roll 1"]
    assert [row for row in after if row in before] == before
    guest = next(i for i, row in enumerate(standing.grid) if "Réal Guay" in row)
    assert guest > standing.last
    assert programme.night(at=_EVE, event="apply").plan.empty


def test_those_who_left_are_struck_out_where_they_stand(programme: Programme) -> None:
    programme.tick(1, 2, "note", "apporte le café")
    before = programme.snapshot().roll_standings[1]
    programme.put_in("enrolments", programme.enrolment_row(2), "decision", "Désister")

    programme.night(at=_EVE)

    snapshot = programme.snapshot()
    row = next(row for row in snapshot.rolls[1].rows if row.number == 2)
    assert row.left
    assert row.note == "apporte le café"
    assert snapshot.roll_standings[1].rows[Number(2)] == before.rows[Number(2)]
    assert Number(2) not in _presences(programme)


def test_who_comes_back_is_no_longer_struck_out(programme: Programme) -> None:
    at = programme.enrolment_row(2)
    programme.put_in("enrolments", at, "decision", "Désister")
    programme.night(at=_EVE - timedelta(days=1))
    programme.put_in("enrolments", at, "decision", "Confirmer")

    programme.night(at=_EVE)

    rows = {row.number: row for row in programme.snapshot().rolls[1].rows}
    assert len(rows) == 4
    assert not rows[Number(2)].left


def test_once_the_meeting_has_begun_its_rows_are_the_organisers_alone(
    programme: Programme,
) -> None:
    programme.put_in("enrolments", programme.enrolment_row(2), "decision", "Désister")

    night = programme.night(at=_AFTER)

    assert [roll.changed for roll in night.plan.rolls] == []
    assert not any(row.left for row in programme.snapshot().rolls[1].rows)


def test_a_tab_made_too_late_holds_those_who_were_confirmed_when_it_began(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night(at=_EARLY)
    programme.answer(_JOSEE)
    programme.put_in("cohorts", 1, "places", 10)

    programme.night(at=_AFTER)

    assert _names(programme.snapshot().rolls[1]) == ["Caron, Marc", "Dubé, Josée", "Fortin, Hélène"]


def test_a_moved_meeting_takes_its_tab_along(programme: Programme) -> None:
    programme.tick(1, 2, "note", "apporte le café")
    programme.put_in("meetings", 1, "date", "2023-01-23")

    programme.night(at=_EVE)

    snapshot = programme.snapshot()
    assert snapshot.rolls[1].title == "Présences – C1 – 2023-01-23"
    assert snapshot.roll_standings[1].grid[0][0] == "Lundi 23 janvier 2023, 18 h 30 à 21 h"
    assert snapshot.rolls[1].rows[0].note == "apporte le café"
    assert programme.night(at=_EVE, event="apply").plan.empty


def test_a_title_of_the_organisers_stays(programme: Programme) -> None:
    programme.ask(rename(_TAB, "Lundi soir"))
    programme.put_in("meetings", 1, "date", "2023-01-23")

    programme.night(at=_EVE)

    assert programme.snapshot().rolls[1].title == "Lundi soir"


def test_a_cancelled_meeting_counts_for_nothing_and_keeps_its_tab(programme: Programme) -> None:
    programme.tick(1, 2)
    programme.put_in("meetings", 1, "state", "annulée")

    programme.night(at=_AFTER)

    snapshot = programme.snapshot()
    assert "ANNULÉE" in str(snapshot.roll_standings[1].grid[0][0])
    assert snapshot.rolls[1].rows[0].present
    assert read_attendances(snapshot) == ()


def test_a_meeting_whose_row_vanished_keeps_its_tab_and_its_number(programme: Programme) -> None:
    programme.tick(1, 2)
    programme.ask(delete(MEETINGS.sheet_id, "ROWS", 1))
    programme.organise([], [("C1", "2023-01-16", "18:30", "21:00", "Autre soirée")])

    night = programme.night(at=_EVE)

    assert programme.snapshot().rolls[1].rows[0].present
    assert programme.rows("meetings")[0]["number"] == 2
    assert "problem.roll_orphan" in {problem.message.code for problem in night.plan.problems}


def test_two_meetings_of_one_day_have_tabs_of_their_own_however_the_cohort_is_typed(
    tmp_path: Path,
) -> None:
    programme = small_programme(tmp_path)
    programme.organise([], [("c1", "2023-01-16", "13:00", "15:00", "En après-midi")])

    programme.night(at=_DUE)

    titles = sorted(roll.title for roll in programme.snapshot().rolls.values())
    assert titles == ["Présences – C1 – 2023-01-16 2", "Présences – c1 – 2023-01-16"]


def test_a_deleted_tab_of_a_meeting_to_come_is_made_anew(programme: Programme) -> None:
    programme.ask({"deleteSheet": {"sheetId": _TAB}})

    programme.night(at=_EVE)

    assert len(programme.snapshot().rolls[1].rows) == 3


_DOINGS = st.one_of(
    st.builds(_sort_roll, st.integers(0, 7), st.sampled_from([9, 10, 30])),
    st.builds(insert, st.just(_TAB), st.just("ROWS"), st.integers(0, 11)),
    st.builds(insert, st.just(_TAB), st.just("COLUMNS"), st.integers(0, 8)),
    st.builds(move, st.just(_TAB), st.just("COLUMNS"), st.integers(0, 3), st.integers(4, 8)),
    st.just(rename(_TAB, "Lundi")),
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(doings=st.lists(_DOINGS, min_size=1, max_size=4))
def test_whatever_organisers_rearrange_the_ticks_stay_whose_they_are(
    tmp_path_factory: pytest.TempPathFactory, doings: list[Deed]
) -> None:
    programme = small_programme(tmp_path_factory.mktemp("programme"))
    programme.night(at=_DUE)
    programme.tick(1, 2)
    programme.tick(1, 4, "note", "apporte le café")
    programme.tick(1, "Réal Guay")
    programme.put_in("cohorts", 1, "places", 10)
    programme.put_in("enrolments", programme.enrolment_row(1), "decision", "Désister")
    for doing in doings:
        programme.ask(doing)

    night = programme.night(at=_EVE)

    assert night.receipt is not None
    assert not night.receipt.astray
    roll = programme.snapshot().rolls[1]
    rows = {int(row.number): row for row in roll.rows}
    assert {n for n, row in rows.items() if row.present} == {2}
    assert {n for n, row in rows.items() if row.left} == {1}
    assert rows[4].note == "apporte le café"
    assert {guest.name for guest in roll.guests} == {"Réal Guay"}
    assert set(rows) == {1, 2, 4, 5, 6}
    assert programme.night(at=_EVE, event="apply").plan.empty


@pytest.mark.parametrize("call", range(5))
@pytest.mark.parametrize(
    "doing",
    [
        _sort_roll(0, 9),
        insert(_TAB, "ROWS", 6),
        insert(_TAB, "ROWS", 0),
        insert(_TAB, "COLUMNS", 1),
        move(_TAB, "COLUMNS", 0, 4),
        delete(_TAB, "COLUMNS", 4),
    ],
    ids=["sort", "row", "row above", "column", "moved column", "deleted note"],
)
def test_rearranging_between_any_two_calls_of_a_night_costs_nobody_a_tick(
    tmp_path: Path, doing: Deed, call: int
) -> None:
    programme = small_programme(tmp_path)
    programme.night(at=_DUE)
    programme.tick(1, 2)
    programme.put_in("cohorts", 1, "places", 10)
    programme.put_in("enrolments", programme.enrolment_row(1), "decision", "Désister")

    def hook(number: int, _: PreparedRequest) -> None:
        if number == call:
            programme.ask(doing)

    programme.night(at=_EVE, faults=FaultPlan(on_call=hook))
    programme.night(at=_EVE + timedelta(hours=1))

    rows = {int(row.number): row for row in programme.snapshot().rolls[1].rows}
    assert {n for n, row in rows.items() if row.present} == {2}
    assert {n for n, row in rows.items() if row.left} == {1}
    assert {n: row.name.split(",")[0] for n, row in rows.items()} == {
        1: "Fortin",
        2: "Caron",
        4: "Dubé",
        5: "Roy",
        6: "Morin",
    }
    assert not any(row.torn for row in rows.values())


def test_ticks_torn_from_their_numbers_count_for_nobody(programme: Programme) -> None:
    for number in (1, 2, 4):
        programme.tick(1, number, "present", number == 2)
    programme.call_roll(1)
    programme.ask(_sort_roll(0, _HEADER + 4, (0, 1)))

    night = programme.night(at=_AFTER)

    codes = {problem.message.code for problem in night.plan.problems}
    assert "problem.roll_torn" in codes
    assert set(_presences(programme).values()) <= {"unknown", "absent", "present"}
    torn = {row.number for row in programme.snapshot().rolls[1].rows if row.torn}
    assert all(_presences(programme)[int(number)] == Presence.UNKNOWN for number in torn)


def test_a_header_that_is_gone_stops_nothing_and_is_reported(programme: Programme) -> None:
    programme.ask(delete(_TAB, "ROWS", _HEADER))

    night = programme.night(at=_EVE)

    assert "problem.roll_header" in {problem.message.code for problem in night.plan.problems}
    assert night.plan.rolls == ()


def test_ordered_by_name_as_french_lists_are(programme: Programme) -> None:
    names = _names(programme.snapshot().rolls[1])

    assert all(one <= other for one, other in pairwise(names))
