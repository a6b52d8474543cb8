"""Rows come into a spreadsheet as a form, or an organiser, would bring them.

Text is written as a literal, never as something that Sheets would evaluate, and a row that is
already there is left alone: loading a file again changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from automation.core.instants import to_day, to_time, wall_serial
from automation.core.model import Cell
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
from automation.workbook.sheet import open_sheet
from automation.workbook.typed import read_dates, type_text
from automation.workbook.writer import PAYLOAD_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from gspread import HTTPClient

    from automation.config import Config
    from automation.workbook.layout import Column, Tab

Request = dict[str, Any]
CellRow = Sequence[Cell]

LOADABLE: Final = {tab.key: tab for tab in (COHORTS, MEETINGS)}
"""Our tabs that organisers fill, by key."""

_TIMESTAMP_HEADERS = frozenset({"horodateur", "horodatage", "timestamp"})
_TIMESTAMP_FORMAT = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_VALUES = "userEnteredValue"
_VALUES_AND_TIMES = "userEnteredValue,userEnteredFormat.numberFormat"
_IDENTITY = {"cohorts": ("code",), "meetings": ("cohort", "date", "start")}
_NEEDED = {"cohorts": ("code",), "meetings": ("cohort", "date")}
_ROWS, _COLUMNS = 1000, 26
_FIRST_SHEET_ID = 1_000_000_001  # far from the ids of our own tabs
_WIDE, _NARROW = 220, 150  # pixels
_ENVELOPE = 2_000  # bytes around the rows of a batch
_ANYWHERE = ZoneInfo("UTC")  # what is rendered here holds no instant
_TICKED = frozenset({"vrai", "1"})
_UNTICKED = frozenset({"faux", "false", "non", "no", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of the rows of a file.

    Attributes:
        already: Rows that were there to the letter, or under the same code.
        left_out: Rows that lack what tells them from the others.
        ignored: Headers of the columns that the tab has no place for.
    """

    added: int
    already: int
    left_out: int = 0
    ignored: tuple[str, ...] = ()


def create_spreadsheet(  # noqa: PLR0913 - each is a setting of a new file
    http: HTTPClient,
    title: str,
    tab_title: str,
    header: Sequence[str] = (),
    *,
    locale: str = "fr_CA",
    time_zone: str = "America/Toronto",
) -> str:
    """Make a spreadsheet whose first tab is a response tab, and return its id."""
    tab = {
        "title": tab_title,
        "gridProperties": {
            "rowCount": _ROWS,
            "columnCount": max(_COLUMNS, len(header)),
            "frozenRowCount": 1,
        },
    }
    properties = {"title": title, "locale": locale, "timeZone": time_zone}
    about = {"properties": properties, "sheets": [{"properties": tab}]}
    spreadsheet_id = sheets.create_spreadsheet(http, about)
    if header:
        add_responses(http, spreadsheet_id, tab_title, header, ())
    return spreadsheet_id


def add_responses(  # noqa: PLR0913 - where to, what, and how
    http: HTTPClient,
    spreadsheet_id: str,
    tab_title: str,
    header: Sequence[str],
    rows: Sequence[CellRow],
    *,
    day_first: bool = True,
    progress: Callable[[int], object] = lambda _: None,
) -> Loaded:
    """Add answers to a response tab, which is made if missing; a new question goes to the right.

    Texts become what Sheets makes of them when typed: the timestamps are dates, digits alone are
    numbers. Cells that are no text are taken as they are. Blank rows are left out.

    Args:
        rows: Each as wide as the header.
        day_first: How to read 03/04/2023 where the column of timestamps does not settle it.
        progress: Told how many rows each batch has added.
    """
    tab = _find_response_tab(http, spreadsheet_id, tab_title)
    places = _place_columns(header, tab.header)
    typed = list(_type_rows(header, rows, day_first=day_first))
    seen = {_identify(row, places) for row in tab.rows}
    new = list(_not_yet_there(typed, seen))
    if new or not tab.header:
        first = [*tab.making, *_add_headers(tab, header, places)]
        width = max((*places, -1)) + 1
        wired = _spread(new, places, width)
        target = _Target(http, spreadsheet_id, tab.sheet_id, _VALUES_AND_TIMES)
        _append(target, first, wired, progress)
    return Loaded(added=len(new), already=len(typed) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResponseTab:
    """A response tab as it stands.

    Attributes:
        making: The requests that make it, for one that is not there yet.
        header: As wide as the widest row.
    """

    sheet_id: int
    column_count: int
    making: tuple[Request, ...] = ()
    header: tuple[Cell, ...] = ()
    rows: Sequence[CellRow] = ()


def _find_response_tab(http: HTTPClient, spreadsheet_id: str, title: str) -> _ResponseTab:
    about = sheets.get_spreadsheet(http, spreadsheet_id)
    properties = [sheet["properties"] for sheet in about["sheets"]]
    found = next((one for one in properties if one["title"] == title), None)
    if found is None:
        return _new_response_tab(title, {one["sheetId"] for one in properties})
    (grid,) = sheets.read_ranges(http, spreadsheet_id, [{"sheetId": found["sheetId"]}])
    width = max(map(len, grid), default=0)
    return _ResponseTab(
        sheet_id=found["sheetId"],
        column_count=found["gridProperties"].get("columnCount", 0),
        header=(*grid[0], *("",) * (width - len(grid[0]))) if grid else (),
        rows=grid[1:],
    )


def _new_response_tab(title: str, taken: set[int]) -> _ResponseTab:
    sheet_id = next(i for i in range(_FIRST_SHEET_ID, 2**31) if i not in taken)
    size = {"rowCount": _ROWS, "columnCount": _COLUMNS, "frozenRowCount": 1}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": size}
    making = ({"addSheet": {"properties": properties}},)
    return _ResponseTab(sheet_id=sheet_id, column_count=_COLUMNS, making=making)


def _place_columns(header: Sequence[str], existing: Sequence[Cell]) -> tuple[int, ...]:
    """Return the index in the tab of each column: repeated headers go in order, new ones last."""
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index, cell in enumerate(existing):
        free[fold(parse_text(cell))].append(index)
    places = []
    end = len(existing)
    for text in header:
        same = free[fold(text)]
        places.append(same.pop(0) if same else end)
        end += places[-1] == end
    return tuple(places)


def _timestamp_index(header: Sequence[str]) -> int:
    return next((i for i, text in enumerate(header) if fold(text) in _TIMESTAMP_HEADERS), 0)


def _type_rows(
    header: Sequence[str], rows: Sequence[CellRow], *, day_first: bool
) -> Iterator[list[Cell]]:
    """Yield the rows that hold anything, as Sheets would hold them."""
    stamp = _timestamp_index(header)
    texts = [cell if isinstance(cell := row[stamp], str) else "" for row in rows]
    dates = read_dates(texts, day_first=day_first)
    for row, wall in zip(rows, dates, strict=True):
        cells = [type_text(cell) if isinstance(cell, str) else cell for cell in row]
        if wall is not None:
            cells[stamp] = wall_serial(wall)
        if not all(map(is_blank, cells)):
            yield cells


def _identify(row: CellRow, places: Sequence[int]) -> tuple[Cell, ...]:
    """Return what a row of the tab shows in those columns."""
    return tuple(_normalise(row[place]) if place < len(row) else "" for place in places)


def _normalise(cell: Cell) -> Cell:
    """Return a cell as it is compared: times to some milliseconds, empty as ""."""
    if cell is None:
        return ""
    return round(cell, 7) if isinstance(cell, float) else cell


def _not_yet_there(rows: Sequence[CellRow], seen: set[tuple[Cell, ...]]) -> Iterator[CellRow]:
    """Yield the rows that were not seen yet, nor earlier among themselves."""
    for row in rows:
        identity = tuple(map(_normalise, row))
        if identity not in seen:
            seen.add(identity)
            yield row


def _spread(rows: Sequence[CellRow], places: Sequence[int], width: int) -> Iterator[list[Request]]:
    """Yield the rows on the wire, each cell in its place; timestamps bring their format."""
    for row in rows:
        cells: list[Request] = [{} for _ in range(width)]
        for place, cell in zip(places, row, strict=True):
            cells[place] = to_wire(cell)
            if isinstance(cell, float):
                cells[place]["userEnteredFormat"] = {"numberFormat": _TIMESTAMP_FORMAT}
        yield cells


def _add_headers(tab: _ResponseTab, header: Sequence[str], places: Sequence[int]) -> list[Request]:
    """Return the requests that write the headers which the tab lacks, as Forms does."""
    stamp = places[_timestamp_index(header)] if header else -1
    new = [place for place in places if place >= len(tab.header)]
    if not new:
        return []
    cells = [_header_cell(header[places.index(place)]) for place in new]
    start = {"sheetId": tab.sheet_id, "rowIndex": 0, "columnIndex": new[0]}
    lacking = new[-1] + 1 - tab.column_count
    grow = {"sheetId": tab.sheet_id, "dimension": "COLUMNS", "length": lacking}
    fields = "userEnteredValue,userEnteredFormat"
    return [
        *([{"appendDimension": grow}] if lacking > 0 else []),
        {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": fields}},
        *(_set_width(tab.sheet_id, i, _NARROW if i == stamp else _WIDE) for i in new),
        *(_format_timestamps(tab.sheet_id, stamp) for i in new if i == stamp),
    ]


def _header_cell(text: str) -> Request:
    look = {"textFormat": {"bold": True}, "wrapStrategy": "WRAP", "verticalAlignment": "MIDDLE"}
    return {**to_wire(text), "userEnteredFormat": look}


def _set_width(sheet_id: int, index: int, width: int) -> Request:
    columns = {
        "sheetId": sheet_id,
        "dimension": "COLUMNS",
        "startIndex": index,
        "endIndex": index + 1,
    }
    properties = {"pixelSize": width}
    body = {"range": columns, "properties": properties, "fields": "pixelSize"}
    return {"updateDimensionProperties": body}


def _format_timestamps(sheet_id: int, index: int) -> Request:
    below = {
        "sheetId": sheet_id,
        "startRowIndex": 1,
        "startColumnIndex": index,
        "endColumnIndex": index + 1,
    }
    cell = {"userEnteredFormat": {"numberFormat": _TIMESTAMP_FORMAT}}
    return {
        "repeatCell": {"range": below, "cell": cell, "fields": "userEnteredFormat.numberFormat"}
    }


class _Target(NamedTuple):
    """Where rows are appended, and which fields of a cell they bring."""

    http: HTTPClient
    spreadsheet_id: str
    sheet_id: int
    fields: str


def _append(
    target: _Target,
    first: Sequence[Request],
    rows: Iterator[list[Request]],
    progress: Callable[[int], object] = lambda _: None,
) -> None:
    """Append rows in batches under the recommended payload, the first behind those requests."""
    requests = list(first)
    for batch in _cut(rows, PAYLOAD_LIMIT - _ENVELOPE - len(json.dumps(requests))):
        body = {
            "sheetId": target.sheet_id,
            "rows": [{"values": cells} for cells in batch],
            "fields": target.fields,
        }
        whole = [*requests, {"appendCells": body}]
        sheets.apply_batch(target.http, target.spreadsheet_id, whole)
        progress(len(batch))
        requests = []
    if requests:
        sheets.apply_batch(target.http, target.spreadsheet_id, requests)


def _cut(rows: Iterator[list[Request]], limit: int) -> Iterator[list[list[Request]]]:
    batch: list[list[Request]] = []
    size = 0
    for row in rows:
        cost = len(json.dumps(row)) + len('{"values": }, ')
        if batch and size + cost > limit:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += cost
    if batch:
        yield batch


def add_rows(
    http: HTTPClient,
    config: Config,
    tab_key: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Loaded:
    """Add cohorts or meetings as an organiser would; the tab is made if missing.

    Headers may be in either language; columns that are Cohorte's stay Cohorte's. A cohort whose
    code is there, and a meeting of the same cohort, day and hour, are left as they stand. Raises
    `WorkbookError` where a column is missing that tells one row from another.
    """
    tab = LOADABLE[tab_key]
    given = _given_columns(tab, header, config.language.value)
    spreadsheet_id = config.workspace.spreadsheet or ""
    language = config.language.value
    standing = _open_tab(http, spreadsheet_id, tab, language)
    typed = _type_columns(tab, given, rows, language)
    whole = [row for row in typed if all(row.get(key) is not None for key in _NEEDED[tab.key])]
    seen = {_tell_apart(tab, row) for row in standing.rows}
    new = [row for row in whole if _is_new(_tell_apart(tab, row), seen)]
    if new:
        wired = (_lay_out(row, standing.places) for row in new)
        target = _Target(http, spreadsheet_id, tab.sheet_id, _VALUES)
        _append(target, standing.making, wired)
    placed = [index for key, index in given.items() if key in standing.places]
    return Loaded(
        added=len(new),
        already=len(whole) - len(new),
        left_out=len(typed) - len(whole),
        ignored=tuple(tidy(text) for i, text in enumerate(header) if i not in placed),
    )


def resembles(tab: Tab, header: Sequence[str]) -> bool:
    """Tell whether a file's header is rather that of a tab of ours than that of a form."""
    found = _organisers_columns(tab, header)
    stamped = any(fold(text) in _TIMESTAMP_HEADERS for text in header)
    return not stamped and set(_NEEDED[tab.key]) <= set(found) and len(found) * 2 > len(header)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OurTab:
    """One of our tabs, as it stands or as it will be made.

    Attributes:
        places: Column key to index, from 0.
        rows: Cells by column key.
    """

    making: tuple[Request, ...] = ()
    places: Mapping[str, int]
    rows: tuple[Mapping[str, Cell], ...] = ()


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
    (grid,) = sheets.read_ranges(http, spreadsheet_id, [{"sheetId": tab.sheet_id}])
    sheet = open_sheet(tab, properties[tab.sheet_id], grid)
    return _OurTab(places=sheet.standing.columns, rows=tuple(row.cells for row in sheet.rows()))


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


def _tell_apart(tab: Tab, row: Mapping[str, Cell]) -> tuple[object, ...]:
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


def _is_new(identity: tuple[object, ...], seen: set[tuple[object, ...]]) -> bool:
    if identity in seen:
        return False
    seen.add(identity)
    return True


def _lay_out(row: Mapping[str, Cell], places: Mapping[str, int]) -> list[Request]:
    """Return a row on the wire, each cell in its place."""
    cells: list[Request] = [{} for _ in range(max(places.values()) + 1)]
    for key, cell in row.items():
        if key in places:
            cells[places[key]] = to_wire(cell)
    return cells
