"""Requests that look for text, split it, tidy it, or reorder rows by what they hold."""

from __future__ import annotations

import re
from collections import Counter
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from automation.local import patches
from automation.local.cells import effective
from automation.local.errors import refuse
from automation.local.kinds.pasting import enter_text
from automation.local.patches import BLANK, Cell
from automation.local.rendering import shown

if TYPE_CHECKING:
    from automation.local.a1 import Area
    from automation.local.book import Book
    from automation.local.patches import Patch
    from automation.local.sheet import Sheet

_DELIMITERS: Final = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


class _Changes(Struct):
    """What was replaced."""

    values: int = 0
    formulas: int = 0
    occurrences: int = 0
    rows: set[tuple[int, int]] = field(default_factory=set)
    sheets: set[int] = field(default_factory=set)

    def answer(self) -> dict[str, int]:
        """A FindReplaceResponse, without zeros."""
        counts = {
            "valuesChanged": self.values,
            "formulasChanged": self.formulas,
            "rowsChanged": len(self.rows),
            "sheetsChanged": len(self.sheets),
            "occurrencesChanged": self.occurrences,
        }
        return {name: count for name, count in counts.items() if count}


def find_replace(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`findReplace`: in what cells show; in formulas only when asked."""
    pattern = _pattern(request)
    replacement = request.get("replacement", "")
    if request.get("searchByRegex"):
        replacement = re.sub(r"\$(\d)", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    else:
        replacement = replacement.replace("\\", "\\\\")
    changes = _Changes()
    for sheet, area in _scope(book, request):

        def replaced(row: int, _column: int, old: Cell, sheet: Sheet = sheet) -> Cell:
            formula = isinstance(old.value, dict)
            if old.value is None or (formula and not request.get("includeFormulas")):
                return old
            text = old.value["f"] if formula else _text(book, old)
            if request.get("matchEntireCell") and not pattern.fullmatch(text):
                return old
            fresh, count = pattern.subn(replacement, text)
            if not count:
                return old
            changes.occurrences += count
            changes.formulas += formula
            changes.values += not formula
            changes.rows.add((sheet.id, row))
            changes.sheets.add(sheet.id)
            return enter_text(book, old, fresh)

        patches.lay(sheet, area._replace(bottom=min(area.bottom, sheet.grid.used)), replaced)
    return {"findReplace": changes.answer()}


def _pattern(request: dict[str, Any]) -> re.Pattern[str]:
    if not request.get("find"):
        raise refuse("findReplace needs something to find.")
    text = request["find"] if request.get("searchByRegex") else re.escape(request["find"])
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise refuse("Invalid regular expression: {why}", why=error) from None


def _scope(book: Book, request: dict[str, Any]) -> list[tuple[Sheet, Area]]:
    if "range" in request:
        return [book.grid_area(request["range"])]
    if request.get("allSheets"):
        return [(sheet, sheet.whole()) for sheet in book.sheets if sheet.has_grid]
    if "sheetId" in request:
        sheet = book.sheet(request["sheetId"], grid=True)
        return [(sheet, sheet.whole())]
    raise refuse("findReplace needs a range, a sheetId or allSheets.")


def _text(book: Book, cell: Cell) -> str:
    number_format = cell.carried.get("userEnteredFormat", {}).get("numberFormat", {})
    return shown(effective(cell.value), number_format, book.properties["locale"])


def text_to_columns(book: Book, request: dict[str, Any]) -> None:
    """`textToColumns`: over the cells to the right, each piece as if somebody typed it."""
    sheet, area = book.grid_area(request.get("source", {}))
    if area.right - area.left != 1:
        raise refuse("textToColumns needs a source of one column.")
    area = area._replace(bottom=max(area.top, min(area.bottom, sheet.grid.used)))
    cells = [row[0] for row in patches.lift(sheet, area)]
    delimiter = _delimiter(request, [c.value for c in cells if isinstance(c.value, str)])
    pieces = [c.value.split(delimiter) if isinstance(c.value, str) else None for c in cells]
    width = max((len(p) for p in pieces if p), default=1)
    sheet.column_count = max(sheet.column_count, area.left + width)
    book.check_size()

    def split(row: int, column: int, old: Cell) -> Cell:
        found = pieces[row - area.top]
        index = column - area.left
        return old if not found or index >= len(found) else enter_text(book, old, found[index])

    if area.top < area.bottom:
        patches.lay(sheet, area._replace(right=area.left + width), split)


def _delimiter(request: dict[str, Any], texts: list[str]) -> str:
    """The delimiter asked for; AUTODETECT takes the usual one that most cells hold."""
    kind = request.get("delimiterType", "COMMA")
    if kind == "CUSTOM":
        if not request.get("delimiter"):
            raise refuse("A custom delimiter must not be empty.")
        return str(request["delimiter"])
    if kind != "AUTODETECT":
        return _DELIMITERS[kind]
    counts = Counter({sign: sum(sign in text for text in texts) for sign in _DELIMITERS.values()})
    return counts.most_common(1)[0][0]


def trim_whitespace(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`trimWhitespace`: what is left stays text, even if it now looks like a formula."""
    sheet, area = book.grid_area(request.get("range", {}))
    changed = 0

    def trimmed(_row: int, _column: int, old: Cell) -> Cell:
        nonlocal changed
        if not isinstance(old.value, str):
            return old
        text = " ".join(old.value.split())
        changed += text != old.value
        return old._replace(value=text or None)

    patches.lay(sheet, area, trimmed)
    return {"trimWhitespace": {"cellsChangedCount": changed} if changed else {}}


def delete_duplicates(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`deleteDuplicates`: the first of several stays, and those below move up within the range."""
    sheet, area = book.grid_area(request.get("range", {}))
    columns = [
        column
        for where in request.get("comparisonColumns", ())
        for column in range(where.get("startIndex", 0), where.get("endIndex", sheet.column_count))
    ] or list(range(area.left, area.right))
    if not all(area.left <= column < area.right for column in columns):
        raise refuse("A comparison column is outside of the range.")
    seen: set[tuple[Any, ...]] = set()
    kept: Patch = []
    for row in patches.lift(sheet, area):
        key = tuple(_comparable(row[column - area.left].value) for column in columns)
        if key not in seen or all(cell.value is None for cell in row):
            seen.add(key)
            kept.append(row)
    removed = area.bottom - area.top - len(kept)
    _lay_rows(sheet, area, kept)
    return {"deleteDuplicates": {"duplicatesRemovedCount": removed} if removed else {}}


def _comparable(value: Any) -> tuple[str, Any]:
    """Values that differ in case, format or formula only are the same to Google."""
    result = effective(value)
    if isinstance(result, dict):
        return "error", result["e"]["type"]
    kind = "number" if isinstance(result, float) else type(result).__name__
    return ("number" if kind == "int" else kind, result.casefold() if kind == "str" else result)


def randomize(book: Book, request: dict[str, Any]) -> None:
    """`randomizeRange`: whole rows of the range, shuffled."""
    sheet, area = book.grid_area(request.get("range", {}))
    rows = patches.lift(sheet, area)
    SystemRandom().shuffle(rows)
    _lay_rows(sheet, area, rows)


def _lay_rows(sheet: Sheet, area: Area, rows: Patch) -> None:
    def laid(row: int, column: int, _old: Cell) -> Cell:
        index = row - area.top
        return rows[index][column - area.left] if index < len(rows) else BLANK

    patches.lay(sheet, area, laid)
