"""The PDF has the pages of the HTML, its own font, and nothing from anywhere else."""

from __future__ import annotations

import base64
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from automation.config.sections import Paper
from automation.errors import ConfigError
from automation.papers.attestations import render_attestations
from automation.papers.pdf import make_pdf
from automation.papers.sign_in import render_sign_in
from automation.telling import error_lines
from tests.papers.samples import ATTESTATION, MADE_AT, SIXTY, STRANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOP = Path(__file__).parents[2]
_POINTS = 72 / 25.4
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _engine() -> None:
    pytest.importorskip("plutoprint", reason="the engine has no wheel for this machine")


def read(html: str) -> PdfReader:
    return PdfReader(BytesIO(make_pdf(html, made_at=MADE_AT)))


def words(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine; give the address, and the paths that were asked for."""
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(_PIXEL)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Note)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_sixty_people_are_there_once_and_each_page_says_which_it_is() -> None:
    pages = words(read(render_sign_in([SIXTY], language="fr")))

    assert len(pages) == 4
    everything = " ".join(pages)
    assert [everything.count(person.name) for person in SIXTY.people] == [1] * 60
    for number, page in enumerate(pages, start=1):
        assert "Trouver l’équilibre, ou le garder" in page
        assert f"page {number} de 4" in page


@pytest.mark.parametrize(
    ("paper", "width", "height"), [(Paper.LETTER, 215.9, 279.4), (Paper.A4, 210, 297)]
)
def test_pages_are_of_the_paper_asked_for(paper: Paper, width: float, height: float) -> None:
    upright = read(render_sign_in([SIXTY], language="fr", paper=paper)).pages[0].mediabox
    lying = read(render_attestations([ATTESTATION], language="fr", paper=paper)).pages[0].mediabox

    assert (float(upright.width), float(upright.height)) == pytest.approx(
        (width * _POINTS, height * _POINTS), abs=1
    )
    assert (float(lying.width), float(lying.height)) == pytest.approx(
        (height * _POINTS, width * _POINTS), abs=1
    )


def test_texts_that_no_column_was_made_for_take_no_more_pages() -> None:
    assert len(read(render_sign_in([STRANGE], language="fr")).pages) == 1


def test_each_attestation_is_a_page() -> None:
    pages = words(read(render_attestations([ATTESTATION] * 3, language="en")))

    assert len(pages) == 3
    for page in pages:
        assert "Hélène D’Amours-Lebœuf" in page
        assert "took part in 5 of 6 meetings, from January 16 to March 27, 2023." in page


def test_every_letter_of_french_is_in_our_font() -> None:
    html = render_sign_in([SIXTY], language="fr")

    reader = read(html.replace("Ébénisterie", "ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸÆ àâçéèêëîïôœùûüÿæ «’»–—…€№"))

    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts == {"SourceSansPro-Regular", "SourceSansPro-Semibold"}


def test_the_same_paper_made_at_the_same_instant_is_the_same_file() -> None:
    html = render_sign_in([SIXTY], language="fr")

    assert make_pdf(html, made_at=MADE_AT) == make_pdf(html, made_at=MADE_AT)


def test_a_process_that_made_many_ends_well() -> None:
    many = (
        "from tests.papers.samples import MADE_AT, SHEET, render_sign_in\n"
        "from automation.papers.pdf import make_pdf\n"
        "html = render_sign_in([SHEET], language='fr')\n"
        "for _ in range(20): make_pdf(html, made_at=MADE_AT)\n"
    )

    ended = subprocess.run([sys.executable, "-c", many], cwd=_TOP, check=False)

    assert ended.returncode == 0


def test_nothing_is_asked_of_a_network_whatever_a_template_names() -> None:
    with listening() as (address, asked):
        read(
            f'<link rel="stylesheet" href="{address}/1.css"><style>@import "{address}/2.css";'
            f"@font-face {{ font-family: x; src: url({address}/3.ttf) }} p {{ font-family: x;"
            f' background: url({address}/4.png) }}</style><p>x<img src="{address}/5.png"></p>'
            f'<svg><image href="{address}/6.png" width="9" height="9"/></svg>'
        )

    assert asked == []


def test_no_file_is_opened_whatever_a_template_names(tmp_path: Path) -> None:
    (tmp_path / "pixel.png").write_bytes(_PIXEL)
    style = tmp_path / "hide.css"
    style.write_text("p { display: none }", "utf-8")
    inside = f"data:image/png;base64,{base64.b64encode(_PIXEL).decode()}"
    page = '<link rel="stylesheet" href="{style}"><p>here <img src="{image}"></p>'

    theirs = read(page.format(style=style.as_uri(), image=(tmp_path / "pixel.png").as_uri()))
    ours = read(page.format(style="", image=inside))

    assert words(theirs) == ["here"]
    assert len(theirs.pages[0].images) == 0
    assert len(ours.pages[0].images) == 1


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plutoprint", None)

    with pytest.raises(ConfigError) as caught:
        make_pdf("<p>x</p>", made_at=MADE_AT)

    for language in ("fr", "en"):
        assert "pip install 'cohorte[pdf]'" in error_lines(caught.value, language)[1]
