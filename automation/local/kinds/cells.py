"""Requests that write cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.a1 import Area
from automation.local.book import MAX_COLUMNS
from automation.local.cells import CellMask, Line, carry, read_lines, read_mask, stored
from automation.local.dimensions import grow
from automation.local.errors import TOO_MANY_COLUMNS, refuse
from automation.local.sheet import span_of

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.masks import Mask
    from automation.local.runs import Extras, Values
    from automation.local.sheet import Sheet

_BLANK = Line([], [])


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateCells`: masked fields of cells in the range that no row covers are cleared."""
    mask = read_mask(request.get("fields"))
    lines = read_lines(request.get("rows", []), "rows")
    width = max((len(line.values) for line in lines), default=0)
    sheet, area = _target(book, request, len(lines), width)
    if len(lines) > area.bottom - area.top or width > area.right - area.left:
        raise refuse(
            "Attempting to write column: {c}, beyond the last requested column", c=area.right
        )
    put(sheet, area, lines, mask)


def _target(book: Book, request: dict[str, Any], height: int, width: int) -> tuple[Sheet, Area]:
    """Where cells go: the whole range, or as far as the rows reach from a start."""
    if "range" in request:
        return book.grid_area(request["range"])
    start = request.get("start", {})
    sheet = book.sheet(start.get("sheetId", 0), grid=True)
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    if top < 0 or left < 0 or top + height > sheet.row_count or left + width > sheet.column_count:
        raise refuse(
            "Attempting to write row: {row}, column: {column}, beyond the last row or column of the sheet",
            row=top + height - 1,
            column=left + width - 1,
        )
    return sheet, Area(top, top + height, left, left + width)


def append(book: Book, request: dict[str, Any]) -> None:
    """`appendCells`: after the last row with data, from column A on, growing the sheet."""
    mask = read_mask(request.get("fields"))
    sheet = book.sheet(request.get("sheetId", 0), grid=True)
    lines = read_lines(request.get("rows", []), "rows")
    width = max((len(line.values) for line in lines), default=0)
    if width > MAX_COLUMNS:
        raise refuse(TOO_MANY_COLUMNS)
    top = sheet.grid.used
    sheet.column_count = max(sheet.column_count, width)
    grow(sheet, top + len(lines))
    book.check_size()
    put(sheet, Area(top, top + len(lines), 0, width), lines, mask, clear=False)


def put(sheet: Sheet, area: Area, lines: list[Line], mask: CellMask, *, clear: bool = True) -> None:
    """Write rows into an area; `clear` empties what the rows do not cover."""
    if mask.value:

        def entered(row: int, values: Values) -> Values:
            index = row - area.top
            given = lines[index].values if index < len(lines) else []
            reach = area.right - area.left if clear else len(given)
            fresh = given + [None] * (reach - len(given))
            if area.left == 0 and len(values) <= reach:
                return fresh
            values.extend([None] * (area.left - len(values)))
            values[area.left : area.left + reach] = fresh
            return values

        sheet.grid.revalue(area.top, min(area.bottom, area.top + len(lines)), entered)
        sheet.grid.revalue(area.top + len(lines), area.bottom, entered, blank=False)
    if mask.carried:
        _put_carried(sheet, area, lines, mask, clear=clear)


def _put_carried(
    sheet: Sheet, area: Area, lines: list[Line], mask: CellMask, *, clear: bool
) -> None:
    for row, line in enumerate(lines, area.top):
        reach = area.right if clear else area.left + len(line.values)
        (extras,) = sheet.grid.extras(row, row + 1)
        carried = _carried(extras, area._replace(right=reach), line, mask)
        if carried is not extras:
            sheet.grid.paint(row, row + 1, carried)
    if clear:
        sheet.grid.restyle(
            area.top + len(lines), area.bottom, lambda extras: _carried(extras, area, _BLANK, mask)
        )


def _carried(extras: Extras, area: Area, line: Line, mask: CellMask) -> Extras:
    cells = line.cells or []
    for column in range(area.left, area.right):
        index = column - area.left
        extras = carry(extras, column, mask.carried, cells[index] if index < len(cells) else {})
    return extras


def repeat(book: Book, request: dict[str, Any]) -> None:
    """`repeatCell`: the range must begin inside the grid and may end outside."""
    mask = read_mask(request.get("fields"))
    grid_range = request.get("range", {})
    sheet = book.sheet(grid_range.get("sheetId", 0), grid=True)
    area = sheet.clip(span_of(grid_range))
    cell = request.get("cell", {})
    if mask.value:
        value = stored(cell.get("userEnteredValue"))

        def entered(_row: int, values: Values) -> Values:
            values.extend([None] * (area.left - len(values)))
            values[area.left : area.right] = [value] * (area.right - area.left)
            return values

        sheet.grid.revalue(area.top, area.bottom, entered, blank=value is not None)

    def carried(extras: Extras) -> Extras:
        for column in range(area.left, area.right):
            extras = carry(extras, column, mask.carried, cell)
        return extras

    if mask.carried:
        sheet.grid.restyle(area.top, area.bottom, carried)


def validate(book: Book, request: dict[str, Any]) -> None:
    """`setDataValidation`: without a rule, the range's validation goes."""
    sheet, area = book.grid_area(request.get("range", {}))
    rule = {"dataValidation": request["rule"]} if "rule" in request else {}

    def carried(extras: Extras) -> Extras:
        for column in range(area.left, area.right):
            extras = carry(extras, column, {"dataValidation": {}}, rule)
        return extras

    sheet.grid.restyle(area.top, area.bottom, carried)


def update_borders(book: Book, request: dict[str, Any]) -> None:
    """`updateBorders`: sides that are not given stay."""
    sheet, area = book.grid_area(request.get("range", {}))
    for row_kind, top, bottom in _bands(area.top, area.bottom):
        above = request.get("top" if "first" in row_kind else "innerHorizontal")
        below = request.get("bottom" if "last" in row_kind else "innerHorizontal")

        def carried(extras: Extras, above: Any = above, below: Any = below) -> Extras:
            for column in range(area.left, area.right):
                before = request.get("left" if column == area.left else "innerVertical")
                after = request.get("right" if column == area.right - 1 else "innerVertical")
                sides = {"top": above, "bottom": below, "left": before, "right": after}
                extras = _bordered(
                    extras, column, {k: v for k, v in sides.items() if v is not None}
                )
            return extras

        sheet.grid.restyle(top, bottom, carried)


def _bands(top: int, bottom: int) -> list[tuple[set[str], int, int]]:
    """The first row, the rows between and the last row, where there are any."""
    if bottom - top == 1:
        return [({"first", "last"}, top, bottom)]
    bands: list[tuple[set[str], int, int]] = [({"first"}, top, top + 1)]
    if bottom - top > 2:  # noqa: PLR2004 - something is between
        bands.append((set(), top + 1, bottom - 1))
    return [*bands, ({"last"}, bottom - 1, bottom)]


def _bordered(extras: Extras, column: int, sides: dict[str, Any]) -> Extras:
    """The column with some borders changed; style NONE takes one away."""
    mask: Mask = {"userEnteredFormat": {"borders": {name: {} for name in sides}}}
    kept = {name: side for name, side in sides.items() if side.get("style") != "NONE"}
    return carry(extras, column, mask, {"userEnteredFormat": {"borders": kept}})
