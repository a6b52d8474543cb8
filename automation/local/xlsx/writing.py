"""The file as a whole, and the cells of each sheet."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xlsxwriter import Workbook

from automation.local.a1 import column_letters
from automation.local.cells import effective
from automation.local.filtering import hidden_rows
from automation.local.rendering import error_text
from automation.local.sheet import area_of, span_of
from automation.local.xlsx.banding import Banding
from automation.local.xlsx.charts import insert_charts
from automation.local.xlsx.formats import Formats, color_of
from automation.local.xlsx.lists import Lists
from automation.local.xlsx.rules import add_conditional_formats, add_validations

if TYPE_CHECKING:
    from datetime import datetime

    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.runs import Extras
    from automation.local.sheet import Sheet

_NAME_LENGTH: Final = 31
_FORBIDDEN: Final = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\ufffe\uffff]")
_STYLED_ROWS: Final = 2000
"""Rows without values that keep their looks; below that a file would only grow."""
_COLUMN_PIXELS: Final = 100
_PAPER_PIXELS: Final = 2000
"""What can be squeezed into the width of a page and still be read."""


class Page(NamedTuple):
    """A sheet on its way into the file.

    Attributes:
        sheet: Ours.
        name: Its name in the file.
        target: XlsxWriter's worksheet.
    """

    sheet: Sheet
    name: str
    target: Any


def write_xlsx(book: Book, created: datetime) -> bytes:
    """The file; `created` is the time that its properties bear."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    workbook.set_properties(
        {"title": book.properties["title"], "created": created.replace(tzinfo=None)}
    )
    formats = Formats(workbook, book.properties["locale"])
    names = sheet_names([sheet.title for sheet in book.sheets])
    pages = [
        Page(sheet, name, workbook.add_worksheet(name))
        for sheet, name in zip(book.sheets, names, strict=True)
    ]
    lists = Lists(workbook, set(names))
    for page in pages:
        _write_page(book, page, formats, lists)
    for page in pages:
        insert_charts(workbook, page, {other.sheet.id: other for other in pages})
    _define_names(workbook, book, pages)
    _show_first(pages)
    workbook.close()
    return buffer.getvalue()


def sheet_names(titles: list[str]) -> list[str]:
    r"""Names that Excel takes: 31 characters, no `[]:*?/\\`, no apostrophe at an end, none twice.

    It counts in halves of UTF-16, of which an emoji has two.
    """
    names: list[str] = []
    for title in titles:
        plain = _FORBIDDEN.sub("-", title)
        name, number = _cut_name(plain, _NAME_LENGTH), 1
        while name.casefold() in {known.casefold() for known in names}:
            number += 1
            ending = f" ({number})"
            name = _cut_name(plain, _NAME_LENGTH - len(ending)) + ending
        names.append(name)
    return names


def _cut_name(title: str, length: int) -> str:
    cut = title.strip("'").encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
    return cut.rstrip("'") or "-"


def _show_first(pages: list[Page]) -> None:
    """Hide what is hidden and open on the first sheet that is not."""
    visible = [page for page in pages if not page.sheet.properties.get("hidden")]
    for page in pages:
        if page not in visible and visible:
            page.target.hide()
    if visible:
        visible[0].target.set_first_sheet()
        visible[0].target.activate()


def _define_names(workbook: Any, book: Book, pages: list[Page]) -> None:
    names = {page.sheet.id: page.name for page in pages}
    for doc in book.named_ranges.values():
        sheet = book.sheet(doc["range"]["sheetId"])
        area = sheet.clip(span_of(doc["range"]))
        workbook.define_name(doc["name"], f"={reference(names[sheet.id], area)}")


def reference(name: str, area: Area) -> str:
    """An area as formulas of Excel name it, all fixed."""
    quoted = "'" + name.replace("'", "''") + "'"
    first = f"${column_letters(area.left)}${area.top + 1}"
    return f"{quoted}!{first}:${column_letters(area.right - 1)}${area.bottom}"


def _write_page(book: Book, page: Page, formats: Formats, lists: Lists) -> None:
    sheet, target = page.sheet, page.target
    _set_looks(sheet, target)
    if not sheet.has_grid:
        return
    _set_columns(sheet, target)
    bands = Banding(sheet)
    last = max(sheet.grid.used, min(sheet.row_count, _STYLED_ROWS), bands.bottom)
    last = min(last, sheet.row_count)
    for merge in map(area_of, sheet.merges):
        if (merge.bottom - merge.top) * (merge.right - merge.left) > 1:
            target.merge_range(merge.top, merge.left, merge.bottom - 1, merge.right - 1, "")
    rows = zip(sheet.grid.values(0, last), sheet.grid.extras(0, last), strict=True)
    depths, filtered = _depths(sheet, "rowGroups"), hidden_rows(book, sheet)
    for row, (values, extras) in enumerate(rows):
        _set_row(target, row, extras, depths.get(row, 0), hidden=row in filtered)
        columns = {index for index, value in enumerate(values) if value is not None}
        columns |= {int(name) for name in extras if name != "row"}
        columns |= bands.columns(row)
        for column in sorted(columns):
            value = values[column] if column < len(values) else None
            carried = extras.get(str(column), {})
            style = bands.styled(row, column, carried.get("userEnteredFormat", {}))
            looks = formats.of(style, checkbox=_is_checkbox(carried))
            _write_cell(target, (row, column), value, looks)
            if "note" in carried:
                target.write_comment(row, column, carried["note"])
    add_validations(sheet, target, lists, last)
    add_conditional_formats(sheet, target, formats)
    if sheet.basicFilter:
        area = sheet.clip(span_of(sheet.basicFilter["range"]))
        target.autofilter(area.top, area.left, area.bottom - 1, area.right - 1)


def _is_checkbox(carried: dict[str, Any]) -> bool:
    condition = carried.get("dataValidation", {}).get("condition", {})
    return condition.get("type") == "BOOLEAN" and not condition.get("values")


def _write_cell(target: Any, place: tuple[int, int], value: Any, style: Any) -> None:
    if value is None:
        target.write_blank(*place, None, style)
    elif isinstance(value, bool):
        target.write_boolean(*place, value, style)
    elif isinstance(value, int | float):
        target.write_number(*place, value, style)
    elif isinstance(value, str):
        target.write_string(*place, value[:32_767], style)  # Excel's longest
    else:
        _write_formula(target, place, value, style)


def _write_formula(target: Any, place: tuple[int, int], value: dict[str, Any], style: Any) -> None:
    """A formula with its result where it is known; Excel computes it on opening anyway."""
    result = effective(value)
    if isinstance(result, dict):
        known = result["e"]["type"] != "LOADING"
        result = error_text(result) if known else ""
    target.write_formula(*place, value["f"], style, result)


def _set_looks(sheet: Sheet, target: Any) -> None:
    grid = sheet.properties.get("gridProperties", {"hideGridlines": True})
    frozen = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    if any(frozen):
        target.freeze_panes(*frozen)
    if frozen[0]:
        target.repeat_rows(0, frozen[0] - 1)
    target.set_landscape()
    if _width(sheet) <= _PAPER_PIXELS:
        target.fit_to_pages(1, 0)  # on paper: as wide as a page, as long as it takes
    if grid.get("hideGridlines"):
        target.hide_gridlines(2)
    if sheet.properties.get("rightToLeft"):
        target.right_to_left()
    color = color_of(sheet.properties.get("tabColorStyle"))
    if color:
        target.set_tab_color(color)


def _width(sheet: Sheet) -> int:
    """Pixels from the first column to the last one with a value, without hidden ones."""
    columns = max(map(len, sheet.grid.values(0, sheet.grid.used)), default=0)
    known = (sheet.columns.get(str(column), {}) for column in range(columns))
    return sum(one.get("pixelSize", _COLUMN_PIXELS) for one in known if not one.get("hiddenByUser"))


def _set_columns(sheet: Sheet, target: Any) -> None:
    depths = _depths(sheet, "columnGroups")
    target.set_column_pixels(0, sheet.column_count - 1, _COLUMN_PIXELS)
    for column in sorted({*map(int, sheet.columns), *depths}):
        known = sheet.columns.get(str(column), {})
        options = {"hidden": known.get("hiddenByUser", False), "level": depths.get(column, 0)}
        target.set_column_pixels(
            column, column, known.get("pixelSize", _COLUMN_PIXELS), None, options
        )


def _set_row(target: Any, row: int, extras: Extras, depth: int, *, hidden: bool) -> None:
    known = extras.get("row", {})
    options = {"hidden": hidden or known.get("hiddenByUser", False), "level": depth}
    if "pixelSize" in known:
        target.set_row_pixels(row, known["pixelSize"], None, options)
    elif options["hidden"] or depth:
        target.set_row(row, None, None, options)


def _depths(sheet: Sheet, name: str) -> dict[int, int]:
    """How deep in groups rows or columns are; Excel knows seven levels."""
    depths: dict[int, int] = {}
    for group in sheet.objects.get(name, ()):
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[index] = min(depths.get(index, 0) + 1, 7)
    return depths
