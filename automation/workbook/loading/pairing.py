"""Which rows of a file are new, which are there, and which are there in another version.

Who edits an answer overwrites its row in the form's sheet, with its timestamp. So a row of the tab
that a complete later download lacks, while the same person has a later one in it, was overwritten;
and a row that only an earlier download has, is an earlier version of what the person has in the
tab. Where a file lacks more than that, nothing tells another version from a second answer, and the
rows stand side by side. No row is ever taken away.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from automation.core.model import Cell

    CellRow = Sequence[Cell]
    Numbered = Mapping[int, CellRow]
    Near = Mapping[int, set[int]]

_MISSING = 10  # a complete download lacks at most one row in ten
_AGREE = 2  # of name, e-mail and phone: one alone may be a couple's, or a namesake's
_PHONE_DIGITS = 10


class Traits(Struct, frozen=True, kw_only=True):
    """Which columns of a file tell one answer from another: indexes from 0.

    Attributes:
        stamp: Of the time of submission.
        name: In one part or more; () where the form does not ask, as for the others.
    """

    stamp: int
    name: tuple[int, ...] = ()
    email: tuple[int, ...] = ()
    phone: tuple[int, ...] = ()


class Pairing(Struct, frozen=True, kw_only=True):
    """What each row of a file is; rows go by their index from 0.

    Attributes:
        new: Rows that are not there yet, in their order.
        same: Row of the file → the row that shows the same response, otherwise worded.
        edited: Row of the file → the row that it overwrites.
        beside: How many of the new ones may be another version of a row that is there.
    """

    new: tuple[int, ...]
    same: Mapping[int, int]
    edited: Mapping[int, int]
    beside: int


def pair_rows(rows: Sequence[CellRow], there: Sequence[CellRow], traits: Traits) -> Pairing:
    """Return what the rows of a file are to the rows that are there, in the same columns."""
    shown = [show(row) for row in there]
    given: dict[tuple[Cell, ...], int] = {}
    for index, row in enumerate(rows):
        given.setdefault(show(row), index)
    known = set(shown)
    left = {index: rows[index] for row, index in given.items() if row not in known}
    gone = {i: there[i] for i, row in enumerate(shown) if any(row) and row not in given}
    exact = len(given) - len(left)

    same = _pair(_find_near(left, gone, traits, float.__eq__))
    left, gone = _without(left, same), _without(gone, same.values())
    edited = _pair(_find_near(left, gone, traits, float.__gt__))
    outdated = _pair(_find_near(left, _since(rows, gone, traits), traits, float.__lt__))
    overlaps = exact + len(same) > 0
    if not overlaps or (len(gone) - len(edited)) * _MISSING > sum(map(any, shown)):
        edited = {}
    if not overlaps or (len(left) - len(outdated)) * _MISSING > len(given):
        outdated = {}

    new = _without(left, {**edited, **outdated})
    near = _find_near(new, _without(gone, edited.values()), traits, float.__ne__)
    return Pairing(new=tuple(new), same=same, edited=edited, beside=len(near))


def show(row: CellRow) -> tuple[Cell, ...]:
    """Return a row as it is compared: times to some milliseconds, empty as ""."""
    return tuple(map(_normalise, row))


def _normalise(cell: Cell) -> Cell:
    if cell is None:
        return ""
    return round(cell, 7) if isinstance(cell, float) else cell


def _without(rows: Numbered, indexes: Collection[int]) -> dict[int, CellRow]:
    return {index: row for index, row in rows.items() if index not in indexes}


def _since(rows: Sequence[CellRow], there: Numbered, traits: Traits) -> dict[int, CellRow]:
    """Return the rows that came in after the newest of a file."""
    newest = max((at for row in rows if (at := _stamp(row, traits)) is not None), default=None)
    if newest is None:
        return {}
    return {
        index: row
        for index, row in there.items()
        if (at := _stamp(row, traits)) is not None and at > newest
    }


def _stamp(row: CellRow, traits: Traits) -> float | None:
    cell = _normalise(row[traits.stamp])
    return None if isinstance(cell, str | bool) or cell is None else float(cell)


def _find_near(
    rows: Numbered, there: Numbered, traits: Traits, fits: Callable[[float, float], bool]
) -> dict[int, set[int]]:
    """Return the rows there that are the same person's, at a time that fits, where there are any."""
    by_trait: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for index, row in there.items():
        for trait in enumerate(_describe(row, traits)):
            by_trait[trait].add(index)
    found: dict[int, set[int]] = {}
    for index, row in rows.items():
        who, at = _describe(row, traits), _stamp(row, traits)
        alike = [by_trait[trait] for trait in enumerate(who) if trait[1]]
        for other in set().union(*alike):
            then = _stamp(there[other], traits)
            if at is None or then is None or not fits(at, then):
                continue
            if _agree(who, _describe(there[other], traits)):
                found.setdefault(index, set()).add(other)
    return found


def _pair(near: Near) -> dict[int, int]:
    """Return the pairs of which neither side may be part of another."""
    takers: defaultdict[int, int] = defaultdict(int)
    for others in near.values():
        for other in others:
            takers[other] += 1
    only = {index: next(iter(others)) for index, others in near.items() if len(others) == 1}
    return {index: other for index, other in only.items() if takers[other] == 1}


def _describe(row: CellRow, traits: Traits) -> tuple[str, ...]:
    """Return name, e-mail and phone as they are compared, without those that are not asked."""
    found = []
    if traits.name:
        found.append(fold(_text(row, traits.name)))
    if traits.email:
        found.append(_text(row, traits.email).strip().casefold())
    if traits.phone:
        digits = "".join(filter(str.isdecimal, _text(row, traits.phone)))
        found.append(digits[-_PHONE_DIGITS:])
    return tuple(found)


def _text(row: CellRow, places: Sequence[int]) -> str:
    return " ".join(str(row[place] or "") for place in places)


def _agree(who: Sequence[str], other: Sequence[str]) -> bool:
    alike = sum(one == two != "" for one, two in zip(who, other, strict=True))
    return alike >= min(_AGREE, len(who))
