"""Requests about filters: the basic one of a sheet, filter views and slicers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import masks
from automation.local.colors import settled
from automation.local.errors import MERGED_FILTER, refuse
from automation.local.filtering import check_filter
from automation.local.kinds.charts import complete_position, sheet_of
from automation.local.messages import BASIC_FILTER
from automation.local.object_messages import FILTER_VIEW, SLICER, SLICER_SPEC
from automation.local.objects import drop, each, find, fresh_id, located, put, shown
from automation.local.sheet import area_of, span_of

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.sheet import Sheet


def set_basic(book: Book, request: dict[str, Any]) -> None:
    """`setBasicFilter`."""
    given = request.get("filter", {})
    placed = located(book, BASIC_FILTER, {"range": {}} | given)
    check_filter(book, placed)
    sheet = book.sheet(placed["range"]["sheetId"])
    area = sheet.clip(span_of(placed["range"]))
    if any(area.overlaps(one) and one.bottom - one.top > 1 for one in map(area_of, sheet.merges)):
        raise refuse(MERGED_FILTER)
    sheet.basicFilter = placed


def clear_basic(book: Book, request: dict[str, Any]) -> None:
    """`clearBasicFilter`."""
    book.sheet(request.get("sheetId", 0)).basicFilter = {}


def add_view(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addFilterView`."""
    given = request.get("filter", {})
    number = fresh_id(book, "filterViews", given.get("filterViewId"))
    sheet, view = _complete(book, {"title": _free_title(book)} | given | {"filterViewId": number})
    put(sheet, "filterViews", view)
    return {"addFilterView": {"filter": shown(FILTER_VIEW, view)}}


def _free_title(book: Book) -> str:
    titles = {view["title"] for _, view in each(book, "filterViews")}
    number = 1
    while f"Filter {number}" in titles:
        number += 1
    return f"Filter {number}"


def _complete(book: Book, given: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    """The sheet and the checked content of a filter view.

    Raises:
        ApiError: 400 without a title, or for a range that is not there.
    """
    if not given.get("title"):
        raise refuse("A filter view needs a title.")
    if "namedRangeId" in given:
        named = book.named_ranges.get(given["namedRangeId"])
        if named is None:
            raise refuse("No NamedRange with id: {id}", id=given["namedRangeId"])
        given = given | {"range": named["range"]}
    view = located(book, FILTER_VIEW, {"range": {}} | given)
    return book.grid_area(view["range"])[0], view


def update_view(book: Book, request: dict[str, Any]) -> None:
    """`updateFilterView`."""
    given = request.get("filter", {})
    sheet, known = find(book, "filterViews", given.get("filterViewId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, FILTER_VIEW)
    changed = masks.assign(mask, known, given) | {"filterViewId": known["filterViewId"]}
    target, view = _complete(book, changed)
    if target is not sheet:
        drop(sheet, "filterViews", known)
    put(target, "filterViews", view)


def duplicate_view(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`duplicateFilterView`."""
    sheet, known = find(book, "filterViews", request.get("filterId", 0))
    number = fresh_id(book, "filterViews")
    view = known | {"filterViewId": number, "title": f"Copy of {known['title']}"}
    put(sheet, "filterViews", view)
    return {"duplicateFilterView": {"filter": shown(FILTER_VIEW, view)}}


def delete_view(book: Book, request: dict[str, Any]) -> None:
    """`deleteFilterView`."""
    drop_from = find(book, "filterViews", request.get("filterId", 0))
    drop(drop_from[0], "filterViews", drop_from[1])


def add_slicer(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addSlicer`."""
    given = request.get("slicer", {})
    number = fresh_id(book, "slicers", given.get("slicerId"))
    slicer = {
        "slicerId": number,
        "spec": _complete_slicer(book, {}, given.get("spec", {})),
        "position": complete_position(book, given.get("position", {})),
    }
    put(sheet_of(book, slicer), "slicers", slicer)
    return {"addSlicer": {"slicer": shown(SLICER, slicer)}}


def _complete_slicer(book: Book, old: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    if "dataRange" not in given:
        raise refuse("A slicer needs a dataRange.")
    spec: dict[str, Any] = settled(SLICER_SPEC, old, located(book, SLICER_SPEC, given))
    book.grid_area(spec["dataRange"])
    return spec


def update_slicer(book: Book, request: dict[str, Any]) -> None:
    """`updateSlicerSpec`."""
    sheet, known = find(book, "slicers", request.get("slicerId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, SLICER_SPEC)
    changed = masks.assign(mask, known["spec"], request.get("spec", {}))
    put(sheet, "slicers", known | {"spec": _complete_slicer(book, known["spec"], changed)})
