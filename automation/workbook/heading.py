"""What the top of an attendance tab says, from its template: which meeting, where, what to do."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from automation.locale import typeset
from automation.resources import data_path
from automation.workbook.layout import ROLL_HEADING

if TYPE_CHECKING:
    from datetime import time
    from pathlib import Path

    from automation.core.model import Cohort, Meeting

_CALENDARS = {"fr": "fr_CA", "en": "en_CA"}


def render_heading(
    meeting: Meeting, cohort: Cohort | None, language: str, folder: Path | None = None
) -> tuple[str, ...]:
    """Return the lines above "Appel terminé", `ROLL_HEADING` of them; the last ones may be "".

    Args:
        cohort: The meeting's; None where it is not known.
        folder: Where the committee keeps templates of its own.
    """
    template = _environment(folder).get_template(f"heading.{language}.txt")
    words = template.render(
        meeting=meeting,
        cohort=cohort,
        day=format_date(meeting.day, "full", locale=_CALENDARS[language]) if meeting.day else "",
        start=_tell_time(meeting.start, language),
        end=_tell_time(meeting.end, language),
    )
    lines = [line for line in map(str.strip, words.splitlines()) if line]
    if language == "fr":
        lines = [typeset(line) for line in lines]
    shown = [*lines[: ROLL_HEADING - 1], " ".join(lines[ROLL_HEADING - 1 :])]
    return tuple(shown + [""] * (ROLL_HEADING - len(shown)))


def _tell_time(clock: time | None, language: str) -> str:
    if clock is None:
        return ""
    if language == "en":
        return format_time(clock, "short", locale="en_CA")
    return format_time(clock, "H 'h' mm" if clock.minute else "H 'h'", locale="fr_CA")


@cache
def _environment(folder: Path | None) -> SandboxedEnvironment:
    ours = data_path("templates", "attendance")
    folders = [ours] if folder is None else [folder, ours]
    return SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # cells are no HTML, and are written as literals
    )
