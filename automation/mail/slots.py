"""The places that people's values take in a message, kept apart from its words until the end.

While a template is rendered and becomes HTML, each value stands as one character of Unicode's
private planes 15 and 16. So no value can become Markdown, a tag, a link or a template; and what is made of
the words is made once for everybody, however many people are written to.
"""

from __future__ import annotations

import re
from enum import Enum
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from automation.core.model import phrase
from automation.core.text import clip, tidy
from automation.mail.mistakes import LetterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FIRST = 0xF0000
_LENGTH = 2000
_NO_BREAK = "\N{NO-BREAK SPACE}"
SLOT = re.compile("[\U000f0000-\U0010ffff]")
"""One value's place."""
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+")


class Values:
    """The values that one letter shows, in the order in which its template says them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._slots: dict[str, str] = {}

    def mark(self, value: str) -> str:
        """Keep a value and return its place: a character that no text of people's can hold.

        The value is tidied: one line, without control or direction marks, and not endless.
        """
        expanded = SLOT.sub(self._expand, value)
        # Tidying would make spaces of the no-break ones, such as those of "18 h 30".
        shown = clip(_NO_BREAK.join(map(tidy, expanded.split(_NO_BREAK))), _LENGTH)
        if shown not in self._slots:
            self._slots[shown] = chr(_FIRST + len(self.texts))
            self.texts.append(shown)
        return self._slots[shown]

    def _expand(self, found: re.Match[str]) -> str:
        """Return the value in a place: a macro, or `set`, gives its own text back as a value."""
        return "".join(self.texts[ord(found[0]) - _FIRST :][:1])


class _Place(Enum):
    """Where in a page a value stands."""

    TEXT = "text"
    LINK = "link"
    """At the head of a link: the value is the whole address."""
    PART = "part"
    """Further on in a link."""


class Page:
    """A text with places in it, cut once, to be filled for many people."""

    def __init__(self, text: str, *, html: bool) -> None:
        self._html = html
        self._words = SLOT.split(text)
        self._slots = [ord(found[0]) - _FIRST for found in SLOT.finditer(text)]
        self._places = list(_find_places(self._words))

    def fill(self, values: Sequence[str]) -> str:
        """Return the text with these values; raises `LetterError` where one must be a link."""
        if not self._html:
            parts = [values[slot] for slot in self._slots]
        else:
            places = zip(self._places, self._slots, strict=True)
            parts = [_write(values[slot], place) for place, slot in places]
        pieces = [""] * (2 * len(parts) + 1)
        pieces[::2], pieces[1::2] = self._words, parts
        return "".join(pieces)


def _find_places(words: Sequence[str]) -> Iterator[_Place]:
    """Yield where each value of a page stands, from the words between the values."""
    inside = False
    for before in words[:-1]:
        opened, closed = before.rfind("<"), before.rfind(">")
        inside = inside if opened == closed else opened > closed
        if inside and before.endswith('href="'):
            yield _Place.LINK
        else:
            yield _Place.PART if inside else _Place.TEXT


def _write(value: str, place: _Place) -> str:
    if place is _Place.TEXT:
        return escape(value)
    if place is _Place.PART:
        return quote(value, safe="")
    if not _ADDRESS.fullmatch(value):
        raise LetterError(phrase("mail.bad_link"))
    return escape(value)
