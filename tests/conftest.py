"""How hard the properties try: COHORTE_TEST_EXAMPLES=2000 for a night of search."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile(
    "cohorte",
    max_examples=int(os.environ.get("COHORTE_TEST_EXAMPLES", "60")),
    stateful_step_count=int(os.environ.get("COHORTE_TEST_STEPS", "20")),
    deadline=None,
    print_blob=True,
)
settings.load_profile("cohorte")
