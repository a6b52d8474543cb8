"""An installation's own templates replace ours one by one, and can do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from automation.errors import ConfigError
from automation.papers.attestations import render_attestations
from automation.papers.sign_in import render_sign_in
from tests.papers.samples import ATTESTATION, SHEET

if TYPE_CHECKING:
    from pathlib import Path


def test_a_template_of_the_installation_replaces_ours_and_the_other_stays(tmp_path: Path) -> None:
    (tmp_path / "sign-in.html.j2").write_text(
        "{% for s in sheets %}{{ s.theme }}: {{ s.pages[0].people[0].name }}{% endfor %}", "utf-8"
    )

    theirs = render_sign_in([SHEET], language="fr", folder=tmp_path)
    ours = render_attestations([ATTESTATION], language="fr", folder=tmp_path)

    assert theirs == "Trouver l’équilibre, ou le garder: Bélanger-00, Hélène"
    assert "Attestation de participation" in ours


def test_a_folder_that_is_not_there_leaves_ours(tmp_path: Path) -> None:
    html = render_sign_in([SHEET], language="fr", folder=tmp_path / "nowhere")

    assert html == render_sign_in([SHEET], language="fr")


@pytest.mark.parametrize(
    "wrong",
    [
        "\n\n{{ shets }}",
        "\n\n{% for %}",
        '\n\n{{ say("nothing") }}',
        "\n\n{{ sheets[7].theme }}",
        "\n\n{{ 1 / 0 }}",
        "\n\n{{ ''.__class__.__mro__ }}",
        "\n\n{{ sheets.clear() }}",
        "\n\n{{ say.__globals__ }}",
        "\n\n{{ sheets | nothing }}",
    ],
)
def test_a_template_that_is_wrong_or_reaches_too_far_is_told_with_its_line(
    tmp_path: Path, wrong: str
) -> None:
    (tmp_path / "sign-in.html.j2").write_text(wrong, "utf-8")

    with pytest.raises(ConfigError) as caught:
        render_sign_in([SHEET], language="fr", folder=tmp_path)

    assert caught.value.code == "paper_template"
    assert caught.value.values["template"] == "sign-in.html.j2"
    assert caught.value.values["line"] == 3
