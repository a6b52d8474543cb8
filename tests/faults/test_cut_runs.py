"""A run that stops anywhere, and then runs again, ends where a calm one would have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from automation.errors import CohorteError
from automation.local import Fault, FaultPlan
from automation.workbook.batches import PAYLOAD_LIMIT
from tests.programme import NOW, Programme, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

_LATER = NOW + timedelta(minutes=20)
"""After the lease of a run that was cut off between two batches."""


class ProcessDiedError(BaseException):
    """The process is gone; nothing of ours may catch this."""


def _die_at(call: int) -> FaultPlan:
    def hook(number: int, _request: PreparedRequest) -> None:
        if number == call:
            raise ProcessDiedError

    return FaultPlan(on_call=hook)


def _second_news(programme: Programme) -> None:
    """Something happens after the first night: a withdrawal, an edit, a new answer."""
    decision = _cell_of(programme, "decision", 1)
    programme.type_in("Inscriptions", decision, "Désister")
    programme.type_in(tab_title="Réponses au formulaire 1", cell="A3", value=44936.5)
    programme.type_in(tab_title="Réponses au formulaire 1", cell="E3", value="418 555-0199")
    programme.answer(
        ("2023-01-09 09:00:00", "Luc", "Bélanger", "luc@example.com", "418 555-0106", "f")
    )


def _cell_of(programme: Programme, key: str, number: int) -> str:
    from automation.workbook.layout import enrolment_tab

    columns = [c.key for c in enrolment_tab(programme.config.rules.fields.extra).columns]
    numbers = [row["number"] for row in programme.rows("enrolments")]
    return f"{chr(ord('A') + columns.index(key))}{numbers.index(number) + 2}"


def _calm_states(folder: Path) -> tuple[object, object]:
    folder.mkdir()
    programme = small_programme(folder)
    programme.night()
    first = programme.state()
    _second_news(programme)
    programme.night(at=_LATER)
    return first, programme.state()


@pytest.mark.parametrize("limit", [PAYLOAD_LIMIT, 4_000], ids=["one batch", "cut batches"])
def test_a_night_cut_before_or_after_any_call_ends_as_a_calm_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    first, second = _calm_states(tmp_path / "calm")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)
    cuts = 0

    for call in range(1, 60):
        folder = tmp_path / str(call)
        folder.mkdir()
        programme = small_programme(folder)
        try:
            programme.night(faults=_die_at(call))
        except ProcessDiedError:
            cuts += 1
        programme.night(at=_LATER)
        assert programme.state() == first, f"first night cut at call {call}"
        _second_news(programme)
        try:
            programme.night(at=_LATER, faults=_die_at(call))
        except ProcessDiedError:
            cuts += 1
        else:
            break
        programme.night(at=_LATER + timedelta(minutes=20))
        assert programme.state() == second, f"second night cut at call {call}"

    assert cuts >= (8 if limit == PAYLOAD_LIMIT else 12)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_whatever_goes_wrong_with_a_call_the_next_run_puts_right(
    tmp_path: Path, fault: Fault, call: int
) -> None:
    first, _ = _calm_states(tmp_path / "calm")
    programme = small_programme(tmp_path)
    faults = FaultPlan(at={call: fault}, sleep=lambda _: None)

    try:
        programme.night(faults=faults)
    except CohorteError as error:
        assert error.exit_code == 69  # noqa: PT017 - a fault need not stop the run
    programme.night(at=_LATER)

    assert programme.state() == first


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
        programme.night(faults=_die_at(6))

    with pytest.raises(CohorteError) as raised:
        programme.night(at=NOW + timedelta(minutes=14))
    programme.night(at=NOW + timedelta(minutes=16))

    assert raised.value.exit_code == 75
    assert len(programme.rows("enrolments")) == 6
