"""Names stand where people look for them in a French list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.collation import collation_key, sort_names
from automation.core.model import Number
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


class Person(NamedTuple):
    last_name: str
    first_name: str = ""
    number: Number = Number(1)


FRENCH = st.text(st.sampled_from("abcéèêëÉœŒoeE -'’ïzZñ"), max_size=8)
NAMES = FRENCH | st.text(max_size=8)
PEOPLE = st.lists(st.builds(Person, NAMES, NAMES, st.integers(1, 99).map(Number)), max_size=8)


@pytest.mark.parametrize(
    "in_order",
    [
        "Cote, Cotnoir, Cyr",
        "Anctil, Émond, Ferland",
        "Od, Œuvrard, Of",
        "cote, côte, coté, côté",
        "peche, pêche, péché, pêché, pécher, pêcher",
        "dean, de La Tour, Delisle, delorme",
        "D’Amours, Damphousse, D'Anjou, Daoust",
        "Saint-Amand, Sainte-Marie, Sainton, Saint-Pierre",
        "roy, Roy, ROY",
        "Le Blanc, Leblanc, LeBlanc, Lebland",
        "Roy, Иванов, 王",
    ],
)
def test_names_stand_as_in_a_french_dictionary(in_order: str) -> None:
    names = in_order.split(", ")
    from_the_end = list(reversed(names))

    assert sorted(from_the_end, key=collation_key) == names


def test_homonyms_but_for_an_accent_are_one_list_by_first_name() -> None:
    people = [Person("Côté", "Anne"), Person("Coté", "Luc"), Person("Cote", "Zoé")]

    assert [one.first_name for one in sort_names(reversed(people))] == ["Anne", "Luc", "Zoé"]


def test_a_short_last_name_comes_before_a_longer_one_whatever_the_first_names() -> None:
    people = [Person("Roy", "Zoé"), Person("Royer", "Anne")]

    assert sort_names(reversed(people)) == tuple(people)


def test_the_earlier_number_comes_first_of_two_with_the_same_name() -> None:
    people = [Person("Roy", "Luc", Number(12)), Person("Roy", "Luc", Number(3))]

    assert [one.number for one in sort_names(people)] == [3, 12]


@given(PEOPLE, st.randoms())
def test_the_order_does_not_depend_on_that_in_which_people_come(
    people: list[Person], chance: Random
) -> None:
    shuffled = chance.sample(people, len(people))

    assert sort_names(shuffled) == sort_names(people)


@given(PEOPLE)
def test_bare_letters_decide_before_anything_else(people: list[Person]) -> None:
    letters = [
        (fold(one.last_name).replace(" ", ""), fold(one.first_name).replace(" ", ""))
        for one in sort_names(people)
    ]

    assert letters == sorted(letters)


@given(FRENCH, st.sampled_from(["upper", "hyphens", "apostrophes", "ligatures"]))
def test_another_spelling_has_the_same_letters(name: str, rewriting: str) -> None:
    rewrite: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "hyphens": lambda text: text.replace(" ", "-"),
        "apostrophes": lambda text: text.replace("'", "’"),
        "ligatures": lambda text: text.replace("œ", "oe").replace("Œ", "OE"),
    }

    again = rewrite[rewriting](name)

    assert collation_key(again).letters == collation_key(name).letters
