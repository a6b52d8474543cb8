"""Answers come into a response tab as a form would bring them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.instants import wall_serial
from automation.core.model import Cell
from automation.core.responses import TIMESTAMP_HEADERS
from automation.core.text import fold
from automation.google import sheets
from automation.workbook.cells import is_blank, parse_text, to_wire
from automation.workbook.loading.target import Loaded, Request, Target, append_rows
from automation.workbook.loading.typed import read_dates, type_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gspread import HTTPClient

CellRow = Sequence[Cell]


_TIMESTAMP_FORMAT = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_VALUES_AND_TIMES = "userEnteredValue,userEnteredFormat.numberFormat"
_ROWS, _COLUMNS = 1000, 26
_FIRST_SHEET_ID = 1_000_000_001  # far from the ids of our own tabs
_WIDE, _NARROW = 220, 150  # pixels


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
        target = Target(http, spreadsheet_id, tab.sheet_id, _VALUES_AND_TIMES)
        append_rows(target, first, wired, progress)
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
    return next((i for i, text in enumerate(header) if fold(text) in TIMESTAMP_HEADERS), 0)


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
