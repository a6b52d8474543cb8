"""The Excel file that Drive exports, looked at from inside."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from automation.local.xlsx.writing import sheet_names
from tests.local.desk import block, dimension, rows

if TYPE_CHECKING:
    from tests.local.desk import Desk

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = "https://www.googleapis.com/drive/v3/files"
RED = {"red": 1.0}


class File:
    """An exported file: its parts as text."""

    def __init__(self, book: Desk) -> None:
        url = f"{FILES}/{book.id}/export"
        self.answer = book.http.request("get", url, params={"mimeType": XLSX})
        self.zip = zipfile.ZipFile(BytesIO(self.answer.content))

    def part(self, name: str) -> str:
        """A part below `xl/`."""
        return self.zip.read(f"xl/{name}.xml").decode()

    def sheet(self, number: int = 1) -> str:
        """A worksheet, from 1."""
        return self.part(f"worksheets/sheet{number}")

    def fill(self, cell: str, number: int = 1) -> str:
        """The colour behind a cell, as ARGB; empty for none."""
        found = re.search(rf'<c r="{cell}" s="(\d+)"', self.sheet(number))
        assert found, f"no cell {cell}"
        styles = self.part("styles")
        formats = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])
        fill = re.search(r'fillId="(\d+)"', formats[int(found[1])])
        assert fill
        fills = re.findall(r"<fill>(.*?)</fill>", styles)
        color = re.search(r'fgColor rgb="(\w+)"', fills[int(fill[1])])
        return color[1] if color else ""


def style(book: Desk, area: dict[str, Any], cell: dict[str, Any], fields: str) -> None:
    book.batch({"repeatCell": {"range": area, "cell": cell, "fields": fields}})


def test_values_keep_their_kinds(book: Desk) -> None:
    book.put("A1", [["texte", 1.5, True, "=1+1", "=SUM(B1:B9)"]], "USER_ENTERED")

    file = File(book)

    assert file.answer.headers["Content-Type"] == XLSX
    assert "<si><t>texte</t></si>" in file.part("sharedStrings")
    sheet = file.sheet()
    assert '<c r="B1" s="1"><v>1.5</v></c>' in sheet
    assert '<c r="C1" s="1" t="b"><v>1</v></c>' in sheet
    assert "<f>1+1</f><v>2</v>" in sheet
    assert "<f>SUM(B1:B9)</f><v></v>" in sheet


def test_dates_keep_their_format(book: Desk) -> None:
    book.put("A1", [["2026-01-31"]], "USER_ENTERED")

    file = File(book)

    assert "<v>46053</v>" in file.sheet()
    assert 'formatCode="yyyy-mm-dd"' in file.part("styles")


def test_frozen_rows_widths_and_hidden_columns_come_along(book: Desk) -> None:
    frozen = {"gridProperties": {"frozenRowCount": 1}, "tabColorStyle": {"rgbColor": RED}}
    fields = "gridProperties.frozenRowCount,tabColorStyle"
    wide = {"range": dimension("COLUMNS", 1, 2), "properties": {"pixelSize": 250}}
    hidden = {"range": dimension("COLUMNS", 2, 3), "properties": {"hiddenByUser": True}}
    book.batch(
        {"updateSheetProperties": {"properties": frozen, "fields": fields}},
        {"updateDimensionProperties": wide | {"fields": "pixelSize"}},
        {"updateDimensionProperties": hidden | {"fields": "hiddenByUser"}},
    )

    sheet = File(book).sheet()

    assert '<pane ySplit="1"' in sheet
    assert '<tabColor rgb="FFFF0000"/>' in sheet
    columns = re.findall(r"<col [^>]*>", sheet)
    assert 'width="35.' in columns[1]
    assert 'hidden="1"' in columns[2]


@pytest.mark.parametrize(("columns", "fits"), [(20, True), (21, False)])
def test_a_sheet_is_squeezed_into_a_page_s_width_while_it_can_be_read(
    book: Desk, columns: int, fits: bool
) -> None:
    book.put("A1", [["x"] * columns])

    sheet = File(book).sheet()

    assert ("fitToPage" in sheet) == fits


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["oui", "non"], '<formula1>"oui,non"</formula1>'),
        (["oui, bien sûr", "non"], "<formula1>'Listes'!$A$1:$B$1</formula1>"),
        ([f"choix {n}" for n in range(60)], "<formula1>'Listes'!$A$1:$BH$1</formula1>"),
    ],
)
def test_a_dropdown_keeps_its_choices(book: Desk, options: list[str], expected: str) -> None:
    values = [{"userEnteredValue": option} for option in options]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "strict": True}
    book.batch({"setDataValidation": {"range": block(1, 9, 0, 1), "rule": rule}})

    sheet = File(book).sheet()

    assert expected in sheet
    assert 'sqref="A2:A9"' in sheet


def test_a_checkbox_is_one(book: Desk) -> None:
    rule = {"condition": {"type": "BOOLEAN"}}
    book.put("A1", [[True]])
    book.batch({"setDataValidation": {"range": block(0, 2, 0, 1), "rule": rule}})

    file = File(book)

    assert "Checkbox" in file.zip.read("xl/featurePropertyBag/featurePropertyBag.xml").decode()
    assert 't="b"><v>1</v>' in file.sheet()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("TEXT_EQ", "Confirmé"), 'operator="equal"'),
        (("TEXT_CONTAINS", "x"), 'type="containsText"'),
        (("NUMBER_BETWEEN", "1", "2"), 'operator="between"'),
        (("CUSTOM_FORMULA", "=$A1>3"), "<formula>$A1&gt;3</formula>"),
        (("NOT_BLANK",), 'type="notContainsBlanks"'),
        (("DATE_BEFORE", "2026-01-31"), "<formula>46053</formula>"),
    ],
)
def test_a_rule_colours_there_too(book: Desk, condition: tuple[str, ...], expected: str) -> None:
    kind, *values = condition
    given = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    boolean = {"condition": given, "format": {"backgroundColor": RED}}
    rule = {"ranges": [block(0, 9, 0, 2), block(0, 9, 4, 5)], "booleanRule": boolean}
    book.batch({"addConditionalFormatRule": {"rule": rule}})

    sheet = File(book).sheet()

    assert expected in sheet
    assert 'sqref="A1:B9 E1:E9"' in sheet


def test_a_gradient_colours_there_too(book: Desk) -> None:
    ends = {"minpoint": {"type": "MIN", "color": RED}, "maxpoint": {"type": "NUMBER", "value": "9"}}
    book.batch(
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [block(0, 9, 0, 1)], "gradientRule": ends}
            }
        }
    )

    sheet = File(book).sheet()

    assert '<cfvo type="num" val="9"/>' in sheet
    assert '<color rgb="FFFF0000"/>' in sheet


def test_bands_lie_under_what_cells_have_of_their_own(book: Desk) -> None:
    style(
        book,
        block(2, 3, 0, 1),
        {"userEnteredFormat": {"backgroundColor": RED}},
        "userEnteredFormat",
    )
    bands = {"headerColor": {"blue": 1}, "firstBandColor": {"green": 1}, "secondBandColor": {}}
    banded = {"range": block(0, 5, 0, 1), "rowProperties": bands}
    book.batch({"addBanding": {"bandedRange": banded}})

    file = File(book)

    colors = [file.fill(f"A{row}") for row in range(1, 6)]
    assert colors == ["FF0000FF", "FF00FF00", "FFFF0000", "FF00FF00", "FF000000"]


def chart(kind: str, **more: Any) -> dict[str, Any]:
    def column(index: int) -> dict[str, Any]:
        return {"sourceRange": {"sources": [block(0, 4, index, index + 1)]}}

    basic = {
        "chartType": kind,
        "headerCount": 1,
        "domains": [{"domain": column(0)}],
        "series": [{"series": column(1), "type": "COLUMN"}, {"series": column(2), "type": "LINE"}],
    }
    if kind != "COMBO":
        basic["series"] = [{"series": column(1), "color": RED}]
    return {"addChart": {"chart": {"spec": {"title": "Places", "basicChart": basic | more}}}}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("COLUMN", ["<c:barChart>", '<c:barDir val="col"/>']),
        ("BAR", ["<c:barChart>", '<c:barDir val="bar"/>']),
        ("LINE", ["<c:lineChart>"]),
        ("AREA", ["<c:areaChart>"]),
        ("SCATTER", ["<c:scatterChart>"]),
        ("COMBO", ["<c:barChart>", "<c:lineChart>"]),
    ],
)
def test_a_chart_draws_the_same_cells(book: Desk, kind: str, expected: list[str]) -> None:
    book.batch(
        {"updateCells": {"start": {}, "rows": rows(["C", "P", "Q"], ["a", 1, 2]), "fields": "*"}}
    )
    book.batch(chart(kind))

    drawn = File(book).part("charts/chart1")

    assert all(part in drawn for part in expected)
    assert "<c:f>Sheet1!$B$1</c:f>" in drawn
    assert "<c:f>Sheet1!$B$2:$B$4</c:f>" in drawn
    assert "Places" in drawn


def test_a_pie_with_a_hole_is_a_ring(book: Desk) -> None:
    source = {"sourceRange": {"sources": [block(1, 4, 1, 2)]}}
    pie = {"pieChart": {"domain": source, "series": source, "pieHole": 0.5}}
    book.batch({"addChart": {"chart": {"spec": pie}}})

    drawn = File(book).part("charts/chart1")

    assert '<c:holeSize val="50"/>' in drawn
    assert drawn.count("<c:dPt>") == 3


def test_what_excel_cannot_draw_is_left_out(book: Desk) -> None:
    source = {"sourceRange": {"sources": [block(1, 4, 1, 2)]}}
    spec = {"scorecardChart": {"keyValueData": source}}
    book.batch({"addChart": {"chart": {"spec": spec}}})

    assert "xl/charts/chart1.xml" not in File(book).zip.namelist()


def test_names_notes_merges_groups_and_filters_come_along(book: Desk) -> None:
    style(book, block(0, 1, 0, 1), {"note": "À vérifier"}, "note")
    book.batch(
        {"addNamedRange": {"namedRange": {"name": "places", "range": block(0, 4, 1, 2)}}},
        {"mergeCells": {"range": block(5, 6, 0, 3), "mergeType": "MERGE_ALL"}},
        {"addDimensionGroup": {"range": dimension("ROWS", 7, 9)}},
        {"setBasicFilter": {"filter": {"range": block(0, 4, 0, 3)}}},
    )

    file = File(book)

    assert '<definedName name="places">Sheet1!$B$1:$B$4</definedName>' in file.part(
        "workbook"
    ).replace("'", "")
    assert '<mergeCell ref="A6:C6"/>' in file.sheet()
    assert 'outlineLevel="1"' in file.sheet()
    assert '<autoFilter ref="A1:C4"/>' in file.sheet()
    assert "À vérifier" in file.part("comments1")


def test_filtered_rows_stay_hidden(book: Desk) -> None:
    book.put("A1", [["Nom"], ["Anne"], ["Bo"]])
    spec = {"columnIndex": 0, "filterCriteria": {"hiddenValues": ["Bo"]}}
    given = {"range": block(0, 3, 0, 1), "filterSpecs": [spec]}
    book.batch({"setBasicFilter": {"filter": given}})

    sheet = File(book).sheet()

    assert re.findall(r'<row r="(\d)"[^>]*hidden="1"', sheet) == ["3"]


def test_hidden_sheets_stay_hidden(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"title": "Caché", "hidden": True, "index": 0}}})

    workbook = File(book).part("workbook")

    assert re.search(r'name="Caché"[^>]*state="hidden"', workbook)
    assert 'activeTab="1"' in workbook


def test_names_of_sheets_are_such_as_excel_takes() -> None:
    titles = [
        "Présences – C1 – 2026-01-31 18:30",
        "Présences – C1 – 2026-01-31 18:45",
        "a/b",
        "'q'",
        "Présences – 👩\u200d👩\u200d👧\u200d👦 – 2026-01-31",
        "a" * 30 + "'b",
        "a\x00b",
    ]

    assert sheet_names(titles) == [
        "Présences – C1 – 2026-01-31 18-",
        "Présences – C1 – 2026-01-31 (2)",
        "a-b",
        "q",
        "Présences – 👩\u200d👩\u200d👧\u200d👦 – 2026-",
        "a" * 30,
        "a-b (2)",
    ]
