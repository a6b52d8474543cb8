"""What the configuration asks of the core."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Language(StrEnum):
    """Languages of the interface; French first."""

    FRENCH = "fr"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraField:
    """One more question whose answer the register shows.

    Attributes:
        key: Its name in JSON and in the code.
        question: The header in the response tab.
        label: The header in the register.
        options: The options of a checkbox question, which may hold commas; () for free text.
    """

    key: str
    question: str
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """Which question feeds which field: headers of the response tab, None for no such question.

    Either `name` (the whole name) or `first_name` and `last_name` say who it is.
    """

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    municipality: str | None = None
    cohort: str | None = None
    consent: str | None = None
    extra: tuple[ExtraField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """The second form, "Ma place": its response tab, two headers, and three options of one.

    Attributes:
        code: Header of the question that the prefilled link fills.
        choice: Header of the question whose answers are the next three.
        secret: What codes are signed with.
    """

    tab: str
    code: str
    choice: str
    accept: str
    withdraw: str
    no_news: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The part of the configuration that a plan depends on.

    Attributes:
        language: In which language reasons and alerts are written.
        place_form: None where there is no second form.
        mail: Whether Cohorte writes to people; without it an offer waits for a call.
        days_before: How many days before a meeting its attendance tab is made.
    """

    fields: FieldMap
    language: Language = Language.FRENCH
    place_form: PlaceForm | None = None
    mail: bool = False
    days_before: int = 3
