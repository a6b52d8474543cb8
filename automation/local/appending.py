"""`values.append`: finding the table and writing below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import a1
from automation.local.a1 import Area
from automation.local.book import MAX_COLUMNS
from automation.local.dimensions import grow, insert_rows
from automation.local.errors import TOO_MANY_COLUMNS, refuse
from automation.local.values import input_option, rows_of, update_answer, write

if TYPE_CHECKING:
    from automation.local.desk import Desk
    from automation.local.runs import Values
    from automation.local.sheet import Sheet


def append(desk: Desk) -> dict[str, Any]:
    """`values.append`."""
    book = desk.book()
    sheet, area = book.area(desk.names["range"])
    rows = rows_of(desk.body)
    table = find_table(sheet, area)
    start = (area.top, area.left) if table is None else (table.bottom, table.left)
    _make_room(sheet, start, rows, desk.query.get("insertDataOption", "OVERWRITE"))
    book.check_size()
    written = write(book, sheet, start, rows, input_option(desk.query))
    book.save(desk.now)
    answer: dict[str, Any] = {"spreadsheetId": book.id}
    if table:
        answer["tableRange"] = a1.write(sheet.title, table)
    return answer | {"updates": update_answer(book, written, desk.query)}


def _make_room(sheet: Sheet, start: tuple[int, int], rows: list[list[Any]], option: str) -> None:
    top, left = start
    right = left + max(map(len, rows), default=0)
    if right > MAX_COLUMNS:
        raise refuse(TOO_MANY_COLUMNS)
    sheet.column_count = max(sheet.column_count, right)
    if option == "INSERT_ROWS" and top < sheet.grid.used:
        insert_rows(sheet, top, len(rows), inherit_before=True)
    grow(sheet, top + len(rows))


def find_table(sheet: Sheet, area: Area) -> Area | None:
    """The block of neighbouring values below which Sheets appends: the last one in the area.

    It begins at the rightmost value of the last row that has one within the area, and takes in
    every value that touches it, diagonals included. So a row like `[x, "", z]` makes a table of
    `z` alone, which was seen at Google.
    """
    rows = list(sheet.grid.values(0, sheet.grid.used))
    seed = _last_value(rows, area)
    if seed is None:
        return None
    box = Area(seed[0], seed[0] + 1, seed[1], seed[1] + 1)
    while (wider := _widened(rows, box)) != box:
        box = wider
    return box


def _last_value(rows: list[Values], area: Area) -> tuple[int, int] | None:
    for row in range(min(area.bottom, len(rows)) - 1, area.top - 1, -1):
        for column in range(min(area.right, len(rows[row])) - 1, area.left - 1, -1):
            if rows[row][column] is not None:
                return row, column
    return None


def _widened(rows: list[Values], box: Area) -> Area:
    """The box grown by one on every side where a value touches it."""
    top, bottom, left, right = box
    near_left, near_right = max(left - 1, 0), right + 1
    while top > 0 and _any(rows, top - 1, near_left, near_right):
        top -= 1
    while bottom < len(rows) and _any(rows, bottom, near_left, near_right):
        bottom += 1
    around = range(max(top - 1, 0), min(bottom + 1, len(rows)))
    if left > 0 and any(_any(rows, row, left - 1, left) for row in around):
        left -= 1
    if any(_any(rows, row, right, right + 1) for row in around):
        right += 1
    return Area(top, bottom, left, right)


def _any(rows: list[Values], row: int, left: int, right: int) -> bool:
    return any(value is not None for value in rows[row][left:right])
