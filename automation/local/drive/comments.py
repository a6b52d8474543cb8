"""The `comments` and `replies` collections of Drive."""

from __future__ import annotations

import html
import secrets
from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.drive.cabinet import find_file
from automation.local.drive.paging import page
from automation.local.drive.people import show_user
from automation.local.drive.refusals import invalid, not_found

if TYPE_CHECKING:
    from automation.local.desk import Desk

Doc = dict[str, Any]
_COMMENTS: Final = "comment"
_NO_FIELDS: Final = "The 'fields' parameter is required for this method."


def create(desk: Desk) -> Doc:
    """`comments.create`."""
    _check_fields(desk)
    given = {name: desk.body[name] for name in ("anchor", "quotedFileContent") if name in desk.body}
    comment = _written(desk, "comment") | given | {"resolved": False, "replies": []}
    return _shown(desk, _keep(desk, comment))


def _written(desk: Desk, kind: str) -> Doc:
    """A comment or a reply as somebody writes it now.

    Raises:
        ApiError: 400 when it says nothing.
    """
    find_file(desk, desk.names["id"])
    content = desk.body.get("content", "")
    if not content and "action" not in desk.body:
        raise invalid("Comment content is required.", "required")
    return {
        "kind": f"drive#{kind}",
        "id": "AAAA" + secrets.token_urlsafe(8),
        "createdTime": desk.now,
        "modifiedTime": desk.now,
        "author": desk.account.address,
        "content": content,
        "deleted": False,
    }


def _keep(desk: Desk, comment: Doc) -> Doc:
    documents.keep(desk.connection, desk.names["id"], _COMMENTS, comment["id"], comment)
    return comment


def _shown(desk: Desk, doc: Doc) -> Doc:
    """A comment or a reply as answers show it; of a deleted one, only that it was there."""
    author = {
        name: value
        for name, value in show_user(doc["author"], desk.account).items()
        if name in {"kind", "displayName", "me"}
    }
    shown = doc | {"author": author, "htmlContent": html.escape(doc["content"], quote=False)}
    if "replies" in doc:
        shown["replies"] = [_shown(desk, reply) for reply in doc["replies"]]
    if doc["deleted"]:
        shown = {name: shown[name] for name in shown if name not in {"content", "htmlContent"}}
    return shown


def list_comments(desk: Desk) -> Doc:
    """`comments.list`: the last written first, without deleted ones unless told otherwise."""
    _check_fields(desk)
    file = find_file(desk, desk.names["id"])
    found = list(documents.load(desk.connection, file["id"], _COMMENTS).values())[::-1]
    found = [doc for doc in found if not doc["deleted"] or desk.query.get("includeDeleted")]
    shown, token = page(found, desk.query)
    return {"kind": "drive#commentList", "comments": [_shown(desk, doc) for doc in shown]} | token


def get(desk: Desk) -> Doc:
    """`comments.get`."""
    _check_fields(desk)
    return _shown(desk, _find(desk))


def update(desk: Desk) -> Doc:
    """`comments.update`: what it says."""
    _check_fields(desk)
    comment = _find(desk)
    comment |= {"content": desk.body.get("content", ""), "modifiedTime": desk.now}
    return _shown(desk, _keep(desk, comment))


def delete(desk: Desk) -> Doc:
    """`comments.delete`: it stays as a deleted one."""
    _keep(desk, _find(desk) | {"deleted": True, "modifiedTime": desk.now})
    return {}


def _find(desk: Desk) -> Doc:
    file = find_file(desk, desk.names["id"])
    key = desk.names["comment"]
    found = documents.load(desk.connection, file["id"], _COMMENTS).get(key)
    if found is None or (found["deleted"] and not desk.query.get("includeDeleted")):
        raise not_found("Comment", key)
    return found


def _check_fields(desk: Desk) -> None:
    if "fields" not in desk.query:
        raise invalid(_NO_FIELDS, "required")


def reply(desk: Desk) -> Doc:
    """`replies.create`: it may resolve the comment, or open it again."""
    _check_fields(desk)
    comment = _find(desk)
    fresh = _written(desk, "reply")
    if "action" in desk.body:
        fresh["action"] = desk.body["action"]
        comment["resolved"] = desk.body["action"] == "resolve"
    comment["replies"].append(fresh)
    _keep(desk, comment | {"modifiedTime": desk.now})
    return _shown(desk, fresh)


def list_replies(desk: Desk) -> Doc:
    """`replies.list`."""
    _check_fields(desk)
    found = [one for one in _find(desk)["replies"] if not one["deleted"]]
    shown, token = page(found, desk.query)
    return {"kind": "drive#replyList", "replies": [_shown(desk, one) for one in shown]} | token


def get_reply(desk: Desk) -> Doc:
    """`replies.get`."""
    _check_fields(desk)
    return _shown(desk, _find_reply(desk, _find(desk)))


def update_reply(desk: Desk) -> Doc:
    """`replies.update`: what it says."""
    _check_fields(desk)
    comment = _find(desk)
    found = _find_reply(desk, comment)
    found |= {"content": desk.body.get("content", ""), "modifiedTime": desk.now}
    _keep(desk, comment)
    return _shown(desk, found)


def delete_reply(desk: Desk) -> Doc:
    """`replies.delete`."""
    comment = _find(desk)
    _find_reply(desk, comment)["deleted"] = True
    _keep(desk, comment)
    return {}


def _find_reply(desk: Desk, comment: Doc) -> Doc:
    key = desk.names["reply"]
    for one in comment["replies"]:
        if one["id"] == key and not one["deleted"]:
            found: Doc = one
            return found
    raise not_found("Reply", key)
