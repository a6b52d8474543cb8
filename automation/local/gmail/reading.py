"""The mailbox for people: what the demo, the studio and tests show of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.local.gmail import mime
from automation.local.gmail.mailbox import DRAFT, SENT, Kept, read_all
from automation.local.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping


class MailboxMessage(Struct, frozen=True, kw_only=True):
    """A message of the embedded mailbox, in plain words.

    Attributes:
        at: When it was sent, or the draft made (UTC).
        sender: The From header.
        to: The To header.
        text: The plain text.
        html: The HTML text; empty without one.
        attachments: Name of each attachment → its content.
        headers: Every header, the first one where several share a name (in lower case).
        labels: Gmail's: SENT, DRAFT, INBOX, UNREAD.
        raw: The whole message as it travels.
    """

    id: str
    thread: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    attachments: Mapping[str, bytes]
    headers: Mapping[str, str]
    labels: frozenset[str]
    raw: bytes

    @property
    def is_sent(self) -> bool:
        """Whether it has left."""
        return SENT in self.labels

    @property
    def is_draft(self) -> bool:
        """Whether it has not."""
        return DRAFT in self.labels


def read_mailbox(
    workspace: Path | Store, *, address: str | None = None, message_id: str | None = None
) -> tuple[MailboxMessage, ...]:
    """Return the messages of a workspace, drafts too, in the order in which they came to be.

    Args:
        workspace: Its file, or the store of an open session.
        address: Whose mailbox; None for everybody's.
        message_id: Of the only one that is wanted; None for all.

    Raises:
        FileNotFoundError: When there is no such file: a look makes none.
        WorkbookError: When the file is no workspace.
    """
    if isinstance(workspace, Path):
        if not workspace.exists():
            raise FileNotFoundError(workspace)
        store = Store(workspace)
        with closing(store):
            return read_mailbox(store, address=address, message_id=message_id)
    with workspace.reading() as connection:
        found = read_all(connection, address)
        return tuple(_tell(kept) for kept in found if message_id in {None, kept.id})


def _tell(kept: Kept) -> MailboxMessage:
    message = kept.message
    headers: dict[str, str] = {}
    for one in mime.headers_of(message):
        headers.setdefault(one["name"].lower(), one["value"])
    return MailboxMessage(
        id=kept.id,
        thread=kept.thread,
        at=datetime.fromtimestamp(kept.stamp / 1000, UTC),
        sender=mime.header(message, "From"),
        to=mime.header(message, "To"),
        subject=mime.header(message, "Subject"),
        text=mime.text_of(message, "plain").replace("\r\n", "\n"),
        html=mime.text_of(message, "html").replace("\r\n", "\n"),
        attachments={
            mime.filename_of(part): mime.content_of(part)
            for _, part in mime.leaves(message)
            if mime.filename_of(part)
        },
        headers=headers,
        labels=frozenset(kept.labels),
        raw=kept.raw,
    )
