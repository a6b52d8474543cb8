"""Rows in stretches: the values of a block, and the runs of rows that carry the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Values = list[Any]
Extras = dict[str, Any]
"""Column index as text → what the cell carries; "row" → the row's own properties.

Shared between rows: never changed in place.
"""
Run = tuple[int, Extras]
Row = tuple[Values, Extras]


def dumps(value: Any) -> str:
    """Compact JSON, accents as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def trim(values: Values) -> Values:
    """The same list without its trailing nulls."""
    while values and values[-1] is None:
        values.pop()
    return values


def without_blank_end(lists: list[Values]) -> list[Values]:
    """The same list without the blank rows at its end."""
    while lists and not lists[-1]:
        lists.pop()
    return lists


def expand(runs: list[Run]) -> Iterator[Extras]:
    """The extras of each row."""
    for count, extras in runs:
        for _ in range(count):
            yield extras


def cut_runs(runs: Iterable[Run], low: int, high: int) -> list[Run]:
    """The runs of rows `low` to `high`."""
    found: list[Run] = []
    first = 0
    for count, extras in runs:
        inside = min(high, first + count) - max(low, first)
        if inside > 0:
            found.append((inside, extras))
        first += count
    return found


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same with equal neighbours as one run."""
    found: list[Run] = []
    for count, extras in runs:
        if found and (found[-1][1] is extras or found[-1][1] == extras):
            found[-1] = (found[-1][0] + count, extras)
        else:
            found.append((count, extras))
    return found
