"""Keys of a whole column at once: row by row, the same as `keys` gives for each value.

The one place where speed goes before simplicity. Most of the time among many registrations went to
calls on one short text each. Here a column is one text, line by line, that a few passes of C go
over; whatever is unusual in it is left to `keys`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations
from typing import TYPE_CHECKING, Final

from automation.core.identity.keys import (
    DOTLESS,
    PLAIN_EMAIL,
    PLAIN_PHONE,
    email_key,
    folded_words,
    phone_numbers,
    repaired_domain,
    repaired_email,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ACCENTS = re.compile("[\u0300-\u036f]+")
_SAINT = re.compile(r"\bst(e?)\b")
_ASCII: Final = [chr(code) for code in range(128)]
_FOLDED: Final = str.maketrans({c: c.lower() if c.isalnum() or c == "\n" else " " for c in _ASCII})
_DROPPED: Final = "".join(set(_ASCII).difference("0123456789+?\n")).encode()
# Lines to look at more closely: neither blank nor plain.
_ODD_EMAIL = re.compile(rf"^(?! *(?:{PLAIN_EMAIL.pattern}) *$).+$", re.MULTILINE)
_ODD_PHONE = re.compile(rf"^(?! *(?:{PLAIN_PHONE.pattern}) *$).+$", re.MULTILINE | re.ASCII)
# A name of more words is compared sorted: five words have 120 orders.
_MOST_ORDERED: Final = 4
# A number of so few different digits may be a placeholder.
_FEW_DIGITS: Final = 2


def fold_column(texts: Sequence[str]) -> list[str]:
    """Return the folded words of each text, in the order written, separated by single spaces."""
    if not texts:
        return []
    text = _as_lines(texts).replace("’", "'")
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not text.isascii():
        lines = zip(text.split("\n"), texts, strict=True)
        text = "\n".join(
            line if line.isascii() else " ".join(folded_words(one)) for line, one in lines
        )
    text = text.translate(_FOLDED)
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")
    return _SAINT.sub(r"saint\1", text).split("\n")


def find_bearers(keys: Collection[str], names: Sequence[str]) -> list[tuple[int, str]]:
    """Return the position and the key of each name whose key is among these, in order.

    Args:
        keys: As of `name_key`.
        names: As written.
    """
    orders = {
        " ".join(order): key
        for key in keys
        if key and key.count(" ") < _MOST_ORDERED
        for order in permutations(key.split())
    }
    lines = fold_column(names)
    found = [(position, orders[line]) for position, line in enumerate(lines) if line in orders]
    longer = {key for key in keys if key.count(" ") >= _MOST_ORDERED}
    if longer:
        ordered = enumerate(" ".join(sorted(line.split())) for line in lines)
        found = sorted([*found, *((at, key) for at, key in ordered if key in longer)])
    return found


class _Domains(dict[str, str]):
    """The domain that a plain address without a tag reaches; "" where it may be a mistake."""

    def __missing__(self, domain: str) -> str:
        reached = "gmail.com" if domain in DOTLESS else domain
        found = self[domain] = reached if repaired_domain(domain) == domain else ""
        return found


def find_mailboxes(addresses: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the mailbox of each address, and the one that was probably meant."""
    if not addresses:
        return [], []
    text = _as_lines(addresses).lower()
    odd = set(_ODD_EMAIL.findall(text))
    domains = _Domains()
    mailboxes, meant = [], []
    for address, line in zip(addresses, text.split("\n"), strict=True):
        local, _, domain = line.strip(" ").partition("@")
        if line in odd or "+" in local or not domains[domain]:
            mailbox = email_key(address) if address else ""
            mailboxes.append(mailbox)
            meant.append(repaired_email(mailbox))
            continue
        if domain in DOTLESS:
            local, domain = local.replace(".", ""), domains[domain]
        mailbox = f"{local}@{domain}"
        mailboxes.append(mailbox)
        meant.append(mailbox)
    return mailboxes, meant


def find_numbers(phones: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the numbers of each phone answer, as `phone_numbers` does."""
    if not phones:
        return []
    text = _as_lines(phones)
    odd = {line[0]: phone_numbers(line[0]) for line in _ODD_PHONE.finditer(text)}
    return [
        odd[line]
        if line in odd
        else (f"+1{digits[-10:]}",)
        if len(set(digits[-7:])) > _FEW_DIGITS
        else phone_numbers(line)
        for line, digits in zip(text.split("\n"), keep_digits(phones), strict=True)
    ]


def keep_digits(phones: Sequence[str]) -> list[str]:
    """Return the digits and + of each phone answer; "?" stands for what is not ASCII."""
    kept = _as_lines(phones).encode("ascii", "replace").translate(None, _DROPPED)
    return kept.decode().split("\n") if phones else []


def _as_lines(texts: Sequence[str]) -> str:
    """Return a column as one text. A line feed within a value is a space, to all keys."""
    text = "\n".join(texts)
    if text.count("\n") < len(texts):
        return text
    return "\n".join([one.replace("\n", " ") for one in texts])
