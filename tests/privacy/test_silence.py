"""Nothing personal anywhere it should not be: logs, errors, digest, journal, guards, the maintainer's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from automation.cli import main
from tests.deeds import delete, sort_rows
from tests.privacy.search import letters_to, memory, named
from tests.privacy.story import CONFIG, LAST, REGISTER, hers, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.programme import Programme

_WRITES = """
[committee]
digest_to = ["comite@example.org"]
[alerts]
maintainer = "entretien@example.org"
"""


@pytest.fixture(name="programme")
def fixture_programme(lived: Programme, tmp_path: Path) -> Programme:
    text = CONFIG.replace('mode = "review"', 'mode = "automatic"') + _WRITES
    (tmp_path / "cohorte.toml").write_text(text, "utf-8")
    return lived.forked(tmp_path / "programme.db")


def said(programme: Programme, *words: str, day: str = "2023-01-10T12:00") -> str:
    """Return all that a command lets out where nobody sits before it, its traceback included."""
    config = programme.path.with_name("cohorte.toml")
    env = {"COHORTE_MA_PLACE_SECRET": "a secret of the tests"}
    runner = CliRunner(env=env)
    result = runner.invoke(main, ["--config", str(config), "--at", day, *words])
    assert not isinstance(result.exception, Exception) or isinstance(
        result.exception, SystemExit
    ), result.exception
    return result.output


def _sort_half(programme: Programme) -> None:
    programme.ask(sort_rows(REGISTER, 3, columns=(2, 8)))


def _double_row(programme: Programme) -> None:
    cells = programme.grids()[REGISTER][programme.enrolment_row(2)]
    programme.put(REGISTER, 8, 0, *cells)


def _odd_cells(programme: Programme) -> None:
    at = programme.enrolment_row(2)
    for name in ("decision", "priority", "merge_with", "offered_by_phone", "communications"):
        programme.put_in("enrolments", at, name, f"{LAST} a appelé")
    programme.put_in("mail", 1, "action", f"écrire à {LAST}")
    programme.put_in("duplicates", 1, "verdict", f"{LAST}?")


def _names_in_our_columns(programme: Programme) -> None:
    for name in ("status", "cohort", "queued_at", "person", "hold"):
        programme.put_in("enrolments", programme.enrolment_row(3), name, LAST)


def _no_header(programme: Programme) -> None:
    programme.ask(delete(programme.response_tab(), "ROWS", 0))


def _no_register_header(programme: Programme) -> None:
    programme.ask(delete(REGISTER, "ROWS", 0))


def _odd_answers(programme: Programme) -> None:
    programme.answer(
        hers("2023-01-10 08:00:00", cohort=f"celle de {LAST}"),
        hers("2023-01-10 08:05:00", first="", last=""),
        hers("2023-01-10 08:06:00", email=f"{LAST} chez exemple"),
        row("2023-01-10 08:10:00", "Lise", "Morin"),
    )
    programme.put(programme.response_tab(), 3, 0, f"hier, dit {LAST}")
    programme.reply(("2023-01-10 08:00:00", LAST, LAST))


def _torn_ledger(programme: Programme) -> None:
    programme.put_in("mail_log", 2, "state", LAST)
    programme.put_in("mail_log", 2, "reference", LAST)
    programme.put_in("journal", 2, "reason", "…")
    programme.put_in("journal", 2, "run", "…")


def _no_meetings_header(programme: Programme) -> None:
    programme.ask(delete(72_001, "ROWS", 5))


_MISHAPS: tuple[Callable[[Programme], None], ...] = (
    _sort_half,
    _double_row,
    _odd_cells,
    _names_in_our_columns,
    _no_header,
    _no_register_header,
    _odd_answers,
    _torn_ledger,
    _no_meetings_header,
)


@pytest.mark.parametrize("mishap", _MISHAPS, ids=lambda mishap: mishap.__name__.strip("_"))
def test_nothing_that_a_night_says_names_anybody(
    programme: Programme, mishap: Callable[[Programme], None]
) -> None:
    mishap(programme)

    told = [
        said(programme, "plan"),
        said(programme, "plan", "--json"),
        said(programme, "nightly"),
        said(programme, "nightly", "--json", day="2023-01-11T02:00"),
        said(programme, "status"),
        letters_to(programme, "comite@example.org"),
        letters_to(programme, "entretien@example.org"),
    ]

    assert named("\n".join(told)) == set()


def test_what_cohorte_remembers_names_nobody(programme: Programme) -> None:
    _odd_answers(programme)
    said(programme, "nightly")

    assert named(memory(programme)) == set()


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ('tabs = ["Réponses au formulaire 1"]', 'tabs = ["Réponses"]'),
        ('first_name = "Prénom"', 'first_name = "Votre prénom"'),
        ('transport = "gmail"', 'transport = "folder"'),
        ("[fields]", "[fields]\nprenom = 3"),
    ],
)
def test_a_broken_configuration_names_nobody(programme: Programme, was: str, is_: str) -> None:
    path = programme.path.with_name("cohorte.toml")
    path.write_text(path.read_text("utf-8").replace(was, is_), "utf-8")

    told = said(programme, "nightly")

    assert told
    assert named(told + letters_to(programme, "entretien@example.org")) == set()
