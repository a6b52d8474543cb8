"""The terminal, which shows what people wrote and obeys none of it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment

_NO_BREAK_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_HELD = "\U000f00a0\U000f202f"
"""What stands for them while lines are broken, for rich breaks lines at any space."""
_HOLD = str.maketrans(_NO_BREAK_SPACES, _HELD)
_LET_GO = str.maketrans(_HELD, _NO_BREAK_SPACES)
_TURNS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


class PlainConsole(Console):
    """A console that writes no control character but its own, and breaks no line at a no-break space."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield what a renderable becomes, without what would move the cursor or colour the rest."""
        whole = _hold(renderable) if isinstance(renderable, Text) else renderable
        for segment in super().render(whole, options):
            yield segment if segment.control else segment._replace(text=_strip(segment.text))

    def render_str(self, text: str, **given: Any) -> Text:
        """Return the text that markup becomes."""
        return _hold(super().render_str(text, **given))


def _hold(text: Text) -> Text:
    """Return a text whose no-break spaces are no spaces until it is written."""
    held = text.copy()
    held.plain = text.plain.translate(_HOLD)
    return held


def _strip(text: str) -> str:
    """Leave out control characters, and those that would show the rest of a line backwards."""
    if text.isprintable():
        return text
    return "".join(c for c in text.translate(_LET_GO) if c == "\n" or not _obeyed(c))


def _obeyed(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs"} or unicodedata.bidirectional(character) in _TURNS
