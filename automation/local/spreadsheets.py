"""`spreadsheets.create`, `get` and `getByDataFilter`: what a spreadsheet looks like from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import masks, metadata, objects
from automation.local.book import Book, create_book
from automation.local.cells import effective, extended
from automation.local.defaults import DEFAULT_FORMAT, THEME
from automation.local.filtering import hidden_rows
from automation.local.kinds.sheets import complete_sheets, copy_to, show_properties
from automation.local.object_messages import NAMED_RANGE
from automation.local.reading import number_format
from automation.local.rendering import shown
from automation.local.sheet import shown_range
from automation.local.shown import shown_filter, shown_protected, shown_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.local.a1 import Area
    from automation.local.desk import Desk
    from automation.local.masks import Mask
    from automation.local.metadata import Place
    from automation.local.runs import Extras
    from automation.local.sheet import Sheet

_URL: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"
_ROW_PIXELS: Final = 21
_COLUMN_PIXELS: Final = 100


def create(desk: Desk) -> dict[str, Any]:
    """`spreadsheets.create`."""
    sheets = [sheet.get("properties", {}) for sheet in desk.body.get("sheets", [])] or [{}]
    properties = desk.body.get("properties", {})
    book = create_book(desk.connection, properties, complete_sheets(sheets), desk.now)
    return show(Book(desk.connection, book.id), {}, None, grid_data=False)


def get(desk: Desk) -> dict[str, Any]:
    """`spreadsheets.get`: with a mask, cells come when the mask names them, else on demand."""
    book = desk.book()
    mask: Mask = desk.query.get("fields", {})
    texts = desk.query.get("ranges")
    places = [book.area(text) for text in texts] if texts else None
    wanted = (
        masks.covers(mask, "sheets", "data") if mask else desk.query.get("includeGridData", False)
    )
    return show(book, mask, places, grid_data=wanted)


def copy_sheet(desk: Desk) -> dict[str, Any]:
    """`sheets.copyTo`: to the end of another spreadsheet, or of the same one."""
    source = desk.book()
    target_id = desk.body.get("destinationSpreadsheetId", "")
    target = source if target_id == source.id else Book(desk.connection, target_id)
    properties = copy_to(source.sheet(int(desk.names["sheet"])), target)
    target.save(desk.now)
    return properties


def get_by_filter(desk: Desk) -> dict[str, Any]:
    """`spreadsheets.getByDataFilter`."""
    book = desk.book()
    mask: Mask = desk.query.get("fields", {})
    filters = desk.body.get("dataFilters", [])
    places = [place for place, _ in metadata.filtered_areas(book, filters)] if filters else None
    wanted = (
        masks.covers(mask, "sheets", "data") if mask else desk.body.get("includeGridData", False)
    )
    return show(book, mask, places, grid_data=wanted)


def show(book: Book, mask: Mask, places: list[Place] | None, *, grid_data: bool) -> dict[str, Any]:
    """A Spreadsheet; `places` limits it to some sheets and cells."""
    answer: dict[str, Any] = {
        "spreadsheetId": book.id,
        "properties": book.properties
        | {"defaultFormat": DEFAULT_FORMAT, "spreadsheetTheme": THEME},
    }
    if masks.covers(mask, "sheets"):
        answer["sheets"] = list(_show_sheets(book, places, grid_data=grid_data))
    if masks.covers(mask, "developerMetadata"):
        docs = _metadata_on(book, "SPREADSHEET")
        answer |= {"developerMetadata": docs} if docs else {}
    if masks.covers(mask, "namedRanges") and book.named_ranges:
        names = book.named_ranges.values()
        answer["namedRanges"] = [objects.shown(NAMED_RANGE, doc) for doc in names]
    return answer | {"spreadsheetUrl": _URL.format(id=book.id)}


def _show_sheets(
    book: Book, places: list[Place] | None, *, grid_data: bool
) -> Iterator[dict[str, Any]]:
    for index, sheet in enumerate(book.sheets):
        if places is None:
            areas = [sheet.whole()] if sheet.has_grid else []
        else:
            areas = [area for other, area in places if other is sheet]
        if areas or places is None:
            yield _show_sheet(book, sheet, index, areas if grid_data else [])


def _show_sheet(book: Book, sheet: Sheet, index: int, areas: list[Area]) -> dict[str, Any]:
    answer: dict[str, Any] = {"properties": show_properties(sheet, index)}
    if areas:
        answer["data"] = [_show_data(book, sheet, area) for area in areas]
    sections = {
        "merges": [shown_range(merge) for merge in sheet.merges],
        "conditionalFormats": [shown_rule(rule) for rule in sheet.conditionalFormats],
        "protectedRanges": [shown_protected(one, book.address) for one in sheet.protectedRanges],
        "basicFilter": shown_filter(sheet.basicFilter),
        "developerMetadata": _metadata_on(book, "SHEET", sheet.id),
        **objects.show_all(sheet),
    }
    return answer | {name: section for name, section in sections.items() if section}


def _metadata_on(book: Book, kind: str, sheet_id: int | None = None) -> list[dict[str, Any]]:
    return [
        metadata.shown(doc)
        for doc in metadata.sorted_docs(book)
        if doc["location"]["locationType"] == kind and doc["location"].get("sheetId") == sheet_id
    ]


def _show_data(book: Book, sheet: Sheet, area: Area) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if area.top:
        answer["startRow"] = area.top
    if area.left:
        answer["startColumn"] = area.left
    rows = list(_show_rows(book, sheet, area))
    while rows and not rows[-1]:
        rows.pop()
    on_rows, on_columns = (_dimension_metadata(book, sheet, kind) for kind in ("ROW", "COLUMN"))
    extras = enumerate(sheet.grid.extras(area.top, area.bottom), area.top)
    hidden = {key: {"hiddenByFilter": True} for key in hidden_rows(book, sheet)}
    return (
        answer
        | ({"rowData": rows} if rows else {})
        | {
            "rowMetadata": [
                {"pixelSize": _ROW_PIXELS}
                | carried.get("row", {})
                | hidden.get(row, {})
                | on_rows.get(row, {})
                for row, carried in extras
            ],
            "columnMetadata": [
                {"pixelSize": _COLUMN_PIXELS}
                | sheet.columns.get(str(column), {})
                | on_columns.get(column, {})
                for column in range(area.left, area.right)
            ],
        }
    )


def _dimension_metadata(book: Book, sheet: Sheet, kind: str) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for doc in metadata.sorted_docs(book):
        where = doc["location"].get("dimensionRange", {})
        if doc["location"]["locationType"] == kind and where["sheetId"] == sheet.id:
            entry = found.setdefault(where["startIndex"], {"developerMetadata": []})
            entry["developerMetadata"].append(metadata.shown(doc))
    return found


def _show_rows(book: Book, sheet: Sheet, area: Area) -> Iterator[dict[str, Any]]:
    grid = sheet.grid
    rows = zip(grid.values(area.top, area.bottom), grid.extras(area.top, area.bottom), strict=True)
    for values, extras in rows:
        cells = list(_show_cells(book, values, extras, area))
        while cells and not cells[-1]:
            cells.pop()
        yield {"values": cells} if cells else {}


def _show_cells(
    book: Book, values: list[Any], extras: Extras, area: Area
) -> Iterable[dict[str, Any]]:
    locale = book.properties["locale"]
    for column in range(area.left, area.right):
        value = values[column] if column < len(values) else None
        carried = extras.get(str(column), {})
        cell: dict[str, Any] = {}
        if value is not None:
            result = effective(value)
            cell["userEnteredValue"] = extended(value)
            cell["effectiveValue"] = extended(result)
            cell["formattedValue"] = shown(result, number_format(extras, column), locale)
        if "userEnteredFormat" in carried or value is not None:
            own = carried.get("userEnteredFormat", {})
            cell |= {"userEnteredFormat": own} if own else {}
            cell["effectiveFormat"] = _merged(DEFAULT_FORMAT, own)
        yield cell | {name: carried[name] for name in ("dataValidation", "note") if name in carried}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        known = merged.get(name)
        whole = name.lower().endswith(("color", "style"))
        if isinstance(known, dict) and isinstance(value, dict) and not whole:
            merged[name] = _merged(known, value)
        else:
            merged[name] = value
    return merged
