"""How messages leave: what every way of sending promises, so that nobody is written to twice.

What became of one message is a value and never an error: it left (`Sent`), it certainly did not
(`Unsent`), or nobody can tell (`Unknown`). Errors are for an account that cannot be used at all.

    prepared = transport.prepare(parcels)       # nothing leaves
    …the ledger records each Prepared, then that it is being sent…
    fate = transport.send(parcel, prepared[parcel.key])
    …the ledger records the fate…
    fate = transport.find(prepared)             # after a crash in between
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from automation.core.model import Phrase

KEY_HEADER: Final = "X-Cohorte-Key"
"""The header by which we know our own messages again; Gmail keeps it, and rewrites Message-ID."""

_KEY: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}")


class Parcel(Struct, frozen=True, kw_only=True):
    """A message that is ready to leave.

    Attributes:
        key: The ledger's: one key, one message. ASCII, without spaces.
        reference: The short text in the message by which a search finds it; "" for none.
        message: With From and To, and without Bcc.
    """

    key: str
    reference: str
    message: EmailMessage


class Prepared(Struct, frozen=True, kw_only=True):
    """What the ledger has to remember of a message that is about to leave.

    Attributes:
        draft: Gmail's id of its draft; "" elsewhere.
        thread: Gmail's id of its thread; "" elsewhere.
    """

    key: str
    reference: str
    draft: str = ""
    thread: str = ""


class Again(StrEnum):
    """What may be done with a message that did not leave."""

    LATER = "later"
    """Send it again, with the same `Prepared`."""

    NEVER = "never"
    """Nothing: as it is, it will not be taken."""

    HALT = "halt"
    """Send it again another time, and none of the others now: it is the account that cannot."""


class Sent(Struct, frozen=True, kw_only=True):
    """It left.

    Attributes:
        id: By which the transport knows it: Gmail's id, the Message-ID, the file's name.
        at: When, aware; None where the transport does not say.
    """

    id: str
    at: datetime | None = None


class Unsent(Struct, frozen=True, kw_only=True):
    """It did not leave, and that is certain.

    Attributes:
        reason: Why, for the organisers; without anything personal.
    """

    reason: Phrase
    again: Again = Again.LATER


class Unknown(Struct, frozen=True, kw_only=True):
    """It may have left or not, and only a human can find out: it must not be sent again by itself.

    Attributes:
        reason: Why, and where to look, for the organisers; without anything personal.
    """

    reason: Phrase


Fate = Sent | Unsent | Unknown


class Trace(Struct, frozen=True, kw_only=True):
    """A message of ours that a transport remembers.

    Attributes:
        at: When it left, aware.
    """

    key: str
    id: str
    at: datetime


class Transport(Protocol):
    """A way for messages to leave.

    Every method raises `CredentialsError` where the account refuses us, and `UnreachableError`
    where it cannot be reached; `find` then tells what became of a message on its way.
    """

    def prepare(self, parcels: Sequence[Parcel]) -> Mapping[str, Prepared | Unsent]:
        """Return, by key, what to remember of each message, or why it cannot leave.

        Nothing leaves. Made again, it leaves nothing twice in the account.
        """
        ...

    def send(self, parcel: Parcel, prepared: Prepared) -> Fate:
        """Let one message leave, once: a transport never tries again by itself."""
        ...

    def find(self, prepared: Prepared) -> Fate:
        """Tell what became of a message that was perhaps sent; changes nothing."""
        ...

    def sent_since(self, instant: datetime) -> tuple[Trace, ...] | None:
        """Return every message of ours that left at an instant or later, in no promised order.

        Older ones may be among them. None where the transport remembers nothing.
        """
        ...


def to_wire(parcel: Parcel) -> bytes:
    """Return a message as it travels: ASCII lines that end in CRLF, with its key.

    It gets a Message-ID made of its key where it has none, so that the same message always has the
    same one. Raises ValueError for a Bcc, which some transports would show, and for a key that is no
    dot-atom (RFC 5322, 3.2.3).
    """
    message = parcel.message
    if "Bcc" in message:
        raise ValueError("a message with Bcc")
    if not _KEY.fullmatch(parcel.key):
        raise ValueError("a key that no header can hold")
    added = {}
    if KEY_HEADER not in message:
        added[KEY_HEADER] = parcel.key
    if "Message-ID" not in message:
        added["Message-ID"] = message_id(parcel)
    head = "".join(f"{name}: {value}\r\n" for name, value in added.items())
    policy = message.policy.clone(linesep="\r\n", cte_type="7bit")
    return head.encode("ascii") + message.as_bytes(policy=policy)


def message_id(parcel: Parcel) -> str:
    """Return a message's Message-ID, its own or the one made of its key (RFC 5322, 3.6.4)."""
    given = parcel.message["Message-ID"]
    if given:
        return str(given).strip()
    return f"<{parcel.key}@{sender_of(parcel.message).rpartition('@')[2]}>"


def sender_of(message: EmailMessage) -> str:
    """Return the address that a message comes from."""
    return str(message["From"].addresses[0].addr_spec)


def recipients_of(message: EmailMessage) -> tuple[str, ...]:
    """Return the addresses that a message goes to."""
    headers = [header for name in ("To", "Cc") for header in message.get_all(name, ())]
    return tuple(str(one.addr_spec) for header in headers for one in header.addresses)
