"""The committee's figures as values: tables of labelled rows, ready to be shown or suppressed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from automation.core.rules import Language


class Suppressed(Enum):
    """Stands where a figure could point at somebody."""

    SUPPRESSED = "suppressed"


SUPPRESSED = Suppressed.SUPPRESSED

Figure = int | Suppressed | None
"""A count; None where there is none to give, such as the places of a cohort that has no cap."""

OTHER = "other"
"""Key of the row of those who are in no other row."""

NOT_PEOPLE = frozenset({"places", "asked", "meetings", "known"})
"""Columns that tell nothing of who took part: they are never suppressed."""


class Row(Struct, frozen=True, kw_only=True):
    """One row of a table.

    Attributes:
        key: Unique in its table and stable from night to night: a cohort's code, a meeting's
            number, an ISO week such as 2023-W01, a folded answer, or a word of the catalogue
            (`summary.TABLE.KEY`) where there is no label.
        label: As somebody wrote it; "" where the key names the row.
        group: Code of the cohort of a meeting.
        day: The meeting's day, or a week's Monday.
        figures: In the order of the table's columns.
        written: Whether the label is a participant's own words, which may point at them.
    """

    key: str
    label: str = ""
    group: str = ""
    day: date | None = None
    figures: tuple[Figure, ...]
    written: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """Figures of one matter.

    Attributes:
        key: Unique in a summary; for the answers to a question, "needs." and the field's.
        title: The question's label; "" where the catalogue names the table.
        columns: Keys of the columns (`summary.column.KEY`).
        base: How many people answered the question; None for another kind of table.
        exclusive: Whether nobody is in two rows.
        ranked: Whether the rows with the most people come first.
    """

    key: str
    title: str = ""
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    base: Figure = None
    exclusive: bool = False
    ranked: bool = False

    def row(self, key: str) -> Row | None:
        """Return the row of a key, if there is one."""
        return next((row for row in self.rows if row.key == key), None)

    def column(self, name: str) -> tuple[Figure, ...]:
        """Return a column's figures, in the order of the rows."""
        at = self.columns.index(name)
        return tuple(row.figures[at] for row in self.rows)

    def figure(self, key: str, column: str) -> Figure:
        """Return one figure; None where the table has no such row or column."""
        row = self.row(key)
        return row.figures[self.columns.index(column)] if row and column in self.columns else None


class Trend(Struct, frozen=True, kw_only=True):
    """Where the attendance of a cohort is going.

    Attributes:
        meetings: Over how many meetings.
        points: How much the share of those who came changes from one meeting to the next, in
            percentage points: the slope of the straight line that fits best (least squares).
    """

    cohort: str
    meetings: int
    points: float


class Summary(Struct, frozen=True, kw_only=True):
    """What the committee is told of its programme. A person counts once, whatever they registered.

    Attributes:
        made_at: For which instant; aware.
        language: That of the words that come from the installation.
        today: What needs a decision: rows by kind, column count; () in what is shared.
        cohorts: Rows by cohort: places, confirmed, offered, waiting, withdrawn.
        weeks: Rows by ISO week of the first registration, in the spreadsheet's zone, without gaps.
        funnel: Rows answers, persons, seated, came, attested; each but the first is part of the
            one before it. Somebody who came had a seat, whoever withdrew has come all the same.
        comparison: The funnel's persons by cohort, side by side, and the presences it asks for.
        meetings: Rows by meeting whose roll tells anything, in order of time. `expected` are those
            on the roll; a guest recognised by name counts as present, other guests apart.
        themes: The same by theme, over how many meetings.
        loyalty: Those who came, by how often: all (each meeting that tells of them), most (two
            thirds or more), few.
        needs: The answers to the questions that are counted, and the municipalities last.
        trends: By cohort, where three meetings or more are told in full.
        reach: How many people the programme could concern; None where nobody said.
        shared: Whether it may be shown beyond the committee.
    """

    made_at: datetime
    language: Language
    today: Table
    cohorts: Table
    weeks: Table
    funnel: Table
    comparison: Table
    meetings: Table
    themes: Table
    loyalty: Table
    needs: tuple[Table, ...] = ()
    trends: tuple[Trend, ...] = ()
    reach: int | None = None
    shared: bool = False

    @property
    def tables(self) -> Iterator[Table]:
        """Every table, in the order in which they are shown."""
        yield self.today
        yield self.cohorts
        yield self.weeks
        yield self.funnel
        yield self.comparison
        yield self.meetings
        yield self.themes
        yield self.loyalty
        yield from self.needs


def rate(part: Figure, whole: Figure) -> float | None:
    """Return a share, 1.0 for all; None where either figure is not given, or the whole is nobody."""
    if isinstance(part, int) and isinstance(whole, int) and whole > 0:
        return part / whole
    return None
