"""Drive v3 as far as gspread calls it: create, list, get, copy, delete."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from automation.local.book import copy_book, create_book, delete_book
from automation.local.errors import ApiError, unsupported
from automation.local.kinds.sheets import complete_sheets
from automation.local.messages import ANY, TEXT
from automation.local.schema import Many, Message

if TYPE_CHECKING:
    from automation.local.desk import Desk
    from automation.local.masks import Mask

MIME: Final = "application/vnd.google-apps.spreadsheet"
FILE: Final = Message(
    "File",
    dict.fromkeys(("kind", "id", "name", "mimeType", "createdTime", "modifiedTime"), TEXT),
)
FILE_LIST: Final = Message(
    "FileList",
    {"kind": TEXT, "nextPageToken": TEXT, "incompleteSearch": ANY, "files": Many(FILE)},
)
NEW_FILE: Final = Message("File", {"name": TEXT, "mimeType": TEXT})
COPY: Final = Message("File", {"name": TEXT})
_USUAL: Final[Mask] = {name: {} for name in ("kind", "id", "name", "mimeType")}
_CLAUSE = re.compile(
    r"""(mimeType|name)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(?:\s+and\s+|$)"""
)


def create(desk: Desk) -> dict[str, Any]:
    """`files.create` of a spreadsheet."""
    kind = desk.body.get("mimeType")
    if kind != MIME:
        raise unsupported(f'creating a Drive file of type "{kind}"')
    title = desk.body.get("name", "Untitled")
    book = create_book(desk.connection, {"title": title}, complete_sheets([{}]), desk.now)
    return _masked(desk, _file(desk, book.id))


def get(desk: Desk) -> dict[str, Any]:
    """`files.get`."""
    return _masked(desk, _file(desk, desk.names["id"]))


def copy(desk: Desk) -> dict[str, Any]:
    """`files.copy` of a spreadsheet."""
    source = _file(desk, desk.names["id"])
    title = desk.body.get("name", f"Copy of {source['name']}")
    return _masked(desk, _file(desk, copy_book(desk.connection, source["id"], title, desk.now)))


def delete(desk: Desk) -> dict[str, Any]:
    """`files.delete`."""
    _file(desk, desk.names["id"])
    delete_book(desk.connection, desk.names["id"])
    return {}


def list_files(desk: Desk) -> dict[str, Any]:
    """`files.list`: by type and name, on one page, the last modified first."""
    wanted = _parse_query(desk.query.get("q", ""))
    rows = desk.connection.execute("SELECT id FROM spreadsheets ORDER BY modified DESC, id")
    files = [_file(desk, book_id) for (book_id,) in rows.fetchall()]
    fitting = [file for file in files if all(file[name] == text for name, text in wanted)]
    answer = {"kind": "drive#fileList", "incompleteSearch": False, "files": fitting}
    if "fields" in desk.query:
        return answer
    return answer | {"files": [{name: file[name] for name in _USUAL} for file in fitting]}


def _parse_query(text: str) -> list[tuple[str, str]]:
    """The (field, value) pairs of a query that only asks for equality.

    Raises:
        ApiError: 501 for any other query.
    """
    wanted: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        found = _CLAUSE.match(text, place)
        if not found:
            raise unsupported(f"the Drive query {text!r}")
        wanted.append((found[1], re.sub(r"\\(.)", r"\1", found[2] or found[3] or "")))
        place = found.end()
    return wanted


def _file(desk: Desk, book_id: str) -> dict[str, Any]:
    row = desk.connection.execute(
        "SELECT properties, created, modified FROM spreadsheets WHERE id = ?", (book_id,)
    ).fetchone()
    if row is None:
        raise ApiError(404, f"File not found: {book_id}.", reason="notFound")
    return {
        "kind": "drive#file",
        "id": book_id,
        "name": json.loads(row[0])["title"],
        "mimeType": MIME,
        "createdTime": row[1],
        "modifiedTime": row[2],
    }


def _masked(desk: Desk, file: dict[str, Any]) -> dict[str, Any]:
    """Without a mask, Drive answers only a few fields."""
    return file if "fields" in desk.query else {name: file[name] for name in _USUAL}
