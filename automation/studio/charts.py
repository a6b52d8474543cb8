"""The charts of a tab, drawn from what the API says of them and from the tab's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup
from msgspec import Struct

from automation.core.summary import Plot, pick_shades
from automation.papers.charts import Figures, draw_figures
from automation.studio.looks import tell_colour

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ROW_HEIGHT: Final = 21  # pixels, as Sheets has them
_PLOTS: Final = {
    ("COLUMN", False): Plot.COLUMNS,
    ("COLUMN", True): Plot.STACKED_COLUMNS,
    ("BAR", False): Plot.BARS,
    ("BAR", True): Plot.STACKED_BARS,
    ("LINE", False): Plot.LINES,
    ("LINE", True): Plot.LINES,
}


class Chart(Struct, frozen=True, kw_only=True):
    """A chart where it hangs.

    Attributes:
        row: Of its upper left corner, from 0.
        rows: How many it covers.
        svg: Ours, and escaped.
    """

    row: int
    rows: int
    title: str
    svg: Markup


def draw_charts(
    sheet: Mapping[str, Any], grid: Sequence[Sequence[Any]], language: str
) -> Iterator[Chart]:
    """Yield the charts of a tab that can be drawn, those without a figure left out.

    Args:
        grid: The tab's values: its charts are about it alone.
    """
    for chart in sheet.get("charts", ()):
        overlay = chart.get("position", {}).get("overlayPosition", {})
        spec = chart["spec"]
        title = spec.get("title", "")
        found = _read(spec, grid, language)
        svg = draw_figures(found[1], found[0], f"chart-{chart['chartId']}", title) if found else ""
        if svg:
            yield Chart(
                row=overlay.get("anchorCell", {}).get("rowIndex", 0),
                rows=-(-(overlay.get("heightPixels", 371) + 10) // _ROW_HEIGHT),
                title=title,
                svg=Markup(svg),  # noqa: S704 - drawn by us, every word in it escaped
            )


def _read(
    spec: Mapping[str, Any], grid: Sequence[Sequence[Any]], language: str
) -> tuple[Plot, Figures] | None:
    """Return how a chart draws, and what; None for a kind that our tabs have not."""
    if "pieChart" in spec:
        pie = spec["pieChart"]
        labels = _texts(_take(pie["domain"], grid))
        values = _numbers(_take(pie["series"], grid))
        return Plot.PIE, _figures(labels, [("", "", values)], language, share=False)
    basic = spec.get("basicChart", {})
    stacked = basic.get("stackedType") == "STACKED"
    plot = _PLOTS.get((basic.get("chartType", ""), stacked))
    if plot is None:
        return None
    head = basic.get("headerCount", 0)
    labels = _texts(_take(basic["domains"][0]["domain"], grid)[head:])
    series = []
    for one in basic["series"]:
        cells = _take(one["series"], grid)
        name = " ".join(_texts(cells[:head]))
        series.append((name, tell_colour(one.get("colorStyle")), _numbers(cells[head:])))
    window = basic.get("axis", [{}])[0].get("viewWindowOptions", {})
    share = window.get("viewWindowMax") == 1
    return plot, _figures(labels, series, language, share=share)


def _figures(
    labels: Sequence[str],
    series: Sequence[tuple[str, str, tuple[float | None, ...]]],
    language: str,
    *,
    share: bool,
) -> Figures:
    others = pick_shades(name for name, _, _ in series)
    return Figures(
        labels=tuple(labels),
        names=tuple(name for name, _, _ in series),
        shades=tuple(shade or other for (_, shade, _), other in zip(series, others, strict=True)),
        values=tuple(values for _, _, values in series),
        share=share,
        language=language,
    )


def _take(data: Mapping[str, Any], grid: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the cells of a column that a chart is about, from top to bottom."""
    (cells,) = data["sourceRange"]["sources"]
    column = cells.get("startColumnIndex", 0)
    rows = range(cells.get("startRowIndex", 0), cells.get("endRowIndex", len(grid)))
    return [
        grid[row][column] if row < len(grid) and column < len(grid[row]) else None for row in rows
    ]


def _texts(cells: Sequence[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def _numbers(cells: Sequence[Any]) -> tuple[float | None, ...]:
    return tuple(
        float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
        for cell in cells
    )
