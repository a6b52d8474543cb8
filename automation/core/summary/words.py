"""What tables, rows, columns and figures of a summary are called."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from automation import locale
from automation.core.moments import tell_day
from automation.core.summary.needs import NEEDS
from automation.core.summary.tables import SUPPRESSED

if TYPE_CHECKING:
    from automation.core.summary.tables import Figure, Row, Table, Trend


def name_table(table: Table, language: str) -> str:
    """Return a table's title; that of a question is its label."""
    return table.title or locale.text(language, f"summary.title.{table.key.removeprefix(NEEDS)}")


def name_column(column: str, language: str) -> str:
    """Return a column's header."""
    return locale.text(language, f"summary.column.{column}")


def name_row(table: Table, row: Row, language: str) -> str:
    """Return a row's label: with its day, for a meeting, and by its Monday for a week."""
    day = tell_day(row.day, language) if row.day else ""
    if table.key == "weeks":
        return locale.text(language, "summary.week", day=day)
    if table.key == "meetings":
        return " – ".join(filter(None, (row.group, day, row.label)))
    return row.label or locale.text(language, f"summary.row.{row.key}")


def tell_figure(figure: Figure, language: str) -> str:
    """Return a figure in writing; "" for none."""
    if figure is SUPPRESSED:
        return locale.text(language, "summary.suppressed")
    return "" if figure is None else str(figure)


def tell_share(share: float, language: str) -> str:
    """Return a share as a whole percentage, halves up, as each language writes it."""
    return locale.text(language, "summary.percent", percent=floor(100 * share + 0.5))


def tell_trend(trend: Trend, language: str) -> str:
    """Return where attendance is going, in words."""
    points = f"{trend.points:+.1f}".replace("-", "−")
    return locale.text(
        language,
        "summary.trend",
        cohort=trend.cohort,
        points=points.replace(".", ",") if language == "fr" else points,
        meetings=trend.meetings,
    )
