"""The partners' spreadsheet: the figures that may be shared, in one tab of a workbook of its own.

One read tells what was written there last, by the developer metadata that guards each write and bears
the digest of what it wrote. Only another digest, or a tab or a chart that has gone, makes a write: the
whole tab, at once, which Google refuses to apply twice.
"""

from __future__ import annotations

from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from automation.core.summary import BoardChange, draw_summary, suppress
from automation.errors import WorkbookError
from automation.google.sheets import get_spreadsheet
from automation.workbook.boards import draw_board, open_board
from automation.workbook.layout import COMMENTS, SUMMARY, roll_number, tabs
from automation.workbook.sheet import require_cells
from automation.workbook.writer import require_fresh, send_guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gspread import HTTPClient

    from automation.core.rules import Rules
    from automation.core.summary import Board, Summary
    from automation.workbook.guards import Run

_GUARD_BASE: Final = 720_000_000
_GUARD_KEY: Final = "cohorte.partners"
_GUARDS_KEPT: Final = 50
"""A run that reads, sleeps and wakes would have to oversleep as many nights with news."""


def share_summary(
    http: HTTPClient, spreadsheet_id: str, summary: Summary, rules: Rules, run: Run
) -> bool:
    """Bring the partners' spreadsheet in step; tell whether it was not.

    Args:
        summary: Whole; only what may be shared of it is written.

    Raises `WorkbookError` where the spreadsheet holds more than partners may see, and whatever reading
    and writing raise.
    """
    board = draw_summary(suppress(summary, rules.summary.suppress_below))
    began = run.clock()
    about = get_spreadsheet(http, spreadsheet_id)
    properties = {s["properties"]["sheetId"]: s["properties"] for s in about["sheets"]}
    _require_no_people(properties)
    guards = _read_guards(about)
    digest = _digest(board)
    found = properties.get(SUMMARY.sheet_id)
    if found:
        require_cells(found)
    standing = open_board(SUMMARY, found or {}, (), about)
    whole = found and standing.charts == {chart.slot for chart in board.charts}
    if whole and guards and guards[-1][1].endswith(f" {digest}"):
        return False
    titles = {str(sheet["title"]) for sheet in properties.values()}
    change = BoardChange(board=board, standing=standing)
    requests = draw_board(change, titles, rules.language.value, first=True)
    guard = _make_guard(guards[-1][0] + 1 if guards else 1, f"{run.run_id} {digest}")
    tidying = [_drop_guard(revision) for revision, _ in guards[:-_GUARDS_KEPT]]
    fresh = partial(require_fresh, run, began)
    send_guarded(http, spreadsheet_id, guard, [*requests, *tidying], fresh)
    return True


def _require_no_people(properties: Mapping[int, object]) -> None:
    """Raise where the spreadsheet is our own workbook, or a copy of it."""
    personal = {*(tab.sheet_id for tab in tabs()), COMMENTS.sheet_id}
    if any(sheet_id in personal or roll_number(sheet_id) for sheet_id in properties):
        raise WorkbookError("partners_hold_people")


def _digest(board: Board) -> str:
    """Return a hash of all that a board shows: 12 letters."""
    return blake2b(repr(board).encode(), digest_size=6).hexdigest()


def _read_guards(about: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the revisions that were written, and what their guards say, oldest first."""
    return sorted(
        (item["metadataId"] - _GUARD_BASE, str(item.get("metadataValue", "")))
        for item in about.get("developerMetadata", ())
        if item.get("metadataKey") == _GUARD_KEY
    )


def _make_guard(revision: int, value: str) -> dict[str, Any]:
    metadata = {
        "metadataId": _GUARD_BASE + revision,
        "metadataKey": _GUARD_KEY,
        "metadataValue": value,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _drop_guard(revision: int) -> dict[str, Any]:
    lookup = {"metadataId": _GUARD_BASE + revision}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
