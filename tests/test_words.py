"""What README.md and LISEZMOI.md tell is what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pytest

from automation import locale
from automation.cli import main
from automation.config import Config
from automation.workbook.layout import tabs

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT: Final = Path(__file__).parents[1]
_README: Final = (_ROOT / "README.md").read_text(encoding="utf-8")
_LISEZMOI: Final = (_ROOT / "LISEZMOI.md").read_text(encoding="utf-8")
_TABLE: Final = re.findall(r"^\| (`.+?`) \| .+ \|$", _README, re.MULTILINE)


def _walk(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _walk(found, (*words, name))


_COMMANDS: Final = dict(_walk(main))


def _documented() -> Iterator[tuple[str, str]]:
    """Yield each command of README's table, and what it says of its arguments."""
    for cell in _TABLE:
        for entry in re.findall(r"`([^`]+)`", cell):
            words = entry.replace("\\|", "|").split()
            for count in (2, 1):
                heads, rest = words[:count], " ".join(words[count:])
                names = [" ".join([*heads[:-1], last]) for last in heads[-1].split("|")]
                if set(names) <= _COMMANDS.keys():
                    yield from ((name, rest) for name in names)
                    break


def test_each_command_is_in_the_table() -> None:
    assert {name for name, _ in _documented()} == _COMMANDS.keys()


def test_each_option_of_the_table_exists() -> None:
    for name, arguments in _documented():
        known = {o for p in _COMMANDS[name].params for o in (*p.opts, *p.secondary_opts)}

        assert set(re.findall(r"--[a-z-]+", arguments)) <= known, name


@pytest.mark.parametrize("text", [_README, _LISEZMOI], ids=["README", "LISEZMOI"])
def test_each_command_that_is_told_can_be_given(text: str) -> None:
    told = re.findall(r"^    cohorte (.+?)(?:  .*)?$|`cohorte (?!\[)([^`]+)`", text, re.MULTILINE)

    for line in (one or other for one, other in told):
        words = [word for word in line.split("#")[0].split() if word != "…"]
        command: click.Command = main
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, line
            command = found
        known = {
            option for param in command.params for option in (*param.opts, *param.secondary_opts)
        }
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_each_key_of_the_configuration_that_is_told_exists() -> None:
    sections = {name: field.annotation for name, field in Config.model_fields.items()}

    for section, keys in re.findall(r"`\[([a-z_]+)\]((?: [a-z_]+)*)`", _README):
        model = sections[section]
        names = getattr(model, "model_fields", None) or _fields_of(model)
        assert set(keys.split()) <= set(names), (section, keys)


def _fields_of(annotation: object) -> set[str]:
    """Return the keys of an optional section."""
    parts = getattr(annotation, "__args__", ())
    return {name for part in parts for name in getattr(part, "model_fields", ())}


def test_lisezmoi_names_each_tab_and_each_decision_as_the_spreadsheet_does() -> None:
    shown = [tab.fr for tab in tabs(()) if not tab.hidden]
    words = locale.labels("decision", "fr").values()

    assert [word for word in (*shown, *words) if word not in _LISEZMOI] == []
