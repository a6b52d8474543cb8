"""The attendance tabs, as organisers left them.

Their header row is wherever its labels stand, since organisers may insert rows above it. A row with a
number is a participant's; any other that says something is a guest's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from automation import locale
from automation.core.model import Number, Problem, phrase
from automation.core.roll import Guest, Roll, RollRow
from automation.core.roll_sheets import is_our_title
from automation.core.snapshot import RollStanding
from automation.core.text import fold
from automation.workbook.cells import is_blank, parse_checkbox, parse_integer, parse_text
from automation.workbook.layout import ROLL_HEADING, find_columns, roll_tab
from automation.workbook.seals import seal_guests, seal_roll_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from automation.core.model import Cell

_SEARCHED = 40
"""Rows among which the header is looked for."""


class RollView(Struct, frozen=True, kw_only=True):
    """One attendance tab."""

    roll: Roll
    standing: RollStanding
    problems: tuple[Problem, ...] = ()


def read_roll(
    number: int,
    properties: Mapping[str, Any],
    grid: Sequence[Sequence[Cell]],
    heading: Sequence[str] | None,
) -> RollView:
    """Return the attendance tab of a meeting.

    Args:
        number: The meeting's.
        heading: What the rows above "Appel terminé" should say; None where nobody knows.
    """
    title = str(properties["title"])
    header = _find_header(number, grid)
    columns = find_columns(roll_tab(number), grid[header]) if header is not None else {}
    called_at = _find_called(grid, header)
    first = max(0, (called_at or 0) - ROLL_HEADING)
    standing = RollStanding(
        sheet_id=properties["sheetId"],
        title=title,
        columns=columns,
        header=header or 0,
        heading=tuple(range(first, called_at)) if called_at is not None else (),
        rows={},
        last=header or 0,
        row_count=properties.get("gridProperties", {}).get("rowCount", len(grid)),
        column_count=properties.get("gridProperties", {}).get("columnCount", 0),
        grid=grid,
    )
    roll = Roll(meeting=number, title=title, own_title=is_our_title(title))
    if header is None:
        lost = Problem(tab=title, message=phrase("problem.roll_header"), damage=True)
        return RollView(roll=replace(roll, readable=False), standing=standing, problems=(lost,))
    found = _Rows(number, title, columns)
    for index in range(header + 1, len(grid)):
        found.read(index, grid[index])
    shown = [_shown(grid, row) for row in standing.heading]
    return RollView(
        roll=replace(
            roll,
            called=_is_called(grid, called_at),
            rows=tuple(found.rows.values()),
            guests=tuple(found.guests),
            stale=heading is not None and bool(shown) and shown != list(heading[: len(shown)]),
        ),
        standing=replace(
            standing, rows=found.places, last=max(found.places.values(), default=header)
        ),
        problems=tuple(found.problems),
    )


def _find_header(number: int, grid: Sequence[Sequence[Cell]]) -> int | None:
    required = {column.key for column in roll_tab(number).columns if column.required}
    for index, cells in enumerate(grid[:_SEARCHED]):
        if required <= set(find_columns(roll_tab(number), cells)):
            return index
    return None


def _find_called(grid: Sequence[Sequence[Cell]], header: int | None) -> int | None:
    """Return the row of "Appel terminé", above the header; None where it is gone."""
    labels = {fold(locale.text(language, "roll.called")) for language in locale.CATALOGUES}
    for index, cells in enumerate(grid[: header or 0]):
        if any(isinstance(cell, str) and fold(cell) in labels for cell in cells):
            return index
    return None


def _is_called(grid: Sequence[Sequence[Cell]], row: int | None) -> bool:
    return row is not None and any(parse_checkbox(cell) for cell in grid[row])


def _shown(grid: Sequence[Sequence[Cell]], row: int) -> str:
    """Return what a row of the heading says, wherever a column was inserted."""
    return next((parse_text(cell) for cell in grid[row] if not is_blank(cell)), "")


class _Rows:
    """Gathers what stands below the header."""

    def __init__(self, meeting: int, title: str, columns: Mapping[str, int]) -> None:
        self.rows: dict[Number, RollRow] = {}
        self.places: dict[Number, int] = {}
        self.guests: list[Guest] = []
        self.problems: list[Problem] = []
        self._meeting, self._title, self._columns = meeting, title, columns

    def read(self, index: int, cells: Sequence[Cell]) -> None:
        """Take in one row (index from 0)."""
        told = {key: cells[i] for key, i in self._columns.items() if i < len(cells)}
        number, seal = parse_integer(told.get("number")), parse_text(told.get("seal"))
        if seal == seal_guests(self._meeting):
            return
        if number is None or not seal:
            self.guests += _read_guest(told)
            return
        row = _read_row(self._meeting, Number(number), told, seal)
        other = self.rows.get(row.number)
        if row.torn:
            self._report(index, "problem.roll_torn", number)
        elif other is not None:
            self._report(index, "problem.roll_doubled", number)
        if other is None:
            self.rows[row.number], self.places[row.number] = row, index
        elif not row.torn:
            self.rows[row.number] = replace(
                other,
                present=other.present or row.present,
                excused=other.excused or row.excused,
            )

    def _report(self, index: int, code: str, number: int) -> None:
        message = phrase(code, number=number)
        self.problems.append(Problem(tab=self._title, row=index + 1, message=message, damage=True))


def _read_row(meeting: int, number: Number, told: Mapping[str, Cell], seal: str) -> RollRow:
    left = parse_integer(told.get("left")) == 1
    return RollRow(
        number=number,
        name=parse_text(told.get("name")),
        business=parse_text(told.get("business")),
        left=left,
        present=parse_checkbox(told.get("present")),
        excused=parse_checkbox(told.get("excused")),
        note=parse_text(told.get("note")),
        torn=seal != seal_roll_row(meeting, number, left=left),
    )


def _read_guest(told: Mapping[str, Cell]) -> Iterator[Guest]:
    """Yield the guest of a row, if it tells of one."""
    name, present = parse_text(told.get("name")), parse_checkbox(told.get("present"))
    if name or present:
        yield Guest(name=name, present=present, note=parse_text(told.get("note")))
