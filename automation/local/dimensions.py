"""Rows and columns of a sheet: inserting, deleting, moving, and all that moves with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from automation.local.cells import inherited
from automation.local.errors import LAST_COLUMNS, LAST_ROWS, refuse
from automation.local.messages import GRID_COORDINATE, GRID_RANGE
from automation.local.objects import SECTIONS, rebuilt

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.runs import Extras, Values
    from automation.local.schema import Message
    from automation.local.sheet import Sheet

Dimension = Literal["ROWS", "COLUMNS"]
Shift = Callable[[int, int], "tuple[int, int] | None"]
"""(start, end exclusive) before → after; None when nothing is left of it."""

_ENDS = {
    "ROWS": ("startRowIndex", "endRowIndex"),
    "COLUMNS": ("startColumnIndex", "endColumnIndex"),
}


def inserted(at: int, count: int) -> Shift:
    """How ranges shift when `count` rows or columns come before `at`."""
    return lambda start, end: (
        start + count if start >= at else start,
        end + count if end > at else end,
    )


def deleted(first: int, last: int) -> Shift:
    """How ranges shift when rows or columns `first` to `last` go."""

    def shift(start: int, end: int) -> tuple[int, int] | None:
        new_start, new_end = (
            index - max(0, min(index, last) - first) if index > first else index
            for index in (start, end)
        )
        return (new_start, new_end) if new_end > new_start else None

    return shift


def moved(first: int, last: int, to: int) -> Shift:
    """How ranges shift when rows or columns `first` to `last` move before `to`.

    A range that the move would tear apart stays where it is.
    """
    count = last - first

    def place(index: int) -> int:
        if first <= index < last:
            return index + (to - last if to > first else to - first)
        if last <= index < to:
            return index - count
        if to <= index < first:
            return index + count
        return index

    def shift(start: int, end: int) -> tuple[int, int]:
        cuts = sorted({start, end, *(c for c in (first, last, to) if start < c < end)})
        pieces = sorted((place(a), place(b - 1) + 1) for a, b in pairwise(cuts))
        whole = all(one[1] == two[0] for one, two in pairwise(pieces))
        return (pieces[0][0], pieces[-1][1]) if whole else (start, end)

    return shift


def shift_everything(book: Book, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Carry merges, rules, protections, filters, objects and developer metadata along."""
    sheet.merges = shift_ranges(sheet.merges, dimension, shift)
    for rule in sheet.conditionalFormats:
        rule["ranges"] = shift_ranges(rule["ranges"], dimension, shift)
    sheet.conditionalFormats = [rule for rule in sheet.conditionalFormats if rule["ranges"]]
    sheet.protectedRanges = [
        shifted
        for protected in sheet.protectedRanges
        if (shifted := _shift_protected(protected, dimension, shift))
    ]
    if sheet.basicFilter:
        kept = shift_ranges([sheet.basicFilter["range"]], dimension, shift)
        sheet.basicFilter = sheet.basicFilter | {"range": kept[0]} if kept else {}
    if dimension == "COLUMNS":
        sheet.columns = {
            str(place[0]): properties
            for name, properties in sheet.columns.items()
            if (place := shift(int(name), int(name) + 1))
        }
    shift_objects(book, sheet, dimension, shift)
    shift_metadata(book, sheet, dimension, shift)


def _shift_protected(
    protected: dict[str, Any], dimension: Dimension, shift: Shift
) -> dict[str, Any] | None:
    kept = shift_ranges([protected["range"]], dimension, shift)
    if not kept:
        return None
    shifted = protected | {"range": kept[0]}
    if "unprotectedRanges" in protected:
        shifted["unprotectedRanges"] = shift_ranges(
            protected["unprotectedRanges"], dimension, shift
        )
    return shifted


def shift_ranges(
    ranges: list[dict[str, Any]], dimension: Dimension, shift: Shift
) -> list[dict[str, Any]]:
    """GridRanges after a shift; those of which nothing is left are dropped."""
    shifted = (_shift_range(grid_range, dimension, shift) for grid_range in ranges)
    return [grid_range for grid_range in shifted if grid_range is not None]


def _shift_range(
    grid_range: dict[str, Any], dimension: Dimension, shift: Shift
) -> dict[str, Any] | None:
    """Open ends stay open; a range without a start begins at 0 and still does."""
    first, last = _ENDS[dimension]
    start, end = grid_range.get(first), grid_range.get(last)
    if start is None and end is None:
        return grid_range
    if end is None:
        place = shift(start or 0, 2**31)
        return grid_range | {first: place[0]} if place else None
    place = shift(start or 0, end)
    if place is None:
        return None
    return grid_range | ({} if start is None else {first: place[0]}) | {last: place[1]}


def shift_objects(book: Book, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Charts of any sheet may draw this one; other objects go when nothing is left of their range."""

    def change(spec: Message, place: dict[str, Any]) -> dict[str, Any] | None:
        if place["sheetId"] != sheet.id:
            return place
        if spec is GRID_RANGE:
            return _shift_range(place, dimension, shift)
        if spec is GRID_COORDINATE:
            return _shift_corner(place, dimension, shift)
        if place["dimension"] != dimension:
            return place
        ends = shift(place["startIndex"], place["endIndex"])
        return place | {"startIndex": ends[0], "endIndex": ends[1]} if ends else None

    for other in book.sheets:
        for name, docs in list(other.objects.items()):
            spec = SECTIONS[name].spec
            kept = (rebuilt(spec, doc, change) for doc in docs)
            other.objects[name] = [
                new
                for old, new in zip(docs, kept, strict=True)
                if ("range" in old) == ("range" in new)
            ]
        other.objects = {name: docs for name, docs in other.objects.items() if docs}


def _shift_corner(corner: dict[str, Any], dimension: Dimension, shift: Shift) -> dict[str, Any]:
    """The cell that an object hangs on; when that goes, the last one before it."""
    name = "rowIndex" if dimension == "ROWS" else "columnIndex"
    index = corner.get(name, 0)
    place = shift(index, index + 1)
    before = shift(0, index + 1)
    return corner | {name: place[0] if place else before[1] - 1 if before else 0}


def shift_metadata(book: Book, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Metadata of rows and columns follow theirs, and go with them."""
    for key, doc in list(book.metadata.items()):
        where = doc["location"].get("dimensionRange")
        if where and where["sheetId"] == sheet.id and where["dimension"] == dimension:
            place = shift(where["startIndex"], where["endIndex"])
            if place is None:
                del book.metadata[key]
            else:
                where["startIndex"], where["endIndex"] = place


# Rows


def grow(sheet: Sheet, rows: int) -> None:
    """Make sure of `rows` rows; new ones look like the last one."""
    missing = rows - sheet.row_count
    if missing > 0:
        last = next(sheet.grid.extras(sheet.row_count - 1, sheet.row_count), {})
        sheet.grid.insert(sheet.row_count, missing, inherited(last))
        sheet.row_count = rows


def insert_rows(sheet: Sheet, at: int, count: int, *, inherit_before: bool) -> None:
    """Insert blank rows that look like the row before or after; the caller shifts the rest."""
    neighbour = at - 1 if inherit_before or at >= sheet.row_count else at
    extras = next(sheet.grid.extras(neighbour, neighbour + 1), {}) if neighbour >= 0 else {}
    sheet.grid.insert(at, count, inherited(extras))
    sheet.row_count += count


def delete_rows(sheet: Sheet, first: int, last: int) -> None:
    """Delete rows; the caller shifts the rest.

    Raises:
        ApiError: 400 when none would be left.
    """
    if first == 0 and last >= sheet.row_count:
        raise refuse(LAST_ROWS)
    sheet.grid.delete(first, last)
    sheet.row_count -= last - first


# Columns


def insert_columns(sheet: Sheet, at: int, count: int, *, inherit_before: bool) -> None:
    """Insert blank columns; the caller shifts the rest."""
    neighbour = at - 1 if inherit_before or at >= sheet.column_count else at
    blank: Values = [None] * count

    def widened(_row: int, values: Values) -> Values:
        return values[:at] + blank + values[at:] if len(values) > at else values

    def carried(extras: Extras) -> Extras:
        like = inherited({"0": extras[str(neighbour)]}) if str(neighbour) in extras else {}
        fresh = {str(column): like["0"] for column in range(at, at + count)} if like else {}
        return _renumbered(extras, inserted(at, count)) | fresh

    sheet.grid.revalue(0, sheet.row_count, widened, blank=False)
    sheet.grid.restyle(0, sheet.row_count, carried)
    sheet.column_count += count


def delete_columns(sheet: Sheet, first: int, last: int) -> None:
    """Delete columns; the caller shifts the rest.

    Raises:
        ApiError: 400 when none would be left.
    """
    if first == 0 and last >= sheet.column_count:
        raise refuse(LAST_COLUMNS)
    sheet.grid.revalue(
        0, sheet.row_count, lambda _row, values: values[:first] + values[last:], blank=False
    )
    shift = deleted(first, last)
    sheet.grid.restyle(0, sheet.row_count, lambda extras: _renumbered(extras, shift))
    sheet.column_count -= last - first


def move_columns(sheet: Sheet, first: int, last: int, to: int) -> None:
    """Move columns before column `to`; the caller shifts the rest."""
    width = sheet.column_count
    order = [column for column in range(width) if not first <= column < last]
    target = to - (last - first) if to > first else to
    order[target:target] = range(first, last)

    def reordered(_row: int, values: Values) -> Values:
        values.extend([None] * (width - len(values)))
        return [values[column] for column in order]

    shift = moved(first, last, to)
    sheet.grid.revalue(0, sheet.row_count, reordered, blank=False)
    sheet.grid.restyle(0, sheet.row_count, lambda extras: _renumbered(extras, shift))


def _renumbered(extras: Extras, shift: Shift) -> Extras:
    found: Extras = {}
    for name, cell in extras.items():
        place = (0, 0) if name == "row" else shift(int(name), int(name) + 1)
        if place:
            found[name if name == "row" else str(place[0])] = cell
    return found
