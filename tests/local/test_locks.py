"""Ranges that somebody else protected, and what merged cells forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest

from tests.local.desk import block, dimension, rows

if TYPE_CHECKING:
    from tests.local.desk import Desk

LISE = "lise@example.org"
US = "comite@example.org"


def protect(*editors: str, **more: Any) -> dict[str, Any]:
    """The request that protects B2:C3."""
    protected = {"protectedRangeId": 5, "range": block(1, 3, 1, 3), **more}
    if editors:
        protected["editors"] = {"users": list(editors)}
    return {"addProtectedRange": {"protectedRange": protected}}


def write(row: int, column: int, text: str = "x") -> dict[str, Any]:
    start = {"rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": rows([text]), "fields": "userEnteredValue"}}


@pytest.fixture(name="filled")
def fixture_filled(book: Desk) -> Desk:
    book.put("A1", [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"], ["j", "k", "l"]])
    return book


@pytest.mark.parametrize(
    "request_",
    [
        write(1, 1),
        {"deleteDimension": {"range": dimension("ROWS", 1, 2)}},
        {"insertDimension": {"range": dimension("ROWS", 2, 3)}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"sortOrder": "DESCENDING"}]}},
        {"findReplace": {"find": "f", "replacement": "F", "allSheets": True}},
        {"deleteProtectedRange": {"protectedRangeId": 5}},
        {"deleteSheet": {"sheetId": 0}},
    ],
)
def test_what_changes_a_range_that_others_protected_is_refused(
    filled: Desk, request_: dict[str, Any]
) -> None:
    filled.batch(protect(LISE), {"addSheet": {"properties": {"sheetId": 7, "title": "Autre"}}})
    before = filled.dump()

    assert "edit a protected cell or object" in filled.refusal(request_)
    assert filled.dump() == before


def test_values_in_it_are_refused_too(filled: Desk) -> None:
    filled.batch(protect(LISE))

    with pytest.raises(gspread.exceptions.APIError, match="protected cell"):
        filled.put("B2", [["x"]])
    with pytest.raises(gspread.exceptions.APIError, match="protected cell"):
        filled.post("/values/A1:C9:clear", {})


@pytest.mark.parametrize("request_", [write(0, 1), write(3, 2), write(1, 0)])
def test_what_is_beside_it_is_written(filled: Desk, request_: dict[str, Any]) -> None:
    filled.batch(protect(LISE), request_)

    filled.batch({"insertDimension": {"range": dimension("ROWS", 0, 1)}})

    assert filled.values("B3:C4") == [["e", "f"], ["h", "i"]]


@pytest.mark.parametrize(
    "protection", [protect(US), protect(LISE, US.upper()), protect(), protect(warningOnly=True)]
)
def test_its_editors_write_in_it_and_everybody_where_none_is_named(
    filled: Desk, protection: dict[str, Any]
) -> None:
    filled.batch(protection, write(1, 1))

    (shown,) = filled.sheet("protectedRanges")["protectedRanges"]
    assert filled.values("B2") == [["x"]]
    assert shown["requestingUserCanEdit"] is True


def test_who_may_not_edit_it_is_told_so_and_not_who_may(filled: Desk) -> None:
    filled.batch(protect(LISE))

    (shown,) = filled.sheet("protectedRanges")["protectedRanges"]
    assert not {"requestingUserCanEdit", "editors"} & shown.keys()


def test_rows_under_one_merged_cell_are_neither_sorted_nor_filtered(filled: Desk) -> None:
    filled.batch({"mergeCells": {"range": block(1, 3, 0, 1), "mergeType": "MERGE_ALL"}})
    sort = {"sortSpecs": [{"sortOrder": "DESCENDING"}]}

    assert "vertical merges" in filled.refusal({"sortRange": {"range": {"sheetId": 0}, **sort}})
    assert "vertical merges" in filled.refusal({"setBasicFilter": {"filter": {"range": {}}}})
    filled.batch({"sortRange": {"range": block(3, 4, 0, 3), **sort}})


def test_rows_with_cells_merged_side_by_side_are_sorted(filled: Desk) -> None:
    filled.batch({"mergeCells": {"range": block(0, 1, 0, 3), "mergeType": "MERGE_ALL"}})

    filled.batch({"sortRange": {"range": block(0, 4, 0, 1), "sortSpecs": [{}]}})

    assert filled.values("A1:A4") == [["a"], ["d"], ["g"], ["j"]]
