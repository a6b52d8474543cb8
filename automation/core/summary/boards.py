"""The tabs that are Cohorte's from edge to edge, cell by cell: Sommaire and Commentaires.

A board says what each cell should hold and where each chart hangs. Compared with what stands there, it
tells whether anything is to be written: figures alone, or all of it with its looks.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation import locale
from automation.core.snapshot import BoardStanding
from automation.core.summary.comments import list_comments
from automation.core.summary.needs import NEEDS
from automation.core.summary.sections import Plot, list_sections, plotted_columns
from automation.core.summary.suppression import suppress
from automation.core.text import clip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from automation.core.model import Cell
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.core.summary.comments import Comments
    from automation.core.summary.sections import Section
    from automation.core.summary.tables import Summary

LOOKS: Final = "1"
"""Version of the looks: another one draws every tab anew."""
CHART_COLUMN: Final = 10
"""Where charts hang, right of the widest table and a gap; an index from 0."""
LOOKS_COLUMNS: Final = {"summary": 19, "comments": 2}
"""Where a tab's first row says which looks it has; hidden, and the last column."""
_FIXED_SLOTS: Final = (
    "cohorts",
    "weeks",
    "funnel",
    "comparison",
    "meetings",
    "rates",
    "themes",
    "loyalty",
)
_CHART_ROWS: Final = 15
_MOST_CHART_ROWS: Final = 30
_SPARE_ROWS: Final = 2
_MOST_LETTERS: Final = 300_000
"""Of the comments, so many characters are shown, the newest: a tab is written in one piece."""
_LONGEST: Final = 2_000
"""Characters of one comment."""


class Look(StrEnum):
    """What a row is."""

    TITLE = "title"
    REMARK = "remark"
    """Small, about the tab itself."""
    SECTION = "section"
    NOTE = "note"
    HEADER = "header"
    LINE = "line"
    TEXT = "text"
    """A number and a text that takes the room it needs."""
    BLANK = "blank"


class Kind(StrEnum):
    """What a cell of a line holds."""

    LABEL = "label"
    COUNT = "count"
    SHARE = "share"


class BoardRow(Struct, frozen=True, kw_only=True):
    """A row of a board.

    Attributes:
        cells: From the first column; a figure that is not there is None.
        kinds: Of the cells of a line.
    """

    look: Look
    cells: tuple[Cell, ...] = ()
    kinds: tuple[Kind, ...] = ()


class Chart(Struct, frozen=True, kw_only=True):
    """A chart over a board's table. Rows and columns are indexes from 0.

    Attributes:
        slot: Unique on its board and the same from night to night, from 1.
        header: Row of the headers, which name the series; the lines follow.
        end: Row below the last line.
        series: Columns that are drawn; the first column names the lines.
        names: The keys of those columns, for their colours.
        share: Whether what is drawn are shares.
        top: Row that it hangs from.
        height: In rows.
    """

    slot: int
    plot: Plot
    title: str
    header: int
    end: int
    series: tuple[int, ...]
    names: tuple[str, ...]
    share: bool
    top: int
    height: int


class Board(Struct, frozen=True, kw_only=True):
    """A tab as it should stand."""

    key: str
    rows: tuple[BoardRow, ...]
    charts: tuple[Chart, ...] = ()


class BoardChange(Struct, frozen=True, kw_only=True):
    """A board to write.

    Attributes:
        standing: What stands there.
        dressed: Whether its looks and charts stand as they should: the values alone differ.
    """

    board: Board
    standing: BoardStanding
    dressed: bool = False


def plan_boards(snapshot: Snapshot, summary: Summary, rules: Rules) -> tuple[BoardChange, ...]:
    """Return what differs from how Sommaire and Commentaires should stand.

    Args:
        snapshot: The workbook as tonight's plan leaves it.
        summary: Its figures, whole.
    """
    if rules.summary.suppress_for_committee:
        shared = suppress(summary, rules.summary.suppress_below)
        summary = replace(shared, today=summary.today)
    language = rules.language.value
    boards = (draw_summary(summary), draw_comments(list_comments(snapshot, rules), language))
    nowhere = BoardStanding()
    changes = (compare_board(one, snapshot.boards.get(one.key, nowhere)) for one in boards)
    return tuple(change for change in changes if change is not None)


def compare_board(board: Board, standing: BoardStanding) -> BoardChange | None:
    """Return what is to be written of a board; None where it stands as it should."""
    there = standing.row_count > 0
    same = dressed = there and standing.charts == {chart.slot for chart in board.charts}
    for row, cells in zip_longest(board.rows, standing.grid, fillvalue=None):
        wanted, kinds = (row.cells, row.kinds) if row else ((), ())
        for at, (ours, theirs) in enumerate(zip_longest(wanted, cells or ())):
            if not _is_same(ours, theirs):
                same = False
                dressed = dressed and at < len(kinds) and kinds[at] in _FIGURES
    return None if same else BoardChange(board=board, standing=standing, dressed=dressed)


_FIGURES: Final = frozenset({Kind.COUNT, Kind.SHARE})


def _is_same(ours: Cell, theirs: Cell) -> bool:
    """Tell whether a cell holds what it should; an empty one is read as a missing one or as ""."""
    if isinstance(ours, bool) is not isinstance(theirs, bool):
        return False
    return (None if ours == "" else ours) == (None if theirs == "" else theirs)


def draw_summary(summary: Summary) -> Board:
    """Return the tab of a summary, or the partners' copy of one that may be shared."""
    language = summary.language.value
    sections = list_sections(summary)
    slots = _number_slots(summary)
    kind = "shared" if summary.shared and not summary.today.rows else "summary"
    rows = list(_open_board(kind, language))
    charts: list[Chart] = []
    for section in sections:
        top = len(rows)
        rows += _section_rows(section)
        if section.plot is not None:
            chart = _hang_chart(section, slots[section.key], top, len(rows))
            charts.append(chart)
            rows += [_BLANK] * (top + chart.height - len(rows))
        rows += [_BLANK] * _SPARE_ROWS
    if not any(section.lines for section in sections):
        rows.append(_note(locale.text(language, "summary.nothing_yet")))
    return Board(key="summary", rows=tuple(rows), charts=tuple(charts))


def draw_comments(comments: Sequence[Comments], language: str) -> Board:
    """Return the tab of what people wrote in their own words: the newest, by question."""
    rows = list(_open_board("comments", language))
    room = _MOST_LETTERS // max(len(comments), 1)
    for about in comments:
        rows += _comment_rows(about, room, language)
    if not comments:
        rows.append(_note(locale.text(language, "comments.nothing_yet")))
    return Board(key="comments", rows=tuple(rows))


_BLANK: Final = BoardRow(look=Look.BLANK)


def _note(text: str) -> BoardRow:
    return BoardRow(look=Look.NOTE, cells=(text,))


def _open_board(key: str, language: str) -> Iterator[BoardRow]:
    """Yield the top of a tab, with the version of its looks far to the right."""
    title = locale.text(language, f"board.{key}.title")
    gap = (None,) * (LOOKS_COLUMNS.get(key, LOOKS_COLUMNS["summary"]) - 1)
    yield BoardRow(look=Look.TITLE, cells=(title, *gap, f"{LOOKS}.{language}"))
    yield BoardRow(look=Look.REMARK, cells=(locale.text(language, f"board.{key}.remark"),))
    yield _BLANK


def _section_rows(section: Section) -> Iterator[BoardRow]:
    yield BoardRow(look=Look.SECTION, cells=(section.title,))
    for note in section.notes:
        yield _note(note)
    if not section.lines:
        return
    headers = (section.corner, *(column.label for column in section.columns))
    yield BoardRow(look=Look.HEADER, cells=headers)
    figures = tuple(Kind.SHARE if column.share else Kind.COUNT for column in section.columns)
    for line in section.lines:
        cells = (line.short if section.key == "weeks" else line.label, *line.values)
        yield BoardRow(look=Look.LINE, cells=cells, kinds=(Kind.LABEL, *figures))


def _hang_chart(section: Section, slot: int, top: int, end: int) -> Chart:
    assert section.plot is not None  # noqa: S101 - only asked for those that have one
    plotted = list(plotted_columns(section))
    height = _CHART_ROWS
    if section.plot.lies:
        height = min(max(height, len(section.lines) + len(plotted) + 6), _MOST_CHART_ROWS)
    return Chart(
        slot=slot,
        plot=section.plot,
        title=section.title,
        header=end - len(section.lines) - 1,
        end=end,
        series=tuple(at + 1 for at, _ in plotted),
        names=tuple(column.key for _, column in plotted),
        share=all(column.share for _, column in plotted),
        top=top,
        height=height,
    )


def _number_slots(summary: Summary) -> dict[str, int]:
    """Return the slot of every table's chart; a question keeps its own as answers come in."""
    needs = (table.key for table in summary.needs if table.key != f"{NEEDS}municipality")
    slots = {key: at for at, key in enumerate((*_FIXED_SLOTS, f"{NEEDS}municipality"), start=1)}
    return slots | {key: at for at, key in enumerate(needs, start=len(slots) + 1)}


def _comment_rows(about: Comments, room: int, language: str) -> Iterator[BoardRow]:
    """Yield the newest answers to a question, as many as there is room for, by number."""
    shown: list[BoardRow] = []
    for comment in reversed(about.comments):
        text = clip(comment.text, _LONGEST)
        room -= len(text)
        if room < 0:
            break
        shown.append(BoardRow(look=Look.TEXT, cells=(comment.number, text)))
    yield BoardRow(look=Look.SECTION, cells=(about.question,))
    if about.words:
        words = ", ".join(f"{word} ({count})" for word, count in about.words)
        yield _note(locale.text(language, "comments.words", words=words))
    left_out = len(about.comments) - len(shown)
    if left_out:
        yield _note(locale.text(language, "comments.left_out", count=left_out))
    headers = (locale.text(language, "comments.number"), locale.text(language, "comments.text"))
    yield BoardRow(look=Look.HEADER, cells=headers)
    yield from reversed(shown)
    yield from (_BLANK, _BLANK)
