from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation import locale
from automation.core.letters import DETAIL_NAMES, Kind, Section, Template, ToCommittee
from automation.core.rules import Language
from automation.mail.check import check_templates
from automation.mail.compose import compose
from automation.mail.engine import OWN_FILTERS
from automation.mail.mistakes import TemplateError
from automation.mail.samples import sample_letter
from automation.mail.sources import OFFICE_NAMES
from automation.mail.templates import Templates
from automation.resources import data_path
from tests.mail.letters import OFFICE, TEMPLATES, letter, parts, write_template

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.model import Problem


def say(problem: Problem) -> str:
    return locale.say("fr", problem.message)


def test_the_templates_that_come_with_cohorte_have_no_mistake() -> None:
    assert check_templates(TEMPLATES) == ()


@pytest.mark.parametrize("template", Template)
def test_every_template_has_both_languages(template: Template) -> None:
    french = TEMPLATES.render(sample_letter(template, Language.FRENCH), OFFICE)
    english = TEMPLATES.render(sample_letter(template, Language.ENGLISH), OFFICE)

    assert french.subject != english.subject


def test_what_is_urgent_leaves_first() -> None:
    order = sorted(Template, key=lambda template: TEMPLATES.read_facts(template).priority)

    assert set(order[:2]) == {Template.OFFER, Template.LAST_CALL}
    assert set(order[2:4]) == {Template.MOVED, Template.CANCELLED}
    assert order[4:7] == [Template.REMINDER, Template.CONFIRMATION, Template.WAITING]


def test_only_the_next_cohort_is_a_promo_message() -> None:
    promo = [t for t in Template if TEMPLATES.read_facts(t).kind is Kind.PROMO]

    assert promo == [Template.NEXT_COHORT]


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("Bonjour {{ prenom }},", 8, "« prenom »"),
        ("Un.\n\n{% if rank > 2 %}\n{{ nom }}\n{% endif %}", 11, "« nom »"),
        ("Un.\n\n{% if place_link %}\nDeux.", 11, "Balise mal écrite"),
        ("{{ first_name|majuscules }}", 8, "Balise mal écrite"),
        ("{{ first_name ", 8, "Balise mal écrite"),
        ("{{ first_name.__class__.__mro__ }}", 8, "unsafe"),
        ("Un.\n\n{{ meetings[9].place }}", 10, "n’existe pas"),
        ("{{ meetings[0].lieu }}", 8, "n’existe pas"),
        ("{{ deadline.prout() }}", 8, "n’existe pas"),
        ("{{ rank / 0 }}", 8, "ZeroDivisionError"),
        ("{{ ''.join(range(999999999)) }}", 8, "ne peut pas être rendu"),
        ("{% include 'x' %}", 8, "ne peut pas être rendu"),
        ("[Cliquez](javascript:alert(1))", 8, "Ce lien ne mène nulle part"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_its_line(
    tmp_path: Path, body: str, line: int, says: str
) -> None:
    templates = write_template(tmp_path, "confirmation.fr.md", body)

    (problem,) = check_templates(templates, [Language.FRENCH])

    assert problem.tab == str(tmp_path / "confirmation.fr.md")
    assert problem.row == line
    assert locale.typeset(says) in say(problem)


@pytest.mark.parametrize(
    ("header", "line", "says"),
    [
        (
            "subject: Objet {{ x }}\npreview: b\nkind: service\npriority: 1\nexpires: 1\n",
            2,
            "« x »",
        ),
        ("subject: a\nkind: service\npriority: 1\nexpires: 1\n", 1, "« preview »"),
        ("subject: a\npreview: b\npriority: 1\nexpires: 1\n", 1, "« kind »"),
        ("subject: a\npreview: b\nkind: pub\npriority: 1\nexpires: 1\n", 4, "« pub »"),
        ("subject: a\npreview: b\nkind: promo\npriority: 0\nexpires: 1\n", 5, "« 0 »"),
        ("subject: a\npreview: b\nkind: promo\npriority: 1\nexpires: 2 h\n", 6, "« 2 h »"),
        (
            "subject: a\npreview: b\nsujet: c\nkind: promo\npriority: 1\nexpires: 1\n",
            4,
            "« sujet »",
        ),
        ("subject: a\npreview\nkind: promo\npriority: 1\nexpires: 1\n", 3, "mot : valeur"),
    ],
)
def test_so_is_a_mistake_of_the_header(tmp_path: Path, header: str, line: int, says: str) -> None:
    templates = write_template(tmp_path, "confirmation.fr.md", "Bonjour.", header)

    problem = templates.problems[0]

    assert problem.row == line
    assert locale.typeset(says) in say(problem)


@pytest.mark.parametrize("content", ["Bonjour.", "---\nsubject: a\n", ""])
def test_a_template_has_a_header(tmp_path: Path, content: str) -> None:
    (tmp_path / "confirmation.fr.md").write_text(content, encoding="utf-8")

    problems = Templates(tmp_path).problems

    assert [problem.message.code for problem in problems] == ["template.no_front"]


def test_a_file_is_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "confirmation.fr.md").write_bytes("---\nsubject: é\n---\n".encode("latin-1"))

    (problem,) = Templates(tmp_path).problems

    assert problem.message.code == "template.unreadable"


def test_a_mistake_stops_the_messages_that_need_the_file_and_no_other(tmp_path: Path) -> None:
    templates = write_template(tmp_path, "confirmation.fr.md", "{{ prenom }}")

    with pytest.raises(TemplateError):
        templates.render(letter(), OFFICE)

    assert templates.render(letter(Template.WAITING), OFFICE).text
    assert templates.render(letter(language=Language.ENGLISH), OFFICE).text


def test_a_mistake_of_the_layout_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "layout.html").write_text("<p>\n{{ corps }}", encoding="utf-8")

    (problem, *_) = check_templates(Templates(tmp_path))

    assert (problem.tab, problem.row) == (str(tmp_path / "layout.html"), 2)


def test_settings_are_said_in_french_only(tmp_path: Path) -> None:
    header = "subject: a\npreview: b\nkind: promo\n"

    templates = write_template(tmp_path, "waiting.en.md", "Hello.", header)

    assert [p.message.code for p in templates.problems] == ["template.only_in_french"]


def test_what_exists_in_french_only_is_said_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.mail.templates.data_path", lambda *_: tmp_path / "none")
    write_template(tmp_path, "waiting.fr.md", "Bonjour.")
    for name in ("footer.fr.md", "layout.html"):
        (tmp_path / name).write_text("{{ body }}" if name == "layout.html" else "Fin.")

    templates = Templates(tmp_path)

    message = compose(letter(Template.WAITING, Language.ENGLISH), OFFICE, templates).parse()
    assert message["Content-Language"] == "fr"
    assert parts(message)["text/plain"].startswith("Bonjour.")
    missing = {p.tab for p in templates.problems if p.message.code == "template.missing"}
    assert "offer.fr.md" in missing
    assert "offer.en.md" not in missing


@pytest.mark.parametrize(
    ("end", "missing"),
    [
        ("{{ postal_address }} {{ contact }} {{ place_link }} {{ unsubscribe }}", "nom de qui"),
        ("{{ sender }} {{ contact }} {{ place_link }} {{ unsubscribe }}", "adresse postale"),
        ("{{ sender }} {{ postal_address }} {{ place_link }} {{ unsubscribe }}", "nous joindre"),
        ("{{ sender }} {{ postal_address }} {{ contact }} {{ unsubscribe }}", "Ma place"),
        ("{{ sender }} {{ postal_address }} {{ contact }} {{ place_link }}", "plus recevoir"),
    ],
)
def test_no_mandatory_block_may_be_missing(tmp_path: Path, end: str, missing: str) -> None:
    (tmp_path / "footer.fr.md").write_text(end, encoding="utf-8")
    header = "subject: a\npreview: b\nkind: promo\npriority: 1\nexpires: 1\n"

    templates = write_template(tmp_path, "next_cohort.fr.md", "Bonjour.", header)

    problems = check_templates(templates, [Language.FRENCH])
    found = [say(problem) for problem in problems if problem.tab == "next_cohort.fr.md"]
    assert len(found) == 1
    assert missing in found[0]


def test_a_folder_replaces_one_file_and_leaves_the_others(tmp_path: Path) -> None:
    templates = write_template(tmp_path, "waiting.fr.md", "À nous **deux**, {{ first_name }}.")

    rendered = templates.render(letter(Template.WAITING), OFFICE)

    assert rendered.subject == "Objet"
    assert rendered.text.startswith("À nous deux, Hélène.\n")
    assert "À nous <strong>deux</strong>, Hélène." in rendered.html
    assert templates.render(letter(), OFFICE) == TEMPLATES.render(letter(), OFFICE)


@pytest.mark.parametrize(
    "body",
    [
        "{% set x %}{{ first_name }}{% endset %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(first_name) }}",
        '{{ "" ~ first_name }}',
        "{{ first_name|safe }}",
        "{{ first_name|e }}",
        '{{ "{}".format(first_name) }}',
        '{% set x = first_name|replace("a", "a") %}{{ x|join("") }}',
    ],
)
def test_however_a_template_says_a_value_it_is_only_text(tmp_path: Path, body: str) -> None:
    templates = write_template(tmp_path, "waiting.fr.md", f"[{body}]")
    value = "<b>**x**</b> [y](https:z) \U000f0000"

    rendered = templates.render(letter(Template.WAITING, first_name=value), OFFICE)

    assert "<b>" not in rendered.html
    assert "<strong>x</strong>" not in rendered.html
    assert "**x**" in rendered.html
    assert 'href="https:z"' not in rendered.html
    assert "\U000f0000" not in rendered.html


def test_a_value_may_be_a_part_of_a_link(tmp_path: Path) -> None:
    body = "[Ici](https://example.org/?a={{ first_name }}&b={{ cohort }})"
    templates = write_template(tmp_path, "waiting.fr.md", body)

    sent = letter(Template.WAITING, first_name='a"b c', cohort="&d=1")
    html = templates.render(sent, OFFICE).html

    assert 'href="https://example.org/?a=a%22b%20c&amp;b=%26d%3D1"' in html


def test_a_line_that_ends_in_a_tag_does_not_run_into_the_next(tmp_path: Path) -> None:
    body = "{% if rank %}Un{% endif %}\n\n{% if rank %}\nDeux\n{% endif %}\n\nTrois"

    templates = write_template(tmp_path, "waiting.fr.md", body)

    text = templates.render(letter(Template.WAITING), OFFICE).text
    assert text.startswith("Un\n\nDeux\n\nTrois\n")


def test_french_words_get_the_spaces_that_do_not_break(tmp_path: Path) -> None:
    templates = write_template(tmp_path, "waiting.fr.md", "Voici : « {{ cohort }} », n° {{ rank }}")

    text = templates.render(letter(Template.WAITING, cohort="C1"), OFFICE).text

    assert text.startswith("Voici\xa0: «\xa0C1\xa0», n°\xa03\n")


@pytest.mark.parametrize("template", [Template.OFFER, Template.LAST_CALL])
def test_without_the_form_an_offer_says_how_to_answer(template: Template) -> None:
    text = TEMPLATES.render(letter(template, place_link=""), OFFICE).text

    assert "en réponse à ce message" in text
    assert "Ma place" not in text


def test_a_digest_says_as_many_lines_as_it_is_given() -> None:
    sections = tuple(
        Section(title=f"Partie {i}", count=40, lines=tuple(f"n° {i}.{j}" for j in range(40)))
        for i in range(40)
    )
    digest = sample_letter(Template.DIGEST, Language.FRENCH)
    assert isinstance(digest.details, ToCommittee)
    digest = replace(digest, details=replace(digest.details, sections=sections))

    text = TEMPLATES.render(digest, OFFICE).text

    assert text.count("- n° ") == 1600


def test_the_guide_names_every_variable_and_every_filter() -> None:
    guide = data_path("templates", "mail", "LISEZMOI.md").read_text(encoding="utf-8")

    rows = [line.split("|") for line in guide.splitlines() if line.startswith("| ")]
    named = {name for row in rows if len(row) == 4 for name in re.findall(r"`(\w+)`", row[2])}
    filters = set(re.findall(r"\\\|(\w+)", guide))
    variables = {name for names in DETAIL_NAMES.values() for name in names}
    assert named >= {*OFFICE_NAMES, *variables}
    assert filters == set(OWN_FILTERS)


def test_a_message_may_say_very_many_values(tmp_path: Path) -> None:
    body = "{% for i in range(70000) %}{{ i }}{% endfor %}"
    templates = write_template(tmp_path, "waiting.fr.md", body)

    text = templates.render(letter(Template.WAITING), OFFICE).text

    assert text.startswith("0123")
    assert "6999869999" in text
