"""What click says of itself, in the language of the terminal."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from automation.cli import main
from automation.cli.click_words import find_language
from automation.locale import typeset
from automation.locale.own_words import CLICK

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISTAKES = [
    (
        "stauts",
        "Il n’y a pas de commande « stauts ». Vouliez-vous dire 'status'?",
        "No such command",
    ),
    ("status --jsn", "Il n’y a pas d’option --jsn. Vouliez-vous dire '--json'?", "No such option"),
    ("explain", "Il manque l’argument 'COURRIEL|NOM|N°'.", "Missing argument"),
    ("simulate", "Il manque l’option '--cohort'.", "Missing option"),
    ("status now", "Argument de trop (now)", "Got unexpected extra argument"),
    ("simulate --cohort", "L’option --cohort demande une valeur.", "requires an argument"),
    ("status --json=1", "L’option --json ne prend pas de valeur.", "does not take a value"),
    (
        "show x --format xml",
        "Valeur refusée pour '--format' : « xml » n’est pas un choix possible : 'table', 'csv', 'json'.",
        "Invalid value for '--format': 'xml' is not one of",
    ),
    (
        "serve --port x",
        "Valeur refusée pour '--port' : « x » n’est pas un nombre.",
        "is not a valid integer",
    ),
    (
        "serve --port -1",
        "Valeur refusée pour '--port' : -1 n’est pas entre les bornes permises, 0<=x<=65535.",
        "is not in the range",
    ),
    (
        "local load nowhere.csv",
        "Valeur refusée pour 'FICHIER' : « nowhere.csv » n’existe pas.",
        "does not exist.",
    ),
    ("--nope", "Il n’y a pas d’option --nope.", "No such option '--nope'."),
]


@pytest.mark.parametrize(("line", "french", "english"), _MISTAKES, ids=lambda text: text[:20])
def test_a_mistake_is_told_in_the_language_asked_for(line: str, french: str, english: str) -> None:
    in_french = CliRunner().invoke(main, ["--lang", "fr", *line.split()])
    in_english = CliRunner().invoke(main, ["--lang", "en", *line.split()])

    assert (in_french.exit_code, in_english.exit_code) == (2, 2)
    assert typeset(f"Erreur : {french}") in in_french.stderr
    assert english in in_english.stderr


@pytest.mark.parametrize("line", ["--help", "demo --help", "mail hold --help", "init --help"])
def test_help_speaks_one_language(line: str) -> None:
    told = CliRunner().invoke(main, ["--lang", "fr", *line.split()]).stdout

    english = r"Usage|Options:|COMMAND |ARGS|FILE|NUMBER|RANGE|\bDIR|REFERENCE\b|default|required"
    assert re.findall(english, told) == []
    assert told.startswith(typeset("Utilisation : cohorte"))


def test_the_configuration_chooses_the_language_of_help_and_mistakes(tmp_path: Path) -> None:
    config = tmp_path / "cohorte.toml"
    config.write_text('language = "en"\n', encoding="utf-8")

    result = CliRunner().invoke(main, ["--config", str(config), "status", "--nope"])

    assert "No such option" in result.stderr


def test_an_empty_variable_names_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["status"], env={"COHORTE_CONFIG": ""})

    assert result.exit_code == 78
    assert "config/cohorte.toml" in result.output


def test_an_option_chooses_before_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "cohorte.toml"
    config.write_text('language = "en"\n', encoding="utf-8")

    assert find_language([f"--config={config}"], {}) == "en"
    assert find_language([f"--config={config}", "--lang=fr"], {}) == "fr"
    assert find_language([], {"COHORTE_CONFIG": str(config)}) == "en"


@pytest.mark.parametrize("content", ['language = ["en"]', "language = ", "\xff", None])
def test_without_a_language_to_be_read_it_is_french(tmp_path: Path, content: str | None) -> None:
    config = tmp_path / "cohorte.toml"
    if content is not None:
        config.write_text(content, encoding="latin-1")

    assert find_language(["--config", str(config)], {}) == "fr"


@pytest.mark.parametrize("text", CLICK.values())
def test_click_still_says_it_so(text: str) -> None:
    assert text in set(_texts_of_click())


def _texts_of_click() -> Iterator[str]:
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_a_mistake_comes_with_the_usage_and_the_way_to_help() -> None:
    told = CliRunner().invoke(main, ["explain"]).stderr

    usage = "Utilisation : cohorte explain [OPTIONS] COURRIEL|NOM|N°"
    assert told.splitlines()[:2] == [
        typeset(usage),
        typeset("Pour de l’aide : cohorte explain --help"),
    ]


def test_help_loads_nothing_of_what_the_commands_need() -> None:
    script = "import sys, automation.cli as c; c.main(['--help'], standalone_mode=False); print(sorted(sys.modules))"

    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    heavy = ("'automation.core", "'automation.locale.en'", "'rich", "'pydantic", "'requests'")
    assert [name for name in heavy if name in loaded] == []
