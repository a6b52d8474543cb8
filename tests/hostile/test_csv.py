"""What a spreadsheet that opens our CSV would evaluate arrives as text."""

from __future__ import annotations

import csv
import io

import pytest

from automation.cli.csv_text import write_csv


def _written(cell: object) -> str:
    ((found,),) = csv.reader(io.StringIO(write_csv([[cell]]), newline=""))
    return found


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff"])
def test_what_would_be_a_formula_has_an_apostrophe_in_front(before: str, start: str) -> None:
    assert _written(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize("text", ["\ta", "\ra", "\na"])
def test_what_begins_with_a_tab_or_a_new_line_has_one_too(text: str) -> None:
    assert _written(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ève", "'", "a=1", "l’Islet", '"a", b', "a\nb", "1-2", ""])
def test_other_texts_are_as_written(text: str) -> None:
    assert _written(text) == text


@pytest.mark.parametrize(("number", "written"), [(-3, "-3"), (-0.5, "-0.5"), (7, "7")])
def test_a_number_below_zero_stays_a_number(number: float, written: str) -> None:
    assert _written(number) == written


def test_nothing_that_a_terminal_obeys_is_left() -> None:
    assert _written("\x1b[31mÈve\x00\x07") == "[31mÈve"
