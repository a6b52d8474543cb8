"""What answers look like: masks, ranges, quoting, empty cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest

from tests.local.desk import block, dimension, guard, rows

if TYPE_CHECKING:
    from tests.local.desk import Desk


def test_a_new_spreadsheet_has_googles_defaults(book: Desk) -> None:
    answer = book.get(includeGridData="false")

    properties = answer["sheets"][0]["properties"]
    assert (answer["properties"]["locale"], answer["properties"]["timeZone"]) == (
        "en_US",
        "Etc/GMT",
    )
    assert properties == {
        "sheetId": 0,
        "title": "Sheet1",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    assert "data" not in answer["sheets"][0]


def test_gspread_creates_opens_lists_and_deletes_a_spreadsheet(book: Desk) -> None:
    client = gspread.Client(auth=None, session=book.session)  # type: ignore[arg-type]  # as gspread documents

    made = client.create('Un "autre"')
    found = client.open_by_key(made.id)
    client.del_spreadsheet(made.id)

    assert found.title == 'Un "autre"'
    assert [file["name"] for file in client.list_spreadsheet_files()] == ["Programme"]
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key(made.id)


def test_naming_bare_sheets_returns_every_cell(book: Desk) -> None:
    book.put("A1", [["x"]])

    bare = book.get(fields="sheets", includeGridData="false")
    narrow = book.get(fields="sheets.properties", includeGridData="true")

    assert bare["sheets"][0]["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"
    assert narrow["sheets"][0].keys() == {"properties"}


@pytest.mark.parametrize(
    "mask",
    [
        "sheets.properties.title,sheets.properties.sheetId",
        "sheets/properties/title,sheets(properties(sheetId))",
        "sheets(properties(title,sheetId))",
        "sheets.properties(title,sheetId),sheets.properties.title",
        "sheets.properties(sheetId, title)",
    ],
)
def test_masks_have_several_spellings(book: Desk, mask: str) -> None:
    answer = book.get(fields=mask)

    assert answer == {"sheets": [{"properties": {"sheetId": 0, "title": "Sheet1"}}]}


@pytest.mark.parametrize(
    "mask", ["sheets.nothing", "sheets(", "sheets)", "", "sheets..properties", "a;b"]
)
def test_a_mask_that_makes_no_sense_is_refused(book: Desk, mask: str) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.http.request("get", f"{book.url}?fields={mask}")

    assert caught.value.code == 400


def test_a_masked_get_of_nothing_is_empty(book: Desk) -> None:
    assert book.get(fields="namedRanges") == {}
    assert book.get(fields="developerMetadata") == {}


def test_a_star_is_everything(book: Desk) -> None:
    assert book.get(fields="*")["sheets"][0]["data"]
    assert book.get(fields="properties.*").keys() == {"properties"}


def test_the_first_read_of_a_night_has_what_it_asks_for(book: Desk) -> None:
    book.batch(guard())

    answer = book.get(
        fields="spreadsheetId,properties(locale,timeZone),developerMetadata,sheets.properties"
    )

    assert answer.keys() == {"spreadsheetId", "properties", "developerMetadata", "sheets"}
    assert answer["properties"] == {"locale": "en_US", "timeZone": "Etc/GMT"}
    assert answer["developerMetadata"][0]["metadataId"] == 710_000_001


def test_empty_ends_are_dropped_and_empty_rows_between_are_kept(book: Desk) -> None:
    book.put("A1", [["a", "", ""], ["", ""], ["", "b"], [""]])

    answer = book.get("/values/Sheet1")

    assert answer["values"] == [["a"], [], ["", "b"]]
    assert answer["range"] == "Sheet1!A1:Z1000"


def test_an_empty_read_has_no_values(book: Desk) -> None:
    assert book.get("/values/A1:B2") == {"range": "Sheet1!A1:B2", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("A1", "Sheet1!A1"),
        ("D4:A1", "Sheet1!A1:D4"),
        ("Sheet1!$B$2:$C$3", "Sheet1!B2:C3"),
        ("B:C", "Sheet1!B1:C1000"),
        ("2:3", "Sheet1!A2:Z3"),
        ("B999:C", "Sheet1!B999:C1000"),
        ("Y1:AB2", "Sheet1!Y1:Z2"),
        ("sheet1!A1", "Sheet1!A1"),
        ("'Sheet1'", "Sheet1!A1:Z1000"),
    ],
)
def test_ranges_come_back_in_order_and_within_the_grid(
    book: Desk, asked: str, answered: str
) -> None:
    assert book.get(f"/values/{asked}")["range"] == answered


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Feuille1", "Feuille1!A1"),
        ("Form Responses 1", "'Form Responses 1'!A1"),
        ("D3", "'D3'!A1"),
        ("L'été", "'L''été'!A1"),
        ("2023", "'2023'!A1"),
    ],
)
def test_titles_are_quoted_only_when_needed(book: Desk, title: str, shown: str) -> None:
    book.batch({"addSheet": {"properties": {"title": title}}})

    quoted = "'" + title.replace("'", "''") + "'"

    assert book.http.values_get(book.id, f"{quoted}!A1")["range"] == shown


def test_a_bare_title_is_the_whole_sheet(book: Desk) -> None:
    book.batch(
        {
            "addSheet": {
                "properties": {"title": "Deux", "gridProperties": {"rowCount": 3, "columnCount": 2}}
            }
        }
    )

    assert book.get("/values/Deux")["range"] == "Deux!A1:B3"


@pytest.mark.parametrize("asked", ["Nulle part!A1", "Sheet1!A1:", "Sheet1!1A", "'Sheet1", "A0"])
def test_a_range_that_means_nothing_is_refused(book: Desk, asked: str) -> None:
    with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range"):
        book.http.values_get(book.id, asked)


def test_a_range_outside_the_grid_is_refused(book: Desk) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        book.http.values_get(book.id, "A1001:B")

    assert caught.value.error["message"] == (
        "Range (Sheet1!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26"
    )


def test_a_grid_range_leaves_out_sheet_id_zero_and_keeps_row_zero(book: Desk) -> None:
    book.batch({"mergeCells": {"range": block(0, 1, 0, 2)}})

    assert book.sheet("merges") == {
        "merges": [
            {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
        ]
    }


def test_values_by_data_filter_carry_their_filters(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 7103, "title": "Inscriptions"}}})
    book.put("Inscriptions!A1", [["N°", "Nom"], [1, "Ève"]])

    answer = book.post(
        "/values:batchGetByDataFilter",
        {
            "dataFilters": [
                {"gridRange": {"sheetId": 7103}},
                {"a1Range": "Sheet1!A1"},
                {"gridRange": {"sheetId": 7103, "startRowIndex": 0, "endColumnIndex": 1}},
                {
                    "gridRange": {
                        "sheetId": 0,
                        "startRowIndex": 0,
                        "endRowIndex": 1,
                        "startColumnIndex": 0,
                        "endColumnIndex": 1,
                    }
                },
            ],
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        },
    )

    found = answer["valueRanges"]
    assert [entry["valueRange"].get("values") for entry in found] == [
        [["N°", "Nom"], [1, "Ève"]],
        None,
        [["N°"], [1]],
    ]
    assert found[1]["dataFilters"] == [
        {"a1Range": "Sheet1!A1"},
        {
            "gridRange": {
                "startRowIndex": 0,
                "endRowIndex": 1,
                "startColumnIndex": 0,
                "endColumnIndex": 1,
            }
        },
    ]


def test_values_can_be_found_by_the_metadata_of_their_row(book: Desk) -> None:
    book.put("A1", [["a"], ["b"]])
    request = guard(9)
    request["createDeveloperMetadata"]["developerMetadata"]["location"] = {
        "dimensionRange": dimension("ROWS", 1, 2)
    }
    book.batch(request)

    answer = book.post(
        "/values:batchGetByDataFilter",
        {"dataFilters": [{"developerMetadataLookup": {"metadataId": 9}}]},
    )

    assert answer["valueRanges"][0]["valueRange"]["range"] == "Sheet1!A2:Z2"
    assert answer["valueRanges"][0]["valueRange"]["values"] == [["b"]]


def test_columns_can_be_the_major_dimension(book: Desk) -> None:
    book.put("A1", [["a", "b"], ["c"]])

    answer = book.get("/values/A1:C9", majorDimension="COLUMNS")

    assert answer["values"] == [["a", "c"], ["b"]]
    assert answer["majorDimension"] == "COLUMNS"


def test_several_ranges_come_in_one_answer(book: Desk) -> None:
    book.put("A1", [["a", "b"]])

    answer = book.http.values_batch_get(book.id, ["A1", "B1", "C1"])

    assert [entry.get("values") for entry in answer["valueRanges"]] == [[["a"]], [["b"]], None]


def test_grid_data_shows_what_cells_carry(book: Desk) -> None:
    book.batch(
        {
            "updateCells": {
                "start": {"rowIndex": 1, "columnIndex": 1},
                "rows": [
                    {
                        "values": [
                            {
                                "userEnteredValue": {"numberValue": 44942},
                                "userEnteredFormat": {
                                    "numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}
                                },
                                "note": "lundi",
                            }
                        ]
                    }
                ],
                "fields": "*",
            }
        }
    )

    data = book.get(ranges="B1:C3", includeGridData="true")["sheets"][0]["data"][0]

    cell = data["rowData"][1]["values"][0]
    assert (data["startColumn"], data["rowData"][0]) == (1, {})
    assert (cell["formattedValue"], cell["note"]) == ("2023-01-16", "lundi")
    assert cell["effectiveFormat"]["numberFormat"]["type"] == "DATE"
    assert (len(data["rowMetadata"]), len(data["columnMetadata"])) == (3, 2)


def test_the_updated_spreadsheet_comes_back_on_demand(book: Desk) -> None:
    answer = book.post(
        ":batchUpdate",
        {
            "requests": [
                {"updateCells": {"rows": rows(["x"]), "fields": "userEnteredValue", "start": {}}}
            ],
            "includeSpreadsheetInResponse": True,
            "responseRanges": ["A1"],
            "responseIncludeGridData": True,
        },
    )

    shown: dict[str, Any] = answer["updatedSpreadsheet"]
    assert shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"
