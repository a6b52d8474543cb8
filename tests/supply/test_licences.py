from __future__ import annotations

import re
import tomllib
from typing import Final

import pytest

from tests.supply.licences import (
    PURPOSES,
    ROOT,
    TABLE,
    find_licence,
    list_locked,
    write_table,
)

_LIBERAL: Final = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"),
    *("MPL-2.0", "Unlicense"),
}
"""Licences that let a committee use, change and pass on the whole."""


def test_the_table_of_licences_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == write_table(), "run python -m tests.supply.licences"


@pytest.mark.parametrize("name", list_locked())
def test_each_library_may_be_passed_on(name: str) -> None:
    assert set(find_licence(name).split(" OR ")) & _LIBERAL


def test_each_direct_dependency_says_what_it_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    direct = {re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]}  # type: ignore[index]

    assert direct == PURPOSES.keys()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_each_line_of_a_lock_is_pinned_and_hashed_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")

    for line in text.splitlines():
        assert re.fullmatch(
            r"[a-z0-9][\w.-]*==\S+( ; [^#:]+?)?( +--hash=sha256:[0-9a-f]{64})+ *", line
        )
    assert "://" not in text
