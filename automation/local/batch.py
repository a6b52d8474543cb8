"""`spreadsheets.batchUpdate`: several requests, applied together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.errors import ApiError, refuse, unsupported
from automation.local.kinds import (
    banding,
    cells,
    charts,
    dimensions,
    filling,
    filters,
    groups,
    metadata,
    names,
    pasting,
    rules,
    sheets,
    sorting,
    tables,
    texts,
)
from automation.local.kinds.messages import KINDS
from automation.local.schema import read
from automation.local.spreadsheets import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.book import Book
    from automation.local.desk import Desk

_APPLY: Final[dict[str, Callable[[Book, dict[str, Any]], dict[str, Any] | None]]] = {
    "addSheet": sheets.add,
    "deleteSheet": sheets.delete,
    "duplicateSheet": sheets.duplicate,
    "updateSheetProperties": sheets.update,
    "updateSpreadsheetProperties": sheets.update_spreadsheet,
    "updateCells": cells.update,
    "appendCells": cells.append,
    "repeatCell": cells.repeat,
    "setDataValidation": cells.validate,
    "updateBorders": cells.update_borders,
    "insertDimension": dimensions.insert,
    "appendDimension": dimensions.append,
    "deleteDimension": dimensions.delete,
    "moveDimension": dimensions.move,
    "updateDimensionProperties": dimensions.update,
    "autoResizeDimensions": dimensions.auto_resize,
    "addProtectedRange": rules.add_protected,
    "updateProtectedRange": rules.update_protected,
    "deleteProtectedRange": rules.delete_protected,
    "addConditionalFormatRule": rules.add_conditional,
    "deleteConditionalFormatRule": rules.delete_conditional,
    "setBasicFilter": filters.set_basic,
    "clearBasicFilter": filters.clear_basic,
    "mergeCells": rules.merge,
    "unmergeCells": rules.unmerge,
    "sortRange": sorting.sort,
    "createDeveloperMetadata": metadata.create,
    "updateDeveloperMetadata": metadata.update,
    "deleteDeveloperMetadata": metadata.delete,
    "addChart": charts.add,
    "updateChartSpec": charts.update_spec,
    "updateEmbeddedObjectPosition": charts.move,
    "updateEmbeddedObjectBorder": charts.update_border,
    "deleteEmbeddedObject": charts.delete,
    "addBanding": banding.add,
    "updateBanding": banding.update,
    "deleteBanding": banding.delete,
    "updateConditionalFormatRule": rules.update_conditional,
    "addNamedRange": names.add,
    "updateNamedRange": names.update,
    "deleteNamedRange": names.delete,
    "addFilterView": filters.add_view,
    "updateFilterView": filters.update_view,
    "duplicateFilterView": filters.duplicate_view,
    "deleteFilterView": filters.delete_view,
    "addSlicer": filters.add_slicer,
    "updateSlicerSpec": filters.update_slicer,
    "addTable": tables.add,
    "updateTable": tables.update,
    "deleteTable": tables.delete,
    "addDimensionGroup": groups.add,
    "updateDimensionGroup": groups.update,
    "deleteDimensionGroup": groups.delete,
    "copyPaste": pasting.copy_paste,
    "cutPaste": pasting.cut_paste,
    "pasteData": pasting.paste_data,
    "insertRange": pasting.insert_range,
    "deleteRange": pasting.delete_range,
    "autoFill": filling.fill,
    "findReplace": texts.find_replace,
    "textToColumns": texts.text_to_columns,
    "trimWhitespace": texts.trim_whitespace,
    "deleteDuplicates": texts.delete_duplicates,
    "randomizeRange": texts.randomize,
}


def offered_kinds() -> frozenset[str]:
    """The kinds of request that a batch may hold."""
    return frozenset(_APPLY)


def update(desk: Desk) -> dict[str, Any]:
    """Apply a batch. What it raises undoes the transaction, and with it the whole batch.

    Raises:
        ApiError: 400 naming the first request that Google would refuse, or our 501.
    """
    book = desk.book()
    requests = desk.body.get("requests", [])
    if not requests:
        raise refuse("Must specify at least one request.")
    parsed = [_parse(index, request) for index, request in enumerate(requests)]
    replies = [_apply(book, index, *request) for index, request in enumerate(parsed)]
    book.save(desk.now)
    answer: dict[str, Any] = {"spreadsheetId": book.id, "replies": replies}
    if desk.body.get("includeSpreadsheetInResponse"):
        places = [book.area(text) for text in desk.body.get("responseRanges", [])] or None
        wanted = desk.body.get("responseIncludeGridData", False)
        answer["updatedSpreadsheet"] = show(book, {}, places, grid_data=wanted)
    return answer


def _parse(index: int, request: Any) -> tuple[str, dict[str, Any]]:
    """The kind and the checked content of a request."""
    given = {k: v for k, v in request.items() if v is not None} if isinstance(request, dict) else {}
    if len(given) != 1:
        raise refuse(
            "Invalid requests[{index}]: Exactly one kind of request must be set.", index=index
        )
    ((kind, content),) = given.items()
    if kind not in KINDS:
        raise unsupported(f'the request kind "{kind}" at "requests[{index}]"')
    parsed: dict[str, Any] = read(KINDS[kind], content, f"requests[{index}].{kind}")
    return kind, parsed


def _apply(book: Book, index: int, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    try:
        return _APPLY[kind](book, content) or {}
    except ApiError as error:
        if error.code == 400:  # noqa: PLR2004 - HTTP
            error.message = f"Invalid requests[{index}].{kind}: {error.message}"
        raise
