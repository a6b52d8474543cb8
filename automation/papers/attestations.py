"""Attestations: a page for each person who came often enough, to keep or to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation import locale
from automation.config.sections import Paper
from automation.core.moments import tell_day
from automation.papers.sheet import FORMATS, clean, write_span
from automation.papers.templates import render_template

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

_NAME: Final = 90
_LONG_NAME: Final = 32
"""Characters that fit one line in the largest size, were they all capitals."""
_TEXT: Final = 120


class Attestation(Struct, frozen=True, kw_only=True):
    """What the committee attests of one person; a text that nobody gave is "".

    Attributes:
        presences: At how many meetings they were, 1 or more.
        meetings: Of how many.
        first_day: That of the first meeting.
        last_day: That of the last one, inclusive.
        place: Where it is issued: a town.
        signatories: Who signs, each over a line; none for one line for the committee.
    """

    name: str
    programme: str
    cohort: str
    presences: int
    meetings: int
    first_day: date
    last_day: date
    issued_on: date
    place: str = ""
    organisations: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()


def render_attestations(
    attestations: Iterable[Attestation],
    *,
    language: str,
    paper: Paper = Paper.LETTER,
    folder: Path | None = None,
) -> str:
    """Return one HTML document with the attestations in order, a page of paper lying down for each.

    Args:
        folder: Where an installation's own templates are; see `automation.papers.templates`.

    Raises `ConfigError` where the template can't be used.
    """
    return render_template(
        "attestations.html.j2",
        folder,
        language,
        format=FORMATS[paper],
        attestations=[_view(attestation, language) for attestation in attestations],
    )


def _view(attestation: Attestation, language: str) -> dict[str, object]:
    """Return what the template may print of an attestation."""
    name, place = clean(attestation.name, _NAME), clean(attestation.place, _TEXT)
    day = tell_day(attestation.issued_on, language)
    return {
        "name": name,
        "long_name": len(name) > _LONG_NAME,
        "programme": clean(attestation.programme, _TEXT),
        "cohort": clean(attestation.cohort, _TEXT),
        "took_part": _tell_part(attestation, language),
        "done": locale.text(language, "paper.done_at", place=place, day=day)
        if place
        else locale.text(language, "paper.done_on", day=day),
        "organisations": [clean(name, _TEXT) for name in attestation.organisations],
        "signatories": [clean(name, _TEXT) for name in attestation.signatories],
    }


def _tell_part(attestation: Attestation, language: str) -> str:
    """Return to how many meetings they came, and when these took place."""
    span = write_span(attestation.first_day, attestation.last_day, language)
    came, meetings = attestation.presences, attestation.meetings
    if meetings == 1:
        return locale.text(language, "paper.took_part_sole", span=span)
    if came == meetings:
        return locale.text(language, "paper.took_part_always", meetings=meetings, span=span)
    if came == 1:
        return locale.text(language, "paper.took_part_once", meetings=meetings, span=span)
    return locale.text(language, "paper.took_part", presences=came, meetings=meetings, span=span)
