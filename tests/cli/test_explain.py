"""explain and simulate at a terminal, and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from automation.cli import main
from automation.locale import typeset
from tests.programme import TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme

_AT = "2023-01-10T02:00"


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
    return made


def _run(programme: Programme, *words: str) -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner().invoke(main, ["--config", str(config), "--at", _AT, *words])


def test_an_explanation_tells_the_state_the_queue_and_the_history(programme: Programme) -> None:
    programme.night()

    result = _run(programme, "explain", "5")

    assert result.exit_code == 0
    for words in (
        "Vous êtes sur la liste d’attente de « Première cohorte ».",
        "Vous êtes au rang 1 sur 2.",
        "Toutes les places sont prises (3).",
        "Historique",
        "2023-01-10 02:00",
    ):
        assert typeset(words) in result.stdout


def test_the_history_is_of_people_and_not_of_the_meeting_with_that_number(
    programme: Programme,
) -> None:
    programme.night()

    history = json.loads(_run(programme, "explain", "1", "--json").stdout)["history"]

    assert [(line["event"], line["to"]) for line in history] == [("transition", "confirmed")]


def test_the_history_is_in_order_wherever_somebody_sorted_the_journal_to(
    programme: Programme,
) -> None:
    programme.night()
    _decide(programme, 1, "Désister")
    programme.night()
    order = {"dimensionIndex": 0, "sortOrder": "DESCENDING"}
    grid = {"sheetId": 7107, "startRowIndex": 1}
    programme.ask(
        {"sortRange": {"range": grid, "sortSpecs": [order, order | {"dimensionIndex": 7}]}}
    )

    history = json.loads(_run(programme, "explain", "1", "--json").stdout)["history"]

    assert [line["to"] for line in history] == ["confirmed", "withdrawn"]


def test_an_explanation_for_scripts_holds_codes_and_nothing_personal(
    programme: Programme,
) -> None:
    programme.night()

    result = _run(programme, "explain", "Guy Roy", "--json")

    told = json.loads(result.stdout)
    assert (told["number"], told["status"], told["rank"], told["ahead"]) == (5, "waiting", 1, 0)
    assert told["since"] == "2023-01-10T02:00:00-05:00"
    assert "explain.seats.full" in {line["code"] for line in told["queue"]}
    assert not any(word in result.stdout for word in ("Guy", "Roy", "example.com", "555"))


def test_people_are_named_only_when_asked_for_outside_a_terminal(programme: Programme) -> None:
    plain = _run(programme, "explain", "5")
    named = _run(programme, "-v", "explain", "5")

    assert "Guy Roy" not in plain.stdout
    assert "Guy Roy" in named.stdout


def test_several_people_are_listed_by_number_and_one_is_asked_for(programme: Programme) -> None:
    programme.answer(("2023-01-08 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))

    result = _run(programme, "explain", "roy")

    assert result.exit_code == 2
    assert typeset("n° 5, 7") in result.stderr
    assert "Luc" not in result.output


def test_nobody_found_is_wrong_usage_and_repeats_no_address(programme: Programme) -> None:
    result = _run(programme, "explain", "personne@example.com")

    assert result.exit_code == 2
    assert "Personne ne répond" in result.stderr
    assert "example.com" not in result.output


def test_an_explanation_can_be_had_before_the_first_night(programme: Programme) -> None:
    result = _run(programme, "explain", "helene@example.com")

    assert result.exit_code == 0
    assert "elle n’a pas encore été traitée" in result.stdout
    assert "Le journal n’en dit encore rien." in result.stdout


def test_an_explanation_writes_nothing(programme: Programme) -> None:
    programme.night()
    programme.answer(("2023-01-08 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))
    before = programme.state()

    _run(programme, "explain", "7")

    assert programme.state() == before


def test_an_explanation_speaks_the_language_asked_for(programme: Programme) -> None:
    programme.night()

    result = _run(programme, "--lang", "en", "explain", "1")

    assert "You have a place in “Première cohorte”." in result.stdout
    assert "January 10, 2023, 02:00" in result.stdout


def test_an_explanation_says_what_stops_the_next_night(programme: Programme) -> None:
    programme.night()
    copy = programme.copied()
    config = programme.path.with_name("cohorte.toml")
    spreadsheet = copy.config.workspace.spreadsheet
    text = config.read_text("utf-8").replace(
        'path = "programme.db"', f'path = "programme.db"\nspreadsheet = "{spreadsheet}"'
    )
    config.write_text(text, "utf-8")

    told = json.loads(_run(programme, "explain", "1", "--json").stdout)
    result = _run(programme, "explain", "1")

    assert told["obstacle"] == "copied"
    assert "cohorte adopt" in result.stdout


def _decide(programme: Programme, number: int, word: str) -> None:
    """Let an organiser type a decision."""
    from automation.workbook.layout import enrolment_tab

    columns = [c.key for c in enrolment_tab(programme.config.rules.fields.extra).columns]
    numbers = [row["number"] for row in programme.rows("enrolments")]
    column = chr(ord("A") + columns.index("decision"))
    programme.type_in("Inscriptions", f"{column}{numbers.index(number) + 2}", word)


def test_a_simulation_tells_what_more_places_would_do_and_writes_nothing(
    programme: Programme,
) -> None:
    programme.night()
    before = programme.state()

    result = _run(programme, "simulate", "--cohort", "c1", "--places", "4")

    assert result.exit_code == 0
    assert typeset("Places : 3 → 4") in result.stdout
    assert "Rien n’a été écrit." in result.stdout
    assert "Guy" not in result.stdout
    assert programme.state() == before


def test_a_simulation_for_scripts_holds_numbers_and_codes(programme: Programme) -> None:
    programme.night()

    result = _run(programme, "simulate", "--cohort", "C1", "--places", "4", "--json")

    found = json.loads(result.stdout)
    assert found["differences"] == [
        {
            "number": 5,
            "cohort": "C1",
            "before": "waiting",
            "after": "confirmed",
            "rank_before": 1,
            "rank_after": None,
        }
    ]
    assert (found["before"]["places"], found["after"]["places"]) == (3, 4)
    assert (found["before"]["free"], found["after"]["free"]) == (0, 0)
    assert found["sentences"][0]["code"] == "simulate.places"


def test_a_simulation_of_fewer_places_shows_the_lack(programme: Programme) -> None:
    programme.night()

    result = _run(programme, "simulate", "--cohort", "C1", "--places", "1")

    assert "−2" in result.stdout
    assert "Personne ne perd la sienne" in result.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cohort", "C9", "--places", "4"), "C1"),
        (("--cohort", "C1"), "--release"),
        (("--cohort", "C1", "--places", "-1"), "--places"),
        (("--cohort", "C1", "--window", "nan"), "--window"),
    ],
)
def test_a_simulation_of_nothing_is_wrong_usage(
    programme: Programme, words: tuple[str, ...], told: str
) -> None:
    result = _run(programme, "simulate", *words)

    assert result.exit_code == 2
    assert told in result.stderr


def test_a_simulation_names_people_when_asked_to(programme: Programme) -> None:
    programme.night()

    result = _run(programme, "-v", "--lang", "en", "simulate", "--cohort", "C1", "--places", "5")

    assert "Guy Roy" in result.stdout
    assert "More places given or offered at the next night: 2." in result.stdout
