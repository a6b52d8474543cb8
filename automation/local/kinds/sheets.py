"""Requests about sheets and the spreadsheet as a whole."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from automation.local import masks
from automation.local.book import DEFAULT_COLUMNS, DEFAULT_ROWS, free_id
from automation.local.dimensions import (
    delete_columns,
    delete_rows,
    deleted,
    grow,
    shift_everything,
)
from automation.local.errors import (
    CHART_SHEET_EXISTS,
    LAST_SHEET,
    SHEET_ID_EXISTS,
    TITLE_EXISTS,
    refuse,
)
from automation.local.messages import SHEET_PROPERTIES, SPREADSHEET_PROPERTIES
from automation.local.objects import (
    SECTIONS,
    free_table_name,
    fresh_id,
    on_copy,
    without_sheet,
)

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.sheet import Sheet


def complete_sheets(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sheets of a new spreadsheet, complete; the first has id 0 unless told otherwise."""
    sheets: list[dict[str, Any]] = []
    for index, properties in enumerate(given):
        _check_type(properties)
        named = {"sheetId": 0} | properties if index == 0 else properties
        ids = {sheet["sheetId"] for sheet in sheets}
        titles = {sheet["title"] for sheet in sheets}
        sheets.append(_complete(named, ids, titles))
    return sheets


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addSheet`."""
    ids = {sheet.id for sheet in book.sheets}
    titles = {sheet.title for sheet in book.sheets}
    given = request.get("properties", {})
    _check_type(given)
    properties = _complete(given, ids, titles)
    index = min(given.get("index", len(book.sheets)), len(book.sheets))
    sheet = book.new_sheet(properties, index)
    return {"addSheet": {"properties": show_properties(sheet, index)}}


def add_for_object(book: Book, sheet_id: int | None) -> Sheet:
    """A sheet without cells for one object, after all others; where, Google does not say.

    Raises:
        ApiError: 400 when the id is taken or negative.
    """
    ids = {sheet.id for sheet in book.sheets}
    if sheet_id in ids:
        raise refuse(CHART_SHEET_EXISTS, id=sheet_id)
    titles = {sheet.title for sheet in book.sheets}
    given: dict[str, Any] = {"title": _free_title(titles, "Chart"), "sheetType": "OBJECT"}
    if sheet_id is not None:
        given |= {"sheetId": sheet_id}
    return book.new_sheet(_complete(given, ids, titles), len(book.sheets))


def _check_type(given: dict[str, Any]) -> None:
    """Refuse a sheet without cells that comes without its object.

    Raises:
        ApiError: 400.
    """
    if given.get("sheetType") == "OBJECT":
        raise refuse("To add an object sheet, add a chart at a position with newSheet or sheetId.")


def _complete(given: dict[str, Any], ids: set[int], titles: set[str]) -> dict[str, Any]:
    """Properties with Google's defaults, but `index`; an object sheet's have no grid.

    Raises:
        ApiError: 400 when the id or the title is taken, or the size makes no sense.
    """
    sheet_id = given.get("sheetId")
    if sheet_id is None:
        sheet_id = free_id(ids)
    if sheet_id in ids:
        raise refuse(SHEET_ID_EXISTS, id=sheet_id)
    if sheet_id < 0:
        raise refuse("Invalid sheetId: {id}. It must be non-negative.", id=sheet_id)
    title = given.get("title") or _free_title(titles)
    _check_title(title, titles)
    rest = {k: v for k, v in given.items() if k not in {"index", "sheetId", "title"}}
    first = {"sheetId": sheet_id, "title": title, "sheetType": "GRID"}
    properties: dict[str, Any] = first | _with_tab_color({}, rest)
    if properties["sheetType"] == "GRID":
        size = {"rowCount": DEFAULT_ROWS, "columnCount": DEFAULT_COLUMNS}
        properties["gridProperties"] = size | given.get("gridProperties", {})
        _check_grid(properties["gridProperties"])
    return properties


def _check_title(title: str, titles: set[str]) -> None:
    if title.casefold() in {known.casefold() for known in titles}:
        raise refuse(TITLE_EXISTS, title=title)


def _check_grid(grid: dict[str, Any]) -> None:
    rows, columns = grid["rowCount"], grid["columnCount"]
    if rows < 1 or columns < 1:
        raise refuse("Invalid gridProperties: rowCount and columnCount must be at least 1.")
    if grid.get("frozenRowCount", 0) >= rows or grid.get("frozenColumnCount", 0) >= columns:
        raise refuse("You can't freeze all visible rows or columns on the sheet.")


def _free_title(titles: set[str], stem: str = "Sheet") -> str:
    number = 1
    while f"{stem}{number}" in titles:
        number += 1
    return f"{stem}{number}"


def show_properties(sheet: Sheet, index: int) -> dict[str, Any]:
    """SheetProperties: sheet id 0 and index 0 are kept, false and zero elsewhere are not."""
    first = {"sheetId": sheet.id, "title": sheet.title, "index": index}
    rest = {k: v for k, v in sheet.properties.items() if k not in first and v is not False}
    if sheet.has_grid:
        rest["gridProperties"] = {k: v for k, v in rest["gridProperties"].items() if v}
    return first | rest


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteSheet`: its developer metadata goes with it."""
    sheet = book.sheet(request.get("sheetId", 0))
    if len(book.sheets) == 1:
        raise refuse(LAST_SHEET)
    for key, doc in list(book.metadata.items()):
        if metadata_sheet(doc) == sheet.id:
            del book.metadata[key]
    book.drop_sheet(sheet)
    for other in book.sheets:
        for name, docs in other.objects.items():
            spec = SECTIONS[name].spec
            other.objects[name] = [without_sheet(spec, doc, sheet.id) for doc in docs]
    for name, doc in list(book.named_ranges.items()):
        if doc["range"]["sheetId"] == sheet.id:
            del book.named_ranges[name]


def metadata_sheet(doc: dict[str, Any]) -> int | None:
    """The id of the sheet that metadata is on; None for the spreadsheet's own."""
    location = doc["location"]
    found = location.get("dimensionRange", location).get("sheetId")
    return None if found is None else int(found)


def duplicate(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`duplicateSheet`: everything but developer metadata."""
    source = book.sheet(request.get("sourceSheetId", 0))
    given = {k: v for k, v in source.properties.items() if k not in {"sheetId", "title"}}
    if "newSheetId" in request:
        given["sheetId"] = request["newSheetId"]
    titles = {sheet.title for sheet in book.sheets}
    given["title"] = request.get("newSheetName") or _copy_title(source.title, titles)
    index = min(request.get("insertSheetIndex", 0), len(book.sheets))
    sheet = _copy(source, book, given, index)
    return {"duplicateSheet": {"properties": show_properties(sheet, index)}}


def copy_to(source: Sheet, book: Book) -> dict[str, Any]:
    """Copy a sheet to the end of another spreadsheet; return its properties there."""
    given = {k: v for k, v in source.properties.items() if k not in {"sheetId", "title"}}
    titles = {sheet.title for sheet in book.sheets}
    given["title"] = _copy_title(source.title, titles)
    index = len(book.sheets)
    return show_properties(_copy(source, book, given, index), index)


def _copy(source: Sheet, book: Book, given: dict[str, Any], index: int) -> Sheet:
    """A new sheet with everything of another one but its developer metadata."""
    ids, titles = {sheet.id for sheet in book.sheets}, {sheet.title for sheet in book.sheets}
    sheet = book.new_sheet(_complete(copy.deepcopy(given), ids, titles), index)
    rows = zip(
        source.grid.values(0, source.grid.used),
        source.grid.extras(0, source.grid.used),
        strict=True,
    )
    sheet.grid.rewrite(0, rows)
    _copy_blank_end(source, sheet)
    _copy_sections(book, source, sheet)
    return sheet


def _copy_title(title: str, titles: set[str]) -> str:
    found, number = f"Copy of {title}", 1
    while found in titles:
        number += 1
        found = f"Copy of {title} {number}"
    return found


def _copy_blank_end(source: Sheet, sheet: Sheet) -> None:
    row = source.grid.used
    for count, extras in source.grid.spans(row, source.row_count):
        sheet.grid.paint(row, row + count, extras)
        row += count


def _copy_sections(book: Book, source: Sheet, sheet: Sheet) -> None:
    sheet.columns = copy.deepcopy(source.columns)
    for name in ("merges", "conditionalFormats", "protectedRanges", "basicFilter"):
        setattr(sheet, name, _on_sheet(getattr(source, name), sheet.id))
    for name, docs in source.objects.items():
        section = SECTIONS[name]
        fresh = [on_copy(section.spec, doc, source.id, sheet.id) for doc in docs]
        for doc in fresh:
            if section.key:
                doc[section.key] = fresh_id(book, name)
            if name == "tables":
                doc["name"] = free_table_name(book)
            if not sheet.has_grid:
                doc["position"] = {"sheetId": sheet.id}
        sheet.objects[name] = fresh
    taken = {p["protectedRangeId"] for other in book.sheets for p in other.protectedRanges}
    for protected in sheet.protectedRanges:
        protected["protectedRangeId"] = free_id(taken)
        taken.add(protected["protectedRangeId"])


def _on_sheet(value: Any, sheet_id: int) -> Any:
    """A copy in which every range is on another sheet."""
    if isinstance(value, list):
        return [_on_sheet(item, sheet_id) for item in value]
    if isinstance(value, dict):
        return {k: sheet_id if k == "sheetId" else _on_sheet(v, sheet_id) for k, v in value.items()}
    return value


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateSheetProperties`."""
    given = request.get("properties", {})
    sheet = book.sheet(given.get("sheetId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, SHEET_PROPERTIES)
    if "*" in mask:
        mask = {name: {} for name in SHEET_PROPERTIES.fields if name in given or name != "index"}
    if "index" in mask:
        _reorder(book, sheet, given.get("index", 0))
    mask = {k: v for k, v in mask.items() if k not in {"index", "sheetId", "sheetType"}}
    changed = masks.assign(mask, sheet.properties, given) if mask else dict(sheet.properties)
    if not changed.get("title"):
        raise refuse("Sheet name cannot be empty.")
    _check_title(changed["title"], {other.title for other in book.sheets if other is not sheet})
    _resize(book, sheet, changed)
    sheet.properties = _with_tab_color(sheet.properties, changed)
    book.check_size()


def _reorder(book: Book, sheet: Sheet, index: int) -> None:
    """`index` counts the sheets as they stand before the move, as Google documents."""
    old = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > old + 1 else index, sheet)


def _resize(book: Book, sheet: Sheet, changed: dict[str, Any]) -> None:
    if not sheet.has_grid:
        if changed.pop("gridProperties", None):
            raise refuse("A sheet that is no grid has no grid properties.")
        return
    sizes = {"rowCount": sheet.row_count, "columnCount": sheet.column_count}
    grid = changed["gridProperties"] = sizes | changed.get("gridProperties", {})
    _check_grid(grid)
    rows, columns = grid["rowCount"], grid["columnCount"]
    if rows < sheet.row_count:
        shift_everything(book, sheet, "ROWS", deleted(rows, sheet.row_count))
        delete_rows(sheet, rows, sheet.row_count)
    if columns < sheet.column_count:
        shift_everything(book, sheet, "COLUMNS", deleted(columns, sheet.column_count))
        delete_columns(sheet, columns, sheet.column_count)
    sheet.column_count = columns
    book.check_size()
    grow(sheet, rows)


def _with_tab_color(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Properties whose tab colour and its style say the same."""
    new = dict(new)
    style = new.get("tabColorStyle")
    if style != old.get("tabColorStyle"):
        new.pop("tabColor", None)
        if style and "rgbColor" in style:
            new["tabColor"] = style["rgbColor"]
    elif "tabColor" in new:
        new["tabColorStyle"] = {"rgbColor": new["tabColor"]}
    else:
        new.pop("tabColorStyle", None)
    return new


def update_spreadsheet(book: Book, request: dict[str, Any]) -> None:
    """`updateSpreadsheetProperties`."""
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, SPREADSHEET_PROPERTIES)
    changed = masks.assign(mask, book.properties, request.get("properties", {}))
    missing = book.properties.keys() - changed.keys()
    if missing:
        raise refuse("The field {name} cannot be cleared.", name=min(missing))
    check_time_zone(changed["timeZone"])
    book.properties = changed


def check_time_zone(name: str) -> None:
    """Refuse a time zone that is not in the IANA database.

    Raises:
        ApiError: 400.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise refuse("Invalid timeZone: {name}", name=name) from None
