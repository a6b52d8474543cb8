"""What the forms ask that `init --make-forms` makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.config.forms import FormsDescription, KnownField, load_forms
from automation.config.proposal import ORDER, propose_fields
from automation.core.rules import Language
from automation.errors import ConfigError


def load(folder: Path, text: str) -> FormsDescription:
    (folder / "forms.toml").write_text(text, encoding="utf-8")
    return load_forms(folder, Language.FRENCH)


def own(questions: str) -> str:
    place = Path(__file__).parents[2].joinpath("config", "forms.fr.toml")
    second = place.read_text(encoding="utf-8").partition("[place]")
    return f'[registration]\ntitle = "Inscription"\n{questions}\n[place]{second[2]}'


def question(title: str, more: str = "") -> str:
    return f'[[registration.questions]]\ntitle = "{title}"\n{more}\n'


@pytest.mark.parametrize("language", list(Language))
def test_the_description_that_comes_with_cohorte_says_who_answers(language: Language) -> None:
    proposal = load_forms(Path("nowhere"), language).propose()

    fields = {one.key for one in proposal.fields}
    assert {"first_name", "last_name", "email", "phone", "consent"} <= fields
    assert len(proposal.extra) == 1


def test_what_a_question_gives_is_what_the_description_says(tmp_path: Path) -> None:
    asked = question("Qui êtes-vous?", 'field = "name"') + question("Où?", 'field = "municipality"')
    themes = question("Thèmes", 'kind = "boxes"\noptions = ["a, b", "c"]')

    proposal = load(tmp_path, own(asked + themes)).propose()

    assert [(one.key, one.question) for one in proposal.fields] == [
        ("name", "Qui êtes-vous?"),
        ("municipality", "Où?"),
    ]
    assert [(one.key, one.options) for one in proposal.choices] == [("themes", ("a, b", "c"))]


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        (question("Choix", 'kind = "choice"'), "[registration.questions] n° 1 : il manque"),
        (question("Nom", 'field = "nam"'), "vouliez-vous dire « name »"),
        (question("Nom", 'kind = "date"'), "(text, paragraph, choice, list, boxes)"),
        (question("Nom", 'titel = "Nom"'), "vouliez-vous dire « title »"),
        ("questions = []", "[registration] questions : ne peut pas être vide"),
    ],
)
def test_a_description_that_makes_no_form_is_refused(
    tmp_path: Path, questions: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, own(questions))

    told = str(caught.value.values["mistakes"])
    assert words in told.replace("\N{NO-BREAK SPACE}", " ")
    assert told.count("\n") == 0


def test_every_field_of_a_configuration_may_be_asked_for() -> None:
    assert {field.value for field in KnownField} == set(ORDER)


def test_what_somebody_says_feeds_a_field_beats_likeness() -> None:
    headers = ("Horodateur", "Nom", "Courriel", "Autre courriel")

    proposal = propose_fields(headers, given={"email": "Autre courriel", "phone": ""})

    assert {one.key: one.question for one in proposal.fields} == {
        "name": "Nom",
        "email": "Autre courriel",
    }
    assert [one.question for one in proposal.extra] == ["Courriel"]
