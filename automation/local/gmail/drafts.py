"""`users.drafts`: a draft is a container with an id of its own; its message is replaced, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local.gmail.mailbox import DRAFT, Kept, Mailbox, show, show_briefly
from automation.local.gmail.messages import raw_of
from automation.local.gmail.pages import page_of, wanted
from automation.local.gmail.refusals import NO_DRAFT_MESSAGE, NOT_A_DRAFT, invalid
from automation.local.gmail.sending import send_now

if TYPE_CHECKING:
    from automation.local.desk import Desk


def create(desk: Desk) -> dict[str, Any]:
    """`drafts.create`."""
    return _shown(Mailbox(desk).add(_raw_of(desk), (DRAFT,)))


def update(desk: Desk) -> dict[str, Any]:
    """`drafts.update`: another message, the same draft and thread."""
    mailbox = Mailbox(desk)
    former = mailbox.draft(desk.names["id"])
    return _shown(mailbox.add(_raw_of(desk), (DRAFT,), former=former))


def get(desk: Desk) -> dict[str, Any]:
    """`drafts.get`."""
    kept = Mailbox(desk).draft(desk.names["id"])
    return {"id": kept.draft, "message": show(kept, desk.query.get("format", "full"))}


def list_drafts(desk: Desk) -> dict[str, Any]:
    """`drafts.list`: the newest first."""
    found, more = page_of(desk, (kept for kept in wanted(desk) if kept.draft))
    drafts = [{"id": kept.draft, "message": show_briefly(kept)} for kept in found]
    return {"drafts": drafts, **more} if drafts else more


def delete(desk: Desk) -> dict[str, Any]:
    """`drafts.delete`: for ever."""
    mailbox = Mailbox(desk)
    mailbox.remove(mailbox.draft(desk.names["id"]))
    return {}


def send(desk: Desk) -> dict[str, Any]:
    """`drafts.send`: the draft is gone afterwards, and its message another one of its thread."""
    mailbox = Mailbox(desk)
    draft_id = desk.body.get("id", "")
    if mailbox.is_no_draft(draft_id):
        raise invalid(NOT_A_DRAFT)
    draft = mailbox.draft(draft_id)
    return show_briefly(send_now(desk, draft.raw, draft), labels=True)


def _raw_of(desk: Desk) -> bytes:
    if "message" not in desk.body:
        raise invalid(NO_DRAFT_MESSAGE)
    return raw_of(desk.body["message"])


def _shown(kept: Kept) -> dict[str, Any]:
    return {"id": kept.draft, "message": show_briefly(kept, labels=True)}
