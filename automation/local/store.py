"""The SQLite file behind the embedded workspace: spreadsheets, what belongs to files, mail."""

from __future__ import annotations

import sqlite3
import weakref
from contextlib import closing, contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, Final

from automation.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION: Final = 3
"""1 had no mail, 2 no documents; the schema brings what an older file lacks."""
_BUSY_SECONDS: Final = 60.0
_LAST_WAIT: Final = 2_000
"""Milliseconds for which the end of a connection waits for those who read."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS spreadsheets (
    id TEXT PRIMARY KEY,
    properties TEXT NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sheets (
    key INTEGER PRIMARY KEY,
    spreadsheet TEXT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    layout TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sheets_of ON sheets (spreadsheet, position);
CREATE TABLE IF NOT EXISTS blocks (
    key INTEGER PRIMARY KEY,
    sheet INTEGER NOT NULL,
    vals TEXT NOT NULL DEFAULT '[]',
    runs TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS blocks_of ON blocks (sheet);
CREATE TABLE IF NOT EXISTS metadata (
    spreadsheet TEXT NOT NULL,
    id INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (spreadsheet, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    file TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    doc TEXT NOT NULL,
    UNIQUE (file, kind, id)
);
CREATE TABLE IF NOT EXISTS mail (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    thread TEXT NOT NULL,
    labels TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    draft TEXT,
    known_as TEXT NOT NULL,
    raw BLOB NOT NULL,
    UNIQUE (account, id),
    UNIQUE (account, draft)
);
CREATE INDEX IF NOT EXISTS mail_threads ON mail (account, thread);
CREATE INDEX IF NOT EXISTS mail_known_as ON mail (account, known_as);
"""


class Store:
    """One connection to a workspace, shared by the threads of a process.

    Several processes may have the same file open: readers see the last committed state, writers
    wait for each other for up to a minute.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = RLock()
        self.connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self.close = weakref.finalize(self, _close, self._lock, self.connection)
        try:
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise WorkbookError("workspace_unreadable", path=str(path)) from error

    def _prepare(self, path: Path | None) -> None:
        # What is deleted or overwritten is gone from the file, too: somebody may have to be erased.
        self.connection.execute("PRAGMA secure_delete=ON")
        if path is not None:
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
        with self.writing():
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
            if not 0 <= version <= _VERSION:
                raise WorkbookError("workspace_version", path=str(path), version=version)
            if version < _VERSION:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self.connection.execute(statement)
                self.connection.execute(f"PRAGMA user_version={_VERSION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent state of the whole workspace."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The only writer, until the block ends: committed whole, or not at all."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self.connection.execute(begin)
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")


def _close(lock: RLock, connection: sqlite3.Connection) -> None:
    """Close a connection once no thread is in the middle of a transaction.

    What was overwritten stands in the log until somebody empties it, which the last one to close does;
    another program may have the file open for days.
    """
    # One that is no workspace, or a log that others read at this moment, is left as it is.
    with lock, closing(connection), suppress(sqlite3.Error):
        connection.execute(f"PRAGMA busy_timeout={_LAST_WAIT}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class BlockShelf:
    """The blocks of one sheet, as `grid.Shelf` wants them."""

    def __init__(self, connection: sqlite3.Connection, sheet: int) -> None:
        self._connection = connection
        self._sheet = sheet

    def add(self) -> int:
        """The key of a new, empty block."""
        row = self._connection.execute(
            "INSERT INTO blocks (sheet) VALUES (?) RETURNING key", (self._sheet,)
        ).fetchone()
        return int(row[0])

    def values(self, key: int) -> str:
        """The JSON of a block's values."""
        row = self._connection.execute("SELECT vals FROM blocks WHERE key = ?", (key,)).fetchone()
        return str(row[0])

    def runs(self, key: int) -> str:
        """The JSON of a block's runs."""
        row = self._connection.execute("SELECT runs FROM blocks WHERE key = ?", (key,)).fetchone()
        return str(row[0])

    def put_values(self, key: int, text: str) -> None:
        """Keep a block's values."""
        self._connection.execute("UPDATE blocks SET vals = ? WHERE key = ?", (text, key))

    def put_runs(self, key: int, text: str) -> None:
        """Keep a block's runs."""
        self._connection.execute("UPDATE blocks SET runs = ? WHERE key = ?", (text, key))

    def drop(self, key: int) -> None:
        """Forget a block."""
        self._connection.execute("DELETE FROM blocks WHERE key = ?", (key,))
