"""What the questions of a response tab are for, as far as loading answers goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.text import fold
from automation.workbook.loading.pairing import Traits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.config import Config

# What Forms heads the addresses that it collects itself: in its own download, and in its sheet.
_COLLECTED_BY_FORM = frozenset({"username", "nom d utilisateur"})
_COLLECTED_IN_SHEET = frozenset(
    {"email address", "adresse e mail", "adresse email", "adresse courriel", "adresse de courriel"}
)


class Asked(Struct, frozen=True, kw_only=True):
    """The questions that matter, by their folded headers.

    Attributes:
        name: The whole name, or its parts.
        options: Of each checkbox question that the configuration knows.
    """

    name: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    municipality: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]]

    @property
    def plain(self) -> frozenset[str]:
        """The questions that are no checkboxes, whatever their answers look like."""
        return frozenset((*self.name, *self.email, *self.phone, *self.municipality))

    def traits(self, header: Sequence[str], stamp: int | None) -> Traits:
        """Return where the columns are that tell one answer from another."""
        keys = [fold(text) for text in header]

        def where(questions: Sequence[str]) -> tuple[int, ...]:
            return tuple(i for i, key in enumerate(keys) if key in questions)

        if stamp is None:
            return Traits(stamp=0)
        return Traits(
            stamp=stamp,
            name=where(self.name),
            email=where(self.email),
            phone=where(self.phone),
        )


def read_asked(config: Config) -> Asked:
    """Return what a configuration says of the questions."""
    fields = config.fields
    return Asked(
        name=_keys(fields.first_name, fields.last_name, fields.name),
        email=_keys(fields.email),
        phone=_keys(fields.phone),
        municipality=_keys(fields.municipality),
        options={fold(one.question): one.options for one in fields.choices.values()},
    )


def _keys(*questions: str | None) -> tuple[str, ...]:
    return tuple(fold(question) for question in questions if question is not None)


def head_addresses(header: Sequence[str], email: str | None) -> tuple[str, ...]:
    """Return a file's header with the addresses that Forms collects under the known question.

    Its own download heads them "Username", its sheet "Email Address".

    Args:
        email: The question that gives the e-mail; None for no such.
    """
    keys = [fold(text) for text in header]
    key = fold(email or "")
    others = (
        _COLLECTED_IN_SHEET
        if key in _COLLECTED_BY_FORM
        else _COLLECTED_BY_FORM
        if key in _COLLECTED_IN_SHEET
        else frozenset()
    )
    found = [index for index, one in enumerate(keys) if one in others]
    if email is None or key in keys or len(found) != 1:
        return tuple(header)
    return tuple(email if index == found[0] else text for index, text in enumerate(header))
