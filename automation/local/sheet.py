"""A tab: its properties, its rules, its rows, and ranges on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from automation.local import a1
from automation.local.a1 import Area, Span
from automation.local.errors import BEYOND_GRID, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.local.grid import Grid

_SECTIONS: Final = (
    "merges",
    "conditionalFormats",
    "protectedRanges",
    "basicFilter",
    "columns",
    "objects",
)


class Sheet(Struct, eq=False):
    """A tab.

    Attributes:
        key: Of its record in the store.
        properties: As Google shows them, but `index`.
        grid: Its rows.
        merges: GridRanges, like every range below.
        columns: Column index as text → dimension properties that are not the default.
        objects: Charts and what else `objects` keeps, by their name in Google's answers.
        loaded: The record as it was read, to see what changed.
    """

    key: int
    properties: dict[str, Any]
    grid: Grid
    merges: list[dict[str, Any]] = field(default_factory=list)
    conditionalFormats: list[dict[str, Any]] = field(default_factory=list)  # noqa: N815 - Google's name
    protectedRanges: list[dict[str, Any]] = field(default_factory=list)  # noqa: N815 - Google's name
    basicFilter: dict[str, Any] = field(default_factory=dict)  # noqa: N815 - Google's name
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    loaded: tuple[int, str, str] = (-1, "", "")

    @property
    def id(self) -> int:
        """The sheet's id."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The sheet's title."""
        return str(self.properties["title"])

    @property
    def has_grid(self) -> bool:
        """Whether it has cells: a chart on a sheet of its own has none below it."""
        return "gridProperties" in self.properties

    @property
    def row_count(self) -> int:
        """Rows of the grid."""
        return int(self.properties.get("gridProperties", {}).get("rowCount", 0))

    @row_count.setter
    def row_count(self, rows: int) -> None:
        self.properties["gridProperties"]["rowCount"] = rows

    @property
    def column_count(self) -> int:
        """Columns of the grid."""
        return int(self.properties.get("gridProperties", {}).get("columnCount", 0))

    @column_count.setter
    def column_count(self, columns: int) -> None:
        self.properties["gridProperties"]["columnCount"] = columns

    @property
    def state(self) -> dict[str, Any]:
        """Everything but the rows, as JSON."""
        sections = {name: getattr(self, name) for name in _SECTIONS}
        return {"properties": self.properties} | {k: v for k, v in sections.items() if v}

    def whole(self) -> Area:
        """All its cells."""
        return Area(0, self.row_count, 0, self.column_count)

    def clip(self, span: Span) -> Area:
        """A span within the grid.

        Raises:
            ApiError: 400 when it begins outside.
        """
        top, left = span.top or 0, span.left or 0
        if top >= self.row_count or left >= self.column_count:
            raise self.beyond(span)
        bottom = self.row_count if span.bottom is None else min(span.bottom, self.row_count)
        right = self.column_count if span.right is None else min(span.right, self.column_count)
        return Area(top, bottom, left, right)

    def clip_range(self, grid_range: Mapping[str, Any]) -> Area:
        """A GridRange on this sheet within the grid."""
        return self.clip(span_of(grid_range))

    def beyond(self, span: Span) -> Exception:
        """The refusal of a range outside the grid."""
        return refuse(
            BEYOND_GRID,
            text=a1.write_span(self.title, span),
            rows=self.row_count,
            columns=self.column_count,
        )


def span_of(grid_range: Mapping[str, Any]) -> Span:
    """A GridRange as a span; negative or reversed indexes are refused."""
    ends = [
        grid_range.get(name)
        for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    ]
    for start, end in (ends[:2], ends[2:]):
        if (start or 0) < 0 or (end is not None and end <= (start or 0)):
            raise refuse("Invalid range: {ends}", ends=dict(grid_range))
    return Span("", *ends)


def range_of(sheet: Sheet, area: Area) -> dict[str, Any]:
    """The GridRange of an area."""
    return {
        "sheetId": sheet.id,
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }


def area_of(grid_range: Mapping[str, Any]) -> Area:
    """The area of a GridRange that leaves nothing open, such as a merge's."""
    return Area(
        grid_range["startRowIndex"],
        grid_range["endRowIndex"],
        grid_range["startColumnIndex"],
        grid_range["endColumnIndex"],
    )


def shown_range(grid_range: Mapping[str, Any]) -> dict[str, Any]:
    """A GridRange as answers show it: without sheet id 0, but with `startRowIndex` 0."""
    return {name: value for name, value in grid_range.items() if name != "sheetId" or value}
