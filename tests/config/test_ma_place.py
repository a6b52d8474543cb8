"""[ma_place]: the second form, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.config import Config, parse_config
from automation.errors import ConfigError

MINIMAL = """
[workspace]
kind = "embedded"
path = "cohorte.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
name = "Nom complet"
[ma_place]
"""
SECRET = {"COHORTE_MA_PLACE_SECRET": "un secret d’essai"}


def parse(text: str, env: dict[str, str] | None = None) -> Config:
    return parse_config((MINIMAL + text).encode(), Path("cohorte.toml"), env or {})


def complaints(text: str, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, env)
    return str(caught.value.values["mistakes"]).replace("\u00a0", " ").splitlines()


def test_without_a_tab_there_is_no_second_form() -> None:
    config = parse('code = "Mon code"', SECRET)

    assert config.rules.place_form is None


def test_a_tab_and_a_secret_are_enough() -> None:
    form = parse('tab = "Ma place"', SECRET).rules.place_form

    assert form is not None
    assert (form.tab, form.code, form.choice) == (
        "Ma place",
        "Code",
        "Que souhaitez-vous faire?",
    )
    assert form.secret.decode() == "un secret d’essai"
    assert "secret d’essai" not in repr(form)


def test_the_questions_and_options_of_the_form_are_those_of_the_configuration() -> None:
    form = parse(
        """
        tab = "Your place"
        code = "Your code"
        choice = "What would you like?"
        accept = "Yes"
        withdraw = "No"
        no_news = "Nothing more"
        """,
        SECRET,
    ).rules.place_form

    assert form is not None
    assert (form.code, form.choice) == ("Your code", "What would you like?")
    assert (form.accept, form.withdraw, form.no_news) == ("Yes", "No", "Nothing more")


def test_a_form_without_the_secret_of_its_codes_is_refused() -> None:
    (line,) = complaints('tab = "Ma place"')

    assert "[ma_place] secret_file" in line


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_blank_secret_is_none(blank: str) -> None:
    (line,) = complaints('tab = "Ma place"', {"COHORTE_MA_PLACE_SECRET": blank})

    assert "[ma_place] secret_file" in line


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ('accept = "Oui"\nwithdraw = "OUI !"', "withdraw"),
        ('withdraw = "Non"\nno_news = "non"', "no_news"),
        ('accept = "Oui"\nno_news = "oui"', "no_news"),
    ],
)
def test_options_that_compare_equal_are_refused(options: str, key: str) -> None:
    (line,) = complaints(f'tab = "Ma place"\n{options}', SECRET)

    assert f"[ma_place] {key}" in line


def test_an_option_without_a_letter_is_refused() -> None:
    (line,) = complaints('tab = "Ma place"\naccept = "👍"', SECRET)

    assert "au moins une lettre" in line
