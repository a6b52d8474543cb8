"""Copying, moving, filling, splitting and tidying cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.local.references import moved
from tests.local.desk import block, desk, dimension

if TYPE_CHECKING:
    from tests.local.desk import Desk

BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


def style(book: Desk, *area: int) -> None:
    fields = "userEnteredFormat,note"
    book.batch(
        {"repeatCell": {"range": block(*area), "cell": BOLD | {"note": "n"}, "fields": fields}}
    )


def notes(book: Desk) -> list[tuple[int, int]]:
    """(row, column) of each cell with a note."""
    rows = book.sheet("data.rowData.values.note")["data"][0].get("rowData", [])
    return [
        (row, column)
        for row, line in enumerate(rows)
        for column, cell in enumerate(line.get("values", []))
        if cell.get("note")
    ]


def paste(source: dict[str, Any], destination: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"copyPaste": {"source": source, "destination": destination} | more}


def test_a_copy_fills_its_destination(book: Desk) -> None:
    book.put("A1", [["a", "b"]])
    style(book, 0, 1, 1, 2)

    book.batch(paste(block(0, 1, 0, 2), block(2, 4, 0, 5)))

    assert book.values("A3:E4") == [["a", "b", "a", "b"]] * 2
    assert notes(book) == [(0, 1), (2, 1), (2, 3), (3, 1), (3, 3)]


def test_a_copy_is_whole_even_in_a_smaller_destination(book: Desk) -> None:
    book.put("A1", [["a", "b"], ["c", "d"]])

    book.batch(paste(block(0, 2, 0, 2), block(5, 6, 5, 6)))

    assert book.values("F6:G7") == [["a", "b"], ["c", "d"]]


def test_a_copy_over_the_edge_is_refused(book: Desk) -> None:
    assert "beyond the end" in book.refusal(paste(block(0, 2, 0, 2), block(999, 1000, 0, 1)))


def test_a_copy_turned_on_its_side(book: Desk) -> None:
    book.put("A1", [["a", "b", "c"]])

    book.batch(paste(block(0, 1, 0, 3), block(0, 1, 4, 5), pasteOrientation="TRANSPOSE"))

    assert book.values("E1:E3") == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize(
    ("kind", "values", "carried"),
    [
        ("PASTE_NORMAL", [["new"]], [(0, 0), (0, 2)]),
        ("PASTE_VALUES", [["new"]], [(0, 0)]),
        ("PASTE_FORMULA", [["new"]], [(0, 0)]),
        ("PASTE_FORMAT", [["old"]], [(0, 0)]),
        ("PASTE_DATA_VALIDATION", [["old"]], [(0, 0)]),
    ],
)
def test_each_way_of_pasting_takes_its_part(
    book: Desk, kind: str, values: list[list[str]], carried: list[tuple[int, int]]
) -> None:
    book.put("A1", [["new", None, "old"]])
    style(book, 0, 1, 0, 1)

    book.batch(paste(block(0, 1, 0, 1), block(0, 1, 2, 3), pasteType=kind))

    assert book.values("C1") == values
    assert notes(book) == carried
    cells = book.get(ranges="C1", fields="sheets.data.rowData.values.userEnteredFormat")
    assert ("bold" in str(cells)) == (kind in {"PASTE_NORMAL", "PASTE_FORMAT"})


def test_merges_and_rules_come_along_and_none_is_torn(book: Desk) -> None:
    condition = {"type": "NOT_BLANK"}
    rule = {"ranges": [block(0, 9, 0, 2)], "booleanRule": {"condition": condition, "format": {}}}
    book.batch(
        {"mergeCells": {"range": block(0, 1, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addConditionalFormatRule": {"rule": rule}},
    )

    book.batch(paste(block(0, 2, 0, 2), block(4, 5, 4, 5)))

    assert len(book.sheet("merges")["merges"]) == 2
    ranges = book.sheet("conditionalFormats")["conditionalFormats"][0]["ranges"]
    assert [one["startRowIndex"] for one in ranges] == [0, 4]
    assert "part of merged" in book.refusal(paste(block(2, 3, 0, 1), block(4, 5, 5, 6)))


def test_a_copied_formula_looks_at_its_new_neighbours(book: Desk) -> None:
    book.put("C1", [["=A1+$B$1"]], "USER_ENTERED")

    book.batch(paste(block(0, 1, 2, 3), block(3, 4, 3, 4)))

    assert book.values("D4", "FORMULA") == [["=B4+$B$1"]]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=A1+B$2&\"A1\"&'A1'!C3", "=B3+C$2&\"A1\"&'A1'!D5"),
        ("=SUM(A:A)+LOG10(A1)", "=SUM(B:B)+LOG10(B3)"),
        ("=$A1:B2", "=$A3:C4"),
        ("=places+TRUE", "=places+TRUE"),
    ],
)
def test_relative_references_move_and_nothing_else(formula: str, expected: str) -> None:
    assert moved(formula, 2, 1) == expected


def test_a_reference_off_the_sheet_is_no_reference() -> None:
    assert moved("=A1", -1, 0) == "=#REF!"
    assert moved("=A1", 0, -1) == "=#REF!"


def test_cut_cells_leave_nothing_behind(book: Desk) -> None:
    book.put("A1", [["a", "=A1"]], "USER_ENTERED")
    style(book, 0, 1, 0, 2)
    book.batch({"mergeCells": {"range": block(0, 2, 0, 1), "mergeType": "MERGE_ALL"}})

    source, target = block(0, 2, 0, 2), {"rowIndex": 1, "columnIndex": 1}
    book.batch({"cutPaste": {"source": source, "destination": target}})

    assert book.values("A1:C3", "FORMULA") == [[], ["", "a", "=A1"]]
    assert notes(book) == [(1, 1), (1, 2)]
    (merge,) = book.sheet("merges")["merges"]
    assert (merge["startRowIndex"], merge["startColumnIndex"]) == (1, 1)


def test_pasted_text_is_typed(book: Desk) -> None:
    where = {"coordinate": {"rowIndex": 1, "columnIndex": 1}, "delimiter": ";"}

    book.batch({"pasteData": where | {"data": "1;deux;2026-01-31\n;TRUE"}})

    assert book.values("B2:D3") == [[1, "deux", 46053], ["", True]]
    assert book.values("D2", "FORMATTED_VALUE") == [["2026-01-31"]]


def shift(verb: str, way: str, *area: int) -> dict[str, Any]:
    return {verb: {"range": block(*area), "shiftDimension": way}}


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("ROWS", [["a", "b", "c"], ["d", "", "f"], ["g", "e", "i"], ["", "h"]]),
        ("COLUMNS", [["a", "b", "c"], ["d", "", "e", "f"], ["g", "h", "i"]]),
    ],
)
def test_inserted_cells_push_the_others_and_deleting_them_brings_them_back(
    book: Desk, way: str, expected: list[list[str]]
) -> None:
    square = [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]
    book.put("A1", square)

    book.batch(shift("insertRange", way, 1, 2, 1, 2))
    pushed = book.values()
    book.batch(shift("deleteRange", way, 1, 2, 1, 2))

    assert pushed == expected
    assert book.values() == square


def test_what_lies_on_pushed_cells_goes_with_them(book: Desk) -> None:
    named = {"name": "inside", "range": block(2, 3, 1, 2)}
    beside = {"name": "beside", "range": block(2, 3, 0, 2)}
    book.batch({"addNamedRange": {"namedRange": named}}, {"addNamedRange": {"namedRange": beside}})
    book.put("B1000", [["last"]])

    book.batch(shift("insertRange", "ROWS", 1, 3, 1, 2))

    tops = {n["name"]: n["range"]["startRowIndex"] for n in book.get()["namedRanges"]}
    assert tops == {"inside": 4, "beside": 2}
    assert book.values("B1002") == [["last"]]


def test_merged_cells_are_not_pushed_apart(book: Desk) -> None:
    book.batch({"mergeCells": {"range": block(5, 6, 0, 2), "mergeType": "MERGE_ALL"}})

    assert "merged" in book.refusal(shift("insertRange", "ROWS", 1, 2, 0, 1))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ([[1]], [[1], [1], [1]]),
        ([[1], [3]], [[5], [7], [9]]),
        ([["Rencontre 1"]], [["Rencontre 2"], ["Rencontre 3"], ["Rencontre 4"]]),
        ([["a"], ["b"]], [["a"], ["b"], ["a"]]),
        ([["2026-01-31"]], [[46054], [46055], [46056]]),
        ([["=A1"]], [["=A2"], ["=A3"], ["=A4"]]),
    ],
)
def test_filling_goes_on_with_what_was_begun(
    book: Desk, typed: list[list[Any]], expected: list[list[Any]]
) -> None:
    book.put("B1", typed, "USER_ENTERED")
    size = len(typed)
    source = {"source": block(0, size, 1, 2), "dimension": "ROWS", "fillLength": 3}

    book.batch({"autoFill": {"sourceAndDestination": source}})

    assert book.values(f"B{size + 1}:B{size + 3}", "FORMULA") == expected


def test_a_range_is_filled_from_its_filled_part(book: Desk) -> None:
    book.put("A1", [[1, 2]])

    book.batch({"autoFill": {"range": block(0, 1, 0, 4)}})

    assert book.values() == [[1, 2, 3, 4]]


def find(text: str, replacement: str, **more: Any) -> dict[str, Any]:
    return {"findReplace": {"find": text, "replacement": replacement, "allSheets": True} | more}


def test_text_is_replaced_wherever_it_shows(book: Desk) -> None:
    book.put("A1", [["Trois places", "places et places"], ['="places"', 12]], "USER_ENTERED")

    (reply,) = book.batch(find("PLACES", "sièges"))

    assert reply["findReplace"] == {
        "valuesChanged": 2,
        "rowsChanged": 1,
        "sheetsChanged": 1,
        "occurrencesChanged": 3,
    }
    assert book.values("A1:B1") == [["Trois sièges", "sièges et sièges"]]


@pytest.mark.parametrize(
    ("request_json", "expected"),
    [
        (find("a", "x", matchCase=True), [["xA", "x"]]),
        (find("a", "x", matchEntireCell=True), [["aA", "x"]]),
        (find("(a)(A)", "$2-$1", searchByRegex=True, matchCase=True), [["A-a", "a"]]),
        (find("q", "x"), [["aA", "a"]]),
    ],
)
def test_what_to_find_can_be_said_closely(
    book: Desk, request_json: dict[str, Any], expected: list[list[str]]
) -> None:
    book.put("A1", [["aA", "a"]])

    book.batch(request_json)

    assert book.values() == expected


def test_text_is_split_into_columns(book: Desk) -> None:
    book.put("A1", [["a;b;3"], ["c"], ["d;e"]])
    request = {"source": block(0, 3, 0, 1), "delimiterType": "AUTODETECT"}

    book.batch({"textToColumns": request})

    assert book.values() == [["a", "b", 3], ["c"], ["d", "e"]]


def test_whitespace_is_trimmed_and_text_stays_text(book: Desk) -> None:
    book.put("A1", [["  a \n b ", " =1", "c", 1]])

    (reply,) = book.batch({"trimWhitespace": {"range": block(0, 1, 0, 4)}})

    assert reply["trimWhitespace"] == {"cellsChangedCount": 2}
    assert book.values(render="FORMULA") == [["a b", "=1", "c", 1]]


def test_duplicate_rows_go_and_the_others_move_up(book: Desk) -> None:
    book.put("A1", [["Anne", 1, "x"], ["ANNE", 1, "y"], ["Bo", 1, "z"], ["anne", 2, "t"]])

    columns = [dimension("COLUMNS", 0, 1)]
    request = {"range": block(0, 4, 0, 2), "comparisonColumns": columns}
    (reply,) = book.batch({"deleteDuplicates": request})

    assert reply["deleteDuplicates"] == {"duplicatesRemovedCount": 2}
    assert book.values() == [["Anne", 1, "x"], ["Bo", 1, "y"], ["", "", "z"], ["", "", "t"]]


def test_shuffled_rows_are_the_same_rows(book: Desk) -> None:
    book.put("A1", [[n, f"n{n}"] for n in range(40)])

    book.batch({"randomizeRange": {"range": block(0, 40, 0, 2)}})

    shuffled = book.values()
    assert sorted(shuffled) == [[n, f"n{n}"] for n in range(40)]
    assert shuffled != sorted(shuffled)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(0, 2),
)
def test_cutting_there_and_back_changes_nothing(
    cells: list[list[int]], down: int, right: int
) -> None:
    book = desk()
    book.put("A1", cells)
    height = len(cells)
    there = {"rowIndex": down, "columnIndex": right}

    book.batch({"cutPaste": {"source": block(0, height, 0, 3), "destination": there}})
    back = block(down, down + height, right, right + 3)
    book.batch({"cutPaste": {"source": back, "destination": {}}})

    assert book.values() == cells
    book.session.close()
