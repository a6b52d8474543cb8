"""Merged cells: of each merge Sheets keeps the first cell and hides the others.

A merge is the organisers', and stays. What it hides is told, since nobody sees what is read there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gspread.utils import rowcol_to_a1

from automation.core.model import Problem, phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


def list_hiding(
    title: str,
    merges: Iterable[Mapping[str, Any]],
    columns: Collection[int],
    *,
    first: int = 0,
    answers: bool = False,
) -> Iterator[Problem]:
    """Yield a problem for each merge that hides cells of some columns.

    Args:
        title: The tab's.
        columns: Indexes from 0.
        first: The first row that matters, from 0.
        answers: Whether its rows are a form's answers, of which such a one is not read.
    """
    code = "problem.merged_answers" if answers else "problem.merged"
    for merge in merges:
        top, bottom, left, right = _sides(merge)
        if any(row >= first for row in _hidden_rows(merge, columns)):
            cells = f"{rowcol_to_a1(top + 1, left + 1)}:{rowcol_to_a1(bottom, right)}"
            message = phrase(code, cells=cells)
            yield Problem(tab=title, row=top + 1, message=message, damage=answers)


def find_hidden(merges: Iterable[Mapping[str, Any]], columns: Collection[int]) -> frozenset[int]:
    """Return the rows, from 0, of which a merge hides cells of some columns."""
    return frozenset(row for merge in merges for row in _hidden_rows(merge, columns))


def _hidden_rows(merge: Mapping[str, Any], columns: Collection[int]) -> Iterator[int]:
    """Yield the rows of which one merge hides cells: of the first row, it shows the first cell."""
    top, bottom, left, right = _sides(merge)
    for row in range(top, bottom):
        if any(left + (row == top) <= column < right for column in columns):
            yield row


def spans_rows(merges: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a merge goes over several rows: Sheets then sorts none of them."""
    return any(bottom - top > 1 for top, bottom, _, _ in map(_sides, merges))


def _sides(merge: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right; the ends exclusive."""
    return (
        merge.get("startRowIndex", 0),
        merge["endRowIndex"],
        merge.get("startColumnIndex", 0),
        merge["endColumnIndex"],
    )
