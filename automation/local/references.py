"""References in formulas, as far as copying a formula changes them."""

from __future__ import annotations

import re

from automation.local.a1 import column_index, column_letters

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"                                        # a text
    | '(?:[^']|'')*'!?                                    # a quoted sheet
    | [^\W\d][\w.]*(?=\s*[(!])                            # a function, or a sheet
    | (?P<column_fixed>\$?)(?P<column>[A-Za-z]{1,3})
      (?P<row_fixed>\$?)(?P<row>[1-9]\d{0,7})(?![\w(])    # a cell
    | (?<![\w$])(?P<first_fixed>\$?)(?P<first>[A-Za-z]{1,3}):
      (?P<last_fixed>\$?)(?P<last>[A-Za-z]{1,3})(?![\w(]) # whole columns
    | [^\W\d]\w*                                          # a name
    """,
    re.VERBOSE,
)
_NOWHERE = "#REF!"


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula copied that many rows down and columns right: relative references go along."""

    def replace(found: re.Match[str]) -> str:
        if found["row"]:
            column = _column(found["column"], found["column_fixed"], columns)
            row = _row(found["row"], found["row_fixed"], rows)
            return _NOWHERE if column is None or row is None else column + row
        if found["first"]:
            first = _column(found["first"], found["first_fixed"], columns)
            last = _column(found["last"], found["last_fixed"], columns)
            return _NOWHERE if first is None or last is None else f"{first}:{last}"
        return found[0]

    return _TOKEN.sub(replace, formula)


def _column(letters: str, fixed: str, by: int) -> str | None:
    if fixed:
        return fixed + letters
    index = column_index(letters) + by
    return column_letters(index) if index >= 0 else None


def _row(text: str, fixed: str, by: int) -> str | None:
    if fixed:
        return fixed + text
    number = int(text) + by
    return str(number) if number > 0 else None
