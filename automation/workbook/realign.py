"""What landed in a wrong column is put in its own, and what it covered comes back.

No guard sees an organiser who inserts, moves or deletes a column between our read and our write:
the cells of a row are then written beside their columns, perhaps over cells that are not ours. After
every write the headers are read once more; where a column of ours is elsewhere, each row that we
wrote is taken as it stands, if it still holds what we wrote where we wrote it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from automation.core.text import fold
from automation.workbook.cells import parse_text, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.core.model import Cell

Request = dict[str, Any]


class Table(Struct, frozen=True, kw_only=True):
    """A tab whose columns are no longer where they were.

    Attributes:
        meant: Where our columns stood when the cells were written, by key.
        places: Where they stand.
        before: Its cells as they were before, with blank rows where some were inserted since.
        now: Its cells as they are, once they are read.
        header: Index of the header row, from 0; what stands above it is left alone.
    """

    sheet_id: int
    meant: Mapping[str, int]
    places: Mapping[str, int]
    before: Sequence[Sequence[Cell]]
    now: Sequence[Sequence[Cell]] = ()
    header: int = 0


class _Line(Struct):
    """Cells that were written to a row, by column index; row None for one that was appended."""

    row: int | None
    cells: dict[int, Cell] = field(default_factory=dict)


def realign(table: Table, written: Iterable[Request]) -> list[Request]:
    """Return what puts the cells of a tab in their columns.

    Args:
        written: All the requests that were applied, in order.
    """
    keys = {index: key for key, index in table.meant.items()}
    origins = _origins(table.before[table.header] if table.before else ())
    free = len(table.before)
    requests: list[Request] = []
    for line in _list_lines(table, written):
        row = _find(table, line, free)
        if row is None:
            continue
        if line.row is None:
            free = row + 1
        moved = {
            place: _cell(table.now, row, index)
            for index in line.cells
            if (place := table.places.get(keys.get(index, ""))) is not None
        }
        covered = {
            index: _origin(table, origins, line, index)
            for index in line.cells
            if index not in moved
        }
        requests += _write(table.sheet_id, row, {**covered, **moved})
    return requests


def _list_lines(table: Table, written: Iterable[Request]) -> Iterator[_Line]:
    """Yield the rows that were written, each once, the appended ones in their order."""
    sheet_id = table.sheet_id
    rows: defaultdict[int, dict[int, Cell]] = defaultdict(dict)
    appended: list[_Line] = []
    for kind, body in (item for request in written for item in request.items()):
        if kind == "appendCells" and body["sheetId"] == sheet_id:
            appended += [_Line(None, _values(row, 0)) for row in body["rows"]]
        elif kind == "updateCells" and body.get("start", {}).get("sheetId") == sheet_id:
            start = body["start"]
            for row, cells in enumerate(body["rows"], start=start["rowIndex"]):
                rows[row] |= _values(cells, start["columnIndex"])
    # The header row holds what was made in the same write.
    yield from (_Line(row, cells) for row, cells in rows.items() if row > table.header)
    yield from appended


def _values(row: Mapping[str, Any], first: int) -> dict[int, Cell]:
    return {
        index: next(iter(cell.get("userEnteredValue", {}).values()), "")
        for index, cell in enumerate(row["values"], start=first)
    }


def _find(table: Table, line: _Line, free: int) -> int | None:
    """Return the row that holds what was written where it was written; None for none.

    The journal's revision may have been set anew by a later batch: it tells nothing.
    """
    rows = range(free, len(table.now)) if line.row is None else (line.row,)
    untold = table.meant.get("revision")
    told = {i: cell for i, cell in line.cells.items() if cell not in {None, ""} and i != untold}
    for row in rows if told else ():
        if all(_cell(table.now, row, index) == cell for index, cell in told.items()):
            return row
    return None


def _cell(grid: Sequence[Sequence[Cell]], row: int, column: int) -> Cell:
    cells = grid[row] if row < len(grid) else ()
    return cells[column] if column < len(cells) else ""


def _origins(header: Sequence[Cell]) -> dict[str, int]:
    """Return where the columns of a tab stood, by their headers as compared; the leftmost wins."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        found.setdefault(fold(parse_text(cell)), index)
    found.pop("", None)
    return found


def _origin(table: Table, origins: Mapping[str, int], line: _Line, index: int) -> Cell:
    """Return what a cell held that was covered: that of its column; nothing in a new one."""
    column = origins.get(fold(parse_text(_cell(table.now, table.header, index))))
    if column is None or line.row is None:
        return ""
    return _cell(table.before, line.row, column)


def _write(sheet_id: int, row: int, cells: Mapping[int, Cell]) -> list[Request]:
    return [
        {
            "updateCells": {
                "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": index},
                "rows": [{"values": [to_wire(cell)]}],
                "fields": "userEnteredValue",
            }
        }
        for index, cell in cells.items()
    ]
