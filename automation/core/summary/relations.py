"""What a reader can add and subtract: how the figures of a summary hang together.

Figures are linked by sums that are zero. Some terms are no figures but differences that anybody can
work out, such as those who had a seat and never came: a difference counts people too.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.summary.tables import Summary, Table


class Place(NamedTuple):
    """Where a figure stands: table, row and column; a base has neither row nor column."""

    table: str
    row: str = ""
    column: str = ""


Cell = Place | int
"""A figure, or a difference, counted from 0."""

Relation = tuple[tuple[Cell, int], ...]
"""Terms of a sum that is zero: each cell, and how often it counts."""

_STEPS = (("persons", "enrolled"), ("seated",) * 2, ("came",) * 2, ("attested",) * 2)
"""The funnel's rows, each with its column of the comparison; every one is part of those before."""


class Web(Struct):
    """Figures and differences, and what links them.

    Attributes:
        values: Of every cell, none below 0.
        guarded: The differences that count some people apart: they may point at somebody.
    """

    values: dict[Cell, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    guarded: set[Cell] = field(default_factory=set)
    _differences: int = 0

    def link(self, whole: Iterable[Cell], parts: Iterable[Cell], *, guarded: bool) -> None:
        """Note that a sum is at least another one, and by how much.

        Nothing is noted where a figure is not given, or where the facts are otherwise: attendance
        may tell of people whose row has gone.

        Args:
            guarded: Whether the difference counts people.
        """
        terms = _subtract(whole, parts)
        left = self._sum(terms)
        if left is None or left < 0:
            return
        difference = self._differences
        self._differences += 1
        self.values[difference] = left
        self.relations.append((*terms, (difference, -1)))
        if guarded:
            self.guarded.add(difference)

    def equate(self, whole: Iterable[Cell], parts: Iterable[Cell]) -> None:
        """Note that two sums are equal, if they are."""
        terms = _subtract(whole, parts)
        if self._sum(terms) == 0:
            self.relations.append(terms)

    def _sum(self, terms: Relation) -> int | None:
        """Return what terms add up to; None where one of them is not given."""
        if any(cell not in self.values for cell, _ in terms):
            return None
        return sum(self.values[cell] * times for cell, times in terms)


def _subtract(whole: Iterable[Cell], parts: Iterable[Cell]) -> Relation:
    """Return the terms of a difference, each cell once, with how often it counts in all."""
    counts: defaultdict[Cell, int] = defaultdict(int)
    for cell in whole:
        counts[cell] += 1
    for cell in parts:
        counts[cell] -= 1
    return tuple((cell, times) for cell, times in counts.items() if times)


def weave(summary: Summary, figures: dict[Place, int]) -> Web:
    """Return how the figures of a summary hang together.

    Args:
        figures: Those that count people.
    """
    web = Web(values=dict(figures.items()))
    codes = [row.key for row in summary.cohorts.rows]
    _link_steps(web, codes)
    for code in codes:
        _link_seats(web, code)
        _link_attendance(web, summary, code)
    _link_meetings(web, summary)
    _link_themes(web, summary)
    _link_partitions(web, summary)
    for table in summary.needs:
        _link_answers(web, table)
    return web


def _funnel(row: str) -> Place:
    return Place("funnel", row, "people")


def _link_steps(web: Web, codes: Sequence[str]) -> None:
    """Each step of the funnel is part of those before it, in all and in each cohort."""
    for (before, before_here), (after, after_here) in combinations(_STEPS, 2):
        web.link([_funnel(before)], [_funnel(after)], guarded=True)
        for code in codes:
            whole = Place("comparison", code, before_here)
            web.link([whole], [Place("comparison", code, after_here)], guarded=True)
    for everywhere, here in _STEPS:
        cohorts = [Place("comparison", code, here) for code in codes]
        total = _funnel(everywhere)
        _link_total(web, total, cohorts)


def _link_total(web: Web, total: Place, cohorts: Sequence[Place]) -> None:
    """Cohorts add up to the total, but for who is in several, and for who is in none."""
    given = [cohort for cohort in cohorts if cohort in web.values]
    if len(given) == 1:
        web.equate([total], given)
    web.link(given, [total], guarded=False)
    web.link([total], given, guarded=False)
    if len(given) > 1:
        for cohort in given:
            web.link([total], [cohort], guarded=True)


def _link_seats(web: Web, code: str) -> None:
    def here(column: str) -> Place:
        return Place("cohorts", code, column)

    states = [here(column) for column in ("confirmed", "offered", "waiting", "withdrawn")]
    web.link([Place("comparison", code, "enrolled")], states, guarded=True)
    web.link([Place("comparison", code, "seated")], [here("confirmed")], guarded=True)


def _link_attendance(web: Web, summary: Summary, code: str) -> None:
    """Add presences up.

    Who came did so once at least, who earned an attestation as often as it asks, and nobody oftener
    than there were meetings.
    """
    came, attested = (Place("comparison", code, column) for column in ("came", "attested"))
    seated = Place("comparison", code, "seated")
    meetings = [row.key for row in summary.meetings.rows if fold(row.group) == fold(code)]
    present = [Place("meetings", key, "present") for key in meetings]
    for key in meetings:
        web.link([came], [Place("meetings", key, "present")], guarded=True)
        web.link([_funnel("came")], [Place("meetings", key, "present")], guarded=True)
        web.link([seated], [Place("meetings", key, "expected")], guarded=True)
    if not meetings:
        return
    web.link(present, [came], guarded=False)
    asked = summary.comparison.figure(code, "asked")
    if isinstance(asked, int):
        fewer = max(asked, 1) - 1
        web.link(present, [came, *[attested] * fewer], guarded=False)
        most = [*[attested] * len(meetings), *[came] * fewer]
        web.link(most, [*present, *[attested] * fewer], guarded=False)


def _link_meetings(web: Web, summary: Summary) -> None:
    """Whoever was expected came or did not; a guest recognised by name was not expected."""
    for row in summary.meetings.rows:
        expected = Place("meetings", row.key, "expected")
        marks = [
            Place("meetings", row.key, column)
            for column in ("present", "excused", "absent", "unknown")
            if column in summary.meetings.columns
        ]
        web.link([expected], marks, guarded=True)


def _link_themes(web: Web, summary: Summary) -> None:
    by_theme: defaultdict[str, list[str]] = defaultdict(list)
    for row in summary.meetings.rows:
        by_theme[fold(row.label)].append(row.key)
    for theme, keys in by_theme.items():
        for column in summary.meetings.columns:
            parts = [Place("meetings", key, column) for key in keys]
            web.equate([Place("themes", theme, column)], parts)


def _link_partitions(web: Web, summary: Summary) -> None:
    weeks = [Place("weeks", row.key, "people") for row in summary.weeks.rows]
    web.link([_funnel("persons")], weeks, guarded=True)
    faith = [Place("loyalty", row.key, "people") for row in summary.loyalty.rows]
    web.equate([_funnel("came")], faith)


def _link_answers(web: Web, table: Table) -> None:
    base = Place(table.key)
    web.link([_funnel("persons")], [base], guarded=True)
    rows = [Place(table.key, row.key, "people") for row in table.rows]
    if table.exclusive:
        web.equate([base], rows)
        return
    web.link(rows, [base], guarded=False)
    for row in rows:
        web.link([base], [row], guarded=True)


def neighbours(relations: Sequence[Relation]) -> dict[Cell, list[tuple[int, int]]]:
    """Return in which relations each cell stands, by place in the list, and how often it counts."""
    found: defaultdict[Cell, list[tuple[int, int]]] = defaultdict(list)
    for index, relation in enumerate(relations):
        for cell, times in relation:
            found[cell].append((index, times))
    return dict(found)


def find_twins(relations: Iterable[Relation]) -> dict[Place, set[Place]]:
    """Return the figures that everybody knows to be equal: whoever sees one sees the other."""
    twins: dict[Place, set[Place]] = {}
    for relation in relations:
        cells = [cell for cell, _ in relation if isinstance(cell, Place)]
        if len(cells) == len(relation) == 2:  # noqa: PLR2004 - one and the other
            family = set().union(*(twins.get(cell, {cell}) for cell in cells))
            twins.update(dict.fromkeys(family, family))
    return twins
