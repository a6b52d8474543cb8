"""`autoFill`: continuing what cells begin."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from automation.local import patches
from automation.local.errors import refuse
from automation.local.references import moved
from automation.local.rendering import DATE_TYPES

if TYPE_CHECKING:
    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.patches import Cell
    from automation.local.sheet import Sheet

_NUMBERED = re.compile(r"(.*?)(\d+)")


def fill(book: Book, request: dict[str, Any]) -> None:
    """`autoFill`: from a source into as many lines beside it, or within a range from its filled part."""
    alternate = request.get("useAlternateSeries", False)
    if "sourceAndDestination" in request:
        given = request["sourceAndDestination"]
        sheet, source = book.grid_area(given.get("source", {}))
        if not given.get("fillLength") or "dimension" not in given:
            raise refuse("autoFill needs a dimension and a fillLength.")
        down, length = given["dimension"] == "ROWS", given["fillLength"]
    else:
        sheet, area = book.grid_area(request.get("range", {}))
        source, down = _filled_part(sheet, area)
        length = area.bottom - source.bottom if down else area.right - source.right
    _fill(sheet, source, length, down=down, alternate=alternate)


def _filled_part(sheet: Sheet, area: Area) -> tuple[Area, bool]:
    """The part at the top or the left of a range that has values, and whether it goes on downwards."""
    patch = patches.lift(sheet, area)
    rows = [any(cell.value is not None for cell in row) for row in patch]
    columns = [any(cell.value is not None for cell in c) for c in zip(*patch, strict=True)]
    if not any(rows):
        raise refuse("There is nothing in the range to fill it from.")
    height = len(rows) - rows[::-1].index(True)
    if height < len(rows):
        return area._replace(bottom=area.top + height), True
    width = len(columns) - columns[::-1].index(True)
    return area._replace(right=area.left + width), False


def _fill(sheet: Sheet, source: Area, length: int, *, down: bool, alternate: bool) -> None:
    patch = patches.lift(sheet, source)
    lines = [list(line) for line in zip(*patch, strict=True)] if down else patch
    period = len(lines[0])
    target = _beside(source, length, down=down)
    if min(target.top, target.left) < 0 or not sheet.whole().contains(target):
        raise refuse("The cells to fill are outside of the sheet.")
    series = [_steps(line, alternate=alternate) for line in lines]

    def filled(row: int, column: int, _old: Cell) -> Cell:
        line, offset = (
            (column - source.left, row - source.top)
            if down
            else (row - source.top, column - source.left)
        )
        origin = lines[line][offset % period]
        turns = offset - offset % period
        by = (turns, 0) if down else (0, turns)
        return origin._replace(value=_continued(origin.value, series[line], offset, turns, by))

    patches.lay(sheet, target, filled)


def _beside(source: Area, length: int, *, down: bool) -> Area:
    if down:
        ends = (
            (source.bottom, source.bottom + length)
            if length > 0
            else (source.top + length, source.top)
        )
        return source._replace(top=ends[0], bottom=ends[1])
    ends = (
        (source.right, source.right + length) if length > 0 else (source.left + length, source.left)
    )
    return source._replace(left=ends[0], right=ends[1])


def _steps(line: list[Cell], *, alternate: bool) -> tuple[float, float] | None:
    """(first, step) of the numbers that a line counts in; None when it only repeats itself.

    One number repeats itself, one date goes on by a day, and `alternate` turns that round.
    """
    numbers = [cell.value for cell in line]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return None
    if len(numbers) == 1:
        kind = line[0].carried.get("userEnteredFormat", {}).get("numberFormat", {}).get("type")
        return (numbers[0], 1) if (kind in DATE_TYPES) != alternate else None
    steps = {b - a for a, b in pairwise(numbers)}
    return (numbers[0], steps.pop()) if len(steps) == 1 and not alternate else None


def _continued(
    value: Any, series: tuple[float, float] | None, offset: int, turns: int, by: tuple[int, int]
) -> Any:
    """The value at an offset from the source's first cell."""
    if series:
        return series[0] + offset * series[1]
    if isinstance(value, dict):
        return {"f": moved(value["f"], *by)}
    found = _NUMBERED.fullmatch(value) if isinstance(value, str) else None
    if found:
        number = int(found[2]) + turns
        return f"{found[1]}{max(number, 0):0{len(found[2])}}"
    return value
