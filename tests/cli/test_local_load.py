"""One's own files on the first evening: in an empty folder, with nothing but a download."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from automation.cli import main
from automation.locale import typeset
from automation.resources import data_path

if TYPE_CHECKING:
    from click.testing import Result

EXPORT = """Timestamp;Nom complet;Courriel;Cellulaire;Votre commentaire
16/01/2023 09:12:33;Ève Côté;eve@example.com;4185550101;"Bonjour;
à bientôt"
17/01/2023 10:00:00;Luc Roy;luc@example.com;418 555-0102;
"""


@pytest.fixture(autouse=True)
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COHORTE_CONFIG", raising=False)
    for name in ("responses", "cohorts", "meetings"):
        shutil.copy(data_path("config", "demo", f"{name}.csv"), f"{name}.csv")
    Path("export.csv").write_bytes(EXPORT.encode("cp1252"))


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def run_json(*arguments: str) -> Any:
    return json.loads(run(*arguments).stdout)


def test_a_download_becomes_a_workspace_a_configuration_and_a_plan() -> None:
    told = run("local", "load", "export.csv").stdout

    assert "config/cohorte.toml" in told
    assert "Nom complet" in told
    assert typeset("Réponses chargées : 2. Mises à jour : 0. Déjà là : 0.") in told
    assert "cohorte local load cohortes.csv --as cohorts" in told
    assert Path("cohorte.db").is_file()
    assert 'path = "../cohorte.db"' in Path("config/cohorte.toml").read_text(encoding="utf-8")
    assert typeset("Réponses en attente : 2") in run("plan").stdout


def test_the_whole_evening_ends_with_places_given() -> None:
    run("local", "load", "responses.csv")
    run("local", "load", "cohorts.csv", "--as", "cohorts")
    run("local", "load", "meetings.csv", "--as", "meetings")

    run("apply", "--yes")

    cohorts = run_json("status", "--json")["cohorts"]
    assert [(c["code"], c["confirmed"], c["places"]) for c in cohorts] == [
        ("C1", 12, 12),
        ("C2", 6, 6),
    ]


def test_loading_again_changes_nothing() -> None:
    run("local", "load", "responses.csv")
    config = Path("config/cohorte.toml").read_bytes()

    again = run_json("local", "load", "responses.csv", "--json")

    assert (again["added"], again["already"], again["config_written"]) == (0, 29, False)
    assert Path("config/cohorte.toml").read_bytes() == config


def test_a_script_learns_what_feeds_what() -> None:
    told = run_json("local", "load", "export.csv", "--json")

    assert told["config_written"] is True
    assert told["fields"]["name"] == "Nom complet"
    assert told["fields"]["phone"] == "Cellulaire"
    assert (told["as"], told["added"], told["left_out"], told["ignored"]) == (
        "responses",
        2,
        0,
        [],
    )


def test_commands_to_go_on_name_the_configuration_that_was_chosen() -> None:
    told = run("--lang", "en", "--config", "my place.toml", "local", "load", "export.csv").stdout

    assert "cohorte --config 'my place.toml' plan" in told
    assert 'path = "cohorte.db"' in Path("my place.toml").read_text(encoding="utf-8")
    assert 'language = "en"' in Path("my place.toml").read_text(encoding="utf-8")


def test_what_a_file_of_cohorts_lacks_or_has_too_much_is_said() -> None:
    run("local", "load", "export.csv")
    Path("cohorts.csv").write_text("Code,Couleur,Places\nC1,vert,3\n,,4\n")

    cohorts = run("local", "load", "cohorts.csv", "--as", "cohorts").stdout

    assert typeset("Colonnes laissées de côté : Couleur.") in cohorts
    assert typeset("faute de ce qui les distingue : 1.") in cohorts


def test_a_cohort_that_changed_is_told_in_words_and_to_scripts() -> None:
    run("local", "load", "export.csv")
    run("local", "load", "cohorts.csv", "--as", "cohorts")
    Path("more.csv").write_text("Code,Places\nC1,20\nC9,3\n")

    told = run("local", "load", "more.csv", "--as", "cohorts").stdout
    again = run_json("local", "load", "more.csv", "--as", "cohorts", "--json")

    assert typeset("Cohortes chargées : 1. Mises à jour : 1. Déjà là : 0.") in told
    assert (again["added"], again["updated"], again["already"]) == (0, 0, 2)


def test_a_renamed_question_is_refused_with_the_nearest_header() -> None:
    run("local", "load", "export.csv")
    renamed = EXPORT.replace("Cellulaire;Votre commentaire", "Téléphone cellulaire;Commentaire")
    Path("renamed.csv").write_text(renamed.replace("Ève", "Zoé"), encoding="utf-8")
    before = Path("cohorte.db").read_bytes()

    result = run("local", "load", "renamed.csv", code=65)

    what, remedy = result.stderr.splitlines()
    assert typeset("« Cellulaire »") in what
    assert typeset("« Téléphone cellulaire »") in what
    assert "config/cohorte.toml" in remedy
    assert Path("cohorte.db").read_bytes() == before


def test_a_question_is_found_whatever_its_case_and_accents() -> None:
    run("local", "load", "export.csv")
    Path("shouted.csv").write_text(EXPORT.replace("Nom complet", "NOM  COMPLET "), encoding="utf-8")

    assert run_json("local", "load", "shouted.csv", "--json")["already"] == 2


@pytest.mark.parametrize(
    "table",
    [
        "Nom complet,Courriel\nÈve,eve@example.com\n",
        "Date de naissance,Nom complet\n1990-01-02,Ève\n",
        ",Nom complet\nbientôt,Ève\n",
    ],
)
def test_answers_without_their_time_are_refused(table: str) -> None:
    Path("timeless.csv").write_text(table, encoding="utf-8")

    result = run("--lang", "en", "local", "load", "timeless.csv", code=65)

    assert len(result.stderr.splitlines()) == 2
    assert "“Timestamp”" in result.stderr
    assert not Path("config").exists()
    assert not Path("cohorte.db").exists()


def test_answers_without_their_time_are_refused_by_a_configuration_that_is_there() -> None:
    run("local", "load", "export.csv")
    Path("timeless.csv").write_text(EXPORT.replace("Timestamp", "Moment").replace("/2023", ""))

    result = run("local", "load", "timeless.csv", code=65)

    assert typeset("« Horodateur »") in result.stderr


def test_the_first_column_may_hold_the_times_under_any_unmapped_header() -> None:
    run("local", "load", "export.csv")
    Path("renamed.csv").write_text(EXPORT.replace("Timestamp", "Envoyé le").replace("Luc", "Guy"))

    told = run_json("local", "load", "renamed.csv", "--json")

    assert (told["added"], told["updated"], told["already"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("cohorts.csv",), 65, "--as cohorts"),
        (("meetings.csv",), 65, "--as meetings"),
        (("nameless.csv",), 65, "Nom complet"),
        (("empty.csv",), 65, "vide"),
        (("cohorts.csv", "--as", "cohorts"), 78, "cohorte local load"),
        (("absent.csv",), 2, "absent.csv"),
    ],
)
def test_what_cannot_be_loaded_is_refused_and_leaves_nothing(
    arguments: tuple[str, ...], code: int, words: str
) -> None:
    Path("nameless.csv").write_text("Horodateur,Couleur\n2023-01-18 08:00:00,vert\n")
    Path("empty.csv").write_text("")

    result = run("local", "load", *arguments, code=code)

    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 2 or code == 2
    assert not Path("cohorte.db").exists()
    assert not Path("config").exists()


def test_a_workspace_at_google_is_left_alone() -> None:
    Path("google.toml").write_text(
        '[workspace]\nkind = "google"\nspreadsheet = "abc"\n[responses]\ntabs = ["R"]\n'
        '[fields]\nname = "Nom complet"\n'
    )

    result = run("--config", "google.toml", "local", "load", "export.csv", code=78)

    assert "embarqué" in result.stderr


FORM = """"Timestamp","Nom complet","Username","Cellulaire","Quels jours?"
"2023/01/16 9:12:33 AM EST","Ève Côté","eve@example.com","4185550101","lundi;mardi, le soir"
"2023/01/17 10:00:00 AM EST","Luc Roy","luc@example.com","4185550102","mardi, le soir;jeudi"
"2023/01/18 8:00:00 PM EST","Zoé Roy","zoe@example.com","4185550103","lundi;jeudi"
"""
SHEET = """Horodateur,Nom complet,Adresse e-mail,Cellulaire,Quels jours?
2023-01-16 09:12:33,Ève Côté,eve@example.com,4185550101,"lundi, mardi, le soir"
2023-01-17 10:00:00,Luc Roy,luc@example.com,4185550102,"mardi, le soir, jeudi"
2023-01-18 20:00:00,Zoé Roy,zoe@example.com,4185550103,"lundi, jeudi"
"""


def test_the_zip_of_the_form_is_loaded_as_it_was_downloaded() -> None:
    with zipfile.ZipFile("form.csv.zip", "w") as archive:
        archive.writestr("Inscriptions.csv", FORM)
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")

    told = run("local", "load", "form.csv.zip").stdout
    again = run_json("local", "load", "sheet.csv", "--json")

    assert "cases à cocher" in told
    assert typeset("Réponses chargées : 3.") in told
    assert (again["added"], again["updated"], again["already"]) == (0, 0, 3)
    with Path("config/cohorte.toml").open("rb") as file:
        (question,) = tomllib.load(file)["fields"]["choices"].values()
    assert question == {
        "question": "Quels jours?",
        "options": ["lundi", "mardi, le soir", "jeudi"],
    }


def test_an_answer_edited_since_stays_one_registration() -> None:
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    later = SHEET.replace("2023-01-17 10:00:00", "2023-01-20 10:00:00").replace(", jeudi", "")
    Path("later.csv").write_text(later, encoding="utf-8")
    Path("one.csv").write_text("Code,Places,Ouverture\nC1,9,2023-01-01\n")
    run("local", "load", "sheet.csv")
    run("local", "load", "one.csv", "--as", "cohorts")
    run("apply", "--yes")

    told = run("local", "load", "later.csv").stdout
    run("apply", "--yes")

    assert typeset("Réponses chargées : 0. Mises à jour : 2. Déjà là : 1.") in told
    assert [row["status"] for row in run_json("show", "enrolments", "--format", "json")] == [
        "confirmed"
    ] * 3


def test_what_a_partial_download_leaves_in_doubt_is_told() -> None:
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    lines = SHEET.replace("2023-01-17", "2023-01-20").splitlines(keepends=True)
    Path("part.csv").write_text(lines[0] + lines[2], encoding="utf-8")
    run("local", "load", "sheet.csv")

    told = run("local", "load", "part.csv").stdout

    assert "Ajoutées à côté" in told
    assert "téléchargement complet" in " ".join(told.split())


def test_a_zip_without_a_csv_is_refused_in_two_lines() -> None:
    with zipfile.ZipFile("book.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")

    result = run("local", "load", "book.xlsx", code=65)

    assert "Excel" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_help_is_in_the_language_asked_for() -> None:
    assert "Charger un CSV" in run("local", "--help").stdout
    assert "What the file holds." in run("--lang", "en", "local", "load", "--help").stdout
