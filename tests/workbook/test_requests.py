"""Requests of one batch: what grows together, and what a batch may weigh."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from automation.workbook.batches import cut_batches, mark_last
from automation.workbook.requests import merge_rows


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
    weights=st.lists(st.integers(min_value=0, max_value=400), max_size=30),
    limit=st.integers(min_value=1, max_value=3000),
)
def test_batches_hold_every_item_once_in_order_and_keep_to_the_limit(
    weights: list[int], limit: int
) -> None:
    batches = list(cut_batches(weights, limit, lambda weight: weight))

    assert [weight for batch in batches for weight in batch] == weights
    assert all(sum(batch) <= limit or len(batch) == 1 for batch in batches)


@given(st.lists(st.integers()))
def test_only_the_last_item_is_marked(items: list[int]) -> None:
    marked = list(mark_last(items))

    assert [item for item, _ in marked] == items
    assert [last for _, last in marked] == [i == len(items) - 1 for i in range(len(items))]
