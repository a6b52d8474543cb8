"""Addresses and headers: written so that no value of anybody's can become a header or a person."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from typing import NamedTuple

from automation.core.identity.keys import valid_email
from automation.core.model import phrase
from automation.core.text import clip, tidy
from automation.mail.mistakes import AddressError

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # RFC 5322, 3.2.3
_IN_A_LINK = re.compile(r"(?<=\w\.)(?=\w{2})|(?=//)")
_NAME_LENGTH = 60
_LINE = 78  # RFC 5322, 2.1.1: what a line should not exceed
_WORD_OCTETS = 39  # 64 characters once encoded: the first line has room for the header's name


class Mailbox(NamedTuple):
    """Somebody's address, all in ASCII, and their name as it is shown; "" for none."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.rpartition("@")[2]


def read_address(address: str, name: str = "") -> Mailbox:
    """Return an address that mail can be sent to, its domain in ASCII (IDNA), its name harmless.

    Raises `AddressError` for what is no address, or one whose part before the @ has an accent:
    that takes SMTPUTF8 (RFC 6531) on every server of the way.
    """
    valid = valid_email(address)
    if not valid:
        raise AddressError(phrase("mail.bad_address" if tidy(address) else "mail.no_address"))
    if not valid.isascii():
        raise AddressError(phrase("mail.accented_address"))
    return Mailbox(clip(tidy(name), _NAME_LENGTH), valid)


def read_mailbox(text: str) -> Mailbox:
    """Return what `address` or `Name <address>` says; raises `AddressError`."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return read_address(text)
    return read_address(found["address"], tidy(found["name"]).strip('"'))


def tame_name(name: str) -> str:
    """Return what somebody gave as their name, for the body of a message.

    A form open to everybody makes us write to anybody: a name such as "win at casino.example"
    must not become a link in the hands of a mail program, which finds them by itself.
    """
    return clip(_IN_A_LINK.sub(" ", tidy(name)), _NAME_LENGTH)


@lru_cache(maxsize=64)
def mailbox_header(name: str, mailbox: Mailbox) -> str:
    """Return a header's lines for one address, folded, in ASCII, without the last line's end."""
    if not mailbox.name:
        return f"{name}: {mailbox.address}"
    address = f"<{mailbox.address}>"
    if not mailbox.name.isascii() or "=?" in mailbox.name:
        return f"{name}: {_encoded(mailbox.name)}\r\n {address}"
    shown = mailbox.name
    if not _ATOMS.fullmatch(shown):
        shown = '"{}"'.format(shown.replace("\\", "\\\\").replace('"', '\\"'))
    line = f"{name}: {shown} {address}"
    return line if len(line) <= _LINE else f"{name}: {shown}\r\n {address}"


def text_header(name: str, value: str) -> str:
    """Return a header's lines for a text on one line, folded, in ASCII, without the last end."""
    line = f"{name}: {value}"
    if line.isascii() and len(line) <= _LINE and "=?" not in value:
        return line
    return f"{name}: {_encoded(value)}"


def _encoded(value: str) -> str:
    """Return the text in encoded words (RFC 2047, section 2), one a line, of whole characters."""
    words = [b""]
    for letter in value:
        octets = letter.encode("utf-8", "replace")
        if len(words[-1]) + len(octets) > _WORD_OCTETS:
            words.append(b"")
        words[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
