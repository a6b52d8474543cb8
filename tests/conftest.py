"""What every test shares: how hard properties try, and a check of every call to Google.

COHORTE_TEST_EXAMPLES=2000 makes a night of search, at random.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.conformance.validated import validating

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEARCH = os.environ.get("COHORTE_TEST_EXAMPLES")

settings.register_profile(
    "cohorte",
    max_examples=int(_SEARCH or "100"),
    # The same examples every time, so that nobody's change fails for what it did not touch.
    derandomize=_SEARCH is None,
    stateful_step_count=int(os.environ.get("COHORTE_TEST_STEPS", "25")),
    deadline=None,
    print_blob=True,
)
settings.load_profile("cohorte")


@pytest.fixture(autouse=True)
def _conforming(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold every request and answer against Google's discovery documents.

    A test marked `nonconforming` sends what Google does not know, on purpose.
    """
    with nullcontext() if request.node.get_closest_marker("nonconforming") else validating():
        yield
