"""Of two runs at once, one succeeds and the other leaves no trace and says so."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from automation.errors import ConflictError
from automation.local import FaultPlan
from automation.night import run_night
from automation.workbook.batches import PAYLOAD_LIMIT
from tests.faults.story import STORY, night_of
from tests.programme import small_programme

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from requests import PreparedRequest

    from tests.faults.story import Evening
    from tests.programme import Programme

_SMALL = 4_000
"""Bytes: a batch for about every enrolment."""

_PATIENCE = 60.0
"""Seconds after which a thread that waits for the other shows that a test is wrong."""


class _Runner:
    """One run, in a thread of its own, which stops before one of its calls until it may go on.

    Attributes:
        calls: How many it has made.
        conflict: How it ended, None for well.
    """

    def __init__(self, programme: Programme, token: str, at: Callable[[], datetime]) -> None:
        self.calls = 0
        self.conflict: ConflictError | None = None
        self.failure: BaseException | None = None
        self._stop_before = 0
        self._stands, self._may_go = Event(), Event()
        self._programme, self._token, self._at = programme, token, at
        self._thread = Thread(target=self._run)

    def begin(self, stop_before: int) -> None:
        """Run until before that call, or to the end if it comes first."""
        self._stop_before = stop_before
        self._thread.start()
        assert self._stands.wait(_PATIENCE)

    def finish(self) -> None:
        """Go on to the end."""
        self._may_go.set()
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            with self._programme.session(FaultPlan(on_call=self._count)) as http:
                run_night(
                    http,
                    self._programme.config,
                    event="night",
                    moment=lambda _: self._at(),
                    token=self._token,
                )
        except ConflictError as error:
            self.conflict = error
        except BaseException as error:  # noqa: BLE001 - it is raised again where the test can see it
            self.failure = error
        self._stands.set()

    def _count(self, number: int, _request: PreparedRequest) -> None:
        self.calls = number
        if number == self._stop_before:
            self._stands.set()
            assert self._may_go.wait(_PATIENCE)


def _interleave(programme: Programme, at: datetime, i: int, j: int) -> tuple[_Runner, _Runner]:
    """Let A run until before its call i, B until before its call j, then A to its end, then B."""
    a, b = _Runner(programme, "aaaa", lambda: at), _Runner(programme, "bbbb", lambda: at)
    a.begin(i)
    b.begin(j)
    a.finish()
    b.finish()
    return a, b


def _tokens(programme: Programme) -> set[str]:
    """Return whose lines the journal holds."""
    return {str(row["run"])[-4:] for row in programme.rows("journal")}


@pytest.mark.parametrize(
    ("index", "limit"),
    [*((index, PAYLOAD_LIMIT) for index in range(len(STORY))), (1, _SMALL), (5, _SMALL)],
)
def test_two_runs_interleaved_at_any_two_calls_leave_what_one_would_have(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evenings: list[Evening],
    index: int,
    limit: int,
) -> None:
    evening, at = evenings[index], night_of(index)
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", limit)
    alone = evening.before.forked(tmp_path / "alone.db")
    calls, _ = _interleave(alone, at, 99, 1)
    before = _tokens(evening.before) if index else set()

    for i in range(1, calls.calls + 2):
        for j in range(1, calls.calls + 2):
            programme = evening.before.forked(tmp_path / f"{i}-{j}.db")
            a, b = _interleave(programme, at, i, j)

            losers = [name for name, run in (("aaaa", a), ("bbbb", b)) if run.conflict]
            assert len(losers) <= 1, (i, j)
            assert not (set(losers) & (_tokens(programme) - before)), (i, j)
            assert programme.state() == evening.after, (i, j)


def test_two_runs_that_have_both_read_never_both_write(
    tmp_path: Path, evenings: list[Evening]
) -> None:
    programme = evenings[1].before.forked(tmp_path / "programme.db")

    a, b = _interleave(programme, night_of(1), 3, 3)

    assert a.conflict is None
    assert b.conflict is not None
    assert b.conflict.exit_code == 75
    assert b.conflict.code == "conflict"


def test_a_run_that_finds_a_lease_says_until_when_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evenings: list[Evening]
) -> None:
    programme = evenings[1].before.forked(tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", _SMALL)
    a = _Runner(programme, "aaaa", lambda: night_of(1))
    b = _Runner(programme, "bbbb", lambda: night_of(1))
    a.begin(4)
    picture = programme.picture()

    b.begin(99)

    assert b.conflict is not None
    assert (b.conflict.code, b.conflict.exit_code) == ("lease", 75)
    assert programme.picture() == picture
    a.finish()
    assert programme.state() == evenings[1].after


@pytest.mark.parametrize("minutes", [16, 29, 31, 600])
def test_a_run_that_slept_longer_than_its_lease_leaves_the_rest_to_the_one_that_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evenings: list[Evening], minutes: int
) -> None:
    programme = evenings[1].before.forked(tmp_path / "programme.db")
    monkeypatch.setattr("automation.workbook.writer.PAYLOAD_LIMIT", _SMALL)
    clock = [night_of(1)]
    a = _Runner(programme, "aaaa", lambda: clock[0])
    a.begin(4)
    clock[0] += timedelta(minutes=minutes)
    b = _Runner(programme, "bbbb", lambda: clock[0])
    b.begin(99)
    state = programme.state()

    a.finish()

    assert b.conflict is None
    assert a.conflict is not None
    assert programme.state() == state == evenings[1].after


@pytest.mark.parametrize("call", [1, 4])
def test_runs_that_do_not_overlap_in_their_work_both_succeed(tmp_path: Path, call: int) -> None:
    programme = small_programme(tmp_path)

    def let_in(number: int, _request: PreparedRequest) -> None:
        if number == call:
            programme.night(token="bbbb")

    programme.night(faults=FaultPlan(on_call=let_in))

    assert [row["number"] for row in programme.rows("enrolments")] == [1, 2, 3, 4, 5, 6]
    assert len([r for r in programme.rows("journal") if r["event"] == "transition"]) == 6
