"""Rows as CSV for a spreadsheet: what people wrote arrives as text, never as a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Spreadsheets evaluate what begins so, some after spaces or marks that nobody sees
# (https://owasp.org/www-community/attacks/CSV_Injection, full-width forms included).
_FORMULA = re.compile(
    "[\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]"
)
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA_STARTS = ("\t", "\r", "\n")


def write_csv(lines: Iterable[Iterable[object]]) -> str:
    """Return lines as CSV (RFC 4180); None is an empty cell.

    A text that a spreadsheet would evaluate has an apostrophe in front; numbers stay numbers;
    control characters, which a terminal would obey and no spreadsheet shows, are left out.
    Whoever needs every text exactly as written asks for JSON.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows([_write_cell(cell) for cell in line] for line in lines)
    return target.getvalue()


def _write_cell(cell: object) -> str:
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else _UNSHOWN.sub("", str(cell))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or _FORMULA.match(text) else text
