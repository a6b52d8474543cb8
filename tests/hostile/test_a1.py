"""A1 ranges: what is written reads back the same, and garbage gives Google's refusal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automation.local.a1 import (
    Area,
    Span,
    column_index,
    column_letters,
    parse,
    quote_title,
    write,
    write_span,
)
from automation.local.errors import ApiError

_TITLES = st.text(min_size=1, max_size=12) | st.sampled_from(
    ("A1", "R1C1", "'", "''", "a!b", "D3", "Présences – C1", "2023", "A:B", "1:1", "\n", "A1!B2")
)
_ROWS, _COLUMNS = 9_999_999, 18_277
_LOOSE = st.text(alphabet="ABZaz019:!$'.- é\n\u0661", max_size=14)


@given(index=st.integers(0, _COLUMNS))
def test_a_column_is_found_by_its_letters(index: int) -> None:
    assert column_index(column_letters(index)) == index


@given(
    title=_TITLES,
    rows=st.tuples(st.integers(0, _ROWS), st.integers(0, _ROWS)),
    columns=st.tuples(st.integers(0, _COLUMNS), st.integers(0, _COLUMNS)),
)
@example(title="A1", rows=(0, 0), columns=(0, 0))
def test_an_area_reads_back_as_it_was_written(
    title: str, rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    area = Area(min(rows), max(rows) + 1, min(columns), max(columns) + 1)

    assert parse(write(title, area)) == (title, *area)


@given(title=_TITLES)
@example(title="A1")
@example(title="é1")
@example(title="A:B")
def test_a_title_alone_is_the_whole_sheet(title: str) -> None:
    assert parse(quote_title(title)) == Span(title, None, None, None, None)


@given(text=_LOOSE | st.text(max_size=14))
@example(text="'a'b")
@example(text="'a'!")
@example(text="!")
@example(text="a!")
@example(text="Feuille!A0")
@example(text="Feuille!1:1")
@example(text="Feuille!\u0661")
def test_any_text_is_a_range_or_refused_and_what_is_understood_reads_back(text: str) -> None:
    found = _understand(text)

    if isinstance(found, ApiError):
        assert found == ApiError(400, f"Unable to parse range: {text}")
    elif found.title:
        assert parse(write_span(found.title, found)) == found


def _understand(text: str) -> Span | ApiError:
    try:
        return parse(text)
    except ApiError as error:
        return error


@pytest.mark.parametrize(
    "text", ["A", "1", "A1:", ":A1", "5:B", "B:5", "A1:B2:C3", "A-1", "AAAA1", "A١"]
)
def test_corners_that_are_none_are_refused_after_a_title(text: str) -> None:
    with pytest.raises(ApiError, match="Unable to parse range"):
        parse(f"Feuille!{text}")
