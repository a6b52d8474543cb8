"""The papers as they were last looked at: any change is to be looked at again."""

from __future__ import annotations

import re

import pytest

from automation.locale import fr
from automation.resources import data_path
from tests.papers.samples import GOLDEN, golden_papers


@pytest.mark.parametrize(("name", "html"), list(golden_papers()))
def test_a_paper_is_as_it_was_last_looked_at(name: str, html: str) -> None:
    kept = (GOLDEN / name).read_text("utf-8")

    assert html == kept, "look at it in a browser; then `python -m tests.papers`, and commit"


def test_every_word_of_the_papers_is_on_one() -> None:
    shipped = "".join(
        path.read_text("utf-8") for path in data_path("templates", "papers").iterdir()
    )
    from_code = {"day", "from", "hours", "on", "span", "done_at", "done_on"}

    words = {code.removeprefix("paper.") for code in fr.WORDS if code.startswith("paper.")}

    said = set(re.findall(r'say\("(\w+)"', shipped))
    assert words == said | from_code | {word for word in words if word.startswith("took_part")}
