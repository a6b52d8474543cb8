"""Organisers who are at work between two calls of a night: what holds, and what remains possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from automation.local import FaultPlan
from automation.workbook.batches import PAYLOAD_LIMIT
from automation.workbook.layout import COHORTS, HANDLED, JOURNAL, MEETINGS, enrolment_tab
from tests.deeds import delete, insert, move, rename, sort_rows
from tests.faults.story import begin, calm_evenings, night_of

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from automation.night import Night
    from tests.faults.story import Evening
    from tests.programme import Programme

_REGISTER = enrolment_tab().sheet_id
_BETWEEN_READS, _BEFORE_WRITE, _AFTER_WRITE = 2, 3, 4
_MOMENTS = [
    pytest.param(_BETWEEN_READS, PAYLOAD_LIMIT, id="between the reads"),
    pytest.param(_BEFORE_WRITE, PAYLOAD_LIMIT, id="between read and write"),
    pytest.param(_AFTER_WRITE, PAYLOAD_LIMIT, id="between write and check"),
    pytest.param(_AFTER_WRITE, 4_000, id="between two batches"),
]
_TABS = [_REGISTER, COHORTS.sheet_id, MEETINGS.sheet_id, JOURNAL.sheet_id, HANDLED.sheet_id]
_NIGHTS = [1, 5]


@pytest.fixture(scope="module")
def evenings(tmp_path_factory: pytest.TempPathFactory) -> list[Evening]:
    return calm_evenings(tmp_path_factory.mktemp("calm"))


def _night(programme: Programme, index: int, call: int, *deeds: dict[str, Any]) -> Night:
    """Let a night pass while organisers do something before its call."""

    def hook(number: int, _request: PreparedRequest) -> None:
        if number == call:
            programme.ask(*deeds)

    return programme.night(at=night_of(index), faults=FaultPlan(on_call=hook))


def _with_notes(evening: Evening, path: Path) -> Programme:
    """Return the programme with a note of the organisers' on every row that has a number."""
    programme = evening.before.forked(path)
    for enrolment in programme.snapshot().register:
        if enrolment.damage is None:
            row = programme.enrolment_row(enrolment.number)
            programme.put_in("enrolments", row, "note", f"note {enrolment.number}")
    return programme


def _standings(programme: Programme) -> list[list[object]]:
    told = ("number", "person", "first_name", "email", "cohort", "status", "rank", "hold", "note")
    rows = [row for row in programme.rows("enrolments") if row["number"] is not None]
    return [[row[key] for key in told] for row in sorted(rows, key=lambda row: row["number"])]


def _calm(evening: Evening, index: int, path: Path) -> Programme:
    programme = _with_notes(evening, path)
    programme.night(at=night_of(index))
    return programme


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
@pytest.mark.parametrize("sheet_id", _TABS)
@pytest.mark.parametrize("index", _NIGHTS)
def test_a_column_inserted_meanwhile_stays_empty_and_costs_nobody_a_cell(  # noqa: PLR0917 - each moment, each deed
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
    sheet_id: int,
    index: int,
) -> None:
    calm = _calm(evenings[index], index, tmp_path / "calm.db")
    programme = _with_notes(evenings[index], tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    night = _night(programme, index, call, insert(sheet_id, "COLUMNS", 0))

    assert night.receipt is not None
    assert not night.receipt.misplaced
    assert programme.state() == calm.state()
    inserted = {row[0] for row in programme.grids()[sheet_id] if row}
    assert inserted <= {""}
    assert programme.night(at=night_of(index), event="apply").plan.empty


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
@pytest.mark.parametrize(
    "deed",
    [
        move(_REGISTER, "COLUMNS", 19, 2),
        move(_REGISTER, "COLUMNS", 9, 16),
        move(COHORTS.sheet_id, "COLUMNS", 14, 0),
        rename(_REGISTER, "Les gens"),
        rename(JOURNAL.sheet_id, "Historique", hidden=True),
    ],
    ids=["a note's column", "our column", "paused", "the register", "the journal"],
)
def test_a_column_moved_or_a_tab_renamed_meanwhile_changes_nothing(  # noqa: PLR0917 - each moment, each deed
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
    deed: dict[str, Any],
) -> None:
    calm = _calm(evenings[1], 1, tmp_path / "calm.db")
    programme = _with_notes(evenings[1], tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    _night(programme, 1, call, deed)

    assert programme.state() == calm.state()


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
@pytest.mark.parametrize(
    "deed",
    [
        sort_rows(_REGISTER, 0, last_row=12),
        insert(_REGISTER, "ROWS", 1),
        insert(_REGISTER, "ROWS", 4),
        sort_rows(COHORTS.sheet_id, 0, last_row=3),
        insert(COHORTS.sheet_id, "ROWS", 1),
        sort_rows(JOURNAL.sheet_id, 2, last_row=90),
    ],
    ids=["sorted", "first row", "row", "cohorts sorted", "cohorts row", "journal"],
)
@pytest.mark.parametrize("index", _NIGHTS)
def test_rows_sorted_or_inserted_meanwhile_cost_nobody_their_place_nor_their_note(  # noqa: PLR0917 - each moment, each deed
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
    deed: dict[str, Any],
    index: int,
) -> None:
    calm = _calm(evenings[index], index, tmp_path / "calm.db")
    programme = _with_notes(evenings[index], tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    night = _night(programme, index, call, deed)
    programme.night(at=night_of(index))

    assert night.receipt is not None
    assert not night.receipt.misplaced
    assert _standings(programme) == _standings(calm)
    figures = ("code", "places", "paused", "confirmed", "offered", "waiting", "free")
    cohorts = {row["code"]: [row[key] for key in figures] for row in programme.rows("cohorts")}
    # Figures that were written into the inserted row went from there.
    assert not any(cohorts.pop(None, []))
    assert cohorts == {row["code"]: [row[key] for key in figures] for row in calm.rows("cohorts")}


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
@pytest.mark.parametrize("row", [1, 2, 5])
def test_a_row_deleted_meanwhile_comes_back_but_for_what_organisers_wrote_on_it(  # noqa: PLR0917 - each moment, each deed
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
    row: int,
) -> None:
    calm = _calm(evenings[1], 1, tmp_path / "calm.db")
    programme = _with_notes(evenings[1], tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    _night(programme, 1, call, delete(_REGISTER, "ROWS", row))
    programme.night(at=night_of(1))

    found, meant = _standings(programme), _standings(calm)
    assert [line[:-1] for line in found] == [line[:-1] for line in meant]
    lost = [one for one, other in zip(found, meant, strict=True) if one[-1] != other[-1]]
    assert [line[-1] for line in lost] == [None]


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
def test_a_decision_typed_meanwhile_is_kept_and_acts_at_the_latest_the_night_after(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
) -> None:
    programme = evenings[1].before.forked(tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    def decide(number: int, _request: PreparedRequest) -> None:
        if number == call:
            row = programme.enrolment_row(4)
            programme.put_in("enrolments", row, "decision", "Désister")

    programme.night(at=night_of(1), faults=FaultPlan(on_call=decide))
    programme.night(at=night_of(1))

    row = next(row for row in programme.rows("enrolments") if row["number"] == 4)
    assert (row["status"], row["decision"]) == ("withdrawn", "withdraw")


@pytest.mark.parametrize(("call", "limit"), _MOMENTS)
@pytest.mark.parametrize("places", [0, 9])
def test_a_cap_changed_meanwhile_is_kept_and_counts_at_the_latest_the_night_after(  # noqa: PLR0917 - each moment, each deed
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    call: int,
    limit: int,
    places: int,
) -> None:
    programme = evenings[1].before.forked(tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)

    def change(number: int, _request: PreparedRequest) -> None:
        if number == call:
            programme.put_in("cohorts", 1, "places", places)

    programme.night(at=night_of(1), faults=FaultPlan(on_call=change))
    night = programme.night(at=night_of(1))

    first = programme.rows("cohorts")[0]
    seats = dict(night.plan.seats)["C1"]
    assert first["places"] == places
    assert first["free"] == seats.free == places - (seats.confirmed or 0) - (seats.offered or 0)


@pytest.mark.parametrize("call", [_BEFORE_WRITE, _AFTER_WRITE])
def test_a_column_of_ours_deleted_meanwhile_is_made_again_and_takes_no_cell_of_theirs(
    tmp_path: Path, evenings: list[Evening], call: int
) -> None:
    calm = _calm(evenings[1], 1, tmp_path / "calm.db")
    programme = _with_notes(evenings[1], tmp_path / "programme.db")

    _night(programme, 1, call, delete(_REGISTER, "COLUMNS", 3))
    programme.night(at=night_of(1))

    assert _standings(programme) == _standings(calm)


def test_a_column_inserted_while_rows_are_sorted_may_leave_a_cell_of_ours_in_theirs(
    tmp_path: Path, evenings: list[Evening]
) -> None:
    """What remains possible: nothing tells where our cells are, so they are not looked for."""
    calm = _calm(evenings[1], 1, tmp_path / "calm.db")
    programme = _with_notes(evenings[1], tmp_path / "programme.db")
    deeds = (insert(_REGISTER, "COLUMNS", 0), sort_rows(_REGISTER, 1, last_row=12))

    _night(programme, 1, _BEFORE_WRITE, *deeds)
    programme.night(at=night_of(1))

    assert [line[:-1] for line in _standings(programme)] == [line[:-1] for line in _standings(calm)]


def test_meetings_that_are_sorted_meanwhile_keep_their_numbers_and_what_was_told_of_them(
    tmp_path: Path,
) -> None:
    programme = begin(tmp_path)
    meetings = [("C1", "2023-03-01", "", "", "b"), ("C2", "2023-03-02", "", "", "a")]
    programme.organise([], meetings)
    calm = programme.forked(tmp_path / "calm.db")
    calm.night(at=night_of(0))
    theme = _theme_column(programme)
    down, up = (
        sort_rows(MEETINGS.sheet_id, theme, last_row=4, descending=d) for d in (True, False)
    )

    _night(programme, 0, _BEFORE_WRITE, up)
    first = _meetings(programme)
    for each in (programme, calm):
        each.put_in("meetings", _row_of(each, "b"), "date", 45000)
    _night(programme, 1, _BEFORE_WRITE, down)
    calm.night(at=night_of(1))

    assert [meeting[0] for meeting in first] == [1, 2, 3]
    assert _meetings(programme) == _meetings(calm)
    assert programme.night(at=night_of(1), event="apply").plan.empty


def _meetings(programme: Programme) -> list[tuple[object, ...]]:
    """Return what is known of the meetings, in the order of their numbers."""
    found = [(m.number, m.theme, m.sequence, m.told) for m in programme.snapshot().meetings]
    return sorted(found, key=str)


def _theme_column(programme: Programme) -> int:
    return programme.snapshot().standings["meetings"].columns["theme"]


def _row_of(programme: Programme, theme: str) -> int:
    return next(m.row - 1 for m in programme.snapshot().meetings if m.theme == theme)
