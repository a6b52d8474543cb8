"""`cohorte papers`: from the workbook to a file, or to the next program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from automation.cli import main
from tests.papers.reading import Reading
from tests.programme import TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme

_LAST = "2023-04-01T12:00"


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    made = small_programme(tmp_path)
    config = (
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        f'[responses]\ntabs = ["{TAB}"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n'
        '[programme]\nname = "Le rendez-vous"\ncity = "L’Islet"\n'
        'registration_url = "https://example.org/f"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, "utf-8")
    made.night()
    made.night(at=datetime(2023, 1, 14, 7, tzinfo=UTC), token="bbbb")
    monkeypatch.chdir(tmp_path)
    return made


def run(programme: Programme, *words: str, at: str = "2023-01-15T02:00") -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner().invoke(main, ["--config", str(config), "--at", at, *words])


def test_the_next_meetings_sheet_is_written_in_the_current_folder(
    programme: Programme, tmp_path: Path
) -> None:
    result = run(programme, "papers", "sign-in")

    assert result.exit_code == 0, result.output
    assert "feuille-de-presence-1.html" in result.output
    page = Reading((tmp_path / "feuille-de-presence-1.html").read_text("utf-8"))
    assert "Briser l’isolement Lundi 16 janvier 2023, de 18 h 30 à 21 h" in page.pages[0]
    names = [row[1] for row in page.cells if len(row) == 4]
    assert names == ["Caron, Marc", "Dubé, Josée", "Fortin, Hélène"]


def test_meetings_of_the_next_day_have_their_sheets_and_later_ones_do_not(
    programme: Programme, tmp_path: Path
) -> None:
    programme.organise(
        [("C2", "Deuxième cohorte", "3", "", ""), ("C3", "Troisième", "3", "", "")],
        [("C2", "2023-01-16", "12:00", "", "Dîner"), ("C3", "2023-01-17", "12:00", "", "Dîner")],
    )
    programme.night(at=datetime(2023, 1, 14, 8, tzinfo=UTC), token="cccc")

    result = run(programme, "papers", "sign-in")

    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.glob("*.html")] == ["feuille-de-presence-2-1.html"]


def test_a_dash_gives_the_document_and_nothing_else(programme: Programme) -> None:
    result = run(programme, "--lang", "en", "papers", "sign-in", "--meeting", "1", "--out", "-")

    assert result.stdout.startswith("<!DOCTYPE html>")
    assert result.stdout.endswith("</html>\n")
    assert "Sign-in sheet" in result.stdout


def test_a_pdf_is_asked_for_by_its_format(programme: Programme, tmp_path: Path) -> None:
    pytest.importorskip("plutoprint", reason="the engine has no wheel for this machine")

    result = run(programme, "papers", "sign-in", "--format", "pdf", "--out", "feuille.pdf")

    assert result.exit_code == 0, result.output
    assert (tmp_path / "feuille.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "at", "told"),
    [
        (("--meeting", "9"), "2023-01-15T02:00", "Il n’y a pas de rencontre n° 9"),
        (("--cohort", "C9"), "2023-01-15T02:00", "Il n’y a pas de cohorte « C9 »"),
        ((), "2023-02-15T02:00", "aucune n’est à venir"),
        (("--out", "nowhere/x.html"), "2023-01-15T02:00", "nowhere/x.html ne peut pas être écrit"),
    ],
)
def test_what_cannot_be_printed_is_said(
    programme: Programme, words: tuple[str, ...], at: str, told: str
) -> None:
    result = run(programme, "papers", "sign-in", *words, at=at)

    assert result.exit_code == 2
    assert told in result.output.replace("\u00a0", " ")


def test_a_meeting_without_a_day_is_named(programme: Programme) -> None:
    programme.put_in("meetings", 1, "date", "")

    result = run(programme, "papers", "sign-in", "--meeting", "1")

    assert result.exit_code == 2
    assert "La rencontre n° 1 n’a pas de date" in result.output.replace("\u00a0", " ")


def test_whoever_came_often_enough_has_an_attestation(programme: Programme, tmp_path: Path) -> None:
    programme.put_in("cohorts", 1, "attestation_at", 1)
    programme.tick(1, 1)
    programme.call_roll(1)

    result = run(programme, "papers", "attestations", "--cohort", "c1", at=_LAST)

    assert result.exit_code == 0, result.output
    (page,) = Reading((tmp_path / "attestations-c1.html").read_text("utf-8")).pages
    assert "Hélène Fortin a participé à la rencontre tenue le 16 janvier 2023." in page
    assert "L’Islet, le 1er avril 2023" in page


def test_without_an_attestation_to_make_it_says_why_and_writes_nothing(
    programme: Programme, tmp_path: Path
) -> None:
    unasked = run(programme, "papers", "attestations", at=_LAST)
    programme.put_in("cohorts", 1, "attestation_at", 1)
    unearned = run(programme, "papers", "attestations", at=_LAST)

    assert "Attestation dès" in unasked.output
    assert "personne n’est encore venu assez souvent" in unearned.output
    assert unasked.exit_code == unearned.exit_code == 0
    assert not list(tmp_path.glob("*.html"))


def test_nothing_is_written_in_the_workbook(programme: Programme) -> None:
    before = programme.picture()

    run(programme, "papers", "sign-in")
    run(programme, "papers", "attestations")

    assert programme.picture() == before


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("words", [(), ("sign-in",), ("attestations",)])
def test_every_command_says_what_it_does(
    programme: Programme, words: tuple[str, ...], language: str
) -> None:
    result = run(programme, "--lang", language, "papers", *words, "--help")

    assert result.exit_code == 0
    assert (
        ("attestation" in result.output) or ("feuille" in result.output) or "sheet" in result.output
    )
