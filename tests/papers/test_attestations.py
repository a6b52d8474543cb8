"""An attestation says who came, how often and when, in a sentence that fits."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from automation.papers.attestations import Attestation, render_attestations
from tests.papers.reading import Reading
from tests.papers.samples import ATTESTATION, AWKWARD


def pages(*attestations: Attestation, language: str = "fr") -> list[str]:
    return Reading(render_attestations(attestations, language=language)).pages


def test_each_person_has_a_page() -> None:
    found = pages(ATTESTATION, replace(ATTESTATION, name="Œnone O’Neil"))

    assert ["Hélène D’Amours-Lebœuf" in page for page in found] == [True, False]
    assert "Œnone O’Neil" in found[1]


@pytest.mark.parametrize(
    ("came", "meetings", "fr", "en"),
    [
        (5, 6, "a participé à 5 rencontres sur 6, du", "took part in 5 of 6 meetings, from"),
        (1, 6, "a participé à 1 rencontre sur 6, du", "took part in 1 of 6 meetings, from"),
        (6, 6, "a participé aux 6 rencontres, du", "took part in all 6 meetings, from"),
    ],
)
def test_presences_are_told_in_a_sentence(came: int, meetings: int, fr: str, en: str) -> None:
    one = replace(ATTESTATION, presences=came, meetings=meetings)

    assert f"Lebœuf {fr} 16 janvier au 27 mars 2023." in pages(one)[0]
    assert f"Lebœuf {en} January 16 to March 27, 2023." in pages(one, language="en")[0]


def test_a_sole_meeting_is_told_by_its_day() -> None:
    day = date(2023, 2, 1)
    one = replace(ATTESTATION, presences=1, meetings=1, first_day=day, last_day=day)

    assert "a participé à la rencontre tenue le 1er février 2023." in pages(one)[0]
    assert "took part in the meeting held on February 1, 2023." in pages(one, language="en")[0]


def test_meetings_over_two_years_tell_both() -> None:
    one = replace(ATTESTATION, first_day=date(2022, 11, 1))

    assert "du 1er novembre 2022 au 27 mars 2023." in pages(one)[0]


def test_it_is_dated_where_it_is_issued() -> None:
    placed, nowhere = pages(ATTESTATION, replace(ATTESTATION, place=""))

    assert "Saint-Jean-Port-Joli, le 1er avril 2023" in placed
    assert "Le 1er avril 2023" in nowhere


def test_the_committee_has_a_line_to_sign_where_nobody_is_named() -> None:
    named, unnamed = pages(ATTESTATION, replace(ATTESTATION, signatories=()))

    assert "Pour le comité" not in named
    assert "Pour le comité" in unnamed


def test_a_cohort_that_gives_the_programme_its_name_is_told_once() -> None:
    (page,) = pages(replace(ATTESTATION, programme="Hiver 2023", cohort="Hiver 2023"))

    assert page.count("Hiver 2023") == 1


@pytest.mark.parametrize("text", [person.name for person in AWKWARD])
def test_no_text_makes_an_element(text: str) -> None:
    calm = Reading(render_attestations([ATTESTATION], language="fr"))
    hostile = replace(
        ATTESTATION,
        name=text,
        programme=text,
        cohort=f"x{text}",
        place=text,
        organisations=(text,) * 4,
        signatories=(text,) * 2,
    )

    page = Reading(render_attestations([hostile], language="fr"))

    assert page.elements == calm.elements
    assert len(page.pages[0]) < 1500
