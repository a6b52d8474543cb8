"""Faults that pass are waited out; those that stay stop the run soon, and write nothing twice."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from automation import local
from automation.errors import ConflictError, UnreachableError
from automation.google.retries import Retries
from automation.google.sheets import get_spreadsheet
from automation.local import Fault, FaultPlan
from automation.night import run_night
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from tests.programme import Programme

_WRITE = 3
"""Number of the call that writes: after the two that read."""


class Patience:
    """Waits that take no time, and pass all the same."""

    def __init__(self, seed: int = 0) -> None:
        self.waits: list[float] = []
        dice = random.Random(seed)
        self.retries = Retries(
            sleep=self.waits.append, clock=lambda: sum(self.waits), jitter=dice.random
        )

    def moment(self, _zone: object) -> datetime:
        return NOW + timedelta(seconds=sum(self.waits))


class Calls:
    """What Google was asked for, call by call."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, _number: int, request: PreparedRequest) -> None:
        self.paths.append(str(request.url).partition("?")[0])

    @property
    def writes(self) -> int:
        return sum(path.endswith(":batchUpdate") for path in self.paths)


def _news(programme: Programme) -> None:
    """Let something happen after the first night: a new answer, and an edited one."""
    programme.answer(
        ("2023-01-09 09:00:00", "Luc", "Bélanger", "luc@example.com", "418 555-0106", "f")
    )
    programme.type_in(TAB, "A3", 44936.5)
    programme.type_in(TAB, "E3", "418 555-0199")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object]:
    """What two nights leave without any fault."""
    programme = small_programme(tmp_path_factory.mktemp("calm"))
    programme.night()
    first = programme.state()
    _news(programme)
    programme.night(at=NOW + timedelta(days=1))
    return first, programme.state()


def _is_untouched(programme: Programme) -> bool:
    """Whether no run wrote anything: neither a tab nor a guard."""
    with programme.session() as http:
        about = get_spreadsheet(http, programme.config.workspace.spreadsheet or "")
    return len(about["sheets"]) == 3 and "developerMetadata" not in about


def _transitions(programme: Programme) -> int:
    return sum(row["event"] == "transition" for row in programme.rows("journal"))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("among", [*((fault,) for fault in Fault), tuple(Fault)], ids=str)
def test_nights_among_faults_end_as_calm_ones_in_one_go(
    tmp_path: Path, calm: tuple[object, object], among: tuple[Fault, ...], seed: int
) -> None:
    programme = small_programme(tmp_path)
    patience = Patience(seed)

    def faults(night: int) -> FaultPlan:
        return FaultPlan(chance=0.3, among=among, seed=10 * seed + night, sleep=lambda _: None)

    programme.night(faults=faults(1), retries=patience.retries)
    first = programme.state()
    _news(programme)
    later = NOW + timedelta(days=1)
    programme.night(at=later, faults=faults(2), retries=patience.retries)

    assert (first, programme.state()) == calm
    assert len(patience.waits) <= 20


@pytest.mark.parametrize("call", [1, 2, _WRITE, _WRITE + 1])
def test_retry_after_is_waited_exactly(tmp_path: Path, call: int) -> None:
    programme = small_programme(tmp_path)
    patience = Patience()
    faults = FaultPlan(at={call: Fault.RATE_LIMIT_RETRY_AFTER}, retry_after=37)

    programme.night(faults=faults, retries=patience.retries)

    assert patience.waits == [37]


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.UNAVAILABLE_BEFORE, Fault.BAD_GATEWAY])
def test_what_never_passes_stops_the_run_soon_with_nothing_written(
    tmp_path: Path, fault: Fault
) -> None:
    programme = small_programme(tmp_path)
    patience, calls = Patience(), Calls()
    faults = FaultPlan(chance=1, among=(fault,), on_call=calls)

    with pytest.raises(UnreachableError) as raised:
        programme.night(faults=faults, retries=patience.retries)

    assert raised.value.exit_code == 69
    assert len(calls.paths) == patience.retries.attempts
    assert _is_untouched(programme)


@pytest.mark.parametrize(
    ("fault", "writes"), [(Fault.RATE_LIMIT, 8), (Fault.UNAVAILABLE_BEFORE, 1)]
)
def test_what_never_passes_from_the_write_on_stops_it_soon_too(
    tmp_path: Path, fault: Fault, writes: int
) -> None:
    programme = small_programme(tmp_path)
    patience, calls = Patience(), Calls()
    faults = FaultPlan(at=dict.fromkeys(range(_WRITE, 99), fault), on_call=calls)

    with pytest.raises(UnreachableError) as raised:
        programme.night(faults=faults, retries=patience.retries)

    assert raised.value.exit_code == 69
    # An unknown write is not sent again before its guard was looked for.
    assert calls.writes == writes
    assert len(calls.paths) <= 2 + 1 + patience.retries.attempts
    assert _is_untouched(programme)


def test_a_write_that_never_arrives_is_sent_a_bounded_number_of_times(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    patience, calls = Patience(), Calls()
    # Each write is lost, and each look at its guard succeeds.
    faults = FaultPlan(at=dict.fromkeys(range(_WRITE, 99, 2), Fault.DROPPED_BEFORE), on_call=calls)

    with pytest.raises(UnreachableError):
        programme.night(faults=faults, retries=patience.retries)

    assert calls.writes == patience.retries.attempts
    assert sum(patience.waits) <= patience.retries.patience
    assert _is_untouched(programme)


def test_a_write_whose_answer_is_lost_three_times_is_applied_once(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    patience, calls = Patience(), Calls()
    lost = {3: Fault.TIMEOUT_BEFORE, 5: Fault.DROPPED_BEFORE, 7: Fault.UNAVAILABLE_AFTER}

    night = programme.night(faults=FaultPlan(at=lost, on_call=calls), retries=patience.retries)

    assert night.receipt is not None
    assert (calls.writes, night.receipt.revision) == (3, 1)
    assert _transitions(programme) == 6


def test_a_write_that_arrives_late_is_not_applied_again(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    patience = Patience()
    sent: list[PreparedRequest] = []

    def deliver_late(number: int, request: PreparedRequest) -> None:
        if number == _WRITE:
            sent.append(request.copy())
        if number == _WRITE + 2:  # after the guard was looked for, and before the second try
            with local.session(programme.path) as other:
                assert other.send(sent[0]).ok

    faults = FaultPlan(at={_WRITE: Fault.TIMEOUT_BEFORE}, on_call=deliver_late)

    night = programme.night(faults=faults, retries=patience.retries)

    assert night.receipt is not None
    assert night.receipt.misplaced == ()
    assert _transitions(programme) == 6


def test_a_run_that_another_one_overtook_while_it_waited_leaves_no_trace(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    patience = Patience()

    def overtake(number: int, _request: PreparedRequest) -> None:
        if number == _WRITE + 1:
            programme.night(token="bbbb")

    faults = FaultPlan(at={_WRITE: Fault.RATE_LIMIT}, on_call=overtake)

    with pytest.raises(ConflictError):
        programme.night(faults=faults, retries=patience.retries)

    assert {str(row["run"])[-4:] for row in programme.rows("journal")} == {"bbbb"}


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.TIMEOUT_BEFORE])
def test_a_batch_that_waited_too_long_is_not_sent_again(tmp_path: Path, fault: Fault) -> None:
    programme = small_programme(tmp_path)
    patience, calls = Patience(), Calls()
    hours = Retries(
        sleep=patience.waits.append,
        jitter=lambda: 1.0,
        first_wait=1_801,
        longest_wait=9_999,
        patience=9_999,
    )
    faults = FaultPlan(at={_WRITE: fault}, on_call=calls)

    with (
        programme.session(faults, hours) as http,
        pytest.raises(ConflictError) as raised,
    ):
        run_night(http, programme.config, event="night", moment=patience.moment, token="aaaa")

    assert raised.value.code == "too_late"
    assert calls.writes == 1
    assert _is_untouched(programme)
