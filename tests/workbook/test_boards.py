"""Sommaire and Commentaires as they stand in a workbook, night after night."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from automation.workbook.layout import BOARDS, CHART_BASE, COMMENTS, SUMMARY
from tests.deeds import delete, insert, sort_rows
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme

_ORGANISERS_DEEDS = {
    "a row": insert(SUMMARY.sheet_id, "ROWS", 6),
    "a column": insert(SUMMARY.sheet_id, "COLUMNS", 0),
    "no row": delete(SUMMARY.sheet_id, "ROWS", 4),
    "no column": delete(SUMMARY.sheet_id, "COLUMNS", 19),
    "sorted": sort_rows(SUMMARY.sheet_id, 0, last_row=30),
    "no chart": {"deleteEmbeddedObject": {"objectId": CHART_BASE + 1}},
    "no tab": {"deleteSheet": {"sheetId": SUMMARY.sheet_id}},
}


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    made.night()
    return made


def charts(programme: Programme) -> dict[int, dict[str, Any]]:
    """Return the charts of Sommaire by id, as the API tells them."""
    with programme.session() as http:
        fields = "sheets(properties.sheetId,charts)"
        about = http.fetch_sheet_metadata(programme.spreadsheet_id, {"fields": fields})
    sheets = [s for s in about["sheets"] if s["properties"]["sheetId"] == SUMMARY.sheet_id]
    found = [chart for sheet in sheets for chart in sheet.get("charts", ())]
    assert len({chart["chartId"] for chart in found}) == len(found)
    return {chart["chartId"]: chart for chart in found}


def boards(programme: Programme) -> dict[int, list[list[Any]]]:
    grids = programme.grids()
    return {tab.sheet_id: grids[tab.sheet_id] for tab in BOARDS}


def line(programme: Programme, label: str) -> list[Any]:
    rows = programme.grids()[SUMMARY.sheet_id]
    return next(row[1:] for row in rows if row and row[0] == label)


def test_the_first_night_shows_what_it_decided_itself(programme: Programme) -> None:
    assert line(programme, "Première cohorte")[:5] == [3, 3, 0, 2, 0]
    assert line(programme, "Personnes inscrites")[0] == 5
    assert line(programme, "Places par cohorte") == []


def test_a_second_night_writes_nothing_of_it(programme: Programme) -> None:
    before = boards(programme), charts(programme)

    night = programme.night(at=NOW + timedelta(minutes=1))

    assert night.plan.empty
    assert (boards(programme), charts(programme)) == before


def test_figures_alone_are_written_where_they_alone_changed(programme: Programme) -> None:
    programme.put_in("cohorts", 1, "places", 4)

    night = programme.night(at=NOW + timedelta(days=1))

    (change,) = night.plan.boards
    assert change.dressed
    assert line(programme, "Première cohorte")[:5] == [4, 4, 0, 1, 0]


def test_a_table_that_grows_moves_the_charts_below_it_and_doubles_none(
    programme: Programme,
) -> None:
    before = charts(programme)
    programme.answer(("2023-06-30 09:00:00", "Luc", "Roy", "luc@example.com", "", "a"))

    programme.night(at=NOW + timedelta(days=180))

    after = charts(programme)
    assert before.keys() <= after.keys()
    funnel = CHART_BASE + 3
    was, now = (c[funnel]["position"]["overlayPosition"]["anchorCell"] for c in (before, after))
    assert now["rowIndex"] > was["rowIndex"]
    assert programme.night(at=NOW + timedelta(days=180)).plan.empty


def test_no_chart_lies_over_another_or_over_a_table(programme: Programme) -> None:
    programme.night(at=NOW + timedelta(days=6))
    programme.tick(1, 1)
    programme.call_roll(1)
    programme.night(at=NOW + timedelta(days=8))

    spans = []
    for chart in charts(programme).values():
        overlay = chart["position"]["overlayPosition"]
        top = overlay["anchorCell"]["rowIndex"]
        spans.append((top, top + overlay["heightPixels"] / 21))
        assert overlay["anchorCell"]["columnIndex"] == 10
    spans.sort()

    assert all(end <= top for (_, end), (top, _) in pairwise(spans))
    wide = [row for row in programme.grids()[SUMMARY.sheet_id][1:] if any(row[10:])]
    assert wide == []


def test_each_series_is_named_by_its_header_and_covers_its_table(programme: Programme) -> None:
    grid = programme.grids()[SUMMARY.sheet_id]

    spec = charts(programme)[CHART_BASE + 1]["spec"]["basicChart"]

    def cells(data: dict[str, Any]) -> list[Any]:
        (area,) = data["sourceRange"]["sources"]
        column = area.get("startColumnIndex", 0)
        return [grid[row][column] for row in range(area["startRowIndex"], area["endRowIndex"])]

    assert cells(spec["domains"][0]["domain"]) == ["Cohorte", "Première cohorte"]
    assert [cells(one["series"]) for one in spec["series"]] == [
        ["Confirmées", 3],
        ["Offertes", 0],
        ["En attente", 2],
    ]


@pytest.mark.parametrize("deed", list(_ORGANISERS_DEEDS))
def test_whatever_organisers_do_to_the_tab_it_is_drawn_again(
    programme: Programme, deed: str
) -> None:
    before = boards(programme), charts(programme)
    programme.ask(_ORGANISERS_DEEDS[deed])

    programme.night(at=NOW + timedelta(minutes=1))

    assert boards(programme) == before[0]
    assert charts(programme) == before[1]
    assert programme.night(at=NOW + timedelta(minutes=2)).plan.empty


def test_what_somebody_typed_there_is_replaced(programme: Programme) -> None:
    before = boards(programme)
    programme.put(SUMMARY.sheet_id, 40, 2, "à nous")
    programme.put(SUMMARY.sheet_id, 5, 1, 99)
    programme.put(COMMENTS.sheet_id, 1, 0, "à nous")

    programme.night(at=NOW + timedelta(minutes=1))

    assert boards(programme) == before


def test_a_figure_typed_over_costs_the_looks_of_nothing(programme: Programme) -> None:
    row = next(
        at
        for at, cells in enumerate(programme.grids()[SUMMARY.sheet_id])
        if cells and cells[0] == "Première cohorte"
    )
    programme.put(SUMMARY.sheet_id, row, 2, "beaucoup")

    night = programme.night(at=NOW + timedelta(minutes=1))

    assert [change.dressed for change in night.plan.boards] == [True]


def test_a_tab_of_that_title_is_left_to_its_owner(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.ask({"addSheet": {"properties": {"sheetId": 5, "title": "Sommaire"}}})

    programme.night()

    assert boards(programme)[SUMMARY.sheet_id]
    assert programme.grids()[5] == []
