"""Charts on sheets of their own: harmless beside the programme, a stop in place of one of its tabs."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner, Result

from automation.cli import main
from automation.config import load_config
from automation.errors import WorkbookError
from automation.workbook.layout import CHART_BASE, COHORTS, MEETINGS, SUMMARY, enrolment_tab
from automation.workbook.loading import add_responses, add_rows
from automation.workbook.survey import survey_tabs
from automation.workbook.view import read_tab
from automation.workspace import open_workspace
from tests.programme import COHORT_HEADER, NOW, TAB, full_programme, small_programme
from tests.studio.test_gate import PAGES
from tests.studio.town import NIGHT, found_town, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.programme import Programme
    from tests.studio.town import Visit

_NEXT: Final = NOW + timedelta(days=1)
_ROLL: Final = 72_001
_TABS: Final = (COHORTS.sheet_id, enrolment_tab().sheet_id, SUMMARY.sheet_id, _ROLL)
_COMMANDS: Final = (
    *("plan", "apply --yes", "nightly", "status", "explain 1", "simulate --cohort C1 --places 4"),
    *("attendance sheets", "papers sign-in --meeting 1 --out feuille.html", "mail list"),
    *("show cohorts", "show enrolments", "show attendance", "show summary", "person show 1"),
    *("export programme.xlsx", "report --out bilan.html", "person export 1"),
    "cohort start C2 --from C1 --opens 2023-04-01 --yes",
)


def _chart(number: int, *, sheet: int | None = None) -> dict[str, Any]:
    """Return the request that draws a chart on a sheet of its own; an id is chosen without one."""
    cells = {"sheetId": MEETINGS.sheet_id, "startColumnIndex": 0, "endColumnIndex": 1}
    position = {"newSheet": True} if sheet is None else {"sheetId": sheet}
    spec = {"pieChart": {"series": {"sourceRange": {"sources": [cells]}}}}
    return {"addChart": {"chart": {"chartId": number, "spec": spec, "position": position}}}


def _entitle(sheet: int, title: str, **more: Any) -> dict[str, Any]:
    properties = {"sheetId": sheet, "title": title, **more}
    fields = ",".join(properties.keys() - {"sheetId"})
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


@pytest.fixture(name="calm", scope="module")
def fixture_calm(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    made = small_programme(tmp_path_factory.mktemp("calm"))
    made.night()
    return made


@pytest.fixture
def programme(calm: Programme, tmp_path: Path) -> Programme:
    return calm.forked(tmp_path / "programme.db")


def _sheets(programme: Programme) -> dict[int, dict[str, Any]]:
    """Return what is on each tab, by its id."""
    with programme.session() as http:
        about = http.fetch_sheet_metadata(programme.spreadsheet_id, {"includeGridData": "false"})
    return {sheet["properties"]["sheetId"]: sheet for sheet in about["sheets"]}


@pytest.mark.parametrize("gone", [TAB, "Ma place"])
def test_answers_that_became_a_chart_stop_the_night_before_it_writes(
    tmp_path: Path, gone: str
) -> None:
    programme = full_programme(tmp_path)
    programme.night()
    programme.ask(
        {"deleteSheet": {"sheetId": programme.response_tab(gone)}},
        _chart(9, sheet=6),
        _entitle(6, gone),
    )
    before = programme.picture()

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)

    assert (raised.value.code, raised.value.exit_code) == ("answers_are_chart", 65)
    assert raised.value.values == {"tab": gone}
    assert programme.picture() == before


def test_answers_that_were_hidden_behind_a_chart_of_their_title_are_read_again_once_told_apart(
    programme: Programme,
) -> None:
    answers = programme.response_tab()
    programme.ask(_entitle(answers, "Copie"), _chart(9, sheet=6), _entitle(6, TAB))
    with pytest.raises(WorkbookError):
        programme.night(at=_NEXT)

    programme.ask(_entitle(6, "Graphique"), _entitle(answers, TAB))

    assert programme.night(at=_NEXT, event="apply").plan.empty


@pytest.mark.parametrize("sheet", _TABS)
def test_a_tab_of_ours_that_became_a_chart_stops_the_night_before_it_writes(
    programme: Programme, sheet: int
) -> None:
    gone = [{"deleteSheet": {"sheetId": sheet}}] if sheet in programme.grids() else []
    programme.ask(*gone, _chart(9, sheet=sheet), _entitle(sheet, "Graphique"))
    before = programme.picture()

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)

    assert (raised.value.code, raised.value.exit_code) == ("tab_is_chart", 65)
    assert raised.value.values == {"tab": "Graphique"}
    assert programme.picture() == before


def test_rows_are_loaded_into_no_chart(programme: Programme) -> None:
    programme.ask(
        {"deleteSheet": {"sheetId": COHORTS.sheet_id}},
        _chart(9, sheet=COHORTS.sheet_id),
        _chart(10, sheet=6),
        _entitle(6, "Ma place"),
    )

    with programme.session() as http:
        with pytest.raises(WorkbookError, match="tab_is_chart"):
            add_rows(http, programme.config, "cohorts", COHORT_HEADER, [("C9", "", "3", "", "")])
        with pytest.raises(WorkbookError, match="tab_is_chart"):
            read_tab(http, programme.config, COHORTS)
        with pytest.raises(WorkbookError, match="answers_are_chart"):
            add_responses(http, programme.spreadsheet_id, "Ma place", ("Horodateur",), [("",)])


def test_a_tab_that_is_gone_is_made_again_beside_a_chart_of_its_title(
    programme: Programme,
) -> None:
    programme.ask(
        *(_chart(9, sheet=5), _chart(10, sheet=6)),
        *({"deleteSheet": {"sheetId": tab.sheet_id}} for tab in (MEETINGS, SUMMARY)),
        *(_entitle(5, "Rencontres"), _entitle(6, "Sommaire")),
    )

    night = programme.night(at=_NEXT)

    titles = {i: sheet["properties"]["title"] for i, sheet in _sheets(programme).items()}
    assert not night.damaged
    assert (titles[MEETINGS.sheet_id], titles[SUMMARY.sheet_id]) == ("Rencontres 2", "Sommaire 2")
    assert (titles[5], titles[6]) == ("Rencontres", "Sommaire")


def _own_sheet(programme: Programme) -> tuple[int, int]:
    """Give a chart of Sommaire a sheet of its own, as an organiser does; return both ids."""
    charts = _sheets(programme)[SUMMARY.sheet_id]["charts"]
    number = int(charts[0]["chartId"])
    moved = {"objectId": number, "newPosition": {"sheetId": 6}}
    programme.ask({"updateEmbeddedObjectPosition": moved})
    return number, 6


def test_a_chart_of_sommaire_on_a_sheet_of_its_own_stays_there_and_is_redrawn(
    programme: Programme,
) -> None:
    number, sheet = _own_sheet(programme)
    calm = programme.night(at=_NEXT, event="apply")
    programme.put_in("cohorts", 1, "name", "Une tout autre cohorte")
    programme.organise([("C2", "Deuxième cohorte", "5", "", "automatique")], [])
    before = _sheets(programme)[sheet]["charts"][0]

    programme.night(at=_NEXT)

    after = _sheets(programme)
    (chart,) = after[sheet]["charts"]
    assert calm.plan.empty
    assert chart["chartId"] == number
    assert chart["spec"] != before["spec"]
    assert number not in {one["chartId"] for one in after[SUMMARY.sheet_id]["charts"]}
    assert programme.night(at=_NEXT, event="apply").plan.empty


_BESIDE: Final = {"overlayPosition": {"anchorCell": {"sheetId": MEETINGS.sheet_id}}}


@pytest.mark.parametrize(("place", "home"), [({"sheetId": 6}, 6), (_BESIDE, SUMMARY.sheet_id)])
def test_sommaire_is_made_again_though_a_chart_of_it_was_moved_away(
    programme: Programme, place: dict[str, Any], home: int
) -> None:
    number = CHART_BASE + 1
    moved = {"objectId": number, "newPosition": place, "fields": "anchorCell"}
    gone = {"deleteSheet": {"sheetId": SUMMARY.sheet_id}}
    programme.ask({"updateEmbeddedObjectPosition": moved}, gone)

    programme.night(at=_NEXT)

    charts = {i: tab.get("charts", ()) for i, tab in _sheets(programme).items()}
    assert [i for i, some in charts.items() if number in {c["chartId"] for c in some}] == [home]
    assert programme.night(at=_NEXT, event="apply").plan.empty


def test_a_chart_of_ours_that_no_figure_needs_goes_with_its_sheet(programme: Programme) -> None:
    programme.ask(_chart(CHART_BASE + 900, sheet=6))

    programme.night(at=_NEXT)

    assert 6 not in _sheets(programme)
    assert programme.night(at=_NEXT, event="apply").plan.empty


@pytest.fixture(name="town", scope="module")
def fixture_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme whose first and last sheets are charts, one of them of Sommaire."""
    path = found_town(tmp_path_factory.mktemp("town"))
    with open_workspace(load_config(path, {}), lambda: NIGHT) as workspace:
        http, book = workspace.http, workspace.config.workspace.spreadsheet or ""
        moved = {"objectId": CHART_BASE + 1, "newPosition": {"newSheet": True}}
        named = _entitle(6, "Lise Roy, lise@example.com", index=0)
        http.batch_update(
            book,
            {"requests": [_chart(9, sheet=6), named, {"updateEmbeddedObjectPosition": moved}]},
        )
    return path


def test_a_chart_beside_the_programme_disturbs_no_command(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(town.parent, tmp_path / "town")
    monkeypatch.chdir(tmp_path / "town")

    codes = {words: _run(*words.split()).exit_code for words in _COMMANDS}

    assert codes == dict.fromkeys(_COMMANDS, 0)
    assert "graphique" not in _run("doctor").output


def _run(*words: str) -> Result:
    at = ("--at", "2023-01-13T02:00") if words[0] in {"plan", "apply", "nightly"} else ()
    return CliRunner().invoke(main, ["--config", "cohorte.toml", *at, *words])


def test_a_chart_that_names_somebody_is_told_when_they_are_erased(
    town: Path, tmp_path: Path
) -> None:
    shutil.copytree(town.parent, tmp_path / "town")
    config = str(tmp_path / "town" / town.name)

    result = CliRunner().invoke(main, ["--config", config, "person", "erase", "1", "--yes"])

    assert result.exit_code == 0, result.output
    assert "Lise Roy, lise@example.com" in result.output


def test_a_first_look_sees_the_tabs_with_cells_alone(town: Path) -> None:
    with open_workspace(load_config(town, {}), lambda: NIGHT) as workspace:
        seen = survey_tabs(workspace.http, workspace.config.workspace.spreadsheet or "")

    assert [tab.title for tab in seen] == [TAB, "Ma place"]


@pytest.fixture(name="guest")
def fixture_guest(town: Path, tmp_path: Path) -> Iterator[Visit]:
    guest = visit(shutil.copytree(town.parent, tmp_path / "town") / town.name)
    yield guest
    guest.bench.close()


def test_the_studio_shows_the_tabs_with_cells_and_no_page_breaks(guest: Visit) -> None:
    pages = {path: guest.get(path).status_code for path in (*PAGES, "/sheets", "/sheets/6")}

    assert pages == dict.fromkeys(PAGES, 200) | {"/sheets": 303, "/sheets/6": 404}
    assert "Lise Roy, lise" not in guest.read("/sheets/7103").split("</nav>")[0]


def test_doctor_names_the_answers_that_became_a_chart_among_the_form_s_findings(
    tmp_path: Path,
) -> None:
    path = found_town(tmp_path)
    with open_workspace(load_config(path, {}), lambda: NIGHT) as workspace:
        http, book = workspace.http, workspace.config.workspace.spreadsheet or ""
        about = http.fetch_sheet_metadata(book)["sheets"]
        sheet = next(s["properties"] for s in about if s["properties"]["title"] == TAB)
        gone = {"deleteSheet": {"sheetId": sheet.get("sheetId", 0)}}
        http.batch_update(book, {"requests": [gone, _chart(9, sheet=6), _entitle(6, TAB)]})

    result = CliRunner().invoke(main, ["--config", str(path), "doctor"])

    assert result.exit_code == 65
    assert "n’est plus qu’un graphique" in " ".join(result.output.split())
