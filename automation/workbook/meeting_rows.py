"""Meetings whose rows moved between our read and our write: what is Cohorte's goes beside them again.

A meeting's number, and what people were told of it, stand nowhere but in its row, and no guard sees an
organiser who sorts Rencontres meanwhile. So after a write each row is known again by what organisers
wrote in it, and gets the cells that were meant for it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from automation.workbook.cells import is_blank, parse_integer, to_wire
from automation.workbook.layout import MEETINGS, Owner
from automation.workbook.requests import meeting_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from automation.core.model import Cell
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot
    from automation.workbook.requests import Pen, Request

_THEIRS = tuple(c.key for c in MEETINGS.columns if c.owner is Owner.ORGANISER)
_OURS = tuple(c.key for c in MEETINGS.columns if c.owner is not Owner.ORGANISER)

_Cells = dict[str, "Cell"]


def put_beside(
    snapshot: Snapshot,
    plan: Plan,
    pen: Pen,
    places: Mapping[str, int],
    now: Sequence[Sequence[Cell]],
) -> list[Request]:
    """Return what puts Cohorte's cells beside the meetings that they were meant for.

    Nothing where no row moved: organisers may be at work in one all the same.

    Args:
        places: Where the columns stand now, by key.
        now: All the cells of the tab, after the write.
    """
    standing = snapshot.standings[MEETINGS.key]
    meant = _list_meant(snapshot, plan, pen)
    theirs = {index: _take(row, places, _THEIRS) for index, row in enumerate(now) if index}
    before = {
        index: _take(row, standing.columns, _THEIRS)
        for index, row in enumerate(standing.grid)
        if index
    }
    # A row that stands where it stood is nobody else's, whatever other row says the same.
    found = {index: meant.pop(index) for index in theirs if _stays(index, theirs, before, meant)}
    astray: defaultdict[tuple[Cell, ...], list[int]] = defaultdict(list)
    for index in meant:
        astray[before[index]].append(index)
    moved = {
        index: astray[cells].pop(0)
        for index, cells in theirs.items()
        if cells != before.get(index) and astray.get(cells)
    }
    if not moved:
        return []
    found |= {index: meant[former] for index, former in moved.items()}
    claimed = {cells["number"] for cells in found.values()} - {None}
    return [
        request
        for index, row in enumerate(now)
        if index
        for request in _write(index, row, places, found.get(index) or _clear(row, places, claimed))
    ]


def _stays(
    index: int,
    theirs: Mapping[int, tuple[Cell, ...]],
    before: Mapping[int, tuple[Cell, ...]],
    meant: Mapping[int, _Cells],
) -> bool:
    """Tell whether a meeting's row says what it said."""
    return index in meant and theirs[index] == before[index]


def _list_meant(snapshot: Snapshot, plan: Plan, pen: Pen) -> dict[int, _Cells]:
    """Return what is Cohorte's in each meeting's row after a plan, by the row's index before it."""
    standing = snapshot.standings[MEETINGS.key]
    changes = {change.meeting.row: change for change in plan.meetings}
    meant: dict[int, _Cells] = {}
    for meeting in snapshot.meetings:
        index = meeting.row - 1
        cells = dict(zip(_OURS, _take(standing.grid[index], standing.columns, _OURS), strict=True))
        if meeting.row in changes:
            values = meeting_values(changes[meeting.row])
            cells |= {name: pen.render(MEETINGS.key, name, values[name]) for name in values}
        meant[index] = {name: None if is_blank(cell) else cell for name, cell in cells.items()}
    return meant


def _clear(row: Sequence[Cell], places: Mapping[str, int], claimed: set[Cell]) -> _Cells:
    """Return what takes a number away from a row that it was not meant for; nothing elsewhere."""
    (number,) = _take(row, places, ("number",))
    taken = parse_integer(number) in {parse_integer(cell) for cell in claimed}
    return dict.fromkeys(_OURS) if not is_blank(number) and taken else {}


def _take(row: Sequence[Cell], places: Mapping[str, int], names: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of some columns; blank ones, and missing columns, are None."""
    cells = (row[places[n]] if n in places and places[n] < len(row) else None for n in names)
    return tuple(None if is_blank(cell) else cell for cell in cells)


def _write(
    index: int, row: Sequence[Cell], places: Mapping[str, int], meant: _Cells
) -> Iterator[Request]:
    """Yield the requests for the cells of a row that are not as they were meant."""
    for name, cell in meant.items():
        if name in places and _take(row, places, (name,)) != (cell,):
            yield {
                "updateCells": {
                    "start": {
                        "sheetId": MEETINGS.sheet_id,
                        "rowIndex": index,
                        "columnIndex": places[name],
                    },
                    "rows": [{"values": [to_wire(cell)]}],
                    "fields": "userEnteredValue",
                }
            }
