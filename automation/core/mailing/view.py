"""What Courriels shows: the ledger, as the organisers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation import locale
from automation.core.instants import as_shown
from automation.core.ledger import OPEN, MailAction, Mailing, MailRow, MailState
from automation.core.mailing.standing import may_leave
from automation.core.model import Status, phrase
from automation.core.text import clip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from automation.core.mailing.evening import Book, Evening
    from automation.core.model import Enrolment, Number, Phrase
    from automation.core.rules import Rules


def list_rows(
    book: Book, evening: Evening, seen: Mapping[str, MailAction | None]
) -> tuple[tuple[MailRow | None, MailRow], ...]:
    """Return the rows of Courriels that differ from the ledger."""
    before = {row.key: row for row in evening.snapshot.mail_rows}
    changes = []
    for key, mailing in book.mailings.items():
        row = before.get(key)
        after = show_mailing(mailing, row, evening.enrolments, evening.rules, evening.snapshot.zone)
        if key in seen:
            after = replace(after, action_seen=seen[key])
        if after != row:
            changes.append((row, after))
    return tuple(changes)


def show_mailing(
    mailing: Mailing,
    row: MailRow | None,
    enrolments: Mapping[Number, Enrolment],
    rules: Rules,
    zone: ZoneInfo,
) -> MailRow:
    """Return the row that shows a message; what is the organisers' stays as it is."""
    post = rules.post
    to = enrolments.get(mailing.number) if mailing.number is not None else None
    language = rules.language
    asks = mailing.state is MailState.UNKNOWN or (
        mailing.state in OPEN and post is not None and not may_leave(mailing, post)
    )
    left = mailing.state in OPEN | {MailState.SENDING}
    return MailRow(
        key=mailing.key,
        number=mailing.number,
        to=_show_recipient(to, language) if mailing.number is not None else _committee(language),
        template=mailing.template.value,
        occasion=mailing.occasion,
        subject=locale.say(language, describe(mailing)),
        state=mailing.state,
        planned_at=as_shown(mailing.planned_at, zone),
        sent_at=as_shown(mailing.at, zone) if mailing.state is MailState.SENT else None,
        expires_at=as_shown(mailing.expires_at, zone) if left else None,
        reference=mailing.reference,
        error=mailing.error,
        urgency=0 if asks else 1 if left else 2,
        action=row.action if row else None,
        action_seen=row.action_seen if row else None,
    )


def _show_recipient(enrolment: Enrolment | None, language: str) -> str:
    if enrolment is None:
        return locale.text(language, "mailing.nobody")
    if enrolment.status is Status.ERASED:
        return locale.text(language, "mailing.erased")
    address = f"<{clip(enrolment.email)}>" if enrolment.email else ""
    # As it is read back: a cell keeps no space at either end.
    return f"{clip(enrolment.name)} {address}".strip()


def _committee(language: str) -> str:
    return locale.text(language, "mailing.committee")


def describe(mailing: Mailing) -> Phrase:
    """Return what a message is about, in words."""
    meeting = mailing.occasion.partition(".")[0]
    return phrase(f"mailing.{mailing.template.value}", occasion=meeting)
