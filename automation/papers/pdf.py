"""PDF from the papers' HTML, through PlutoPrint: an engine in a wheel, without a browser.

It is given its font by a package, so that pages are the same on every machine, and nothing else: no
file and no address is ever opened, whatever a template or a person's text may name.
"""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from automation.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime

_WEIGHTS: Final = {"Light": 300, "Regular": 400, "Semibold": 600, "Bold": 700}
_SCHEME: Final = "cohorte-font:"
_FACES: Final = "".join(
    f'@font-face {{ font-family: "Source Sans Pro"; font-weight: {weight}; src: url("{_SCHEME}{name}"); }}\n'
    for name, weight in _WEIGHTS.items()
)


def make_pdf(html: str, *, made_at: datetime) -> bytes:
    """Return the PDF of one of our documents, on the paper that its CSS names.

    Args:
        made_at: Aware; said in the file, whose bytes depend on nothing else than it and the HTML.

    Raises `ConfigError` where the extra `pdf` is not installed.
    """
    try:
        import font_source_sans_pro as fonts
        import plutoprint
    except ImportError as error:
        raise ConfigError("no_pdf") from error

    class OnlyOurFont(plutoprint.ResourceFetcher):
        def fetch_url(self, url: str) -> plutoprint.ResourceData:
            file = _find_face(fonts.font_directory, url)
            if file is None:
                # Anything else is there, and empty: the engine says so and goes on without it.
                return plutoprint.ResourceData(b"", "text/plain")
            # Read by the engine: it keeps fonts until the process ends, when Python has gone and
            # can't be asked to free bytes of its own (a crash in PlutoPrint 0.23).
            return plutoprint.default_resource_fetcher.fetch_url(file.as_uri())

    book = plutoprint.Book(plutoprint.PAGE_SIZE_LETTER, plutoprint.PAGE_MARGINS_NONE)
    book.custom_resource_fetcher = OnlyOurFont()
    book.load_html(html, user_style=_FACES)
    book.set_metadata(plutoprint.PDF_METADATA_CREATOR, "Cohorte")
    made = made_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    book.set_metadata(plutoprint.PDF_METADATA_CREATION_DATE, f"{made.isoformat()}Z")
    pdf = BytesIO()
    book.write_to_pdf_stream(pdf)
    return pdf.getvalue()


def _find_face(folder: str, url: str) -> Path | None:
    """Return the font file that one of our own addresses stands for; None for any other."""
    name = url.removeprefix(_SCHEME)
    ours = url.startswith(_SCHEME) and name in _WEIGHTS
    return Path(folder) / f"SourceSansPro-{name}.ttf" if ours else None
