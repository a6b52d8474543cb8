"""Charts: columns, bars, lines, areas, points and pies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.sheet import span_of
from automation.local.xlsx.formats import color_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.local.xlsx.writing import Page

_TYPES: Final = {
    "COLUMN": "column",
    "BAR": "bar",
    "LINE": "line",
    "AREA": "area",
    "STEPPED_AREA": "area",
    "SCATTER": "scatter",
    "COMBO": "column",
}
_STACKED: Final = {"STACKED": "stacked", "PERCENT_STACKED": "percent_stacked"}
_LEGENDS: Final = {
    "BOTTOM_LEGEND": "bottom",
    "LEFT_LEGEND": "left",
    "RIGHT_LEGEND": "right",
    "TOP_LEGEND": "top",
    "LABELED_LEGEND": "right",
    "NO_LEGEND": "none",
}
_ACCENTS: Final = [color_of({"themeColor": f"ACCENT{n}"}) for n in range(1, 7)]
"""Google's colours for series that name none."""
_OWN_SHEET: Final = {"anchorCell": {}, "widthPixels": 1200, "heightPixels": 742}
_PLACE = list[Any]
"""[name of the sheet, first row, first column, last row, last column], as XlsxWriter wants it."""


def insert_charts(workbook: Any, page: Page, pages: Mapping[int, Page]) -> None:
    """Draw a sheet's charts where they hang; `pages` are all sheets by their id.

    A chart on a sheet of its own lies in the corner of an empty one.
    """
    for doc in page.sheet.objects.get("charts", ()):
        spec = doc["spec"]
        if "basicChart" in spec:
            chart = _basic(workbook, spec["basicChart"], pages)
        elif "pieChart" in spec:
            chart = _pie(workbook, spec["pieChart"], pages)
        else:
            continue
        if chart is None:
            continue
        _dress(chart, spec)
        overlay = doc["position"].get("overlayPosition", _OWN_SHEET)
        chart.set_size({"width": overlay["widthPixels"], "height": overlay["heightPixels"]})
        corner = overlay["anchorCell"]
        offsets = {
            "x_offset": overlay.get("offsetXPixels", 0),
            "y_offset": overlay.get("offsetYPixels", 0),
        }
        page.target.insert_chart(
            corner.get("rowIndex", 0), corner.get("columnIndex", 0), chart, offsets
        )


def _dress(chart: Any, spec: Mapping[str, Any]) -> None:
    """The title, the legend and the background."""
    if spec.get("title"):
        font = {"name": spec["fontName"], "size": 14, "bold": False}
        chart.set_title({"name": spec["title"], "name_font": font, "overlay": False})
    else:
        chart.set_title({"none": True})
    kind = spec.get("basicChart") or spec.get("pieChart") or {}
    position = _LEGENDS.get(kind.get("legendPosition", ""), "right")
    chart.set_legend({"none": True} if position == "none" else {"position": position})
    if background := color_of(spec.get("backgroundColorStyle")):
        chart.set_chartarea({"fill": {"color": background}})


def _basic(workbook: Any, basic: Mapping[str, Any], pages: Mapping[int, Page]) -> Any:
    kind = basic.get("chartType", "COLUMN")
    chart = _new(workbook, _TYPES[kind], basic)
    lines = workbook.add_chart({"type": "line"}) if kind == "COMBO" else None
    header = basic.get("headerCount", 0)
    domains = [_place(one["domain"], pages) for one in basic.get("domains", ())]
    drawn = 0
    for one in basic.get("series", ()):
        place = _place(one["series"], pages)
        if place is None:
            continue
        series = _series(place, domains[0] if domains else None, header)
        line = kind == "LINE" or (kind == "COMBO" and one.get("type") == "LINE")
        color = color_of(one.get("colorStyle")) or _ACCENTS[drawn % len(_ACCENTS)]
        series["line" if line else "fill"] = {"color": color}
        if one.get("targetAxis") == "RIGHT_AXIS":
            series["y2_axis"] = True
        if "dataLabel" in one and one["dataLabel"].get("type") == "DATA":
            series["data_labels"] = {"value": True}
        (lines if line and lines is not None else chart).add_series(series)
        drawn += 1
    if lines is not None and lines.series:
        chart.combine(lines)
    for axis in basic.get("axis", ()):
        _name_axis(chart, axis)
    return chart if drawn else None


def _new(workbook: Any, kind: str, basic: Mapping[str, Any]) -> Any:
    stacked = _STACKED.get(basic.get("stackedType", ""))
    subtype = {"subtype": stacked} if stacked and kind in {"column", "bar", "area"} else {}
    return workbook.add_chart({"type": kind} | subtype)


def _name_axis(chart: Any, axis: Mapping[str, Any]) -> None:
    setters = {"BOTTOM_AXIS": "set_x_axis", "LEFT_AXIS": "set_y_axis", "RIGHT_AXIS": "set_y2_axis"}
    options: dict[str, Any] = {"name": axis["title"]} if axis.get("title") else {}
    window = axis.get("viewWindowOptions", {})
    for ours, theirs in (("viewWindowMin", "min"), ("viewWindowMax", "max")):
        if ours in window:
            options[theirs] = window[ours]
    if options and axis.get("position") in setters:
        getattr(chart, setters[axis["position"]])(options)


def _pie(workbook: Any, pie: Mapping[str, Any], pages: Mapping[int, Page]) -> Any:
    values = _place(pie.get("series"), pages)
    if values is None:
        return None
    hole = pie.get("pieHole", 0)
    chart = workbook.add_chart({"type": "doughnut" if hole else "pie"})
    if hole:
        chart.set_hole_size(max(10, min(90, round(100 * hole))))
    slices = values[3] - values[1] + values[4] - values[2] + 1
    points = [{"fill": {"color": _ACCENTS[n % len(_ACCENTS)]}} for n in range(slices)]
    series = _series(values, _place(pie.get("domain"), pages), 0)
    chart.add_series(series | {"points": points})
    return chart


def _place(data: Mapping[str, Any] | None, pages: Mapping[int, Page]) -> _PLACE | None:
    """Where ChartData is; its first range, as Excel draws one only."""
    sources = (data or {}).get("sourceRange", {}).get("sources", ())
    if not sources or sources[0]["sheetId"] not in pages:
        return None
    sheet, name, _ = pages[sources[0]["sheetId"]]
    span = span_of(sources[0])
    top, left = span.top or 0, span.left or 0
    bottom = sheet.row_count if span.bottom is None else span.bottom
    right = sheet.column_count if span.right is None else span.right
    return [name, top, left, bottom - 1, right - 1]


def _series(values: _PLACE, categories: _PLACE | None, header: int) -> dict[str, Any]:
    """A series, named by its first cell where it has a header."""
    series: dict[str, Any] = {}
    if header:
        series["name"] = values[:3]
    series["values"] = _without_header(values, header)
    if categories:
        series["categories"] = _without_header(categories, header)
    return series


def _without_header(place: _PLACE, header: int) -> _PLACE:
    name, top, left, bottom, right = place
    if left == right and top + header <= bottom:
        return [name, top + header, left, bottom, right]
    if top == bottom and left + header <= right:
        return [name, top, left + header, bottom, right]
    return place
