"""The tabs of the spreadsheet, and what tells their rows from one another, wherever they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.core.responses import cell_text
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.layout import find_columns, roll_number, roll_tab, tabs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.config import Config
    from automation.studio.bench import Bench
    from automation.workbook.layout import Tab

_HEADING_ROWS: Final = 12
"""Among which a tab's header is looked for."""
_KEYS: Final = {
    "cohorts": ("code",),
    "meetings": ("number",),
    "enrolments": ("number",),
    "duplicates": ("a", "b"),
    "mail": ("key",),
    "attendance": ("number",),
}
"""The columns that tell a row of ours from the others."""


class Sheet(Struct, frozen=True, kw_only=True):
    """A tab, before anything of it is shown.

    Attributes:
        grid: Its values, unformatted; rows and cells that are empty at the end are left out.
        header: Index of the row of headers.
        keys: Indexes of the columns that tell a row from the others; () for a tab that is not ours.
    """

    properties: Mapping[str, Any]
    grid: Sequence[Sequence[Any]]
    header: int
    keys: tuple[int, ...]

    @property
    def sheet_id(self) -> int:
        """The tab's id."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The tab's title."""
        return str(self.properties["title"])

    def headers(self) -> list[str]:
        """Return the header of each column."""
        return _texts(self.grid[self.header]) if self.header < len(self.grid) else []

    def key_of(self, index: int) -> str:
        """Return what tells a row from the others; "" for one that has nothing of ours as yet."""
        if not self.header < index < len(self.grid):
            return ""
        row = self.grid[index]
        parts = [cell_text(row[at]) if at < len(row) else "" for at in self.keys]
        return " ".join(parts) if all(parts) else ""


def list_tabs(bench: Bench) -> list[dict[str, Any]]:
    """Return the properties of the tabs with cells that are not hidden, in their order."""
    about = get_spreadsheet(bench.http, bench.spreadsheet_id)
    properties = [sheet["properties"] for sheet in about["sheets"]]
    return [one for one in properties if "gridProperties" in one and not one.get("hidden")]


def open_sheet(bench: Bench, sheet_id: int) -> Sheet | None:
    """Return a tab that is not hidden, with its values; None for no such."""
    found = [one for one in list_tabs(bench) if one["sheetId"] == sheet_id]
    if not found:
        return None
    (grid,) = read_ranges(bench.http, bench.spreadsheet_id, [{"sheetId": sheet_id}])
    tab = _find_tab(bench.config, sheet_id)
    header, keys = _find_keys(tab, grid) if tab else (0, ())
    return Sheet(properties=found[0], grid=grid, header=header, keys=keys)


def _find_tab(config: Config, sheet_id: int) -> Tab | None:
    meeting = roll_number(sheet_id)
    if meeting is not None:
        return roll_tab(meeting)
    ours = (tab for tab in tabs(config.rules.fields.extra) if tab.sheet_id == sheet_id)
    return next(ours, None)


def _find_keys(tab: Tab, grid: Sequence[Sequence[Any]]) -> tuple[int, tuple[int, ...]]:
    """Return the index of the row of headers, the first with our key columns, and where they are."""
    wanted = _KEYS.get(tab.key, ())
    for index, row in enumerate(grid[:_HEADING_ROWS]):
        places = find_columns(tab, _texts(row))
        if all(key in places for key in wanted):
            return index, tuple(places[key] for key in wanted)
    return tab.header, ()


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell_text(cell) for cell in row]


def is_answers(config: Config, title: str) -> bool:
    """Whether a tab is where a form's answers arrive: participants' own, and nobody else's."""
    return title in config.responses.tabs or title == config.ma_place.tab


def quote_title(title: str) -> str:
    """Return a tab's title as ranges name it."""
    return "'" + title.replace("'", "''") + "'"
