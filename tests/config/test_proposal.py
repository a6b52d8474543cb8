"""A first configuration is proposed from headers as real forms word them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.config import Config, parse_config
from automation.config.proposal import Proposal, propose_fields, render_config
from automation.config.sense import RESERVED_KEYS
from automation.core.rules import Language
from automation.core.text import fold
from automation.errors import ConfigError


def mapped(*headers: str) -> dict[str, str]:
    return {field.key: field.question for field in propose_fields(headers).fields}


def load(proposal: Proposal, tab: str = "Réponses au formulaire 1") -> Config:
    text = render_config(proposal, tabs=[tab])
    return parse_config(text.encode(), Path("cohorte.toml"), {})


@pytest.mark.parametrize(
    ("field", "header"),
    [
        ("email", "Adresse courriel"),
        ("email", "Adresse e-mail"),
        ("email", "Courriel"),
        ("email", "Email Address"),
        ("email", "Votre adresse électronique"),
        ("email", "Adrese courriel"),
        ("email", "Username"),
        ("email", "Nom d’utilisateur"),
        ("name", "Nom complet"),
        ("name", "Prénom et nom"),
        ("name", "Nom"),
        ("name", "Full name"),
        ("first_name", "Prénom"),
        ("first_name", "First Name"),
        ("phone", "Téléphone"),
        ("phone", "Cellulaire"),
        ("phone", "Numéro de téléphone\n(le jour)"),
        ("municipality", "MUNICIPALITÉ"),
        ("municipality", "Ville"),
        ("municipality", "Dans quelle municipalité habitez-vous?"),
        ("cohort", "À quelle cohorte souhaitez-vous vous inscrire?"),
        ("language", "Dans quelle langue préférez-vous qu’on vous écrive?"),
        ("group", "Groupe"),
        ("consent", "J’accepte que le comité m’écrive par courriel ou par téléphone"),
        ("consent", "I agree to receive e-mail"),
    ],
)
def test_a_header_is_recognised(field: str, header: str) -> None:
    assert mapped("Horodateur", header) == {field: header}


@pytest.mark.parametrize(
    "header",
    [
        "Nom de l’entreprise",
        "Quel est votre métier?",
        "Qu’espérez-vous de ces rencontres?",
        "Comment avez-vous entendu parler des rencontres?",
    ],
)
def test_a_question_about_something_else_is_not_forced_into_a_field(header: str) -> None:
    proposal = propose_fields([header])

    assert proposal.fields == ()
    assert [extra.question for extra in proposal.extra] == [header]


@pytest.mark.parametrize("header", ["Horodateur", "Horodatage", "Timestamp"])
def test_the_time_of_submission_needs_no_mapping(header: str) -> None:
    proposal = propose_fields([header, "Nom"])

    assert proposal.timestamp == header
    assert proposal.extra == ()


def test_first_and_last_name_are_taken_together() -> None:
    assert mapped("Nom", "Prénom") == {"first_name": "Prénom", "last_name": "Nom"}


def test_a_whole_name_wins_over_half_of_one() -> None:
    assert mapped("Nom complet", "Prénom usuel") == {"name": "Nom complet"}


def test_the_surest_header_wins_and_the_other_stays_as_a_question() -> None:
    proposal = propose_fields(["Nom", "Confirmez votre courriel", "Courriel"])

    assert {field.key: field.question for field in proposal.fields}["email"] == "Courriel"
    assert [extra.question for extra in proposal.extra] == ["Confirmez votre courriel"]


def test_a_question_named_like_a_column_of_the_register_gets_another_label() -> None:
    (extra,) = propose_fields(["Note"]).extra

    assert extra.key not in RESERVED_KEYS
    assert extra.label == "Note (formulaire)"


def test_a_question_of_checkboxes_is_proposed_with_the_options_that_were_seen() -> None:
    options = {"Thèmes": ('Le "réseau", ou presque', "Vendre"), "Note": ("A", "B")}

    proposal = propose_fields(["Nom", "Métier", "Thèmes", "Note", "Courriel"], options)

    fields = load(proposal).fields
    assert {key: (one.question, one.options) for key, one in fields.choices.items()} == {
        "themes": ("Thèmes", options["Thèmes"]),
        "note_2": ("Note", options["Note"]),
    }
    assert fields.choices["note_2"].label == "Note (formulaire)"
    assert [one.question for one in fields.extra.values()] == ["Métier"]


def test_headers_without_a_name_ask_for_one() -> None:
    proposal = propose_fields(["Courriel"])

    assert not proposal.has_name
    with pytest.raises(ConfigError, match="config"):
        load(proposal)


def test_the_language_and_the_workspace_are_written() -> None:
    text = render_config(
        propose_fields(["Name"]), tabs=["A", "B"], workspace="x.db", language=Language.ENGLISH
    )

    config = parse_config(text.encode(), Path("here/c.toml"), {})

    assert config.language is Language.ENGLISH
    assert config.responses.tabs == ("A", "B")
    assert config.workspace.path == Path("here/x.db")


HEADERS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["Prénom", "Nom", "Courriel", "Note", "Note (formulaire)", "Statut", "À", '"""', "\x7f"]
        ),
    ),
    max_size=12,
)


@settings(deadline=None)  # the first example compiles the template
@given(headers=HEADERS, tab=st.text(min_size=1, max_size=20))
def test_any_headers_load_back_as_they_were(headers: list[str], tab: str) -> None:
    proposal = propose_fields(["Nom complet", *headers])

    config = load(proposal, tab)

    told = config.fields.model_dump(exclude={"extra", "choices"}, exclude_none=True)
    assert told == {field.key: field.question for field in proposal.fields}
    assert {key: extra.question for key, extra in config.fields.extra.items()} == {
        extra.key: extra.question for extra in proposal.extra
    }
    assert config.responses.tabs == (tab,)


@given(headers=HEADERS)
def test_each_header_serves_once_and_none_is_lost(headers: list[str]) -> None:
    proposal = propose_fields(headers)

    used = [field.question for field in (*proposal.fields, *proposal.extra)]
    used += [proposal.timestamp] if proposal.timestamp else []
    assert sorted(map(fold, used)) == sorted({fold(header) for header in headers} - {""})
