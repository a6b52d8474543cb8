"""The programme in which every tab tells of one person: lived once, and copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.privacy.story import CONFIG, begin, live

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme


@pytest.fixture(scope="session", name="lived")
def fixture_lived(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    made = begin(tmp_path_factory.mktemp("lived"))
    live(made)
    return made


@pytest.fixture(name="programme")
def fixture_programme(lived: Programme, tmp_path: Path) -> Programme:
    """Return a programme that goes on from there, with its configuration beside it."""
    (tmp_path / "cohorte.toml").write_text(CONFIG, "utf-8")
    return lived.forked(tmp_path / "programme.db")
