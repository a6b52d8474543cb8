"""Organisers of the demonstration call a roll, tick by tick, as they would on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gspread.cell import Cell
from gspread.utils import ValueInputOption

from automation.core.text import fold
from automation.workbook.layout import roll_tab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gspread import Spreadsheet

    from automation.core.roll import Roll
    from automation.core.snapshot import RollStanding, Snapshot
    from automation.demo.story import CallRoll


def call_roll(book: Spreadsheet, snapshot: Snapshot, act: CallRoll) -> None:
    """Tick who was there, note who came along, and say that the roll is called.

    Where the tab is not there, nobody ticks anything. Done twice, it leaves what doing it once does.
    """
    roll, standing = snapshot.rolls.get(act.meeting), snapshot.roll_standings.get(act.meeting)
    if roll is None or standing is None:
        return
    cells = [*_ticks(roll, standing, act), *_guests(roll, standing, act)]
    if act.called and standing.heading:
        cells.append(_cell(standing, standing.heading[-1] + 1, "present", value=True))
    sheet = book.get_worksheet_by_id(roll_tab(act.meeting).sheet_id)
    sheet.update_cells(cells, value_input_option=ValueInputOption.user_entered)


def _ticks(roll: Roll, standing: RollStanding, act: CallRoll) -> Iterator[Cell]:
    absent, excused = set(map(_key, act.absent)), set(map(_key, act.excused))
    for row in roll.rows:
        place, name = standing.rows[row.number], _key(row.name)
        if name in excused:
            yield _cell(standing, place, "excused", value=True)
        elif name not in absent and not row.left:
            yield _cell(standing, place, "present", value=True)


def _guests(roll: Roll, standing: RollStanding, act: CallRoll) -> Iterator[Cell]:
    there = {_key(guest.name) for guest in roll.guests}
    # Below the last participant stands the line that says where guests go.
    free = standing.last + 2 + len(there)
    new = [name for name in act.guests if _key(name) not in there]
    for row, name in enumerate(new, start=free):
        yield _cell(standing, row, "name", value=name)
        yield _cell(standing, row, "present", value=True)


def _key(name: str) -> str:
    return " ".join(sorted(fold(name).split()))


def _cell(standing: RollStanding, row: int, column: str, *, value: str | bool) -> Cell:
    """Return a cell of the tab, given its row from 0."""
    # gspread types a cell's value as text, and sends what it is.
    return Cell(row + 1, standing.columns[column] + 1, value)  # type: ignore[arg-type]
