"""Every file there is, whichever service keeps it, and what Drive itself knows of it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.book import Book, copy_book, create_book, delete_book
from automation.local.drive.people import permission_id, show_user
from automation.local.drive.refusals import file_not_found
from automation.local.drive.shapes import FOLDER, FORM, SPREADSHEET
from automation.local.errors import unsupported
from automation.local.kinds.sheets import complete_sheets

if TYPE_CHECKING:
    from automation.local.desk import Desk

Doc = dict[str, Any]

ABOUT_FILE: Final = "file"
"""What Drive knows of a file: its description, its folder and so on."""
FOLDERS: Final = "folder"
FORMS: Final = "form"
PERMISSIONS: Final = "permission"
ROOT: Final = "root"
_LINKS: Final = {
    SPREADSHEET: "https://docs.google.com/spreadsheets/d/{id}/edit?usp=drivesdk",
    FORM: "https://docs.google.com/forms/d/{id}/edit?usp=drivesdk",
    FOLDER: "https://drive.google.com/drive/folders/{id}",
}


def find_file(desk: Desk, file_id: str) -> Doc:
    """A File, complete.

    Raises:
        ApiError: 404.
    """
    row = desk.connection.execute(
        "SELECT properties, created, modified FROM spreadsheets WHERE id = ?", (file_id,)
    ).fetchone()
    if row:
        return _show(desk, file_id, SPREADSHEET, (json.loads(row[0])["title"], row[1], row[2]))
    for kind, mime in ((FORMS, FORM), (FOLDERS, FOLDER)):
        doc = documents.load(desk.connection, file_id, kind).get("")
        if doc:
            return _show(desk, file_id, mime, (doc["name"], doc["created"], doc["modified"]))
    raise file_not_found(file_id)


def _show(desk: Desk, file_id: str, mime: str, rest: tuple[str, str, str]) -> Doc:
    name, created, modified = rest
    about = documents.load(desk.connection, file_id, ABOUT_FILE).get("", {})
    permissions = list(permissions_of(desk, file_id).values())
    owners = [p["emailAddress"] for p in permissions if p["role"] == "owner"]
    # It is only said: permissions stop nobody here.
    edits = not any(
        p.get("emailAddress") == desk.account.address and p["role"] in {"commenter", "reader"}
        for p in permissions
    )
    shown = {
        "kind": "drive#file",
        "id": file_id,
        "name": name,
        "mimeType": mime,
        "starred": False,
        "trashed": False,
        "parents": [ROOT],
        "webViewLink": _LINKS[mime].format(id=file_id),
        "createdTime": created,
        "modifiedTime": modified,
        "owners": [show_user(owner, desk.account) for owner in owners],
        "ownedByMe": desk.account.address in owners,
        "shared": len(permissions) > 1,
        "permissions": permissions,
        "permissionIds": [p["id"] for p in permissions],
        "capabilities": {"canEdit": edits, "canShare": edits},
    }
    return shown | about


def permissions_of(desk: Desk, file_id: str) -> dict[str, Doc]:
    """The permissions of a file by id: until somebody else owns it, it is the account's."""
    kept = documents.load(desk.connection, file_id, PERMISSIONS)
    if any(doc["role"] == "owner" for doc in kept.values()):
        return kept
    address = desk.account.address
    owner: Doc = {
        "kind": "drive#permission",
        "id": permission_id(address),
        "type": "user",
        "role": "owner",
        "emailAddress": address,
        "displayName": address.partition("@")[0],
        "deleted": False,
        "pendingOwner": False,
    }
    return {owner["id"]: owner} | kept


def all_files(desk: Desk) -> list[Doc]:
    """Every file, the last modified first."""
    rows = desk.connection.execute(
        "SELECT id FROM spreadsheets UNION ALL SELECT file FROM documents WHERE kind IN (?, ?)",
        (FORMS, FOLDERS),
    )
    found = [find_file(desk, key) for (key,) in rows.fetchall()]
    found.sort(key=lambda file: file["id"])
    return sorted(found, key=lambda file: str(file["modifiedTime"]), reverse=True)


def create_file(desk: Desk, mime: str, name: str) -> str:
    """A new, empty file of a type; return its id.

    Raises:
        ApiError: 501 for a type that no service here keeps.
    """
    if mime == SPREADSHEET:
        return create_book(desk.connection, {"title": name}, complete_sheets([{}]), desk.now).id
    if mime == FOLDER:
        file_id = "1" + secrets.token_urlsafe(24)
        doc = {"name": name, "created": desk.now, "modified": desk.now}
        documents.keep(desk.connection, file_id, FOLDERS, "", doc)
        return file_id
    raise unsupported(f'creating a Drive file of type "{mime}"')


def copy_file(desk: Desk, source: Doc, name: str) -> str:
    """A copy of a file, without permissions and comments as at Google; return its id.

    Raises:
        ApiError: 501 for anything but a spreadsheet.
    """
    if source["mimeType"] != SPREADSHEET:
        raise unsupported(f'copying a Drive file of type "{source["mimeType"]}"')
    return copy_book(desk.connection, source["id"], name, desk.now)


def rename_file(desk: Desk, file: Doc, name: str) -> None:
    """Give a file another name."""
    if file["mimeType"] == SPREADSHEET:
        book = Book(desk.connection, file["id"])
        book.properties["title"] = name
        book.save(desk.now)
        return
    kind = FORMS if file["mimeType"] == FORM else FOLDERS
    doc = documents.load(desk.connection, file["id"], kind)[""]
    doc |= {"name": name, "modified": desk.now}
    documents.keep(desk.connection, file["id"], kind, "", doc)


def describe_file(desk: Desk, file_id: str, about: Doc) -> None:
    """Keep what Drive knows of a file."""
    documents.keep(desk.connection, file_id, ABOUT_FILE, "", about)


def delete_file(desk: Desk, file: Doc) -> None:
    """Remove a file, and what is in it when it is a folder."""
    if file["mimeType"] == SPREADSHEET:
        delete_book(desk.connection, file["id"])
    elif file["mimeType"] == FOLDER:
        for inner in all_files(desk):
            if file["id"] in inner["parents"]:
                delete_file(desk, inner)
    documents.forget_all(desk.connection, file["id"])
