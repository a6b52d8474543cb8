"""What messages say: `templates/mail`, compiled once; each file replaced by one of a folder.

`NAME.fr.md` and `NAME.en.md` are the messages (`automation.mail.sources`), their variables those of
`automation.core.letters`. Every message ends in `footer` (to participants) or `committee` (to the
others), and `layout.html` lays it all out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from automation.core.letters import DETAIL_NAMES, Kind, Template, ToPerson
from automation.core.model import Problem, phrase
from automation.core.rules import Language
from automation.mail import words
from automation.mail.addresses import tame_name
from automation.mail.engine import LANGUAGE, VALUES, ZONE, render
from automation.mail.layout import LAYOUT, Draft, read_layout
from automation.mail.mistakes import TemplateError
from automation.mail.slots import Values
from automation.mail.sources import COMMITTEE, FOOTER, read_source
from automation.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.letters import Details, Letter
    from automation.mail.office import Office
    from automation.mail.sources import Facts, Source

_NAMES = (*Template, FOOTER, COMMITTEE)


class Rendered(NamedTuple):
    """What a person will read.

    Attributes:
        language: The letter's, or French where the template has no other version.
    """

    language: Language
    subject: str
    text: str
    html: str


class Templates:
    """All that messages say. A file with mistakes stops the messages that need it, no other."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the files of the folder first; each is compiled when it is first needed, once."""
        self._folder = folder
        self._find = cache(self._load)
        self._layout = read_layout(*(self._read(LAYOUT) or (b"", LAYOUT)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, in their order."""
        missing = (_missing(name) for name in _NAMES if self._find(name, Language.FRENCH) is None)
        sources = (self._find(name, language) for name in _NAMES for language in Language)
        found = (problem for source in sources if source for problem in source.problems)
        return (*missing, *found, *self._layout.problems)

    def read_facts(self, template: Template) -> Facts:
        """Return how such messages are treated; raises `TemplateError`."""
        french = self._find(template, Language.FRENCH)
        if french is None or french.facts is None:
            problems = french.problems if french else ()
            raise TemplateError(next(iter(problems), _missing(template)))
        return french.facts

    def render(self, letter: Letter, office: Office) -> Rendered:
        """Return what the letter's reader will read, in French where there is no other version.

        Raises `TemplateError`, or `LetterError` for a value that should be a link.
        """
        values = Values()
        draft = self._draft(letter, office, values)
        laid = self._layout.lay_out(draft)
        return Rendered(
            draft.language,
            laid.subject.fill(values.texts),
            laid.text.fill(values.texts),
            laid.html.fill(values.texts),
        )

    def asks_consent(self, letter: Letter) -> bool:
        """Tell whether the letter may only go to who agreed: promo, or one with the survey."""
        details = letter.details
        survey = isinstance(details, ToPerson) and bool(details.survey_link)
        return survey or self.read_facts(letter.template).kind is Kind.PROMO

    def _draft(self, letter: Letter, office: Office, values: Values) -> Draft:
        source = self._source(letter.template, letter.language)
        end = FOOTER if isinstance(letter.details, ToPerson) else COMMITTEE
        footer = self._source(end, letter.language)
        programme = values.mark(office.programme)
        variables = {
            **_tell_office(letter, office, source.language),
            **_tell_details(letter.details),
            "promo": self.asks_consent(letter),
            "attached": len(letter.attachments),
            LANGUAGE: source.language,
            VALUES: values,
            ZONE: office.zone,
        }
        return Draft(
            language=source.language,
            programme=programme,
            subject=render(source.parts["subject"], variables),
            preview=render(source.parts["preview"], variables),
            body=render(source.parts["body"], variables),
            footer=render(footer.parts["body"], variables),
        )

    def _source(self, name: str, language: Language) -> Source:
        found = self._find(name, language) or self._find(name, Language.FRENCH)
        if found is None:
            raise TemplateError(_missing(name))
        if found.problems:
            raise TemplateError(found.problems[0])
        return found

    def _load(self, name: str, language: Language) -> Source | None:
        found = self._read(f"{name}.{language}.md")
        return read_source(*found, name, language) if found else None

    def _read(self, name: str) -> tuple[bytes, str] | None:
        """Return a file's content, and what to call it."""
        if self._folder is not None and (own := self._folder / name).is_file():
            return own.read_bytes(), str(own)
        ours = data_path("templates", "mail", name)
        return (ours.read_bytes(), name) if ours.is_file() else None


def _missing(name: str) -> Problem:
    return Problem(tab=f"{name}.fr.md", message=phrase("template.missing"))


def _tell_details(details: Details) -> dict[str, object]:
    """Return what the details define: what is None stays undefined, so nobody reads "None"."""
    told = {name: getattr(details, name) for name in DETAIL_NAMES[type(details)]}
    if "first_name" in told:
        told["first_name"] = tame_name(told["first_name"])
    return {name: value for name, value in told.items() if value is not None}


def _tell_office(letter: Letter, office: Office, language: Language) -> dict[str, object]:
    first_name = letter.details.first_name if isinstance(letter.details, ToPerson) else ""
    return {
        "greeting": words.greet(tame_name(first_name), language),
        "reference": letter.reference,
        "sender": office.sender.name,
        "contact": office.contact.address,
        "postal_address": office.postal_address,
        "programme": office.programme,
        "organisations": words.list_things(office.organisations, language),
        "unsubscribe": office.unsubscribe.address,
    }
