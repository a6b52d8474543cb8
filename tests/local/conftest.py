from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.desk import Desk, desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def book() -> Iterator[Desk]:
    made = desk()
    yield made
    made.session.close()
