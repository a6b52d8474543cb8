"""A CSV file as a person brings it: whatever its encoding, its delimiter and its ragged rows.

Sheets downloads UTF-8 with commas; Excel in French saves cp1252 or UTF-8 with semicolons; Forms
puts its CSV into a zip.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from automation.errors import WorkbookError

if TYPE_CHECKING:
    from _csv import Reader
    from pathlib import Path

_DELIMITERS = (",", ";", "\t")
_SAMPLE = 50  # rows by which a delimiter is judged
_LONGEST_CELL = 1_000_000  # characters: Sheets holds 50,000 in a cell
_LARGEST = 50_000_000  # bytes of a file, out of its zip: years of answers are less than one
_MEGABYTE = 1_000_000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ZIP_MARK = b"PK\x03\x04"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What no text holds: C0 but tab, line feed, vertical tab (Forms' soft break) and carriage return.
_BINARY = re.compile("[\x00-\x08\x0c\x0e-\x1a\x1c-\x1f]")


class CsvTable(Struct, frozen=True, kw_only=True):
    """The rows of a file, all as wide as the header; those that hold nothing are left out."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_csv(path: Path) -> CsvTable:
    """Return the table in a file, or in a zip of one; its first row with anything is the header.

    A column without a header is kept where some row has something in it. Raises `WorkbookError`
    where the file holds no table.
    """
    text = _decode(path)
    rows = [row for row in _parse(path, text) if any(cell.strip() for cell in row)]
    if not rows:
        raise WorkbookError("empty_csv", path=str(path))
    width = max(map(len, rows))
    header, *below = (tuple(row) + ("",) * (width - len(row)) for row in rows)
    used = [i for i in range(width) if header[i].strip() or any(row[i].strip() for row in below)]
    return CsvTable(
        header=tuple(header[i] for i in used),
        rows=tuple(tuple(row[i] for i in used) for row in below),
    )


def _read_bytes(path: Path) -> bytes:
    """Return what is in a file, or in the only CSV file of a zip."""
    with path.open("rb") as file:
        if file.read(len(_ZIP_MARK)) == _ZIP_MARK:
            return _unzip(path)
        file.seek(0)
        return _read_at_most(path, file)


def _unzip(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_csv(one.filename)]
            if len(members) != 1:
                raise WorkbookError("zip_csv", path=str(path), count=len(members))
            if members[0].compress_type not in _METHODS:
                raise WorkbookError("bad_zip", path=str(path))
            with archive.open(members[0]) as file:
                return _read_at_most(path, file)
    # zipfile raises RuntimeError for a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise WorkbookError("bad_zip", path=str(path)) from error


def _is_csv(name: str) -> bool:
    # macOS puts a shadow of each file into a folder of its own.
    return name.lower().endswith(".csv") and not name.startswith("__MACOSX/")


def _read_at_most(path: Path, file: IO[bytes]) -> bytes:
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise WorkbookError("csv_too_large", path=str(path), megabytes=_LARGEST // _MEGABYTE)
    return content


def _decode(path: Path) -> str:
    """Return the file's text."""
    content = _read_bytes(path)
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        found = _BINARY.search(text)
        if found is None:
            return text
        raise WorkbookError("bad_csv", path=str(path), line=text.count("\n", 0, found.start()) + 1)
    raise WorkbookError("bad_csv", path=str(path), line=1)


def _parse(path: Path, text: str) -> list[list[str]]:
    reader = _reader(text, _sniff(text))
    try:
        return list(reader)
    except csv.Error as error:
        raise WorkbookError("bad_csv", path=str(path), line=reader.line_num) from error


def _reader(text: str, delimiter: str) -> Reader:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _sniff(text: str) -> str:
    """Return the delimiter by which the most rows are as wide as the header; then the widest."""
    return max(_DELIMITERS, key=lambda delimiter: _fitness(text, delimiter))


def _fitness(text: str, delimiter: str) -> tuple[bool, float, int]:
    sample: list[list[str]] = []
    # A quote that never closes is told later, where this delimiter is the best after all.
    with suppress(csv.Error):
        for row in islice(filter(None, _reader(text, delimiter)), _SAMPLE):
            sample.append(row)  # noqa: PERF402 - what came before an error counts
    width = len(sample[0]) if sample else 0
    alike = sum(len(row) == width for row in sample)
    return (width > 1, alike / max(len(sample), 1), width)
