"""A sign-in sheet has everyone once, says on each page what it is, and does nothing it is told."""

from __future__ import annotations

import re
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.config.sections import Paper
from automation.papers.sign_in import Signer, SignInSheet, render_sign_in
from tests.papers.reading import Reading
from tests.papers.samples import AWKWARD, SHEET, SIXTY, STRANGE, people

_LINES = {Paper.LETTER: 21, Paper.A4: 23}
"""Lines of a page."""
_WELCOME = 4
"""Lines that the guests' heading takes."""


def read(*sheets: SignInSheet, language: str = "fr", paper: Paper = Paper.LETTER) -> Reading:
    return Reading(render_sign_in(sheets, language=language, paper=paper))


def test_sixty_people_and_guests_take_four_pages_of_letter_and_three_of_a4() -> None:
    letter, a4 = read(SIXTY), read(SIXTY, paper=Paper.A4)

    assert [page[-11:] for page in letter.pages] == [f"page {n} de 4" for n in (1, 2, 3, 4)]
    assert len(a4.pages) == 3


def test_each_page_says_which_meeting_it_is_of() -> None:
    pages = read(SIXTY).pages

    for page in pages:
        assert "Le rendez-vous des travailleurs autonomes Cohorte de l’hiver 2023" in page
        assert "Trouver l’équilibre, ou le garder" in page
        assert "Lundi 13 février 2023, de 18 h 30 à 21 h" in page
        assert "Salle municipale, Saint-Pamphile" in page
        assert "Rencontre n° 3" in page


def test_everyone_is_there_once_in_the_order_given() -> None:
    rows = [row for row in read(SIXTY).cells if len(row) == 4]

    assert [row[:3] for row in rows] == [
        [str(person.number), person.name, person.business] for person in SIXTY.people
    ]


def test_each_meeting_begins_a_page_and_counts_its_own() -> None:
    pages = read(SIXTY, replace(SHEET, meeting_number=4)).pages

    assert pages[3].endswith("Rencontre n° 3 page 4 de 4")
    assert pages[4].endswith("Rencontre n° 4 page 1 de 1")


@settings(max_examples=60)
@given(st.integers(0, 130), st.integers(0, 30), st.sampled_from(Paper))
def test_no_page_is_overfull_and_guests_have_the_room_that_was_asked_for(
    count: int, guest_rows: int, paper: Paper
) -> None:
    sheet = replace(SHEET, people=people(count), guest_rows=guest_rows)

    html = render_sign_in([sheet], language="fr", paper=paper)

    lines, pages = _LINES[paper], [Reading(page) for page in html.split("</section>")[:-1]]
    signers = [sum(len(row) == 4 for row in page.cells) for page in pages]
    guests = [sum(len(row) == 3 for row in page.cells) for page in pages]
    assert sum(signers) == count
    assert all(
        s + (g + _WELCOME if g else 0) <= lines for s, g in zip(signers, guests, strict=True)
    )
    assert sum(guests) >= min(guest_rows, lines - _WELCOME)
    assert (sum(guests) > 0) == (guest_rows > 0)


def test_a_meeting_nobody_is_expected_at_has_a_page_for_guests() -> None:
    pages = read(replace(SHEET, people=())).pages

    assert len(pages) == 1
    assert "Invité·es" in pages[0]


def test_the_code_stands_above_the_guests_once() -> None:
    assert read(SIXTY).elements.count("svg") == 1


@pytest.mark.parametrize("without", [{"guest_rows": 0}, {"registration_url": ""}])
def test_there_is_no_code_without_guests_or_an_address(without: dict[str, object]) -> None:
    sheet = replace(SHEET, **without)

    assert "svg" not in read(sheet).elements


def test_another_address_gives_another_code() -> None:
    one = render_sign_in([SHEET], language="fr")
    other = render_sign_in(
        [replace(SHEET, registration_url="https://example.org/a")], language="fr"
    )

    assert one != other


def test_there_is_no_column_for_businesses_where_nobody_has_one() -> None:
    sheet = replace(SHEET, people=(Signer(number=1, name="Roy, Luc", business=" "),))

    heads = read(sheet).elements.count("th")

    assert heads == read(SHEET).elements.count("th") - 1


@pytest.mark.parametrize(
    ("start", "end", "fr", "en"),
    [
        (time(9), time(12), ", de 9 h à 12 h", ", 9 a.m. to 12 p.m."),
        (time(18, 30), time(21), ", de 18 h 30 à 21 h", ", 6:30 p.m. to 9 p.m."),
        (time(18, 5), None, ", à 18 h 05", ", at 6:05 p.m."),
        (None, time(21), "", ""),
    ],
)
def test_hours_are_written_as_people_say_them(
    start: time | None, end: time | None, fr: str, en: str
) -> None:
    sheet = replace(SHEET, start=start, end=end)

    french, english = (read(sheet, language=language).pages[0] for language in ("fr", "en"))

    assert f"Lundi 13 février 2023{fr} Salle" in french
    assert f"Monday, February 13, 2023{en} Salle" in english


TEXTS = st.text(max_size=60) | st.sampled_from(
    [text for person in AWKWARD for text in (person.name, person.business)]
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_of_a_person_makes_an_element_or_an_attribute(
    name: str, business: str, theme: str
) -> None:
    calm = replace(SHEET, people=(Signer(number=1, name="A", business="B"),), theme="C")
    hostile = replace(
        calm, people=(Signer(number=1, name=name, business=f"x{business}"),), theme=f"x{theme}"
    )

    calm_page, page = read(calm), read(hostile)

    assert page.elements == calm_page.elements
    assert page.style == calm_page.style
    assert [a for a in page.attributes if a[1] != "class"] == [
        a for a in calm_page.attributes if a[1] != "class"
    ]


def test_a_text_however_long_keeps_to_its_line() -> None:
    cells = [row for row in read(STRANGE).cells if len(row) == 4]

    assert all(len(cell) <= 96 for row in cells for cell in row)
    assert cells[2][1].endswith("W…")


def test_marks_that_turn_the_text_round_or_pile_up_are_left_out() -> None:
    cells = [row for row in read(STRANGE).cells if len(row) == 4]

    assert cells[4][1] == "gnirts desrever, Ann"
    assert len(cells[5][1]) < 12


def test_a_template_tag_in_a_name_is_only_a_name() -> None:
    cells = [row for row in read(STRANGE).cells if len(row) == 4]

    assert cells[1][1:3] == ["<script>alert(1)</script>", "{{ 7 * 7 }} {% raw %}"]


@pytest.mark.parametrize("paper", Paper)
def test_the_document_needs_nothing_from_anywhere(paper: Paper) -> None:
    page = read(STRANGE, paper=paper)

    assert not {"script", "link", "img", "iframe", "object", "base"} & {*page.elements}
    assert not {"src", "href", "style"} & {name for _, name, _ in page.attributes}
    assert not re.search(r"url\(|@import|https?:", page.style)
    policy = next(value for _, _, value in page.attributes if value.startswith("default-src"))
    assert policy.startswith("default-src 'none';")
