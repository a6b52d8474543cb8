"""Answers come into a response tab as a form would bring them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import chain, compress
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.instants import wall_serial
from automation.core.model import Cell
from automation.core.responses import TIMESTAMP_HEADERS
from automation.core.text import fold
from automation.google import sheets
from automation.workbook.cells import is_blank, parse_text, to_wire
from automation.workbook.loading.boxes import find_options, join_as_sheet, ticks_any
from automation.workbook.loading.pairing import Pairing, Traits, pair_rows, show
from automation.workbook.loading.target import Loaded, Request, Target, append_rows, apply_requests
from automation.workbook.loading.typed import names_zone, read_dates, type_text
from automation.workbook.sheet import read_zone, require_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient

    from automation.workbook.loading.asked import Asked

CellRow = Sequence[Cell]


_TIMESTAMP_FORMAT = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_VALUES = "userEnteredValue"
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
    asked: Asked | None = None,
    progress: Callable[[int], object] = lambda _: None,
) -> Loaded:
    """Add answers to a response tab, which is made if missing; a new question goes to the right.

    Texts become what Sheets makes of them when typed: the timestamps are dates, digits alone are
    numbers. Cells that are no text are taken as they are. Blank rows are left out.

    Args:
        rows: Each as wide as the header.
        day_first: How to read 03/04/2023 where the column of timestamps does not settle it.
        asked: What the questions are; without it nothing overwrites a row that is there.
        progress: Told how many rows each batch has added.
    """
    tab = _find_response_tab(http, spreadsheet_id, tab_title)
    download = _Download(header=header, rows=rows, stamp=find_stamp(header, rows))
    places = _place_columns(download, tab.header)
    typed = _type_rows(download, tab, places, asked, day_first=day_first)
    there = [_take(row, places) for row in tab.rows]
    traits = asked.traits(header, download.stamp) if asked else Traits(stamp=0)
    pairing = pair_rows(typed, there, traits)
    updates = list(_update_rows(download, typed, tab, places, pairing))
    if pairing.new or updates or not tab.header:
        first = [*tab.making, *_add_headers(tab, download, places)]
        wired = _spread([typed[i] for i in pairing.new], places, max((*places, -1)) + 1)
        target = Target(http, spreadsheet_id, tab.sheet_id, _VALUES_AND_TIMES)
        append_rows(target, first, wired, progress)
        apply_requests(target, chain.from_iterable(updates))
    return Loaded(
        added=len(pairing.new),
        updated=len(updates),
        already=len(typed) - len(pairing.new) - len(updates),
        beside=pairing.beside,
    )


class _Download(Struct, frozen=True, kw_only=True):
    """A file of answers.

    Attributes:
        stamp: Index of the column of timestamps; None where there is none.
    """

    header: Sequence[str]
    rows: Sequence[CellRow]
    stamp: int | None

    @property
    def by_form(self) -> list[bool]:
        """Whether each row is as the form's own download writes it: its time names a zone."""
        if self.stamp is None:
            return [False] * len(self.rows)
        return [isinstance(c := row[self.stamp], str) and names_zone(c) for row in self.rows]


class _ResponseTab(Struct, frozen=True, kw_only=True):
    """A response tab as it stands.

    Attributes:
        making: The requests that make it, for one that is not there yet.
        header: As wide as the widest row.
    """

    sheet_id: int
    column_count: int
    zone: ZoneInfo
    making: tuple[Request, ...] = ()
    header: tuple[Cell, ...] = ()
    rows: Sequence[CellRow] = ()


def _find_response_tab(http: HTTPClient, spreadsheet_id: str, title: str) -> _ResponseTab:
    about = sheets.get_spreadsheet(http, spreadsheet_id)
    zone = read_zone(about["properties"]["timeZone"])
    properties = [sheet["properties"] for sheet in about["sheets"]]
    found = next((one for one in properties if one["title"] == title), None)
    if found is None:
        return _new_response_tab(title, {one["sheetId"] for one in properties}, zone)
    require_answers(found)
    (grid,) = sheets.read_ranges(http, spreadsheet_id, [{"sheetId": found["sheetId"]}])
    width = max(map(len, grid), default=0)
    return _ResponseTab(
        sheet_id=found["sheetId"],
        column_count=found["gridProperties"].get("columnCount", 0),
        zone=zone,
        header=(*grid[0], *("",) * (width - len(grid[0]))) if grid else (),
        rows=grid[1:],
    )


def _new_response_tab(title: str, taken: set[int], zone: ZoneInfo) -> _ResponseTab:
    sheet_id = next(i for i in range(_FIRST_SHEET_ID, 2**31) if i not in taken)
    size = {"rowCount": _ROWS, "columnCount": _COLUMNS, "frozenRowCount": 1}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": size}
    making = ({"addSheet": {"properties": properties}},)
    return _ResponseTab(sheet_id=sheet_id, column_count=_COLUMNS, zone=zone, making=making)


def _place_columns(download: _Download, existing: Sequence[Cell]) -> tuple[int, ...]:
    """Return the index in the tab of each column: repeated headers go in order, new ones last.

    The timestamps go to the timestamps: Forms heads them in the language of whoever downloads.
    """
    titles = [fold(parse_text(cell)) for cell in existing]
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index, title in enumerate(titles):
        free[title].append(index)
    keys = [fold(text) for text in download.header]
    if download.stamp is not None and existing:
        there = titles[_timestamp_index(titles)]
        if there not in keys:
            keys[download.stamp] = there
    places = []
    end = len(existing)
    for key in keys:
        same = free[key]
        places.append(same.pop(0) if same else end)
        end += places[-1] == end
    return tuple(places)


def find_stamp(header: Sequence[str], rows: Sequence[CellRow]) -> int | None:
    """Return which column tells when each answer came: by its header, else the first if it does."""
    keys = [fold(text) for text in header]
    index = _timestamp_index(keys)
    if not keys or keys[index] in TIMESTAMP_HEADERS:
        return index if keys else None
    dates = read_dates([c for row in rows if isinstance(c := row[index], str)], day_first=True)
    return index if any(dates) else None


def _timestamp_index(keys: Sequence[str]) -> int:
    """Return the index of the timestamps among folded headers; 0 where none says so."""
    return next((i for i, key in enumerate(keys) if key in TIMESTAMP_HEADERS), 0)


def _type_rows(
    download: _Download,
    tab: _ResponseTab,
    places: Sequence[int],
    asked: Asked | None,
    *,
    day_first: bool,
) -> list[list[Cell]]:
    """Return the rows that hold anything, as Sheets would hold them."""
    stamp, rows = download.stamp, download.rows
    texts = [c if stamp is not None and isinstance(c := row[stamp], str) else "" for row in rows]
    dates = read_dates(texts, day_first=day_first, zone=tab.zone)
    boxes = _find_boxes(download, tab, places, asked) if asked and any(download.by_form) else {}
    typed = []
    for row, wall, by_form in zip(rows, dates, download.by_form, strict=True):
        cells = list(row)
        for index, join in boxes.items() if by_form else ():
            cells[index] = join(cells[index])
        cells = [type_text(cell) if isinstance(cell, str) else cell for cell in cells]
        if wall is not None and stamp is not None:
            cells[stamp] = wall_serial(wall)
        if not all(map(is_blank, cells)):
            typed.append(cells)
    return typed


def _find_boxes(
    download: _Download, tab: _ResponseTab, places: Sequence[int], asked: Asked
) -> dict[int, Callable[[Cell], Cell]]:
    """Return how the form's own download becomes the sheet's, for each column of checkboxes.

    Those are the columns that the configuration gives options, and those whose answers show some:
    in the file, or in the tab.
    """
    found: dict[int, Callable[[Cell], Cell]] = {}
    for index, text in enumerate(download.header):
        key = fold(text)
        if key in asked.options:
            found[index] = partial(_join, asked.options[key], certain=True)
        elif index != download.stamp and key not in asked.plain:
            ours = compress([parse_text(row[index]) for row in download.rows], download.by_form)
            theirs = [parse_text(c) for row in tab.rows for c in row[places[index] :][:1]]
            options = find_options(list(ours), by_form=True) or find_options(theirs, by_form=False)
            found |= {index: partial(_join, options, certain=False)} if options else {}
    return found


def _join(options: Sequence[str], cell: Cell, *, certain: bool) -> Cell:
    if not isinstance(cell, str) or not (certain or ticks_any(cell, options)):
        return cell
    return join_as_sheet(cell, options) if ";" in cell else cell


def _take(row: CellRow, places: Sequence[int]) -> CellRow:
    """Return what a row of the tab shows in those columns."""
    return [row[place] if place < len(row) else "" for place in places]


def _update_rows(
    download: _Download,
    typed: Sequence[CellRow],
    tab: _ResponseTab,
    places: Sequence[int],
    pairing: Pairing,
) -> Iterator[list[Request]]:
    """Yield what overwrites each row that the file says otherwise.

    The form's own download does not know what organisers put right in the sheet: of a response
    with the same timestamp it only brings the answers to new questions.
    """
    theirs = len(tab.header) if any(download.by_form) else 0
    pairs = [(pairing.same, theirs), (pairing.edited, 0)]
    for index, other, start in ((i, o, start) for pair, start in pairs for i, o in pair.items()):
        there = show(_take(tab.rows[other], places))
        requests = [
            _update_cell(tab.sheet_id, other + 1, place, cell)
            for place, cell, new, old in zip(
                places, typed[index], show(typed[index]), there, strict=True
            )
            if new != old and place >= start
        ]
        if requests:
            yield requests


def _update_cell(sheet_id: int, row: int, column: int, cell: Cell) -> Request:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    fields = _VALUES_AND_TIMES if isinstance(cell, float) else _VALUES
    return {"updateCells": {"start": start, "rows": [{"values": [_wire(cell)]}], "fields": fields}}


def _spread(rows: Sequence[CellRow], places: Sequence[int], width: int) -> Iterator[list[Request]]:
    """Yield the rows on the wire, each cell in its place; timestamps bring their format."""
    for row in rows:
        cells: list[Request] = [{} for _ in range(width)]
        for place, cell in zip(places, row, strict=True):
            cells[place] = _wire(cell)
        yield cells


def _wire(cell: Cell) -> Request:
    wired = to_wire(cell)
    if isinstance(cell, float):
        wired["userEnteredFormat"] = {"numberFormat": _TIMESTAMP_FORMAT}
    return wired


def _add_headers(tab: _ResponseTab, download: _Download, places: Sequence[int]) -> list[Request]:
    """Return the requests that write the headers which the tab lacks, as Forms does."""
    header = download.header
    stamp = -1 if download.stamp is None else places[download.stamp]
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
