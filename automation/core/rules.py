"""What the configuration asks of the core."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from automation.core.letters import Template


class Language(StrEnum):
    """Languages of the interface; French first."""

    FRENCH = "fr"
    ENGLISH = "en"


class ExtraField(Struct, frozen=True, kw_only=True):
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


class FieldMap(Struct, frozen=True, kw_only=True):
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


class PlaceForm(Struct, frozen=True, kw_only=True):
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
    secret: bytes

    def __repr__(self) -> str:
        """Say which form, and never its secret: what is shown may be logged."""
        return f"PlaceForm(tab={self.tab!r})"


class LetterPolicy(Struct, frozen=True, kw_only=True):
    """How one kind of message is treated.

    Attributes:
        promo: Whether it needs recorded consent.
        priority: 1 leaves first.
        expires: How long after it was planned it is no longer worth sending.
    """

    promo: bool
    priority: int
    expires: timedelta


class PostRules(Struct, frozen=True, kw_only=True):
    """How Cohorte writes to people.

    Attributes:
        automatic: Whether messages leave by themselves; else each waits for an organiser's approval.
        daily_cap: Messages in any 24 hours.
        policies: Of every template.
        digest: Whether the committee has an address for its digest.
        remind: How long before a meeting its reminder is due.
        place_url: The prefilled link of "Ma place", with CODE where the code goes; "" without one.
        form_url: Where one registers; survey_url: where one says what one thought of it; "" for
            none.
        hours: Between which hours on the wall, of a working day, the time to answer an offer may
            end; None for any.
    """

    automatic: bool
    daily_cap: int
    policies: Mapping[Template, LetterPolicy]
    digest: bool = False
    remind: timedelta = timedelta(hours=48)
    place_url: str = ""
    form_url: str = ""
    survey_url: str = ""
    hours: tuple[time, time] | None = None


class SummaryRules(Struct, frozen=True, kw_only=True):
    """How the programme is counted.

    Attributes:
        reach: How many people it could concern, in all or by municipality; None when unknown.
        suppress_below: Figures of fewer people are not shown beyond the committee.
        suppress_for_committee: Nor in its own tab.
    """

    reach: int | Mapping[str, int] | None = None
    suppress_below: int = 5
    suppress_for_committee: bool = False


class Rules(Struct, frozen=True, kw_only=True):
    """The part of the configuration that a plan depends on.

    Attributes:
        language: In which language reasons and alerts are written.
        place_form: None where there is no second form.
        post: How Cohorte writes to people; None where it does not: an offer waits for a call.
        days_before: How many days before a meeting its attendance tab is made.
    """

    fields: FieldMap
    language: Language = Language.FRENCH
    place_form: PlaceForm | None = None
    post: PostRules | None = None
    days_before: int = 3
    summary: SummaryRules = SummaryRules()

    @property
    def mail(self) -> bool:
        """Whether Cohorte writes to people."""
        return self.post is not None
