"""A1 notation: reading it as Google does, and writing it as Google answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from automation.local.errors import BAD_RANGE, refuse

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?")
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*")
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


class Span(NamedTuple):
    """A range as written: 0-based, ends exclusive, None where it is open.

    `title` is None when the text names no sheet: then it is the first one.
    """

    title: str | None
    top: int | None
    bottom: int | None
    left: int | None
    right: int | None


class Area(NamedTuple):
    """A rectangle of cells on a sheet: 0-based, ends exclusive, nothing open."""

    top: int
    bottom: int
    left: int
    right: int

    def overlaps(self, other: Area) -> bool:
        """Whether they share a cell."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    def contains(self, other: Area) -> bool:
        """Whether all cells of the other are cells of this one."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right

    def shared(self, other: Area) -> Area | None:
        """The cells that they share."""
        if not self.overlaps(other):
            return None
        return Area(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )

    def moved(self, rows: int, columns: int) -> Area:
        """The same rectangle that many rows down and columns right."""
        return Area(self.top + rows, self.bottom + rows, self.left + columns, self.right + columns)


def column_letters(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based column that letters name."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def parse(text: str) -> Span:
    """What a range in A1 notation means.

    Raises:
        ApiError: 400 "Unable to parse range".
    """
    if text.startswith("'"):
        return _parse_quoted(text)
    title, bang, corners = text.rpartition("!")
    if bang:
        return _parse_corners(title, corners, text)
    bare = _try_corners(None, text)
    return bare or Span(text, None, None, None, None)


def _parse_quoted(text: str) -> Span:
    found = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.+))?", text)
    if not found:
        raise refuse(BAD_RANGE, text=text)
    title = found[1].replace("''", "'")
    if found[2] is None:
        return Span(title, None, None, None, None)
    return _parse_corners(title, found[2], text)


def _parse_corners(title: str, corners: str, text: str) -> Span:
    span = _try_corners(title, corners)
    if span is None:
        raise refuse(BAD_RANGE, text=text)
    return span


def _try_corners(title: str | None, corners: str) -> Span | None:
    first, colon, second = corners.partition(":")
    start = _corner(first)
    end = _corner(second) if colon else start
    if start is None or end is None or (not colon and None in start):
        return None
    if all(None in pair for pair in zip(start, end, strict=True)):
        return None  # "5:B": neither rows nor columns
    (top, bottom), (left, right) = (_ordered(start[i], end[i]) for i in (1, 0))
    return Span(title, top, bottom, left, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    """(column, row), 0-based, of `B3`, `B` or `3`."""
    found = _CELL.fullmatch(text)
    if not text or not found or not (found[1] or found[2]):
        return None
    column = column_index(found[1]) if found[1] else None
    row = int(found[2]) - 1 if found[2] else None
    return column, row


def _ordered(one: int | None, other: int | None) -> tuple[int | None, int | None]:
    """(start, end exclusive): `D4:A1` means `A1:D4`, `A5:A` and `A:A5` are open below row 5."""
    if one is None or other is None:
        return (other if one is None else one), None
    return min(one, other), max(one, other) + 1


def quote_title(title: str) -> str:
    """A sheet's title as answers show it: quoted only when it must be."""
    if _PLAIN_TITLE.fullmatch(title) and not _LOOKS_LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def write(title: str, area: Area) -> str:
    """An area as answers show it: `Feuille1!A1`, `'Form Responses 1'!A1:B2`."""
    start = f"{column_letters(area.left)}{area.top + 1}"
    end = f"{column_letters(area.right - 1)}{area.bottom}"
    return f"{quote_title(title)}!{start}" + ("" if start == end else f":{end}")


def write_span(title: str, span: Span) -> str:
    """A span as it was meant, open ends left open, for error messages."""
    start = _half(span.left, span.top)
    end = _half(
        None if span.right is None else span.right - 1,
        None if span.bottom is None else span.bottom - 1,
    )
    alone = start == end and (span.top is None) == (span.left is None)  # a cell, or nothing
    corners = start if alone else f"{start}:{end}"
    return quote_title(title) + (f"!{corners}" if corners else "")


def _half(column: int | None, row: int | None) -> str:
    letters = "" if column is None else column_letters(column)
    return letters + ("" if row is None else str(row + 1))
