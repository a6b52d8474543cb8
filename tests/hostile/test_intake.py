"""Whatever cells the response tabs hold, the answers that can be read are read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.plan import make_plan
from automation.core.responses import ResponseTable, read_registrations
from automation.core.text import tidy
from automation.errors import WorkbookError
from tests.hostile.strings import HALVES, NAUGHTY
from tests.world import FIELDS, HEADER, RULES, ZONE, apply_plan, cohort, in_night, snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.model import Cell, Registration

_NUMBERS: Final = (
    *(0, -0.0, -1, 0.1, 44_942.5, 4_185_550_101, 2_958_465.99, -1e308, 1e308, 5e-324, 10**400),
    *(float("nan"), float("inf"), float("-inf")),
)
_CELLS: Final[st.SearchStrategy[Cell]] = st.sampled_from(
    (None, True, False, *_NUMBERS, *NAUGHTY, *HALVES, "eve@exemple.test", "418 555-0101", "C1")
)
_ROWS = st.lists(st.lists(_CELLS, max_size=len(HEADER) + 2).map(tuple), max_size=8)


def _table(rows: Sequence[Sequence[Cell]], header: Sequence[Cell] = HEADER) -> ResponseTable:
    return ResponseTable(sheet_id=1, title="Réponses", header=tuple(header), rows=rows)


def _read(table: ResponseTable) -> tuple[Registration, ...]:
    return read_registrations([table], FIELDS, ZONE)[0]


@given(rows=_ROWS)
def test_any_cells_are_read_to_texts_that_a_line_can_show(
    rows: list[tuple[Cell, ...]],
) -> None:
    found = _read(_table(rows))

    assert len(found) <= len(rows)
    for one in found:
        for text in (one.first_name, one.last_name, one.email, one.phone, one.cohort_choice):
            assert text == tidy(text)
            text.encode("utf-8")


@given(rows=_ROWS, order=st.randoms(use_true_random=False))
def test_the_order_of_strange_rows_decides_nothing(
    rows: list[tuple[Cell, ...]], order: object
) -> None:
    shuffled = sorted(rows, key=lambda _: order.random())  # type: ignore[attr-defined]

    one, other = _read(_table(rows)), _read(_table(shuffled))

    assert [replace(r, row=0) for r in one] == [replace(r, row=0) for r in other]


@given(header=st.lists(st.sampled_from(HEADER) | _CELLS, max_size=14), rows=_ROWS)
def test_any_headers_are_understood_or_told(
    header: list[Cell], rows: list[tuple[Cell, ...]]
) -> None:
    table = _table(rows, header)

    with suppress(WorkbookError):
        _read(table)


@settings(max_examples=settings().max_examples // 2)
@given(rows=_ROWS)
def test_a_night_over_any_cells_ends_and_the_next_has_nothing_to_do(
    rows: list[tuple[Cell, ...]],
) -> None:
    before = replace(snapshot((), cohort(places=3)), responses=(_table(rows),))
    plan = make_plan(before, RULES, in_night(0))

    after = apply_plan(before, plan)

    assert make_plan(after, RULES, in_night(0)).events == ()


@pytest.mark.parametrize(
    ("written", "read"), [("\ud800", ""), ("È\udfffve", "Ève"), ("\ude00\ud83d", "")]
)
def test_half_a_surrogate_pair_is_left_out_of_a_name(written: str, read: str) -> None:
    (found,) = _read(_table([(44_942.5, written, "Roy", "eve@exemple.test")]))

    assert found.first_name == read
