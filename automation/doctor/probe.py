"""What Gmail does with a draft that is sent a second time: on it rests that nobody hears twice."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from automation.doctor.finding import failure, from_error, warning, well
from automation.errors import CohorteError
from automation.google.gmail import Gmail, NotTakenError
from automation.google.retries import ONCE

if TYPE_CHECKING:
    import requests

    from automation.doctor.finding import Finding


def probe_mailbox(session: requests.Session, subject: str, text: str) -> Finding:
    """Send one draft to oneself, try to send it again, and say what came of it.

    The message bears no key of ours, so that no night takes it for one of the ledger's.
    """
    gmail = Gmail(session, ONCE)
    try:
        draft = gmail.create_draft(_to_oneself(gmail.read_address(), subject, text))
        gmail.send_draft(draft.id)
        answer = _send_again(gmail, draft.id)
        copies = sum(message.is_sent for message in gmail.read_thread(draft.thread, ()))
    except NotTakenError as error:
        return failure("probe_refused", status=error.code)
    except CohorteError as error:
        return from_error(error)
    if copies > 1:
        return failure("probe_twice", copies=copies, status=answer or 200)
    return well("probe", status=answer) if answer else warning("probe_silent")


def _send_again(gmail: Gmail, draft_id: str) -> int:
    """Return the HTTP status that refuses a second sending; 0 where it is not refused."""
    try:
        gmail.send_draft(draft_id)
    except NotTakenError as error:
        return error.code
    return 0


def _to_oneself(address: str, subject: str, text: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = message["To"] = address
    message["Subject"] = subject
    message.set_content(text)
    return bytes(message)
