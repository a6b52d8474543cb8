"""Protected ranges that somebody may not edit.

What is in them is looked at before and after a call, whatever the call was; so writing what stands
there already is let pass, where Google refuses that too. A range with unprotected parts is not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.errors import PROTECTED, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from automation.local.sheet import Sheet

Contents = dict[int, list[Any]]
"""Rows of values by the id of the range that protects them."""


def may_edit(protected: Mapping[str, Any], address: str) -> bool:
    """Whether an account may edit a protected range: without named editors, everybody may.

    Google adds the owner and whoever protects a range to its editors; here they have to be named.
    """
    editors = protected.get("editors", {}).get("users", ())
    return not editors or address.casefold() in map(str.casefold, editors)


def locked_contents(sheets: Iterable[Sheet], address: str) -> Contents:
    """What is in the ranges that an account may not edit."""
    return {
        protected["protectedRangeId"]: _content(sheet, protected["range"])
        for sheet in sheets
        for protected in sheet.protectedRanges
        if not may_edit(protected, address) and "unprotectedRanges" not in protected
    }


def _content(sheet: Sheet, grid_range: Mapping[str, Any]) -> list[Any]:
    area = sheet.clip_range(grid_range)
    bottom = min(area.bottom, sheet.grid.used)
    rows = [row[area.left : area.right] for row in sheet.grid.values(area.top, bottom)]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def check_unchanged(before: Contents, sheets: Iterable[Sheet], address: str) -> None:
    """Refuse what changed a range that an account may not edit.

    Raises:
        ApiError: 400.
    """
    after = locked_contents(sheets, address) if before else {}
    if any(after.get(number) != rows for number, rows in before.items()):
        raise refuse(PROTECTED)
