"""Sign-in sheets: who is expected at a meeting, and room for those who come along.

The pages are cut here and not by whoever prints, so that any browser repeats the heading and knows
how many pages there are: every line has the same height, and texts keep within theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import segno
from markupsafe import Markup
from msgspec import Struct

from automation.config.sections import Paper
from automation.papers.sheet import FORMATS, clean, write_day, write_hours
from automation.papers.templates import render_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, time
    from pathlib import Path

    from automation.papers.sheet import Format

_LINE: Final = 9.5
"""Height of a line to sign, in millimetres."""
_FURNITURE: Final = 76.5
"""What margins, heading, header and footer of a page take of its height, in millimetres."""
_WELCOME: Final = 4
"""Lines whose height the guests' heading takes, with its QR code."""
_CELL: Final = 96
"""Characters of a name or a business that fit a line in the small size."""
_LONG: Final = 40
"""Characters that fit a line in the ordinary size, were they all capitals."""
_HEADING: Final = 120
_DETAIL: Final = 70
"""Characters of a place or a host: both fit the heading with the day."""


class Signer(Struct, frozen=True, kw_only=True):
    """Who is expected.

    Attributes:
        number: The enrolment's.
        name: As printed: where lists are by last name, last name first.
    """

    number: int
    name: str
    business: str = ""


class SignInSheet(Struct, frozen=True, kw_only=True):
    """The sheet of one meeting; a text that nobody gave is "".

    Attributes:
        meeting_number: As in Rencontres.
        start: On the clock on the wall; so is the end.
        people: In the order to print; see `automation.core.collation`.
        guest_rows: How many empty lines there are for guests at least: they fill the last page. 0 for
            none, nor the QR code above them.
        registration_url: Where the QR code leads; "" for none.
    """

    programme: str
    cohort: str
    meeting_number: int
    theme: str
    day: date
    start: time | None = None
    end: time | None = None
    place: str = ""
    host: str = ""
    people: tuple[Signer, ...] = ()
    guest_rows: int = 5
    registration_url: str = ""


class _Page(Struct, frozen=True, kw_only=True):
    """One page of a sheet: participants, then guests.

    Attributes:
        guests: Empty lines for guests, under their heading; 0 for neither.
    """

    number: int
    people: tuple[Signer, ...] = ()
    guests: int = 0


def render_sign_in(
    sheets: Iterable[SignInSheet],
    *,
    language: str,
    paper: Paper = Paper.LETTER,
    folder: Path | None = None,
) -> str:
    """Return one HTML document with the sheets in order, each beginning on a page of its own.

    Args:
        folder: Where an installation's own templates are; see `automation.papers.templates`.

    Raises `ConfigError` where the template can't be used.
    """
    form = FORMATS[paper]
    return render_template(
        "sign-in.html.j2",
        folder,
        language,
        format=form,
        line=_LINE,
        sheets=[_view(sheet, form, language) for sheet in sheets],
    )


def _view(sheet: SignInSheet, form: Format, language: str) -> dict[str, object]:
    """Return what the template may print of a sheet."""
    return {
        "programme": clean(sheet.programme, _HEADING),
        "cohort": clean(sheet.cohort, _HEADING),
        "number": sheet.meeting_number,
        "theme": clean(sheet.theme, _HEADING),
        "day": _begin_sentence(write_day(sheet.day, language)),
        "hours": write_hours(sheet.start, sheet.end, language),
        "place": clean(sheet.place, _DETAIL),
        "host": clean(sheet.host, _DETAIL),
        "with_business": any(person.business.strip() for person in sheet.people),
        "code": _draw_code(sheet.registration_url),
        "pages": [
            {
                "number": page.number,
                "people": [_view_person(person) for person in page.people],
                "guests": page.guests,
            }
            for page in _cut_pages(sheet, int((form.height - _FURNITURE) / _LINE))
        ],
    }


def _view_person(person: Signer) -> dict[str, object]:
    name, business = clean(person.name, _CELL), clean(person.business, _CELL)
    return {
        "number": person.number,
        "name": name,
        "long_name": len(name) > _LONG,
        "business": business,
        "long_business": len(business) > _LONG,
    }


def _cut_pages(sheet: SignInSheet, lines: int) -> Iterator[_Page]:
    """Yield the pages, of so many lines each; guests get what is left of the last, if it will do."""
    people, number = sheet.people, 1
    while len(people) > lines:
        yield _Page(number=number, people=people[:lines])
        people, number = people[lines:], number + 1
    room = lines - len(people) - _WELCOME
    wanted, fits = sheet.guest_rows > 0, not people or room >= sheet.guest_rows
    yield _Page(number=number, people=people, guests=room if wanted and fits else 0)
    if wanted and not fits:
        yield _Page(number=number + 1, guests=lines - _WELCOME)


def _begin_sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_code(url: str) -> Markup | None:
    """Return the QR code of an address as SVG, as wide as CSS says; None for no address."""
    if not url:
        return None
    code = segno.make_qr(url, error="m")
    # Markup, because segno draws it: the address is in the drawing only, never in the text.
    return Markup(code.svg_inline(border=0, omitsize=True, lineclass="", svgclass="code"))  # noqa: S704
