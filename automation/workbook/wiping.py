"""What an erasure empties, as requests of batchUpdate, beside the cells that a plan changes.

Whatever organisers wrote in the row of somebody erased goes too, in columns of their own and in notes
on cells. What stays are numbers: of the enrolment, its states in the journal, its ticks on the rolls.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from automation.core.model import HandledState
from automation.workbook.cells import is_blank, parse_integer, parse_text
from automation.workbook.layout import (
    DUPLICATES,
    HANDLED,
    JOURNAL,
    MAIL,
    MAIL_LOG,
    Owner,
    enrolment_tab,
)
from automation.workbook.sheet import cell_at, rows_about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from automation.core.enrolment import Erasure
    from automation.core.rules import Rules
    from automation.core.snapshot import RollStanding, Snapshot, Standing
    from automation.workbook.layout import Tab

Request = dict[str, Any]

_TICKED = {"userEnteredValue": {"boolValue": True}}
_APART = "note,userEnteredFormat.textFormat.link"
"""What a cell may tell beside its value."""

_ROLL_KEPT = ("number", "present", "excused", "left", "seal")
_RESPONSE = ("key", "answer_hash", "replaced_by")
_MAILBOX = ("draft", "thread", "error")


def list_wipes(snapshot: Snapshot, erasure: Erasure, rules: Rules) -> Iterator[Request]:
    """Yield the requests of an erasure; none overlaps a cell that the plan's changes write."""
    if erasure.empty:
        return
    numbers, stands = erasure.numbers, snapshot.standings
    if DUPLICATES.key in stands:
        yield from _wipe_pairs(stands[DUPLICATES.key], erasure)
    if HANDLED.key in stands:
        yield from _wipe_responses(stands[HANDLED.key], erasure)
    if not numbers:
        return
    for tab in (enrolment_tab(rules.fields.extra), MAIL, MAIL_LOG, JOURNAL):
        if tab.key in stands:
            yield from _wipe_own_columns(tab, stands[tab.key], numbers)
    if MAIL_LOG.key in stands:
        log = stands[MAIL_LOG.key]
        yield from _empty(log.sheet_id, rows_about(log, numbers), _places(log, _MAILBOX))
    for meeting, roll in snapshot.roll_standings.items():
        guests = {name for number, name in erasure.guests if number == meeting}
        yield from _wipe_roll(roll, numbers, guests)


def _wipe_pairs(standing: Standing, erasure: Erasure) -> Iterator[Request]:
    """Empty the rows of Doublons that are about somebody erased."""
    a, b = standing.columns["a"], standing.columns["b"]
    gone = []
    for index, row in enumerate(standing.grid):
        one, other = (parse_integer(cell_at(row, at)) for at in (a, b))
        if index and ({one, other} & erasure.numbers or (one, other) in erasure.pairs):
            gone.append(index)
    yield from _wipe(standing, gone, ())


def _wipe_responses(standing: Standing, erasure: Erasure) -> Iterator[Request]:
    """Forget responses; of those that are still in the sheet, all but what keeps them out."""
    at = standing.columns
    forgotten, hashed, astray = [], [], []
    for index, row in enumerate(standing.grid):
        key = parse_text(cell_at(row, at["key"]))
        theirs = parse_integer(cell_at(row, at["number"])) in erasure.numbers
        if key in erasure.forgotten:
            forgotten.append(index)
        elif theirs and cell_at(row, at["state"]) != HandledState.REPLIED:
            hashed.append(index)
            if parse_text(cell_at(row, at["replaced_by"])) in erasure.forgotten:
                astray.append(index)
    yield from _empty(standing.sheet_id, forgotten, _places(standing, _RESPONSE))
    yield from _empty(standing.sheet_id, hashed, [at["answer_hash"]])
    yield from _empty(standing.sheet_id, astray, [at["replaced_by"]])


def _wipe_own_columns(tab: Tab, standing: Standing, numbers: Collection[int]) -> Iterator[Request]:
    """Empty what is not Cohorte's in the rows of some enrolments."""
    ours = [
        standing.columns[column.key]
        for column in tab.columns
        if column.owner is not Owner.ORGANISER and column.key in standing.columns
    ]
    yield from _wipe(standing, rows_about(standing, numbers), ours)


def _wipe_roll(
    roll: RollStanding, numbers: Collection[int], guests: Collection[str]
) -> Iterator[Request]:
    """Empty the names on an attendance tab; the ticks stay, so that figures do.

    A guest who is one of those erased stays as somebody who came.
    """
    if not roll.columns:
        return
    number, name = roll.columns["number"], roll.columns["name"]
    theirs, unnamed = [], []
    for index, row in enumerate(roll.grid):
        if index <= roll.header:
            continue
        if parse_integer(cell_at(row, number)) in numbers:
            theirs.append(index)
        elif is_blank(cell_at(row, number)) and parse_text(cell_at(row, name)) in guests:
            unnamed.append(index)
    kept = [roll.columns[key] for key in _ROLL_KEPT if key in roll.columns]
    yield from _wipe(roll, theirs, kept)
    present = roll.columns["present"]
    yield from _wipe(roll, unnamed, (present,))
    for index in unnamed:
        start = {"sheetId": roll.sheet_id, "rowIndex": index, "columnIndex": present}
        rows = [{"values": [_TICKED]}]
        yield {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def _places(standing: Standing, keys: Iterable[str]) -> list[int]:
    return [standing.columns[key] for key in keys if key in standing.columns]


def _wipe(
    standing: Standing | RollStanding, rows: Sequence[int], kept: Iterable[int]
) -> Iterator[Request]:
    """Yield what empties rows but for some columns, and takes notes and links off all their cells."""
    sheet_id = standing.sheet_id
    edges = sorted({-1, *kept, standing.column_count})
    gaps = [(one + 1, other) for one, other in pairwise(edges) if other > one + 1]
    for first, last in _runs(rows):
        across = {"sheetId": sheet_id, "startRowIndex": first, "endRowIndex": last + 1}
        for start, end in gaps:
            yield _clear({**across, "startColumnIndex": start, "endColumnIndex": end})
        yield _clear(across, _APART)


def _empty(sheet_id: int, rows: Sequence[int], columns: Iterable[int]) -> Iterator[Request]:
    """Yield what empties some columns of rows."""
    for left, right in _runs(sorted(columns)):
        for first, last in _runs(rows):
            yield _clear(
                {
                    "sheetId": sheet_id,
                    "startRowIndex": first,
                    "endRowIndex": last + 1,
                    "startColumnIndex": left,
                    "endColumnIndex": right + 1,
                }
            )


def _clear(cells: Mapping[str, int], fields: str = "userEnteredValue") -> Request:
    # Cells of the range that no row covers lose what the mask names.
    return {"updateCells": {"range": dict(cells), "fields": fields}}


def _runs(indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending indexes as runs without gaps: the first and the last of each."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs
