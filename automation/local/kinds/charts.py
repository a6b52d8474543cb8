"""Requests about charts, and what else lies over the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import masks
from automation.local.chart_messages import (
    CHART_SPEC,
    EMBEDDED_CHART,
    EMBEDDED_OBJECT_BORDER,
    EMBEDDED_OBJECT_POSITION,
    OVERLAY_POSITION,
)
from automation.local.colors import settled
from automation.local.errors import NO_OBJECT, refuse, unsupported
from automation.local.kinds.sheets import add_for_object
from automation.local.objects import drop, each, find, fresh_id, located, put, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.local.book import Book
    from automation.local.sheet import Sheet

_SIZE: Final = {"widthPixels": 600, "heightPixels": 371}
_FONT: Final = "Roboto"
_KEYS: Final = {"charts": "chartId", "slicers": "slicerId"}


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addChart`: on a sheet of its own, over the cells that it is anchored on, or of the first."""
    given = request.get("chart", {})
    number = fresh_id(book, "charts", given.get("chartId"))
    chart = {
        "chartId": number,
        "spec": _complete_spec(book, given.get("spec", {})),
        "position": _place_chart(book, given.get("position", {})),
    }
    if "border" in given:
        chart["border"] = settled(EMBEDDED_OBJECT_BORDER, {}, given["border"])
    put(sheet_of(book, chart), "charts", chart)
    return {"addChart": {"chart": shown(EMBEDDED_CHART, chart)}}


def update_spec(book: Book, request: dict[str, Any]) -> None:
    """`updateChartSpec`: the whole of it."""
    sheet, chart = find(book, "charts", request.get("chartId", 0))
    put(sheet, "charts", chart | {"spec": _complete_spec(book, request.get("spec", {}))})


def _complete_spec(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """A specification with Google's defaults.

    Raises:
        ApiError: 400 when it is of no kind, or draws what no chart can.
    """
    kinds = CHART_SPEC.one_of & given.keys()
    if not kinds:
        raise refuse("A chart specification must be of one kind.")
    spec: dict[str, Any] = settled(CHART_SPEC, {}, located(book, CHART_SPEC, given))
    for source in _sources(spec):
        _check_source(source)
    for axis in spec.get("basicChart", {}).get("axis", ()):
        axis.setdefault("viewWindowOptions", {})
    defaults: dict[str, Any] = {
        "hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS",
        "fontName": _FONT,
    }
    if "title" in spec:
        defaults |= {"titleTextFormat": {"fontFamily": spec.get("fontName", _FONT)}}
    return defaults | spec


def _sources(value: Any) -> Iterator[list[dict[str, Any]]]:
    """Every list of ranges that a specification draws."""
    if isinstance(value, list):
        for item in value:
            yield from _sources(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "sources":
                yield inner
            else:
                yield from _sources(inner)


def _check_source(ranges: list[dict[str, Any]]) -> None:
    """Each range must be one row or one column, as Google documents, and all the same way.

    Raises:
        ApiError: 400.
    """
    ways = [_ways(one) for one in ranges]
    if not ways or not set.intersection(*ways):
        raise refuse(
            "A chart's source must be ranges of one row each, or of one column each: {ranges}",
            ranges=ranges,
        )


def _ways(grid_range: dict[str, Any]) -> set[str]:
    ends = {
        "row": ("startRowIndex", "endRowIndex"),
        "column": ("startColumnIndex", "endColumnIndex"),
    }
    return {
        way
        for way, (start, end) in ends.items()
        if end in grid_range and grid_range[end] - grid_range.get(start, 0) == 1
    }


def _place_chart(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """Where a chart comes to lie; the sheet of its own that it may ask for is made.

    Raises:
        ApiError: 400 for a cell outside the grid, or a sheet's id that is taken.
    """
    if _is_own_sheet(given):
        return {"sheetId": add_for_object(book, given.get("sheetId")).id}
    return complete_position(book, given)


def _is_own_sheet(position: dict[str, Any]) -> bool:
    return "sheetId" in position or position.get("newSheet", False)


def complete_position(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """A position over cells, with Google's size where none is given.

    Raises:
        ApiError: 400 for a cell outside the grid, 501 for a sheet of its own.
    """
    if _is_own_sheet(given):
        raise unsupported("anything but a chart on a sheet of its own")
    overlay = {"anchorCell": {}} | _SIZE | given.get("overlayPosition", {})
    position: dict[str, Any] = located(book, EMBEDDED_OBJECT_POSITION, {"overlayPosition": overlay})
    corner = position["overlayPosition"]["anchorCell"]
    sheet = book.sheet(corner["sheetId"])
    row, column = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    if not (0 <= row < sheet.row_count and 0 <= column < sheet.column_count):
        raise refuse("The anchor cell is outside the grid: {cell}", cell=corner)
    sizes = position["overlayPosition"]
    if min(sizes["widthPixels"], sizes["heightPixels"]) < 1:
        raise refuse("The size of an embedded object must be positive.")
    return position


def sheet_of(book: Book, doc: dict[str, Any]) -> Sheet:
    """The sheet that an embedded object is anchored on, or that is its own."""
    position = doc["position"]
    if "sheetId" in position:
        return book.sheet(position["sheetId"])
    return book.sheet(position["overlayPosition"]["anchorCell"]["sheetId"])


def _find(book: Book, number: int) -> tuple[str, Sheet, dict[str, Any]]:
    """An embedded object of any sort: which sort, its sheet and itself."""
    for name, key in _KEYS.items():
        for sheet, doc in each(book, name):
            if doc[key] == number:
                return name, sheet, doc
    raise refuse(NO_OBJECT, what="embedded object", id=number)


def move(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`updateEmbeddedObjectPosition`: the mask's root is the overlay position.

    Raises:
        ApiError: 400, or 501 for what has a sheet of its own: Google does not say what becomes of
            that.
    """
    name, sheet, doc = _find(book, request.get("objectId", 0))
    if not sheet.has_grid:
        raise unsupported("moving a chart away from the sheet of its own")
    given = request.get("newPosition", {})
    if name == "charts" and _is_own_sheet(given):
        moved = doc | {"position": _place_chart(book, given)}
    else:
        mask = masks.parse(request.get("fields", ""))
        masks.check(mask, OVERLAY_POSITION)
        over = given.get("overlayPosition", {})
        overlay = masks.assign(mask, doc["position"]["overlayPosition"], over)
        position = complete_position(book, given | {"overlayPosition": overlay})
        moved = doc | {"position": position}
    target = sheet_of(book, moved)
    if target is not sheet:
        drop(sheet, name, doc)
    put(target, name, moved)
    position = shown(EMBEDDED_OBJECT_POSITION, moved["position"])
    return {"updateEmbeddedObjectPosition": {"position": position}}


def update_border(book: Book, request: dict[str, Any]) -> None:
    """`updateEmbeddedObjectBorder`."""
    name, sheet, doc = _find(book, request.get("objectId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, EMBEDDED_OBJECT_BORDER)
    old = doc.get("border", {})
    new = masks.assign(mask, old, request.get("border", {}))
    put(sheet, name, doc | {"border": settled(EMBEDDED_OBJECT_BORDER, old, new)})


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteEmbeddedObject`.

    Raises:
        ApiError: 400, or 501 for what has a sheet of its own: Google does not say what becomes of
            that.
    """
    name, sheet, doc = _find(book, request.get("objectId", 0))
    if not sheet.has_grid:
        raise unsupported("deleting a chart without the sheet of its own")
    drop(sheet, name, doc)
