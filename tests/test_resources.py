"""The shipped files are found in a checkout, and in a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import resources
from automation.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_checkout_has_them_beside_the_package() -> None:
    assert data_path("config", "example.toml").is_file()
    assert data_path("templates", "config", "cohorte.fr.toml.j2").is_file()


def test_a_wheel_carries_them_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)

    assert data_path("config", "demo.toml") == tmp_path / "config" / "demo.toml"
