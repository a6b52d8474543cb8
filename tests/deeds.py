"""What organisers do to a grid, as requests of batchUpdate; indexes are from 0."""

from __future__ import annotations

from typing import Any

Deed = dict[str, Any]


def sort_rows(
    sheet_id: int,
    column: int,
    *,
    last_row: int = 7,
    columns: tuple[int, int] | None = None,
    descending: bool = True,
) -> Deed:
    """Sort the rows below the header, or only some of their columns (the last one exclusive)."""
    cells = {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": last_row}
    if columns is not None:
        cells |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
    order = "DESCENDING" if descending else "ASCENDING"
    specs = [{"dimensionIndex": column, "sortOrder": order}]
    return {"sortRange": {"range": cells, "sortSpecs": specs}}


def insert(sheet_id: int, dimension: str, index: int) -> Deed:
    """Insert a row or a column before an index."""
    place = _one(sheet_id, dimension, index)
    return {"insertDimension": {"range": place, "inheritFromBefore": index > 1}}


def move(sheet_id: int, dimension: str, source: int, destination: int) -> Deed:
    """Move a row or a column; the destination counts as before the move."""
    place = _one(sheet_id, dimension, source)
    return {"moveDimension": {"source": place, "destinationIndex": destination}}


def delete(sheet_id: int, dimension: str, index: int) -> Deed:
    """Delete a row or a column."""
    return {"deleteDimension": {"range": _one(sheet_id, dimension, index)}}


def rename(sheet_id: int, title: str, *, hidden: bool = False) -> Deed:
    """Rename a tab, put it first, and perhaps hide it."""
    properties = {"sheetId": sheet_id, "title": title, "index": 0, "hidden": hidden}
    fields = "title,index,hidden"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _one(sheet_id: int, dimension: str, index: int) -> dict[str, Any]:
    return {
        "sheetId": sheet_id,
        "dimension": dimension,
        "startIndex": index,
        "endIndex": index + 1,
    }
