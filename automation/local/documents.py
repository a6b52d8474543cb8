"""What belongs to a file besides its content: named ranges, permissions, comments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from automation.local.runs import dumps

if TYPE_CHECKING:
    import sqlite3

Doc = dict[str, Any]


def load(connection: sqlite3.Connection, file_id: str, kind: str) -> dict[str, Doc]:
    """The documents of a kind that a file has, by id, the oldest first."""
    rows = connection.execute(
        "SELECT id, doc FROM documents WHERE file = ? AND kind = ? ORDER BY number",
        (file_id, kind),
    )
    return {key: json.loads(doc) for key, doc in rows.fetchall()}


def keep(connection: sqlite3.Connection, file_id: str, kind: str, key: str, doc: Doc) -> None:
    """Add a document, or replace the one with its id."""
    connection.execute(
        "INSERT INTO documents (file, kind, id, doc) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (file, kind, id) DO UPDATE SET doc = excluded.doc",
        (file_id, kind, key, dumps(doc)),
    )


def forget(connection: sqlite3.Connection, file_id: str, kind: str, key: str) -> None:
    """Remove a document."""
    connection.execute(
        "DELETE FROM documents WHERE file = ? AND kind = ? AND id = ?", (file_id, kind, key)
    )


def forget_all(connection: sqlite3.Connection, file_id: str) -> None:
    """Remove all that belongs to a file."""
    connection.execute("DELETE FROM documents WHERE file = ?", (file_id,))
