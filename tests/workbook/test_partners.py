"""The partners' spreadsheet: kept in step, never with more than may be shared."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.google.sheets import get_spreadsheet
from automation.local import Fault, FaultPlan
from automation.workbook.layout import CHART_BASE, SUMMARY
from automation.workbook.loading import create_spreadsheet
from automation.workspace import with_spreadsheet
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from automation.night import Night
    from tests.programme import Programme


def sharing(programme: Programme, spreadsheet_id: str) -> Programme:
    """Return the programme with a spreadsheet for the partners."""
    summary = programme.config.summary.model_copy(update={"partners_spreadsheet": spreadsheet_id})
    config = programme.config.model_copy(update={"summary": summary})
    return replace(programme, config=config)


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    with made.session() as http:
        partners = create_spreadsheet(http, "Partenaires", "Feuille 1", ("",))
    return sharing(made, partners)


def copy_of(programme: Programme) -> Programme:
    """Return the partners' spreadsheet as a programme of its own, to look at."""
    partners = programme.config.summary.partners_spreadsheet or ""
    return replace(programme, config=with_spreadsheet(programme.config, partners))


def shown(programme: Programme) -> list[list[Any]]:
    return copy_of(programme).grids()[SUMMARY.sheet_id]


def calls(programme: Programme, at: int) -> tuple[Night, list[str]]:
    """Let a night pass; return which calls it made to the partners' spreadsheet."""
    partners = programme.config.summary.partners_spreadsheet or ""
    urls: list[str] = []
    faults = FaultPlan(on_call=lambda _, request: urls.append(request.url or ""))
    night = programme.night(at=NOW + timedelta(minutes=at), faults=faults)
    return night, [url.split(partners)[1] for url in urls if partners in url]


def test_partners_see_no_figure_under_five_nor_anybody_nor_what_is_to_decide(
    programme: Programme,
) -> None:
    programme.night()

    text = json.dumps(shown(programme), ensure_ascii=False)

    assert "Le programme en chiffres" in text
    assert '"Personnes inscrites", 5' in text
    assert '"Première cohorte", 3, "–"' in text
    about_people = ("À décider", "Hélène", "Fortin", "@", "555")
    assert not any(word in text for word in about_people)
    with copy_of(programme).session() as http:
        about = get_spreadsheet(http, copy_of(programme).spreadsheet_id)
    titles = [sheet["properties"]["title"] for sheet in about["sheets"]]
    assert titles == ["Sommaire", "Feuille 1"]


def test_a_night_that_changes_no_shared_figure_only_reads(programme: Programme) -> None:
    _, first = calls(programme, 0)
    _, second = calls(programme, 1)

    assert [":batchUpdate" in call for call in first] == [False, True]
    assert [":batchUpdate" in call for call in second] == [False]


def test_new_figures_are_written_once(programme: Programme) -> None:
    programme.night()
    programme.answer(*((f"2023-01-08 0{n}:00:00", "Luc", f"Roy{n}", "", "", "") for n in range(6)))

    _, news = calls(programme, 60)
    _, calm = calls(programme, 61)

    assert len(news) == 2
    assert len(calm) == 1
    assert ["Personnes inscrites", 11] in [row[:2] for row in shown(programme)]


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.DROPPED_AFTER, Fault.CUT])
def test_a_write_whose_answer_is_lost_is_not_made_twice(programme: Programme, fault: Fault) -> None:
    _, made = calls(programme, 0)
    programme.answer(*((f"2023-01-08 0{n}:00:00", "Luc", f"Roy{n}", "", "", "") for n in range(6)))
    partners = programme.config.summary.partners_spreadsheet or ""
    at = next(
        number
        for number, url in enumerate(_urls(programme), start=1)
        if partners in url and ":batchUpdate" in url
    )

    night = programme.night(at=NOW + timedelta(hours=1), faults=FaultPlan(at={at: fault}))

    assert len(made) == 2
    assert night.asides == ()
    with programme.session() as http:
        guards = get_spreadsheet(http, partners)["developerMetadata"]
    assert len(guards) == 2


def _urls(programme: Programme) -> list[str]:
    """Return the addresses that tonight's calls would go to."""
    rehearsal = programme.forked(programme.path.with_name("rehearsal.db"))
    urls: list[str] = []
    faults = FaultPlan(on_call=lambda _, request: urls.append(request.url or ""))
    rehearsal.night(at=NOW + timedelta(hours=1), faults=faults)
    return urls


def test_a_spreadsheet_that_is_not_there_fails_no_night(tmp_path: Path) -> None:
    programme = sharing(small_programme(tmp_path), "1GONE")

    night = programme.night()

    assert night.exit_code == 30
    assert [aside.error.code for aside in night.asides] == ["not_found"]
    assert len(programme.rows("enrolments")) == 6


def test_the_committees_own_workbook_is_never_written_for_partners(tmp_path: Path) -> None:
    plain = small_programme(tmp_path)
    programme = sharing(plain, plain.spreadsheet_id)

    night = programme.night()

    assert [aside.error.code for aside in night.asides] == ["partners_hold_people"]
    assert plain.grids()[SUMMARY.sheet_id][0][0] == "Sommaire"


def test_a_tab_that_was_deleted_there_is_made_again(programme: Programme) -> None:
    programme.night()
    before = shown(programme)
    copy_of(programme).ask({"deleteSheet": {"sheetId": SUMMARY.sheet_id}})

    programme.night(at=NOW + timedelta(minutes=1))

    assert shown(programme) == before


def test_a_tab_is_made_again_there_though_a_chart_of_it_has_a_sheet_of_its_own(
    programme: Programme,
) -> None:
    programme.night()
    before = shown(programme)
    moved = {"objectId": CHART_BASE + 1, "newPosition": {"sheetId": 6}}
    gone = {"deleteSheet": {"sheetId": SUMMARY.sheet_id}}
    copy_of(programme).ask({"updateEmbeddedObjectPosition": moved}, gone)

    night = programme.night(at=NOW + timedelta(minutes=1))

    assert night.asides == ()
    assert shown(programme) == before
