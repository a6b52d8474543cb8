"""After a write: is everything where it was written?

No guard sees an organiser who sorts, inserts or deletes between our read and our write. So headers,
numbers and seals of what was written are read once more, in one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.google.sheets import read_ranges
from automation.workbook.cells import parse_integer, parse_text
from automation.workbook.layout import (
    DUPLICATES,
    MEETINGS,
    enrolment_tab,
    find_columns,
    roll_tab,
    tabs,
)
from automation.workbook.read_rolls import RollView, read_roll
from automation.workbook.seals import seal_enrolment, seal_pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gspread import HTTPClient

    from automation.core.model import Cell, PairKey
    from automation.core.plan import Plan
    from automation.core.roll_sheets import RollChange
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

Places = Mapping[str, Mapping[str, int]]
"""Where columns stand: tab key, column key, index from 0."""

_Grid = list[list["Cell"]]


class Found(Struct, frozen=True, kw_only=True):
    """What was found after a write.

    Attributes:
        places: Where the columns of our tabs stand.
        rolls: The attendance tabs that were written, by meeting number.
        enrolments: Those whose row is not as it should be, by number; so are `pairs`, and
            `meetings`, whose attendance tab is not.
        programme: The cells of Rencontres, where the plan writes there.
    """

    places: Places
    rolls: Mapping[int, RollView]
    enrolments: tuple[int, ...]
    pairs: tuple[PairKey, ...]
    meetings: tuple[int, ...]
    programme: Sequence[Sequence[Cell]]


def check_written(
    http: HTTPClient, snapshot: Snapshot, plan: Plan, rules: Rules, places: Places
) -> Found:
    """Read what a plan wrote once more.

    Args:
        places: Where the columns should stand.
    """
    ours = tabs(rules.fields.extra)
    register, duplicates = places["enrolments"], places[DUPLICATES.key]
    ranges = [
        *({"sheetId": tab.sheet_id, "startRowIndex": 0, "endRowIndex": 1} for tab in ours),
        *_columns(enrolment_tab().sheet_id, register, "number", "seal"),
        *_columns(DUPLICATES.sheet_id, duplicates, "a", "b", "seal"),
        *({"sheetId": roll_tab(roll.number).sheet_id} for roll in plan.rolls),
        *([{"sheetId": MEETINGS.sheet_id}] if plan.meetings else ()),
    ]
    grids = read_ranges(http, snapshot.spreadsheet_id, ranges)
    headers, rest = grids[: len(ours)], grids[len(ours) :]
    sealed, paired, rolls = rest[:2], rest[2:5], rest[5 : 5 + len(plan.rolls)]
    views = {
        change.number: _read_roll(change, grid)
        for change, grid in zip(plan.rolls, rolls, strict=True)
    }
    return Found(
        places={
            tab.key: find_columns(tab, rows[0] if rows else ())
            for tab, rows in zip(ours, headers, strict=True)
        },
        rolls=views,
        enrolments=_misplaced_enrolments(snapshot, plan, sealed) if plan.changes else (),
        pairs=_misplaced_pairs(plan, paired),
        meetings=tuple(c.number for c in plan.rolls if not _is_written(c, views[c.number])),
        programme=rest[-1] if plan.meetings else (),
    )


def _columns(sheet_id: int, places: Mapping[str, int], *keys: str) -> Iterator[dict[str, int]]:
    for key in keys:
        index = places[key]
        yield {"sheetId": sheet_id, "startColumnIndex": index, "endColumnIndex": index + 1}


def _lines(columns: Sequence[_Grid]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows below the header of columns that were read one by one."""
    for row in range(1, max(map(len, columns))):
        cells = (column[row] if row < len(column) else () for column in columns)
        yield tuple(cell[0] if cell else None for cell in cells)


def _misplaced_enrolments(
    snapshot: Snapshot, plan: Plan, columns: Sequence[_Grid]
) -> tuple[int, ...]:
    found = {parse_integer(number): parse_text(seal) for number, seal in _lines(columns)}
    after = {e.number: e for e in snapshot.register}
    after |= {change.after.number: change.after for change in plan.changes}
    return tuple(
        sorted(
            number
            for number, enrolment in after.items()
            if not enrolment.frozen
            and found.get(number) != seal_enrolment(enrolment, snapshot.zone)
        )
    )


def _misplaced_pairs(plan: Plan, columns: Sequence[_Grid]) -> tuple[PairKey, ...]:
    found = {(parse_integer(a), parse_integer(b)): parse_text(s) for a, b, s in _lines(columns)}
    rows = [pair.after for pair in plan.pairs]
    return tuple(
        row.key for row in rows if found.get(row.key) != seal_pair(*row.key, row.verdict_seen)
    )


def _read_roll(change: RollChange, grid: _Grid) -> RollView:
    tab = roll_tab(change.number)
    return read_roll(change.number, {"sheetId": tab.sheet_id, "title": ""}, grid, None)


def _is_written(change: RollChange, view: RollView) -> bool:
    """Tell whether the rows that a change wrote are there, each beside its seal."""
    found = {row.number: row for row in view.roll.rows}
    return all(
        row.number in found and not found[row.number].torn and found[row.number].left is row.left
        for row in (*change.added, *change.changed)
    )
