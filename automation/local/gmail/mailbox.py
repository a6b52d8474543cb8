"""One account's messages in the store: kept, found and forgotten."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.local.gmail import mime
from automation.local.gmail.refusals import missing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from email.message import Message

    from automation.local.desk import Desk

DRAFT: Final = "DRAFT"
SENT: Final = "SENT"
INBOX: Final = "INBOX"
UNREAD: Final = "UNREAD"
_COLUMNS: Final = "number, id, thread, labels, stamp, draft, raw"


class Kept(Struct, frozen=True, dict=True):
    """A message of a mailbox.

    Attributes:
        number: In the order in which messages came to be, from 1; its history id.
        id: Sixteen hexadecimal digits.
        thread: Id of the thread: of its first message.
        labels: Ids of its labels.
        stamp: When it came to be, in milliseconds since 1970 (UTC).
        draft: Id of the draft that it is the content of; None for no draft.
        raw: The message with CRLF.
    """

    number: int
    id: str
    thread: str
    labels: tuple[str, ...]
    stamp: int
    draft: str | None
    raw: bytes

    @cached_property
    def message(self) -> Message:
        """The message, parsed."""
        return mime.parse(self.raw)


class Mailbox:
    """The mailbox of the account that calls."""

    def __init__(self, desk: Desk) -> None:
        self._connection: sqlite3.Connection = desk.connection
        self._now = datetime.fromisoformat(desk.now)
        self.address = desk.account.address
        self.stamp = round(self._now.timestamp() * 1000)

    def messages(self, *, thread: str | None = None) -> Iterator[Kept]:
        """The messages, of one thread or all, the newest first."""
        return _read(
            self._connection,
            "account = ? AND thread = ifnull(?, thread) ORDER BY stamp DESC, number DESC",
            (self.address, thread),
        )

    def message(self, message_id: str) -> Kept:
        """A message by its id.

        Raises:
            ApiError: 404 when there is none.
        """
        return self._one("id", message_id)

    def draft(self, draft_id: str) -> Kept:
        """The message of a draft, by the draft's id.

        Raises:
            ApiError: 404 when there is none, any more or yet.
        """
        return self._one("draft", draft_id)

    def _one(self, column: str, value: str) -> Kept:
        found = next(
            _read(self._connection, f"account = ? AND {column} = ?", (self.address, value)), None
        )
        if found is None:
            raise missing()
        return found

    def is_no_draft(self, message_id: str) -> bool:
        """Whether there is a message of that id, and it is no draft, or no more."""
        where = "account = ? AND id = ? AND draft IS NULL"
        return next(_read(self._connection, where, (self.address, message_id)), None) is not None

    def sent_since(self, stamp: int) -> list[int]:
        """The stamps of what was sent later than one, up to now, the newest first."""
        rows = self._connection.execute(
            "SELECT stamp, labels FROM mail "
            "WHERE account = ? AND stamp > ? AND stamp <= ? ORDER BY stamp DESC",
            (self.address, stamp, self.stamp),
        )
        return [found for found, labels in rows if SENT in json.loads(labels)]

    def history(self) -> int:
        """The number of the last message that came to be, here or elsewhere; 1 before any."""
        return max(1, self._count())

    def _count(self) -> int:
        row = self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'mail'"
        ).fetchone()
        return int(row[0]) if row else 0

    def add(self, raw: bytes, labels: Iterable[str], *, former: Kept | None = None) -> Kept:
        """Keep a message, with a Message-ID of Gmail's own.

        Args:
            raw: With CRLF.
            labels: Ids of the labels that it is to bear.
            former: The draft's message that it takes the place of, in the same thread.
        """
        message_id = self._new_id()
        thread = former.thread if former else self._thread_of(raw) or message_id
        draft = None
        if DRAFT in labels:
            draft = (former and former.draft) or _draft_id(self.address, message_id)
        if former:
            self.remove(former)
        known_as = _message_id(self.address, message_id)
        self._connection.execute(
            "INSERT INTO mail (account, id, thread, labels, stamp, draft, known_as, raw) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.address,
                message_id,
                thread,
                json.dumps(list(labels)),
                self.stamp,
                draft,
                known_as,
                self._completed(raw, known_as, is_sent=SENT in labels),
            ),
        )
        return self.message(message_id)

    def remove(self, kept: Kept) -> None:
        """Forget a message for ever."""
        self._connection.execute("DELETE FROM mail WHERE number = ?", (kept.number,))

    def _new_id(self) -> str:
        """As Google's: the time in the high bits; then a count, for a clock that stands still."""
        count = self._count() + 1
        return f"{self.stamp << 20 | count & 0xFFFFF:016x}"

    def _thread_of(self, raw: bytes) -> str | None:
        """The thread that a reply belongs to."""
        message = mime.parse(raw)
        named = [mime.header(message, name) for name in ("References", "In-Reply-To")]
        for known_as in reversed(" ".join(named).split()):
            rows = _read(self._connection, "account = ? AND known_as = ?", (self.address, known_as))
            for kept in rows:
                if _topic(kept.message) == _topic(message):
                    return kept.thread
        return None

    def _completed(self, raw: bytes, known_as: str, *, is_sent: bool) -> bytes:
        """The message with the headers that Gmail sets, and those that it adds where missing."""
        fields, rest = mime.split(raw)
        fields = [field for field in fields if mime.name_of(field) != "message-id"]
        names = {mime.name_of(field) for field in fields}
        date = format_datetime(self._now.astimezone(UTC))
        given = {"from": f"From: {self.address}", "date": f"Date: {date}"}
        given |= {"mime-version": "MIME-Version: 1.0"}
        added = [line for name, line in given.items() if name not in names]
        added.append(f"Message-ID: {known_as}")
        if is_sent:
            by = "from 0 named unknown by gmailapi.google.com with HTTPREST"
            added.insert(0, f"Received: {by}; {date}")
        return b"".join([f"{line}\r\n".encode() for line in added] + fields) + rest


def _read(
    connection: sqlite3.Connection, where: str, values: tuple[str | None, ...]
) -> Iterator[Kept]:
    query = f"SELECT {_COLUMNS} FROM mail WHERE {where}"  # noqa: S608 - our own words
    for number, kept_id, thread, labels, stamp, draft, raw in connection.execute(query, values):
        yield Kept(number, kept_id, thread, tuple(json.loads(labels)), stamp, draft, raw)


def _topic(message: Message) -> str:
    """What a message is about, without the Re: of a reply."""
    subject = mime.header(message, "Subject").strip()
    while subject[:3].casefold() in {"re:", "tr:"}:
        subject = subject[3:].strip()
    return subject


def _digest(*parts: str) -> bytes:
    return sha256("\n".join(parts).encode()).digest()


def _draft_id(address: str, message_id: str) -> str:
    number = int.from_bytes(_digest("draft", address, message_id)[:8], signed=True)
    return f"r{number}"


def _message_id(address: str, message_id: str) -> str:
    token = urlsafe_b64encode(_digest("message", address, message_id)).decode("ascii")
    return f"<CA{token.rstrip('=')}@mail.gmail.com>"


def read_all(connection: sqlite3.Connection, address: str | None) -> Iterator[Kept]:
    """The messages of one mailbox, or of all, in the order in which they came to be."""
    return _read(connection, "account = ifnull(?, account) ORDER BY number", (address,))


def show(kept: Kept, detail: str, wanted: Iterable[str] = ()) -> dict[str, Any]:
    """A message as a Message.

    Args:
        detail: Google's `format`.
        wanted: Names of the headers to show, with `metadata`; none for all.
    """
    answer: dict[str, Any] = {
        "id": kept.id,
        "threadId": kept.thread,
        "labelIds": list(kept.labels),
        "snippet": mime.snippet(kept.message),
        "sizeEstimate": len(kept.raw),
        "historyId": str(kept.number),
        "internalDate": str(kept.stamp),
    }
    if detail == "raw":
        return answer | {"raw": mime.encode(kept.raw)}
    if detail == "full":
        return answer | {"payload": mime.show_part(kept.message)}
    if detail == "metadata":
        names = {name.lower() for name in wanted}
        headers = [
            one
            for one in mime.headers_of(kept.message)
            if not names or one["name"].lower() in names
        ]
        payload = {"mimeType": kept.message.get_content_type()}
        return answer | {"payload": payload | ({"headers": headers} if headers else {})}
    return answer


def show_briefly(kept: Kept, *, labels: bool = False) -> dict[str, Any]:
    """A message as lists and receipts name it."""
    answer: dict[str, Any] = {"id": kept.id, "threadId": kept.thread}
    return answer | {"labelIds": list(kept.labels)} if labels else answer
