"""The `spreadsheets.values` collection, but for `append`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from automation.local import a1
from automation.local.a1 import Area, Span
from automation.local.cells import carry
from automation.local.entering import enter
from automation.local.errors import WRITE_BEYOND_COLUMN, WRITE_BEYOND_ROW, refuse
from automation.local.metadata import filtered_areas
from automation.local.reading import number_format, value_range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.local.book import Book
    from automation.local.desk import Desk
    from automation.local.runs import Values
    from automation.local.sheet import Sheet

_Rows = list[list[Any]]


class Written(NamedTuple):
    """Where values went, and how many cells got one."""

    sheet: Sheet
    area: Area
    cells: int


def get(desk: Desk) -> dict[str, Any]:
    """`values.get`."""
    book = desk.book()
    return value_range(book, *book.area(desk.names["range"]), desk.query)


def batch_get(desk: Desk) -> dict[str, Any]:
    """`values.batchGet`."""
    book = desk.book()
    areas = [book.area(text) for text in desk.query.get("ranges", ())]
    ranges = [value_range(book, *place, desk.query) for place in areas]
    return {"spreadsheetId": book.id} | ({"valueRanges": ranges} if ranges else {})


def batch_get_by_filter(desk: Desk) -> dict[str, Any]:
    """`values.batchGetByDataFilter`: each answer carries the filters that it matches."""
    book = desk.book()
    found = filtered_areas(book, desk.body.get("dataFilters", []))
    ranges = [
        {"valueRange": value_range(book, *place, desk.body), "dataFilters": filters}
        for place, filters in found
    ]
    return {"spreadsheetId": book.id} | ({"valueRanges": ranges} if ranges else {})


def update(desk: Desk) -> dict[str, Any]:
    """`values.update`."""
    book = desk.book()
    answer = _update(book, desk.body | {"range": desk.names["range"]}, desk.query)
    book.save(desk.now)
    return answer


def batch_update(desk: Desk) -> dict[str, Any]:
    """`values.batchUpdate`."""
    book = desk.book()
    answers = [_update(book, data, desk.body) for data in desk.body.get("data", [])]
    book.save(desk.now)
    return _totalled(book, answers)


def _totalled(book: Book, answers: list[dict[str, Any]]) -> dict[str, Any]:
    totals = {
        "totalUpdatedRows": sum(answer.get("updatedRows", 0) for answer in answers),
        "totalUpdatedColumns": sum(answer.get("updatedColumns", 0) for answer in answers),
        "totalUpdatedCells": sum(answer.get("updatedCells", 0) for answer in answers),
        "totalUpdatedSheets": len({_sheet_part(answer["updatedRange"]) for answer in answers}),
    }
    kept = {name: total for name, total in totals.items() if total}
    return {"spreadsheetId": book.id} | kept | ({"responses": answers} if answers else {})


def batch_update_by_filter(desk: Desk) -> dict[str, Any]:
    """`values.batchUpdateByDataFilter`: from the first cell on of each area that a filter selects."""
    book = desk.book()
    answers: list[dict[str, Any]] = []
    for data in desk.body.get("data", []):
        data_filter = data.get("dataFilter", {})
        for (sheet, area), filters in filtered_areas(book, [data_filter]):
            rows = rows_of(data)
            _check_fits(sheet, Span("", *area), rows)
            start = (area.top, area.left)
            written = write(book, sheet, start, rows, input_option(desk.body))
            answer = update_answer(book, written, desk.body)
            del answer["spreadsheetId"]
            answers.append(answer | {"dataFilter": filters[0]})
    book.save(desk.now)
    return _totalled(book, answers)


def batch_clear_by_filter(desk: Desk) -> dict[str, Any]:
    """`values.batchClearByDataFilter`."""
    book = desk.book()
    found = filtered_areas(book, desk.body.get("dataFilters", []))
    cleared = [_clear_area(*place) for place, _ in found]
    book.save(desk.now)
    return {"spreadsheetId": book.id} | ({"clearedRanges": cleared} if cleared else {})


def _sheet_part(text: str) -> str:
    return text.rpartition("!")[0]


def clear(desk: Desk) -> dict[str, Any]:
    """`values.clear`: formats, notes and validations stay."""
    book = desk.book()
    cleared = _clear(book, desk.names["range"])
    book.save(desk.now)
    return {"spreadsheetId": book.id, "clearedRange": cleared}


def batch_clear(desk: Desk) -> dict[str, Any]:
    """`values.batchClear`."""
    book = desk.book()
    cleared = [_clear(book, text) for text in desk.body.get("ranges", [])]
    book.save(desk.now)
    return {"spreadsheetId": book.id} | ({"clearedRanges": cleared} if cleared else {})


def _clear(book: Book, text: str) -> str:
    return _clear_area(*book.area(text))


def _clear_area(sheet: Sheet, area: Area) -> str:
    def emptied(_row: int, values: Values) -> Values:
        return [None if area.left <= column < area.right else v for column, v in enumerate(values)]

    sheet.grid.revalue(area.top, area.bottom, emptied, blank=False)
    return a1.write(sheet.title, area)


def rows_of(data: Mapping[str, Any]) -> _Rows:
    """The rows of a ValueRange, whichever way it lies."""
    rows: _Rows = data.get("values", [])
    if data.get("majorDimension") != "COLUMNS":
        return rows
    height = max(map(len, rows), default=0)
    return [[column[i] if i < len(column) else None for column in rows] for i in range(height)]


def input_option(options: Mapping[str, Any]) -> str:
    """`valueInputOption`, which Google insists on."""
    option = options.get("valueInputOption")
    if option is None:
        raise refuse("'valueInputOption' is required but not specified")
    return str(option)


def _update(book: Book, data: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    sheet, span = book.span(data.get("range", ""))
    rows = rows_of(data)
    start = sheet.clip(span)
    _check_fits(sheet, span, rows)
    written = write(book, sheet, (start.top, start.left), rows, input_option(options))
    return update_answer(book, written, options)


def _check_fits(sheet: Sheet, span: Span, rows: _Rows) -> None:
    """Values must stay within the range, which a single cell leaves open, and within the grid."""
    top, left = span.top or 0, span.left or 0
    bottom, right = top + len(rows), left + max(map(len, rows), default=0)
    single = span.bottom == top + 1 and span.right == left + 1
    shown = a1.write_span(sheet.title, span)
    if not single and span.bottom is not None and bottom > span.bottom:
        raise refuse(WRITE_BEYOND_ROW, range=shown, row=span.bottom + 1)
    if not single and span.right is not None and right > span.right:
        raise refuse(WRITE_BEYOND_COLUMN, range=shown, column=a1.column_letters(span.right))
    if bottom > sheet.row_count or right > sheet.column_count:
        raise sheet.beyond(Span("", top, bottom, left, right))


def write(book: Book, sheet: Sheet, start: tuple[int, int], rows: _Rows, option: str) -> Written:
    """Enter rows of values from (row, column) `start` on; nulls leave their cell alone."""
    top, left = start
    locale = book.properties["locale"]
    extras = list(sheet.grid.extras(top, top + len(rows)))
    styles: dict[int, dict[int, dict[str, str]]] = {}

    def entered(row: int, values: Values) -> Values:
        given = rows[row - top]
        values.extend([None] * (left + len(given) - len(values)))
        for column, raw in enumerate(given, left):
            if raw is None:
                continue
            known = number_format(extras[row - top], column)
            cell = enter(raw, "RAW" if known.get("type") == "TEXT" else option, locale)
            values[column] = cell.value
            if cell.number_format and not known:
                styles.setdefault(row, {})[column] = cell.number_format
        return values

    sheet.grid.revalue(top, top + len(rows), entered)
    for row, formats in styles.items():
        _style(sheet, row, formats)
    width = max(map(len, rows), default=0)
    area = Area(top, top + max(len(rows), 1), left, left + max(width, 1))
    return Written(sheet, area, sum(value is not None for row in rows for value in row))


def _style(sheet: Sheet, row: int, formats: Mapping[int, dict[str, str]]) -> None:
    extras = next(sheet.grid.extras(row, row + 1))
    for column, number in formats.items():
        cell = {"userEnteredFormat": {"numberFormat": number}}
        extras = carry(extras, column, {"userEnteredFormat": {"numberFormat": {}}}, cell)
    sheet.grid.paint(row, row + 1, extras)


def update_answer(book: Book, written: Written, options: Mapping[str, Any]) -> dict[str, Any]:
    """An UpdateValuesResponse."""
    sheet, area, cells = written
    answer: dict[str, Any] = {
        "spreadsheetId": book.id,
        "updatedRange": a1.write(sheet.title, area),
    }
    if cells:
        answer["updatedRows"] = area.bottom - area.top
        answer["updatedColumns"] = area.right - area.left
        answer["updatedCells"] = cells
    if options.get("includeValuesInResponse"):
        render = {
            "valueRenderOption": options.get("responseValueRenderOption", "FORMATTED_VALUE"),
            "dateTimeRenderOption": options.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
        }
        answer["updatedData"] = value_range(book, sheet, area, render)
    return answer
