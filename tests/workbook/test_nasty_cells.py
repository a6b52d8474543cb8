"""Whatever somebody types or answers, the night goes on, and nobody gets a seat by it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from automation.workbook.layout import COHORTS, enrolment_tab
from tests.programme import NOW, Programme, new_programme, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.model import Problem

_NEXT = NOW + timedelta(days=1)


def _cell(programme: Programme, key: str, row: int) -> str:
    keys = [c.key for c in enrolment_tab(programme.config.rules.fields.extra).columns]
    index = keys.index(key)
    letters = chr(ord("A") + index) if index < 26 else f"A{chr(ord('A') + index - 26)}"
    return f"{letters}{row}"


def _codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.message.code for problem in problems]


@pytest.mark.parametrize("typed", ["--5", "²", "٣", 1e300, -3, "1e9"])
def test_places_that_are_no_number_stop_nobody(tmp_path: Path, typed: str | float) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    places = chr(ord("A") + [column.key for column in COHORTS.columns].index("places"))
    programme.type_in("Cohortes", f"{places}2", typed)

    programme.night(at=_NEXT)

    assert [row["status"] for row in programme.rows("enrolments")].count("confirmed") == 3


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("offered_by_phone", "mardi à 14 h", "problem.not_a_date"),
        ("priority", "haute", "problem.not_a_number"),
        ("merge_with", "n° 8", "problem.not_a_number"),
        ("merge_with", 2.5, "problem.not_a_number"),
        ("communications", "jamais", "problem.not_a_choice"),
    ],
)
def test_what_an_organiser_typed_and_nobody_can_read_is_reported(
    tmp_path: Path, key: str, typed: str | float, code: str
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", _cell(programme, key, 2), typed)

    night = programme.night(at=_NEXT)

    assert _codes(night.plan.problems) == [code]
    assert night.plan.problems[0].row == 2


def test_the_last_instant_that_sheets_knows_is_no_date_of_ours(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", _cell(programme, "offered_by_phone", 2), 2958464.999999999)

    night = programme.night(at=_NEXT)

    assert _codes(night.plan.problems) == ["problem.not_a_date"]


def test_two_answers_with_endless_names_do_not_stop_the_night(tmp_path: Path) -> None:
    programme = new_programme(tmp_path)
    name = "a" * 30_000
    programme.answer(
        ("2023-01-02 09:00:00", name, name, "long@gmail.com", "418 555-0101", ""),
        ("2023-01-03 09:00:00", name, name, "long@gmial.com", "418 555-0101", ""),
    )
    programme.organise([("C1", "Première cohorte", "3", "", "automatique")], [])

    programme.night()

    assert len(programme.rows("duplicates")) == 1
    assert programme.night(event="apply").plan.empty


def test_an_endless_decision_is_quoted_in_short(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", _cell(programme, "decision", 2), "x" * 49_990)

    programme.night(at=_NEXT)

    assert len(str(programme.rows("enrolments")[0]["alerts"])) < 200


def test_a_row_whose_number_was_given_to_nobody_holds_no_seat(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", "A2", 77)

    night = programme.night(at=_NEXT)

    assert set(_codes(night.plan.problems)) == {"problem.row_unknown", "problem.row_lost"}
    assert dict(night.plan.seats)["C1"].confirmed == 3


def test_emptying_the_register_stops_the_night_however_small_it_is(tmp_path: Path) -> None:
    from automation.errors import BrakeError

    programme = small_programme(tmp_path)
    programme.night()
    rows = {
        "sheetId": enrolment_tab().sheet_id,
        "dimension": "ROWS",
        "startIndex": 1,
        "endIndex": 7,
    }
    programme.ask({"deleteDimension": {"range": rows}})

    with pytest.raises(BrakeError):
        programme.night(at=_NEXT)
