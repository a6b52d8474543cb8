"""Attendance at the terminal: tabs made now, who came, and one person on one screen."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from automation.cli import main
from tests.programme import TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    config = (
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        f'[responses]\ntabs = ["{TAB}"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, "utf-8")
    made.night()
    return made


def _run(programme: Programme, *words: str) -> Result:
    config = programme.path.with_name("cohorte.toml")
    at = "2023-01-10T12:00"
    return CliRunner().invoke(main, ["--config", str(config), "--at", at, *words])


def test_the_next_meetings_tab_is_made_when_asked(programme: Programme) -> None:
    first = _run(programme, "attendance", "sheets")
    again = _run(programme, "attendance", "sheets")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "rencontre n°\xa01, personnes attendues\xa0: 3" in first.output
    assert "Rien à préparer" in again.output
    assert len(programme.snapshot().rolls[1].rows) == 3


def test_a_number_that_is_no_meetings_is_named(programme: Programme) -> None:
    asked = _run(programme, "attendance", "sheets", "--meeting", "7")

    assert asked.exit_code == 2
    assert "rencontre n°\xa07" in asked.output


def test_who_came_is_shown_as_a_table_and_for_scripts(programme: Programme) -> None:
    _run(programme, "attendance", "sheets")
    programme.tick(1, 2)
    programme.tick(1, "=cmd()")
    programme.call_roll(1)

    table = _run(programme, "show", "présences").output
    rows = json.loads(_run(programme, "show", "attendance", "--format", "json").output)
    lines = list(
        csv.reader(io.StringIO(_run(programme, "show", "attendance", "--format", "csv").output))
    )

    assert "Caron, Marc" in table
    assert {row["number"]: row["presence"] for row in rows} == {
        1: "absent",
        2: "present",
        4: "absent",
        None: "present",
    }
    assert lines[0] == ["Rencontre", "Cohorte", "Date", "N°", "Nom", "Présence"]
    assert lines[-1][4] == "'=cmd()"


def test_without_a_roll_it_says_when_there_will_be_one(programme: Programme) -> None:
    shown = _run(programme, "show", "attendance")

    assert "3 jours avant" in shown.output


def test_a_person_is_shown_on_one_screen(programme: Programme) -> None:
    _run(programme, "attendance", "sheets")
    programme.tick(1, 2)

    told = _run(programme, "person", "show", "caron")
    data = json.loads(_run(programme, "person", "show", "2", "--json").output)

    assert told.exit_code == 0
    assert "marc@example.com" in told.output
    assert "présent·e" in told.output
    assert [one["number"] for one in data["enrolments"]] == [2, 3]
    assert data["presences"][0]["presence"] == "present"


def test_who_is_meant_must_be_one_person(programme: Programme) -> None:
    nobody = _run(programme, "person", "show", "Personne Du Tout")
    several = _run(programme, "person", "show", "m")

    assert (nobody.exit_code, several.exit_code) == (2, 2)
