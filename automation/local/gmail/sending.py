"""A message leaves: the limits of an account, and what stays in its mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from automation.local.gmail import mime
from automation.local.gmail.mailbox import INBOX, SENT, UNREAD, Kept, Mailbox
from automation.local.gmail.refusals import (
    DAY_LIMIT,
    NO_RECIPIENT,
    TOO_MANY_RECIPIENTS,
    invalid,
    quota_exceeded,
    rate_limited,
)

if TYPE_CHECKING:
    from automation.local.desk import Desk

_MINUTE: Final = 60_000
_DAY: Final = 24 * 60 * _MINUTE
_MOST_RECIPIENTS: Final = 100


def send_now(desk: Desk, raw: bytes, draft: Kept | None = None) -> Kept:
    """Send a message, in the place of its draft if it has one; return what is kept of it.

    Raises:
        ApiError: 400 for the recipients, 403 or 429 for the account's limits.
    """
    mailbox = Mailbox(desk)
    message = mime.parse(raw)
    recipients = [one for name in mime.RECIPIENTS for one in mime.addresses(message, name)]
    if not recipients:
        raise invalid(NO_RECIPIENT)
    if len(recipients) > _MOST_RECIPIENTS:
        raise invalid(TOO_MANY_RECIPIENTS)
    _require_room(desk, mailbox)
    to_itself = mailbox.address.casefold() in {address.casefold() for address in recipients}
    labels = (UNREAD, SENT, INBOX) if to_itself else (SENT,)
    return mailbox.add(raw, labels, former=draft)


def _require_room(desk: Desk, mailbox: Mailbox) -> None:
    """Hold the account to its limits, which roll: they are counted back from now."""
    a_minute, a_day = desk.account.messages_a_minute, desk.account.messages_a_day
    sent = mailbox.sent_since(mailbox.stamp - _DAY)
    lately = [stamp for stamp in sent if stamp > mailbox.stamp - _MINUTE]
    if a_minute is not None and len(lately) >= a_minute:
        raise quota_exceeded()
    if len(sent) >= a_day:
        # There is room again once the message that fills it is a day old; none ever fills nothing.
        fills = sent[a_day - 1] if a_day else mailbox.stamp
        until = datetime.fromtimestamp((fills + _DAY) / 1000, UTC)
        stamp = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        raise rate_limited(DAY_LIMIT, stamp)
