"""`users.threads`: messages that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.gmail import mime
from automation.local.gmail.mailbox import Mailbox, show
from automation.local.gmail.messages import require_id
from automation.local.gmail.pages import page_of, wanted
from automation.local.gmail.refusals import missing

if TYPE_CHECKING:
    from automation.local.desk import Desk
    from automation.local.gmail.mailbox import Kept


def get(desk: Desk) -> dict[str, Any]:
    """`threads.get`: the oldest message first."""
    kept = list(Mailbox(desk).messages(thread=require_id(desk.names["id"])))[::-1]
    if not kept:
        raise missing()
    detail, headers = desk.query.get("format", "full"), desk.query.get("metadataHeaders", ())
    return {
        "id": kept[0].thread,
        "historyId": str(max(one.number for one in kept)),
        "messages": [show(one, detail, headers) for one in kept],
    }


def list_threads(desk: Desk) -> dict[str, Any]:
    """`threads.list`: threads of which a message fits, by the newest that does."""
    newest = {kept.thread: kept for kept in reversed(wanted(desk))}
    found, more = page_of(desk, sorted(newest.values(), key=_age, reverse=True))
    threads = [
        {
            "id": kept.thread,
            "snippet": mime.snippet(kept.message),
            "historyId": str(kept.number),
        }
        for kept in found
    ]
    return {"threads": threads, **more} if threads else more


def _age(kept: Kept) -> tuple[int, int]:
    return kept.stamp, kept.number
