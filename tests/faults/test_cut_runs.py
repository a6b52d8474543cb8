"""A run that stops anywhere, and then runs again, ends where a calm one would have."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pytest

from automation.errors import CohorteError
from automation.local import Fault, FaultPlan
from automation.workbook.batches import PAYLOAD_LIMIT
from automation.workbook.layout import enrolment_tab
from tests.deeds import insert, sort_rows
from tests.faults.story import STORY, live_through, night_of
from tests.programme import (
    NOW,
    ProcessDiedError,
    Programme,
    die_at,
    new_programme,
    small_programme,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from requests import PreparedRequest

    from tests.faults.story import Evening

_REGISTER = enrolment_tab().sheet_id
_LATER = timedelta(minutes=20)
"""After the lease of a run that was cut off between two batches."""

_SMALL = 4_000
"""Bytes: a batch for about every enrolment."""


@pytest.mark.parametrize(
    ("limit", "applied"),
    # To the workbook a cut after a call is one before the next.
    [(PAYLOAD_LIMIT, False), (PAYLOAD_LIMIT, True), (_SMALL, False)],
    ids=["one batch, before", "one batch, after", "cut batches"],
)
@pytest.mark.parametrize("index", range(len(STORY)))
def test_a_night_cut_before_or_after_any_call_ends_as_a_calm_one(  # noqa: PLR0917 - fixtures
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    index: int,
    applied: bool,
    limit: int,
) -> None:
    evening, again = evenings[index], night_of(index) + _LATER
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)
    cuts = 0

    for call in count(1):
        programme = evening.before.forked(tmp_path / f"{call}.db")
        if not _cut(programme, night_of(index), call, applied=applied):
            break
        cuts += 1
        programme.night(at=again)
        assert programme.state() == evening.after, f"cut at call {call}"

    live_through(programme, index + 1)
    assert programme.state() == evening.end
    assert cuts >= (4 if limit == PAYLOAD_LIMIT else 5)


def test_a_cut_night_gives_a_meeting_of_tomorrow_one_number_and_one_roll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = new_programme(tmp_path)
    programme.answer(("2023-01-02 09:00:00", "Ève", "Roy", "eve@example.com", "418 555-0101", "a"))
    tomorrow = ("C1", "2023-01-11", "18:30", "21:00", "Bâtir un réseau")
    programme.organise([("C1", "Première cohorte", "3", "", "offre")], [tomorrow])
    calm = programme.forked(tmp_path / "calm.db")
    calm.night()
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", _SMALL)

    for call in count(1):
        cut = programme.forked(tmp_path / f"{call}.db")
        if not _cut(cut, NOW, call):
            break
        cut.night(at=NOW + _LATER)
        assert cut.state() == calm.state(), f"cut at call {call}"

    assert set(calm.snapshot().rolls) == {1}
    assert call >= 5


@pytest.mark.parametrize("index", range(len(STORY)))
def test_a_night_cut_at_every_call_of_every_try_ends_as_a_calm_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evenings: list[Evening], index: int
) -> None:
    programme = evenings[index].before.forked(tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", _SMALL)
    tries = 0

    # Each try writes one batch more than the last, and dies.
    while _cut(programme, night_of(index) + tries * _LATER, 4):
        tries += 1

    assert programme.state() == evenings[index].after
    assert tries >= 2


def _cut(programme: Programme, at: datetime, call: int, *, applied: bool = False) -> bool:
    """Let a night die at a call; tell whether it came so far."""
    try:
        programme.night(at=at, faults=die_at(programme, call, applied=applied))
    except ProcessDiedError:
        return True
    return False


_SORTED = sort_rows(_REGISTER, 0, last_row=12)
_SORTED_BY_NAME = sort_rows(_REGISTER, 2, last_row=12)
_INSERTED = insert(_REGISTER, "ROWS", 1)


@pytest.mark.parametrize(
    "deed", [_SORTED, _SORTED_BY_NAME, _INSERTED], ids=["sorted", "by name", "row"]
)
@pytest.mark.parametrize("index", range(1, len(STORY)))
def test_putting_right_what_was_sorted_meanwhile_may_be_cut_at_any_call(
    tmp_path: Path, evenings: list[Evening], index: int, deed: dict[str, Any]
) -> None:
    evening = evenings[index]

    for call in count(3):
        programme = evening.before.forked(tmp_path / f"{call}.db")
        dying = die_at(programme, call)
        try:
            programme.night(at=night_of(index), faults=_meanwhile(programme, deed, dying))
        except ProcessDiedError:
            programme.night(at=night_of(index) + _LATER)
            assert _standings(programme.state()) == _standings(evening.after), f"call {call}"
        else:
            break

    assert _standings(programme.state()) == _standings(evening.after)


def _meanwhile(programme: Programme, deed: dict[str, Any], then: FaultPlan) -> FaultPlan:
    """Let an organiser do something between the reads and the write of a night."""

    def hook(number: int, request: PreparedRequest) -> None:
        if number == 3:
            programme.ask(deed)
        then.on_call(number, request)

    return FaultPlan(on_call=hook)


def _standings(state: Any) -> list[list[object]]:
    """Return what everybody's standing is, in the order of their numbers; not who was told what."""
    told = ("number", "person", "first_name", "email", "phone", "cohort", "status", "rank", "hold")
    rows = [row for row in state["enrolments"] if row["number"] is not None]
    rows.sort(key=itemgetter("number"))
    return [[row[key] for key in (*told, "deadline", "queued_at", "merged_into")] for row in rows]


@pytest.fixture(scope="module")
def calm_state(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What a first night leaves without any fault."""
    programme = small_programme(tmp_path_factory.mktemp("small"))
    programme.night()
    return programme.state()


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_whatever_goes_wrong_with_a_call_the_next_run_puts_right(
    tmp_path: Path, calm_state: object, fault: Fault, call: int
) -> None:
    programme = small_programme(tmp_path)
    faults = FaultPlan(at={call: fault}, sleep=lambda _: None)

    try:
        programme.night(faults=faults)
    except CohorteError as error:
        assert error.exit_code == 69  # noqa: PT017 - a fault need not stop the run
    programme.night(at=NOW + _LATER)

    assert programme.state() == calm_state


@pytest.mark.parametrize(
    "fault", [Fault.TIMEOUT_AFTER, Fault.DROPPED_AFTER, Fault.UNAVAILABLE_AFTER, Fault.CUT]
)
def test_a_write_whose_answer_is_lost_is_recognised_by_its_guard(
    tmp_path: Path, fault: Fault
) -> None:
    programme = small_programme(tmp_path)

    night = programme.night(faults=FaultPlan(at={3: fault}))

    assert night.receipt is not None
    assert night.receipt.misplaced == ()
    assert len([r for r in programme.rows("journal") if r["event"] == "transition"]) == 6


def test_a_run_cut_between_batches_keeps_others_out_until_its_lease_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = small_programme(tmp_path)
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", 4_000)
    with pytest.raises(ProcessDiedError):
        programme.night(faults=die_at(programme, 6))

    with pytest.raises(CohorteError) as raised:
        programme.night(at=NOW + timedelta(minutes=14))
    programme.night(at=NOW + timedelta(minutes=16))

    assert raised.value.exit_code == 75
    assert len(programme.rows("enrolments")) == 6
