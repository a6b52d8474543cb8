"""A message's words, laid out: its subject, its plain text and its HTML page, with slots still.

Done once for all the letters that say the same words, whatever their values.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from css_inline import CSSInliner
from markupsafe import Markup
from msgspec import Struct

from automation.core.model import Problem, phrase
from automation.mail.engine import compile_text, make_environment, render
from automation.mail.markdown import RULE, to_html, to_text
from automation.mail.mistakes import TemplateError
from automation.mail.slots import Page

if TYPE_CHECKING:
    from jinja2 import Template as Compiled

    from automation.core.rules import Language

LAYOUT: Final = "layout.html"
_NAMES: Final = ("language", "title", "preview", "programme", "body", "footer")
_PAGES = 1024
_ENVIRONMENT = make_environment(html=True)
_INLINER = CSSInliner(load_remote_stylesheets=False)


class Draft(Struct, frozen=True, kw_only=True):
    """A letter in its template's words, Markdown still, with a slot for each value.

    Attributes:
        programme: The slot of the programme's name.
    """

    language: Language
    programme: str
    subject: str
    preview: str
    body: str
    footer: str


class Laid(Struct, frozen=True, kw_only=True):
    """The same, ready for anybody's values."""

    subject: Page
    text: Page
    html: Page


@lru_cache(maxsize=16)
def read_layout(content: bytes, file: str) -> Layout:
    """Return the page in a file, compiled; with its mistakes, if it has any."""
    return Layout(content, file)


class Layout:
    """The HTML page around every message, compiled."""

    def __init__(self, content: bytes, file: str) -> None:
        """Compile the page; a mistake is kept for whoever needs it."""
        self.lay_out = lru_cache(maxsize=_PAGES)(self._lay_out)
        self._page: Compiled | None = None
        self.problems: tuple[Problem, ...] = ()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.problems = (Problem(tab=file, row=1, message=phrase("template.unreadable")),)
        else:
            self._page, self.problems = compile_text(_ENVIRONMENT, text, file, 1, _NAMES)

    def _lay_out(self, draft: Draft) -> Laid:
        """Return the three texts of a message; raises `TemplateError` for the page's mistakes."""
        if self._page is None:
            raise TemplateError(self.problems[0])
        page = render(
            self._page,
            {
                "language": draft.language.value,
                "title": draft.subject,
                "preview": draft.preview,
                "programme": draft.programme,
                # Made from Markdown in which HTML is text.
                "body": Markup(to_html(draft.body, buttons=True)),  # noqa: S704
                "footer": Markup(to_html(draft.footer, buttons=False)),  # noqa: S704
            },
        )
        body, footer = (to_text(part, draft.language) for part in (draft.body, draft.footer))
        return Laid(
            subject=Page(draft.subject, html=False),
            text=Page(f"{body}\n\n{RULE}\n\n{footer}\n", html=False),
            html=Page(f"{_INLINER.inline(page)}\n", html=True),
        )
