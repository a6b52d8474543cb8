"""Text from people, compared and shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.text import fold, tidy


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hélène", "HELENE"),
        ("Saint-Jean-Port-Joli", "saint jean port joli"),
        ("L’Islet", "L'Islet"),
        ("Cœur", "COEUR"),
        ("  Nom\u00a0de\u202ffamille\n", "nom de famille"),
        ("e\u0301te\u0301", "été"),
        ("Straße", "STRASSE"),
        ("Adresse e-mail :", "adresse e mail"),
    ],
)
def test_two_spellings_of_one_thing_fold_alike(one: str, other: str) -> None:
    folded = fold(one)

    assert folded == fold(other)


def test_different_things_stay_different() -> None:
    words = ["Ève", "Eva", "Ева", "李", "5", ""]

    folded = {fold(word) for word in words}

    assert len(folded) == len(words)


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_neither_case_nor_unicode_form_matters(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)

    assert fold(decomposed) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Ève \n Roy\t", "Ève Roy"),
        ("a\u200bb\u0000c", "abc"),
        ("Anne\u00a0Marie", "Anne Marie"),
        ("e\u0301", "é"),
        ("« d’ici »", "« d’ici »"),
        ("\ud800", ""),
        ("A  B", "A B"),
    ],
)
def test_what_is_shown_is_one_clean_line(written: str, shown: str) -> None:
    tidied = tidy(written)

    assert tidied == shown


@given(st.text())
def test_tidying_is_idempotent_and_leaves_one_printable_line(text: str) -> None:
    once = tidy(text)

    assert tidy(once) == once
    assert "  " not in once
    assert once.isprintable()
