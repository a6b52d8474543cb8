"""A configuration is loaded whole, or refused with every mistake at once."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from automation.config import Config, load_config, parse_config
from automation.config.mistakes import find_mistakes, list_keys, tell_mistakes
from automation.config.sections import Paper, Secrets
from automation.config.sense import RESERVED_KEYS, RESERVED_LABELS, check_sense
from automation.core.rules import ExtraField, Language
from automation.core.text import fold
from automation.errors import ConfigError
from automation.resources import data_path
from automation.workbook.layout import enrolment_tab

MINIMAL = """
[workspace]
kind = "embedded"
path = "cohorte.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
name = "Nom complet"
"""


def parse(text: str, env: dict[str, str] | None = None) -> Config:
    return parse_config(text.encode(), Path("there/cohorte.toml"), env or {})


def complaints(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return str(caught.value.values["mistakes"]).replace("\u00a0", " ").splitlines()


def test_three_sections_are_enough() -> None:
    config = parse(MINIMAL)

    assert config.language is Language.FRENCH
    assert config.attendance.paper is Paper.LETTER
    assert config.retention.months == 24


def test_paths_start_from_the_folder_of_the_file() -> None:
    config = parse(MINIMAL + '[mail]\ntemplates = "/srv/gabarits"')

    assert config.workspace.path == Path("there/cohorte.db")
    assert config.mail.templates == Path("/srv/gabarits")


def test_a_configuration_cannot_be_changed() -> None:
    config = parse(MINIMAL)

    with pytest.raises(ValidationError):
        config.mail.daily_cap = 1  # type: ignore[misc]


def test_nothing_of_the_programme_is_required() -> None:
    config = parse(MINIMAL)

    assert config.programme.name is None
    assert config.programme.organisations == ()
    assert config.programme.registration_url is None


def test_the_reach_is_one_count_or_one_for_each_municipality() -> None:
    whole = parse(MINIMAL + "[summary]\nreach = 120")
    towns = parse(MINIMAL + '[summary.reach]\n"L’Islet" = 40\n"Saint-Aubert" = 25')

    assert whole.summary.reach == 120
    assert towns.summary.reach == {"L’Islet": 40, "Saint-Aubert": 25}


def test_a_byte_order_mark_is_forgiven() -> None:
    config = parse("\ufeff" + MINIMAL)

    assert config.fields.name == "Nom complet"


def test_the_address_of_a_spreadsheet_is_cut_down_to_its_id() -> None:
    address = "https://docs.google.com/spreadsheets/d/1Ab-C_d/edit#gid=0"

    config = parse(MINIMAL.replace('path = "cohorte.db"', f'spreadsheet = "{address}"\npath = "x"'))

    assert config.workspace.spreadsheet == "1Ab-C_d"


def test_the_rules_list_the_columns_that_the_register_gains() -> None:
    config = parse(
        MINIMAL
        + 'language = "Langue?"\n[fields.extra]\ntrade = "Votre  métier?"\n'
        + 'business = { question = "Entreprise?", label = "Entreprise" }\n'
        + '[fields.choices]\nthemes = { question = "Thèmes?", options = ["a, b", "c"] }\n'
    )

    assert config.rules.fields.name == "Nom complet"
    assert config.rules.fields.extra == (
        ExtraField(key="language", question="Langue?", label="Langue?"),
        ExtraField(key="trade", question="Votre  métier?", label="Votre métier?"),
        ExtraField(key="business", question="Entreprise?", label="Entreprise"),
        ExtraField(key="themes", question="Thèmes?", label="Thèmes?", options=("a, b", "c")),
    )


def test_every_mistake_is_told_at_once() -> None:
    text = """
langage = "fr"
sender = "x@example.org"
[workspace]
kind = "embeded"
[responses]
tabs = "Réponses"
[fields]
emial = "Courriel"
name = "Nom"
first_name = "Prénom"
[mail]
transport = "smtp"
language = "fr"
[smtp]
port = "25"
[fields.extra]
trade = { questoin = "Métier?" }
"""

    told = complaints(text)

    assert sorted(told) == [
        "[fields.extra.trade] question : il manque cette clé ou cette section",
        "[fields.extra.trade] questoin : clé inconnue; vouliez-vous dire « question »?",
        "[fields] emial : clé inconnue; vouliez-vous dire « email »?",
        "[fields] name : choisissez : name, ou first_name et last_name",
        "[mail] language : cette clé va tout en haut, avant la première section",
        '[mail] sender : il manque cette clé, nécessaire avec transport = "smtp"',
        "[responses] tabs : doit être une liste entre crochets",
        '[smtp] host : il manque cette clé, nécessaire avec transport = "smtp"',
        "[smtp] port : doit être un nombre entier, sans guillemets",
        (
            "[workspace] kind : « embeded » n’est pas une valeur permise (embedded, google); "
            "vouliez-vous dire « embedded »?"
        ),
        "langage : clé inconnue; vouliez-vous dire « language »?",
        "sender : cette clé va dans la section [mail]",
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[fields.extra]\n"Métier" = "Métier?"', "ne peut pas nommer un champ"),
        ('[fields.extra]\nstatus = "État civil?"', "déjà le nom d’une colonne du registre"),
        ('[fields.extra]\nnotes = "Note"', "le registre a déjà une colonne « Note »"),
        ('[fields.extra]\na = "NOM  complet"', "la question « NOM complet » sert déjà à name"),
        (
            '[fields.extra]\na = "A?"\n[fields.choices]\na = { question = "B?", options = ["c"] }',
            "ce champ est déjà dans [fields.extra]",
        ),
        (
            '[fields.choices]\na = { question = "B?", options = ["c", "c "] }',
            "l’option « c » est donnée deux fois",
        ),
        ('[fields.choices]\na = { question = "B?", options = [] }', "ne peut pas être vide"),
        ("[fields.choices]\na = 3", "une section ou une table"),
        ('email = "?!"', "au moins une lettre"),
        ("[mail]\ndaily_cap = 0", "ne peut pas être sous 1"),
        ('[summary]\nreach = "120"', "un nombre entier, sans guillemets"),
        ("[summary]\nreach = 0", "ne peut pas être sous 1"),
        ("[summary]\nreach = true", "un nombre entier, sans guillemets"),
        ('[summary.reach]\n"L’Islet" = 0', "« L’Islet » : il faut un nombre entier"),
        ('[summary.reach]\n"?" = 4', "au moins une lettre"),
        ("[smtp]\nport = 70000", "ne peut pas dépasser 65535"),
        ('[mail]\nsender = "Le comité"', "n’est pas une adresse courriel"),
        ('[mail]\nsender = "Le comité <comite>"', "n’est pas une adresse courriel"),
        ('[committee]\neditors = ["lise"]', "[committee.editors] n° 1 : « lise »"),
        ('[alerts]\nheartbeat = "example.org"', "commence par https://"),
        ('[ma_place]\nprefilled_url = "https://example.org"', "doit contenir CODE"),
        ('[ma_place]\ntab = ""', "ne peut pas être vide"),
        ("[google]\ncredentials = 3", "un texte entre guillemets"),
        ('[programme]\nregistration_url = "http://example.org"', "commence par https://"),
        (f'[programme]\nregistration_url = "https://{"x" * 400}"', "dépasse 400 caractères"),
        ('[programme]\norganisations = "CDC"', "une liste entre crochets"),
        ("[surprise]\nx = 1", "surprise : clé inconnue"),
        ("[mail.deep]\nx = 1", "clé inconnue"),
        ('[mail]\nsecret_file = "x"', "cette clé va dans la section [ma_place]"),
    ],
)
def test_a_mistake_is_named_in_words(more: str, told: str) -> None:
    lines = complaints(MINIMAL + more)

    assert len(lines) == 1
    assert told in lines[0]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["question", "options", "label", "é"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = sorted({key for path in list_keys(Config) for key in path} | {"surprise"})


@given(
    tables=st.dictionaries(
        st.sampled_from(KEYS),
        JUNK | st.dictionaries(st.sampled_from(KEYS), JUNK | st.dictionaries(st.text(), JUNK)),
    )
)
def test_no_content_is_a_bug(tables: dict[str, Any]) -> None:
    found = list(check_sense(tables))
    try:
        Config.model_validate(tables)
    except ValidationError as error:
        found += find_mistakes(error, Config)

    for language in Language:
        assert len(tell_mistakes(found, language).split("\n")) >= len(found)


def test_a_published_form_is_not_the_form() -> None:
    form = 'form_id = "https://docs.google.com/forms/d/e/1FAIpQ/viewform"'

    told = complaints(MINIMAL.replace("[fields]", f"{form}\n[fields]"))

    assert "adresse publique" in told[0]


@pytest.mark.parametrize(("kind", "key"), [("embedded", "path"), ("google", "spreadsheet")])
def test_each_kind_of_workspace_says_where_it_is(kind: str, key: str) -> None:
    text = re.sub("kind.*\npath.*", f'kind = "{kind}"', MINIMAL)

    assert complaints(text) == [
        f'[workspace] {key} : il manque cette clé, nécessaire avec kind = "{kind}"'
    ]


def test_somebody_must_have_a_name() -> None:
    text = MINIMAL.replace('name = "Nom complet"', 'email = "Courriel"')

    assert "la question qui donne le nom" in complaints(text)[0]


def test_an_english_configuration_is_answered_in_english() -> None:
    assert complaints('language = "en"' + MINIMAL + "nmae = 3") == [
        '[fields] nmae: unknown key; did you mean "name"?'
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a = \n", "ligne 1, colonne 5"),
        (b'a = "', "fin du fichier"),
        (b'a = "\xe9"', "UTF-8"),
    ],
)
def test_broken_toml_is_placed(content: bytes, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(content, Path("cohorte.toml"), {})

    assert told in str(caught.value.values["mistakes"])


def test_a_secret_in_the_file_is_refused_and_not_repeated() -> None:
    told = complaints(MINIMAL + '[smtp]\npassword = "hunter2"\n[ma_place]\nsecret = "xyzzy"')

    assert len(told) == 2
    assert all("COHORTE_" in line for line in told)
    assert not any("hunter2" in line or "xyzzy" in line for line in told)


def test_a_secret_comes_from_the_environment_before_its_file(tmp_path: Path) -> None:
    path = tmp_path / "cohorte.toml"
    path.write_text(
        MINIMAL + '[smtp]\npassword_file = "word"\n[ma_place]\nsecret_file = "seal"',
        encoding="utf-8",
    )
    (tmp_path / "word").write_text("from the file\n", encoding="utf-8")
    (tmp_path / "seal").write_text("kept\n", encoding="utf-8")
    (tmp_path / "seal").chmod(0o640)

    secrets = load_config(path, {"COHORTE_SMTP_PASSWORD": "from outside"}).secrets

    assert secrets.smtp_password is not None
    assert secrets.smtp_password.get_secret_value() == "from outside"
    assert secrets.ma_place is not None
    assert secrets.ma_place.get_secret_value() == "kept"
    assert "kept" not in repr(secrets)


def test_a_secret_that_is_nowhere_stops_nobody_yet() -> None:
    assert parse(MINIMAL + '[smtp]\npassword_file = "absent"').secrets == Secrets()


def test_a_secret_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "cohorte.toml"
    path.write_text(MINIMAL + '[smtp]\npassword_file = "."', encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_config(path, {})

    assert "password_file" in str(caught.value.values["mistakes"])


@pytest.mark.skipif(os.name != "posix", reason="no such bits")
@pytest.mark.parametrize(
    ("section", "key"),
    [("google", "credentials"), ("smtp", "password_file"), ("ma_place", "secret_file")],
)
def test_a_secret_that_everybody_can_read_is_refused_and_not_repeated(
    tmp_path: Path, section: str, key: str
) -> None:
    path, secret = tmp_path / "cohorte.toml", tmp_path / "open.txt"
    path.write_text(f'{MINIMAL}[{section}]\n{key} = "open.txt"', encoding="utf-8")
    secret.write_text("hunter2", encoding="utf-8")
    secret.chmod(0o604)

    with pytest.raises(ConfigError) as caught:
        load_config(path, {})

    assert f"chmod 600 {secret}" in str(caught.value.values["mistakes"])
    assert f"[{section}] {key}" in str(caught.value.values["mistakes"])
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_absent_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "cohorte.toml", {})

    assert caught.value.code == "no_config"


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path, {})

    assert caught.value.code == "config_unreadable"


def test_a_path_is_shown_without_detours(tmp_path: Path) -> None:
    path = tmp_path / "config" / "cohorte.toml"
    path.parent.mkdir()
    path.write_text(MINIMAL.replace('"cohorte.db"', '"../autre.db"'), encoding="utf-8")

    assert load_config(path, {}).workspace.path == tmp_path / "autre.db"


def test_no_column_of_the_register_can_be_taken() -> None:
    columns = enrolment_tab().columns

    assert {column.key for column in columns} <= RESERVED_KEYS
    assert {fold(label) for column in columns for label in (column.fr, column.en)} <= (
        RESERVED_LABELS
    )


def test_the_example_loads() -> None:
    env = {"COHORTE_MA_PLACE_SECRET": "un secret d’essai"}

    config = load_config(data_path("config", "example.toml"), env)

    assert config.mail.sender == "Le comité du Rendez-vous <comite@example.org>"


def test_the_example_names_every_key_and_no_other() -> None:
    text = data_path("config", "example.toml").read_text(encoding="utf-8")
    spoken = re.sub(r'^# (?=(path|name) = ")', "", text, flags=re.MULTILINE)

    named = set(name_keys(tomllib.loads(spoken)))

    assert named - {("fields", "extra", "*")} == set(list_keys(Config))


def name_keys(table: dict[str, object], stem: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List the keys as the model does: the names that people choose become *."""
    paths = []
    for key, value in table.items():
        path = (*stem, "*" if stem in {("fields", "extra"), ("fields", "choices")} else key)
        paths += name_keys(value, path) if isinstance(value, dict) else [path]
    return paths
