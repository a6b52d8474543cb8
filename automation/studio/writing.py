"""Writing in a cell, though a night or somebody else may have moved it since the page was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gspread.utils import rowcol_to_a1
from msgspec import Struct

from automation.core.text import fold
from automation.studio.looks import covers
from automation.studio.tab import is_answers, open_sheet, quote_title

if TYPE_CHECKING:
    from automation.studio.bench import Bench
    from automation.studio.tab import Sheet


class Edit(Struct, frozen=True, kw_only=True):
    """What somebody writes in a cell.

    Attributes:
        row: Where the page showed it; so is `column`.
        key: What told the row from the others; so does `header` for the column.
        was: What the cell said then.
        ticks: Whether it is a box.
    """

    row: int
    column: int
    key: str
    header: str
    was: str
    text: str
    ticks: bool = False


class Written(Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        shown: What the cell shows now.
        key: What tells its row from the others now.
    """

    shown: str
    key: str


class OvertakenError(Exception):
    """What the page showed is no longer so.

    Attributes:
        code: Says in the catalogue, under `studio.`, what somebody is told.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def write_cell(bench: Bench, sheet_id: int, edit: Edit) -> Written:
    """Write in a cell, wherever its row and its column stand by now.

    Text becomes what Sheets makes of it when typed. Raises `OvertakenError` where the row is gone,
    somebody else wrote there meanwhile, or the cell is not the organisers'.
    """
    with bench.lock:
        sheet = open_sheet(bench, sheet_id)
        if sheet is None or is_answers(bench.config, sheet.title):
            raise OvertakenError("cell_protected")
        row, column = _find_row(sheet, edit), _find_column(sheet, edit)
        place = f"{quote_title(sheet.title)}!{rowcol_to_a1(row + 1, column + 1)}"
        _require_ours(bench, sheet, row, column)
        if _show(bench, place) != edit.was:
            raise OvertakenError("cell_taken")
        value: str | bool = edit.text == "TRUE" if edit.ticks else edit.text
        bench.http.values_update(
            bench.spreadsheet_id,
            place,
            {"valueInputOption": "RAW" if edit.ticks else "USER_ENTERED"},
            {"values": [[value]]},
        )
        after = open_sheet(bench, sheet_id)
        return Written(shown=_show(bench, place), key=after.key_of(row) if after else "")


def _find_row(sheet: Sheet, edit: Edit) -> int:
    if not edit.key:
        if sheet.key_of(edit.row):
            raise OvertakenError("cell_moved")
        if edit.row >= sheet.properties["gridProperties"]["rowCount"]:
            raise OvertakenError("cell_moved")
        return edit.row
    found = [index for index in range(len(sheet.grid)) if sheet.key_of(index) == edit.key]
    if len(found) != 1:
        raise OvertakenError("cell_moved")
    return found[0]


def _find_column(sheet: Sheet, edit: Edit) -> int:
    headers = [fold(text) for text in sheet.headers()]
    wanted = fold(edit.header)
    there = headers[edit.column] if edit.column < len(headers) else ""
    if there == wanted:
        return edit.column
    if headers.count(wanted) != 1:
        raise OvertakenError("cell_moved")
    return headers.index(wanted)


def _require_ours(bench: Bench, sheet: Sheet, row: int, column: int) -> None:
    """Raise unless a cell is the organisers' to write in."""
    params = {"fields": "sheets(properties.sheetId,protectedRanges.range)"}
    for one in bench.call("get", params=params)["sheets"]:
        if one["properties"].get("sheetId", 0) == sheet.sheet_id:
            ranges = [p["range"] for p in one.get("protectedRanges", ()) if "range" in p]
            if any(covers(cells, row, column) for cells in ranges):
                raise OvertakenError("cell_protected")


def _show(bench: Bench, place: str) -> str:
    """Return what a cell shows."""
    values = bench.http.values_get(bench.spreadsheet_id, place).get("values", [[""]])
    return str(values[0][0]) if values and values[0] else ""
