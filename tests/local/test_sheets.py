"""Sheets, rows and columns, and what moves with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.desk import block, dimension, on_row, rows

if TYPE_CHECKING:
    from tests.local.desk import Desk

BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


def titles(book: Desk) -> list[str]:
    found = book.get(fields="sheets.properties.title")["sheets"]
    return [sheet["properties"]["title"] for sheet in found]


def carried(book: Desk) -> list[Any]:
    """(value, bold, note, metadata id) of the first cell of each row of the first sheet that has something."""
    data = book.sheet("data(rowData.values(effectiveValue,userEnteredFormat,note),rowMetadata)")[
        "data"
    ][0]
    found = []
    for index, row in enumerate(data["rowData"]):
        cell = (row.get("values") or [{}])[0]
        metadata = data["rowMetadata"][index].get("developerMetadata", [{}])
        found.append(
            (
                cell.get("effectiveValue", {}).get("stringValue"),
                "userEnteredFormat" in cell,
                cell.get("note"),
                metadata[0].get("metadataId"),
            )
        )
    return found


def mark(book: Desk) -> None:
    """Rows c, a, b: the second bold, with a note and metadata 7."""
    book.put("A1", [["c"], ["a"], ["b"]])
    book.batch(
        {
            "repeatCell": {
                "range": block(1, 2, 0, 1),
                "cell": BOLD | {"note": "n"},
                "fields": "note,userEnteredFormat",
            }
        },
        on_row(1, 7),
    )


MARKED = ("a", True, "n", 7)


def test_a_sheet_keeps_the_id_that_was_chosen(book: Desk) -> None:
    reply = book.batch(
        {"addSheet": {"properties": {"sheetId": 7103, "title": "Inscriptions", "index": 0}}}
    )[0]

    assert reply["addSheet"]["properties"]["sheetId"] == 7103
    assert titles(book) == ["Inscriptions", "Sheet1"]


def test_a_sheet_id_or_title_that_exists_is_refused(book: Desk) -> None:
    assert "Sheet1" in book.refusal({"addSheet": {"properties": {"title": "Sheet1"}}})
    assert book.refusal({"addSheet": {"properties": {"title": "Sheet1"}}}) == (
        'Invalid requests[0].addSheet: A sheet with the name "Sheet1" already exists. '
        "Please enter another name."
    )
    assert "id 0" in book.refusal({"addSheet": {"properties": {"sheetId": 0}}})


def test_sheets_are_renamed_moved_hidden_and_deleted(book: Desk) -> None:
    book.batch({"addSheet": {"properties": {"sheetId": 1, "title": "Deux"}}})

    properties = {"sheetId": 0, "title": "Un", "hidden": True, "index": 2}
    book.batch(
        {"updateSheetProperties": {"properties": properties, "fields": "title,hidden,index"}}
    )
    moved = titles(book)
    hidden = book.sheet("properties.hidden", 1)
    book.batch({"deleteSheet": {"sheetId": 1}})

    assert (moved, hidden) == (["Deux", "Un"], {"properties": {"hidden": True}})
    assert titles(book) == ["Un"]


def test_a_duplicated_sheet_has_everything_but_metadata(book: Desk) -> None:
    mark(book)
    book.batch(
        {"addProtectedRange": {"protectedRange": {"range": block(0, 1, 0, 1), "warningOnly": True}}}
    )

    book.batch({"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 1, "newSheetId": 5}})

    copied = book.get(fields="sheets(properties,protectedRanges,data.rowMetadata)")["sheets"][1]
    original = book.get(fields="sheets.protectedRanges")["sheets"][0]
    assert copied["properties"]["title"] == "Copy of Sheet1"
    assert book.values("'Copy of Sheet1'") == [["c"], ["a"], ["b"]]
    assert copied["protectedRanges"][0]["range"]["sheetId"] == 5
    assert (
        copied["protectedRanges"][0]["protectedRangeId"]
        != original["protectedRanges"][0]["protectedRangeId"]
    )
    assert not any("developerMetadata" in row for row in copied["data"][0]["rowMetadata"])


def test_shrinking_a_sheet_cuts_its_rows_and_columns(book: Desk) -> None:
    book.put("A1", [["a", "b"], ["c", "d"]])
    size = {"rowCount": 1, "columnCount": 1}

    fields = "gridProperties/rowCount,gridProperties/columnCount"
    book.batch(
        {"updateSheetProperties": {"properties": {"gridProperties": size}, "fields": fields}}
    )

    assert book.get("/values/Sheet1") == {
        "range": "Sheet1!A1",
        "majorDimension": "ROWS",
        "values": [["a"]],
    }


@pytest.mark.parametrize(
    ("request_json", "place"),
    [
        ({"insertDimension": {"range": dimension("ROWS", 0, 3)}}, 4),
        ({"insertDimension": {"range": dimension("ROWS", 2, 3)}}, 1),
        ({"deleteDimension": {"range": dimension("ROWS", 0, 1)}}, 0),
        ({"moveDimension": {"source": dimension("ROWS", 1, 2), "destinationIndex": 0}}, 0),
        ({"moveDimension": {"source": dimension("ROWS", 0, 1), "destinationIndex": 3}}, 0),
        (
            {
                "sortRange": {
                    "range": block(0, 3, 0, 26),
                    "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}],
                }
            },
            0,
        ),
        ({"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"sortOrder": "DESCENDING"}]}}, 2),
    ],
)
def test_a_row_takes_its_format_note_and_metadata_along(
    book: Desk, request_json: dict[str, Any], place: int
) -> None:
    mark(book)

    book.batch(request_json)

    found = carried(book)
    assert found[place] == MARKED
    assert found.count(MARKED) == 1
    assert {row[0] for row in found} >= {"a", "b"}


def test_metadata_goes_with_its_row(book: Desk) -> None:
    mark(book)

    book.batch({"deleteDimension": {"range": dimension("ROWS", 1, 2)}})

    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 7}}]}
    assert book.post("/developerMetadata:search", lookup) == {}


def test_an_inserted_row_looks_like_its_neighbour_without_the_note(book: Desk) -> None:
    mark(book)

    before = {"range": dimension("ROWS", 2, 3), "inheritFromBefore": True}
    book.batch({"insertDimension": before})

    assert carried(book)[1:3] == [MARKED, (None, True, None, None)]


def test_sorting_puts_numbers_before_text_and_blanks_last(book: Desk) -> None:
    book.put("A1", [["b"], [3], [""], [True], ["A"], [1]], "RAW")

    def order(name: str) -> Any:
        spec = {"dimensionIndex": 0, "sortOrder": name}
        book.batch({"sortRange": {"range": block(0, 6, 0, 1), "sortSpecs": [spec]}})
        return [row[0] for row in book.values("A1:A6")]

    assert order("ASCENDING") == [1, 3, "A", "b", True]
    assert order("DESCENDING") == [True, "b", "A", 3, 1]


def test_sorting_some_columns_leaves_the_others(book: Desk) -> None:
    book.put("A1", [[1, "b"], [2, "a"]])

    book.batch(
        {
            "sortRange": {
                "range": block(0, 2, 1, 2),
                "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}],
            }
        }
    )

    assert book.values() == [[1, "a"], [2, "b"]]


def test_columns_take_values_formats_and_rules_along(book: Desk) -> None:
    book.put("A1", [["a", "b", "c"]])
    rule = {
        "ranges": [block(0, 9, 1, 2)],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}},
    }
    book.batch(
        {"repeatCell": {"range": block(0, 1, 1, 2), "cell": BOLD, "fields": "userEnteredFormat"}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"insertDimension": {"range": dimension("COLUMNS", 0, 1)}},
        {"moveDimension": {"source": dimension("COLUMNS", 2, 3), "destinationIndex": 0}},
        {"deleteDimension": {"range": dimension("COLUMNS", 3, 4)}},
    )

    found = book.sheet("conditionalFormats.ranges,data.rowData.values.userEnteredFormat")

    assert book.values() == [["b", "", "a"]]
    assert found["data"][0]["rowData"][0]["values"][0] == BOLD
    assert found["conditionalFormats"][0]["ranges"][0]["startColumnIndex"] == 0


def test_rules_follow_their_rows(book: Desk) -> None:
    book.batch(
        {
            "addProtectedRange": {
                "protectedRange": {
                    "protectedRangeId": 3,
                    "range": block(2, 4, 0, 1),
                    "warningOnly": True,
                }
            }
        },
        {"setBasicFilter": {"filter": {"range": block(2, 9, 0, 3)}}},
        {"mergeCells": {"range": block(2, 3, 0, 3), "mergeType": "MERGE_ALL"}},
        {"insertDimension": {"range": dimension("ROWS", 0, 2)}},
        {"deleteDimension": {"range": dimension("ROWS", 5, 6)}},
    )

    found = book.sheet("protectedRanges,basicFilter,merges")

    protected = found["protectedRanges"][0]
    assert (protected["protectedRangeId"], protected["warningOnly"]) == (3, True)
    assert protected["requestingUserCanEdit"]
    assert (protected["range"]["startRowIndex"], protected["range"]["endRowIndex"]) == (4, 5)
    assert (
        found["basicFilter"]["range"]["startRowIndex"],
        found["basicFilter"]["range"]["endRowIndex"],
    ) == (4, 10)
    assert found["merges"][0]["startRowIndex"] == 4


def test_protections_and_rules_are_changed_and_removed(book: Desk) -> None:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A1=1"}]}
    rule = {
        "ranges": [block(0, 9, 0, 1)],
        "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}},
    }
    book.batch(
        {
            "addProtectedRange": {
                "protectedRange": {"protectedRangeId": 3, "range": block(0, 1, 0, 1)}
            }
        },
        {
            "updateProtectedRange": {
                "protectedRange": {"protectedRangeId": 3, "description": "d"},
                "fields": "description",
            }
        },
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"setBasicFilter": {"filter": {"range": block(0, 9, 0, 3)}}},
    )
    described = book.sheet("protectedRanges.description")

    replies = book.batch(
        {"deleteProtectedRange": {"protectedRangeId": 3}},
        {"deleteConditionalFormatRule": {"index": 0}},
        {"clearBasicFilter": {}},
    )

    assert described == {"protectedRanges": [{"description": "d"}]}
    assert replies[1]["deleteConditionalFormatRule"]["rule"]["booleanRule"] == rule["booleanRule"]
    assert book.get(fields="sheets(protectedRanges,conditionalFormats,basicFilter)") == {
        "sheets": [{}]
    }


def test_protected_range_ids_are_unique(book: Desk) -> None:
    request = {
        "addProtectedRange": {"protectedRange": {"protectedRangeId": 3, "range": block(0, 1, 0, 1)}}
    }

    assert "already exists" in book.refusal(request, request)
    assert "No protected range" in book.refusal({"deleteProtectedRange": {"protectedRangeId": 3}})


def test_thousands_of_single_insertions_stay_quick(book: Desk) -> None:
    book.batch(
        {
            "appendCells": {
                "rows": rows(*[[number] for number in range(3000)]),
                "fields": "userEnteredValue",
            }
        }
    )

    book.batch(
        *[{"insertDimension": {"range": dimension("ROWS", 2 * i, 2 * i + 1)}} for i in range(1000)]
    )

    found = book.values("A1:A4000")
    assert found[:4] == [[], [0], [], [1]]
    assert found[1999:2002] == [[999], [1000], [1001]]
    assert len(found) == 4000
