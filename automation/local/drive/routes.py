"""Which path of the Drive API is answered by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.drive import comments, files, permissions
from automation.local.drive import shapes as s
from automation.local.messages import BOOL, TEXT
from automation.local.route import RAW, Media, Route, make_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.desk import Desk
    from automation.local.schema import Message, Spec

DRIVE: Final = "www.googleapis.com"
_API: Final = "/drive/v3"
_FILES: Final = f"{_API}/files"
_FILE: Final = _FILES + "/(?P<id>[^/]+)"
_PERMISSIONS: Final = f"{_FILE}/permissions"
_PERMISSION: Final = _PERMISSIONS + "/(?P<permission>[^/]+)"
_COMMENTS: Final = f"{_FILE}/comments"
_COMMENT: Final = _COMMENTS + "/(?P<comment>[^/]+)"
_REPLIES: Final = f"{_COMMENT}/replies"
_REPLY: Final = _REPLIES + "/(?P<reply>[^/]+)"
_DRIVES: Final[dict[str, Spec]] = {"supportsAllDrives": BOOL, "includeItemsFromAllDrives": BOOL}
_LIST: Final[dict[str, Spec]] = (
    {"q": TEXT, "orderBy": TEXT, "corpora": TEXT, "spaces": TEXT} | s.PAGE | _DRIVES
)
_MOVE: Final[dict[str, Spec]] = {"addParents": TEXT, "removeParents": TEXT} | _DRIVES
_SHARE: Final[dict[str, Spec]] = {
    "sendNotificationEmail": BOOL,
    "emailMessage": TEXT,
    "transferOwnership": BOOL,
} | _DRIVES
_UPLOAD: Final[dict[str, Spec]] = {"uploadType": TEXT, "convert": BOOL} | _DRIVES


def _read(
    path: str,
    handler: Callable[[Desk], dict[str, Any] | Media],
    answer: Message | None,
    query: dict[str, Spec] | None = None,
) -> Route:
    return make_route("GET", DRIVE, path, handler, query or _DRIVES, None, answer)


def _write(  # noqa: PLR0913, PLR0917 - a table's columns
    method: str,
    path: str,
    handler: Callable[[Desk], dict[str, Any]],
    body: Message | None,
    answer: Message | None,
    query: dict[str, Spec] | None = None,
) -> Route:
    found = _DRIVES if query is None else query
    return make_route(method, DRIVE, path, handler, found, body, answer, writes=True)


DRIVE_ROUTES: Final = (
    _read(f"{_API}/about", files.about, s.ABOUT),
    _read(_FILES, files.list_files, s.FILE_LIST, _LIST),
    _write("POST", _FILES, files.create, s.NEW_FILE, s.FILE),
    _read(_FILE, files.get, s.FILE),
    _write("PATCH", _FILE, files.update, s.NEW_FILE, s.FILE, _MOVE),
    _write("POST", f"{_FILE}/copy", files.copy, s.NEW_FILE, s.FILE),
    _write("DELETE", _FILE, files.delete, None, None),
    _read(f"{_FILE}/export", files.export, None, {"mimeType": TEXT}),
    _write("PUT", "/upload/drive/v2/files/(?P<id>[^/]+)", files.upload_csv, RAW, None, _UPLOAD),
    _read(_PERMISSIONS, permissions.list_permissions, s.PERMISSION_LIST, s.PAGE | _DRIVES),
    _write("POST", _PERMISSIONS, permissions.create, s.PERMISSION, s.PERMISSION, _SHARE),
    _read(_PERMISSION, permissions.get, s.PERMISSION),
    _write("PATCH", _PERMISSION, permissions.update, s.PERMISSION, s.PERMISSION, _SHARE),
    _write("DELETE", _PERMISSION, permissions.delete, None, None),
    _read(_COMMENTS, comments.list_comments, s.COMMENT_LIST, {"includeDeleted": BOOL} | s.PAGE),
    _write("POST", _COMMENTS, comments.create, s.COMMENT, s.COMMENT),
    _read(_COMMENT, comments.get, s.COMMENT, {"includeDeleted": BOOL}),
    _write("PATCH", _COMMENT, comments.update, s.COMMENT, s.COMMENT),
    _write("DELETE", _COMMENT, comments.delete, None, None),
    _read(_REPLIES, comments.list_replies, s.REPLY_LIST, {"includeDeleted": BOOL} | s.PAGE),
    _write("POST", _REPLIES, comments.reply, s.REPLY, s.REPLY),
    _read(_REPLY, comments.get_reply, s.REPLY, {"includeDeleted": BOOL}),
    _write("PATCH", _REPLY, comments.update_reply, s.REPLY, s.REPLY),
    _write("DELETE", _REPLY, comments.delete_reply, None, None),
)
