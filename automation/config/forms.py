"""What the forms ask that `init --make-forms` makes: forms.toml beside the configuration, or ours."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from automation.config.mistakes import BadTomlError, find_mistakes, parse_toml, tell_mistakes
from automation.config.proposal import Proposal, ProposedField, propose_fields
from automation.config.sections import Section
from automation.config.values import Header, Text
from automation.core.text import fold
from automation.errors import ConfigError
from automation.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from automation.core.rules import Language


class KnownField(StrEnum):
    """A field that Cohorte knows: a key of [fields]."""

    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    PHONE = "phone"
    MUNICIPALITY = "municipality"
    COHORT = "cohort"
    GROUP = "group"
    LANGUAGE = "language"
    CONSENT = "consent"


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"
    LIST = "list"
    BOXES = "boxes"

    @property
    def has_options(self) -> bool:
        """Whether people pick among options."""
        return self in {QuestionKind.CHOICE, QuestionKind.LIST, QuestionKind.BOXES}


class AskedQuestion(Section):
    """[[registration.questions]]: a question of the registration form.

    Attributes:
        field: What it gives Cohorte; None for one more column of the register.
        help: What stands below its title.
    """

    title: Header
    field: Annotated[KnownField, Field(strict=False)] | None = None
    kind: Annotated[QuestionKind, Field(strict=False)] = QuestionKind.TEXT
    options: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    help: Text | None = None
    required: bool = False

    @model_validator(mode="after")
    def _require_options(self) -> Self:
        if self.kind.has_options and not self.options:
            raise PydanticCustomError("no_options", "no options")
        return self


def _require_some(questions: tuple[AskedQuestion, ...]) -> tuple[AskedQuestion, ...]:
    # A min_length would be told of a list whose every item is wrong, too.
    if not questions:
        raise PydanticCustomError("empty", "empty")
    return questions


class RegistrationForm(Section):
    """[registration]: the registration form."""

    title: Text
    description: Text | None = None
    questions: Annotated[
        tuple[AskedQuestion, ...], Field(strict=False), AfterValidator(_require_some)
    ]


class SecondForm(Section):
    """[place]: the form "Ma place"; the others are as in [ma_place] of the configuration."""

    title: Text
    description: Text | None = None
    code: Header
    choice: Header
    accept: Header
    withdraw: Header
    no_news: Header


class FormsDescription(Section):
    """Both forms."""

    registration: RegistrationForm
    place: SecondForm

    def propose(self) -> Proposal:
        """Return which question gives what, as the description says."""
        asked = self.registration.questions
        fields = [
            ProposedField(key=q.field.value, question=q.title) for q in asked if q.field is not None
        ]
        rest = {
            q.title: q.options if q.kind is QuestionKind.BOXES else ()
            for q in asked
            if q.field is None
        }
        # By likeness only what the register calls the others.
        named = propose_fields(
            list(rest), {title: options for title, options in rest.items() if options}
        )
        known = {field.key for field in fields}
        return Proposal(
            fields=(*fields, *(field for field in named.fields if field.key not in known)),
            extra=named.extra,
            timestamp=None,
        )


def load_forms(folder: Path, language: Language) -> FormsDescription:
    """Return the description in a folder's forms.toml, else the one that comes with Cohorte.

    Raises `ConfigError`, with one line for each mistake.
    """
    path, ours = folder / "forms.toml", data_path("config", f"forms.{language}.toml")
    source = path if path.exists() else ours
    try:
        return FormsDescription.model_validate(parse_toml(source.read_bytes(), language))
    except BadTomlError as error:
        mistakes = str(error)
    except ValidationError as error:
        mistakes = tell_mistakes(find_mistakes(error, FormsDescription), language)
    raise ConfigError("config", path=str(source), mistakes=mistakes, example=str(ours))


def is_column_of(question: str, header: tuple[str, ...]) -> bool:
    """Tell whether a question has a column in a header row."""
    return fold(question) in map(fold, header)
