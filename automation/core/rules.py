"""What the configuration asks of the core."""

from __future__ import annotations

from dataclasses import dataclass
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
class Rules:
    """The part of the configuration that a plan depends on.

    Attributes:
        language: In which language reasons and alerts are written.
    """

    fields: FieldMap
    language: Language = Language.FRENCH
