"""Figures that could point at somebody are held back, so that they can't be worked out either.

A figure of fewer people than the threshold is suppressed, nobody included: were zeros shown, a
suppressed figure would be known to count one person at least, and two that add up to two would be
known exactly. As many other figures follow as it takes (complementary suppression: Cox, Journal of
the American Statistical Association 75, 1980) for this to hold of whoever reads all that is shown and
knows how it hangs together (`relations`):

- a suppressed figure under the threshold could be nobody, and could be as many as that allows;
- any other figure that is held back could be another number;
- the difference of two figures, one of which counts some of the people of the other, counts people
  too: where it is small, it could be the threshold or more. But that everyone who did one thing did
  another points at no one: a difference of nobody may be known.

Each of these is proved by other figures that would be shown in the very same way; what can't be proved
so is held back too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from automation.core.summary.relations import Cell, Place, Web, find_twins, neighbours, weave
from automation.core.summary.tables import NOT_PEOPLE, OTHER, SUPPRESSED, Row
from automation.core.summary.today import NONE_TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from automation.core.summary.relations import Relation
    from automation.core.summary.tables import Figure, Summary, Table, Trend

_INTERNAL: Final = frozenset({"excused", "absent", "unknown"})
"""Columns that only say why somebody did not come: they are not shared."""

# What is missed least goes first.
_FIRST_TO_GO: Final = (
    "guests",
    "expected",
    "seated",
    "came",
    "loyalty",
    "weeks",
    "withdrawn",
    "offered",
    "waiting",
    "attested",
    "present",
    "people",
    "base",
    "enrolled",
    "confirmed",
    "persons",
    "answers",
)
_PATIENCE: Final = 400
"""Steps of one search; a proof takes some ten."""


def suppress(summary: Summary, below: int) -> Summary:
    """Return what may be shown beyond the committee.

    Without what needs a decision, the reasons for absences, or a participant's own words that fewer
    people share: those people are counted under `OTHER`.

    Args:
        below: The fewest people that a figure may count and be shown; 1 shows every figure.
    """
    shared = _share(summary, below)
    if below > 1:
        hidden = find_hidden(shared, below)
        shared = _map_tables(shared, lambda table: _hide(table, hidden))
        shared = replace(shared, weeks=_trim(shared.weeks))
    return replace(shared, trends=_tell_trends(shared))


def _share(summary: Summary, below: int) -> Summary:
    summary = replace(
        summary, today=NONE_TODAY, needs=tuple(_gather(table, below) for table in summary.needs)
    )
    return replace(
        summary,
        meetings=_without(summary.meetings, _INTERNAL),
        themes=_without(summary.themes, _INTERNAL),
        shared=True,
    )


def _without(table: Table, columns: Iterable[str]) -> Table:
    kept = [i for i, column in enumerate(table.columns) if column not in columns]
    rows = (replace(row, figures=tuple(row.figures[i] for i in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=tuple(rows))


def _gather(table: Table, below: int) -> Table:
    """Count those whose own words too few people share in one row, the last.

    It is always there, for its absence would tell that it counts nobody.
    """
    at = table.columns.index("people")
    rare = {
        row.key
        for row in table.rows
        if row.key == OTHER or (row.written and _is_small(row.figures[at], below))
    }
    people = sum(
        figure
        for row in table.rows
        if row.key in rare and isinstance(figure := row.figures[at], int)
    )
    figures = tuple(people if i == at else None for i in range(len(table.columns)))
    kept = (row for row in table.rows if row.key not in rare)
    return replace(table, rows=(*kept, Row(key=OTHER, figures=figures)))


def _is_small(figure: Figure, below: int) -> bool:
    return isinstance(figure, int) and figure < below


def _hide(table: Table, hidden: frozenset[Place]) -> Table:
    def shown(place: Place, figure: Figure) -> Figure:
        return SUPPRESSED if place in hidden else figure

    rows = (
        replace(
            row,
            figures=tuple(
                shown(Place(table.key, row.key, column), figure)
                for column, figure in zip(table.columns, row.figures, strict=True)
            ),
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows), base=shown(Place(table.key), table.base))


def _trim(weeks: Table) -> Table:
    """Leave out the suppressed weeks at both ends: there, somebody must have registered."""
    shown = [i for i, row in enumerate(weeks.rows) if SUPPRESSED not in row.figures]
    return replace(weeks, rows=weeks.rows[shown[0] : shown[-1] + 1] if shown else ())


def _map_tables(summary: Summary, change: Callable[[Table], Table]) -> Summary:
    return replace(
        summary,
        cohorts=change(summary.cohorts),
        weeks=change(summary.weeks),
        funnel=change(summary.funnel),
        comparison=change(summary.comparison),
        meetings=change(summary.meetings),
        themes=change(summary.themes),
        loyalty=change(summary.loyalty),
        needs=tuple(map(change, summary.needs)),
    )


def _tell_trends(summary: Summary) -> tuple[Trend, ...]:
    """Return the trends of the cohorts whose every meeting is shown in full."""
    told = zip(
        summary.meetings.rows,
        summary.meetings.column("expected"),
        summary.meetings.column("present"),
        strict=True,
    )
    silent = {row.group for row, *figures in told if SUPPRESSED in figures}
    return tuple(trend for trend in summary.trends if trend.cohort not in silent)


def find_hidden(summary: Summary, below: int) -> frozenset[Place]:
    """Return which figures must be held back, the others being shown."""
    figures = dict(_list_figures(summary))
    guard = _Guard(web=weave(summary, figures), below=below)
    return guard.find_hidden()


def _list_figures(summary: Summary) -> Iterator[tuple[Place, int]]:
    """Yield the figures that count people."""
    for table in summary.tables:
        if isinstance(table.base, int):
            yield Place(table.key), table.base
        for row in table.rows:
            for column, figure in zip(table.columns, row.figures, strict=True):
                if isinstance(figure, int) and column not in NOT_PEOPLE:
                    yield Place(table.key, row.key, column), figure


@dataclass(slots=True)
class _Guard:
    """Holds figures back until each of them is proved to be safe.

    Attributes:
        below: The threshold.
        free: What a reader does not know: figures held back, and every difference.
        seen: The least and the most that each cell was proved to be possibly.
    """

    web: Web
    below: int
    free: set[Cell] = field(default_factory=set)
    seen: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    _where: dict[Cell, list[int]] = field(default_factory=dict)
    _twins: dict[Place, set[Place]] = field(default_factory=dict)

    def find_hidden(self) -> frozenset[Place]:
        """Return the figures that are held back in the end."""
        values = self.web.values
        small = {c for c, v in values.items() if v < self.below and isinstance(c, Place)}
        apart = {c for c in self.web.guarded if 0 < values[c] < self.below}
        self._where = neighbours(self.web.relations)
        self._twins = find_twins(self.web.relations)
        self.free = small | {c for c in values if not isinstance(c, Place)}
        self._hide_more([*sorted(small), *sorted(apart, key=str)])
        self._show_again(small, small | apart)
        return frozenset(c for c in self.free if isinstance(c, Place))

    def _hide_more(self, waiting: list[Cell]) -> None:
        """Hold other figures back until every cell is safe, and they are too."""
        while waiting:
            cell = waiting.pop()
            while not self._is_safe(cell) and (further := self._next_to_hide(cell)) is not None:
                family = self._family(further) - self.free
                self.free |= family
                waiting += sorted(family)

    def _show_again(self, small: AbstractSet[Cell], guarded: Collection[Cell]) -> None:
        """Show what turns out not to be needed, the most valuable first."""
        more = [c for c in self.free if isinstance(c, Place) and c not in small]
        for place in sorted(more, key=lambda c: (-_rank(c), -self.web.values[c], c)):
            family = self._family(place)
            if family & self.free and not small & family:
                self.free -= family
                if not self._stays_safe(family, guarded):
                    self.free |= family

    def _stays_safe(self, shown: Iterable[Cell], guarded: Collection[Cell]) -> bool:
        """Tell whether every cell is safe, though some figures are no longer held back."""
        proofs, self.seen = self.seen, {}
        for cell in self._around(shown):
            kept_back = isinstance(cell, Place) and cell in self.free
            if (kept_back or cell in guarded) and not self._is_safe(cell):
                self.seen = proofs
                return False
        # What was proved elsewhere holds.
        self.seen = {**proofs, **self.seen}
        return True

    def _around(self, start: Iterable[Cell]) -> Iterator[Cell]:
        """Yield what hangs together with cells through others that a reader doesn't know."""
        met, frontier = set(start), list(start)
        while frontier:
            near = dict.fromkeys(
                other
                for known in frontier
                for index in self._where.get(known, ())
                for other, _ in self.web.relations[index]
                if other in self.free and other not in met
            )
            yield from near
            met.update(near)
            frontier = list(near)

    def _family(self, place: Place) -> set[Place]:
        """Return a figure, and those that everybody knows to be equal to it."""
        return self._twins.get(place, {place})

    def _is_safe(self, cell: Cell) -> bool:
        value = self.web.values[cell]
        if not isinstance(cell, Place):
            return self._reaches(cell, self.below)
        if value < self.below:
            return self._reaches(cell, 0) and self._reaches(cell, self.below - 1)
        return self._reaches(cell, value + 1) or self._reaches(cell, value - 1)

    def _reaches(self, cell: Cell, wanted: int) -> bool:
        """Tell whether a cell might be so little, or so much, as far as a reader knows."""
        values: Mapping[Cell, int] = self.web.values
        low, high = self.seen.get(cell, (values[cell],) * 2)
        if low <= wanted <= high:
            return True
        if self._try(values, cell, wanted - values[cell]) is not None:
            return True
        # A long way may have to be shared among several others: one by one.
        step = 1 if wanted > values[cell] else -1
        while values[cell] != wanted:
            further = self._try(values, cell, step)
            if further is None:
                return False
            values = further
        return True

    def _try(self, values: Mapping[Cell, int], cell: Cell, step: int) -> Mapping[Cell, int] | None:
        """Return other values that would be shown in the same way, and note what they prove."""
        search = _Search(
            values=values, relations=self.web.relations, where=self._where, free=self.free
        )
        changes = search.change(cell, step)
        if changes is None:
            return None
        for other, by in changes.items():
            low, high = self.seen.get(other, (self.web.values[other],) * 2)
            might = values[other] + by
            self.seen[other] = min(low, might), max(high, might)
        return {**values, **{other: values[other] + by for other, by in changes.items()}}

    def _next_to_hide(self, cell: Cell) -> Place | None:
        """Return the figure nearest to a cell that is missed least; None where none is left."""
        met, frontier = {cell}, [cell]
        while frontier:
            near = {
                other
                for known in frontier
                for index in self._where.get(known, ())
                for other, _ in self.web.relations[index]
            }
            shown = [c for c in near if isinstance(c, Place) and c not in self.free]
            if shown:
                return min(shown, key=lambda place: (_rank(place), self.web.values[place], place))
            frontier = [c for c in near if c not in met]
            met |= near
        return None


def _rank(place: Place) -> int:
    """Return how much a figure would be missed."""
    name = place.column or "base"
    if place.table == "funnel":
        name = place.row
    elif place.table in {"loyalty", "weeks"}:
        name = place.table
    return _FIRST_TO_GO.index(name)


@dataclass(slots=True)
class _Search:
    """Looks for other values of what a reader does not know that keep every sum."""

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    where: Mapping[Cell, Sequence[int]]
    free: Collection[Cell]
    changes: dict[Cell, int] = field(default_factory=dict)
    off: dict[int, int] = field(default_factory=dict)
    patience: int = _PATIENCE

    def change(self, cell: Cell, step: int) -> dict[Cell, int] | None:
        """Return what must change with a cell, that included; None where nothing was found."""
        if self.values[cell] + step < 0:
            return None
        self._put(cell, step)
        return self.changes if self._settle() else None

    def _put(self, cell: Cell, step: int) -> None:
        self.changes[cell] = step
        self._shift(cell, step)

    def _take_back(self, cell: Cell) -> None:
        self._shift(cell, -self.changes.pop(cell))

    def _shift(self, cell: Cell, step: int) -> None:
        for index in self.where.get(cell, ()):
            times = next(times for other, times in self.relations[index] if other == cell)
            self.off[index] = self.off.get(index, 0) + times * step
            if not self.off[index]:
                del self.off[index]

    def _settle(self) -> bool:
        """Mend every sum that is off, the one with the fewest ways first."""
        if not self.off:
            return True
        self.patience -= 1
        if self.patience < 0:
            return False
        ways = min((self._ways(index) for index in self.off), key=len)
        for cell, step in ways:
            self._put(cell, step)
            if self._settle():
                return True
            self._take_back(cell)
        return False

    def _ways(self, index: int) -> list[tuple[Cell, int]]:
        """Return which cells could mend a sum, and by how much; those in few other sums first."""
        off = self.off[index]
        ways = [
            (cell, -off // times)
            for cell, times in self.relations[index]
            if cell in self.free
            and cell not in self.changes
            and off % times == 0
            and self.values[cell] - off // times >= 0
        ]
        return sorted(ways, key=lambda way: len(self.where[way[0]]))
