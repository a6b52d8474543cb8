"""What organisers ask for in Courriels, and the messages that it is too late for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import locale
from automation.core.ledger import OPEN, MailAction, Mailing, MailState, mail_key, root_of
from automation.core.mailing.evening import Book, Evening, MailChange
from automation.core.mailing.standing import holds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet


def apply_actions(
    book: Book, evening: Evening
) -> tuple[Mapping[str, MailAction | None], AbstractSet[str]]:
    """Do what organisers ask for in Courriels.

    Returns the actions that are handled now, by key, and the keys of the messages on their way that
    must wait, should they not have left.
    """
    seen: dict[str, MailAction | None] = {}
    withheld: set[str] = set()
    for row in evening.snapshot.mail_rows:
        if row.action is row.action_seen or row.key not in book.mailings:
            continue
        seen[row.key] = row.action
        mailing = book.mailings[row.key]
        if mailing.state is MailState.SENDING and row.action is MailAction.HOLD:
            withheld.add(row.key)
        elif row.action is not None:
            _obey(row.action, mailing, book, evening)
    return seen, withheld


def _obey(action: MailAction, mailing: Mailing, book: Book, evening: Evening) -> None:
    still_here = mailing.state in OPEN
    match action:
        # What has not left needs no second attempt.
        case MailAction.APPROVE | MailAction.RESEND if still_here:
            book.tell(mailing.key, MailState.APPROVED)
        case MailAction.HOLD if still_here:
            book.tell(mailing.key, MailState.HELD)
        case MailAction.GONE if mailing.state is not MailState.SENT:
            book.tell(mailing.key, MailState.SENT)
        # Tonight finds out what became of one on its way.
        case MailAction.RESEND if mailing.state is not MailState.SENDING:
            _send_again(book, mailing, evening)


def _send_again(book: Book, mailing: Mailing, evening: Evening) -> None:
    """Plan another attempt at a message, under a key of its own.

    Only its latest attempt can be sent again: so an action that comes back, since somebody sorted
    the visible columns and not the hidden ones, does nothing.
    """
    latest = max(other.attempt for other in book.attempts(root_of(mailing.key)))
    if mailing.attempt < latest:
        return
    key = mail_key(
        mailing.number, mailing.template, mailing.occasion, latest + 1, mark=evening.mark
    )
    if mailing.state is not MailState.SENT:
        words = locale.text(evening.rules.language, "mailing.again")
        book.tell(mailing.key, MailState.FAILED, words)
    again = Mailing(
        key=key,
        number=mailing.number,
        template=mailing.template,
        occasion=mailing.occasion,
        about=mailing.about,
        planned_at=evening.now,
        expires_at=evening.now + evening.post.policies[mailing.template].expires,
        reference=mailing.reference,
        state=MailState.APPROVED,
        at=evening.now,
        attempt=latest + 1,
    )
    book.plan_anyway(MailChange(after=again))


def let_lapse(book: Book, evening: Evening) -> None:
    """Let messages expire that come too late, or tell what is no longer true."""
    for mailing in list(book.mailings.values()):
        if mailing.state not in OPEN:
            continue
        if mailing.expires_at <= evening.now:
            book.tell(mailing.key, MailState.EXPIRED, _say(evening, "mailing.late"))
        elif not holds(mailing, evening):
            book.tell(mailing.key, MailState.EXPIRED, _say(evening, "mailing.untrue"))


def _say(evening: Evening, code: str) -> str:
    return locale.text(evening.rules.language, code)
