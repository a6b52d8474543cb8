"""Writing values and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest

from automation.local import rendering
from tests.local.desk import block, dimension, number, rows, text

if TYPE_CHECKING:
    from gspread.http_client import ParamsType

    from tests.local.desk import Desk

BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("0042", 42, "42"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("2023-01-16 9:30", 44942.395833333336, "2023-01-16 9:30"),
        ("1/16/2023", 44942, "1/16/2023"),
        ("9:30:00", 0.3958333333333333, "9:30:00"),
        ("1,234.5", 1234.5, "1,234.50"),
        ("1,234", 1234, "1,234"),
        ("12,34", "12,34", "12,34"),
        ("12%", 0.12, "12%"),
        ("12.5 %", 0.125, "12.50%"),
        ("$1234.5", 1234.5, "$1,234.50"),
        ("-$12", -12, "-$12"),
        ("12 €", "12 €", "12 €"),
        ("1e3", 1000, "1.00E+03"),
        ("-1.25e-7", -1.25e-7, "-1.25E-07"),
        ("1/31/26", 46053, "1/31/26"),
        ("1/31/76", 27790, "1/31/76"),
        ("2026/01/31", 46053, "2026/01/31"),
        ("Jan 31, 2026", 46053, "Jan 31, 2026"),
        ("31 January 2026", 46053, "31 January 2026"),
        ("Foo 31, 2026", "Foo 31, 2026", "Foo 31, 2026"),
        ("9:30 PM", 0.8958333333333334, "9:30 PM"),
        ("13:30 PM", "13:30 PM", "13:30 PM"),
        ("12:05 am", 0.003472222222222222, "12:05 AM"),
        ("25:30", 1.0625, "25:30"),
        ("9:75", "9:75", "9:75"),
        ("9:30:00.5", 0.3958391203703704, "9:30:00.5"),
        ("1/2", "1/2", "1/2"),
        ("-.5", -0.5, "-0.5"),
        ("true", True, "TRUE"),
        ("'0042", "0042", "0042"),
        ("=4/2", 2, "2"),
        ('="a ""b"""', 'a "b"', 'a "b"'),
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("=NOW()", "Loading...", "Loading..."),
        ("+A1", "Loading...", "Loading..."),
        ("+5", 5, "5"),
        ("2023-02-30", "2023-02-30", "2023-02-30"),
        ("418-555-0199", "418-555-0199", "418-555-0199"),
        ("1.2.3", "1.2.3", "1.2.3"),
        (" x ", " x ", " x "),
    ],
)
def test_typed_text_becomes_what_sheets_makes_of_it(
    book: Desk, typed: str, kept: Any, shown: str
) -> None:
    book.put("A1", [[typed]], "USER_ENTERED")

    assert book.values("A1") == [[kept]]
    assert book.values("A1", "FORMATTED_VALUE") == [[shown]]


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("1 234,5", 1234.5, "1\u00a0234,50"),
        ("1234,5", 1234.5, "1234,5"),
        ("1234.5", "1234.5", "1234.5"),
        ("12,5 %", 0.125, "12,50%"),
        ("12,50 $", 12.5, "12,50 $"),
        ("1234 $", 1234, "1\u00a0234 $"),
        ("16/01/2023", 44942, "16/01/2023"),
        ("1er février 2026", 46054, "1 février 2026"),
        ("31 janv. 2026", 46053, "31 janv. 2026"),
        ("2026-01-31 18:30", 46053.770833333336, "2026-01-31 18:30"),
        ("18:30:05", 0.7708912037037037, "18:30:05"),
        ("vrai", True, "VRAI"),
        ("FAUX", False, "FAUX"),
    ],
)
def test_a_french_spreadsheet_reads_french(book: Desk, typed: str, kept: Any, shown: str) -> None:
    book.batch(
        {"updateSpreadsheetProperties": {"properties": {"locale": "fr_CA"}, "fields": "locale"}}
    )

    book.put("A1", [[typed]], "USER_ENTERED")

    assert book.values("A1") == [[kept]]
    assert book.values("A1", "FORMATTED_VALUE") == [[shown]]


@pytest.mark.parametrize(
    ("locale", "pattern", "shown"),
    [
        ("fr_CA", "ddd d mmm yyyy", "lun. 20 févr. 2023"),
        ("fr_CA", "dddd d mmmm yyyy", "lundi 20 février 2023"),
        ("fr_FR", "ddd d mmm yyyy", "lun. 20 févr. 2023"),
        ("en_US", "ddd d mmm yyyy", "Mon 20 Feb 2023"),
        ("en_CA", "dddd, mmmm d", "Monday, February 20"),
        ("xx_YY", "ddd d mmm", "Mon 20 Feb"),
        ("", "ddd d mmm", "Mon 20 Feb"),
    ],
)
def test_days_and_months_are_named_as_the_cldr_does(locale: str, pattern: str, shown: str) -> None:
    number_format = {"type": "DATE", "pattern": pattern}

    assert rendering.shown(44977, number_format, locale) == shown


@pytest.mark.parametrize(
    ("number", "pattern", "english", "french"),
    [
        (1234.5, "#,##0.00", "1,234.50", "1\u00a0234,50"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)", "(1\u00a0234,50)"),
        (0, '0;-0;"néant"', "néant", "néant"),
        (0.5, "0%", "50%", "50%"),
        (2.5, "0", "3", "3"),
        (-0.4, "0", "0", "0"),
        (1234567, '0.0,,"M"', "1.2M", "1,2M"),
        (12345, "0.00E+00", "1.23E+04", "1,23E+04"),
        (99999, "0.0E+0", "1.0E+5", "1,0E+5"),
        (5, "000", "005", "005"),
        (3.14159, "0.##", "3.14", "3,14"),
        (3, "0.##", "3.", "3,"),
        (7, "[Red]0 \\p", "7 p", "7 p"),
        (12.5, "[$€]#,##0.00", "€12.50", "€12,50"),
        (12.5, "General", "12.5", "12,5"),
        (4185550199, "000-000-0000", "4185550199", "4185550199"),
        (1.0625, "[h]:mm", "25:30", "25:30"),
        (0.0625, "[mm]:ss", "90:00", "90:00"),
    ],
)
def test_numbers_show_in_their_pattern_and_the_marks_of_their_locale(
    number: float, pattern: str, english: str, french: str
) -> None:
    kind = "TIME" if "[" in pattern and ":" in pattern else "NUMBER"
    number_format = {"type": kind, "pattern": pattern}

    shown = [rendering.shown(number, number_format, locale) for locale in ("en_US", "fr_CA")]

    assert shown == [english, french]


@pytest.mark.parametrize(
    ("kind", "english", "french"),
    [
        ("NUMBER", "1,234.50", "1\u00a0234,50"),
        ("PERCENT", "123450.00%", "123450,00%"),
        ("CURRENCY", "$1,234.50", "1\u00a0234,50 $"),
        ("SCIENTIFIC", "1.23E+03", "1,23E+03"),
        ("DATE", "5/18/1903", "1903-05-18"),
    ],
)
def test_a_type_without_a_pattern_has_its_locale_s(kind: str, english: str, french: str) -> None:
    shown = [rendering.shown(1234.5, {"type": kind}, locale) for locale in ("en_US", "fr_CA")]

    assert shown == [english, french]


@pytest.mark.parametrize("raw", ["0042", "2020-01-01", "=4/2", "true", "'x", "+1 418 555 0199"])
def test_raw_text_stays_text(book: Desk, raw: str) -> None:
    book.put("A1", [[raw]])

    assert book.values("A1") == [[raw]]
    assert book.values("A1", "FORMULA") == [[raw]]


def test_a_formula_can_be_read_as_it_was_written(book: Desk) -> None:
    book.put("A1", [["=4/2"]], "USER_ENTERED")

    assert book.values("A1", "FORMULA") == [["=4/2"]]


def test_dates_come_as_serials_or_as_shown(book: Desk) -> None:
    book.put("A1", [["2020-01-01", "x", 3]], "USER_ENTERED")

    serials = book.values("A1:C1", dateTimeRenderOption="SERIAL_NUMBER")
    shown = book.values("A1:C1", dateTimeRenderOption="FORMATTED_STRING")

    assert serials == [[43831, "x", 3]]
    assert shown == [["2020-01-01", "x", 3]]


def test_a_column_formatted_as_text_keeps_typed_digits(book: Desk) -> None:
    cell = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    book.batch(
        {
            "repeatCell": {
                "range": {"endColumnIndex": 1},
                "cell": cell,
                "fields": "userEnteredFormat.numberFormat",
            }
        }
    )

    book.put("A1:B1", [["0042", "0042"]], "USER_ENTERED")

    assert book.values("A1:B1") == [["0042", 42]]


def test_an_update_counts_empty_strings_and_leaves_nulls_alone(book: Desk) -> None:
    book.put("A1", [["a", "b", "c"]])

    answer = book.put("A1:C1", [[None, "", "d"]])

    assert book.values() == [["a", "", "d"]]
    assert (answer["updatedRange"], answer["updatedCells"]) == ("Sheet1!A1:C1", 2)


def test_an_update_wider_than_its_range_is_refused(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError, match="tried writing to row"):
        book.put("A1:B1", [["a"], ["b"]])
    with pytest.raises(gspread.exceptions.APIError, match="tried writing to column"):
        book.put("A1:B1", [["a", "b", "c"]])


def test_an_update_outside_the_grid_is_refused(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError, match="exceeds grid limits"):
        book.put("Z1000", [["a", "b"]])


def test_several_ranges_are_written_at_once_or_not_at_all(book: Desk) -> None:
    good = {"range": "A1", "values": [["a"]]}
    bad = {"range": "Rien!A1", "values": [["b"]]}

    with pytest.raises(gspread.exceptions.APIError):
        book.http.values_batch_update(book.id, {"valueInputOption": "RAW", "data": [good, bad]})
    refused = book.values()
    answer = book.http.values_batch_update(book.id, {"valueInputOption": "RAW", "data": [good]})

    assert refused == []
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (1, 1)


def test_clearing_keeps_formats(book: Desk) -> None:
    book.put("A1", [["a", "b"]])
    book.batch(
        {"repeatCell": {"range": block(0, 1, 0, 2), "cell": BOLD, "fields": "userEnteredFormat"}}
    )

    cleared = book.http.values_clear(book.id, "A1")["clearedRange"]

    kept = book.sheet("data.rowData.values.userEnteredFormat")["data"][0]["rowData"][0]["values"]
    assert (cleared, book.values()) == ("Sheet1!A1", [["", "b"]])
    assert kept == [BOLD, BOLD]


def test_append_after_a_gap_drifts_to_the_last_table(book: Desk) -> None:
    book.http.values_append(
        book.id, "Sheet1", {"valueInputOption": "RAW"}, {"values": [["x", "", "z"]]}
    )

    answer = book.http.values_append(
        book.id, "Sheet1", {"valueInputOption": "RAW"}, {"values": [["x", "", "z"]]}
    )

    assert answer["tableRange"] == "Sheet1!C1"
    assert answer["updates"]["updatedRange"] == "Sheet1!C2:E2"


def test_append_goes_below_the_table_and_grows_the_sheet(book: Desk) -> None:
    book.batch(
        {
            "addSheet": {
                "properties": {"title": "T", "gridProperties": {"rowCount": 2, "columnCount": 2}}
            }
        }
    )
    book.put("T!A1", [["a", "b"], ["c", "d"]])

    answer = book.http.values_append(
        book.id, "T!A1", {"valueInputOption": "RAW"}, {"values": [["e"], ["f"]]}
    )

    assert answer["tableRange"] == "T!A1:B2"
    assert book.values("T") == [["a", "b"], ["c", "d"], ["e"], ["f"]]
    assert book.sheet("properties.gridProperties.rowCount", 1)["properties"]["gridProperties"] == {
        "rowCount": 4
    }


def test_inserting_while_appending_pushes_the_rest_down(book: Desk) -> None:
    book.put("A1", [["a"], [""], ["z"]])

    params: ParamsType = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    book.http.values_append(book.id, "A1", params, {"values": [["b"]]})

    assert book.values() == [["a"], ["b"], [], ["z"]]


def test_update_cells_clears_what_its_rows_do_not_cover(book: Desk) -> None:
    book.put("A1", [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]])

    book.batch(
        {
            "updateCells": {
                "range": block(0, 2, 0, 2),
                "rows": rows(["A"]),
                "fields": "userEnteredValue",
            }
        }
    )

    assert book.values() == [["A", "", "c"], ["", "", "f"], ["g", "h", "i"]]


def test_update_cells_from_a_start_writes_as_far_as_its_rows_reach(book: Desk) -> None:
    book.put("A1", [["a", "b", "c"]])

    book.batch(
        {
            "updateCells": {
                "start": {"columnIndex": 1},
                "rows": rows([2]),
                "fields": "userEnteredValue",
            }
        }
    )

    assert book.values() == [["a", 2, "c"]]


def test_a_literal_that_looks_like_a_formula_stays_a_literal(book: Desk) -> None:
    book.batch(
        {
            "updateCells": {
                "start": {},
                "rows": [
                    {
                        "values": [
                            text("=1+1"),
                            text("+1"),
                            {"userEnteredValue": {"formulaValue": "=1+1"}},
                        ]
                    }
                ],
                "fields": "userEnteredValue",
            }
        }
    )

    assert book.values() == [["=1+1", "+1", 2]]


def test_update_cells_only_touches_the_masked_fields(book: Desk) -> None:
    cell = text("x") | BOLD | {"note": "n"}
    book.batch({"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "*"}})

    italic = {"userEnteredFormat": {"textFormat": {"italic": True}}, "note": "m"}
    mask = "userEnteredFormat.textFormat.italic"
    book.batch({"updateCells": {"start": {}, "rows": [{"values": [italic]}], "fields": mask}})

    found = book.sheet("data.rowData.values(note,userEnteredValue,userEnteredFormat)")["data"][0][
        "rowData"
    ][0]
    formats = {"textFormat": {"bold": True, "italic": True}}
    assert found["values"] == [text("x") | {"userEnteredFormat": formats, "note": "n"}]


def test_append_cells_goes_after_the_last_row_with_data(book: Desk) -> None:
    book.put("C5", [["x"]])

    book.batch({"appendCells": {"rows": rows([1], [2]), "fields": "userEnteredValue"}})

    assert book.values("A5:C8") == [["", "", "x"], [1], [2]]


def test_appended_rows_look_like_the_column(book: Desk) -> None:
    day = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}
    book.batch(
        {
            "addSheet": {
                "properties": {
                    "sheetId": 5,
                    "title": "T",
                    "gridProperties": {"rowCount": 2, "columnCount": 2},
                }
            }
        },
        {
            "repeatCell": {
                "range": {"sheetId": 5, "startRowIndex": 1, "endColumnIndex": 1},
                "cell": day,
                "fields": "userEnteredFormat",
            }
        },
        {
            "appendCells": {
                "sheetId": 5,
                "rows": rows(["Date"], *[[44942]] * 3),
                "fields": "userEnteredValue",
            }
        },
    )

    assert book.values("T", "FORMATTED_VALUE") == [["Date"], *[["2023-01-16"]] * 3]


def test_repeat_cell_may_end_outside_the_grid_but_not_begin_there(book: Desk) -> None:
    def request(top: int) -> dict[str, Any]:
        return {
            "repeatCell": {
                "range": block(top, 2000, 0, 1),
                "cell": number(1),
                "fields": "userEnteredValue",
            }
        }

    book.batch(request(999))

    assert book.values("A1000") == [[1]]
    assert "exceeds grid limits" in book.refusal(request(1000))


def test_colours_and_their_styles_say_the_same(book: Desk) -> None:
    cell = {"userEnteredFormat": {"backgroundColor": {"red": 1, "green": 0}}}
    book.batch(
        {
            "repeatCell": {
                "range": block(0, 1, 0, 1),
                "cell": cell,
                "fields": "userEnteredFormat.backgroundColor",
            }
        }
    )

    found = book.sheet("data.rowData.values.userEnteredFormat")["data"][0]["rowData"][0]["values"][
        0
    ]

    assert found["userEnteredFormat"] == {
        "backgroundColor": {"red": 1},
        "backgroundColorStyle": {"rgbColor": {"red": 1}},
    }


def test_validations_and_borders_are_set_and_taken_away(book: Desk) -> None:
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True}
    side = {"style": "SOLID"}
    book.batch(
        {"setDataValidation": {"range": block(0, 3, 0, 1), "rule": rule}},
        {"setDataValidation": {"range": block(1, 2, 0, 1)}},
        {"updateBorders": {"range": block(0, 3, 0, 1), "top": side, "innerHorizontal": side}},
    )

    found = book.sheet("data.rowData.values(dataValidation,userEnteredFormat)")["data"][0][
        "rowData"
    ]

    assert [row["values"][0].get("dataValidation") for row in found] == [rule, None, rule]
    assert [row["values"][0]["userEnteredFormat"]["borders"] for row in found] == [
        {"top": side, "bottom": side},
        {"top": side, "bottom": side},
        {"top": side},
    ]


def test_a_hidden_column_stays_hidden_when_columns_move(book: Desk) -> None:
    where = dimension("COLUMNS", 2, 3)
    book.batch(
        {
            "updateDimensionProperties": {
                "range": where,
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        {"insertDimension": {"range": dimension("COLUMNS", 0, 2)}},
    )

    columns = book.sheet("data.columnMetadata")["data"][0]["columnMetadata"]

    assert [index for index, column in enumerate(columns) if column.get("hiddenByUser")] == [4]


@pytest.mark.parametrize(
    ("request_json", "words"),
    [
        ({"updateCells": {"start": {}, "rows": []}}, "At least one field"),
        ({"updateCells": {"start": {}, "rows": [], "fields": "colour"}}, "Invalid field selection"),
        ({"appendCells": {"sheetId": 9, "rows": [], "fields": "*"}}, "No grid with id: 9"),
        ({"deleteSheet": {"sheetId": 9}}, "No sheet with id: 9"),
        ({"deleteSheet": {"sheetId": 0}}, "can't remove all the sheets"),
        (
            {"updateCells": {"start": {}, "rows": rows(["x" * 50_001]), "fields": "*"}},
            "50000 characters",
        ),
        (
            {"updateCells": {"start": {"rowIndex": 1000}, "rows": rows(["x"]), "fields": "*"}},
            "beyond the last",
        ),
        ({"appendDimension": {"dimension": "COLUMNS", "length": 18_253}}, "18278"),
        ({"appendDimension": {"dimension": "ROWS", "length": 400_000}}, "10000000 cells"),
    ],
)
def test_what_google_refuses_is_refused(
    book: Desk, request_json: dict[str, Any], words: str
) -> None:
    message = book.refusal(request_json)

    assert message.startswith(f"Invalid requests[0].{next(iter(request_json))}: ")
    assert words in message


def test_the_longest_text_is_kept(book: Desk) -> None:
    book.put("A1", [["x" * 50_000]])

    assert book.values("A1") == [["x" * 50_000]]
    with pytest.raises(gspread.exceptions.APIError, match="50000"):
        book.put("A1", [["x" * 50_001]])
