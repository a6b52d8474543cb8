"""On paper, what somebody wrote is what is printed, and nothing of it is obeyed."""

from __future__ import annotations

import io
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from pypdf import PdfReader

from automation.cli import main
from automation.core.text import tidy
from automation.papers.attestations import render_attestations
from automation.papers.sheet import clean
from automation.papers.sign_in import render_sign_in
from tests.hostile.strings import NAUGHTY
from tests.papers.reading import Reading
from tests.papers.samples import ATTESTATION, SIXTY
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.programme import Programme

_CALM: Final = "Ève Roy"


def _attest(texts: tuple[str, ...]) -> str:
    """Return an attestation for each text, which stands wherever somebody may write."""
    attestations = (
        replace(
            ATTESTATION,
            name=text,
            programme=text,
            cohort=text,
            place=text,
            organisations=(text, text),
            signatories=(text, text),
        )
        for text in texts
    )
    return render_attestations(attestations, language="fr")


def _list(texts: tuple[str, ...]) -> str:
    """Return a sheet to sign for each text, likewise."""
    sheets = (
        replace(
            SIXTY,
            programme=text,
            cohort=text,
            theme=text,
            place=text,
            host=text,
            people=tuple(replace(p, name=text, business=text) for p in SIXTY.people[:3]),
            registration_url="",
        )
        for text in texts
    )
    return render_sign_in(sheets, language="fr")


@pytest.mark.parametrize("draw", [_attest, _list])
def test_every_text_is_printed_and_draws_nothing(draw: Callable[[tuple[str, ...]], str]) -> None:
    usual = Reading(draw((_CALM, "", f"{_CALM}, {'m' * 60}")))

    page = Reading(draw(NAUGHTY))

    assert set(page.elements) <= set(usual.elements)
    assert {name for _, name, _ in page.attributes} <= {name for _, name, _ in usual.attributes}
    assert len(page.pages) == len(NAUGHTY)
    for text, words in zip(NAUGHTY, page.pages, strict=True):
        assert " ".join(clean(text, 40).split()).removesuffix("…") in words, text


@pytest.mark.parametrize("draw", [_attest, _list])
def test_every_page_is_made_into_a_pdf(draw: Callable[[tuple[str, ...]], str]) -> None:
    pytest.importorskip("plutoprint", reason="the engine has no wheel for this machine")
    from automation.papers.pdf import make_pdf

    texts = NAUGHTY[::9]
    content = make_pdf(draw(texts), made_at=NOW)

    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == len(texts)
    assert b"/JavaScript" not in content
    assert not [page for page in reader.pages if "/Annots" in page]


_CONFIG: Final = """
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
[fields.extra]
trade = "Métier"
[programme]
organisations = ["<b>Un</b>", "{{7*7}}"]
signatories = ["<svg onload=alert(1)>"]
city = "=1+1"
"""
_NAMES: Final = (*NAUGHTY[::6], "<script>alert('naughty')</script>", "{{7*7}}", "../../x")


@pytest.fixture(name="programme", scope="module")
def fixture_programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A programme in which everybody has an odd name and came to the meeting."""
    folder = tmp_path_factory.mktemp("odd")
    made = small_programme(folder)
    made.answer(
        *(
            (
                f"2023-01-07 09:{n // 60:02}:{n % 60:02}",
                name,
                f"Nom{n}",
                f"p{n}@example.com",
                "",
                name,
            )
            for n, name in enumerate(_NAMES)
        )
    )
    made.put_in("cohorts", 1, "places", 500)
    made.put_in("cohorts", 1, "name", "<img src=x onerror=alert(1)>")
    made.put_in("cohorts", 1, "attestation_at", 1)
    made.night()
    made.night(at=NOW + timedelta(days=5))
    ((number, standing),) = made.snapshot().roll_standings.items()
    ticked = [{"values": [{"userEnteredValue": {"boolValue": True}}]}]
    corner = {"sheetId": standing.sheet_id, "columnIndex": standing.columns["present"]}
    starts: list[dict[str, Any]] = [corner | {"rowIndex": row} for row in standing.rows.values()]
    fields = "userEnteredValue"
    made.ask(*({"updateCells": {"start": s, "rows": ticked, "fields": fields}} for s in starts))
    made.call_roll(number)
    made.night(at=NOW + timedelta(days=7))
    (folder / "cohorte.toml").write_text(_CONFIG, "utf-8")
    return made


def _draw(programme: Programme, folder: Path, words: str) -> Reading:
    shutil.copytree(programme.path.parent, folder / "odd")
    page = folder / "page.html"
    config = str(folder / "odd" / "cohorte.toml")

    result = CliRunner().invoke(main, ["--config", config, *words.split(), "--out", str(page)])

    assert result.exit_code == 0, result.output
    return Reading(page.read_text("utf-8"))


def test_whoever_came_has_an_attestation_whatever_their_name(
    programme: Programme, tmp_path: Path
) -> None:
    paper = _draw(programme, tmp_path, "papers attestations --cohort C1")

    came = [row for row in programme.rows("enrolments") if row["status"] == "confirmed"]
    assert len(paper.pages) == len(came)
    for name in _NAMES:
        assert " ".join(clean(tidy(name), 40).split()).removesuffix("…") in " ".join(paper.pages)
    assert not {"script", "img", "a", "b", "iframe", "form", "input"} & set(paper.elements)
    assert not [one for one in paper.attributes if one[1].startswith("on")]


def test_the_report_prints_the_names_of_cohorts_as_they_are(
    programme: Programme, tmp_path: Path
) -> None:
    paper = _draw(programme, tmp_path, "report")

    assert not {"script", "img", "iframe", "form", "input"} & set(paper.elements)
    assert not [one for one in paper.attributes if one[1].startswith("on")]
    assert "<img src=x onerror=alert(1)>" in " ".join(paper.pages)
