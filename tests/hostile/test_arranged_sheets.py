"""Organisers arrange tabs to their liking: hidden, filtered, grouped, frozen, merged, protected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from automation.core.model import Number
from automation.errors import CredentialsError
from automation.workbook.layout import (
    COHORTS,
    DUPLICATES,
    HANDLED,
    JOURNAL,
    MAIL,
    MAIL_LOG,
    MEETINGS,
    enrolment_tab,
    find_columns,
    tabs,
)
from tests.programme import NOW, TAB, small_programme, with_mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from automation.night import Night
    from tests.programme import Programme

Deed = dict[str, Any]
_NEXT: Final = NOW + timedelta(days=4)  # its meeting has an attendance tab by then
_REGISTER: Final = enrolment_tab().sheet_id
_OURS: Final = (COHORTS, MEETINGS, enrolment_tab(), DUPLICATES, MAIL, MAIL_LOG, JOURNAL, HANDLED)
_LATER: Final = (
    ("2023-01-11 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"),
    ("2023-01-11 10:00:00", "Helene", "Fortin", "h@example.com", "418 555-0101", "g"),
)
"""One of them may be somebody who is registered, and so gives a row to Doublons."""


@pytest.fixture(name="first", scope="module")
def fixture_first(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A programme in which there is something of everything."""
    made = with_mail(small_programme(tmp_path_factory.mktemp("arranged")))
    made.night()
    made.answer(("2023-01-11 08:00:00", "Eve", "Morin", "e@example.com", "418 555-0105", ""))
    made.night(at=NOW + timedelta(days=2))
    return made


@pytest.fixture
def programme(first: Programme, tmp_path: Path) -> Programme:
    return with_mail(first.forked(tmp_path / "programme.db"))


@pytest.fixture(name="calm_state", scope="module")
def fixture_calm_state(first: Programme, tmp_path_factory: pytest.TempPathFactory) -> object:
    """What the next night leaves where nobody arranged anything."""
    calm = with_mail(first.forked(tmp_path_factory.mktemp("calm") / "programme.db"))
    _news(calm)
    calm.night(at=_NEXT)
    return calm.state()


def _news(programme: Programme) -> None:
    """Let answers arrive, and organisers decide."""
    programme.answer(*_LATER)
    programme.put_in("enrolments", programme.enrolment_row(1), "decision", "Désister")
    programme.put_in("cohorts", 1, "places", 4)


def _looks(programme: Programme) -> list[dict[str, Any]]:
    """Return how the tabs are arranged, whatever stands in them."""
    fields = "sheets(properties,merges,basicFilter,rowGroups,data(rowMetadata(hiddenByUser)))"
    with programme.session() as http:
        about = http.fetch_sheet_metadata(programme.spreadsheet_id, {"fields": fields})
    found = []
    for sheet in about["sheets"]:
        rows = sheet["data"][0].get("rowMetadata", ())
        hidden = [index for index, row in enumerate(rows) if row.get("hiddenByUser")]
        grid = sheet["properties"].get("gridProperties", {})
        shown = {key: sheet.get(key) for key in ("merges", "basicFilter", "rowGroups")}
        frozen = grid.get("frozenColumnCount"), grid.get("frozenRowCount")
        found.append({**shown, "hidden": hidden, "frozen": frozen})
    return found


def _rows(sheet: int, start: int, end: int) -> Deed:
    return {"sheetId": sheet, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def _cells(sheet: int, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def _hide(sheet: int) -> Iterator[Deed]:
    for where in (_rows(sheet, 1, 4), _rows(sheet, 0, 1) | {"dimension": "COLUMNS"}):
        change = {"range": where, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        yield {"updateDimensionProperties": change}


def _filter(sheet: int) -> Iterator[Deed]:
    criteria = {"condition": {"type": "BLANK"}}
    specs = [{"columnIndex": 0, "filterCriteria": criteria}]
    yield {"setBasicFilter": {"filter": {"range": {"sheetId": sheet}, "filterSpecs": specs}}}


def _freeze(sheet: int) -> Iterator[Deed]:
    properties = {
        "sheetId": sheet,
        "gridProperties": {"frozenColumnCount": 3, "frozenRowCount": 2},
    }
    fields = "gridProperties(frozenColumnCount,frozenRowCount)"
    yield {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _group(sheet: int) -> Iterator[Deed]:
    yield {"addDimensionGroup": {"range": _rows(sheet, 1, 4)}}
    group = {"range": _rows(sheet, 1, 4), "depth": 1, "collapsed": True}
    yield {"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}}


_WAYS: Final = (_hide, _filter, _freeze, _group)


def test_a_night_among_arranged_tabs_leaves_what_it_leaves_among_others(
    programme: Programme, calm_state: object
) -> None:
    sheets = [programme.response_tab(), *(tab.sheet_id for tab in _OURS)]
    programme.ask(*(deed for sheet in sheets for way in _WAYS for deed in way(sheet)))
    before = _looks(programme)
    _news(programme)

    night = programme.night(at=_NEXT)

    assert not night.damaged
    assert programme.state() == calm_state
    assert _looks(programme)[: len(before)] == before
    assert programme.night(at=_NEXT, event="apply").plan.empty
    assert _sent(programme) == sorted(set(_sent(programme)))


def _sent(programme: Programme) -> list[str]:
    """Return whom each message told what, in order."""
    rows = [row for row in programme.rows("mail") if row["state"] == "sent"]
    return sorted(f"{row['to']} {row['template']} {row['occasion']}" for row in rows)


def test_an_attendance_tab_is_brought_up_to_date_however_it_is_arranged(
    programme: Programme,
) -> None:
    programme.night(at=_NEXT)
    (roll,) = programme.snapshot().roll_standings
    sheet = programme.snapshot().roll_standings[roll].sheet_id
    programme.tick(roll, 2)
    for arrange in (_hide, _group, _freeze):
        programme.ask(*arrange(sheet))
    _news(programme)

    night = programme.night(at=_NEXT + timedelta(hours=1))

    found = programme.snapshot().rolls[roll]
    assert not night.damaged
    assert {row.number: row.present for row in found.rows}[Number(2)] is True
    assert len({row.number for row in found.rows}) == len(found.rows)
    assert programme.night(at=_NEXT + timedelta(hours=2), event="apply").plan.empty


def _merge(programme: Programme, key: str, name: str, rows: tuple[int, int], wide: int = 1) -> None:
    """Let an organiser merge cells of one of our columns, and of those on its right.

    Args:
        rows: From 0, the last one exclusive.
    """
    tab = next(tab for tab in tabs(programme.config.rules.fields.extra) if tab.key == key)
    left = find_columns(tab, programme.grids()[tab.sheet_id][0])[name]
    cells = _cells(tab.sheet_id, *rows, left, left + wide)
    programme.ask({"mergeCells": {"range": cells, "mergeType": "MERGE_ALL"}})


def _told(night: Night) -> list[tuple[str, int | None]]:
    return [(p.tab, p.row) for p in night.plan.problems if p.message.code == "problem.merged"]


def _register(programme: Programme) -> dict[int, tuple[Any, ...]]:
    told = ("first_name", "last_name", "email", "phone", "status", "rank", "cohort")
    return {r["number"]: tuple(r[key] for key in told) for r in programme.rows("enrolments")}


@pytest.mark.parametrize("name", ["number", "status"])
def test_what_a_merge_hid_of_the_register_is_put_back_and_the_merge_told(
    programme: Programme, name: str
) -> None:
    before, sent = _register(programme), _sent(programme)
    _merge(programme, "enrolments", name, (1, 4))

    night = programme.night(at=NOW + timedelta(days=3))

    assert ("Inscriptions", 2) in _told(night)
    after = _register(programme)
    assert {number: after[number] for number in before} == before
    assert _sent(programme) == sent
    assert [sheet["merges"] for sheet in _looks(programme) if sheet["merges"]]


def test_cells_merged_in_one_row_tell_the_same(programme: Programme) -> None:
    before = _register(programme)
    _merge(programme, "enrolments", "first_name", (2, 3), wide=2)

    night = programme.night(at=NOW + timedelta(days=3))

    assert _told(night) == [("Inscriptions", 3)]
    assert _register(programme) == before


def test_a_merge_beside_our_columns_is_nobody_s_business(programme: Programme) -> None:
    width = len(programme.grids()[_REGISTER][0])
    programme.put(_REGISTER, 2, width, "à nous", "deux")
    cells = _cells(_REGISTER, 2, 4, width, width + 2)
    programme.ask({"mergeCells": {"range": cells, "mergeType": "MERGE_ALL"}})

    night = programme.night(at=NOW + timedelta(days=3))

    assert _told(night) == []
    assert not night.damaged


@pytest.mark.parametrize("key", ["duplicates", "mail"])
def test_a_tab_with_a_merge_over_rows_is_left_in_its_order_and_the_night_passes(
    programme: Programme, key: str
) -> None:
    _news(programme)
    _merge(programme, key, "reason" if key == "duplicates" else "error", (1, 3))

    night = programme.night(at=_NEXT)

    titles = {"duplicates": "Doublons", "mail": "Courriels"}
    assert _told(night) == [(titles[key], 2)]
    assert night.receipt is not None
    keys = [row["a"] if key == "duplicates" else row["key"] for row in programme.rows(key)]
    assert keys
    assert programme.night(at=_NEXT, event="apply").plan.empty


def test_a_place_that_two_meetings_share_in_one_merged_cell_is_told(programme: Programme) -> None:
    programme.organise([], [("C1", "2023-01-23", "18:30", "21:00", "Saisir les occasions")])
    programme.put_in("meetings", 1, "place", "Salle municipale")
    programme.put_in("meetings", 2, "place", "Salle municipale")
    _merge(programme, "meetings", "place", (1, 3))

    night = programme.night(at=NOW + timedelta(days=3))

    assert _told(night) == [("Rencontres", 2)]
    assert [meeting.place for meeting in programme.snapshot().meetings] == ["Salle municipale", ""]


def test_an_answer_that_a_merge_hides_in_part_is_left_aside_and_its_enrolment_stays(
    programme: Programme,
) -> None:
    before, sent, answers = _register(programme), _sent(programme), programme.response_tab()
    programme.answer(*_LATER)
    merge = {"range": _cells(answers, 6, 9, 3, 4), "mergeType": "MERGE_ALL"}
    programme.ask({"mergeCells": merge})  # over Ève's second answer, and Luc's

    night = programme.night(at=NOW + timedelta(days=3))

    told = [(p.message.code, p.tab, p.row) for p in night.plan.problems if p.damage]
    assert told == [("problem.merged_answers", TAB, 7)]
    assert night.exit_code == 30
    after = _register(programme)
    assert {number: after[number] for number in before} == before
    assert [row[0] for number, row in after.items() if number not in before] == ["Helene"]
    assert _sent(programme) == sent


def test_answers_that_are_unmerged_and_whole_again_are_read_as_if_nothing_had_been(
    programme: Programme, calm_state: dict[str, list[dict[str, Any]]]
) -> None:
    answers = programme.response_tab()
    before = programme.grids()[answers]
    programme.ask({"mergeCells": {"range": _cells(answers, 1, 6, 0, 6), "mergeType": "MERGE_ALL"}})
    programme.night(at=NOW + timedelta(days=3))
    programme.ask({"unmergeCells": {"range": {"sheetId": answers}}})
    for index, row in enumerate(before):
        programme.put(answers, index, 0, *row)
    _news(programme)

    night = programme.night(at=_NEXT)

    assert not night.damaged
    told = ("number", "first_name", "email", "phone", "status", "rank", "alerts")
    assert [[row[key] for key in told] for row in programme.rows("enrolments")] == [
        [row[key] for key in told] for row in calm_state["enrolments"]
    ]
    assert _sent(programme) == sorted(set(_sent(programme)))


def _protect(sheet: int, *editors: str) -> Deed:
    protected = {"range": {"sheetId": sheet}, "editors": {"users": list(editors)}}
    return {"addProtectedRange": {"protectedRange": protected}}


@pytest.mark.parametrize("sheet", [_REGISTER, JOURNAL.sheet_id, MAIL_LOG.sheet_id])
def test_a_tab_that_somebody_protected_against_us_stops_the_night_and_is_named(
    programme: Programme, sheet: int
) -> None:
    _news(programme)
    programme.ask(_protect(sheet, "lise@example.org"))
    before = programme.picture()

    with pytest.raises(CredentialsError) as raised:
        programme.night(at=_NEXT)

    title = next(tab.fr for tab in _OURS if tab.sheet_id == sheet)
    assert (raised.value.code, raised.value.exit_code) == ("locked", 77)
    assert raised.value.values == {"tabs": title}
    assert programme.picture() == before


def test_answers_that_are_protected_against_us_and_tabs_that_let_us_in_stop_nothing(
    programme: Programme, calm_state: object
) -> None:
    _news(programme)
    programme.ask(
        _protect(programme.response_tab(), "lise@example.org"),
        _protect(_REGISTER, "lise@example.org", "comite@example.org"),
    )

    programme.night(at=_NEXT)

    assert programme.state() == calm_state
