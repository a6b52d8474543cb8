"""One template's file: its header, its body, and what is wrong with them.

The header stands between two lines `---`; each of its lines is `name: value`. In it are the
subject, and the preview (the line that mailboxes show beside the subject); in the French version
also the kind (service or promo), the priority (1 leaves first) and in `expires` the hours after
which the message is no longer worth sending.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from automation.core.letters import DETAIL_NAMES, DETAILS, Kind, Template, ToPerson
from automation.core.model import Problem, phrase
from automation.core.rules import Language
from automation.locale import typeset
from automation.mail.engine import compile_text, make_environment
from automation.mail.slots import SLOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Template as Compiled

    from automation.core.model import Phrase

FOOTER: Final = "footer"
"""The end of messages to participants."""
COMMITTEE: Final = "committee"
"""The end of messages to the committee and to the maintainer."""

OFFICE_NAMES: Final = (
    "greeting",
    "reference",
    "promo",
    "attached",
    "sender",
    "contact",
    "postal_address",
    "programme",
    "organisations",
    "unsubscribe",
)
"""What every template may say besides its letter's details."""

_FENCE = "---"
_WORDED = ("subject", "preview")
_SETTINGS = ("kind", "priority", "expires")
_WHOLE = re.compile(r"[1-9][0-9]{0,3}")
_LINK_TARGET = re.compile(r"\]\(\s*<?([^\s)>]*)")
_TAG = re.compile(r"\{%.*?%\}")
_GOOD_TARGET = re.compile(r"https?://|mailto:|\{\{")

_ENVIRONMENT = make_environment()


class Facts(Struct, frozen=True, kw_only=True):
    """How a kind of message is treated.

    Attributes:
        priority: 1 leaves first.
        expires: How long after it was planned it is no longer worth sending.
    """

    kind: Kind
    priority: int
    expires: timedelta


class Source(Struct, frozen=True, kw_only=True):
    """One file, compiled.

    Attributes:
        file: Its name, or the path of one that replaces ours.
        parts: By name: body, and for a message subject and preview.
        facts: None for an English version, and for the end of messages.
        problems: Its mistakes; no message is made of it while it has any.
    """

    file: str
    language: Language
    parts: Mapping[str, Compiled] = field(default_factory=dict)
    facts: Facts | None = None
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=256)
def read_source(content: bytes, file: str, name: str, language: Language) -> Source:
    """Return a template compiled, or its mistakes; `name` is that of a template or of an end."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem(tab=file, row=1, message=phrase("template.unreadable"))
        return Source(file=file, language=language, problems=(problem,))
    return _Reading(file, name, language).read(SLOT.sub("", text))


class _Reading:
    """A file while it is read: its mistakes gather."""

    def __init__(self, file: str, name: str, language: Language) -> None:
        self.file, self.language = file, language
        self.template = Template(name) if name in set(Template) else None
        details = ToPerson if name == FOOTER else DETAILS[self.template] if self.template else None
        self.names = (*OFFICE_NAMES, *DETAIL_NAMES[details]) if details else OFFICE_NAMES
        self.problems: list[Problem] = []

    def read(self, text: str) -> Source:
        lines = text.splitlines()
        entries, start = self._read_header(lines) if self.template else ({}, 0)
        self._check_links(lines[start:], start + 1)
        texts = {name: entries[name] for name in _WORDED if name in entries}
        texts["body"] = (start + 1, "\n".join(lines[start:]))
        parts = {name: self._compile(line, text) for name, (line, text) in texts.items()}
        facts = self._read_facts(entries)
        return Source(
            file=self.file,
            language=self.language,
            parts={name: part for name, part in parts.items() if part is not None},
            facts=facts,
            problems=tuple(self.problems),
        )

    def _complain(self, line: int, message: Phrase) -> None:
        self.problems.append(Problem(tab=self.file, row=line, message=message))

    def _read_header(self, lines: list[str]) -> tuple[dict[str, tuple[int, str]], int]:
        """Return each entry with its line, from 1, and where the body starts, from 0."""
        fences = [i for i, line in enumerate(lines) if line.rstrip() == _FENCE][:2]
        if len(fences) < 2 or fences[0] != 0:  # noqa: PLR2004 - one before it, one after
            self._complain(1, phrase("template.no_front"))
            return {}, 0
        entries: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(lines[1 : fences[1]], start=2):
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if not colon or not value:
                self._complain(number, phrase("template.bad_line"))
            elif name not in (*_WORDED, *_SETTINGS):
                known = ", ".join((*_WORDED, *_SETTINGS))
                self._complain(number, phrase("template.unknown_entry", name=name, names=known))
            else:
                entries[name] = number, value
        for name in _WORDED:
            if name not in entries:
                self._complain(1, phrase("template.no_entry", name=name))
        return entries, fences[1] + 1

    def _read_facts(self, entries: Mapping[str, tuple[int, str]]) -> Facts | None:
        if self.template is None or not entries:
            return None
        if self.language is not Language.FRENCH:
            for name in _SETTINGS:
                if name in entries:
                    self._complain(entries[name][0], phrase("template.only_in_french", name=name))
            return None
        settings = dict(self._read_settings(entries))
        if len(settings) < len(_SETTINGS):
            return None
        return Facts(
            kind=Kind(settings["kind"]),
            priority=int(settings["priority"]),
            expires=timedelta(hours=int(settings["expires"])),
        )

    def _read_settings(self, entries: Mapping[str, tuple[int, str]]) -> Iterator[tuple[str, str]]:
        for name in _SETTINGS:
            line, value = entries.get(name, (1, ""))
            good = value in set(Kind) if name == "kind" else _WHOLE.fullmatch(value)
            if not value:
                self._complain(line, phrase("template.no_entry", name=name))
            elif not good:
                self._complain(line, phrase("template.bad_entry", name=name, value=value))
            else:
                yield name, value

    def _check_links(self, lines: list[str], start: int) -> None:
        for number, line in enumerate(lines, start=start):
            for found in _LINK_TARGET.finditer(line):
                if not _GOOD_TARGET.match(found[1]):
                    self._complain(number, phrase("template.bad_link"))

    def _compile(self, line: int, text: str) -> Compiled | None:
        shown = "\n".join(map(_keep_end, text.split("\n")))
        if self.language is Language.FRENCH:
            shown = typeset(shown)
        compiled, problems = compile_text(_ENVIRONMENT, shown, self.file, line, self.names)
        self.problems.extend(problems)
        return compiled


def _keep_end(line: str) -> str:
    """Return a line that keeps its end even if it ends in a tag.

    A line of tags alone leaves nothing behind (`trim_blocks`), and that is what one expects; but a
    line of words must not run into the next one because it happens to end in `{% endif %}`.
    """
    bare = line.rstrip()
    if bare.endswith("%}") and bare[-3] not in "+-" and _TAG.sub("", bare).strip():
        return f"{bare[:-2]}+%}}"
    return line
