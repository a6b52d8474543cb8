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

Each of these is proved by other figures that would be shown in the very same way; where no proof is
found, all that hangs together with the figure is held back. What nights told one after the other add
to each other is not considered.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

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
_PATIENCE: Final = 60
"""Steps of one search; a proof takes some ten, seldom forty."""


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
        shared = _map_tables(shared, lambda table: _rank_again(_hide(table, hidden)))
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


def _rank_again(table: Table) -> Table:
    """Put what is shown first, for the order of the rest would tell which of them count more."""
    if not table.ranked:
        return table
    at = table.columns.index("people")

    def order(row: Row) -> tuple[bool, bool, int, str]:
        figure = row.figures[at]
        people = figure if isinstance(figure, int) else 0
        return row.key == OTHER, figure is SUPPRESSED, -people, row.key

    return replace(table, rows=tuple(sorted(table.rows, key=order)))


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


class _Proof(NamedTuple):
    """That a cell might be as much, or as little, as that.

    Attributes:
        needs: What is not known beside it, and would be otherwise.
    """

    value: int
    needs: Collection[Cell]


class _Guard(Struct):
    """Holds figures back until each of them is proved to be safe.

    Attributes:
        below: The threshold.
        free: What a reader does not know: figures held back, and every difference.
        low: The proof that each cell might be least; `high` that it might be most.
        stuck: How often each relation could not be kept, in the searches for a cell that failed.
    """

    web: Web
    below: int
    free: set[Cell] = field(default_factory=set)
    low: dict[Cell, _Proof] = field(default_factory=dict)
    high: dict[Cell, _Proof] = field(default_factory=dict)
    stuck: Counter[int] = field(default_factory=Counter)
    _where: Mapping[Cell, Sequence[tuple[int, int]]] = field(default_factory=dict)
    _twins: Mapping[Place, set[Place]] = field(default_factory=dict)

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

    def _show_again(self, small: AbstractSet[Cell], guarded: AbstractSet[Cell]) -> None:
        """Show what turns out not to be needed, the most valuable first."""
        more = [c for c in self.free if isinstance(c, Place) and c not in small]
        for place in sorted(more, key=lambda c: (-_rank(c), -self.web.values[c], c)):
            family = self._family(place)
            if family & self.free and not small & family:
                self.free -= family
                if not self._stays_safe(family, guarded):
                    self.free |= family

    def _stays_safe(self, shown: AbstractSet[Cell], guarded: AbstractSet[Cell]) -> bool:
        """Tell whether every cell is safe, though some figures are no longer held back."""
        low, high = self.low, self.high
        self.low, self.high = _without_needs(low, shown), _without_needs(high, shown)
        weaker = (low.keys() - self.low.keys()) | (high.keys() - self.high.keys())
        asked = (c for c in weaker - shown if isinstance(c, Place) or c in guarded)
        if all(self._is_safe(cell) for cell in sorted(asked, key=str)):
            return True
        self.low, self.high = low, high
        return False

    def _family(self, place: Place) -> set[Place]:
        """Return a figure, and those that everybody knows to be equal to it."""
        return self._twins.get(place, {place})

    def _is_safe(self, cell: Cell) -> bool:
        self.stuck.clear()
        value = self.web.values[cell]
        if not isinstance(cell, Place):
            return self._reaches(cell, self.below)
        if value < self.below:
            return self._reaches(cell, 0) and self._reaches(cell, self.below - 1)
        return self._reaches(cell, value + 1) or self._reaches(cell, value - 1)

    def _reaches(self, cell: Cell, wanted: int) -> bool:
        """Tell whether a cell might be so little, or so much, as far as a reader knows."""
        values: Mapping[Cell, int] = self.web.values
        low, high = self.low.get(cell), self.high.get(cell)
        least = low.value if low else values[cell]
        most = high.value if high else values[cell]
        if least <= wanted <= most:
            return True
        if self._try(values, cell, wanted - values[cell]) is not None:
            return True
        # A long way may have to be shared among several others: one by one.
        step = 1 if wanted > values[cell] else -1
        if values[cell] + step == wanted:
            return False
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
            self.stuck.update(search.stuck)
            return None
        changed = {**values, **{other: values[other] + by for other, by in changes.items()}}
        truth = self.web.values
        needs = frozenset(c for c, value in changed.items() if value != truth[c])
        for other in needs:
            might = changed[other]
            if might < (self.low[other].value if other in self.low else truth[other]):
                self.low[other] = _Proof(might, needs)
            if might > (self.high[other].value if other in self.high else truth[other]):
                self.high[other] = _Proof(might, needs)
        return changed

    def _next_to_hide(self, cell: Cell) -> Place | None:
        """Return the figure to hold back for a cell's sake; None where none is left.

        Of those in the relation that stood most in the way of a proof, the one that is missed least;
        else of those nearest to the cell.
        """
        for index, _ in self.stuck.most_common():
            shown = self._shown(other for other, _ in self.web.relations[index])
            if shown:
                return shown[0]
        met, frontier = {cell}, [cell]
        while frontier:
            near = {
                other
                for known in frontier
                for index, _ in self._where.get(known, ())
                for other, _ in self.web.relations[index]
            }
            shown = self._shown(near)
            if shown:
                return shown[0]
            frontier = [c for c in near if c not in met]
            met |= near
        return None

    def _shown(self, cells: Iterable[Cell]) -> list[Place]:
        """Return the figures that are shown, among cells; those that are missed least first."""
        shown = (c for c in cells if isinstance(c, Place) and c not in self.free)
        return sorted(shown, key=lambda place: (_rank(place), self.web.values[place], place))


def _without_needs(proofs: Mapping[Cell, _Proof], shown: AbstractSet[Cell]) -> dict[Cell, _Proof]:
    """Return the proofs that hold whatever some figures are."""
    return {cell: proof for cell, proof in proofs.items() if shown.isdisjoint(proof.needs)}


def _rank(place: Place) -> int:
    """Return how much a figure would be missed."""
    name = place.column or "base"
    if place.table == "funnel":
        name = place.row
    elif place.table in {"loyalty", "weeks"}:
        name = place.table
    return _FIRST_TO_GO.index(name)


class _Search(Struct):
    """Looks for other values of what a reader does not know that keep every sum."""

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    where: Mapping[Cell, Sequence[tuple[int, int]]]
    free: Collection[Cell]
    changes: dict[Cell, int] = field(default_factory=dict)
    off: dict[int, int] = field(default_factory=dict)
    patience: int = _PATIENCE
    stuck: Counter[int] = field(default_factory=Counter)

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
        for index, times in self.where.get(cell, ()):
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
        index, ways = self._fewest_ways()
        if not ways:
            self.stuck[index] += 1
        for cell, step in ways:
            self._put(cell, step)
            if self._settle():
                return True
            self._take_back(cell)
        return False

    def _fewest_ways(self) -> tuple[int, list[tuple[Cell, int]]]:
        """Return the sum that has the fewest ways to be mended, and those."""
        fewest: tuple[int, list[tuple[Cell, int]]] | None = None
        for index in self.off:
            ways = self._ways(index)
            if fewest is None or len(ways) < len(fewest[1]):
                fewest = index, ways
            if len(ways) <= 1:
                return index, ways
        assert fewest is not None  # noqa: S101 - only asked while some sum is off
        return fewest

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
