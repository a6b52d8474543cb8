"""The report: the summary's figures with their charts, as one document for a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from automation.config.sections import Paper
from automation.core.moments import tell_day
from automation.core.summary import list_sections, tell_share
from automation.papers.charts import draw_chart
from automation.papers.sheet import FORMATS, clean
from automation.papers.templates import render_template

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from automation.core.summary import Section, Summary

_TEXT = 120


def render_report(  # noqa: PLR0913 - the figures, and how they are printed
    summary: Summary,
    *,
    programme: str,
    organisations: tuple[str, ...] = (),
    day: date,
    suppressed_below: int = 1,
    paper: Paper = Paper.LETTER,
    folder: Path | None = None,
) -> str:
    """Return one HTML document with the sections of a summary, each with its chart.

    Args:
        day: For which day, said at the top.
        suppressed_below: Told where it is more than 1: what the dashes mean.
        folder: Where an installation's own templates are; see `automation.papers.templates`.

    Raises `ConfigError` where the template can't be used.
    """
    language = summary.language.value
    return render_template(
        "report.html.j2",
        folder,
        language,
        format=FORMATS[paper],
        programme=clean(programme, _TEXT),
        organisations=[clean(name, _TEXT) for name in organisations],
        day=tell_day(day, language),
        suppressed_below=suppressed_below,
        sections=[_view(section, language) for section in list_sections(summary)],
    )


def _view(section: Section, language: str) -> dict[str, object]:
    """Return what the template may print of a section."""
    # Ours, and escaped: the template may print it as it is.
    chart = Markup(draw_chart(section, language))  # noqa: S704
    return {
        "key": section.key,
        "title": section.title,
        "notes": section.notes,
        "corner": section.corner,
        "headers": [column.label for column in section.columns],
        "lines": [
            (line.label, [_tell(value, language) for value in line.values])
            for line in section.lines
            # A week in which nobody registered is told by the chart.
            if section.key != "weeks" or any(line.values)
        ],
        "chart": chart,
    }


def _tell(value: object, language: str) -> str:
    if isinstance(value, float):
        return tell_share(value, language)
    return "" if value is None else str(value)
