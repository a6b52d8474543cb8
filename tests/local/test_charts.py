from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.desk import block, dimension, rows

if TYPE_CHECKING:
    from tests.local.desk import Desk

RED = {"red": 1.0}
BLUE = {"blue": 1.0}


def column(index: int, bottom: int = 5, sheet: int = 0) -> dict[str, Any]:
    """ChartData of one column."""
    return {"sourceRange": {"sources": [block(0, bottom, index, index + 1, sheet)]}}


def columns_chart(sheet: int = 0, **position: Any) -> dict[str, Any]:
    """A chart of column A against column B."""
    anchor = {"sheetId": sheet, "rowIndex": 1, "columnIndex": 3}
    return {
        "spec": {
            "title": "Places",
            "basicChart": {
                "chartType": "COLUMN",
                "legendPosition": "BOTTOM_LEGEND",
                "headerCount": 1,
                "axis": [{"position": "BOTTOM_AXIS", "title": "Cohorte"}],
                "domains": [{"domain": column(0, sheet=sheet)}],
                "series": [{"series": column(1, sheet=sheet), "color": RED}],
            },
        },
        "position": {"overlayPosition": {"anchorCell": anchor} | position},
    }


def pie(sheet: int = 0) -> dict[str, Any]:
    return {"pieChart": {"domain": column(0, sheet=sheet), "series": column(1, sheet=sheet)}}


def add(book: Desk, chart: dict[str, Any]) -> dict[str, Any]:
    added: dict[str, Any] = book.batch({"addChart": {"chart": chart}})[0]["addChart"]["chart"]
    return added


def test_a_chart_is_answered_with_its_id_and_google_s_defaults(book: Desk) -> None:
    chart = add(book, columns_chart())

    assert chart["chartId"] > 0
    assert chart["spec"]["fontName"] == "Roboto"
    assert chart["spec"]["hiddenDimensionStrategy"] == "SKIP_HIDDEN_ROWS_AND_COLUMNS"
    assert chart["spec"]["basicChart"]["series"][0]["colorStyle"] == {"rgbColor": {"red": 1}}
    assert chart["position"]["overlayPosition"] == {
        "anchorCell": {"rowIndex": 1, "columnIndex": 3},
        "widthPixels": 600,
        "heightPixels": 371,
    }
    assert book.sheet("charts")["charts"] == [chart]


def test_a_chart_s_specification_is_replaced_whole(book: Desk) -> None:
    number = add(book, columns_chart())["chartId"]

    book.batch({"updateChartSpec": {"chartId": number, "spec": pie()}})

    spec = book.sheet("charts")["charts"][0]["spec"]
    assert "title" not in spec
    assert "basicChart" not in spec
    assert spec["pieChart"]["series"]["sourceRange"]["sources"][0]["startRowIndex"] == 0


def test_a_chart_moves_to_another_sheet_and_keeps_its_size(book: Desk) -> None:
    number = add(book, columns_chart(widthPixels=300))["chartId"]
    book.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Sommaire"}}})
    position = {"overlayPosition": {"anchorCell": {"sheetId": 7, "rowIndex": 2}}}

    (reply,) = book.batch(
        {
            "updateEmbeddedObjectPosition": {
                "objectId": number,
                "newPosition": position,
                "fields": "anchorCell",
            }
        }
    )

    moved = reply["updateEmbeddedObjectPosition"]["position"]["overlayPosition"]
    assert moved["anchorCell"] == {"sheetId": 7, "rowIndex": 2}
    assert moved["widthPixels"] == 300
    assert book.sheet("charts", 0) == {}
    assert book.sheet("charts", 1)["charts"][0]["chartId"] == number


def test_a_chart_goes_and_its_id_is_free_again(book: Desk) -> None:
    chart = columns_chart() | {"chartId": 42}
    add(book, chart)

    taken = book.refusal({"addChart": {"chart": chart}})
    book.batch({"deleteEmbeddedObject": {"objectId": 42}}, {"addChart": {"chart": chart}})

    assert "already exists" in taken
    assert "No embedded object with id: 7" in book.refusal(
        {"deleteEmbeddedObject": {"objectId": 7}}
    )


def test_a_border_has_a_colour(book: Desk) -> None:
    number = add(book, columns_chart())["chartId"]

    book.batch(
        {
            "updateEmbeddedObjectBorder": {
                "objectId": number,
                "border": {"color": BLUE},
                "fields": "color",
            }
        }
    )

    assert book.sheet("charts.border")["charts"][0]["border"] == {
        "color": {"blue": 1},
        "colorStyle": {"rgbColor": {"blue": 1}},
    }


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"title": "of no kind"},
        {"pieChart": {"series": {"sourceRange": {"sources": [block(0, 5, 0, 2)]}}}},
        {"pieChart": {"series": {"sourceRange": {"sources": [block(0, 5, 0, 1, 99)]}}}},
        {"pieChart": {"series": {"sourceRange": {"sources": []}}}},
        {
            "pieChart": {
                "series": {"sourceRange": {"sources": [block(0, 5, 0, 1), block(0, 1, 0, 3)]}}
            }
        },
    ],
)
def test_a_chart_that_draws_nothing_is_refused(book: Desk, spec: dict[str, Any]) -> None:
    assert "addChart" in book.refusal({"addChart": {"chart": {"spec": spec}}})


def test_a_chart_outside_the_grid_is_refused(book: Desk) -> None:
    chart = columns_chart()
    chart["position"]["overlayPosition"]["anchorCell"]["columnIndex"] = 26

    assert "outside the grid" in book.refusal({"addChart": {"chart": chart}})


def test_a_chart_follows_its_rows_even_from_another_sheet(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Sommaire"}}})
    chart = columns_chart()
    chart["position"]["overlayPosition"]["anchorCell"] = {"sheetId": 7}
    add(book, chart)
    add(book, columns_chart())

    book.batch({"insertDimension": {"range": dimension("ROWS", 0, 2)}})
    book.batch({"deleteDimension": {"range": dimension("ROWS", 4, 5)}})

    charts = [book.sheet("charts", index)["charts"][0] for index in (0, 1)]
    drawn = [
        chart["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"]
        for chart in charts
    ]
    expected = {name: value for name, value in block(2, 6, 0, 1).items() if name != "sheetId"}
    assert drawn == [[expected], [expected]]
    anchors = [chart["position"]["overlayPosition"]["anchorCell"] for chart in charts]
    assert anchors == [{"rowIndex": 3, "columnIndex": 3}, {"sheetId": 7}]


def test_a_chart_whose_anchor_is_deleted_hangs_on_the_row_before(book: Desk) -> None:
    chart = columns_chart()
    chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] = 999
    add(book, chart)

    book.batch({"deleteDimension": {"range": dimension("ROWS", 900, 1000)}})

    overlay = book.sheet("charts")["charts"][0]["position"]["overlayPosition"]
    assert overlay["anchorCell"]["rowIndex"] == 899


def test_a_duplicated_sheet_s_chart_draws_the_duplicate(book: Desk) -> None:
    number = add(book, columns_chart())["chartId"]

    book.batch({"duplicateSheet": {"newSheetId": 9, "insertSheetIndex": 1}})

    (copy,) = book.sheet("charts", 1)["charts"]
    domain = copy["spec"]["basicChart"]["domains"][0]["domain"]
    assert copy["chartId"] != number
    assert domain["sourceRange"]["sources"][0]["sheetId"] == 9
    assert copy["position"]["overlayPosition"]["anchorCell"]["sheetId"] == 9


def test_a_chart_outlives_the_sheet_that_it_drew(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Chiffres"}}})
    chart = columns_chart() | {"spec": pie(sheet=7)}
    add(book, chart)

    book.batch({"deleteSheet": {"sheetId": 7}})

    (left,) = book.sheet("charts")["charts"]
    assert left["spec"]["pieChart"]["series"] == {"sourceRange": {"sources": []}}


BANDS = {"headerColor": BLUE, "firstBandColor": {"red": 1.0, "green": 0.0}, "secondBandColor": RED}


def banded(number: int = 5, *area: int) -> dict[str, Any]:
    return {
        "bandedRangeId": number,
        "range": block(*(area or (0, 10, 0, 3))),
        "rowProperties": BANDS,
    }


def test_banding_is_answered_in_both_spellings_of_its_colours(book: Desk) -> None:
    (reply,) = book.batch({"addBanding": {"bandedRange": banded()}})

    properties = reply["addBanding"]["bandedRange"]["rowProperties"]
    assert properties["firstBandColor"] == {"red": 1}
    assert properties["headerColorStyle"] == {"rgbColor": {"blue": 1}}
    assert book.sheet("bandedRanges")["bandedRanges"] == [reply["addBanding"]["bandedRange"]]


def test_no_cell_is_banded_twice(book: Desk) -> None:
    book.batch({"addBanding": {"bandedRange": banded()}})

    beside = {"addBanding": {"bandedRange": banded(6, 10, 12, 0, 3)}}
    over = {"addBanding": {"bandedRange": banded(7, 9, 12, 2, 4)}}

    assert "alternating background colors" in book.refusal(beside, over)
    book.batch(beside)


def test_one_colour_of_a_banding_changes(book: Desk) -> None:
    book.batch({"addBanding": {"bandedRange": banded()}})
    changed = {"bandedRangeId": 5, "rowProperties": {"headerColor": RED}}

    book.batch({"updateBanding": {"bandedRange": changed, "fields": "rowProperties.headerColor"}})

    (found,) = book.sheet("bandedRanges")["bandedRanges"]
    assert found["rowProperties"]["headerColorStyle"] == {"rgbColor": {"red": 1}}
    assert found["rowProperties"]["secondBandColor"] == {"red": 1}
    assert found["range"]["endRowIndex"] == 10


def test_banding_shrinks_with_its_rows_and_goes_with_the_last(book: Desk) -> None:
    book.batch({"addBanding": {"bandedRange": banded()}})

    book.batch({"deleteDimension": {"range": dimension("ROWS", 8, 20)}})
    shrunk = book.sheet("bandedRanges.range")
    book.batch({"deleteDimension": {"range": dimension("ROWS", 0, 8)}})

    assert shrunk["bandedRanges"][0]["range"]["endRowIndex"] == 8
    assert book.sheet("bandedRanges") == {}


@pytest.mark.parametrize("missing", ["range", "rowProperties"])
def test_banding_without_a_place_or_colours_is_refused(book: Desk, missing: str) -> None:
    given = {name: value for name, value in banded().items() if name != missing}

    assert "needs" in book.refusal({"addBanding": {"bandedRange": given}})


def test_banding_goes(book: Desk) -> None:
    book.batch({"addBanding": {"bandedRange": banded()}})

    book.batch({"deleteBanding": {"bandedRangeId": 5}})

    assert book.sheet("bandedRanges") == {}
    assert "No banded range with id: 5" in book.refusal({"deleteBanding": {"bandedRangeId": 5}})


def test_values_stay_when_charts_come(book: Desk) -> None:
    book.batch({"updateCells": {"start": {}, "rows": rows(["a", 1]), "fields": "*"}})

    add(book, columns_chart())

    assert book.values() == [["a", 1]]
