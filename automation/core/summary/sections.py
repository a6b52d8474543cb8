"""The figures as they are shown: titled tables in words, each with the chart that tells it best.

One description for every place that shows them: the tab Sommaire, the partners' copy, the report and
the terminal. Shares stand beside the figures that they come from, and are left out where one of those
is suppressed.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from babel.dates import format_date
from msgspec import Struct
from msgspec.structs import replace

from automation import locale
from automation.core.summary.needs import NEEDS
from automation.core.summary.tables import OTHER, SUPPRESSED, rate
from automation.core.summary.words import (
    name_column,
    name_row,
    name_table,
    tell_figure,
    tell_share,
    tell_trend,
)
from automation.core.text import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.core.summary.tables import Figure, Row, Summary, Table

Value = int | float | str | None
"""A count, a share (1.0 for all), the mark of a suppressed figure, or nothing to give."""

_LAST: Final = {"weeks": 53, "meetings": 40, "rates": 40, "cohorts": 30, "comparison": 30}
"""Of tables in order of time, so many rows are shown, the last ones."""
_FIRST: Final = 15
"""Of ranked ones, the first."""
_MOST_LINES: Final = 6
"""Cohorts whose attendance is drawn as a line: the last ones."""
_LABEL: Final = 90
_SHADES: Final = {
    "confirmed": "#3E8E5E",
    "offered": "#4F87B8",
    "waiting": "#E0A33A",
    "present": "#3E8E5E",
    "excused": "#E0A33A",
    "absent": "#C4604A",
    "unknown": "#C3CBD0",
    "known": "#C3CBD0",
    "enrolled": "#B9CCDA",
    "seated": "#6F9DC0",
    "came": "#2F6690",
    "attested": "#3E8E5E",
}
"""What means the same has the same colour everywhere; the others follow one another."""
_OTHER_SHADES: Final = ("#2F6690", "#E0A33A", "#3E8E5E", "#C4604A", "#7A5C99", "#6B7F8A")
_BY_MEETING: Final = ("present", "excused", "absent", "unknown")


class Plot(StrEnum):
    """How a table is drawn."""

    COLUMNS = "columns"
    STACKED_COLUMNS = "stacked_columns"
    BARS = "bars"
    STACKED_BARS = "stacked_bars"
    LINES = "lines"
    PIE = "pie"

    @property
    def lies(self) -> bool:
        """Whether its bars go from left to right, with room for long labels."""
        return self in {Plot.BARS, Plot.STACKED_BARS}


class Column(Struct, frozen=True, kw_only=True):
    """A column of a section.

    Attributes:
        share: Whether its values are shares rather than counts.
        plotted: Whether the chart draws it.
    """

    key: str
    label: str
    share: bool = False
    plotted: bool = False


class Line(Struct, frozen=True, kw_only=True):
    """A line of a section.

    Attributes:
        key: The row's.
        short: Its label where there is little room.
        values: In the order of the columns.
    """

    key: str
    label: str
    short: str
    values: tuple[Value, ...]


class Section(Struct, frozen=True, kw_only=True):
    """A table as it is shown.

    Attributes:
        key: The table's.
        corner: Header of the labels.
        notes: Sentences below the title.
        plot: None where a chart would say no more than the table.
    """

    key: str
    title: str
    corner: str = ""
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    plot: Plot | None = None


def list_sections(summary: Summary) -> tuple[Section, ...]:
    """Return what is shown of a summary, in order; a table without rows is left out."""
    pen = _Pen(summary)
    first = [] if summary.shared and not summary.today.rows else [pen.today()]
    sections = (
        pen.cohorts(),
        pen.weeks(),
        pen.funnel(),
        pen.comparison(),
        pen.meetings(),
        pen.rates(),
        pen.themes(),
        pen.loyalty(),
        *(pen.need(table) for table in summary.needs),
    )
    return (*first, *(section for section in sections if section.lines))


class _Pen:
    """Puts the tables of one summary into words."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._language = summary.language.value

    def today(self) -> Section:
        """Only what there is any of, so that a calm day shows at a glance."""
        table = self._summary.today
        rows = [row for row in table.rows if any(row.figures)]
        section = self._section(table, rows)
        return section if rows else _noted(section, self._say("nothing_today"))

    def cohorts(self) -> Section:
        table = self._summary.cohorts
        plotted = ("confirmed", "offered", "waiting")
        shares = {"fill": _shares(table, "confirmed", "places")}
        return self._section(table, table.rows, shares, plotted, Plot.STACKED_COLUMNS)

    def weeks(self) -> Section:
        table = self._summary.weeks
        return self._section(table, table.rows, {}, ("people",), Plot.COLUMNS)

    def funnel(self) -> Section:
        table, summary = self._summary.funnel, self._summary
        persons = table.figure("persons", "people")
        shares = {
            row.key: None if row.key in {"answers", "persons"} else rate(row.figures[0], persons)
            for row in table.rows
        }
        section = self._section(
            table, table.rows, {"of_persons": shares}, ("people",), Plot.BARS, corner="step"
        )
        share = rate(persons, summary.reach)
        if share is None:
            return section
        values = {"persons": persons, "reach": summary.reach}
        return _noted(section, self._say("reach", **values, share=self._percent(share)))

    def comparison(self) -> Section:
        table = self._summary.comparison
        plotted = ("enrolled", "seated", "came", "attested") if len(table.rows) > 1 else ()
        return self._section(table, table.rows, {}, plotted, Plot.COLUMNS, corner="cohort")

    def meetings(self) -> Section:
        table = self._summary.meetings
        shares = {"attendance": _shares(table, "present", "expected")}
        section = self._section(table, table.rows, shares, _BY_MEETING, Plot.STACKED_BARS)
        trends = (tell_trend(trend, self._language) for trend in self._summary.trends)
        return _noted(section, *trends)

    def rates(self) -> Section:
        """Return the cohorts' attendance from meeting to meeting, beside one another."""
        shares = _shares(self._summary.meetings, "present", "expected")
        by_cohort: defaultdict[str, list[float | None]] = defaultdict(list)
        for row in self._summary.meetings.rows:
            by_cohort[row.group].append(shares[row.key])
        shown = list(by_cohort.items())[-_MOST_LINES:]
        if not shown:
            return Section(key="rates", title="")
        length = max(len(told) for _, told in shown)
        lines = tuple(
            Line(
                key=str(at + 1),
                label=self._say("nth_meeting", number=at + 1),
                short=str(at + 1),
                values=tuple(_rounded(told[at]) if at < len(told) else None for _, told in shown),
            )
            for at in range(length)
        )
        return Section(
            key="rates",
            title=self._title("rates"),
            corner=self._corner("rates"),
            columns=tuple(Column(key=c, label=c, share=True, plotted=True) for c, _ in shown),
            # One point makes no line.
            lines=lines[-_LAST["rates"] :] if max(_told(told) for _, told in shown) > 1 else (),
            plot=Plot.LINES,
        )

    def themes(self) -> Section:
        table = self._summary.themes
        shares = {"attendance": _shares(table, "present", "expected")}
        return self._section(table, table.rows, shares, ("attendance",), Plot.BARS)

    def loyalty(self) -> Section:
        table = self._summary.loyalty
        if not any(table.column("people")):
            return Section(key=table.key, title="")
        shares = {"of_came": _parts(table)}
        return self._section(table, table.rows, shares, ("people",), Plot.PIE)

    def need(self, table: Table) -> Section:
        """Return the answers to a question, or the municipalities."""
        known = "known" in table.columns and any(table.column("known"))
        shares = (
            {"reached": _shares(table, "people", "known")}
            if known
            else {"of_answers": {row.key: rate(row.figures[0], table.base) for row in table.rows}}
        )
        plotted = ("people", "known") if known else ("people",)
        shown = tuple(name for name in table.columns if name != "known" or known)
        rows = table.rows[:_FIRST] if table.ranked else table.rows
        if all(row.key == OTHER for row in rows):
            return Section(key=table.key, title="")
        corner = "municipality" if table.key == f"{NEEDS}municipality" else "answer"
        # Answers that nobody shares make bars that are all alike.
        told = any(row.figures[0] is SUPPRESSED or (row.figures[0] or 0) > 1 for row in rows)
        plot = Plot.BARS if told or not table.ranked else None
        section = self._section(table, rows, shares, plotted, plot, corner, shown)
        notes = [self._say("base", count=tell_figure(table.base, self._language))]
        if not table.exclusive:
            notes.append(self._say("several"))
        if len(table.rows) > len(rows):
            notes.append(self._say("more_answers", count=len(table.rows) - len(rows)))
        return _noted(section, " ".join(notes))

    def _section(  # noqa: PLR0913, PLR0917 - a table and how it is shown
        self,
        table: Table,
        rows: Sequence[Row],
        shares: Mapping[str, Mapping[str, float | None]] | None = None,
        plotted: Sequence[str] = (),
        plot: Plot | None = None,
        corner: str = "",
        shown: Sequence[str] | None = None,
    ) -> Section:
        shares, names = shares or {}, table.columns if shown is None else shown
        last = rows[-_LAST[table.key] :] if table.key in _LAST else rows
        columns = (
            *(self._column(name, plotted) for name in names),
            *(self._column(name, plotted, share=True) for name in shares),
        )
        drawn = plot if any(column.plotted for column in columns) else None
        return Section(
            key=table.key,
            title=name_table(table, self._language),
            corner=self._corner(corner or table.key),
            columns=columns,
            lines=tuple(self._line(table, row, names, shares.values()) for row in last),
            plot=drawn,
        )

    def _column(self, name: str, plotted: Sequence[str], *, share: bool = False) -> Column:
        label = name_column(name, self._language)
        return Column(key=name, label=label, share=share, plotted=name in plotted)

    def _line(
        self,
        table: Table,
        row: Row,
        names: Sequence[str],
        shares: Iterable[Mapping[str, float | None]],
    ) -> Line:
        told = dict(zip(table.columns, row.figures, strict=True))
        label = clip(name_row(table, row, self._language), _LABEL)
        return Line(
            key=row.key,
            label=label,
            short=self._short(table, row) or label,
            values=(
                *(self._value(told[name]) for name in names),
                *(_rounded(share.get(row.key)) for share in shares),
            ),
        )

    def _short(self, table: Table, row: Row) -> str:
        """Return a week's Monday in few letters; "" for other rows."""
        if row.day is None or table.key != "weeks":
            return ""
        return format_date(row.day, "d MMM y", locale=f"{self._language}_CA")

    def _value(self, figure: Figure) -> Value:
        return tell_figure(SUPPRESSED, self._language) if figure is SUPPRESSED else figure

    def _percent(self, share: float) -> str:
        return tell_share(share, self._language)

    def _title(self, key: str) -> str:
        return locale.text(self._language, f"summary.title.{key}")

    def _corner(self, key: str) -> str:
        return locale.text(self._language, f"summary.corner.{key}")

    def _say(self, code: str, **values: object) -> str:
        return locale.text(self._language, f"summary.note.{code}", **values)


def _shares(table: Table, part: str, whole: str) -> dict[str, float | None]:
    """Return what share of a column's figures another's are, by row."""
    parts = zip(table.rows, table.column(part), table.column(whole), strict=True)
    return {row.key: rate(figure, of) for row, figure, of in parts}


def _told(shares: Iterable[float | None]) -> int:
    """Return how many shares can be given."""
    return sum(share is not None for share in shares)


def _parts(table: Table) -> dict[str, float | None]:
    """Return the share of each row in all of them; none where one of them is not shown."""
    figures = [figure for figure in table.column("people") if isinstance(figure, int)]
    whole = sum(figures) if len(figures) == len(table.rows) else None
    return {row.key: rate(row.figures[0], whole) for row in table.rows}


def _rounded(share: float | None) -> float | None:
    """Return a share as it is written: no finer than anybody reads it."""
    return None if share is None else round(share, 4)


def _noted(section: Section, *notes: str) -> Section:
    return replace(section, notes=(*section.notes, *notes))


def plotted_columns(section: Section) -> Iterator[tuple[int, Column]]:
    """Yield the columns that a section's chart draws, with their index among its columns."""
    return ((at, column) for at, column in enumerate(section.columns) if column.plotted)


def pick_shades(names: Iterable[str]) -> tuple[str, ...]:
    """Return the colour of each series of a chart as #RRGGBB, given the keys of its columns."""
    return tuple(
        _SHADES.get(name, _OTHER_SHADES[at % len(_OTHER_SHADES)]) for at, name in enumerate(names)
    )
