"""Cohorts and meetings come into our tabs as organisers would type them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from automation.core.instants import to_day, to_time, wall_serial
from automation.core.responses import TIMESTAMP_HEADERS
from automation.core.text import fold, tidy
from automation.errors import WorkbookError
from automation.google import sheets
from automation.workbook.cells import (
    is_blank,
    parse_checkbox,
    parse_integer,
    parse_label,
    parse_number,
    parse_text,
    render,
    to_wire,
)
from automation.workbook.furnish import free_title, make_tab
from automation.workbook.layout import COHORTS, MEETINGS, Kind, Owner, find_columns
from automation.workbook.loading.target import Loaded, Request, Target, append_rows
from automation.workbook.loading.typed import read_dates
from automation.workbook.sheet import open_sheet, require_cells
from automation.workbook.view import to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.model import Cell
    from automation.workbook.layout import Column, Tab
    from automation.workbook.sheet import Row

    _AnyRow = TypeVar("_AnyRow", Row, Mapping[str, Cell])

LOADABLE: Final = {tab.key: tab for tab in (COHORTS, MEETINGS)}
"""Our tabs that organisers fill, by key."""

_VALUES = "userEnteredValue"
_IDENTITY = {"cohorts": ("code",), "meetings": ("cohort", "date", "start")}
_NEEDED = {"cohorts": ("code",), "meetings": ("cohort", "date")}
_ANYWHERE = ZoneInfo("UTC")  # what is rendered here holds no instant
_TICKED = frozenset({"vrai", "1"})
_UNTICKED = frozenset({"faux", "false", "non", "no", "0"})


def add_rows(
    http: HTTPClient,
    config: Config,
    tab_key: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Loaded:
    """Add cohorts or meetings as an organiser would; the tab is made if missing.

    Headers may be in either language; columns that are Cohorte's stay Cohorte's. A cohort whose
    code is there, and a meeting of the same cohort, day and hour, take what the file says
    otherwise, and keep what it leaves empty; of such rows in one file, the first counts. Raises
    `WorkbookError` where a column is missing that tells one row from another.
    """
    tab = LOADABLE[tab_key]
    given = _given_columns(tab, header, config.language.value)
    spreadsheet_id = config.workspace.spreadsheet or ""
    language = config.language.value
    standing = _open_tab(http, spreadsheet_id, tab, language)
    typed = _type_columns(tab, given, rows, language)
    whole = [row for row in typed if all(row.get(key) is not None for key in _NEEDED[tab.key])]
    distinct = _first_of_each(tab, whole)
    there = _first_of_each(tab, standing.rows)
    new = [row for identity, row in distinct.items() if identity not in there]
    changes = list(_find_changes(tab, standing.places, distinct, there))
    if new or changes:
        wired = (_lay_out(row, standing.places) for row in new)
        target = Target(http, spreadsheet_id, tab.sheet_id, _VALUES)
        append_rows(target, [*standing.making, *chain.from_iterable(changes)], wired)
    placed = [index for key, index in given.items() if key in standing.places]
    return Loaded(
        added=len(new),
        updated=len(changes),
        already=len(whole) - len(new) - len(changes),
        left_out=len(typed) - len(whole),
        ignored=tuple(tidy(text) for i, text in enumerate(header) if i not in placed),
    )


def resembles(tab: Tab, header: Sequence[str]) -> bool:
    """Tell whether a file's header is rather that of a tab of ours than that of a form."""
    found = _organisers_columns(tab, header)
    stamped = any(fold(text) in TIMESTAMP_HEADERS for text in header)
    return not stamped and set(_NEEDED[tab.key]) <= set(found) and len(found) * 2 > len(header)


class _OurTab(Struct, frozen=True, kw_only=True):
    """One of our tabs, as it stands or as it will be made.

    Attributes:
        places: Column key to index, from 0.
    """

    making: tuple[Request, ...] = ()
    places: Mapping[str, int]
    rows: tuple[Row, ...] = ()


def _organisers_columns(tab: Tab, header: Sequence[str]) -> dict[str, int]:
    found = find_columns(tab, header)
    return {k: i for k, i in found.items() if tab.column(k).owner is Owner.ORGANISER}


def _given_columns(tab: Tab, header: Sequence[str], language: str) -> dict[str, int]:
    found = _organisers_columns(tab, header)
    for key in _NEEDED[tab.key]:
        if key not in found:
            label = tab.column(key).label(language)
            raise WorkbookError("csv_headers", column=label, tab=tab.title(language))
    return found


def _open_tab(http: HTTPClient, spreadsheet_id: str, tab: Tab, language: str) -> _OurTab:
    about = sheets.get_spreadsheet(http, spreadsheet_id)
    properties = {sheet["properties"]["sheetId"]: sheet["properties"] for sheet in about["sheets"]}
    if tab.sheet_id not in properties:
        title = free_title(tab.title(language), {one["title"] for one in properties.values()})
        places = {column.key: index for index, column in enumerate(tab.columns)}
        return _OurTab(making=tuple(make_tab(tab, title, language)), places=places)
    require_cells(properties[tab.sheet_id])
    (grid,) = sheets.read_ranges(http, spreadsheet_id, [{"sheetId": tab.sheet_id}])
    sheet = open_sheet(tab, properties[tab.sheet_id], grid)
    return _OurTab(places=sheet.standing.columns, rows=tuple(sheet.rows()))


def _type_columns(
    tab: Tab, given: Mapping[str, int], rows: Sequence[Sequence[str]], language: str
) -> list[dict[str, Cell]]:
    """Return the rows that hold anything as cells by column key, without the empty ones."""
    typed: list[dict[str, Cell]] = [{} for _ in rows]
    for key, index in given.items():
        texts = [row[index] for row in rows]
        for row, cell in zip(typed, _type_column(tab.column(key), texts, language), strict=True):
            if cell is not None:
                row[key] = cell
    return [row for row in typed if row]


def _type_column(column: Column, texts: Sequence[str], language: str) -> list[Cell]:
    """Return the texts of a column as its cells; what cannot be understood stays as written."""
    walls = read_dates(texts, day_first=language == "fr")
    return [
        _type_cell(column, text.strip(), wall, language)
        for text, wall in zip(texts, walls, strict=True)
    ]


def _type_cell(column: Column, text: str, wall: datetime | None, language: str) -> Cell:
    value = _parse(column, text, wall) if text else None
    cell = render(column, value, _ANYWHERE, language)
    return cell if cell is not None else text or None


def _parse(column: Column, text: str, wall: datetime | None) -> object:  # noqa: PLR0911 - a line for each kind
    """Return what a text means in a column; None where it means nothing there."""
    if column.kind is Kind.INTEGER:
        return parse_integer(text)
    if column.kind is Kind.NUMBER:
        return parse_number(text)
    if column.kind is Kind.DAY:
        return wall.date() if wall else None
    if column.kind is Kind.MOMENT:
        return wall_serial(wall) if wall else None
    if column.kind is Kind.TIME:
        return to_time(text)
    if column.kind is Kind.CHOICE:
        return parse_label(column.choices, text)
    return _parse_box(text) if column.kind is Kind.CHECKBOX else text


def _parse_box(text: str) -> bool | None:
    if parse_checkbox(text) or fold(text) in _TICKED:
        return True
    return False if fold(text) in _UNTICKED else None


def _tell_apart(tab: Tab, row: Row | Mapping[str, Cell]) -> tuple[object, ...]:
    """Return what makes a row the same as another, whatever else it says."""
    return tuple(_essence(tab.column(key), row.get(key)) for key in _IDENTITY[tab.key])


def _essence(column: Column, cell: Cell) -> object:
    if is_blank(cell):
        return None
    if column.kind is Kind.DAY:
        return to_day(cell) or parse_text(cell)
    if column.kind is Kind.TIME:
        return to_time(cell) or parse_text(cell)
    return fold(parse_text(cell))


def _first_of_each(tab: Tab, rows: Iterable[_AnyRow]) -> dict[tuple[object, ...], _AnyRow]:
    """Return the rows by what tells them apart, in their order: of the same ones, the first."""
    distinct: dict[tuple[object, ...], _AnyRow] = {}
    for row in rows:
        distinct.setdefault(_tell_apart(tab, row), row)
    return distinct


def _find_changes(
    tab: Tab,
    places: Mapping[str, int],
    given: Mapping[tuple[object, ...], Mapping[str, Cell]],
    there: Mapping[tuple[object, ...], Row],
) -> Iterator[list[Request]]:
    """Yield what updates each row of the tab that the file says otherwise."""
    for identity, row in given.items():
        if identity not in there:
            continue
        old = there[identity]
        requests = [
            _update_cell(tab.sheet_id, old.index, places[key], cell)
            for key, cell in row.items()
            if key in places and _differs(tab, key, cell, old.get(key))
        ]
        if requests:
            yield requests


def _differs(tab: Tab, key: str, cell: Cell, old: Cell) -> bool:
    """Tell whether two cells mean something else; what tells rows apart was compared already."""
    if key in _IDENTITY[tab.key]:
        return False
    column = tab.column(key)
    return to_value(column, cell, _ANYWHERE) != to_value(column, old, _ANYWHERE)


def _update_cell(sheet_id: int, row: int, column: int, cell: Cell) -> Request:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {
        "updateCells": {"start": start, "rows": [{"values": [to_wire(cell)]}], "fields": _VALUES}
    }


def _lay_out(row: Mapping[str, Cell], places: Mapping[str, int]) -> list[Request]:
    """Return a row on the wire, each cell in its place."""
    cells: list[Request] = [{} for _ in range(max(places.values()) + 1)]
    for key, cell in row.items():
        if key in places:
            cells[places[key]] = to_wire(cell)
    return cells
