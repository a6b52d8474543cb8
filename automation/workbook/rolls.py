"""What happens to the attendance tabs, as requests of batchUpdate.

Rows that are added are inserted in the same batch in which they are filled: whatever organisers insert
meanwhile, they are blank when their cells arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation import locale
from automation.core.roll_sheets import roll_title
from automation.workbook.cells import to_wire
from automation.workbook.furnish import (
    FAINT,
    checkbox,
    colour,
    free_title,
    make_tab,
    protect,
)
from automation.workbook.layout import ROLL_HEADING, roll_tab
from automation.workbook.seals import seal_guests, seal_roll_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.core.model import Cell
    from automation.core.roll import RollRow
    from automation.core.roll_sheets import RollChange
    from automation.core.snapshot import RollStanding, Snapshot

Request = dict[str, Any]

_GUESTS = 30
"""Blank rows below the participants."""

_ROW_HEIGHT = 34  # pixels: a finger's width, so that a phone ticks the right box
_TITLE_SIZE = 13  # points


def list_roll_units(
    snapshot: Snapshot, changes: Iterable[RollChange], language: str
) -> Iterator[list[Request]]:
    """Yield what is written to each attendance tab."""
    titles = set(snapshot.titles)
    for change in changes:
        title = ""
        if change.title:
            title = free_title(roll_title(change.meeting, language), titles)
            titles.add(title)
        heading = snapshot.headings.get(change.meeting.row, ())
        if change.before is None:
            yield _make(change, title, heading, language)
        else:
            yield _update(change, title, heading, snapshot.roll_standings[change.number])


def _make(change: RollChange, title: str, heading: Sequence[str], language: str) -> list[Request]:
    """Return the requests that make a tab: heading, box, participants, room for guests."""
    tab = roll_tab(change.number, len(change.added), _GUESTS)
    columns = {column.key: index for index, column in enumerate(tab.columns)}
    guests = tab.header + 1 + len(change.added)
    divider: dict[str, Cell] = {
        "name": locale.text(language, "roll.guests"),
        "seal": seal_guests(change.number),
    }
    rows = [*(_cells_of(change.number, row) for row in change.added), divider]
    top = {"sheetId": tab.sheet_id, "startRowIndex": 0, "endRowIndex": tab.header}
    box = {
        "sheetId": tab.sheet_id,
        "startRowIndex": ROLL_HEADING,
        "endRowIndex": ROLL_HEADING + 1,
        "startColumnIndex": columns["present"],
        "endColumnIndex": columns["present"] + 1,
    }
    below = {"sheetId": tab.sheet_id, "startRowIndex": tab.header + 1}
    return [
        *make_tab(tab, title, language),
        *_write_heading(tab.sheet_id, range(ROLL_HEADING), 0, heading),
        _write(tab.sheet_id, ROLL_HEADING, 0, [[locale.text(language, "roll.called")]]),
        _write(tab.sheet_id, tab.header + 1, 0, [_arrange(row, columns) for row in rows]),
        _style(top, bold=True),
        _style({**top, "endRowIndex": 1}, bold=True, size=_TITLE_SIZE),
        _style({**top, "startRowIndex": 1, "endRowIndex": ROLL_HEADING}, bold=False),
        _style(
            {**below, "startRowIndex": guests, "endRowIndex": guests + 1}, bold=True, faint=True
        ),
        checkbox(box),
        _heighten({**below, "endRowIndex": tab.rows}),
        protect({**top, "endRowIndex": ROLL_HEADING}, language),
        protect({**box, "startColumnIndex": 0, "endColumnIndex": columns["present"]}, language),
    ]


def _update(
    change: RollChange, title: str, heading: Sequence[str], standing: RollStanding
) -> list[Request]:
    """Return the requests that bring a tab up to date; its rows stay where they are."""
    requests: list[Request] = []
    if title:
        properties = {"sheetId": standing.sheet_id, "title": title}
        requests.append({"updateSheetProperties": {"properties": properties, "fields": "title"}})
    if change.heading:
        lines = heading[: len(standing.heading)]
        column = _heading_column(standing)
        requests += _write_heading(standing.sheet_id, standing.heading, column, lines)
    if change.added:
        # Before any cell is written: rows above keep their index.
        requests += _insert(standing, len(change.added))
    for row in change.changed:
        cells = _cells_of(change.number, row)
        cells["left"] = 1 if row.left else None
        requests += _fill(standing, standing.rows[row.number], cells)
    for index, row in enumerate(change.added, start=standing.last + 1):
        requests += _fill(standing, index, _cells_of(change.number, row))
    return requests


def _insert(standing: RollStanding, count: int) -> list[Request]:
    """Return the requests that make room below the last participant, with boxes."""
    sheet_id, first = standing.sheet_id, standing.last + 1
    rows = {"sheetId": sheet_id, "startRowIndex": first, "endRowIndex": first + count}
    dimension = {"sheetId": sheet_id, "dimension": "ROWS"}
    if first >= standing.row_count:
        room: Request = {"appendDimension": {**dimension, "length": count}}
    else:
        room = {
            "insertDimension": {
                "range": {**dimension, "startIndex": first, "endIndex": first + count},
                "inheritFromBefore": standing.last > standing.header,
            }
        }
    boxes = [standing.columns[key] for key in ("present", "excused") if key in standing.columns]
    return [
        room,
        *(checkbox({**rows, "startColumnIndex": i, "endColumnIndex": i + 1}) for i in boxes),
        _heighten(rows),
    ]


def _cells_of(meeting: int, row: RollRow) -> dict[str, Cell]:
    """Return Cohorte's cells of a participant's row."""
    return {
        "number": row.number,
        "name": row.name,
        "business": row.business,
        "left": 1 if row.left else None,
        "seal": seal_roll_row(meeting, row.number, left=row.left),
    }


def _arrange(cells: Mapping[str, Cell], columns: Mapping[str, int]) -> list[Cell]:
    arranged: list[Cell] = [None] * len(columns)
    for key, cell in cells.items():
        arranged[columns[key]] = cell
    return arranged


def _fill(standing: RollStanding, row: int, cells: Mapping[str, Cell]) -> Iterator[Request]:
    """Yield the requests that write cells of one row, by column key; nobody else's cell is touched."""
    for key, cell in cells.items():
        if key in standing.columns:
            yield _write(standing.sheet_id, row, standing.columns[key], [[cell]])


def _write_heading(
    sheet_id: int, rows: Sequence[int], column: int, lines: Sequence[str]
) -> list[Request]:
    return [_write(sheet_id, row, column, [[line]]) for row, line in zip(rows, lines, strict=False)]


def _heading_column(standing: RollStanding) -> int:
    """Return where the heading stands, though a column was inserted before it."""
    for row in standing.heading:
        for index, cell in enumerate(standing.grid[row]):
            if cell not in {None, ""}:
                return index
    return 0


def _write(sheet_id: int, row: int, column: int, cells: Sequence[Sequence[Cell]]) -> Request:
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": [to_wire(cell) for cell in line]} for line in cells],
            "fields": "userEnteredValue",
        }
    }


def _style(
    cells: Mapping[str, int], *, bold: bool, size: int | None = None, faint: bool = False
) -> Request:
    text = {"bold": bold} | ({"fontSize": size} if size else {})
    look: dict[str, Any] = {"textFormat": text, "wrapStrategy": "OVERFLOW_CELL"}
    look["horizontalAlignment"] = "LEFT"
    if faint:
        look["backgroundColorStyle"] = {"rgbColor": colour(FAINT)}
    return {
        "repeatCell": {
            "range": dict(cells),
            "cell": {"userEnteredFormat": look},
            "fields": ",".join(f"userEnteredFormat.{name}" for name in look),
        }
    }


def _heighten(rows: Mapping[str, int]) -> Request:
    return {
        "updateDimensionProperties": {
            "range": {
                "sheetId": rows["sheetId"],
                "dimension": "ROWS",
                "startIndex": rows["startRowIndex"],
                "endIndex": rows["endRowIndex"],
            },
            "properties": {"pixelSize": _ROW_HEIGHT},
            "fields": "pixelSize",
        }
    }
