"""The wheel and the source distribution, built, and tried without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from sysconfig import get_path
from typing import TYPE_CHECKING, Final

import pytest

from tests.supply.licences import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_ANSWERS: Final = (
    "Horodateur,Prénom,Nom,Adresse courriel\n2023/01/02 9:12:33 AM EST,Ève,Roy,eve@example.org\n"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, env=_without_checkout())
    return folder


@pytest.fixture(scope="module")
def cohorte(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment that has the wheel, its dependencies, and no checkout."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    # Their libraries as they stand here; what leads to the checkout is a .pth of that folder, which
    # counts for nothing in another.
    (site / "libraries.pth").write_text(get_path("purelib"), encoding="utf-8")
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    quietly = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*install, *quietly, str(wheel)], check=True, env=_without_checkout())
    return folder / "bin" / "cohorte"


def test_the_wheel_holds_what_people_may_edit_and_no_tests(built: Path) -> None:
    (wheel,) = built.glob("*.whl")

    names = zipfile.ZipFile(wheel).namelist()

    assert "automation/data/templates/mail/offer.fr.md" in names
    assert "automation/data/config/example.toml" in names
    assert "automation/data/templates/studio/static/studio.css" in names
    assert not [name for name in names if name.startswith("tests/") or name.endswith(".db")]


def test_the_source_distribution_holds_its_tests_and_its_locks(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")

    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "README.md", "Makefile", "requirements-dev.txt"} <= names
    assert "tests/supply/test_packages.py" in names


def test_a_first_night_passes_without_the_checkout(cohorte: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(_ANSWERS, encoding="utf-8")
    (tmp_path / "cohorts.csv").write_text("Code,Places\nC1,5\n", encoding="utf-8")

    _run(cohorte, tmp_path, "local", "load", "answers.csv")
    _run(cohorte, tmp_path, "local", "load", "cohorts.csv", "--as", "cohorts")
    _run(cohorte, tmp_path, "nightly")
    status = json.loads(_run(cohorte, tmp_path, "status", "--json"))

    assert [(c["code"], c["confirmed"]) for c in status["cohorts"]] == [("C1", 1)]


def _run(cohorte: Path, folder: Path, *words: str) -> str:
    command = [str(cohorte), *words]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, env=_without_checkout()
    )
    return done.stdout


def _without_checkout() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
