"""`sortRange`, as an organiser's click on "Sort sheet" sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.cells import effective
from automation.local.dimensions import shift_metadata
from automation.local.errors import MERGED_SORT, refuse
from automation.local.sheet import area_of

if TYPE_CHECKING:
    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.runs import Extras, Row, Values

_BLANK = 9


def sort(book: Book, request: dict[str, Any]) -> None:
    """`sortRange`: stable; cells move with their formats, validations and notes, rows with their metadata.

    Known divergence: relative references in formulas are not rewritten.
    """
    sheet, area = book.grid_area(request.get("range", {}))
    specs = request.get("sortSpecs", [])
    if not specs:
        raise refuse("At least one sortSpec is required.")
    if any(area.overlaps(one) and one.bottom - one.top > 1 for one in map(area_of, sheet.merges)):
        raise refuse(MERGED_SORT)
    rows: list[Row] = list(
        zip(
            sheet.grid.values(area.top, area.bottom),
            sheet.grid.extras(area.top, area.bottom),
            strict=True,
        )
    )
    order = list(range(len(rows)))
    for spec in reversed(specs):
        _order_by(order, rows, spec, area)
    sheet.grid.rewrite(
        area.top, [_spliced(rows[at], rows[of], area) for at, of in enumerate(order)]
    )
    places = {area.top + of: area.top + at for at, of in enumerate(order)}

    def sorted_place(start: int, end: int) -> tuple[int, int]:
        place = places.get(start, start)
        return place, place + end - start

    shift_metadata(book, sheet, "ROWS", sorted_place)


def _order_by(order: list[int], rows: list[Row], spec: dict[str, Any], area: Area) -> None:
    """Sort by one column: numbers, text, booleans, errors; blank cells last either way."""
    column = spec.get("dimensionIndex", 0)
    if not area.left <= column < area.right:
        raise refuse("Invalid dimensionIndex: {column}, outside of the range.", column=column)
    keys = [_key(values[column] if column < len(values) else None) for values, _ in rows]
    descending = spec.get("sortOrder") == "DESCENDING"
    order.sort(key=lambda index: keys[index], reverse=descending)
    order.sort(key=lambda index: keys[index][0] == _BLANK)


def _key(value: Any) -> tuple[int, Any]:
    result = effective(value)
    if result is None:
        return _BLANK, 0
    if isinstance(result, dict):
        return 3, 0
    if isinstance(result, bool):
        return 2, result
    return (1, result.casefold()) if isinstance(result, str) else (0, result)


def _spliced(at: Row, of: Row, area: Area) -> Row:
    """The row `at` with the area's columns of the row `of`."""
    values, extras = at
    other_values, other_extras = of
    kept: Values = values[: area.left] + [None] * (area.left - len(values))
    fresh = other_values[area.left : area.right]
    fresh += [None] * (area.right - area.left - len(fresh))
    inside = {
        name
        for name in (*extras, *other_extras)
        if name != "row" and area.left <= int(name) < area.right
    }
    carried: Extras = extras
    if inside and extras is not other_extras:
        carried = {name: cell for name, cell in extras.items() if name not in inside}
        carried |= {name: cell for name, cell in other_extras.items() if name in inside}
    return kept + fresh + values[area.right :], carried
