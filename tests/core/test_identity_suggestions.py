"""Who may be the same person: the pairs that an organiser is shown, and why."""

from __future__ import annotations

import pytest

from automation import locale
from automation.core.identity import Pair, Person, suggest_pairs

EVE = Person(1, "Ève Roy", "eve@exemple.test", "418 555-0101", "L’Islet")


def suggest(*people: Person) -> list[Pair]:
    """Return what is suggested when the last of these people joins the others."""
    return suggest_pairs(people[-1:], people[:-1])


def words(pair: Pair) -> str:
    return ", ".join(locale.say("fr", fact) for fact in pair.facts)


def test_a_second_address_on_one_phone_is_shown_with_its_reasons() -> None:
    again = Person(2, "EVE ROY", "e.roy@ailleurs.test", "(418) 555-0101", "l'islet")

    pairs = suggest(EVE, again)

    assert [pair[:3] for pair in pairs] == [(1, 2, 93)]
    assert words(pairs[0]) == "même téléphone, même nom, même municipalité"


def test_a_rare_name_says_more_however_many_bear_it() -> None:
    solweig = EVE._replace(name="Solweig Roy")
    again = solweig._replace(id=9, email="s.roy@ailleurs.test")
    namesakes = [Person(n, "Solweig Roy", "", f"418 555-77{n:02}", "L’Islet") for n in range(2, 8)]

    pairs = suggest(solweig, *namesakes, again)

    assert [pair[:3] for pair in pairs] == [(1, 9, 100)]
    assert words(pairs[0]) == "même téléphone, même nom, même municipalité, nom rare"


def test_a_typo_in_the_name_says_how_near_it_is() -> None:
    one = Person(1, "Luc Tremblay", "luc@exemple.test", "418 555-0101", "L’Islet")
    again = Person(2, "Luc Trembley", "tremblay@ailleurs.test", "418 555-0101", "")

    pairs = suggest(one, again)

    assert [pair.score for pair in pairs] == [81]
    assert words(pairs[0]) == "même téléphone, nom à 92\xa0%"


def test_what_is_certain_is_not_suggested() -> None:
    again = EVE._replace(id=2, phone="")

    assert suggest(EVE, again) == []


def test_one_name_and_address_with_two_phones_is_asked_about() -> None:
    other = EVE._replace(id=2, phone="418 555-0999")

    pairs = suggest(EVE, other)

    assert [pair.score for pair in pairs] == [95]
    assert words(pairs[0]) == "même courriel, même nom, téléphones différents"


@pytest.mark.parametrize("name", ["Luc Roy", "Evelyne Roy", "Ève Roy fils", "Anne Caron"])
def test_clearly_different_names_of_one_household_are_never_shown(name: str) -> None:
    father = EVE._replace(name="Ève Roy père")

    assert suggest(father, EVE._replace(id=2, name=name)) == []


def test_two_known_people_are_never_judged() -> None:
    twin = EVE._replace(id=2, email="e.roy@ailleurs.test")
    newcomer = Person(3, "Luc Caron", "luc@exemple.test", "418 555-0777", "L’Islet")

    pairs = suggest_pairs([newcomer], [EVE, twin])

    assert pairs == []


def test_two_newcomers_are_judged_together() -> None:
    twin = EVE._replace(id=2, email="e.roy@ailleurs.test")

    pairs = suggest_pairs([twin, EVE], [])

    assert [(pair.a, pair.b) for pair in pairs] == [(1, 2)]
