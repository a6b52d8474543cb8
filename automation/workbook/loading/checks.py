"""Whether a file of answers can be understood, before anything is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.nearness import name_nearest
from automation.core.responses import TIMESTAMP_HEADERS
from automation.core.text import fold, tidy
from automation.errors import WorkbookError
from automation.workbook.loading.typed import read_dates

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from automation.workbook.loading.csv_table import CsvTable


def require_questions(
    file: Path, table: CsvTable, questions: Sequence[str], *, config_path: Path
) -> None:
    """Raise `WorkbookError` for the first question that no header asks, and name the nearest."""
    given = {fold(text) for text in table.header}
    for question in questions:
        if fold(question) not in given:
            raise WorkbookError(
                "csv_missing_question",
                question=tidy(question),
                path=str(file),
                nearest=name_nearest(question, _free_headers(table.header, questions)),
                config=str(config_path),
            )


def require_timestamp(file: Path, table: CsvTable, questions: Collection[str]) -> None:
    """Raise `WorkbookError` where no column tells when each answer came.

    As in the response tab, that is the column which bears the header of Forms, else the first one
    where it feeds no field.

    Args:
        questions: The headers that feed a field.
    """
    headers = [fold(text) for text in table.header]
    if not TIMESTAMP_HEADERS.isdisjoint(headers):
        return
    dates = read_dates([row[0] for row in table.rows], day_first=True)
    if headers[0] in set(map(fold, questions)) or not any(dates):
        raise WorkbookError("csv_no_timestamp", path=str(file))


def _free_headers(header: Sequence[str], questions: Sequence[str]) -> Sequence[str]:
    """Return the headers that feed no field yet; all of them where each does."""
    asked = TIMESTAMP_HEADERS.union(map(fold, questions))
    return [text for text in header if fold(text) not in asked] or header
