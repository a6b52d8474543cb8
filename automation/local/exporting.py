"""A spreadsheet as a file for other programs."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING

from automation.local.reading import value_range

if TYPE_CHECKING:
    from automation.local.book import Book


def export_xlsx(book: Book, modified: str) -> bytes:
    """The whole of it as an Excel file, stamped with when it changed last (RFC 3339)."""
    from automation.local.xlsx import write_xlsx  # large, and seldom needed

    return write_xlsx(book, datetime.fromisoformat(modified))


def export_csv(book: Book, _modified: str) -> bytes:
    """The first sheet as cells show it: UTF-8, commas, CRLF, as Drive exports it."""
    return _export(book, ",")


def export_tsv(book: Book, _modified: str) -> bytes:
    """The first sheet as cells show it: UTF-8, tabs, CRLF; tabs and line breaks become spaces."""
    return _export(book, "\t")


def _export(book: Book, delimiter: str) -> bytes:
    sheet = book.sheets[0]
    found = value_range(book, sheet, sheet.whole(), {}).get("values", [])
    width = max(map(len, found), default=0)
    rows = ([str(value) for value in row] + [""] * (width - len(row)) for row in found)
    if delimiter == "\t":
        lines = ("\t".join(" ".join(field.split()) for field in row) for row in rows)
        return "\r\n".join(lines).encode()
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().removesuffix("\r\n").encode()
