"""Requests that insert, delete, move or describe rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from automation.local import dimensions, masks
from automation.local.book import MAX_COLUMNS
from automation.local.dimensions import deleted, inserted, moved, shift_everything
from automation.local.errors import TOO_MANY_COLUMNS, refuse
from automation.local.messages import DIMENSION_PROPERTIES

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.dimensions import Dimension
    from automation.local.runs import Extras
    from automation.local.sheet import Sheet


def reach(book: Book, where: dict[str, Any]) -> tuple[Sheet, Dimension, int, int]:
    """The sheet, dimension, first index and end (exclusive) of a DimensionRange.

    Raises:
        ApiError: 400 when it is empty or begins outside the grid.
    """
    sheet = book.sheet(where.get("sheetId", 0), grid=True)
    if "dimension" not in where:
        raise refuse("No dimension specified.")
    dimension = cast("Dimension", where["dimension"])
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    first = where.get("startIndex", 0)
    last = where.get("endIndex", size)
    if not 0 <= first < last:
        raise refuse("Invalid dimension range: {first} to {last}", first=first, last=last)
    return sheet, dimension, first, last


def _inside(sheet: Sheet, dimension: Dimension, first: int, last: int) -> int:
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    if first >= size:
        raise refuse(
            "Cannot reach {what} {first}: the sheet has {size}.",
            what=dimension.lower(),
            first=first,
            size=size,
        )
    return min(last, size)


def insert(book: Book, request: dict[str, Any]) -> None:
    """`insertDimension`."""
    sheet, dimension, first, last = reach(book, request.get("range", {}))
    before = request.get("inheritFromBefore", False)
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    if first > size:
        raise refuse(
            "range.startIndex[{first}] is after last index in grid[{last}]", first=first, last=size
        )
    if before and first == 0:
        raise refuse("inheritFromBefore cannot be set when inserting at the start of the sheet.")
    if dimension == "ROWS":
        _check_growth(book, sheet, rows=last - first)
        dimensions.insert_rows(sheet, first, last - first, inherit_before=before)
    else:
        _check_growth(book, sheet, columns=last - first)
        dimensions.insert_columns(sheet, first, last - first, inherit_before=before)
    shift_everything(book, sheet, dimension, inserted(first, last - first))


def _check_growth(book: Book, sheet: Sheet, rows: int = 0, columns: int = 0) -> None:
    """Refuse too large a sheet before any work is done."""
    if sheet.column_count + columns > MAX_COLUMNS:
        raise refuse(TOO_MANY_COLUMNS)
    sheet.row_count, sheet.column_count = sheet.row_count + rows, sheet.column_count + columns
    book.check_size()
    sheet.row_count, sheet.column_count = sheet.row_count - rows, sheet.column_count - columns


def append(book: Book, request: dict[str, Any]) -> None:
    """`appendDimension`."""
    sheet = book.sheet(request.get("sheetId", 0), grid=True)
    length = request.get("length", 0)
    if length < 1 or "dimension" not in request:
        raise refuse("appendDimension needs a dimension and a positive length.")
    if request["dimension"] == "ROWS":
        _check_growth(book, sheet, rows=length)
        dimensions.grow(sheet, sheet.row_count + length)
    else:
        _check_growth(book, sheet, columns=length)
        dimensions.insert_columns(sheet, sheet.column_count, length, inherit_before=True)


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteDimension`."""
    sheet, dimension, first, last = reach(book, request.get("range", {}))
    last = _inside(sheet, dimension, first, last)
    if dimension == "ROWS":
        dimensions.delete_rows(sheet, first, last)
    else:
        dimensions.delete_columns(sheet, first, last)
    shift_everything(book, sheet, dimension, deleted(first, last))


def move(book: Book, request: dict[str, Any]) -> None:
    """`moveDimension`: the destination counts as before the move, as Google documents."""
    sheet, dimension, first, last = reach(book, request.get("source", {}))
    last = _inside(sheet, dimension, first, last)
    to = request.get("destinationIndex", 0)
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    if first < to < last or not 0 <= to <= size:
        raise refuse("Invalid destinationIndex: {to}", to=to)
    if to in {first, last}:
        return
    if dimension == "ROWS":
        sheet.grid.move(first, last, to)
    else:
        dimensions.move_columns(sheet, first, last, to)
    shift_everything(book, sheet, dimension, moved(first, last, to))


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateDimensionProperties`."""
    sheet, dimension, first, last = reach(book, request.get("range", {}))
    last = _inside(sheet, dimension, first, last)
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, DIMENSION_PROPERTIES)
    assign(sheet, dimension, (first, last), mask, request.get("properties", {}))


def auto_resize(book: Book, request: dict[str, Any]) -> None:
    """`autoResizeDimensions`: back to the default size, since nothing is measured here."""
    sheet, dimension, first, last = reach(book, request.get("dimensions", {}))
    last = _inside(sheet, dimension, first, last)
    assign(sheet, dimension, (first, last), {"pixelSize": {}}, {})


def assign(
    sheet: Sheet,
    dimension: Dimension,
    ends: tuple[int, int],
    mask: masks.Mask,
    properties: dict[str, Any],
) -> None:
    """Give rows or columns the masked properties; false and absent ones go."""
    given = {name: value for name, value in properties.items() if value is not False}
    if dimension == "COLUMNS":
        for column in range(*ends):
            known = sheet.columns.get(str(column), {})
            sheet.columns[str(column)] = masks.assign(mask, known, given)
        sheet.columns = {name: entry for name, entry in sheet.columns.items() if entry}
        return

    def carried(extras: Extras) -> Extras:
        entry = masks.assign(mask, extras.get("row", {}), given)
        rest = {name: cell for name, cell in extras.items() if name != "row"}
        return {"row": entry} | rest if entry else rest

    sheet.grid.restyle(*ends, carried)
