"""One of our tabs as read: its rows, and where its columns stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from automation.core.model import Problem, phrase
from automation.core.nearness import name_nearest
from automation.core.snapshot import Standing
from automation.core.text import tidy
from automation.errors import WorkbookError
from automation.workbook.cells import parse_integer, parse_label, parse_text
from automation.workbook.layout import find_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from automation.core.model import Cell, Phrase
    from automation.workbook.layout import Tab


class Row(Struct, frozen=True):
    """A row's cells by column key.

    Attributes:
        index: From 0, the header being 0.
    """

    index: int
    cells: Mapping[str, Cell]

    def get(self, key: str) -> Cell:
        """Return a cell; None where the tab has no such column."""
        return self.cells.get(key)


class Sheet(Struct, frozen=True, kw_only=True):
    """A tab of ours.

    Attributes:
        grid: All the rows as read, the header first.
    """

    tab: Tab
    standing: Standing
    grid: Sequence[Sequence[Cell]]

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that show anything in our columns."""
        places = tuple(self.standing.columns.items())
        for index, cells in enumerate(self.grid):
            if index == 0 or not cells:
                continue
            found = {key: cells[i] for key, i in places if i < len(cells) and cells[i] != ""}
            if found:
                yield Row(index, found)

    def problem(
        self, row: Row, message: Phrase, column: str = "", *, damage: bool = False
    ) -> Problem:
        """Return a problem of one of the rows; `column` is a key."""
        header = tidy(parse_text(self.grid[0][self.standing.columns[column]])) if column else ""
        return Problem(
            tab=self.standing.title,
            row=row.index + 1,
            column=header,
            message=message,
            damage=damage,
        )

    def unreadable(self, row: Row, key: str, code: str) -> Problem:
        """Return the problem of a cell that holds something else than it should."""
        return self.problem(row, phrase(code, value=parse_text(row.get(key))[:60]), key)


def open_sheet(tab: Tab, properties: Mapping[str, Any], grid: Sequence[Sequence[Cell]]) -> Sheet:
    """Return a tab of ours from its properties and rows.

    Raises `WorkbookError` where a required column is missing, and names the nearest header.
    """
    header = grid[0] if grid else ()
    columns = find_columns(tab, header)
    for column in tab.columns:
        if column.required and column.key not in columns:
            raise WorkbookError(
                "missing_column",
                column=column.fr,
                tab=properties["title"],
                # Without any header of ours, what stands there may be somebody's row.
                nearest=name_nearest(column.fr, map(parse_text, header if columns else ())),
            )
    size = properties.get("gridProperties", {})
    standing = Standing(
        sheet_id=tab.sheet_id,
        title=properties["title"],
        columns=columns,
        column_count=size.get("columnCount", 0),
        width=max((len(row) for row in grid), default=0),
        grid=grid,
    )
    return Sheet(tab=tab, standing=standing, grid=grid)


def require_cells(properties: Mapping[str, Any], code: str = "tab_is_chart") -> None:
    """Raise `WorkbookError` where a tab is nothing but a chart, and so has no cells to read.

    Google then gives it no `gridProperties`, and refuses any range on it.
    """
    if "gridProperties" not in properties:
        raise WorkbookError(code, tab=properties["title"])


def require_answers(properties: Mapping[str, Any]) -> None:
    """Raise `WorkbookError` where the tab of a form's answers is nothing but a chart."""
    require_cells(properties, "answers_are_chart")


def rows_about(standing: Standing, numbers: Collection[int]) -> list[int]:
    """Return the rows of a tab that are about some enrolments, as indexes from 0.

    The journal numbers meetings too: those lines are about nobody.
    """
    at = standing.columns
    places = [at[key] for key in ("number", "other") if key in at]
    return [
        index
        for index, row in enumerate(standing.grid)
        if index
        and any(parse_integer(cell_at(row, place)) in numbers for place in places)
        and parse_label("event", cell_at(row, at.get("event"))) != "meeting"
    ]


def cell_at(row: Sequence[Cell], index: int | None) -> Cell:
    """Return a cell of a row as read; None beyond its end, and for no index."""
    return row[index] if index is not None and index < len(row) else None


def read_zone(name: str) -> ZoneInfo:
    """Return the spreadsheet's time zone; Sheets may know names that this machine does not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WorkbookError("unknown_zone", zone=name) from error
