"""Requests about protections, conditional formats and merged cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import masks
from automation.local.book import free_id
from automation.local.colors import settled
from automation.local.errors import NO_PROTECTED_RANGE, PROTECTED_RANGE_EXISTS, refuse
from automation.local.messages import CONDITIONAL_FORMAT, PROTECTED_RANGE
from automation.local.sheet import area_of, range_of, span_of
from automation.local.shown import shown_protected, shown_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.runs import Values
    from automation.local.sheet import Sheet


def _located(book: Book, grid_range: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    """The sheet of a range, and the range with its sheet id spelled out."""
    sheet = book.sheet(grid_range.get("sheetId", 0), grid=True)
    span_of(grid_range)
    return sheet, {"sheetId": sheet.id} | grid_range


def add_protected(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addProtectedRange`."""
    given = request.get("protectedRange", {})
    taken = {p["protectedRangeId"] for sheet in book.sheets for p in sheet.protectedRanges}
    number = given.get("protectedRangeId")
    if number in taken:
        raise refuse(PROTECTED_RANGE_EXISTS, id=number)
    sheet, protected = _complete_protected(book, given)
    protected = {"protectedRangeId": free_id(taken) if number is None else number} | protected
    sheet.protectedRanges.append(protected)
    return {"addProtectedRange": {"protectedRange": shown_protected(protected, book.address)}}


def _complete_protected(book: Book, given: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    if given.get("warningOnly") and given.get("editors"):
        raise refuse("If warningOnly is set, editors cannot be set.")
    if "range" not in given:
        raise refuse("A protected range needs a range.")
    sheet, where = _located(book, given["range"])
    protected = {k: v for k, v in given.items() if k != "requestingUserCanEdit"} | {"range": where}
    if "unprotectedRanges" in given:
        protected["unprotectedRanges"] = [_located(book, r)[1] for r in given["unprotectedRanges"]]
    return sheet, protected


def update_protected(book: Book, request: dict[str, Any]) -> None:
    """`updateProtectedRange`."""
    given = request.get("protectedRange", {})
    sheet, known = _find_protected(book, given.get("protectedRangeId", 0))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, PROTECTED_RANGE)
    changed = masks.assign(mask, known, given)
    target, changed = _complete_protected(book, changed)
    sheet.protectedRanges.remove(known)
    target.protectedRanges.append(changed | {"protectedRangeId": known["protectedRangeId"]})


def delete_protected(book: Book, request: dict[str, Any]) -> None:
    """`deleteProtectedRange`."""
    sheet, known = _find_protected(book, request.get("protectedRangeId", 0))
    sheet.protectedRanges.remove(known)


def _find_protected(book: Book, number: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in book.sheets:
        for protected in sheet.protectedRanges:
            if protected["protectedRangeId"] == number:
                return sheet, protected
    raise refuse(NO_PROTECTED_RANGE, id=number)


def add_conditional(book: Book, request: dict[str, Any]) -> None:
    """`addConditionalFormatRule`: at an index, or before all others."""
    sheet, rule = _complete_rule(book, request.get("rule", {}))
    index = request.get("index", 0)
    if not 0 <= index <= len(sheet.conditionalFormats):
        raise refuse("Invalid index: {index}", index=index)
    sheet.conditionalFormats.insert(index, rule)


def _complete_rule(book: Book, rule: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    """The sheet of a conditional format, and the rule with its sheet spelled out.

    Raises:
        ApiError: 400 without ranges, over several sheets, or without anything to show.
    """
    if not rule.get("ranges") or not {"booleanRule", "gradientRule"} & rule.keys():
        raise refuse("A conditional format rule needs ranges, and a booleanRule or a gradientRule.")
    for name in ("minpoint", "maxpoint"):
        if "gradientRule" in rule and "type" not in rule["gradientRule"].get(name, {}):
            raise refuse("No interpolationPointType specified.")
    placed = [_located(book, grid_range) for grid_range in rule["ranges"]]
    sheet = placed[0][0]
    if any(other is not sheet for other, _ in placed):
        raise refuse("All ranges of a conditional format rule must be on one sheet.")
    fresh: dict[str, Any] = settled(CONDITIONAL_FORMAT, {}, rule)
    return sheet, fresh | {"ranges": [where for _, where in placed]}


def update_conditional(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`updateConditionalFormatRule`: another rule in its place, or the same in another place."""
    index, rule = request.get("index", 0), request.get("rule")
    if rule is not None:
        sheet, fresh = _complete_rule(book, rule)
        old = _rule_at(sheet, index)
        sheet.conditionalFormats[index] = fresh
        answer = {"newRule": shown_rule(fresh), "newIndex": index, "oldRule": shown_rule(old)}
        return {"updateConditionalFormatRule": answer}
    sheet = book.sheet(request.get("sheetId", 0))
    old = _rule_at(sheet, index)
    new_index = request.get("newIndex", 0)
    _rule_at(sheet, new_index)
    del sheet.conditionalFormats[index]
    sheet.conditionalFormats.insert(new_index, old)
    answer = {"newRule": shown_rule(old), "newIndex": new_index, "oldIndex": index}
    return {"updateConditionalFormatRule": answer}


def delete_conditional(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`deleteConditionalFormatRule`: the reply holds the rule."""
    sheet = book.sheet(request.get("sheetId", 0))
    rule = _rule_at(sheet, request.get("index", 0))
    del sheet.conditionalFormats[request.get("index", 0)]
    return {"deleteConditionalFormatRule": {"rule": shown_rule(rule)}}


def _rule_at(sheet: Sheet, index: int) -> dict[str, Any]:
    if not 0 <= index < len(sheet.conditionalFormats):
        raise refuse(
            "No conditional format on sheet: {id} at index: {index}", id=sheet.id, index=index
        )
    return sheet.conditionalFormats[index]


def merge(book: Book, request: dict[str, Any]) -> None:
    """`mergeCells`: only the upper left value of each merge stays."""
    sheet, area = book.grid_area(request.get("range", {}))
    parts = list(_parts(area, request.get("mergeType", "MERGE_ALL")))
    if any(area.overlaps(area_of(known)) for known in sheet.merges):
        raise refuse("You can't merge cells that overlap another merge.")

    def merged(row: int, values: Values) -> Values:
        for part in parts:
            if part.top <= row < part.bottom:
                keep = part.left if row == part.top else -1
                values = [
                    None if part.left <= column < part.right and column != keep else value
                    for column, value in enumerate(values)
                ]
        return values

    sheet.grid.revalue(area.top, area.bottom, merged, blank=False)
    sheet.merges.extend(range_of(sheet, part) for part in parts)


def _parts(area: Area, kind: str) -> Iterator[Area]:
    if kind == "MERGE_ROWS":
        yield from (area._replace(top=row, bottom=row + 1) for row in range(area.top, area.bottom))
    elif kind == "MERGE_COLUMNS":
        yield from (area._replace(left=c, right=c + 1) for c in range(area.left, area.right))
    else:
        yield area


def unmerge(book: Book, request: dict[str, Any]) -> None:
    """`unmergeCells`: every merge within the range."""
    sheet, area = book.grid_area(request.get("range", {}))
    sheet.merges = [known for known in sheet.merges if not area.overlaps(area_of(known))]
