"""Opening a workspace: the embedded one finds its only spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from automation import local
from automation.errors import WorkbookError
from automation.google.client import Client, retries_of
from automation.google.retries import PATIENT, Retries
from automation.workbook.loading import create_spreadsheet
from automation.workspace import open_workspace, with_spreadsheet
from tests.programme import NOW, TAB, new_programme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme


def _add_spreadsheet(programme: Programme) -> str:
    with local.session(programme.path) as session:
        return create_spreadsheet(Client(session), "Autre", TAB)


def _without_id(programme: Programme) -> Programme:
    workspace = programme.config.workspace.model_copy(update={"spreadsheet": None})
    config = programme.config.model_copy(update={"workspace": workspace})
    return type(programme)(programme.path, config)


def test_the_only_spreadsheet_is_found(tmp_path: Path) -> None:
    programme = new_programme(tmp_path)

    with open_workspace(_without_id(programme).config, lambda: NOW) as workspace:
        found = workspace.config.workspace.spreadsheet

    assert found == programme.config.workspace.spreadsheet


def test_of_several_spreadsheets_the_configuration_must_name_one(tmp_path: Path) -> None:
    programme = new_programme(tmp_path)
    other = _add_spreadsheet(programme)

    with (
        pytest.raises(WorkbookError) as raised,
        open_workspace(_without_id(programme).config, lambda: NOW),
    ):
        pytest.fail("one of them was taken")
    with open_workspace(with_spreadsheet(programme.config, other), lambda: NOW) as workspace:
        found = workspace.config.workspace.spreadsheet

    assert raised.value.code == "several_spreadsheets"
    assert found == other


def test_a_workspace_has_time_outs_and_the_patience_it_was_given(tmp_path: Path) -> None:
    programme = new_programme(tmp_path)
    retries = Retries(on_wait=lambda _seconds, _attempt: None)

    with open_workspace(programme.config, lambda: NOW) as workspace:
        ordinary = workspace.http
    with open_workspace(programme.config, lambda: NOW, retries=retries) as workspace:
        told = workspace.http

    assert ordinary.timeout == told.timeout == (10.0, 180.0)
    assert retries_of(ordinary) is PATIENT
    assert retries_of(told) is retries
