"""The terminal shows what people wrote, and obeys none of it."""

from __future__ import annotations

import io

import pytest
from rich.table import Table
from rich.text import Text

from automation.cli.terminal import PlainConsole


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mrouge\x1b[0m", "[31mrouge[0m"),
        ("\x1b]0;titre\x07", "]0;titre"),
        ("a\rb\x08", "ab"),
        ("\u202eyoR", "yoR"),
        ("👩‍👧 Ève שלום", "👩‍👧 Ève שלום"),
    ],
)
def test_a_text_moves_no_cursor_and_colours_nothing(written: str, shown: str) -> None:
    target = io.StringIO()
    console = PlainConsole(file=target, width=80, force_terminal=True, color_system=None)
    table = Table.grid()
    table.add_row(Text(written))

    console.print(table)

    assert target.getvalue().strip() == shown


def test_no_line_is_broken_at_a_no_break_space() -> None:
    target = io.StringIO()
    console = PlainConsole(file=target, width=16, color_system=None)
    table = Table.grid()
    table.add_row("personne n’attend\N{NO-BREAK SPACE}: elle")

    console.print(table)
    console.print("il est vraiment 19\N{NARROW NO-BREAK SPACE}h")

    assert [line.rstrip(" ") for line in target.getvalue().splitlines()] == [
        "personne",
        "n’attend\N{NO-BREAK SPACE}: elle",
        "il est vraiment",
        "19\N{NARROW NO-BREAK SPACE}h",
    ]


def test_colours_of_our_own_stay() -> None:
    target = io.StringIO()
    console = PlainConsole(file=target, width=80, force_terminal=True, color_system="standard")

    console.print(Text("oui", style="green"))

    assert target.getvalue() == "\x1b[32moui\x1b[0m\n"
