"""The calm story, lived through once for all the tests that disturb it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.story import calm_evenings

if TYPE_CHECKING:
    from tests.faults.story import Evening


@pytest.fixture(scope="session")
def evenings(tmp_path_factory: pytest.TempPathFactory) -> list[Evening]:
    """The story's evenings in order."""
    return calm_evenings(tmp_path_factory.mktemp("calm"))
