from __future__ import annotations

import re

import pytest

from tests.mail.golden_files import FOLDER, make_golden_files

MADE = dict(make_golden_files())


@pytest.mark.parametrize("name", MADE)
def test_a_message_reads_as_when_somebody_last_read_it_over(name: str) -> None:
    golden = (FOLDER / name).read_text(encoding="utf-8")

    assert MADE[name] == golden


def test_no_golden_file_is_left_behind() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(MADE)


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(".fr.txt")])
def test_french_is_set_as_quebec_sets_it(name: str) -> None:
    """No straight apostrophe, no space before ! ? ;, no-break spaces within « » and before :."""
    words = re.sub(r"https?://\S+", "", MADE[name])

    assert "'" not in words
    assert not re.search(r"\s[!?;]", words)
    assert not re.search(r"« |(?<!\xa0)»| :", words)


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(".html")])
def test_a_page_can_be_read_by_ear_in_the_dark_and_on_a_phone(name: str) -> None:
    page = MADE[name]

    assert '<html lang="fr"' in page
    assert page.count("<table") == page.count('role="presentation"')
    assert page.count("<h1") == 1
    assert "prefers-color-scheme: dark" in page
    assert "max-width: 600px" in page
    assert "<img" not in page
    assert "<script" not in page
    assert len(page.encode()) < 100_000
