"""Reading values: the `values` of an answer, from a sheet and an area."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from automation.local import a1
from automation.local.cells import effective
from automation.local.rendering import DATE_TYPES, error_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.runs import Extras
    from automation.local.sheet import Sheet


def value_range(book: Book, sheet: Sheet, area: Area, options: Mapping[str, Any]) -> dict[str, Any]:
    """The ValueRange of an area.

    Args:
        book: The spreadsheet, for its locale.
        sheet: Where the area is.
        area: Cells within the grid.
        options: `valueRenderOption`, `dateTimeRenderOption` and `majorDimension`, where given.
    """
    major = options.get("majorDimension", "ROWS")
    rows = [_trimmed(row) for row in _rows(book, sheet, area, options)]
    if major == "COLUMNS":
        rows = [_trimmed(list(column)) for column in zip_longest(*rows, fillvalue="")]
    while rows and not rows[-1]:
        rows.pop()
    answer: dict[str, Any] = {"range": a1.write(sheet.title, area), "majorDimension": major}
    return answer | ({"values": rows} if rows else {})


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "" and row[-1].__class__ is str:
        row.pop()
    return row


def _rows(book: Book, sheet: Sheet, area: Area, options: Mapping[str, Any]) -> Iterator[list[Any]]:
    render = options.get("valueRenderOption", "FORMATTED_VALUE")
    dates = options.get("dateTimeRenderOption", "SERIAL_NUMBER")
    bottom = min(area.bottom, sheet.grid.used)
    if render == "FORMATTED_VALUE" or dates == "FORMATTED_STRING":
        yield from _formatted_rows(book, sheet, area._replace(bottom=bottom), render)
        return
    show = _entered if render == "FORMULA" else _unformatted
    for values in sheet.grid.values(area.top, bottom):
        yield [
            "" if value is None else show(value) if value.__class__ is dict else value
            for value in values[area.left : area.right]
        ]


def _formatted_rows(book: Book, sheet: Sheet, area: Area, render: str) -> Iterator[list[Any]]:
    locale = book.properties["locale"]
    grid = sheet.grid
    rows = zip(grid.values(area.top, area.bottom), grid.extras(area.top, area.bottom), strict=True)
    for values, extras in rows:
        cells = enumerate(values[area.left : area.right], area.left)
        yield [
            _formatted(value, number_format(extras, column), locale, render)
            for column, value in cells
        ]


def _formatted(value: Any, kind: dict[str, Any], locale: str, render: str) -> Any:
    if value is None:
        return ""
    if render == "FORMULA" and isinstance(value, dict):
        return value["f"]
    result = effective(value)
    dated = kind.get("type") in DATE_TYPES and not isinstance(result, bool | str | dict)
    if render == "FORMATTED_VALUE" or dated:
        return shown(result, kind, locale)
    return error_text(result) if isinstance(result, dict) else result


def number_format(extras: Extras, column: int) -> dict[str, Any]:
    """The number format that a row gives a column; empty for none."""
    cell = extras.get(str(column), {})
    found: dict[str, Any] = cell.get("userEnteredFormat", {}).get("numberFormat", {})
    return found


def _entered(value: dict[str, Any]) -> Any:
    return value["f"]


def _unformatted(value: dict[str, Any]) -> Any:
    result = effective(value)
    return error_text(result) if isinstance(result, dict) else result
