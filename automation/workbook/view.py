"""Our tabs as anybody may look at them: values by column key, without deciding anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.instants import to_day, to_instant, to_time
from automation.core.text import fold
from automation.errors import WorkbookError, WrongUsageError
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.cells import (
    is_blank,
    parse_checkbox,
    parse_instant,
    parse_label,
    parse_number,
    parse_text,
)
from automation.workbook.layout import ATTENDANCE, BOARDS, MAIL_LOG, Kind, tabs
from automation.workbook.sheet import open_sheet, read_zone, require_cells

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.model import Cell
    from automation.workbook.layout import BoardTab, Column, Tab

Value = str | int | float | bool | None


def find_board(name: str) -> BoardTab | None:
    """Return Sommaire or Commentaires by its key or title; None for another name."""
    for tab in BOARDS:
        if fold(name) in {fold(tab.key), fold(tab.fr), fold(tab.en)}:
            return tab
    return None


def find_tab(config: Config, name: str) -> Tab:
    """Return our tab of that key or title; raises `WrongUsageError` where there is none."""
    ours = (*tabs(config.rules.fields.extra), ATTENDANCE)
    for tab in ours:
        if fold(name) in {fold(tab.key), fold(tab.fr), fold(tab.en)}:
            return tab
    # The mail log is Cohorte's own bookkeeping: whoever wants it knows its name.
    language = config.rules.language
    names = (
        *((tab.title(language), tab.key) for tab in ours if tab.key != MAIL_LOG.key),
        *((tab.title(language), tab.key) for tab in BOARDS),
    )
    # An organiser knows the title, a script the key.
    known = ", ".join(t if fold(t) == fold(key) else f"{t} ({key})" for t, key in names)
    raise WrongUsageError("unknown_tab", tab=name, tabs=known)


def read_tab(http: HTTPClient, config: Config, tab: Tab) -> list[dict[str, Value]]:
    """Return a tab's rows as values by column key, in the order of the sheet.

    Closed sets are their English identifiers, instants ISO 8601 with the spreadsheet's offset,
    days and hours ISO 8601; an empty cell is None. A word outside a closed set stays as typed.
    """
    spreadsheet_id = config.workspace.spreadsheet or ""
    about = get_spreadsheet(http, spreadsheet_id)
    found = [s["properties"] for s in about["sheets"] if s["properties"]["sheetId"] == tab.sheet_id]
    if not found:
        raise WorkbookError("tab_not_made", tab=tab.key)
    require_cells(found[0])
    zone = read_zone(about["properties"].get("timeZone", ""))
    (grid,) = read_ranges(http, spreadsheet_id, [{"sheetId": tab.sheet_id}])
    sheet = open_sheet(tab, found[0], grid)
    columns = [column for column in tab.columns if column.key in sheet.standing.columns]
    return [
        {column.key: to_value(column, row.get(column.key), zone) for column in columns}
        for row in sheet.rows()
    ]


def to_value(column: Column, cell: Cell, zone: ZoneInfo) -> Value:
    """Return what a cell says, for a script."""
    if column.kind is Kind.CHECKBOX:
        return parse_checkbox(cell)
    if is_blank(cell):
        return None
    if column.kind is Kind.CHOICE:
        return parse_label(column.choices, cell) or parse_text(cell)
    if column.kind in {Kind.INTEGER, Kind.NUMBER}:
        return _number(cell)
    return _when(column.kind, cell, zone) or parse_text(cell)


def _number(cell: Cell) -> Value:
    number = parse_number(cell)
    if number is None:
        return parse_text(cell)
    return int(number) if number.is_integer() else number


def _when(kind: Kind, cell: Cell, zone: ZoneInfo) -> str | None:
    if kind is Kind.MOMENT:
        instant = to_instant(cell, zone)
        return instant.astimezone(zone).isoformat(timespec="seconds") if instant else None
    if kind is Kind.INSTANT:
        instant = parse_instant(cell)
        return instant.astimezone(zone).isoformat() if instant else None
    if kind is Kind.DAY:
        day = to_day(cell)
        return day.isoformat() if day else None
    if kind is Kind.TIME:
        clock = to_time(cell)
        return clock.isoformat("minutes") if clock else None
    return None
