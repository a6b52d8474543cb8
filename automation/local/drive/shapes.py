"""The messages of Drive that are offered, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation.local.messages import ANY, BOOL, INT, TEXT, message
from automation.local.schema import Many, Message, choice

if TYPE_CHECKING:
    from automation.local.schema import Spec

SPREADSHEET: Final = "application/vnd.google-apps.spreadsheet"
FORM: Final = "application/vnd.google-apps.form"
FOLDER: Final = "application/vnd.google-apps.folder"

USER: Final = message(
    "User", kind=TEXT, displayName=TEXT, me=BOOL, permissionId=TEXT, emailAddress=TEXT
)
PERMISSION: Final = message(
    "Permission",
    kind=TEXT,
    id=TEXT,
    type=choice("user group domain anyone"),
    role=choice("owner organizer fileOrganizer writer commenter reader"),
    emailAddress=TEXT,
    domain=TEXT,
    displayName=TEXT,
    deleted=BOOL,
    pendingOwner=BOOL,
    allowFileDiscovery=BOOL,
    withLink=BOOL,
)
"""`withLink` is of version 2: gspread sends it, and Google lets it pass."""
_CAPABILITIES: Final = message("FileCapabilities", canEdit=BOOL, canShare=BOOL)
FILE: Final = message(
    "File",
    kind=TEXT,
    id=TEXT,
    name=TEXT,
    mimeType=TEXT,
    description=TEXT,
    starred=BOOL,
    trashed=BOOL,
    parents=Many(TEXT),
    properties=ANY,
    appProperties=ANY,
    createdTime=TEXT,
    modifiedTime=TEXT,
    webViewLink=TEXT,
    owners=Many(USER),
    ownedByMe=BOOL,
    shared=BOOL,
    permissions=Many(PERMISSION),
    permissionIds=Many(TEXT),
    capabilities=_CAPABILITIES,
)
FILE_LIST: Final = message(
    "FileList", kind=TEXT, nextPageToken=TEXT, incompleteSearch=BOOL, files=Many(FILE)
)
_KEPT: Final = [
    "name",
    "mimeType",
    "description",
    "starred",
    "trashed",
    "parents",
    "properties",
    "appProperties",
]
NEW_FILE: Final = Message("File", {name: FILE.fields[name] for name in _KEPT})
PERMISSION_LIST: Final = message(
    "PermissionList", kind=TEXT, nextPageToken=TEXT, permissions=Many(PERMISSION)
)
_QUOTED: Final = message("QuotedFileContent", mimeType=TEXT, value=TEXT)
REPLY: Final = message(
    "Reply",
    kind=TEXT,
    id=TEXT,
    createdTime=TEXT,
    modifiedTime=TEXT,
    author=USER,
    content=TEXT,
    htmlContent=TEXT,
    deleted=BOOL,
    action=choice("resolve reopen"),
)
REPLY_LIST: Final = message("ReplyList", kind=TEXT, nextPageToken=TEXT, replies=Many(REPLY))
COMMENT: Final = message(
    "Comment",
    kind=TEXT,
    id=TEXT,
    createdTime=TEXT,
    modifiedTime=TEXT,
    author=USER,
    content=TEXT,
    htmlContent=TEXT,
    deleted=BOOL,
    resolved=BOOL,
    anchor=TEXT,
    quotedFileContent=_QUOTED,
    replies=Many(REPLY),
)
COMMENT_LIST: Final = message("CommentList", kind=TEXT, nextPageToken=TEXT, comments=Many(COMMENT))
ABOUT: Final = message("About", kind=TEXT, user=USER)

PAGE: Final[dict[str, Spec]] = {"pageSize": INT, "pageToken": TEXT}
