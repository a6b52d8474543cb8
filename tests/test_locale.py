"""What people read: two catalogues with the same entries, all of them used."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from automation import errors, locale
from automation.core.model import phrase
from automation.locale import en, fr, typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = [
    path for path in Path(errors.__file__).parent.rglob("*.py") if "locale" not in path.parts
]
# Entries of these groups are labels of a closed set, found by their prefix.
SETS = {"status", "decision", "promotion", "meeting_state", "communications", "by", "event"}


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of the package with the name of what is called."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield name, node


def pattern(node: ast.expr) -> str | None:
    """Return the regular expression of a text in the code; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(part) or "[a-z_]+" for part in node.values)
    if isinstance(node, ast.IfExp):
        return f"(?:{pattern(node.body)}|{pattern(node.orelse)})"
    return None


def texts() -> Iterator[str]:
    """Yield the pattern of every text of the package that says how it begins."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                found = pattern(node)
                if found and not found.startswith("[a-z_]+"):
                    yield found


def asked() -> Iterator[str]:
    """Yield the pattern of every code that a phrase is made of, or an error is raised with."""
    for name, call in calls():
        at = 1 if name == "text" else 0
        if len(call.args) <= at:
            continue
        code = pattern(call.args[at])
        if code is None:
            continue
        if name in {"phrase", "text"} and "\\." in code:
            yield code
        elif name.endswith("Error") and name in vars(errors):
            yield rf"error\.{code}"
            yield rf"error\.{code}\.remedy"


def test_both_catalogues_have_the_same_entries_in_the_same_order() -> None:
    assert list(fr.WORDS) == list(en.WORDS)


@pytest.mark.parametrize("code", fr.WORDS)
def test_both_languages_say_the_same_things(code: str) -> None:
    french, english = placeholders(fr.WORDS[code]), placeholders(en.WORDS[code])

    # click names the type of a value in English, which a French sentence does without.
    assert french <= english if code.startswith("click.") else french == english


@pytest.mark.parametrize("code", sorted(set(asked())))
def test_every_code_that_is_asked_for_exists(code: str) -> None:
    found = [entry for entry in fr.WORDS if re.fullmatch(code, entry)]

    assert found, f"no entry for {code}"


def test_every_entry_is_used() -> None:
    used = re.compile("|".join({*texts(), *asked()}))

    unused = [
        code for code in fr.WORDS if code.split(".")[0] not in SETS and not used.fullmatch(code)
    ]

    assert unused == []


def test_an_error_says_what_to_do() -> None:
    told = {code.removesuffix(".remedy") for code in fr.WORDS if code.startswith("error.")}

    assert all(f"{code}.remedy" in fr.WORDS for code in told)


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", typeset("Inscriptions à vérifier : 2.")), ("en", "To review: 2.")],
)
def test_a_phrase_is_said_in_either_language(language: str, words: str) -> None:
    said = locale.say(language, phrase("alert.to_review", count=2))

    assert said.endswith(words.split(" ", maxsplit=1)[1])


def test_several_phrases_make_one_line_without_repeating() -> None:
    phrases = [phrase("alert.to_phone"), phrase("alert.no_places"), phrase("alert.to_phone")]

    line = locale.join("fr", phrases)

    assert line.count(" · ") == 1


def test_labels_of_a_closed_set_come_in_the_order_of_the_catalogue() -> None:
    labels = locale.labels("promotion", "fr")

    assert labels == {"offer": "offre", "automatic": "automatique"}
