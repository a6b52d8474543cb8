"""The terminal, which shows what people wrote and obeys none of it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment


_TURNS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


class PlainConsole(Console):
    """A console that writes no control character but its own."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield what a renderable becomes, without what would move the cursor or colour the rest."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=_strip(segment.text))


def _strip(text: str) -> str:
    """Leave out control characters, and those that would show the rest of a line backwards."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c == "\n" or not _obeyed(c))


def _obeyed(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs"} or unicodedata.bidirectional(character) in _TURNS
