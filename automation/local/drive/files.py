"""The `files` collection of Drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.book import Book
from automation.local.delimited import read_delimited
from automation.local.drive.cabinet import (
    ABOUT_FILE,
    ROOT,
    all_files,
    copy_file,
    create_file,
    delete_file,
    describe_file,
    find_file,
    rename_file,
)
from automation.local.drive.paging import page
from automation.local.drive.people import show_user
from automation.local.drive.query import parse_order, parse_query
from automation.local.drive.refusals import invalid
from automation.local.drive.shapes import FOLDER, SPREADSHEET
from automation.local.errors import unsupported
from automation.local.exporting import export_csv, export_tsv, export_xlsx
from automation.local.route import Media
from automation.local.values import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.desk import Desk

_USUAL: Final = ("kind", "id", "name", "mimeType")
_ABOUT: Final = ("description", "starred", "trashed", "properties", "appProperties")
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORTS: Final[dict[str, Callable[[Book, str], bytes]]] = {
    CSV: export_csv,
    XLSX: export_xlsx,
    "text/tab-separated-values": export_tsv,
}


def create(desk: Desk) -> dict[str, Any]:
    """`files.create` of a spreadsheet or a folder."""
    mime = desk.body.get("mimeType", "")
    file_id = create_file(desk, mime, desk.body.get("name", "Untitled"))
    _describe(desk, file_id, {}, desk.body)
    return _masked(desk, find_file(desk, file_id))


def _describe(desk: Desk, file_id: str, known: dict[str, Any], given: dict[str, Any]) -> None:
    about = known | {name: given[name] for name in (*_ABOUT, "parents") if name in given}
    for parent in about.get("parents", ()):
        if parent != ROOT and find_file(desk, parent)["mimeType"] != FOLDER:
            raise invalid("The specified parent is not a folder.", "parentNotAFolder")
    if len(about.get("parents", ())) > 1:
        raise invalid("A file cannot have more than one parent.", "multipleParentsNotAllowed")
    if about:
        describe_file(desk, file_id, about)


def get(desk: Desk) -> dict[str, Any]:
    """`files.get`: what Drive knows of it, not its content."""
    return _masked(desk, find_file(desk, desk.names["id"]))


def copy(desk: Desk) -> dict[str, Any]:
    """`files.copy`, into the folder of the source unless told otherwise."""
    source = find_file(desk, desk.names["id"])
    if desk.body.get("mimeType", source["mimeType"]) != source["mimeType"]:
        raise unsupported("copying a Drive file into another type")
    copy_id = copy_file(desk, source, desk.body.get("name", f"Copy of {source['name']}"))
    _describe(desk, copy_id, {"parents": source["parents"]}, desk.body)
    return _masked(desk, find_file(desk, copy_id))


def update(desk: Desk) -> dict[str, Any]:
    """`files.update` of what Drive knows: name, folder, trash, description and properties."""
    file = find_file(desk, desk.names["id"])
    if "name" in desk.body:
        rename_file(desk, file, desk.body["name"])
    if "parents" in desk.body:
        raise invalid(
            "The parents field is not directly writable in update requests. "
            "Use the addParents and removeParents parameters instead.",
            "fieldNotWritable",
        )
    about = documents.load(desk.connection, file["id"], ABOUT_FILE).get("", {})
    added = desk.query.get("addParents", "").split(",")
    removed = desk.query.get("removeParents", "").split(",")
    parents = [one for one in file["parents"] if one not in removed or added == [""]]
    if added != [""]:
        about["parents"] = added
    elif parents != file["parents"]:
        about["parents"] = [ROOT]
    _describe(desk, file["id"], about, desk.body)
    return _masked(desk, find_file(desk, file["id"]))


def delete(desk: Desk) -> dict[str, Any]:
    """`files.delete`."""
    delete_file(desk, find_file(desk, desk.names["id"]))
    return {}


def list_files(desk: Desk) -> dict[str, Any]:
    """`files.list`: those that a query finds, in the order asked for, else the last modified first."""
    fits = parse_query(desk.query.get("q", ""))
    found = [file for file in all_files(desk) if fits(file)]
    for key, reverse in reversed(parse_order(desk.query.get("orderBy", ""))):
        found.sort(key=key, reverse=reverse)
    shown, token = page(found, desk.query)
    if "fields" not in desk.query:
        shown = [{name: file[name] for name in _USUAL} for file in shown]
    answer = {"kind": "drive#fileList", "incompleteSearch": False, "files": shown}
    return answer | token


def export(desk: Desk) -> Media:
    """`files.export` of a spreadsheet.

    Raises:
        ApiError: 501 for a format that is not offered, such as PDF.
    """
    file = find_file(desk, desk.names["id"])
    mime = desk.query.get("mimeType", "")
    if not mime:
        raise invalid("Required parameter: mimeType", "required")
    if file["mimeType"] != SPREADSHEET:
        raise invalid("Export only supports Docs Editors files.", "fileNotExportable")
    if mime not in _EXPORTS:
        raise unsupported(f'the export format "{mime}"')
    return Media(mime, _EXPORTS[mime](Book(desk.connection, file["id"]), file["modifiedTime"]))


def upload_csv(desk: Desk) -> dict[str, Any]:
    """Version 2's `files.update` with CSV, as gspread sends it: one sheet with nothing else is left."""
    file = find_file(desk, desk.names["id"])
    if file["mimeType"] != SPREADSHEET:
        raise unsupported("uploading to anything but a spreadsheet")
    rows = _read_csv(desk.content)
    book = Book(desk.connection, file["id"])
    for sheet in list(book.sheets[1:]):
        book.drop_sheet(sheet)
    first = book.sheets[0]
    name, number = first.title, first.id
    book.drop_sheet(first)
    width = max(map(len, rows), default=0)
    size = {"rowCount": max(len(rows), 1000), "columnCount": max(width, 26)}
    properties = {"sheetId": number, "title": name, "sheetType": "GRID", "gridProperties": size}
    sheet = book.new_sheet(properties, 0)
    book.metadata.clear()
    book.named_ranges.clear()
    write(book, sheet, (0, 0), rows, "USER_ENTERED")
    book.save(desk.now)
    return {"kind": "drive#file", "id": file["id"], "title": file["name"], "mimeType": SPREADSHEET}


def _read_csv(content: bytes) -> list[list[Any]]:
    try:
        return [*read_delimited(content.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        raise invalid("Bad Request", "badRequest") from None


def about(desk: Desk) -> dict[str, Any]:
    """`about.get`: who calls."""
    if "fields" not in desk.query:
        raise invalid("The 'fields' parameter is required for this method.", "required")
    return {"kind": "drive#about", "user": show_user(desk.account.address, desk.account)}


def _masked(desk: Desk, file: dict[str, Any]) -> dict[str, Any]:
    """Without a mask, Drive answers only a few fields."""
    return file if "fields" in desk.query else {name: file[name] for name in _USUAL}
