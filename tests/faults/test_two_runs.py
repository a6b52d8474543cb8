"""Of two runs at once, one succeeds and the other leaves no trace and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from automation.errors import ConflictError
from automation.local import FaultPlan
from tests.programme import small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from tests.programme import Programme


def _other_run_before(programme: Programme, call: int) -> FaultPlan:
    def hook(number: int, _request: PreparedRequest) -> None:
        if number == call:
            programme.night(token="bbbb")

    return FaultPlan(on_call=hook)


@pytest.mark.parametrize("call", [2, 3])
def test_the_run_that_writes_second_leaves_no_trace_and_says_so(tmp_path: Path, call: int) -> None:
    programme = small_programme(tmp_path)

    with pytest.raises(ConflictError) as raised:
        programme.night(faults=_other_run_before(programme, call))

    assert raised.value.exit_code == 75
    journal = programme.rows("journal")
    assert {str(row["run"])[-4:] for row in journal} == {"bbbb"}
    assert len(programme.rows("enrolments")) == 6


@pytest.mark.parametrize("call", [1, 4])
def test_runs_that_do_not_overlap_in_their_work_both_succeed(tmp_path: Path, call: int) -> None:
    programme = small_programme(tmp_path)

    programme.night(faults=_other_run_before(programme, call))

    numbers = [row["number"] for row in programme.rows("enrolments")]
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert len([r for r in programme.rows("journal") if r["event"] == "transition"]) == 6
