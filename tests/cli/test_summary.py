"""The figures from the command line: show, report, export."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from automation.cli import main
from automation.cli.report import section_view
from automation.core.summary import Column, Line, Section
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
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\nwish = "Métier"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, "utf-8")
    run(made, "nightly")
    return made


def run(programme: Programme, *words: str) -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner().invoke(main, ["--config", str(config), "--at", "2023-01-10T02:00", *words])


def test_show_summary_gives_scripts_each_row_with_its_figures(programme: Programme) -> None:
    rows = json.loads(run(programme, "show", "summary", "--format", "json").stdout)

    (cohort,) = [row for row in rows if row["table"] == "cohorts"]
    assert cohort["row"] == "C1"
    assert cohort["figures"]["confirmed"] == 3


def test_show_summary_as_csv_has_a_line_for_each_figure(programme: Programme) -> None:
    text = run(programme, "show", "Sommaire", "--format", "csv").stdout

    lines = list(csv.DictReader(io.StringIO(text)))
    told = {(line["table"], line["row"], line["column"]): line["figure"] for line in lines}
    assert told["funnel", "persons", "people"] == "5"


def test_show_summary_says_the_same_as_the_tab(programme: Programme) -> None:
    text = run(programme, "show", "summary").stdout

    assert "Places par cohorte" in text
    assert "Première cohorte" in text


def test_a_long_run_of_weeks_without_anybody_is_one_line() -> None:
    counts = (2, 0, 0, 1, 0, 0, 0, 4)
    lines = tuple(
        Line(key=str(at), label=f"Semaine {at}", short="", values=(count,))
        for at, count in enumerate(counts)
    )
    columns = (Column(key="people", label="Personnes"),)
    section = Section(key="weeks", title="Par semaine", columns=columns, lines=lines)

    out = io.StringIO()
    Console(file=out, width=80).print(section_view(section, "fr"))

    shown = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert shown[2:-1] == [
        "Semaine 0 2",
        "Semaine 1 0",
        "Semaine 2 0",
        "Semaine 3 1",
        "… 3 semaines sans inscription",
        "Semaine 7 4",
    ]


def test_the_committee_may_choose_to_see_no_more_than_partners(programme: Programme) -> None:
    config = programme.path.with_name("cohorte.toml")
    config.write_text(
        config.read_text("utf-8") + "[summary]\nsuppress_for_committee = true\n", "utf-8"
    )

    rows = json.loads(run(programme, "show", "summary", "--format", "json").stdout)

    (cohort,) = [row for row in rows if row["table"] == "cohorts"]
    assert cohort["figures"]["confirmed"] == "suppressed"
    assert any(row["table"] == "today" for row in rows)


def test_show_comments_gives_each_with_its_number(programme: Programme) -> None:
    rows = json.loads(run(programme, "show", "comments", "--format", "json").stdout)

    assert {"question": "Métier", "number": 1, "text": "a"} in rows
    assert "Métier" in run(programme, "show", "Commentaires").stdout


@pytest.mark.parametrize(("words", "whole"), [((), False), (("--whole",), True)])
def test_a_report_holds_back_small_figures_unless_it_is_for_the_committee(
    programme: Programme, words: tuple[str, ...], whole: bool
) -> None:
    file = programme.path.with_name("rapport.html")

    result = run(programme, "report", "--out", str(file), *words)

    html = file.read_text("utf-8")
    assert result.exit_code == 0
    assert ("gardez-le entre vous" in result.stdout) == whole
    assert ("À décider" in html) == whole
    assert ("Fortin" in html) is False


def test_an_export_is_an_excel_file_with_the_charts(programme: Programme) -> None:
    file = programme.path.with_name("classeur.xlsx")

    result = run(programme, "export", str(file))

    assert result.exit_code == 0
    with zipfile.ZipFile(file) as book:
        names = book.namelist()
    assert "xl/workbook.xml" in names
    assert any(name.startswith("xl/charts/chart") for name in names)


def test_an_export_is_never_an_excel_file_under_the_name_of_another_kind(
    programme: Programme,
) -> None:
    file = programme.path.with_name("classeur.csv")

    result = run(programme, "export", str(file))

    assert result.exit_code == 2
    assert ".xlsx" in result.stderr
    assert not file.exists()


def test_an_export_that_cannot_be_written_says_so(programme: Programme) -> None:
    result = run(programme, "export", str(programme.path.parent / "nowhere" / "classeur.xlsx"))

    assert result.exit_code == 2
    assert "classeur.xlsx" in result.stderr


def test_a_plan_says_which_tabs_it_brings_up_to_date(programme: Programme) -> None:
    programme.put_in("cohorts", 1, "places", 4)

    text = run(programme, "plan").stdout
    told = json.loads(run(programme, "plan", "--json").stdout)

    assert "à mettre à jour" in text
    assert "Sommaire." in text
    assert told["boards"] == ["summary"]
