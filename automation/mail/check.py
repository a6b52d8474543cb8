"""Reading the templates over before anybody gets a message: `cohorte mail check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import locale
from automation.core.letters import Template, ToPerson
from automation.core.model import Problem, phrase
from automation.core.rules import Language
from automation.core.text import tidy
from automation.mail.mistakes import LetterError, TemplateError
from automation.mail.samples import SAMPLE_OFFICE, awkward_letters, sample_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.core.letters import Letter
    from automation.mail.templates import Rendered, Templates


def check_templates(
    templates: Templates, languages: Iterable[Language] = tuple(Language)
) -> tuple[Problem, ...]:
    """Return what is wrong with the templates, each with its file as tab and its line as row.

    Each is also written to awkward people, in each of the languages: what only shows then, an
    attribute that does not exist or a block that every message must have, is found too.
    """
    problems = list(templates.problems)
    for language in languages:
        for template in Template:
            problems.extend(_try_template(templates, template, language))
    return tuple(dict.fromkeys(problems))


def _try_template(
    templates: Templates, template: Template, language: Language
) -> Iterator[Problem]:
    for letter in (sample_letter(template, language), *awkward_letters(template, language)):
        try:
            rendered = templates.render(letter, SAMPLE_OFFICE)
            missing = tuple(_find_missing(letter, rendered, promo=templates.asks_consent(letter)))
        except TemplateError as error:
            yield error.problem
            return
        except LetterError as error:
            yield Problem(tab=f"{template}.{language}.md", message=error.message)
            return
        for block in missing:
            what = locale.text(language, f"template.block_{block}")
            message = phrase("template.no_block", what=what)
            yield Problem(tab=f"{template}.{language}.md", message=message)
        if missing:
            return


def _find_missing(letter: Letter, rendered: Rendered, *, promo: bool) -> Iterator[str]:
    """Yield the blocks that a message does not have, in its text or in its page."""
    blocks = {
        "sender": SAMPLE_OFFICE.sender.name,
        "postal_address": tidy(SAMPLE_OFFICE.postal_address),
        "contact": SAMPLE_OFFICE.contact.address,
    }
    if promo:
        blocks["unsubscribe"] = SAMPLE_OFFICE.unsubscribe.address
    if isinstance(letter.details, ToPerson) and letter.details.place_link:
        blocks["place"] = letter.details.place_link.partition("?")[0]
    for block, shown in blocks.items():
        if shown not in rendered.text or shown not in rendered.html:
            yield block
