"""Rectangles of cells, lifted from a sheet and laid down elsewhere.

A cell here is the pair of what was entered and what it carries besides (`cells.CARRIED`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from automation.local.a1 import Area
    from automation.local.runs import Extras, Row, Values
    from automation.local.sheet import Sheet


class Cell(NamedTuple):
    """What one cell holds; `carried` must not be changed."""

    value: Any
    carried: dict[str, Any]


Patch = list[list[Cell]]
"""Rows of cells, all of one length."""

BLANK = Cell(None, {})


def lift(sheet: Sheet, area: Area) -> Patch:
    """The cells of an area."""
    return [
        [
            Cell(values[column] if column < len(values) else None, extras.get(str(column), {}))
            for column in range(area.left, area.right)
        ]
        for values, extras in _rows(sheet, area)
    ]


def _rows(sheet: Sheet, area: Area) -> Iterator[Row]:
    grid = sheet.grid
    return zip(grid.values(area.top, area.bottom), grid.extras(area.top, area.bottom), strict=True)


def lay(
    sheet: Sheet,
    area: Area,
    cell_at: Callable[[int, int, Cell], Cell],
) -> None:
    """Give each cell of an area what `cell_at(row, column, old)` returns."""
    fresh = [
        _changed(row, values, extras, area, cell_at)
        for row, (values, extras) in enumerate(_rows(sheet, area), area.top)
    ]
    sheet.grid.rewrite(area.top, fresh)


def _changed(
    row: int, values: Values, extras: Extras, area: Area, cell_at: Callable[[int, int, Cell], Cell]
) -> Row:
    fresh = values + [None] * (area.right - len(values))
    carried = dict(extras)
    for column in range(area.left, area.right):
        name = str(column)
        cell = cell_at(row, column, Cell(fresh[column], extras.get(name, {})))
        fresh[column] = cell.value
        carried.pop(name, None)
        if cell.carried:
            carried[name] = cell.carried
    return fresh, extras if carried == extras else carried


def blank(sheet: Sheet, area: Area) -> None:
    """Empty an area of everything that cells hold."""
    lay(sheet, area, lambda _row, _column, _old: BLANK)
