"""Rows and columns of a sheet: inserting, deleting, moving, and all that moves with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from automation.local.cells import inherited
from automation.local.errors import LAST_COLUMNS, LAST_ROWS, refuse
from automation.local.messages import (
    BASIC_FILTER,
    GRID_COORDINATE,
    GRID_RANGE,
    PROTECTED_RANGE,
)
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


class Move(Struct, frozen=True, kw_only=True):
    """What happens to places on a sheet.

    Attributes:
        sheet_id: The sheet.
        dimension: Along which they move.
        shift: From where to where.
        band: (start, end exclusive) across the dimension: only what lies within moves; None for
            whole rows or columns.
    """

    sheet_id: int
    dimension: Dimension
    shift: Shift
    band: tuple[int, int] | None = None

    def ranges(self, ranges: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """GridRanges afterwards; those of which nothing is left are dropped."""
        moved = map(self.range, ranges)
        return [grid_range for grid_range in moved if grid_range is not None]

    def range(self, grid_range: dict[str, Any]) -> dict[str, Any] | None:
        """Open ends stay open; a range without a start begins at 0 and still does."""
        if not self._concerns(grid_range):
            return grid_range
        first, last = _ENDS[self.dimension]
        start, end = grid_range.get(first), grid_range.get(last)
        if start is None and end is None:
            return grid_range
        if end is None:
            place = self.shift(start or 0, 2**31)
            return grid_range | {first: place[0]} if place else None
        place = self.shift(start or 0, end)
        if place is None:
            return None
        return grid_range | ({} if start is None else {first: place[0]}) | {last: place[1]}

    def _concerns(self, grid_range: dict[str, Any]) -> bool:
        if grid_range["sheetId"] != self.sheet_id:
            return False
        if self.band is None:
            return True
        names = _ENDS["COLUMNS" if self.dimension == "ROWS" else "ROWS"]
        start, end = int(grid_range.get(names[0], 0)), int(grid_range.get(names[1], 2**31))
        return self.band[0] <= start and end <= self.band[1]

    def corner(self, cell: dict[str, Any]) -> dict[str, Any]:
        """The cell that an object hangs on; when that goes, the last one before it."""
        if cell["sheetId"] != self.sheet_id or self.band is not None:
            return cell
        name = "rowIndex" if self.dimension == "ROWS" else "columnIndex"
        index = cell.get(name, 0)
        place = self.shift(index, index + 1)
        before = self.shift(0, index + 1)
        return cell | {name: place[0] if place else before[1] - 1 if before else 0}

    def line(self, where: dict[str, Any]) -> dict[str, Any] | None:
        """A DimensionRange afterwards, or None."""
        if (where["sheetId"], where["dimension"]) != (self.sheet_id, self.dimension) or self.band:
            return where
        place = self.shift(where["startIndex"], where["endIndex"])
        return where | {"startIndex": place[0], "endIndex": place[1]} if place else None

    def place(self, spec: Message, value: dict[str, Any]) -> dict[str, Any] | None:
        """A range, a coordinate or a dimension range afterwards, for `objects.rebuilt`."""
        if spec is GRID_RANGE:
            return self.range(value)
        return self.corner(value) if spec is GRID_COORDINATE else self.line(value)


def shift_everything(book: Book, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Carry all that has a place on a sheet along, when whole rows or columns move."""
    move = Move(sheet_id=sheet.id, dimension=dimension, shift=shift)
    shift_places(book, sheet, move)
    if dimension == "COLUMNS":
        sheet.columns = {
            str(place[0]): properties
            for name, properties in sheet.columns.items()
            if (place := shift(int(name), int(name) + 1))
        }
        shift_filters(sheet, shift)
    shift_metadata(book, sheet, dimension, shift)


def shift_places(book: Book, sheet: Sheet, move: Move) -> None:
    """Carry merges, rules, protections, the filter, objects and named ranges along."""
    sheet.merges = [merge for merge in move.ranges(sheet.merges) if not _is_one_cell(merge)]
    for rule in sheet.conditionalFormats:
        rule["ranges"] = move.ranges(rule["ranges"])
    sheet.conditionalFormats = [rule for rule in sheet.conditionalFormats if rule["ranges"]]
    protections = (rebuilt(PROTECTED_RANGE, doc, move.place) for doc in sheet.protectedRanges)
    sheet.protectedRanges = [doc for doc in protections if "range" in doc]
    if sheet.basicFilter:
        kept = rebuilt(BASIC_FILTER, sheet.basicFilter, move.place)
        sheet.basicFilter = kept if "range" in kept else {}
    for other in book.sheets:
        _shift_objects(other, move)
    for key, doc in list(book.named_ranges.items()):
        moved_range = move.range(doc["range"])
        if moved_range is None:
            del book.named_ranges[key]
        else:
            doc["range"] = moved_range


def _is_one_cell(merge: dict[str, Any]) -> bool:
    """What is left of a merge once the rest of it was deleted: nothing that is merged."""
    rows = merge["endRowIndex"] - merge["startRowIndex"]
    return bool(rows == merge["endColumnIndex"] - merge["startColumnIndex"] == 1)


def _shift_objects(sheet: Sheet, move: Move) -> None:
    """Charts may draw another sheet; other objects go when nothing is left of their range."""
    for name, docs in list(sheet.objects.items()):
        fresh = [rebuilt(SECTIONS[name].spec, doc, move.place) for doc in docs]
        pairs = zip(docs, fresh, strict=True)
        sheet.objects[name] = [new for old, new in pairs if ("range" in old) == ("range" in new)]
    sheet.objects = {name: docs for name, docs in sheet.objects.items() if docs}


def shift_filters(sheet: Sheet, shift: Shift) -> None:
    """The columns that filters filter and sort by move with them, and go with them."""
    filters = [sheet.basicFilter, *sheet.objects.get("filterViews", ())]
    for doc in filters:
        for section, key in (("sortSpecs", "dimensionIndex"), ("filterSpecs", "columnIndex")):
            if section in doc:
                places = [
                    (spec, shift(spec.get(key, 0), spec.get(key, 0) + 1)) for spec in doc[section]
                ]
                doc[section] = [spec | {key: place[0]} for spec, place in places if place]


def shift_metadata(book: Book, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Metadata of rows and columns follow theirs, and go with them."""
    move = Move(sheet_id=sheet.id, dimension=dimension, shift=shift)
    for key, doc in list(book.metadata.items()):
        where = doc["location"].get("dimensionRange")
        if where:
            place = move.line(where)
            if place is None:
                del book.metadata[key]
            else:
                doc["location"]["dimensionRange"] = place


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
