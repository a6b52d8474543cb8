"""The ledger of messages, as values: each line tells what happened to one, the latest of a key wins."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation.core.letters import Template
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from automation.core.model import Number

DAY: Final = timedelta(hours=24)
"""The rolling period of the daily cap."""


class MailState(StrEnum):
    """What became of a message."""

    PLANNED = "planned"
    APPROVED = "approved"
    HELD = "held"
    """An organiser wants it to wait."""
    SENDING = "sending"
    """It is about to leave, or the run that let it leave was cut off."""
    SENT = "sent"
    FAILED = "failed"
    """It did not leave, and will not by itself."""
    EXPIRED = "expired"
    """It came too late, or is no longer true."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it left: a human looks."""


OPEN = frozenset({MailState.PLANNED, MailState.APPROVED, MailState.HELD})
"""Messages that have not left and may yet."""


AWAY = frozenset({MailState.SENT, MailState.SENDING, MailState.UNKNOWN})
"""Messages that left, or may have."""


class MailAction(StrEnum):
    """What an organiser may ask for in the column Action."""

    APPROVE = "approve"
    HOLD = "hold"
    RESEND = "resend"
    GONE = "gone"
    """It left already."""


class Mailing(Struct, frozen=True, kw_only=True):
    """One message, as the ledger knows it.

    Attributes:
        key: Names it for ever.
        number: The enrolment's that it is about; None for one to the committee.
        occasion: What it is about besides: a step, a meeting and its sequence, a day. The key is
            made of it.
        about: What else its message has to tell, such as what people knew of a meeting before.
        planned_at: When it was planned; aware.
        expires_at: From when on it is no longer worth sending.
        reference: The short text in the message by which it is found; "" for none.
        step: How many lines the ledger has about it.
        state: What the latest line says; `at` is when.
        draft: Gmail's id of its draft, `thread` of its thread; "" elsewhere.
        deadline: Until when the offer in it may be accepted, as the message says.
        error: Why it did not leave, in words.
        attempt: 0; one higher each time an organiser had it sent again.
    """

    key: str
    number: Number | None
    template: Template
    occasion: str
    about: str = ""
    planned_at: datetime
    expires_at: datetime
    reference: str = ""
    step: int = 1
    state: MailState = MailState.PLANNED
    at: datetime
    draft: str = ""
    thread: str = ""
    deadline: datetime | None = None
    error: str = ""
    attempt: int = 0

    def tell(self, state: MailState, at: datetime, **fields: object) -> Mailing:
        """Return it after one more line of the ledger."""
        told = {"error": "", **fields}
        return replace(self, state=state, at=at, step=self.step + 1, **told)


class MailRow(Struct, frozen=True, kw_only=True):
    """One row of Courriels: a message as the organisers see it.

    Attributes:
        to: Name and address.
        subject: What it is about, in words.
        urgency: 0 where it waits for the organisers, 1 where it has not left, else 2: the order
            of the tab.
        action: The organisers' cell; None for nothing, or for a word of their own.
        action_seen: The action handled last.
    """

    key: str
    number: Number | None = None
    to: str = ""
    template: str = ""
    occasion: str = ""
    subject: str = ""
    state: MailState = MailState.PLANNED
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    reference: str = ""
    error: str = ""
    urgency: int = 0
    action: MailAction | None = None
    action_seen: MailAction | None = None


_FAMILIES = {Template.MISSED_YOU: Template.THANKS}
"""Templates of which one person gets only one for one occasion."""


def make_mark(home: str) -> str:
    """Return what the keys of a programme's messages begin with.

    Two programmes may write from one mailbox, and number their people alike.
    """
    return f"{blake2b(home.encode(), digest_size=3).hexdigest()}-"


def mail_key(
    number: int | None, template: Template, occasion: str, attempt: int = 0, *, mark: str = ""
) -> str:
    """Return the key of a message: the same for the same person, family and occasion."""
    family = _FAMILIES.get(template, template)
    again = f".{attempt}" if attempt else ""
    parts = f"{number or ''}\x1f{family}\x1f{occasion}"
    return f"{mark}{blake2b(parts.encode(), digest_size=10).hexdigest()}{again}"


def root_of(key: str) -> str:
    """Return what the keys of all attempts at a message have in common, in whichever copy."""
    return key.rpartition("-")[2].partition(".")[0]


def fits_key(mailing: Mailing) -> bool:
    """Tell whether a message is the one that its key names."""
    key = mail_key(mailing.number, mailing.template, mailing.occasion)
    to_committee = mailing.template in {Template.DIGEST, Template.FAILED}
    return root_of(mailing.key) == key and to_committee == (mailing.number is None)


def recall(row: MailRow, now: datetime, why: str) -> Mailing | None:
    """Return a message of which the ledger lost every line, as far as Courriels still tells of it.

    Its end is believed; of one that had not ended nobody can tell whether it left.

    Args:
        now: For want of a better instant.
        why: What to tell the organisers of one that had not ended, in words.

    Returns None for a row that is not about the message that its key names.
    """
    if row.template not in frozenset(Template):
        return None
    ended = row.state in {MailState.SENT, MailState.FAILED, MailState.EXPIRED}
    attempt = row.key.rpartition(".")[2]
    mailing = Mailing(
        key=row.key,
        number=row.number,
        template=Template(row.template),
        occasion=row.occasion,
        planned_at=row.planned_at or now,
        expires_at=row.expires_at or now,
        reference=row.reference,
        state=row.state if ended else MailState.UNKNOWN,
        at=row.sent_at or row.planned_at or now,
        error=row.error if ended else why,
        attempt=int(attempt) if attempt.isdecimal() and "." in row.key else 0,
    )
    return mailing if fits_key(mailing) else None


def make_reference(cohort: str, number: int | None, key: str) -> str:
    """Return the short text by which people and searches find a message, such as C1-17-3F2A."""
    code = fold(cohort).replace(" ", "").upper()[:12]
    parts = [code if code.isascii() else "", str(number or ""), root_of(key)[:4].upper()]
    return "-".join(filter(None, parts))


def count_left(mailings: Iterable[Mailing], at: datetime) -> int:
    """Return how many messages left, or may have, in the 24 hours before an instant."""
    since = at - DAY
    return sum(m.state in AWAY and m.at > since for m in mailings)
