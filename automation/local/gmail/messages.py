"""`users.messages` and its attachments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from automation.local.gmail import mime
from automation.local.gmail.mailbox import Mailbox, show, show_briefly
from automation.local.gmail.pages import page_of, wanted
from automation.local.gmail.refusals import INVALID_ID, NO_RAW, invalid, missing
from automation.local.gmail.sending import send_now

if TYPE_CHECKING:
    from automation.local.desk import Desk


def send(desk: Desk) -> dict[str, Any]:
    """`messages.send`."""
    return show_briefly(send_now(desk, raw_of(desk.body)), labels=True)


def list_messages(desk: Desk) -> dict[str, Any]:
    """`messages.list`: the newest first; drafts are messages too."""
    found, more = page_of(desk, wanted(desk))
    return {"messages": [show_briefly(kept) for kept in found], **more} if found else more


def get(desk: Desk) -> dict[str, Any]:
    """`messages.get`."""
    kept = Mailbox(desk).message(require_id(desk.names["id"]))
    return show(kept, desk.query.get("format", "full"), desk.query.get("metadataHeaders", ()))


def get_attachment(desk: Desk) -> dict[str, Any]:
    """`messages.attachments.get`."""
    kept = Mailbox(desk).message(require_id(desk.names["id"]))
    for part_id, part in mime.leaves(kept.message):
        if mime.attachment_id(part_id) == desk.names["attachment"]:
            content = mime.content_of(part)
            return {"size": len(content), "data": mime.encode(content)}
    raise missing()


def require_id(text: str) -> str:
    """An id that may be one.

    Raises:
        ApiError: 400 when no message or thread ever has such an id.
    """
    if not re.fullmatch(r"[0-9a-f]{1,16}", text):
        raise invalid(INVALID_ID)
    return text


def raw_of(message: dict[str, Any]) -> bytes:
    """The message that a request carries, with CRLF.

    Raises:
        ApiError: 400 when there is none, or its recipients are not written as addresses.
    """
    if not message.get("raw"):
        raise invalid(NO_RAW)
    raw = mime.decode_raw(message["raw"])
    parsed = mime.parse(raw)
    for name in ("From", *mime.RECIPIENTS):
        mime.addresses(parsed, name)
    return raw
