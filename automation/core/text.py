"""Text from people: how it is compared, and how it is shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Letters that NFKD leaves whole, and the ligatures that French writes either way.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_NOT_WORD_UNICODE = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SPACES = re.compile(r"\s+")
_ADDRESS = re.compile(r"[^\s@\"'<>(),;:\[\]]+@[^\s@\"'<>(),;:\[\]]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return the text as it is compared: two spellings of one thing fold alike.

    Case, accents, ligatures, punctuation, hyphens, apostrophes and every kind of space go; words
    stay, separated by single spaces. Idempotent. Scripts other than Latin keep their letters.
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if bare.isascii():
        return _NOT_WORD.sub(" ", bare.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    # Case folding may compose or decompose again ("ŉ", "ﬃ"), hence the second pass.
    decomposed = unicodedata.normalize("NFKD", decomposed.translate(_LIGATURES))
    bare = "".join(c for c in decomposed if not unicodedata.category(c).startswith(("M", "Cf")))
    return _NOT_WORD_UNICODE.sub(" ", bare).strip()


CELL_ROOM: Final = 49_000
"""Characters that a cell is given: Sheets refuses more than 50,000, and the whole batch with it."""


def clip(text: str, length: int = 60) -> str:
    """Return the text, cut with an ellipsis where it is longer than that: for quoting."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


@lru_cache(maxsize=8192)
def tidy(text: str) -> str:
    """Return the text as it is shown: one line, no control characters, no doubled spaces.

    Accents, case and punctuation stay as written. Idempotent.
    """
    if text.isprintable() and "  " not in text:
        return unicodedata.normalize("NFC", text).strip()
    visible = "".join(
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return _SPACES.sub(" ", visible).strip()


def hide_addresses(text: str) -> str:
    """Return what a server says without what it quotes of ours: nobody's address goes into a log."""
    return _ADDRESS.sub("…", text)
