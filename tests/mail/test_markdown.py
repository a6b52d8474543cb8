from __future__ import annotations

import pytest

from automation.mail.markdown import to_html, to_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Un *deux* **trois** `quatre`.", "Un deux trois quatre."),
        ("# Titre\n\nUn\nmot.", "Titre\n\nUn mot."),
        ("Un  \ndeux", "Un\ndeux"),
        ("- a\n- b  \n  c\n\nd", "- a\n- b\n  c\n\nd"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  b\n\n- c", "- a\n\n  b\n\n- c"),
        ("- a\n  - b\n    1. c\n", "- a\n  - b\n    1. c"),
        ("- a\n\n# T\n\n- b", "- a\n\nT\n\n- b"),
        ("> a  \n> b", "  a\n  b"),
        ("> - a", "  - a"),
        ("a\n\n---\n\nb", "a\n\n——————\n\nb"),
        ("    a\n    b", "a\nb"),
        ("[ici](https://a.example/?b=c)", "ici\xa0: https://a.example/?b=c"),
        ("<https://a.example/>", "https://a.example/"),
        ("[a@b.example](mailto:a@b.example?subject=x)", "a@b.example"),
        ("[nous](mailto:a@b.example)", "nous\xa0: a@b.example"),
        ("<b>", "<b>"),
        ("&eacute; \\*", "é *"),
        ("![x](https://a.example)", "!x\xa0: https://a.example"),
    ],
)
def test_plain_text_says_the_same_without_marks(markdown: str, text: str) -> None:
    assert to_text(markdown, "fr") == text


def test_a_link_alone_in_its_paragraph_is_a_button() -> None:
    html = to_html("[*Ici*](https://a.example)", buttons=True)

    assert 'class="button"' in html
    assert '<a href="https://a.example"><em>Ici</em></a>' in html


@pytest.mark.parametrize(
    "markdown", ["[a](https://a.example) ou [b](https://b.example)", "Voir [a](https://a.example)"]
)
def test_a_link_among_words_is_none(markdown: str) -> None:
    assert "button" not in to_html(markdown, buttons=True)


def test_html_in_a_template_is_text() -> None:
    html = to_html("<script>x</script> <b>y</b>", buttons=True)

    assert "<script>" not in html
    assert "&lt;b&gt;" in html
