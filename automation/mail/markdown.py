"""A template's Markdown, as HTML and as plain text.

What comes here is a template already rendered, but for people's values: each stands as one
character of a private plane (`automation.mail.slots`). Markdown never sees what people typed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from markdown_it import MarkdownIt

from automation import locale
from automation.mail.slots import SLOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_LONELY_LINK = re.compile(r'<p>(<a href="[^"]*">(?:(?!</?a).)*</a>)</p>')
_BUTTON: Final = (
    '<table role="presentation" class="button" cellspacing="0" cellpadding="0" border="0">'
    r'<tr><td class="button-cell">\1</td></tr></table>'
)
RULE: Final = "——————"
_INDENT: Final = 2


class _Parser(MarkdownIt):
    """CommonMark in which HTML is text, and a link may be a value."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Return a link as it is written; a value must not be percent-encoded."""
        return url if SLOT.search(url) else super().normalizeLink(url)


_PARSER = _Parser("commonmark", {"html": False}).disable("image")


def to_html(markdown: str, *, buttons: bool) -> str:
    """Return the HTML of a text; with `buttons`, a link alone in its paragraph is one."""
    html = str(_PARSER.render(markdown))
    return _LONELY_LINK.sub(_BUTTON, html) if buttons else html


def to_text(markdown: str, language: str) -> str:
    """Return the same as plain text: no marks, each link's address beside its label.

    A paragraph is one line, however long: mail programs wrap it to the width there is, while lines
    cut for us would be cut again on a phone, and make a screen reader stop.
    """
    text, before = "", None
    for block in _read_blocks(_PARSER.parse(markdown), language):
        gap = "" if before is None else "\n" if block.tight and before.tight else "\n\n"
        text, before = text + gap + block.text, block
    return text


class _Block(NamedTuple):
    """Some lines of text.

    Attributes:
        tight: Whether no empty line parts it from such a neighbour.
    """

    text: str
    tight: bool = False


def _read_blocks(tokens: Sequence[Token], language: str) -> Iterator[_Block]:
    margin, tight = _Margin(), False
    for token in tokens:
        match token.type:
            case "paragraph_open" | "heading_open":
                tight = token.hidden
            case "inline" | "code_block" | "fence":
                yield _Block(margin.put_before(_write_inline(token, language)), tight)
            case "hr":
                yield _Block(margin.put_before(RULE))
            case _:
                margin.follow(token)


class _Margin:
    """What stands before lines: spaces, and the bullet or number of an item's first one."""

    def __init__(self) -> None:
        self._widths: list[int] = []
        self._numbers: list[int | None] = []
        self._bullet = ""

    def follow(self, token: Token) -> None:
        """Take note of the lists and quotations that begin and end."""
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                number = self._numbers[-1]
                self._numbers[-1] = None if number is None else number + 1
                self._bullet = "- " if number is None else f"{number}. "
                self._widths.append(len(self._bullet))
            case "blockquote_open":
                self._widths.append(_INDENT)
            case "list_item_close" | "blockquote_close":
                self._widths.pop()

    def put_before(self, text: str) -> str:
        """Return the lines with what stands before them."""
        bullet, self._bullet = self._bullet, ""
        margin = " " * sum(self._widths)
        first = " " * (len(margin) - len(bullet)) + bullet
        return first + text.replace("\n", f"\n{margin}")


def _write_inline(token: Token, language: str) -> str:
    text, links = "", list[tuple[int, str]]()
    for child in token.children or [token]:
        match child.type:
            case "link_open":
                links.append((len(text), str(child.attrGet("href"))))
            case "link_close":
                start, link = links.pop()
                text = text[:start] + _write_link(text[start:], link, language)
            case "softbreak":
                text += " "
            case "hardbreak":
                text += "\n"
            case _:
                text += child.content
    return text.rstrip("\n")


def _write_link(label: str, link: str, language: str) -> str:
    shown = link.removeprefix("mailto:").partition("?")[0] if link.startswith("mailto:") else link
    return label if label == shown else locale.text(language, "mail.link", label=label, url=shown)
