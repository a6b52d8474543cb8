"""Sommaire and Commentaires: a board as requests of the Sheets API, and how it stands.

Values are written as one block. Looks and charts are written with them where they do not stand as they
should, and otherwise left alone. A chart keeps its id: it is changed and moved, never drawn twice.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from automation.core.snapshot import BoardStanding
from automation.core.summary import Kind, Look, Plot, pick_shades
from automation.core.summary.boards import CHART_COLUMN, LOOKS_COLUMNS
from automation.workbook.cells import to_wire
from automation.workbook.furnish import INK, PAPER, colour, free_title, protect
from automation.workbook.layout import BOARDS, CHART_BASE, COMMENTS, chart_slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from automation.core.model import Cell
    from automation.core.summary import Board, BoardChange, BoardRow, Chart
    from automation.workbook.layout import BoardTab

Request = dict[str, Any]

_ROWS: Final = 60
"""Of a new tab, at the least."""
_ROW_HEIGHT: Final = 21
"""Pixels, as Sheets has them."""
_GAP: Final = 10
_CHART_WIDTH: Final = 560
_FIGURE_WIDTH: Final = 84
_ONE_LINE: Final = 52
"""Letters of a label that fit one line."""
_WIDTHS: Final = {
    "summary": (350, *[_FIGURE_WIDTH] * (CHART_COLUMN - 2), 24),
    "comments": (70, 820),
}
_OTHER_WIDTH: Final = 100
_RULE: Final = "#D5DCE0"
_MOST_LABELLED: Final = 16
_MUTED: Final = "#5B7382"
_PERCENT: Final = {"fr": '0"\N{NO-BREAK SPACE}"%', "en": "0%"}
_KINDS: Final = {
    Plot.COLUMNS: "COLUMN",
    Plot.STACKED_COLUMNS: "COLUMN",
    Plot.BARS: "BAR",
    Plot.STACKED_BARS: "BAR",
    Plot.LINES: "LINE",
}
_STACKED: Final = frozenset({Plot.STACKED_COLUMNS, Plot.STACKED_BARS})


def open_board(
    tab: BoardTab,
    properties: Mapping[str, Any],
    grid: Sequence[Sequence[Cell]],
    about: Mapping[str, Any],
) -> BoardStanding:
    """Return how a tab stands.

    Args:
        properties: The tab's; none where it is to be made.
        about: The spreadsheet, whose charts all count: one may have been moved to another tab.
    """
    size = properties.get("gridProperties", {})
    charts = {} if tab is COMMENTS else _find_charts(about)
    return BoardStanding(
        row_count=size.get("rowCount", 0),
        column_count=size.get("columnCount", 0),
        grid=grid,
        charts=frozenset(charts),
        own_sheets={
            slot: place["sheetId"]
            for slot, place in charts.items()
            if "gridProperties" not in place
        },
    )


def _find_charts(about: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """Return the slots of the charts of ours, with the properties of the tab that each is on."""
    found = ((c["chartId"], s["properties"]) for s in about["sheets"] for c in s.get("charts", ()))
    return {slot: place for one, place in found if (slot := chart_slot(one)) is not None}


def draw_board(
    change: BoardChange, titles: set[str], language: str, *, first: bool = False
) -> list[Request]:
    """Return the requests that write a board, which stay together.

    Args:
        titles: Those that are taken.
        first: Whether a tab that is to be made goes before the others.
    """
    board, standing = change.board, change.standing
    tab = next(tab for tab in BOARDS if tab.key == board.key)
    columns = LOOKS_COLUMNS[board.key] + 1
    if not standing.row_count:
        title = free_title(tab.title(language), titles)
        made = list(_make(tab, title, len(board.rows), language))
        size = (max(len(board.rows), _ROWS), columns)
        if first:
            made[0]["addSheet"]["properties"]["index"] = 0
        return [*made, _values(tab, board, size), *_dress(tab, board, size, standing, language)]
    size = (max(len(board.rows), standing.row_count), max(columns, standing.column_count))
    requests = [*_grow(tab, standing, size), _values(tab, board, size)]
    if not change.dressed:
        requests += _dress(tab, board, size, standing, language)
    return requests


def _make(tab: BoardTab, title: str, rows: int, language: str) -> Iterator[Request]:
    columns = LOOKS_COLUMNS[tab.key] + 1
    grid = {"rowCount": max(rows, _ROWS), "columnCount": columns, "hideGridlines": True}
    properties = {
        "sheetId": tab.sheet_id,
        "title": title,
        "gridProperties": grid,
        "tabColorStyle": {"rgbColor": colour(INK)},
    }
    yield {"addSheet": {"properties": properties}}
    yield protect({"sheetId": tab.sheet_id}, language)


def _grow(tab: BoardTab, standing: BoardStanding, size: tuple[int, int]) -> Iterator[Request]:
    lacking = {"ROWS": size[0] - standing.row_count, "COLUMNS": size[1] - standing.column_count}
    for dimension, length in lacking.items():
        if length > 0:
            body = {"sheetId": tab.sheet_id, "dimension": dimension, "length": length}
            yield {"appendDimension": body}


def _values(tab: BoardTab, board: Board, size: tuple[int, int]) -> Request:
    """Return the request that writes every cell, and empties whatever else stands there."""
    rows = [{"values": [to_wire(cell) for cell in row.cells]} for row in board.rows]
    cells = _cells(tab, 0, size[0], 0, size[1])
    return {"updateCells": {"range": cells, "rows": rows, "fields": "userEnteredValue"}}


def _cells(tab: BoardTab, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    """Return cells as a GridRange; the last ones exclusive."""
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def _dress(
    tab: BoardTab, board: Board, size: tuple[int, int], standing: BoardStanding, language: str
) -> Iterator[Request]:
    """Yield the looks of a whole tab, and its charts."""
    charts, own_sheets = standing.charts, standing.own_sheets
    whole = _cells(tab, 0, size[0], 0, size[1])
    yield {"unmergeCells": {"range": whole}}
    yield _look(whole, {}, "userEnteredFormat")
    yield from _widths(tab, size)
    yield from _heights(tab, board, size)
    yield {"setDataValidation": {"range": whole}}
    top = 0
    for key, group in groupby(board.rows, key=lambda row: (row.look, row.kinds, _width(row))):
        rows = list(group)
        yield from _dress_rows(tab, top, top + len(rows), *key, language)
        top += len(rows)
    wanted = {chart.slot: chart for chart in board.charts}
    for slot in sorted(charts - wanted.keys() if tab is not COMMENTS else ()):
        if slot in own_sheets:
            yield {"deleteSheet": {"sheetId": own_sheets[slot]}}
        else:
            yield {"deleteEmbeddedObject": {"objectId": CHART_BASE + slot}}
    for slot, chart in wanted.items():
        if slot in own_sheets:  # where an organiser wants it
            yield _redraw(tab, chart)
        else:
            yield from _put_chart(tab, chart, there=slot in charts)


def _width(row: BoardRow) -> int:
    """Return how many cells of a row the header's colour covers; no matter for others."""
    return len(row.cells) if row.look in {Look.HEADER, Look.LINE} else 0


def _widths(tab: BoardTab, size: tuple[int, int]) -> Iterator[Request]:
    own = _WIDTHS[tab.key]
    widths = [*own, *[_OTHER_WIDTH] * (size[1] - len(own))]
    hidden = [at == LOOKS_COLUMNS[tab.key] for at in range(size[1])]
    yield from _sizes(tab, "COLUMNS", list(zip(widths, hidden, strict=True)))


def _heights(tab: BoardTab, board: Board, size: tuple[int, int]) -> Iterator[Request]:
    """Yield the heights of Sommaire's rows: by them, charts hang where they should."""
    if tab is COMMENTS:
        return
    heights = [_height(row) for row in board.rows]
    spare = [_ROW_HEIGHT] * (size[0] - len(heights))
    yield from _sizes(tab, "ROWS", [(height, False) for height in (*heights, *spare)])


def _height(row: BoardRow) -> int:
    if row.look is Look.TITLE:
        return 2 * _ROW_HEIGHT
    label = row.cells[0] if row.look is Look.LINE else ""
    tall = row.look is Look.HEADER or (isinstance(label, str) and len(label) > _ONE_LINE)
    return _ROW_HEIGHT + 15 if tall else _ROW_HEIGHT


def _sizes(tab: BoardTab, dimension: str, sizes: Sequence[tuple[int, bool]]) -> Iterator[Request]:
    """Yield how large rows or columns are, in pixels, and which of them are hidden."""
    start = 0
    for (pixels, hides), group in groupby(sizes):
        end = start + len(list(group))
        yield {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": tab.sheet_id,
                    "dimension": dimension,
                    "startIndex": start,
                    "endIndex": end,
                },
                "properties": {"pixelSize": pixels, "hiddenByUser": hides},
                "fields": "pixelSize,hiddenByUser",
            }
        }
        start = end


def _look(cells: dict[str, int], look: Mapping[str, Any], fields: str = "") -> Request:
    named = fields or ",".join(f"userEnteredFormat.{name}" for name in look)
    cell = {"userEnteredFormat": dict(look)} if look else {}
    return {"repeatCell": {"range": cells, "cell": cell, "fields": named}}


_TEXTS: Final[dict[Look, dict[str, Any]]] = {
    Look.TITLE: {"bold": True, "fontSize": 18},
    Look.REMARK: {"italic": True},
    Look.SECTION: {"bold": True, "fontSize": 13},
    Look.HEADER: {"bold": True},
}


def _dress_rows(  # noqa: PLR0913, PLR0917 - which rows, and what they are
    tab: BoardTab,
    top: int,
    bottom: int,
    look: Look,
    kinds: tuple[Kind, ...],
    width: int,
    language: str,
) -> Iterator[Request]:
    """Yield the looks of rows that are alike."""
    if look in {Look.TITLE, Look.REMARK, Look.SECTION, Look.NOTE}:
        shade = _MUTED if look in {Look.REMARK, Look.NOTE} else INK
        text = {**_TEXTS.get(look, {}), "foregroundColorStyle": {"rgbColor": colour(shade)}}
        cells = _cells(tab, top, bottom, 0, 1)
        yield _look(cells, {"textFormat": text, "wrapStrategy": "OVERFLOW_CELL"})
    elif look is Look.HEADER:
        yield from _dress_header(tab, top, bottom, width)
    elif look is Look.TEXT:
        text = {"verticalAlignment": "TOP", "wrapStrategy": "WRAP"}
        yield _look(_cells(tab, top, bottom, 0, 1), {**text, "horizontalAlignment": "CENTER"})
        yield _look(_cells(tab, top, bottom, 1, 2), {**text, "borders": _ruled("bottom")})
    elif look is Look.LINE:
        yield _look(
            _cells(tab, top, bottom, 0, width),
            {"verticalAlignment": "MIDDLE", "borders": _ruled("bottom")},
        )
        yield from _dress_kinds(tab, top, bottom, kinds, language)


def _dress_header(tab: BoardTab, top: int, bottom: int, width: int) -> Iterator[Request]:
    look = {
        "backgroundColorStyle": {"rgbColor": colour(INK)},
        "textFormat": {
            **_TEXTS[Look.HEADER],
            "foregroundColorStyle": {"rgbColor": colour(PAPER)},
        },
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
    }
    yield _look(_cells(tab, top, bottom, 0, width), look)
    if tab is not COMMENTS:
        centred = {"horizontalAlignment": "CENTER"}
        yield _look(_cells(tab, top, bottom, 1, width), centred)


def _dress_kinds(
    tab: BoardTab, top: int, bottom: int, kinds: Sequence[Kind], language: str
) -> Iterator[Request]:
    left = 0
    for kind, group in groupby(kinds):
        right = left + len(list(group))
        cells = _cells(tab, top, bottom, left, right)
        if kind is Kind.LABEL:
            yield _look(cells, {"wrapStrategy": "WRAP"})
        else:
            share = kind is Kind.SHARE
            form = {
                "type": "PERCENT" if share else "NUMBER",
                "pattern": _PERCENT[language] if share else "#,##0",
            }
            yield _look(cells, {"numberFormat": form, "horizontalAlignment": "CENTER"})
        left = right


def _ruled(*sides: str) -> dict[str, Any]:
    line = {"style": "SOLID", "colorStyle": {"rgbColor": colour(_RULE)}}
    return dict.fromkeys(sides, line)


def _put_chart(tab: BoardTab, chart: Chart, *, there: bool) -> Iterator[Request]:
    """Yield the requests that draw a chart, or change the one that is there and put it in place."""
    chart_id = CHART_BASE + chart.slot
    overlay = {
        "anchorCell": {
            "sheetId": tab.sheet_id,
            "rowIndex": chart.top,
            "columnIndex": CHART_COLUMN,
        },
        "offsetXPixels": 0,
        "offsetYPixels": 0,
        "widthPixels": _CHART_WIDTH,
        "heightPixels": chart.height * _ROW_HEIGHT - _GAP,
    }
    if not there:
        spec, position = chart_spec(tab, chart), {"overlayPosition": overlay}
        yield {"addChart": {"chart": {"chartId": chart_id, "spec": spec, "position": position}}}
        return
    yield _redraw(tab, chart)
    yield {
        "updateEmbeddedObjectPosition": {
            "objectId": chart_id,
            "newPosition": {"overlayPosition": overlay},
            "fields": ",".join(overlay),
        }
    }


def _redraw(tab: BoardTab, chart: Chart) -> Request:
    """Return the request that changes what a chart draws, wherever it is."""
    spec = chart_spec(tab, chart)
    return {"updateChartSpec": {"chartId": CHART_BASE + chart.slot, "spec": spec}}


def chart_spec(tab: BoardTab, chart: Chart) -> Request:
    """Return what a chart draws, as the API's ChartSpec."""
    title = {
        "bold": True,
        "fontSize": 12,
        "foregroundColorStyle": {"rgbColor": colour(INK)},
    }
    about = {"title": chart.title, "altText": chart.title, "titleTextFormat": title}
    if chart.plot is Plot.PIE:
        return {**about, "pieChart": _pie(tab, chart)}
    return {**about, "basicChart": _basic(tab, chart)}


def _pie(tab: BoardTab, chart: Chart) -> Request:
    return {
        "legendPosition": "LABELED_LEGEND",
        "domain": _source(tab, chart, 0, header=False),
        "series": _source(tab, chart, chart.series[0], header=False),
        "pieHole": 0.5,
    }


def _basic(tab: BoardTab, chart: Chart) -> Request:
    axis = "BOTTOM_AXIS" if chart.plot.lies else "LEFT_AXIS"
    sole = len(chart.series) == 1
    spec: Request = {
        "chartType": _KINDS[chart.plot],
        "legendPosition": "NO_LEGEND" if sole else "BOTTOM_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": _source(tab, chart, 0)}],
        "series": [
            {
                "series": _source(tab, chart, column),
                "targetAxis": axis,
                "colorStyle": {"rgbColor": colour(shade)},
                **_series_look(chart, sole=sole),
            }
            for column, shade in zip(chart.series, pick_shades(chart.names), strict=True)
        ],
        "axis": [{"position": axis, "viewWindowOptions": _window(chart)}],
    }
    if chart.plot in _STACKED:
        spec["stackedType"] = "STACKED"
    return spec


def _window(chart: Chart) -> Request:
    """Return from where to where the axis of the figures goes: shares are of the whole."""
    most = {"viewWindowMax": 1} if chart.share else {}
    return {"viewWindowMode": "EXPLICIT", "viewWindowMin": 0, **most}


def _series_look(chart: Chart, *, sole: bool) -> Request:
    if chart.plot is Plot.LINES:
        point = {"shape": "CIRCLE", "size": 6}
        return {"lineStyle": {"width": 2, "type": "SOLID"}, "pointStyle": point}
    few = chart.end - chart.header <= _MOST_LABELLED
    return {"dataLabel": {"type": "DATA"}} if sole and few else {}


def _source(tab: BoardTab, chart: Chart, column: int, *, header: bool = True) -> Request:
    top = chart.header if header else chart.header + 1
    cells = _cells(tab, top, chart.end, column, column + 1)
    return {"sourceRange": {"sources": [cells]}}
