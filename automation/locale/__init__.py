"""What people read, in French and in English: one catalogue each, with the same keys."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.core.model import Phrase

_LANGUAGES: Final = ("fr", "en")

# It begins with the space itself, so that what has none of these is passed over quickly.
_KEEP_TOGETHER = re.compile(r" (?:(?<=« )|(?<=n° )|(?=»|:(?: |$)))", re.MULTILINE)


def typeset(words: str) -> str:
    """Return French words with no-break spaces where Québec's usage has them.

    Inside guillemets, before a colon and after n° (Office québécois de la langue française, Espacement
    avant et après les signes de ponctuation); the catalogue itself is written with plain spaces.
    """
    return _KEEP_TOGETHER.sub("\N{NO-BREAK SPACE}", words)


class _Catalogues(Mapping[str, Mapping[str, str]]):
    """The catalogues by language, each read when it is first needed."""

    def __getitem__(self, language: str) -> Mapping[str, str]:
        if language not in _LANGUAGES:
            raise KeyError(language)
        return _load(language)

    def __iter__(self) -> Iterator[str]:
        return iter(_LANGUAGES)

    def __len__(self) -> int:
        return len(_LANGUAGES)


@cache
def _load(language: str) -> Mapping[str, str]:
    words: Mapping[str, str] = importlib.import_module(f"automation.locale.{language}").WORDS
    if language == "fr":
        return {code: typeset(text) for code, text in words.items()}
    return words


CATALOGUES: Mapping[str, Mapping[str, str]] = _Catalogues()


def text(language: str, code: str, /, **values: object) -> str:
    """Return a catalogue entry with its placeholders filled; KeyError for an unknown code."""
    return CATALOGUES[language][code].format(**values)


@lru_cache(maxsize=4096)
def say(language: str, phrase: Phrase) -> str:
    """Return a phrase in words."""
    return text(language, phrase.code, **dict(phrase.values))


def join(language: str, phrases: Iterable[Phrase]) -> str:
    """Return several phrases as one line, without repeating any; "" for none."""
    return " · ".join(dict.fromkeys(say(language, phrase) for phrase in phrases))


def labels(group: str, language: str) -> dict[str, str]:
    """Return a closed set's labels by identifier, in the catalogue's order.

    `group` is for instance "status": the entries are "status.waiting" and so on.
    """
    prefix = f"{group}."
    words = CATALOGUES[language]
    return {code.removeprefix(prefix): words[code] for code in words if code.startswith(prefix)}
