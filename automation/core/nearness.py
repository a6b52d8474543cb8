"""What somebody probably meant: the header most like one that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from automation.core.model import phrase
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Phrase

_ALIKE: Final = 50
"""Out of 100; two headers that have less in common are two questions."""


def name_nearest(wanted: str, headers: Iterable[str]) -> Phrase | str:
    """Return the sentence that names the header most like a wanted one; "" where none is like it."""
    titles = {text: fold(text) for header in headers if (text := tidy(header))}
    found = process.extractOne(fold(wanted), titles, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return phrase("nearest.header", header=found[2]) if found else ""
