"""Which row of a response tab is which response of the form, as the Forms API lists them.

The sheet knows no ids, and the API no rows: they meet by when an answer was last submitted and by
what it says. Headers play no part, so that a renamed question is no news, nor do the places of rows.
What could be two things stays without an id.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from automation.core.instants import to_wall
from automation.core.responses import cell_text, timestamp_column
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.responses import ResponseTable

Place = tuple[int, int]
"""A response tab's sheet id, and a row of it, from 1."""

_SAME: Final = timedelta(milliseconds=1)
_NEAR: Final = timedelta(seconds=2)
"""The sheet and the API may each note when an answer came in."""
_CROWD: Final = 50


class FormAnswer(Struct, frozen=True, kw_only=True):
    """A response as the Forms API tells it.

    Attributes:
        id: Google's responseId, which stays when the answer is edited.
        submitted_at: When it was last submitted.
        texts: What it says, one text for each question that was answered.
    """

    id: str
    submitted_at: datetime
    texts: tuple[str, ...]


class _Side(NamedTuple):
    """A row or a response, as they are compared: when on the wall, and what it says."""

    wall: datetime
    texts: Counter[str]


def match_rows(
    tables: Iterable[ResponseTable], answers: Iterable[FormAnswer], zone: ZoneInfo
) -> dict[Place, str]:
    """Return the id of each row that is without doubt one response.

    What was submitted at the very instant and says the same is looked for first; then what differs
    by a moment, since two clocks were read; then what says mostly the same, since an organiser may
    have corrected a cell, and a date is not written alike on both sides. Neither side may have two
    candidates.
    """
    given = {answer.id: _read_answer(answer, zone) for answer in answers}
    if not given:
        return {}
    rows = {place: row for table in tables for place, row in _read_rows(table)}
    found: dict[Place, str] = {}
    for tolerance, whole in ((_SAME, True), (_NEAR, True), (_SAME, False), (_NEAR, False)):
        if not (rows and given):
            break
        pairs = _pair(rows, given, tolerance, whole=whole)
        found |= pairs
        rows = {place: row for place, row in rows.items() if place not in pairs}
        taken = set(pairs.values())
        given = {key: side for key, side in given.items() if key not in taken}
    return found


def _read_rows(table: ResponseTable) -> Iterator[tuple[Place, _Side]]:
    stamps = timestamp_column([fold(cell_text(cell)) for cell in table.header])
    for number, row in enumerate(table.rows, start=2):
        wall = to_wall(row[stamps]) if stamps < len(row) else None
        if wall is not None:
            cells = (cell for index, cell in enumerate(row) if index != stamps)
            yield (table.sheet_id, number), _Side(wall, _count(map(cell_text, cells)))


def _read_answer(answer: FormAnswer, zone: ZoneInfo) -> _Side:
    # On the wall, so that the hour that comes twice in autumn is no riddle.
    wall = answer.submitted_at.astimezone(zone).replace(tzinfo=None)
    return _Side(wall, _count(answer.texts))


def _count(texts: Iterable[str]) -> Counter[str]:
    return Counter(filter(None, map(fold, texts)))


def _pair(
    rows: dict[Place, _Side], given: dict[str, _Side], tolerance: timedelta, *, whole: bool
) -> dict[Place, str]:
    """Return the pairs of which neither side could be part of another."""
    order = sorted(given, key=lambda key: given[key].wall)
    walls = [given[key].wall for key in order]
    near = {
        place: [
            key
            for key in _within(row.wall, order, walls, tolerance)
            if _agree(row.texts, given[key].texts, whole=whole)
        ]
        for place, row in rows.items()
    }
    takers: defaultdict[str, int] = defaultdict(int)
    for keys in near.values():
        for key in keys:
            takers[key] += 1
    only = {place: keys[0] for place, keys in near.items() if len(keys) == 1}
    return {place: key for place, key in only.items() if takers[key] == 1}


def _within(
    wall: datetime, order: Sequence[str], walls: Sequence[datetime], tolerance: timedelta
) -> Sequence[str]:
    """Return the responses of a moment; none where they are a crowd, of which none could be meant."""
    first, last = bisect_left(walls, wall - tolerance), bisect_right(walls, wall + tolerance)
    return order[first:last] if last - first <= _CROWD else ()


def _agree(row: Counter[str], answer: Counter[str], *, whole: bool) -> bool:
    """Tell whether a row says all that an answer does, or most of it; columns may be added."""
    shared, said = (row & answer).total(), answer.total()
    return bool(said) and (shared == said if whole else 2 * shared > said)
