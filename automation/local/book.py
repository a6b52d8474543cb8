"""One spreadsheet, opened within a transaction: read on demand, written back when it changed."""

from __future__ import annotations

import copy
import json
import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from automation.local import a1, documents
from automation.local.errors import (
    BAD_RANGE,
    NO_GRID,
    NO_SHEET,
    TOO_MANY_CELLS,
    TOO_MANY_COLUMNS,
    ApiError,
    not_found,
    refuse,
)
from automation.local.grid import Grid
from automation.local.locks import check_unchanged, locked_contents
from automation.local.runs import dumps
from automation.local.schema import INT32_MAX
from automation.local.sheet import Sheet, span_of
from automation.local.store import BlockShelf

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from automation.local.a1 import Area, Span
    from automation.local.locks import Contents

MAX_CELLS: Final = 10_000_000
MAX_COLUMNS: Final = 18_278
DEFAULT_ROWS: Final = 1000
DEFAULT_COLUMNS: Final = 26
NAMED: Final = "namedRange"


def default_properties(title: str) -> dict[str, Any]:
    """The properties that Google gives a new spreadsheet."""
    return {
        "title": title,
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
    }


class Book:
    """A spreadsheet and its sheets, in their order.

    Attributes:
        id: The spreadsheet's.
        properties: As Google shows them, but the default format and the theme.
        address: Who opened it; "" for one who may edit all of it.
        freed_metadata: Ids that were deleted in this transaction.
    """

    def __init__(self, connection: sqlite3.Connection, book_id: str, address: str = "") -> None:
        row = connection.execute(
            "SELECT properties FROM spreadsheets WHERE id = ?", (book_id,)
        ).fetchone()
        if row is None:
            raise not_found()
        self.id = book_id
        self.connection = connection
        self.address = address
        self._locked: Contents = {}
        self.properties: dict[str, Any] = json.loads(row[0])
        self._loaded_metadata: dict[int, str] = {}
        self._loaded_names: dict[str, dict[str, Any]] = {}
        self.freed_metadata: set[int] = set()

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The tabs from left to right."""
        rows = self.connection.execute(
            "SELECT key, position, state, layout FROM sheets WHERE spreadsheet = ? ORDER BY position",
            (self.id,),
        )
        found = [self._load(*row) for row in rows.fetchall()]
        if self.address:
            self._locked = locked_contents(found, self.address)
        return found

    def _load(self, key: int, position: int, state: str, layout: str) -> Sheet:
        grid = Grid(BlockShelf(self.connection, key), json.loads(layout))
        return Sheet(key=key, grid=grid, loaded=(position, state, layout), **json.loads(state))

    @cached_property
    def metadata(self) -> dict[int, dict[str, Any]]:
        """Developer metadata by id; `location` as `metadata` keeps it."""
        rows = self.connection.execute(
            "SELECT id, doc FROM metadata WHERE spreadsheet = ?", (self.id,)
        )
        self._loaded_metadata = dict(rows.fetchall())
        return {key: json.loads(doc) for key, doc in self._loaded_metadata.items()}

    @cached_property
    def named_ranges(self) -> dict[str, dict[str, Any]]:
        """Named ranges by id, the oldest first; their ranges name their sheet."""
        self._loaded_names = documents.load(self.connection, self.id, NAMED)
        return copy.deepcopy(self._loaded_names)

    # Finding

    def sheet(self, sheet_id: int, *, grid: bool = False) -> Sheet:
        """The sheet with an id.

        Raises:
            ApiError: 400, in the words Google has for a missing sheet or a missing grid.
        """
        for sheet in self.sheets:
            if sheet.id == sheet_id and (sheet.has_grid or not grid):
                return sheet
        raise refuse(NO_GRID if grid else NO_SHEET, id=sheet_id)

    def titled(self, title: str) -> Sheet | None:
        """The sheet with a title; case does not count when nothing fits exactly."""
        exact = [sheet for sheet in self.sheets if sheet.title == title]
        folded = [sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()]
        return next(iter(exact + folded), None)

    def span(self, text: str) -> tuple[Sheet, Span]:
        """The sheet and span that a range in A1 notation means.

        Raises:
            ApiError: 400 when it means nothing.
        """
        try:
            span = a1.parse(text)
        except ApiError:
            return self._named(text)
        sheet = self.sheets[0] if span.title is None else self.titled(span.title)
        return (sheet, span) if sheet is not None and sheet.has_grid else self._named(text)

    def _named(self, text: str) -> tuple[Sheet, Span]:
        """What a named range means, whichever sheet stands before it, as gspread writes one."""
        name = text.rpartition("!")[2].casefold()
        for doc in self.named_ranges.values():
            if doc["name"].casefold() == name:
                return self.sheet(doc["range"]["sheetId"]), span_of(doc["range"])
        raise refuse(BAD_RANGE, text=text)

    def area(self, text: str) -> tuple[Sheet, Area]:
        """Like `span`, within the grid."""
        sheet, span = self.span(text)
        return sheet, sheet.clip(span)

    def grid_area(self, grid_range: Mapping[str, Any]) -> tuple[Sheet, Area]:
        """The sheet and cells that a GridRange means, within the grid."""
        sheet = self.sheet(grid_range.get("sheetId", 0), grid=True)
        return sheet, sheet.clip(span_of(grid_range))

    # Growing

    def check_size(self) -> None:
        """Refuse what Google's limits refuse.

        Raises:
            ApiError: 400.
        """
        if any(sheet.column_count > MAX_COLUMNS for sheet in self.sheets):
            raise refuse(TOO_MANY_COLUMNS)
        if sum(sheet.row_count * sheet.column_count for sheet in self.sheets) > MAX_CELLS:
            raise refuse(TOO_MANY_CELLS)

    def new_sheet(self, properties: dict[str, Any], position: int) -> Sheet:
        """Add an empty sheet; `properties` are complete and were checked."""
        sheets = self.sheets
        row = self.connection.execute(
            "INSERT INTO sheets (spreadsheet, position, state, layout) VALUES (?, -1, '', '[]') "
            "RETURNING key",
            (self.id,),
        ).fetchone()
        sheet = Sheet(
            key=row[0], properties=properties, grid=Grid(BlockShelf(self.connection, row[0]), [])
        )
        sheets.insert(position, sheet)
        self.check_size()
        if sheet.has_grid:
            sheet.grid.insert(0, sheet.row_count, {})
        return sheet

    def drop_sheet(self, sheet: Sheet) -> None:
        """Remove a sheet and its rows."""
        self.sheets.remove(sheet)
        self.connection.execute("DELETE FROM blocks WHERE sheet = ?", (sheet.key,))
        self.connection.execute("DELETE FROM sheets WHERE key = ?", (sheet.key,))

    # Saving

    def save(self, now: str) -> None:
        """Write back what changed, and the time of the change (RFC 3339).

        Raises:
            ApiError: 400 where it changed what whoever opened it may not edit.
        """
        check_unchanged(self._locked, self.sheets, self.address)
        for position, sheet in enumerate(self.sheets):
            self._save_sheet(position, sheet)
        if "metadata" in self.__dict__:  # else nobody looked at it, and it is as it was
            self._save_metadata()
        if "named_ranges" in self.__dict__:
            self._save_names()
        self.connection.execute(
            "UPDATE spreadsheets SET properties = ?, modified = ? WHERE id = ?",
            (dumps(self.properties), now, self.id),
        )

    def _save_sheet(self, position: int, sheet: Sheet) -> None:
        sheet.grid.save()
        record = (position, dumps(sheet.state), dumps(sheet.grid.layout))
        if record != sheet.loaded:
            self.connection.execute(
                "UPDATE sheets SET position = ?, state = ?, layout = ? WHERE key = ?",
                (*record, sheet.key),
            )

    def _save_metadata(self) -> None:
        docs = {key: dumps(doc) for key, doc in self.metadata.items()}
        gone = self._loaded_metadata.keys() - docs.keys()
        new = [
            (self.id, key, doc)
            for key, doc in docs.items()
            if self._loaded_metadata.get(key) != doc
        ]
        self.connection.executemany(
            "DELETE FROM metadata WHERE spreadsheet = ? AND id = ?",
            [(self.id, key) for key in gone],
        )
        self.connection.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)", new)

    def _save_names(self) -> None:
        for key in self._loaded_names.keys() - self.named_ranges.keys():
            documents.forget(self.connection, self.id, NAMED, key)
        for key, doc in self.named_ranges.items():
            if self._loaded_names.get(key) != doc:
                documents.keep(self.connection, self.id, NAMED, key, doc)


def create_book(
    connection: sqlite3.Connection,
    properties: Mapping[str, Any],
    sheets: list[dict[str, Any]],
    now: str,
) -> Book:
    """A new spreadsheet with the given sheets' complete properties."""
    book_id = "1" + secrets.token_urlsafe(32)
    complete = default_properties("Untitled spreadsheet") | dict(properties)
    connection.execute(
        "INSERT INTO spreadsheets VALUES (?, ?, ?, ?)", (book_id, dumps(complete), now, now)
    )
    book = Book(connection, book_id)
    for position, sheet in enumerate(sheets):
        book.new_sheet(sheet, position)
    book.save(now)
    return book


def copy_book(connection: sqlite3.Connection, book_id: str, title: str, now: str) -> str:
    """Copy a spreadsheet with everything in it, developer metadata too; return the copy's id."""
    book = Book(connection, book_id)
    copy_id = "1" + secrets.token_urlsafe(32)
    properties = dumps({**book.properties, "title": title})
    connection.execute(
        "INSERT INTO spreadsheets VALUES (?, ?, ?, ?)", (copy_id, properties, now, now)
    )
    connection.execute(
        "INSERT INTO metadata SELECT ?, id, doc FROM metadata WHERE spreadsheet = ?",
        (copy_id, book_id),
    )
    for key, doc in book.named_ranges.items():
        documents.keep(connection, copy_id, NAMED, key, doc)
    for sheet in book.sheets:
        (sheet_key,) = connection.execute(
            "INSERT INTO sheets (spreadsheet, position, state, layout) "
            "SELECT ?, position, state, layout FROM sheets WHERE key = ? RETURNING key",
            (copy_id, sheet.key),
        ).fetchone()
        layout = [
            [_copy_block(connection, key, sheet_key), count, used]
            for key, count, used in sheet.grid.layout
        ]
        connection.execute("UPDATE sheets SET layout = ? WHERE key = ?", (dumps(layout), sheet_key))
    return copy_id


def _copy_block(connection: sqlite3.Connection, key: int, sheet_key: int) -> int:
    row = connection.execute(
        "INSERT INTO blocks (sheet, vals, runs) SELECT ?, vals, runs FROM blocks WHERE key = ? "
        "RETURNING key",
        (sheet_key, key),
    ).fetchone()
    return int(row[0])


def delete_book(connection: sqlite3.Connection, book_id: str) -> None:
    """Remove a spreadsheet."""
    book = Book(connection, book_id)
    for sheet in list(book.sheets):
        book.drop_sheet(sheet)
    connection.execute("DELETE FROM metadata WHERE spreadsheet = ?", (book_id,))
    documents.forget_all(connection, book_id)
    connection.execute("DELETE FROM spreadsheets WHERE id = ?", (book_id,))


def free_id(taken: Mapping[int, object] | set[int]) -> int:
    """A positive int32 that is not taken."""
    while True:
        found = secrets.randbelow(INT32_MAX) + 1
        if found not in taken:
            return found
