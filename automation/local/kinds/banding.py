"""Requests about alternating colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import masks
from automation.local.colors import settled
from automation.local.errors import BANDED_TWICE, refuse
from automation.local.object_messages import BANDED_RANGE
from automation.local.objects import drop, find, fresh_id, located, put, shown
from automation.local.sheet import span_of

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.sheet import Sheet


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addBanding`: no cell may be banded twice."""
    given = request.get("bandedRange", {})
    number = fresh_id(book, "bandedRanges", given.get("bandedRangeId"))
    sheet, banded = _complete(book, given, {})
    banded = {"bandedRangeId": number} | banded
    put(sheet, "bandedRanges", banded)
    return {"addBanding": {"bandedRange": shown(BANDED_RANGE, banded)}}


def _complete(
    book: Book, given: dict[str, Any], old: dict[str, Any]
) -> tuple[Sheet, dict[str, Any]]:
    """The sheet and the checked content of a banded range.

    Raises:
        ApiError: 400 without a range or colours, or where another one lies.
    """
    if "range" not in given or not {"rowProperties", "columnProperties"} & given.keys():
        raise refuse("A banded range needs a range, and rowProperties or columnProperties.")
    banded = settled(BANDED_RANGE, old, located(book, BANDED_RANGE, given))
    for name in ("rowProperties", "columnProperties"):
        properties = banded.get(name)
        if properties is not None and not {"firstBandColor", "secondBandColor"} <= {
            key.removesuffix("Style") for key in properties
        }:
            raise refuse("{name} must have a firstBandColor and a secondBandColor.", name=name)
    sheet = book.sheet(banded["range"]["sheetId"])
    area = sheet.clip(span_of(banded["range"]))
    others = (
        other
        for other in sheet.objects.get("bandedRanges", ())
        if other["bandedRangeId"] != given.get("bandedRangeId")
    )
    if any(area.overlaps(sheet.clip(span_of(other["range"]))) for other in others):
        raise refuse(BANDED_TWICE)
    return sheet, banded


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateBanding`."""
    given = request.get("bandedRange", {})
    sheet, known = find(book, "bandedRanges", given.get("bandedRangeId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, BANDED_RANGE)
    changed = masks.assign(mask, known, given) | {"bandedRangeId": known["bandedRangeId"]}
    target, banded = _complete(book, changed, known)
    if target is not sheet:
        drop(sheet, "bandedRanges", known)
    put(target, "bandedRanges", banded)


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteBanding`."""
    sheet, known = find(book, "bandedRanges", request.get("bandedRangeId", 0))
    drop(sheet, "bandedRanges", known)
