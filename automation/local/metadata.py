"""Developer metadata, and the data filters that can look things up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.a1 import Area
from automation.local.errors import not_found, refuse, unsupported
from automation.local.sheet import shown_range, span_of

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.desk import Desk
    from automation.local.sheet import Sheet

Place = tuple["Sheet", Area]


def get(desk: Desk) -> dict[str, Any]:
    """`developerMetadata.get`."""
    book = desk.book()
    found = book.metadata.get(int(desk.names["metadata"]))
    if found is None:
        raise not_found()
    return shown(found)


def search(desk: Desk) -> dict[str, Any]:
    """`developerMetadata.search`: each match carries the filters that it matches."""
    book = desk.book()
    filters = desk.body.get("dataFilters", [])
    found = [(doc, [f for f in filters if matches(doc, f)]) for doc in sorted_docs(book)]
    matched = [
        {"developerMetadata": shown(doc), "dataFilters": [shown_filter(f) for f in fitting]}
        for doc, fitting in found
        if fitting
    ]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def sorted_docs(book: Book) -> list[dict[str, Any]]:
    """All metadata by id; Google promises no order."""
    return [book.metadata[key] for key in sorted(book.metadata)]


def shown(doc: dict[str, Any]) -> dict[str, Any]:
    """Metadata as answers show it."""
    location = dict(doc["location"])
    if "dimensionRange" in location:
        location["dimensionRange"] = shown_range(location["dimensionRange"])
    return doc | {"location": location}


def shown_filter(data_filter: dict[str, Any]) -> dict[str, Any]:
    """A data filter as answers repeat it."""
    if "gridRange" in data_filter:
        return {"gridRange": shown_range(data_filter["gridRange"])}
    return data_filter


def complete_location(book: Book, location: dict[str, Any]) -> dict[str, Any]:
    """A location with its type, checked against the sheets.

    Raises:
        ApiError: 400 for a place that does not exist.
    """
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in location:
        book.sheet(location["sheetId"])
        return {"locationType": "SHEET", "sheetId": location["sheetId"]}
    where = {"sheetId": 0, "startIndex": 0} | location.get("dimensionRange", {})
    if "dimension" not in where or where.get("endIndex") != where["startIndex"] + 1:
        raise refuse(
            "Developer metadata must be on one row, one column, a sheet or the spreadsheet."
        )
    sheet = book.sheet(where["sheetId"], grid=True)
    rows = where["dimension"] == "ROWS"
    if not 0 <= where["startIndex"] < (sheet.row_count if rows else sheet.column_count):
        raise refuse("Developer metadata location is outside the grid.")
    return {"locationType": "ROW" if rows else "COLUMN", "dimensionRange": where}


def matches(doc: dict[str, Any], data_filter: dict[str, Any]) -> bool:
    """Whether metadata fits a filter, which must be a lookup.

    Raises:
        ApiError: 501 for other filters.
    """
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise unsupported("a data filter for metadata other than developerMetadataLookup")
    if lookup.get("locationMatchingStrategy") == "INTERSECTING_LOCATION":
        raise unsupported("the location matching strategy INTERSECTING_LOCATION")
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and doc.get(name) != lookup[name]:
            return False
    location = doc["location"]
    if lookup.get("locationType", location["locationType"]) != location["locationType"]:
        return False
    return "metadataLocation" not in lookup or _same_place(lookup["metadataLocation"], location)


def _same_place(wanted: dict[str, Any], location: dict[str, Any]) -> bool:
    if "dimensionRange" in wanted:
        wanted = wanted | {
            "dimensionRange": {"sheetId": 0, "startIndex": 0} | wanted["dimensionRange"]
        }
    return all(location.get(name) == value for name, value in wanted.items())


def filtered_areas(
    book: Book, filters: list[dict[str, Any]]
) -> list[tuple[Place, list[dict[str, Any]]]]:
    """The areas that filters select, in the order of the filters; equal areas come once."""
    found: list[tuple[Place, list[dict[str, Any]]]] = []
    for data_filter in filters:
        for place in _places(book, data_filter):
            known = next((item for item in found if item[0] == place), None)
            if known:
                known[1].append(shown_filter(data_filter))
            else:
                found.append((place, [shown_filter(data_filter)]))
    return found


def _places(book: Book, data_filter: dict[str, Any]) -> list[Place]:
    if "a1Range" in data_filter:
        return [book.area(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [book.grid_area(data_filter["gridRange"])]
    return [_place(book, doc) for doc in sorted_docs(book) if matches(doc, data_filter)]


def _place(book: Book, doc: dict[str, Any]) -> Place:
    location = doc["location"]
    if location["locationType"] == "SPREADSHEET":
        raise unsupported("selecting the whole spreadsheet by its developer metadata")
    if location["locationType"] == "SHEET":
        sheet = book.sheet(location["sheetId"], grid=True)
        return sheet, sheet.whole()
    where = location["dimensionRange"]
    names = (
        ("startRowIndex", "endRowIndex")
        if where["dimension"] == "ROWS"
        else (
            "startColumnIndex",
            "endColumnIndex",
        )
    )
    sheet = book.sheet(where["sheetId"])
    ends = dict(zip(names, (where["startIndex"], where["endIndex"]), strict=True))
    return sheet, sheet.clip(span_of(ends))
