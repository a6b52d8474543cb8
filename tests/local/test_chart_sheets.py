"""A chart on a sheet of its own: a sheet without cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest

from tests.local.desk import block, dimension, rows
from tests.local.test_charts import add, columns_chart, pie
from tests.local.test_xlsx import File

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.desk import Desk

OWN = 6


def own_sheet(**position: Any) -> dict[str, Any]:
    return {"spec": pie(), "position": position or {"sheetId": OWN}}


@pytest.fixture(name="gallery")
def fixture_gallery(book: Desk) -> Desk:
    """A sheet of figures, and a chart of them beside it."""
    figures = rows(["Cohorte", "Places"], ["C1", 12], ["C2", 8])
    book.batch({"updateCells": {"start": {}, "rows": figures, "fields": "*"}})
    add(book, own_sheet() | {"chartId": 42})
    return book


def move(number: int, position: dict[str, Any], **fields: str) -> dict[str, Any]:
    return {"updateEmbeddedObjectPosition": {"objectId": number, "newPosition": position, **fields}}


def test_a_chart_gets_a_sheet_without_a_grid(book: Desk) -> None:
    chart = add(book, own_sheet(newSheet=True))

    number = chart["position"]["sheetId"]
    assert book.sheet("properties", 1)["properties"] == {
        "sheetId": number,
        "title": "Chart1",
        "index": 1,
        "sheetType": "OBJECT",
    }
    assert book.sheet("charts", 1)["charts"] == [chart]
    assert book.sheet("charts") == {}


def test_a_chart_gets_the_sheet_with_the_id_that_it_asks_for_unless_it_is_taken(
    gallery: Desk,
) -> None:
    taken = gallery.refusal({"addChart": {"chart": own_sheet(sheetId=0)}})

    assert gallery.sheet("properties", 1)["properties"]["sheetId"] == OWN
    assert "Cannot add chart to new sheet with ID: 0, a sheet with that ID already exists" in taken
    assert "non-negative" in gallery.refusal({"addChart": {"chart": own_sheet(sheetId=-1)}})


def test_a_chart_moves_from_its_cells_to_a_new_sheet(book: Desk) -> None:
    number = add(book, columns_chart())["chartId"]

    (reply,) = book.batch(move(number, {"newSheet": True}))

    position = reply["updateEmbeddedObjectPosition"]["position"]
    assert book.sheet("charts") == {}
    assert book.sheet("charts(chartId,position)", 1)["charts"] == [
        {"chartId": number, "position": position}
    ]
    assert book.sheet("properties", 1)["properties"]["sheetId"] == position["sheetId"]


@pytest.mark.parametrize("text", ["Chart1", "Chart1!A1", "Chart1!A:B", "'Chart1'!1:1"])
def test_values_on_a_sheet_without_cells_are_refused(gallery: Desk, text: str) -> None:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: gallery.values(text),
        lambda: gallery.put(text, [["a"]]),
        lambda: gallery.post(f"/values/{text}:append", {"values": [["a"]]}, valueInputOption="RAW"),
        lambda: gallery.post(f"/values/{text}:clear", {}),
        lambda: gallery.get(ranges=text),
    )

    for call in calls:
        with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range") as caught:
            call()
        assert caught.value.code == 400


@pytest.mark.parametrize(
    "request_",
    [
        {"updateCells": {"start": {"sheetId": OWN}, "rows": rows(["a"]), "fields": "*"}},
        {"appendCells": {"sheetId": OWN, "rows": rows(["a"]), "fields": "*"}},
        {"repeatCell": {"range": {"sheetId": OWN}, "cell": {}, "fields": "note"}},
        {"insertDimension": {"range": dimension("ROWS", 0, 1, OWN)}},
        {"appendDimension": {"sheetId": OWN, "dimension": "ROWS", "length": 1}},
        {"autoResizeDimensions": {"dimensions": dimension("COLUMNS", 0, 1, OWN)}},
        {"mergeCells": {"range": block(0, 1, 0, 2, OWN), "mergeType": "MERGE_ALL"}},
        {"sortRange": {"range": {"sheetId": OWN}, "sortSpecs": [{"dimensionIndex": 0}]}},
        {"setBasicFilter": {"filter": {"range": {"sheetId": OWN}}}},
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": OWN}}}},
        {"addNamedRange": {"namedRange": {"name": "n", "range": {"sheetId": OWN}}}},
        {"findReplace": {"find": "a", "replacement": "b", "sheetId": OWN}},
        {"addChart": {"chart": columns_chart(OWN)}},
    ],
)
def test_what_needs_cells_is_refused_on_a_sheet_without_any(
    gallery: Desk, request_: dict[str, Any]
) -> None:
    before = gallery.dump()

    assert f"No grid with id: {OWN}" in gallery.refusal(request_)
    assert gallery.dump() == before


def test_a_chart_over_no_cells_is_refused(gallery: Desk) -> None:
    chart = columns_chart()
    chart["position"]["overlayPosition"]["anchorCell"] = {"sheetId": OWN}

    assert f"No grid with id: {OWN}" in gallery.refusal({"addChart": {"chart": chart}})


def test_a_sheet_without_cells_is_renamed_moved_and_hidden_but_not_resized(gallery: Desk) -> None:
    named = {"sheetId": OWN, "title": "Graphique", "hidden": True, "index": 0}
    changed = {"updateSheetProperties": {"properties": named, "fields": "title,hidden,index"}}
    gallery.batch(changed)
    size = {"sheetId": OWN, "gridProperties": {"rowCount": 5}}

    refusal = gallery.refusal(
        {"updateSheetProperties": {"properties": size, "fields": "gridProperties.rowCount"}}
    )

    assert "grid properties" in refusal
    assert gallery.sheet("properties")["properties"] == named | {"sheetType": "OBJECT"}


@pytest.mark.parametrize("fields", ["*", "title"])
def test_a_sheet_without_cells_has_none_after_its_properties_were_written(
    gallery: Desk, fields: str
) -> None:
    properties = {"sheetId": OWN, "title": "Graphique", "index": 1}

    gallery.batch({"updateSheetProperties": {"properties": properties, "fields": fields}})

    assert gallery.sheet("properties", 1)["properties"] == properties | {"sheetType": "OBJECT"}


def test_a_duplicated_sheet_without_cells_has_a_chart_of_its_own(gallery: Desk) -> None:
    gallery.batch(
        {"duplicateSheet": {"sourceSheetId": OWN, "newSheetId": 9, "insertSheetIndex": 2}}
    )

    copied = gallery.sheet("properties(sheetId,sheetType,title),charts(chartId,position)", 2)
    (chart,) = copied["charts"]
    assert copied["properties"] == {
        "sheetId": 9,
        "title": "Copy of Chart1",
        "sheetType": "OBJECT",
    }
    assert chart["chartId"] != 42
    assert chart["position"] == {"sheetId": 9}


def test_a_sheet_without_cells_goes_with_its_chart(gallery: Desk) -> None:
    gallery.batch({"deleteSheet": {"sheetId": OWN}})

    assert [sheet["properties"]["sheetId"] for sheet in gallery.get()["sheets"]] == [0]
    gallery.batch({"addChart": {"chart": own_sheet() | {"chartId": 42}}})  # its id is free


def test_a_chart_stays_on_its_sheet_when_the_figures_go(gallery: Desk) -> None:
    gallery.batch({"deleteSheet": {"sheetId": 0}})

    assert gallery.sheet("charts")["charts"][0]["spec"]["pieChart"]["series"] == {
        "sourceRange": {"sources": []}
    }
    with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range"):
        gallery.values("A1")  # of the first sheet, which has no cells


def test_a_sheet_without_cells_comes_only_with_its_chart(book: Desk) -> None:
    asked = {"addSheet": {"properties": {"sheetType": "OBJECT"}}}

    assert "add a chart" in book.refusal(asked)


def test_everything_is_replaced_everywhere_but_where_there_are_no_cells(gallery: Desk) -> None:
    request = {"find": "Places", "replacement": "Sièges", "allSheets": True}

    (reply,) = gallery.batch({"findReplace": request})

    assert reply["findReplace"]["sheetsChanged"] == 1


@pytest.mark.parametrize(
    "request_",
    [
        move(42, {"newSheet": True}),
        move(42, {"overlayPosition": {"anchorCell": {}}}, fields="anchorCell"),
        {"deleteEmbeddedObject": {"objectId": 42}},
    ],
)
def test_what_google_does_not_document_is_not_offered(
    gallery: Desk, request_: dict[str, Any]
) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        gallery.batch(request_)

    assert caught.value.code == 501


def test_cells_are_shown_where_there_are_some(gallery: Desk) -> None:
    shown = gallery.get(includeGridData="true")["sheets"]

    assert [("data" in sheet, "charts" in sheet) for sheet in shown] == [
        (True, False),
        (False, True),
    ]


def test_gspread_reads_a_spreadsheet_beside_its_charts(gallery: Desk) -> None:
    client = gspread.Client(auth=None, http_client=lambda *_, **__: gallery.http)  # type: ignore[arg-type]

    sheets = client.open_by_key(gallery.id).worksheets()

    assert [sheet.title for sheet in sheets] == ["Sheet1", "Chart1"]
    assert sheets[0].get_values()[1] == ["C1", "12"]


def test_an_excel_file_has_the_chart_on_a_sheet_of_its_name(gallery: Desk) -> None:
    file = File(gallery)

    assert 'name="Chart1"' in file.part("workbook")
    assert "drawing" in file.sheet(2)
    assert "Sheet1!$B$1:$B$5" in file.part("charts/chart1").replace("'", "")


def test_a_first_sheet_without_cells_is_an_empty_csv(gallery: Desk) -> None:
    properties = {"sheetId": OWN, "index": 0}
    gallery.batch({"updateSheetProperties": {"properties": properties, "fields": "index"}})
    url = f"https://www.googleapis.com/drive/v3/files/{gallery.id}/export"

    answer = gallery.http.request("get", url, params={"mimeType": "text/csv"})

    assert answer.content == b""
