"""Requests about groups of rows or columns.

A group over a range makes its rows one level deeper, and deleting it one less deep; what Google
calls groups are the stretches that are at least one, two, … levels deep.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from automation.local import masks
from automation.local.errors import refuse
from automation.local.kinds.dimensions import assign, reach
from automation.local.object_messages import DIMENSION_GROUP
from automation.local.objects import shown

if TYPE_CHECKING:
    from automation.local.book import Book
    from automation.local.dimensions import Dimension
    from automation.local.sheet import Sheet

_NAMES: Final = {"ROWS": "rowGroups", "COLUMNS": "columnGroups"}
_MAX_DEPTH: Final = 8


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addDimensionGroup`: the reply holds every group of that dimension."""
    return {"addDimensionGroup": _deepen(book, request, 1)}


def delete(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`deleteDimensionGroup`: the reply holds the groups that are left."""
    return {"deleteDimensionGroup": _deepen(book, request, -1)}


def _deepen(book: Book, request: dict[str, Any], by: int) -> dict[str, Any]:
    sheet, dimension, first, last = reach(book, request.get("range", {}))
    name = _NAMES[dimension]
    known = sheet.objects.get(name, [])
    depths = _depths(sheet, dimension, known)
    for index in range(first, min(last, len(depths))):
        depths[index] += by
    if min(depths) < 0:
        raise refuse("There is no group to delete over the whole of the range.")
    if max(depths) > _MAX_DEPTH:
        raise refuse("Groups cannot be more than {depth} deep.", depth=_MAX_DEPTH)
    collapsed = {(g["range"]["startIndex"], g["depth"]) for g in known if g.get("collapsed")}
    groups = _groups(sheet, dimension, depths, collapsed)
    sheet.objects[name] = groups
    if not groups:
        del sheet.objects[name]
        return {}
    return {"dimensionGroups": [shown(DIMENSION_GROUP, group) for group in groups]}


def _depths(sheet: Sheet, dimension: Dimension, groups: list[dict[str, Any]]) -> list[int]:
    """How deep each row or column is."""
    depths = [0] * (sheet.row_count if dimension == "ROWS" else sheet.column_count)
    for group in groups:
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[index] += 1
    return depths


def _groups(
    sheet: Sheet, dimension: Dimension, depths: list[int], collapsed: set[tuple[int, int]]
) -> list[dict[str, Any]]:
    """The groups, the shallow ones first, then by their place."""
    found: list[dict[str, Any]] = []
    for depth in range(1, max(depths) + 1):
        deep = [one >= depth for one in depths]
        for inside, stretch in groupby(range(len(depths)), deep.__getitem__):
            if inside:
                indexes = list(stretch)
                where = {
                    "sheetId": sheet.id,
                    "dimension": dimension,
                    "startIndex": indexes[0],
                    "endIndex": indexes[-1] + 1,
                }
                group: dict[str, Any] = {"range": where, "depth": depth}
                if (indexes[0], depth) in collapsed:
                    group["collapsed"] = True
                found.append(group)
    return found


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateDimensionGroup`: collapsing hides what is in the group, expanding shows it."""
    given = request.get("dimensionGroup", {})
    sheet, dimension, first, last = reach(book, given.get("range", {}))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, DIMENSION_GROUP)
    if mask.keys() - {"collapsed", "*"}:
        raise refuse("Only the field collapsed of a group can be updated.")
    for group in sheet.objects.get(_NAMES[dimension], ()):
        ends = (group["range"]["startIndex"], group["range"]["endIndex"])
        if (*ends, group["depth"]) == (first, last, given.get("depth", 0)):
            group.pop("collapsed", None)
            if given.get("collapsed"):
                group["collapsed"] = True
            properties = {"hiddenByUser": given.get("collapsed", False)}
            assign(sheet, dimension, ends, {"hiddenByUser": {}}, properties)
            return
    raise refuse("No group of depth {depth} over this range.", depth=given.get("depth", 0))
