"""Requests about tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import masks, patches
from automation.local.cells import effective
from automation.local.errors import refuse
from automation.local.object_messages import TABLE
from automation.local.objects import (
    drop,
    each,
    find,
    free_table_name,
    fresh_id,
    located,
    put,
    shown,
)
from automation.local.rendering import shown as shown_value
from automation.local.sheet import span_of

if TYPE_CHECKING:
    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.sheet import Sheet


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addTable`: the first row of its range holds the columns' names."""
    given = request.get("table", {})
    number = fresh_id(book, "tables", given.get("tableId") or None)
    sheet, table = _complete(book, {"name": free_table_name(book)} | given | {"tableId": number})
    put(sheet, "tables", table)
    return {"addTable": {"table": shown(TABLE, table)}}


def _complete(book: Book, given: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    """The sheet and the checked content of a table, a line for each of its columns.

    Raises:
        ApiError: 400 without a range, over another table, or for a column outside of it.
    """
    if "range" not in given:
        raise refuse("A table needs a range.")
    table = located(book, TABLE, given)
    sheet, area = book.grid_area(table["range"])
    for other, known in each(book, "tables"):
        if known["tableId"] == table["tableId"]:
            continue
        if known["name"].casefold() == table["name"].casefold():
            raise refuse('A table with the name "{name}" already exists.', name=table["name"])
        if other is sheet and area.overlaps(sheet.clip(span_of(known["range"]))):
            raise refuse("You can't create a table over another table.")
    columns = {column.get("columnIndex", 0): column for column in table.get("columnProperties", ())}
    if any(not 0 <= index < area.right - area.left for index in columns):
        raise refuse("A column of the table is outside of its range.")
    names = _header(book, sheet, area)
    table["columnProperties"] = [
        {"columnIndex": index, "columnName": name} | columns.get(index, {})
        for index, name in enumerate(names)
    ]
    return sheet, table


def _header(book: Book, sheet: Sheet, area: Area) -> list[str]:
    """The names in the first row, `Column 1` and so on where there is none."""
    (values,) = sheet.grid.values(area.top, area.top + 1)
    row = values[area.left : area.right]
    row = row + [None] * (area.right - area.left - len(row))
    return [
        f"Column {index}"
        if value is None
        else shown_value(effective(value), {}, book.properties["locale"])
        for index, value in enumerate(row, 1)
    ]


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateTable`."""
    given = request.get("table", {})
    sheet, known = find(book, "tables", given.get("tableId", ""))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, TABLE)
    changed = masks.assign(mask, known, given) | {"tableId": known["tableId"]}
    target, table = _complete(book, changed)
    if target is not sheet:
        raise refuse("A table cannot move to another sheet.")
    put(target, "tables", table)


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteTable`: with its cells, as Google documents."""
    sheet, known = find(book, "tables", request.get("tableId", ""))
    area = sheet.clip(span_of(known["range"]))
    patches.blank(sheet, area)
    drop(sheet, "tables", known)
