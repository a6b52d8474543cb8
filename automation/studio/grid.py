"""A tab of the spreadsheet as a page shows it: cells, their looks, and how they are written in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from gspread.utils import rowcol_to_a1
from msgspec import Struct
from msgspec.structs import replace

from automation.studio.charts import draw_charts
from automation.studio.looks import Looks, applies, covers, tell_look
from automation.studio.tab import is_answers, open_sheet, quote_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from automation.studio.bench import Bench
    from automation.studio.charts import Chart
    from automation.studio.tab import Sheet

_FIELDS: Final = (
    "sheets(properties,merges,protectedRanges,conditionalFormats,charts,"
    "data(startRow,rowMetadata,columnMetadata,rowData.values(formattedValue,dataValidation,"
    "effectiveFormat(backgroundColorStyle,horizontalAlignment,verticalAlignment,wrapStrategy,"
    "textFormat(foregroundColorStyle,fontSize,bold,italic,strikethrough)))))"
)
_ROWS: Final = 300
"""On one page."""
_SPARE: Final = 3
"""Blank rows below the last one, to write in."""
_TICKED: Final = frozenset({"TRUE", "VRAI"})
_BOOLEANS: Final = _TICKED | {"FALSE", "FAUX"}


class Control(StrEnum):
    """How a cell is written in."""

    NONE = "none"
    TEXT = "text"
    CHOICE = "choice"
    CHECK = "check"


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of the page.

    Attributes:
        column: Its index, from 0.
        text: As Sheets shows it.
        options: Of a dropdown; what stands in the cell is among them.
        label: What it is about, for whoever does not see the table.
        header: The header of its column.
    """

    column: int
    text: str
    look: str
    control: Control = Control.NONE
    options: tuple[str, ...] = ()
    label: str = ""
    header: str = ""
    colspan: int = 1
    rowspan: int = 1

    @property
    def checked(self) -> bool:
        """Whether a box is ticked."""
        return self.text in _TICKED


class Row(Struct, frozen=True, kw_only=True):
    """A row of the page.

    Attributes:
        index: From 0.
        key: What tells it from the others, wherever it goes.
        charts: That hang beside it.
    """

    index: int
    key: str
    cells: tuple[Cell, ...]
    charts: tuple[Chart, ...] = ()


class View(Struct, frozen=True, kw_only=True):
    """A tab as the page shows it.

    Attributes:
        columns: Letters and width of each column.
        head: The frozen rows.
        css: What the names of looks mean.
        writable: Whether there is anything to write.
        answers: Whether its rows are participants' answers.
        bare: Whether it has no grid lines.
        pages: How many there are; `page` is from 1.
    """

    sheet_id: int
    title: str
    columns: tuple[tuple[str, str], ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    css: str
    writable: bool
    answers: bool
    bare: bool
    page: int
    pages: int

    @property
    def has_charts(self) -> bool:
        """Whether charts hang beside its rows."""
        return any(row.charts for row in self.body)


def view_sheet(bench: Bench, sheet_id: int, page: int, language: str) -> View | None:
    """Return a page of a tab; None for a tab that is hidden, or not there."""
    sheet = open_sheet(bench, sheet_id)
    if sheet is None:
        return None
    title = sheet.title
    answers = is_answers(bench.config, title)
    size = sheet.properties["gridProperties"]
    frozen = min(size.get("frozenRowCount", 0), len(sheet.grid))
    used = len(sheet.grid)
    pages = max(-(-(used - frozen) // _ROWS), 1)
    page = min(page, pages)
    first = frozen + (page - 1) * _ROWS
    last = min(first + _ROWS, used)
    if page == pages and not answers:
        last = min(last + _SPARE, size["rowCount"])
    width = max((len(row) for row in sheet.grid), default=1)
    full = _fetch(bench, title, [(0, frozen), (first, last)], width)
    drawing = _Drawing(sheet, full, width, answers=answers)
    charts = list(draw_charts(full, sheet.grid, language))
    body = [replace(row, charts=_hang(charts, row.index)) for row in drawing.rows(first, last)]
    head = tuple(drawing.rows(0, frozen))
    if drawing.protected_whole:
        body = [row for row in body if row.index < used]
    return View(
        sheet_id=sheet_id,
        title=title,
        columns=tuple(drawing.columns()),
        head=head,
        body=tuple(body),
        css=drawing.looks.css,
        writable=any(c.control is not Control.NONE for r in (*head, *body) for c in r.cells),
        answers=answers,
        bare=bool(size.get("hideGridlines")),
        page=page,
        pages=pages,
    )


def _hang(charts: Sequence[Chart], row: int) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart.row == row)


def _fetch(bench: Bench, title: str, spans: Sequence[tuple[int, int]], width: int) -> Any:
    ranges = [
        f"{quote_title(title)}!A{first + 1}:{rowcol_to_a1(last, width)}"
        for first, last in spans
        if last > first
    ]
    params = {"ranges": ranges, "includeGridData": "true", "fields": _FIELDS}
    (sheet,) = bench.call("get", params=params)["sheets"]
    return sheet


def _is_used(grid: Sequence[Sequence[Any]], column: int) -> bool:
    return any(column < len(row) and row[column] not in {"", None} for row in grid)


class _Drawing:
    """Makes the rows of a page from what the API answers."""

    def __init__(self, sheet: Sheet, full: Mapping[str, Any], width: int, *, answers: bool) -> None:
        self.looks = Looks()
        self._sheet, self._full, self._answers = sheet, full, answers
        self._headers = sheet.headers()
        self._protected = [p["range"] for p in full.get("protectedRanges", ()) if "range" in p]
        self._rules = full.get("conditionalFormats", ())
        self._merged = full.get("merges", ())
        self._rows: dict[int, list[Any]] = {}
        self._hidden_rows: set[int] = set()
        for data in full.get("data", ()):
            self._take(data)
        sizes = full["data"][0].get("columnMetadata", ()) if full.get("data") else ()
        hidden = {at for at, size in enumerate(sizes) if size.get("hiddenByUser")}
        used = [at for at in range(width) if at not in hidden and _is_used(sheet.grid, at)]
        self._shown = [at for at in range(max(used, default=0) + 1) if at not in hidden]
        self._sizes = sizes

    def _take(self, data: Mapping[str, Any]) -> None:
        start = data.get("startRow", 0)
        for offset, row in enumerate(data.get("rowData", ())):
            self._rows[start + offset] = row.get("values", [])
        for offset, size in enumerate(data.get("rowMetadata", ())):
            if size.get("hiddenByUser") or size.get("hiddenByFilter"):
                self._hidden_rows.add(start + offset)

    @property
    def protected_whole(self) -> bool:
        """Whether the whole tab is Cohorte's."""
        return any(not cells.keys() - {"sheetId"} for cells in self._protected)

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield the letters of each column that is shown, and the name of its width."""
        for index in self._shown:
            pixels = self._sizes[index].get("pixelSize", 100) if index < len(self._sizes) else 100
            letters = rowcol_to_a1(1, index + 1).rstrip("1")
            yield letters, self.looks.name([f"width:{int(pixels)}px"])

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """Yield the rows of a span, the last one excluded."""
        for index in range(first, last):
            if index not in self._hidden_rows:
                key = self._sheet.key_of(index)
                yield Row(index=index, key=key, cells=tuple(self._cells(index)))

    def _cells(self, row: int) -> Iterator[Cell]:
        given = self._rows.get(row, [])
        texts = [
            given[index].get("formattedValue", "") if index < len(given) else ""
            for index in self._shown
        ]
        about = self._name_row(row, texts)
        for text, column in zip(texts, self._shown, strict=True):
            spans = self._spans(row, column)
            if spans is None:
                continue
            cell = given[column] if column < len(given) else {}
            control, options = self._control(row, column, cell, text)
            header = self._headers[column] if column < len(self._headers) else ""
            left = [one for one, at in zip(texts, self._shown, strict=True) if at < column and one]
            yield Cell(
                column=column,
                text=text,
                look=self._look(row, column, cell),
                control=control,
                options=options,
                label=f"{header}, {about}" if row > self._sheet.header else "".join(left[-1:]),
                header=header,
                colspan=spans[1],
                rowspan=spans[0],
            )

    def _name_row(self, row: int, texts: Sequence[str]) -> str:
        """Return what a row is about: the first words in it, else its number."""
        words = [text for text in texts if any(map(str.isalpha, text)) and text not in _BOOLEANS]
        return " ".join(words[:2]) or str(row + 1)

    def _control(
        self, row: int, column: int, cell: Mapping[str, Any], text: str
    ) -> tuple[Control, tuple[str, ...]]:
        if self._answers or any(covers(cells, row, column) for cells in self._protected):
            return Control.NONE, ()
        condition = cell.get("dataValidation", {}).get("condition", {})
        if condition.get("type") == "BOOLEAN":
            return Control.CHECK, ()
        if condition.get("type") == "ONE_OF_LIST":
            options = [one["userEnteredValue"] for one in condition["values"]]
            return Control.CHOICE, tuple(dict.fromkeys(["", *options, text]))
        if row <= self._sheet.header:
            return Control.NONE, ()
        return Control.TEXT, ()

    def _look(self, row: int, column: int, cell: Mapping[str, Any]) -> str:
        look = dict(cell.get("effectiveFormat", {}))
        for rule in self._rules:
            if applies(rule, row, column, self._sheet.grid):
                changed = rule["booleanRule"]["format"]
                text = {**look.get("textFormat", {}), **changed.get("textFormat", {})}
                look = {**look, **changed, "textFormat": text}
        return self.looks.name(list(tell_look(look)))

    def _spans(self, row: int, column: int) -> tuple[int, int] | None:
        """Return over how many rows and columns a cell goes; None for one that another covers."""
        for cells in self._merged:
            if covers(cells, row, column):
                top, left = cells.get("startRowIndex", 0), cells.get("startColumnIndex", 0)
                if (row, column) != (top, left):
                    return None
                shown = [at for at in self._shown if covers(cells, row, at)]
                return cells["endRowIndex"] - top, max(len(shown), 1)
        return 1, 1
