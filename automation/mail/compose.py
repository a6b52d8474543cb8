"""A letter becomes a message that is ready to leave."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from automation.core.text import clip, tidy
from automation.mail.addresses import mailbox_header, read_address, text_header
from automation.mail.invitation import make_invitation
from automation.mail.mime import write_message
from automation.mail.transport import KEY_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from automation.core.letters import Letter
    from automation.mail.addresses import Mailbox
    from automation.mail.office import Office
    from automation.mail.templates import Templates

_KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SUBJECT_LENGTH = 150
# Headers stay as they are: folding them anew would encode a long List-Unsubscribe.
_AS_WRITTEN = SMTP.clone(refold_source="none")
_LINE = 78


class Message(Struct, frozen=True, kw_only=True):
    """A message to one recipient, ready to leave.

    Attributes:
        key: The letter's.
        sender: The envelope's sender.
        to: The envelope's only recipient.
        content: The whole message, all in ASCII, its lines ended by CRLF.
    """

    key: str
    sender: str
    to: str
    subject: str
    content: bytes

    def parse(self) -> EmailMessage:
        """Return the same as the standard library's message; it writes the same octets again."""
        return message_from_bytes(self.content, policy=_AS_WRITTEN)


def compose(letter: Letter, office: Office, templates: Templates) -> Message:
    """Return the letter as a message; the same letter makes the same octets.

    Raises `AddressError` for an address nobody can be written to, `TemplateError` for a template's
    mistake, `LetterError` for another value in the way: that letter's problem, nobody else's.
    A key that no header can hold, ours to choose, is a ValueError.
    """
    if not _KEY.fullmatch(letter.key):
        raise ValueError(f"not a key for headers: {letter.key!r}")
    to = read_address(letter.address, letter.name)
    rendered = templates.render(letter, office)
    subject = clip(tidy(rendered.subject), _SUBJECT_LENGTH)
    promo = templates.asks_consent(letter)
    invitation = make_invitation(letter, office, rendered.language)
    attachments = (*([invitation] if invitation else ()), *letter.attachments)
    headers = [
        *_write_headers(letter, office, to, subject),
        f"Content-Language: {rendered.language.value}",
        *([_unsubscribe_header(office, letter.reference)] if promo else []),
    ]
    return Message(
        key=letter.key,
        sender=office.sender.address,
        to=to.address,
        subject=subject,
        content=write_message(headers, rendered.text, rendered.html, attachments, letter.key),
    )


def _write_headers(letter: Letter, office: Office, to: Mailbox, subject: str) -> Iterator[str]:
    yield f"Date: {format_datetime(letter.written_at.astimezone(office.zone))}"
    yield mailbox_header("From", office.sender)
    if office.contact.address != office.sender.address:
        yield mailbox_header("Reply-To", office.contact)
    yield mailbox_header("To", to)
    yield text_header("Subject", subject)
    # Gmail's API gives another; our own header and the reference in the text stay.
    yield f"Message-ID: <{letter.key}@{office.sender.domain}>"
    yield f"{KEY_HEADER}: {letter.key}"
    # RFC 3834: no answering machine should answer.
    yield "Auto-Submitted: auto-generated"


def _unsubscribe_header(office: Office, reference: str) -> str:
    """Return the header of RFC 2369 by which mail programs show their button.

    Over 78 characters, `email` would encode it when it writes the message under another policy
    than ours, and no program reads it then: the reference is given up first.
    """
    link = f"mailto:{office.unsubscribe.address}"
    full = f"List-Unsubscribe: <{link}?subject={quote(f'STOP {reference}', safe='')}>"
    return full if reference and len(full) <= _LINE else f"List-Unsubscribe: <{link}>"
