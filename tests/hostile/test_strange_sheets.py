"""Tabs that are not as a form or Cohorte made them: a night goes on, or stops before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from automation.core.plan import make_plan
from automation.errors import WorkbookError
from automation.workbook.layout import COHORTS, enrolment_tab
from tests.programme import NOW, TAB, full_programme
from tests.world import HEADER

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.model import Cell
    from tests.programme import Programme

_REGISTER: Final = enrolment_tab().sheet_id


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = full_programme(tmp_path)
    made.organise([("C1", "Première cohorte", "4", "", "automatique")], [])
    return made


def _row(name: str, email: str, minute: int = 0) -> tuple[str, ...]:
    first, _, last = name.partition(" ")
    stamp = f"2023-01-02 09:{minute:02}:00"
    return (stamp, first, last, email, "", "L’Islet", "C1", "Boulanger", "Rien")


def _statuses(programme: Programme) -> list[str]:
    return [enrolment.status.value for enrolment in programme.snapshot().register]


def test_a_response_tab_without_a_header_stops_the_night_before_it_writes(
    programme: Programme,
) -> None:
    programme.answer(_row("Ève Roy", "eve@exemple.test"))
    programme.night()
    sheet_id = programme.response_tab(TAB)
    programme.put(sheet_id, 0, 0, *[""] * 9)
    before = programme.picture()

    with pytest.raises(WorkbookError):
        programme.night(at=NOW)

    assert programme.picture() == before


def test_of_two_columns_of_one_name_the_left_one_is_read(programme: Programme) -> None:
    programme.answer(_row("Ève Roy", "eve@exemple.test"))
    sheet_id = programme.response_tab(TAB)
    header = programme.grids()[sheet_id][0]
    programme.put(sheet_id, 0, len(header), header[3])
    programme.put(sheet_id, 1, len(header), "luc@exemple.test")

    programme.night()

    assert [e.email for e in programme.snapshot().register] == ["eve@exemple.test"]


def test_a_number_that_was_pasted_twice_freezes_both_rows_and_costs_nobody_a_place(
    programme: Programme,
) -> None:
    programme.answer(_row("Ève Roy", "eve@exemple.test"), _row("Luc Côté", "luc@exemple.test", 1))
    programme.night()
    rows = programme.grids()[_REGISTER]
    programme.put(_REGISTER, len(rows), 0, *rows[programme.enrolment_row(1)])

    night = programme.night(at=NOW)

    assert night.damaged
    assert _statuses(programme).count("confirmed") >= 1
    assert not any(change.after.status.value == "withdrawn" for change in night.plan.changes)


def test_answers_among_two_hundred_questions_are_read_by_their_header(programme: Programme) -> None:
    sheet_id = programme.response_tab(TAB)
    programme.ask({"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": 200}})
    header = programme.grids()[sheet_id][0]
    for block in range(0, 200, 50):
        at = len(header) + block
        programme.put(sheet_id, 0, at, *[f"Question {at + index}" for index in range(50)])
        programme.put(sheet_id, 1, at, *["Réponse"] * 50)
    programme.answer(_row("Ève Roy", "eve@exemple.test"))

    programme.night()

    assert [e.name for e in programme.snapshot().register if e.email] == ["Ève Roy"]


def test_an_answer_as_long_as_a_cell_can_be_is_registered_and_told_once(
    programme: Programme,
) -> None:
    stamp, first, last, email, phone, town, cohort, _, group = _row("Ève Roy", "eve@exemple.test")
    programme.answer((stamp, first, last, email, phone, town, cohort, "é" * 50_000, group))

    programme.night()

    assert _statuses(programme) == ["confirmed"]
    assert programme.night(at=NOW, event="apply").plan.empty


def test_addresses_that_only_look_alike_are_two_people(programme: Programme) -> None:
    programme.answer(
        _row("Ève Roy", "eve.roy@exemple.test"),
        _row("Luc Côté", "\u0435ve.roy@exemple.test", 1),
    )

    programme.night()

    people = {enrolment.person for enrolment in programme.snapshot().register}
    assert len(people) == 2
    assert "merged" not in _statuses(programme)


def test_a_sheet_with_a_million_empty_rows_costs_no_more(programme: Programme) -> None:
    programme.answer(_row("Ève Roy", "eve@exemple.test"))
    # No wider than the questions: a spreadsheet holds ten million cells.
    size = {"rowCount": 1_000_000, "columnCount": len(HEADER)}
    properties = {"sheetId": programme.response_tab(TAB), "gridProperties": size}
    fields = "gridProperties(rowCount,columnCount)"
    programme.ask({"updateSheetProperties": {"properties": properties, "fields": fields}})

    night = programme.night()

    assert _statuses(programme) == ["confirmed"]
    assert len(night.snapshot.responses[0].rows) == 1


@pytest.mark.parametrize(
    "cell", ["#REF!", "#N/A", "douze", True, -1, 1e300, 2958466.5, -700000, "=1+1", "١٢"]
)
@pytest.mark.parametrize("name", ["places", "opens", "waiting_limit", "window_hours"])
def test_a_cell_of_cohortes_that_says_nothing_sensible_admits_nobody_by_mistake(
    programme: Programme, name: str, cell: Cell
) -> None:
    programme.answer(_row("Ève Roy", "eve@exemple.test"))
    programme.night(event="apply")
    programme.put_in(COHORTS.key, 1, name, cell)

    snapshot = programme.snapshot()
    plan = make_plan(snapshot, programme.config.rules, NOW)

    assert all(change.after.status.value != "withdrawn" for change in plan.changes)
    assert [e.status.value for e in snapshot.register] == ["confirmed"]
