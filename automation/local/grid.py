"""The rows of one sheet, kept in blocks so that a hundred thousand of them stay cheap.

A grid is a row of slots. A slot is a block of at most `BLOCK` rows with their values, or a blank
stretch of any length. Every slot also holds, run-length encoded, what rows carry besides values:
formats, validations, notes, row heights. So formatting a whole column touches one entry a block,
inserting a row touches one block, and the blank tail of a sheet costs nothing.

Values are the JSON of what was entered: null, a boolean, a number, a string, or an object for a
formula (`cells` knows it). A row's list of values has no trailing nulls.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from automation.local.runs import cut_runs, dumps, expand, joined, trim, without_blank_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from automation.local.runs import Extras, Row, Run, Values

BLOCK: Final = 256
_KEPT: Final = 64


class Shelf(Protocol):
    """Where blocks are kept between transactions."""

    def add(self) -> int:
        """The key of a new, empty block."""

    def values(self, key: int) -> str:
        """The JSON of a block's values."""

    def runs(self, key: int) -> str:
        """The JSON of a block's runs."""

    def put_values(self, key: int, text: str) -> None:
        """Keep a block's values."""

    def put_runs(self, key: int, text: str) -> None:
        """Keep a block's runs."""

    def drop(self, key: int) -> None:
        """Forget a block."""


class Slot(Struct):
    """Some consecutive rows.

    Attributes:
        key: Of the block on the shelf.
        count: Rows, at least one.
        used: Rows up to the last one that has a value.
    """

    key: int
    count: int
    used: int


class Grid:
    """The rows of one sheet, 0-based, ends exclusive, within one transaction."""

    def __init__(self, shelf: Shelf, layout: list[list[int]]) -> None:
        self._shelf = shelf
        self._slots = [Slot(*entry) for entry in layout]
        self._starts: list[int] | None = None
        self._values: dict[int, list[Values]] = {}
        self._runs: dict[int, list[Run]] = {}
        self._stale_values: set[int] = set()
        self._stale_runs: set[int] = set()

    @property
    def layout(self) -> list[list[int]]:
        """The slots as JSON, for the sheet's record."""
        return [[slot.key, slot.count, slot.used] for slot in self._slots]

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return sum(slot.count for slot in self._slots)

    @property
    def used(self) -> int:
        """The number of rows up to the last one that has a value."""
        end = self.rows
        for slot in reversed(self._slots):
            end -= slot.count
            if slot.used:
                return end + slot.used
        return 0

    def save(self) -> None:
        """Put what changed on the shelf."""
        for key in self._stale_values:
            self._shelf.put_values(key, dumps(self._values[key]))
        for key in self._stale_runs:
            self._shelf.put_runs(key, dumps(self._runs[key]))
        self._stale_values.clear()
        self._stale_runs.clear()

    # Reading

    def values(self, start: int, stop: int) -> Iterator[Values]:
        """The values of rows `start` to `stop`; they must not be changed."""
        for slot, low, high in self._overlaps(start, stop):
            lists = self._peek_values(slot)[low:high] if slot.used > low else []
            yield from lists
            yield from ([] for _ in range(high - low - len(lists)))

    def extras(self, start: int, stop: int) -> Iterator[Extras]:
        """What rows `start` to `stop` carry besides values; must not be changed."""
        for slot, low, high in self._overlaps(start, stop):
            yield from islice(expand(self._peek_runs(slot)), low, high)

    def spans(self, start: int, stop: int) -> Iterator[Run]:
        """Like `extras`, but a stretch of rows that carry the same at a time."""
        for slot, low, high in self._overlaps(start, stop):
            yield from cut_runs(self._peek_runs(slot), low, high)

    # Changing

    def revalue(
        self, start: int, stop: int, change: Callable[[int, Values], Values], *, blank: bool = True
    ) -> None:
        """Give every row from `start` to `stop` the values that `change(row, values)` returns.

        `change` may alter the list it gets. Without `blank`, rows below the last value of a block
        are not visited: for changes that leave an empty row empty.
        """
        row = start
        while row < stop:
            slot, first = self._writable(row) if blank else self._locate(row)
            end = min(stop, first + slot.count)
            last = end if blank else min(end, first + slot.used)
            if row < last:
                lists = self._load_values(slot)
                lists.extend([] for _ in range(last - first - len(lists)))
                for offset in range(row - first, last - first):
                    lists[offset] = trim(change(first + offset, lists[offset]))
                self._changed(slot, lists)
            row = end

    def restyle(self, start: int, stop: int, change: Callable[[Extras], Extras]) -> None:
        """Give every row from `start` to `stop` the extras that `change(extras)` returns."""
        for slot, low, high in list(self._overlaps(start, stop)):
            runs = self._load_runs(slot)
            middle = [(count, change(extras)) for count, extras in cut_runs(runs, low, high)]
            self._set_runs(
                slot, [*cut_runs(runs, 0, low), *middle, *cut_runs(runs, high, slot.count)]
            )

    def paint(self, start: int, stop: int, extras: Extras) -> None:
        """Give every row from `start` to `stop` the same extras."""
        self.restyle(start, stop, lambda _old: extras)

    def insert(self, at: int, count: int, extras: Extras) -> None:
        """Put `count` blank rows before row `at`."""
        if count:
            index = self._cut(at)
            self._slots.insert(index, self._new_slot([], [(count, extras)], count))
            self._starts = None
            self._mend(index)

    def delete(self, start: int, stop: int) -> None:
        """Take rows away."""
        first, last = self._cut(start), self._cut(stop)
        for slot in self._slots[first:last]:
            self._forget(slot)
        del self._slots[first:last]
        self._starts = None
        self._mend(first)

    def move(self, start: int, stop: int, to: int) -> None:
        """Move rows before the row that has number `to` now; `to` is not inside them."""
        count = stop - start
        first, last = self._cut(start), self._cut(stop)
        moved = self._slots[first:last]
        del self._slots[first:last]
        self._starts = None
        target = to - count if to > start else to
        index = self._cut(target)
        self._slots[index:index] = moved
        self._starts = None
        for seam in (target + count, target, start):
            self._mend(self._index(seam) if seam < self.rows else len(self._slots))

    def rewrite(self, start: int, rows: Iterable[Row]) -> None:
        """Replace as many rows as are given, from `start` on."""
        supply = iter(rows)
        done = 0
        fresh: list[Slot] = []
        while chunk := list(islice(supply, BLOCK)):
            done += len(chunk)
            lists = without_blank_end([trim(list(values)) for values, _ in chunk])
            runs = joined((1, extras) for _, extras in chunk)
            fresh.append(self._new_slot(lists, runs, len(chunk)))
        first, last = self._cut(start), self._cut(start + done)
        for slot in self._slots[first:last]:
            self._forget(slot)
        self._slots[first:last] = fresh
        self._starts = None

    # Slots

    def _overlaps(self, start: int, stop: int) -> Iterator[tuple[Slot, int, int]]:
        """(slot, first row, last row exclusive) within each slot that the rows touch."""
        row = start
        index = self._index(start) if start < stop else 0
        while row < stop:
            slot, first = self._slots[index], self._begin()[index]
            end = min(stop, first + slot.count)
            yield slot, row - first, end - first
            row = end
            index += 1

    def _begin(self) -> list[int]:
        if self._starts is None:
            self._starts, row = [], 0
            for slot in self._slots:
                self._starts.append(row)
                row += slot.count
        return self._starts

    def _index(self, row: int) -> int:
        return bisect_right(self._begin(), row) - 1

    def _locate(self, row: int) -> tuple[Slot, int]:
        index = self._index(row)
        return self._slots[index], self._begin()[index]

    def _writable(self, row: int) -> tuple[Slot, int]:
        """The slot that holds a row, made small enough to take values, and its first row."""
        slot, first = self._locate(row)
        if slot.count > BLOCK:
            self._cut(row)
            if first + slot.count > row + BLOCK:
                self._cut(row + BLOCK)
            slot, first = self._locate(row)
        return slot, first

    def _cut(self, row: int) -> int:
        """The index of the slot that begins at `row`, which is made to begin there."""
        if row >= self.rows:
            return len(self._slots)
        index = self._index(row)
        offset = row - self._begin()[index]
        if offset:
            slot = self._slots[index]
            lists, runs = self._load_values(slot), self._load_runs(slot)
            tail = self._new_slot(
                lists[offset:], cut_runs(runs, offset, slot.count), slot.count - offset
            )
            self._set_runs(slot, cut_runs(runs, 0, offset))
            slot.count = offset
            self._changed(slot, lists[:offset])
            index += 1
            self._slots.insert(index, tail)
            self._starts = None
        return index

    def _mend(self, index: int) -> None:
        """Join the slots around an index while they fit into one block."""
        for right in (index + 1, index):
            if not 0 < right < len(self._slots):
                continue
            slot, after = self._slots[right - 1], self._slots[right]
            if slot.count + after.count <= BLOCK:
                self._join(slot, after)
                del self._slots[right]
                self._starts = None

    def _join(self, slot: Slot, after: Slot) -> None:
        lists = self._load_values(slot)
        lists.extend([] for _ in range(slot.count - len(lists)))
        lists.extend(self._load_values(after))
        self._set_runs(slot, [*self._load_runs(slot), *self._load_runs(after)])
        slot.count += after.count
        self._changed(slot, lists)
        self._forget(after)

    def _new_slot(self, lists: list[Values], runs: list[Run], count: int) -> Slot:
        slot = Slot(self._shelf.add(), count, 0)
        self._set_runs(slot, runs)
        self._changed(slot, lists)
        return slot

    def _forget(self, slot: Slot) -> None:
        for cache in (self._values, self._runs):
            cache.pop(slot.key, None)
        for stale in (self._stale_values, self._stale_runs):
            stale.discard(slot.key)
        self._shelf.drop(slot.key)

    # Blocks

    def _peek_values(self, slot: Slot) -> list[Values]:
        if slot.key in self._values:
            return self._values[slot.key]
        found: list[Values] = json.loads(self._shelf.values(slot.key))
        return found

    def _peek_runs(self, slot: Slot) -> list[Run]:
        if slot.key in self._runs:
            return self._runs[slot.key]
        return [(count, extras) for count, extras in json.loads(self._shelf.runs(slot.key))]

    def _load_values(self, slot: Slot) -> list[Values]:
        lists = self._values[slot.key] = self._peek_values(slot)
        self._spill(slot.key)
        return lists

    def _load_runs(self, slot: Slot) -> list[Run]:
        runs = self._runs[slot.key] = self._peek_runs(slot)
        return runs

    def _changed(self, slot: Slot, lists: list[Values]) -> None:
        self._values[slot.key] = without_blank_end(lists)
        self._stale_values.add(slot.key)
        slot.used = len(lists)
        self._spill(slot.key)

    def _set_runs(self, slot: Slot, runs: Iterable[Run]) -> None:
        self._runs[slot.key] = joined(runs)
        self._stale_runs.add(slot.key)

    def _spill(self, keep: int) -> None:
        """Put the blocks that were used longest ago back on the shelf."""
        while len(self._values) > _KEPT:
            key = next(key for key in self._values if key != keep)
            lists = self._values.pop(key)
            if key in self._stale_values:
                self._stale_values.discard(key)
                self._shelf.put_values(key, dumps(lists))
