"""Requests that copy cells, move them, or push them aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import patches
from automation.local.a1 import Area
from automation.local.cells import effective
from automation.local.delimited import read_delimited
from automation.local.dimensions import Move, deleted, grow, inserted, shift_places
from automation.local.entering import typed
from automation.local.errors import refuse, unsupported
from automation.local.patches import BLANK, Cell
from automation.local.references import moved
from automation.local.sheet import area_of, range_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.local.book import Book
    from automation.local.dimensions import Dimension, Shift
    from automation.local.patches import Patch
    from automation.local.sheet import Sheet

_FORMAT: Final = ("userEnteredFormat",)
_VALIDATION: Final = ("dataValidation",)
_CARRIED: Final = {
    "PASTE_NORMAL": ("userEnteredFormat", "dataValidation", "note"),
    "PASTE_NO_BORDERS": ("userEnteredFormat", "dataValidation", "note"),
    "PASTE_FORMAT": _FORMAT + _VALIDATION,
    "PASTE_DATA_VALIDATION": _VALIDATION,
}
"""What a paste takes along besides values."""
_WITH_VALUES: Final = {"PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_VALUES", "PASTE_FORMULA"}
_WITH_MERGES: Final = {"PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_FORMAT"}
_WITH_RULES: Final = {
    "PASTE_NORMAL",
    "PASTE_NO_BORDERS",
    "PASTE_FORMAT",
    "PASTE_CONDITIONAL_FORMATTING",
}


def copy_paste(book: Book, request: dict[str, Any]) -> None:
    """`copyPaste`: the source as often as it fits into the destination, and once whole at least."""
    source_sheet, source = book.grid_area(request.get("source", {}))
    sheet, wanted = book.grid_area(request.get("destination", {}))
    kind = request.get("pasteType", "PASTE_NORMAL")
    transposed = request.get("pasteOrientation") == "TRANSPOSE"
    patch = patches.lift(source_sheet, source)
    if transposed:
        patch = [list(column) for column in zip(*patch, strict=True)]
    height, width = len(patch), len(patch[0])
    target = Area(
        wanted.top,
        wanted.top + height * max(1, (wanted.bottom - wanted.top) // height),
        wanted.left,
        wanted.left + width * max(1, (wanted.right - wanted.left) // width),
    )
    _check_inside(sheet, target)
    if kind in _WITH_MERGES:
        _make_room(sheet, target)

    def pasted(row: int, column: int, old: Cell) -> Cell:
        down, right = (row - target.top) % height, (column - target.left) % width
        there = (right, down) if transposed else (down, right)
        by = (row - source.top - there[0], column - source.left - there[1])
        return _pasted(patch[down][right], old, kind, by)

    patches.lay(sheet, target, pasted)
    for top in range(target.top, target.bottom, height):
        for left in range(target.left, target.right, width):
            steps = (top - source.top, left - source.left)
            if kind in _WITH_MERGES and not transposed:
                sheet.merges += _merges_within(source_sheet, source, sheet, steps)
            if kind in _WITH_RULES and not transposed:
                _copy_rules(source_sheet, source, sheet, steps)


def _check_inside(sheet: Sheet, area: Area) -> None:
    if min(area.top, area.left) < 0:
        raise refuse("The destination is outside of the sheet.")
    if area.bottom > sheet.row_count or area.right > sheet.column_count:
        raise refuse(
            "The destination ends at row {row}, column {column}, beyond the end of the sheet.",
            row=area.bottom,
            column=area.right,
        )


def _pasted(cell: Cell, old: Cell, kind: str, by: tuple[int, int]) -> Cell:
    """What a cell becomes when another is pasted onto it from that many rows and columns away."""
    value = old.value
    if kind in _WITH_VALUES:
        value = cell.value
        if isinstance(value, dict):
            value = effective(value) if kind == "PASTE_VALUES" else {"f": moved(value["f"], *by)}
            if isinstance(value, dict) and "e" in value:
                raise unsupported("pasting the value of a formula that is not computed here")
    names = _CARRIED.get(kind, ())
    carried = {name: inner for name, inner in old.carried.items() if name not in names}
    carried |= {name: inner for name, inner in cell.carried.items() if name in names}
    if kind == "PASTE_NO_BORDERS" and "userEnteredFormat" in carried:
        kept = {k: v for k, v in carried["userEnteredFormat"].items() if k != "borders"}
        borders = old.carried.get("userEnteredFormat", {}).get("borders")
        carried["userEnteredFormat"] = kept | ({"borders": borders} if borders else {})
    return Cell(value, {name: inner for name, inner in carried.items() if inner})


def _make_room(sheet: Sheet, area: Area) -> None:
    """Merges that are pasted over go; none may be torn apart.

    Raises:
        ApiError: 400.
    """
    kept = []
    for merge in sheet.merges:
        merged = area_of(merge)
        if not area.overlaps(merged):
            kept.append(merge)
        elif not area.contains(merged):
            raise refuse("You can't paste over a part of merged cells.")
    sheet.merges = kept


def _merges_within(
    source_sheet: Sheet, source: Area, sheet: Sheet, steps: tuple[int, int]
) -> list[dict[str, Any]]:
    areas = (area_of(merge) for merge in source_sheet.merges)
    return [range_of(sheet, area.moved(*steps)) for area in areas if source.contains(area)]


def _copy_rules(source_sheet: Sheet, source: Area, sheet: Sheet, steps: tuple[int, int]) -> None:
    """Conditional formats stretch over where their cells were pasted."""
    for rule in list(source_sheet.conditionalFormats):
        areas = (source_sheet.clip_range(where) for where in rule["ranges"])
        shared = (area.shared(source) for area in areas)
        fresh = [range_of(sheet, area.moved(*steps)) for area in shared if area]
        fresh = [where for where in fresh if where not in rule["ranges"]]
        if fresh and source_sheet is sheet:
            rule["ranges"] = [*rule["ranges"], *fresh]
        elif fresh:
            sheet.conditionalFormats.append(rule | {"ranges": fresh})


def cut_paste(book: Book, request: dict[str, Any]) -> None:
    """`cutPaste`: the cells go there with their merges, and what they leave is blank.

    Formulas stay as they are, as Google has it; formulas elsewhere that name the cells do too,
    which Google rewrites.
    """
    source_sheet, source = book.grid_area(request.get("source", {}))
    corner = request.get("destination", {})
    sheet = book.sheet(corner.get("sheetId", 0), grid=True)
    steps = (corner.get("rowIndex", 0) - source.top, corner.get("columnIndex", 0) - source.left)
    target = source.moved(*steps)
    _check_inside(sheet, target)
    kind = request.get("pasteType", "PASTE_NORMAL")
    patch = patches.lift(source_sheet, source)
    merges = _merges_within(source_sheet, source, sheet, steps)
    _make_room(source_sheet, source)
    patches.blank(source_sheet, source)
    _make_room(sheet, target)
    patches.lay(
        sheet,
        target,
        lambda row, column, old: _pasted(
            patch[row - target.top][column - target.left], old, kind, (0, 0)
        ),
    )
    if kind in _WITH_MERGES:
        sheet.merges += merges


def paste_data(book: Book, request: dict[str, Any]) -> None:
    """`pasteData`: delimited text, each field as if somebody typed it."""
    if request.get("html"):
        raise unsupported("pasting HTML")
    delimiter = request.get("delimiter") or "\t"
    if len(delimiter) != 1:
        raise unsupported("a delimiter of several characters")
    corner = request.get("coordinate", {})
    sheet = book.sheet(corner.get("sheetId", 0), grid=True)
    rows = read_delimited(request.get("data", ""), delimiter)
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    width = max(map(len, rows), default=0)
    if not width:
        return
    area = Area(top, top + len(rows), left, left + width)
    _check_inside(sheet, area)
    with_values = request.get("type", "PASTE_NORMAL") in _WITH_VALUES

    def pasted(row: int, column: int, old: Cell) -> Cell:
        fields = rows[row - top]
        if not with_values or column - left >= len(fields):
            return old
        return enter_text(book, old, fields[column - left])

    patches.lay(sheet, area, pasted)


def enter_text(book: Book, old: Cell, text: str) -> Cell:
    """A cell into which somebody types a text; empty text empties it."""
    if not text:
        return old._replace(value=None)
    entered = typed(text, book.properties["locale"])
    style = old.carried.get("userEnteredFormat", {})
    if style.get("numberFormat", {}).get("type") == "TEXT":
        return old._replace(value=text)
    if entered.number_format and "numberFormat" not in style:
        carried = old.carried | {
            "userEnteredFormat": style | {"numberFormat": entered.number_format}
        }
        return Cell(entered.value, carried)
    return old._replace(value=entered.value)


def insert_range(book: Book, request: dict[str, Any]) -> None:
    """`insertRange`: blank cells push the others down or right; the sheet grows when it must."""
    sheet, area, dimension = _shifted_part(book, request)
    down = dimension == "ROWS"
    count = area.bottom - area.top if down else area.right - area.left
    rest = (
        area._replace(bottom=sheet.row_count) if down else area._replace(right=sheet.column_count)
    )
    _check_merges(sheet, rest)
    patch = patches.lift(sheet, rest)
    first = area.top if down else area.left
    _grow(book, sheet, dimension, _used(patch, down=down) + count, first)
    _lay_shifted(sheet, rest, patch, (count, 0) if down else (0, count))
    _shift(book, sheet, area, dimension, inserted(first, count))


def delete_range(book: Book, request: dict[str, Any]) -> None:
    """`deleteRange`: the cells below or to the right close the gap."""
    sheet, area, dimension = _shifted_part(book, request)
    down = dimension == "ROWS"
    count = area.bottom - area.top if down else area.right - area.left
    rest = (
        area._replace(bottom=sheet.row_count) if down else area._replace(right=sheet.column_count)
    )
    _check_merges(sheet, rest)
    patch = patches.lift(sheet, rest)
    _lay_shifted(sheet, rest, patch, (-count, 0) if down else (0, -count))
    first, last = (area.top, area.bottom) if down else (area.left, area.right)
    _shift(book, sheet, area, dimension, deleted(first, last))


def _shifted_part(book: Book, request: dict[str, Any]) -> tuple[Sheet, Area, Dimension]:
    sheet, area = book.grid_area(request.get("range", {}))
    if "shiftDimension" not in request:
        raise refuse("No shiftDimension specified.")
    return sheet, area, request["shiftDimension"]


def _check_merges(sheet: Sheet, rest: Area) -> None:
    merged = (area_of(merge) for merge in sheet.merges)
    if any(rest.overlaps(area) and not rest.contains(area) for area in merged):
        raise refuse("You can't shift cells that are merged with others that stay.")


def _used(patch: Patch, *, down: bool) -> int:
    """How many lines of a patch there are up to the last one with a value."""
    lines: Iterable[Iterable[Cell]] = patch if down else zip(*patch, strict=True)
    filled = [
        index for index, line in enumerate(lines, 1) if any(cell.value is not None for cell in line)
    ]
    return max(filled, default=0)


def _lay_shifted(sheet: Sheet, rest: Area, patch: Patch, by: tuple[int, int]) -> None:
    """Lay a patch down that many rows and columns from where it was; blank cells around it."""
    whole = rest._replace(
        bottom=sheet.row_count if by[0] else rest.bottom,
        right=sheet.column_count if by[1] else rest.right,
    )

    def shifted(row: int, column: int, _old: Cell) -> Cell:
        down, right = row - rest.top - by[0], column - rest.left - by[1]
        known = 0 <= down < len(patch) and 0 <= right < len(patch[down])
        return patch[down][right] if known else BLANK

    patches.lay(sheet, whole, shifted)


def _grow(book: Book, sheet: Sheet, dimension: Dimension, lines: int, first: int) -> None:
    """Make sure that so many lines from the first on fit into the sheet."""
    if dimension == "ROWS":
        grow(sheet, first + lines)
    else:
        sheet.column_count = max(sheet.column_count, first + lines)
    book.check_size()


def _shift(book: Book, sheet: Sheet, area: Area, dimension: Dimension, shift: Shift) -> None:
    band = (area.left, area.right) if dimension == "ROWS" else (area.top, area.bottom)
    move = Move(sheet_id=sheet.id, dimension=dimension, shift=shift, band=band)
    shift_places(book, sheet, move)
