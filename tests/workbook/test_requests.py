"""Requests of one batch: what grows together, and what a batch may weigh."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from automation.workbook.requests import merge_rows
from automation.workbook.writer import cut_batches


def _append(sheet_id: int, *texts: str) -> dict[str, Any]:
    values = [{"userEnteredValue": {"stringValue": text}} for text in texts]
    return {
        "appendCells": {
            "sheetId": sheet_id,
            "rows": [{"values": values}],
            "fields": "userEnteredValue",
        }
    }


def _update(row: int, column: int, *texts: str) -> dict[str, Any]:
    values = [{"userEnteredValue": {"stringValue": text}} for text in texts]
    return {
        "updateCells": {
            "start": {"sheetId": 1, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": values}],
            "fields": "userEnteredValue",
        }
    }


def test_rows_appended_to_one_tab_become_one_request_in_their_order() -> None:
    units = [[_append(1, "a"), _append(2, "x")], [_append(1, "b"), _append(2, "y")]]

    merged = merge_rows(units)

    assert [len(r["appendCells"]["rows"]) for r in merged] == [2, 2]
    assert merged[0]["appendCells"]["rows"] == [
        *_append(1, "a")["appendCells"]["rows"],
        *_append(1, "b")["appendCells"]["rows"],
    ]


def test_cells_that_run_down_a_column_become_one_request() -> None:
    units = [[_update(1, 4, "1"), _update(1, 9, "x")], [_update(2, 4, "2"), _update(2, 9, "y")]]

    merged = merge_rows(units)

    assert [(r["updateCells"]["start"]["columnIndex"]) for r in merged] == [4, 9]
    assert [len(r["updateCells"]["rows"]) for r in merged] == [2, 2]


def test_cells_with_a_gap_between_them_stay_apart() -> None:
    merged = merge_rows([[_update(1, 4, "1")], [_update(3, 4, "3")], [_update(4, 4, "4", "5")]])

    assert len(merged) == 3


def test_merging_leaves_the_units_as_they_were() -> None:
    units = [[_append(1, "a")], [_append(1, "b")]]

    merge_rows(units)

    assert units == [[_append(1, "a")], [_append(1, "b")]]


@given(
    sizes=st.lists(st.integers(min_value=0, max_value=400), max_size=30),
    limit=st.integers(min_value=300, max_value=3000),
)
def test_batches_hold_every_unit_once_in_order_and_keep_to_the_limit(
    sizes: list[int], limit: int
) -> None:
    units = [[_append(1, "é" * size)] for size in sizes]

    batches = list(cut_batches(units, limit))

    assert [unit for batch in batches for unit in batch] == units
    for batch in batches:
        weight = len(json.dumps({"requests": [r for unit in batch for r in unit]}))
        assert weight <= limit or len(batch) == 1
