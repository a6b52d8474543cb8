"""The programme that the studio's tests visit: made once, copied for each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.studio.town import found_town, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.town import Visit


@pytest.fixture(name="founded", scope="session")
def fixture_founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_town(tmp_path_factory.mktemp("town")).parent


@pytest.fixture(name="folder")
def fixture_folder(founded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(founded, tmp_path / "town")


@pytest.fixture(name="guest")
def fixture_guest(folder: Path) -> Iterator[Visit]:
    guest = visit(folder / "cohorte.toml")
    yield guest
    guest.bench.close()
