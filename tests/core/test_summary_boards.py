"""How the summary is laid out, and when it has to be written."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from msgspec.structs import replace

from automation.core.snapshot import BoardStanding
from automation.core.summary import (
    Kind,
    Look,
    compare_board,
    draw_comments,
    draw_summary,
    list_comments,
    list_sections,
    make_summary,
    suppress,
)
from automation.core.summary.boards import CHART_COLUMN
from tests.summaries import NOW, RULES, enrolment, programme, programmes, roll

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot
    from automation.core.summary import Board

_BOOK = programme(
    [enrolment(n, extra=("Céramiste", "Souffler un peu", "Solitude")) for n in range(1, 13)],
    [roll(1, range(1, 10), range(1, 13)), roll(2, range(1, 13))],
)
_BOARD = draw_summary(make_summary(_BOOK, RULES, NOW))


def standing(board: Board) -> BoardStanding:
    """Return how a board stands once written, as Sheets reads it back."""
    grid = []
    for row in board.rows:
        cells = ["" if cell is None else cell for cell in row.cells]
        while cells and cells[-1] == "":
            cells.pop()
        grid.append(cells)
    slots = frozenset(chart.slot for chart in board.charts)
    return BoardStanding(row_count=900, column_count=26, grid=grid, charts=slots)


@settings(max_examples=30, deadline=None)
@given(book=programmes())
def test_whatever_happened_nothing_overlaps_and_every_chart_names_its_table(
    book: Snapshot,
) -> None:
    summary = make_summary(book, RULES, NOW)

    for board in (draw_summary(summary), draw_summary(suppress(summary, 5))):
        charts = sorted(board.charts, key=lambda chart: chart.top)
        assert all(a.top + a.height <= b.top for a, b in pairwise(charts))
        assert len({chart.slot for chart in charts}) == len(charts)
        assert all(len(row.cells) <= CHART_COLUMN - 1 for row in board.rows[1:])
        for chart in charts:
            assert board.rows[chart.header].look is Look.HEADER
            lines = board.rows[chart.header + 1 : chart.end]
            assert lines
            assert all(line.look is Look.LINE for line in lines)
            assert max(chart.series) < len(board.rows[chart.header].cells)


@settings(max_examples=30, deadline=None)
@given(book=programmes())
def test_once_written_a_board_has_nothing_to_be_written(book: Snapshot) -> None:
    board = draw_summary(make_summary(book, RULES, NOW))
    comments = draw_comments(list_comments(book, RULES), "fr")

    assert compare_board(board, standing(board)) is None
    assert compare_board(comments, standing(comments)) is None


@settings(max_examples=30, deadline=None)
@given(book=programmes())
def test_no_share_stands_beside_a_figure_that_is_held_back(book: Snapshot) -> None:
    shared = suppress(make_summary(book, RULES, NOW), 5)

    parts = {"fill": "confirmed", "attendance": "present"}
    for section in list_sections(shared):
        shares = [column.key for column in section.columns if column.share]
        for line in section.lines if section.key != "rates" else ():
            told = dict(zip((c.key for c in section.columns), line.values, strict=True))
            held = [share for share in shares if told[parts.get(share, "people")] == "–"]
            assert all(told[share] is None for share in held)


def test_a_figure_that_differs_leaves_the_looks_alone() -> None:
    now = standing(_BOARD)
    row = next(at for at, line in enumerate(_BOARD.rows) if line.look is Look.LINE)
    grid = [list(cells) for cells in now.grid]
    grid[row][1] = 99

    change = compare_board(_BOARD, replace(now, grid=grid))

    assert _BOARD.rows[row].kinds[1] is Kind.COUNT
    assert change is not None
    assert change.dressed


def test_a_label_that_differs_or_a_chart_that_is_gone_has_all_of_it_drawn() -> None:
    now = standing(_BOARD)
    moved = replace(now, grid=[[], *now.grid])
    poorer = replace(now, charts=now.charts - {1})

    changes = [compare_board(_BOARD, one) for one in (moved, poorer, BoardStanding())]

    assert all(change is not None and not change.dressed for change in changes)


def test_a_day_that_passes_changes_nothing_by_itself() -> None:
    later = make_summary(_BOOK, RULES, NOW.replace(year=NOW.year + 1))

    assert compare_board(draw_summary(later), standing(_BOARD)) is None


def test_of_too_many_comments_the_newest_are_shown_and_the_others_counted() -> None:
    people = [enrolment(n, extra=("", f"{n} " + "mot " * 100, "")) for n in range(1, 1201)]
    comments = list_comments(programme(people), RULES)

    board = draw_comments(comments, "fr")

    shown = [row.cells[0] for row in board.rows if row.look is Look.TEXT]
    assert shown == list(range(1201 - len(shown), 1201))
    left_out = 1200 - len(shown)
    assert 0 < left_out < 1200
    assert any(str(left_out) in str(row.cells[0]) for row in board.rows if row.look is Look.NOTE)


def test_the_committees_tab_shows_what_there_is_to_decide_and_the_partners_copy_does_not() -> None:
    summary = make_summary(_BOOK, RULES, NOW)

    titles = [
        [row.cells[0] for row in draw_summary(one).rows if row.look is Look.SECTION]
        for one in (summary, suppress(summary, 5))
    ]

    assert "À décider aujourd’hui" in titles[0]
    assert "À décider aujourd’hui" not in titles[1]
