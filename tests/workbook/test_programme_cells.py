"""Cells of organisers that can't be read: told with tab, row and column, and nothing stops."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from automation.core.model import Promotion
from automation.workbook.layout import COHORTS, MEETINGS
from automation.workbook.reader import read_snapshot
from tests.programme import Programme, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.snapshot import Snapshot


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    made.night()
    return made


def _cell(key: str, row: int) -> str:
    return f"{chr(ord('A') + [c.key for c in COHORTS.columns].index(key))}{row}"


def _read(programme: Programme) -> Snapshot:
    with programme.session() as http:
        return read_snapshot(http, programme.config)


@pytest.mark.parametrize(
    ("key", "typed", "code", "header"),
    [
        ("places", "douze", "problem.not_a_number", "Places"),
        ("waiting_limit", "beaucoup", "problem.not_a_number", "Liste d’attente max."),
        ("opens", "lundi", "problem.not_a_date", "Ouverture"),
        ("promotion", "au hasard", "problem.not_a_choice", "Promotion"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    programme: Programme, key: str, typed: str, code: str, header: str
) -> None:
    programme.type_in("Cohortes", _cell(key, 2), typed)

    (problem,) = _read(programme).problems

    assert (problem.tab, problem.row, problem.column) == ("Cohortes", 2, header)
    assert (problem.message.code, problem.damage) == (code, False)


def test_a_bare_closing_date_includes_its_day_and_an_hour_does_not(programme: Programme) -> None:
    programme.type_in("Cohortes", _cell("opens", 2), 44930)  # 2023-01-04
    programme.type_in("Cohortes", _cell("closes", 2), 44931)
    (day,) = _read(programme).cohorts
    programme.type_in("Cohortes", _cell("closes", 2), 44931.5)
    (hour,) = _read(programme).cohorts

    assert day.opens == datetime(2023, 1, 4, 5, tzinfo=UTC)
    assert day.closes == datetime(2023, 1, 6, 5, tzinfo=UTC)
    assert hour.closes == datetime(2023, 1, 5, 17, tzinfo=UTC)


def test_a_code_that_is_there_twice_counts_once_and_is_reported(programme: Programme) -> None:
    programme.type_in("Cohortes", "A3", "c1")
    programme.type_in("Cohortes", "B4", "Sans code")

    snapshot = _read(programme)

    assert [cohort.code for cohort in snapshot.cohorts] == ["C1"]
    codes = {p.row: p.message.code for p in snapshot.problems}
    assert codes == {3: "problem.cohort_doubled", 4: "problem.cohort_without_code"}


@pytest.mark.parametrize("code", ["🌱", "=", "—", "\u200b-"])
def test_a_code_without_letters_or_digits_is_like_no_other_and_is_reported(
    programme: Programme, code: str
) -> None:
    programme.type_in("Cohortes", "A3", code)
    programme.type_in("Cohortes", "A4", "★")

    snapshot = _read(programme)

    assert [cohort.code for cohort in snapshot.cohorts] == ["C1"]
    codes = {p.row: p.message.code for p in snapshot.problems}
    assert codes == {3: "problem.cohort_code_mute", 4: "problem.cohort_code_mute"}


def test_what_organisers_leave_blank_has_its_ordinary_meaning(programme: Programme) -> None:
    programme.type_in("Cohortes", _cell("promotion", 2), "")
    programme.type_in("Cohortes", _cell("places", 2), "")

    (cohort,) = _read(programme).cohorts

    assert cohort.promotion is Promotion.OFFER
    assert cohort.places is None
    assert cohort.waiting_limit is None
    assert cohort.opens is None


def test_a_meeting_gets_a_number_once_and_the_people_it_may_expect(programme: Programme) -> None:
    first = programme.rows("meetings")
    programme.type_in("Rencontres", "B3", "C1")
    programme.type_in("Rencontres", "C3", "le premier lundi")

    night = programme.night()

    meetings = programme.rows("meetings")
    assert [(m["number"], m["expected"]) for m in first] == [(1, 3)]
    assert [(m["number"], m["expected"]) for m in meetings] == [(1, 3), (2, 3)]
    assert [p.message.code for p in night.plan.problems] == ["problem.not_a_date"]


def test_a_meeting_whose_number_was_typed_over_is_left_alone(programme: Programme) -> None:
    programme.type_in("Rencontres", "A2", 7)

    night = programme.night()

    assert night.damaged
    assert programme.rows("meetings")[0]["number"] == 7
    assert MEETINGS.title("fr") in {problem.tab for problem in night.plan.problems}
