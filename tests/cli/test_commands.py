"""The command line as people and scripts meet it: words, JSON and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from automation import locale
from automation.cli import main
from automation.locale import typeset
from automation.resources import data_path
from automation.workbook import guards
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


def _run(programme: Programme, *words: str, stdin: str | None = None) -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner().invoke(main, ["--config", str(config), "--at", _AT, *words], input=stdin)


def test_a_plan_writes_nothing(programme: Programme) -> None:
    result = _run(programme, "plan")

    assert result.exit_code == 0
    with programme.session() as http:
        about = http.fetch_sheet_metadata(programme.config.workspace.spreadsheet or "")
    assert "Inscriptions" not in {s["properties"]["title"] for s in about["sheets"]}


def test_a_plan_tells_scripts_with_exit_code_10_that_there_is_news(programme: Programme) -> None:
    before = _run(programme, "plan", "--detailed-exitcode")
    _run(programme, "apply", "--yes")
    after = _run(programme, "plan", "--detailed-exitcode")

    assert (before.exit_code, after.exit_code) == (10, 0)


def test_a_plan_as_json_holds_numbers_and_codes_and_nothing_personal(
    programme: Programme,
) -> None:
    result = _run(programme, "plan", "--json")

    plan = json.loads(result.stdout)
    assert [(d["number"], d["to"]) for d in plan["decisions"]][:3] == [
        (1, "confirmed"),
        (2, "confirmed"),
        (3, "merged"),
    ]
    assert plan["cohorts"][0] == {
        "code": "C1",
        "places": 3,
        "confirmed": 3,
        "offered": 0,
        "waiting": 2,
        "free": 0,
    }
    assert not any(word in result.stdout for word in ("Fortin", "example.com", "555"))


def test_a_plan_names_people_only_when_asked_to_outside_a_terminal(programme: Programme) -> None:
    plain = _run(programme, "plan")
    named = _run(programme, "-v", "plan")

    assert "Fortin" not in plain.stdout
    assert "Fortin" in named.stdout


def test_apply_asks_and_writes_nothing_on_a_no(programme: Programme) -> None:
    declined = _run(programme, "apply", stdin="n\n")
    still_news = _run(programme, "plan", "--detailed-exitcode")

    assert declined.exit_code == 0
    assert still_news.exit_code == 10


@pytest.mark.parametrize("answer", ["oui", "O", "yes", "peut-être\noui"])
def test_apply_understands_a_yes_in_either_language(programme: Programme, answer: str) -> None:
    result = _run(programme, "apply", stdin=f"{answer}\n")

    assert result.exit_code == 0
    assert len(programme.rows("enrolments")) == 6


def test_apply_without_anybody_to_ask_says_how_to_go_on(programme: Programme) -> None:
    result = _run(programme, "apply", stdin="")

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert "Utilisation" not in result.stderr
    assert result.stdout.endswith("\n")


def test_apply_takes_the_plan_that_was_looked_at_and_no_other(programme: Programme) -> None:
    digest = json.loads(_run(programme, "plan", "--json").stdout)["digest"]
    programme.answer(("2023-01-08 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))

    stale = _run(programme, "apply", "--plan", digest)
    fresh = _run(programme, "plan", "--json")
    applied = _run(programme, "apply", "--plan", json.loads(fresh.stdout)["digest"])

    assert stale.exit_code == 21
    assert digest not in stale.stderr
    assert applied.exit_code == 0
    assert _run(programme, "plan", "--detailed-exitcode").exit_code == 0


def test_nightly_leaves_a_line_even_without_news_and_apply_does_not(programme: Programme) -> None:
    _run(programme, "nightly")
    _run(programme, "apply", "--yes")
    _run(programme, "nightly")

    events = [row["event"] for row in programme.rows("journal") if row["number"] is None]
    assert events == ["made", "night", "night"]


def test_nightly_runs_every_config_and_ends_with_the_worst_code(programme: Programme) -> None:
    config = str(programme.path.with_name("cohorte.toml"))

    result = CliRunner().invoke(main, ["--at", _AT, "nightly", "missing.toml", config])

    assert result.exit_code == 78
    assert "missing.toml" in result.stderr
    assert len(programme.rows("enrolments")) == 6


def test_nightly_tells_what_it_did_and_what_to_look_at(programme: Programme) -> None:
    done = _run(programme, "nightly")
    programme.type_in("Inscriptions", "I2", "Désistement")
    torn = _run(programme, "nightly")

    assert "C1 3/3" in done.stdout
    assert done.stderr == ""
    assert "Inscriptions, ligne 2" in torn.stderr
    assert "Ctrl+Z" in torn.stderr


def test_apply_tells_a_problem_once(programme: Programme) -> None:
    _run(programme, "nightly")
    programme.type_in("Inscriptions", "I2", "Désistement")
    programme.answer(("2023-01-08 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))

    result = _run(programme, "apply", "--yes")

    assert result.exit_code == 30
    assert result.output.count("n’allaient plus ensemble") == 1


def test_nightly_says_nothing_personal(programme: Programme) -> None:
    result = _run(programme, "nightly")

    assert result.exit_code == 0
    assert result.output
    assert not any(word in result.output for word in ("Fortin", "Caron", "example.com", "555"))


def test_a_torn_row_ends_with_code_30_and_the_others_go_on(programme: Programme) -> None:
    _run(programme, "nightly")
    programme.type_in("Inscriptions", "I2", "Désistement")
    programme.answer(("2023-01-08 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))

    result = _run(programme, "nightly")

    assert result.exit_code == 30
    assert programme.rows("enrolments")[-1]["first_name"] == "Luc"


def test_another_run_under_way_ends_with_code_75(programme: Programme) -> None:
    _run(programme, "nightly")
    guard = guards.make_guard(2, "20230110T070000Z-zzzz", _lease())
    programme.ask(guard)

    result = _run(programme, "nightly")

    assert result.exit_code == 75


def _lease() -> datetime:
    return datetime(2023, 1, 10, 7, 10, tzinfo=UTC)


def test_status_tells_where_each_cohort_stands(programme: Programme) -> None:
    _run(programme, "nightly")

    result = _run(programme, "status", "--json")

    status = json.loads(result.stdout)
    assert status["spreadsheet_id"] == programme.config.workspace.spreadsheet
    assert status["decisions_awaited"] == 0
    assert status["last_night"] == "2023-01-10T02:00:00-05:00"
    assert status["cohorts"][0]["confirmed"] == 3


def test_status_says_what_waits_for_the_committee_and_where(programme: Programme) -> None:
    _run(programme, "nightly")
    programme.put_in("enrolments", 1, "decision", "annulé")

    told = _run(programme, "status").stdout

    assert "À décider aujourd’hui" in told
    assert "1  Décisions à préciser" in told
    assert typeset("→ onglet Inscriptions, colonne Décision : choisissez") in told


def test_a_plan_tells_a_reason_once_for_all_whom_it_concerns(programme: Programme) -> None:
    told = _run(programme, "plan").stdout

    reason = locale.text("fr", "reason.confirmed")
    assert told.count(reason) == 1
    assert typeset("Confirmé·e  C1  n° 1, n° 2, n° 4") in told


def test_status_tells_the_latest_nights_the_last_one_first(programme: Programme) -> None:
    for _ in range(2):
        _run(programme, "nightly")

    told = json.loads(_run(programme, "status", "--json").stdout)["nights"]
    shown = _run(programme, "status")

    assert [(past["kind"], past["transitions"], past["mails"]) for past in told] == [
        ("night", 0, 0),
        ("night", 6, 0),
    ]
    assert told[0]["at"] == "2023-01-10T02:00:00-05:00"
    assert "Derniers passages" in shown.stdout
    assert shown.stdout.count("2023-01-10 02:00") == 3


def test_show_gives_scripts_english_keys_and_instants_with_their_offset(
    programme: Programme,
) -> None:
    _run(programme, "nightly")

    rows = json.loads(_run(programme, "show", "Inscriptions", "--format", "json").stdout)

    assert rows[0]["status"] == "confirmed"
    assert rows[0]["registered_at"] == "2023-01-02T09:00:00-05:00"
    assert rows[0]["trade"] == "a"


def test_show_as_csv_holds_nothing_that_a_spreadsheet_would_evaluate(programme: Programme) -> None:
    programme.answer(("2023-01-08 09:00:00", "=1+1", "Roy", "luc@example.com", "", ""))
    _run(programme, "nightly")

    result = _run(programme, "show", "enrolments", "--format", "csv")

    assert result.stdout.startswith("N°,Personne,Prénom")
    assert "'=1+1" in result.stdout


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_of_help_speaks_the_language_asked_for(lang: str) -> None:
    pages = [[], ["plan"], ["apply"], ["nightly"], ["status"], ["show"], ["demo"], ["local"]]

    for words in pages:
        result = CliRunner().invoke(main, ["--lang", lang, *words, "--help"])
        assert result.exit_code == 0
        assert ("Montrer cette aide." in result.stdout) == (lang == "fr")


def test_a_missing_config_is_two_lines_and_code_78(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["plan"])

    assert result.exit_code == 78
    assert len(result.stderr.strip().splitlines()) == 2


@pytest.mark.parametrize(
    "words", [["plan"], ["apply", "--yes"], ["nightly"], ["status"], ["show", "cohorts"]]
)
def test_a_workspace_that_is_not_there_is_told_and_not_made(
    programme: Programme, words: list[str]
) -> None:
    folder = programme.path.parent / "config"
    folder.mkdir()
    text = programme.path.with_name("cohorte.toml").read_text(encoding="utf-8")
    config = folder / "cohorte.toml"
    config.write_text(text.replace("programme.db", "../elsewhere/autre.db"), encoding="utf-8")

    result = CliRunner().invoke(main, ["--config", str(config), *words])

    assert result.exit_code == 65
    assert len(result.stderr.splitlines()) == 2
    assert typeset(f"« {programme.path.parent / 'elsewhere' / 'autre.db'} »") in result.stderr
    assert not (programme.path.parent / "elsewhere").exists()


@pytest.mark.parametrize(("lang", "said"), [("fr", "n’est pas une date"), ("en", "is not an ISO")])
def test_an_instant_that_is_none_is_wrong_usage(lang: str, said: str) -> None:
    result = CliRunner().invoke(main, ["--lang", lang, "--at", "hier", "plan"])

    assert result.exit_code == 2
    assert said in result.stderr
    assert "2023-01-16T02:00" in result.stderr


def test_a_tab_that_does_not_exist_is_wrong_usage(programme: Programme) -> None:
    french = _run(programme, "show", "foo")
    english = _run(programme, "--lang", "en", "show", "foo")

    assert (french.exit_code, english.exit_code) == (2, 2)
    assert typeset("Il n’y a pas d’onglet « foo ».") in french.stderr
    assert "There is no tab “foo”." in english.stderr
    assert "enrolments" in english.stderr
    assert "mail_log" not in english.stderr


@pytest.mark.parametrize("words", [["plan"], ["local", "load", "cohorte.toml"]])
def test_a_folder_as_config_is_two_lines_and_code_78(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(programme.path.parent)

    result = CliRunner().invoke(main, ["--config", ".", *words])

    assert result.exit_code == 78
    assert len(result.stderr.splitlines()) == 2


def test_a_config_that_cannot_serve_names_an_example_that_is_there(tmp_path: Path) -> None:
    config = tmp_path / "cohorte.toml"
    config.write_text("", encoding="utf-8")

    result = CliRunner().invoke(main, ["--config", str(config), "plan"])

    assert result.exit_code == 78
    assert str(data_path("config", "example.toml")) in result.stderr


def test_help_imports_neither_gspread_nor_pydantic() -> None:
    code = (
        "import sys; from automation.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('gspread','pydantic','rich','requests','jinja2') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip().endswith("[]")


def test_what_does_not_exist_is_told_in_two_lines_of_the_readers_language(
    programme: Programme,
) -> None:
    result = _run(programme, "show", "rien")

    what, remedy = result.stderr.splitlines()
    assert (result.exit_code, what) == (2, typeset("Il n’y a pas d’onglet « rien »."))
    assert remedy.startswith("→ Choisissez parmi")
    assert "Inscriptions (enrolments)" in remedy
