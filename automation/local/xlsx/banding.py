"""Alternating colours, which Excel has only as the looks of each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.sheet import span_of

if TYPE_CHECKING:
    from automation.local.a1 import Area
    from automation.local.sheet import Sheet


class Banding:
    """The banded ranges of a sheet.

    Attributes:
        bottom: The row after the last banded one.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._bands: list[tuple[Area, dict[str, Any]]] = [
            (sheet.clip(span_of(doc["range"])), doc)
            for doc in sheet.objects.get("bandedRanges", ())
        ]
        self.bottom = max((area.bottom for area, _ in self._bands), default=0)

    def columns(self, row: int) -> set[int]:
        """The columns that are banded in a row."""
        return {
            column
            for area, _ in self._bands
            if area.top <= row < area.bottom
            for column in range(area.left, area.right)
        }

    def styled(self, row: int, column: int, style: dict[str, Any]) -> dict[str, Any]:
        """A cell's format with the colour of its band, unless it has one of its own."""
        if "backgroundColorStyle" in style:
            return style
        for area, doc in self._bands:
            if area.top <= row < area.bottom and area.left <= column < area.right:
                color = _color(doc.get("rowProperties"), row - area.top, area.bottom - area.top)
                color = color or _color(
                    doc.get("columnProperties"), column - area.left, area.right - area.left
                )
                return style | {"backgroundColorStyle": color} if color else style
        return style


def _color(properties: dict[str, Any] | None, index: int, count: int) -> dict[str, Any] | None:
    """The colour of the band with an index among so many."""
    if not properties:
        return None
    has_header = "headerColorStyle" in properties
    if has_header and index == 0:
        name = "headerColorStyle"
    elif "footerColorStyle" in properties and index == count - 1:
        name = "footerColorStyle"
    else:
        odd = (index - has_header) % 2
        name = "secondBandColorStyle" if odd else "firstBandColorStyle"
    found: dict[str, Any] | None = properties.get(name)
    return found
