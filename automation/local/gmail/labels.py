"""`users.labels` and `users.getProfile`: a mailbox from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.gmail.mailbox import UNREAD, Mailbox
from automation.local.gmail.refusals import missing

if TYPE_CHECKING:
    from automation.local.desk import Desk

_SHOWN: Final = ("SENT", "INBOX", "DRAFT", "STARRED", "UNREAD")
_HIDDEN: Final = (
    *("CHAT", "IMPORTANT", "TRASH", "SPAM"),
    *("CATEGORY_FORUMS", "CATEGORY_UPDATES", "CATEGORY_PERSONAL"),
    *("CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL"),
)


def get_profile(desk: Desk) -> dict[str, Any]:
    """`users.getProfile`."""
    mailbox = Mailbox(desk)
    kept = list(mailbox.messages())
    return {
        "emailAddress": mailbox.address,
        "messagesTotal": len(kept),
        "threadsTotal": len({one.thread for one in kept}),
        "historyId": str(mailbox.history()),
    }


def list_labels(_desk: Desk) -> dict[str, Any]:
    """`labels.list`: the system's labels; people's own are not offered."""
    return {"labels": [_label(name) for name in (*_SHOWN, *_HIDDEN)]}


def get(desk: Desk) -> dict[str, Any]:
    """`labels.get`: with its figures."""
    name = desk.names["id"]
    if name not in {*_SHOWN, *_HIDDEN}:
        raise missing()
    kept = [one for one in Mailbox(desk).messages() if name in one.labels]
    unread = [one for one in kept if UNREAD in one.labels]
    return _label(name) | {
        "messagesTotal": len(kept),
        "messagesUnread": len(unread),
        "threadsTotal": len({one.thread for one in kept}),
        "threadsUnread": len({one.thread for one in unread}),
    }


def _label(name: str) -> dict[str, Any]:
    label = {"id": name, "name": name, "type": "system"}
    if name in _HIDDEN:
        label |= {"messageListVisibility": "hide", "labelListVisibility": "labelHide"}
    return label
