"""A spreadsheet that a human made, looked at for the first time: which tabs it has, and their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.core.responses import TIMESTAMP_HEADERS, cell_text
from automation.core.text import fold
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.layout import BOARDS, roll_number, tabs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gspread import HTTPClient

_LOOKED_AT: Final = 300
"""Rows of each tab, the header among them: enough to tell a question with boxes from another."""


class SeenTab(Struct, frozen=True, kw_only=True):
    """A tab that is not Cohorte's.

    Attributes:
        rows: Its first rows below the header, as long as the header.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def takes_answers(self) -> bool:
        """Whether it looks like the tab of a form."""
        return any(fold(text) in TIMESTAMP_HEADERS for text in self.header)


def survey_tabs(http: HTTPClient, spreadsheet_id: str) -> tuple[SeenTab, ...]:
    """Return the tabs that are not Cohorte's, in their order; two calls.

    Raises what `automation.google.sheets` raises.
    """
    about = get_spreadsheet(http, spreadsheet_id)
    ours = {tab.sheet_id for tab in tabs()} | {board.sheet_id for board in BOARDS}
    found = [
        sheet["properties"]
        for sheet in about["sheets"]
        if "gridProperties" in sheet["properties"]
        and sheet["properties"]["sheetId"] not in ours
        and not roll_number(sheet["properties"]["sheetId"])
    ]
    if not found:
        return ()
    grids = read_ranges(http, spreadsheet_id, [_first_rows(properties) for properties in found])
    return tuple(_see(p, grid) for p, grid in zip(found, grids, strict=True))


def _first_rows(properties: Mapping[str, Any]) -> dict[str, int]:
    last = min(int(properties["gridProperties"].get("rowCount", _LOOKED_AT)), _LOOKED_AT)
    return {"sheetId": properties["sheetId"], "startRowIndex": 0, "endRowIndex": last}


def _see(properties: Mapping[str, Any], grid: Sequence[Sequence[Any]]) -> SeenTab:
    texts = [tuple(cell_text(cell) for cell in row) for row in grid]
    header = texts[0] if texts else ()
    blank = ("",) * len(header)
    rows = tuple((row + blank)[: len(header)] for row in texts[1:])
    return SeenTab(title=str(properties["title"]), header=header, rows=rows)
