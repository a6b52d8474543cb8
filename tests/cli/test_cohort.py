"""A cohort that follows another, prepared in the workbook: once, whole, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from automation.cli import main
from automation.core.succession import Start
from automation.errors import ConflictError
from automation.google.retries import ONCE, Retries
from automation.local import Fault, FaultPlan
from automation.locale import typeset
from automation.starting import start_cohort
from automation.workbook.guards import make_guard
from automation.workbook.reader import read_snapshot
from tests.programme import NOW, TAB, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from tests.programme import Programme

_AT = "2023-01-11T02:00"
_START = ("cohort", "start", "C2", "--from", "c1", "--opens", "2023-08-21 08:00")
_WRITE = 5
"""Number of the call that writes: after two that read the workbook, and two the former's row."""


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = small_programme(tmp_path)
    config = (
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        f'[responses]\ntabs = ["{TAB}"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n'
    )
    (tmp_path / "cohorte.toml").write_text(config, "utf-8")
    made.night()
    return made


def _run(programme: Programme, *words: str, stdin: str | None = None) -> Result:
    config = programme.path.with_name("cohorte.toml")
    return CliRunner().invoke(main, ["--config", str(config), "--at", _AT, *words], input=stdin)


def _begin(
    programme: Programme,
    faults: FaultPlan | None = None,
    retries: Retries = ONCE,
    token: str = "cccc",
) -> bool:
    """Start the second cohort, without a terminal."""
    opens = datetime(2023, 8, 21, 8)  # noqa: DTZ001 - a wall clock
    with programme.session(faults, retries) as http:
        return start_cohort(
            http,
            programme.config,
            Start(code="C2", former="C1", opens=opens),
            programme.config.rules,
            moment=lambda _: NOW,
            token=token,
        )


def _codes(programme: Programme) -> list[object]:
    return [row["code"] for row in programme.rows("cohorts")]


def _started(programme: Programme) -> list[dict[str, Any]]:
    return [row for row in programme.rows("journal") if row["event"] == "started"]


def test_a_started_cohort_takes_what_the_former_has_and_no_more(programme: Programme) -> None:
    programme.type_in("Cohortes", "G2", 1)
    programme.type_in("Cohortes", "H2", "CDC")
    programme.type_in("Cohortes", "I2", 44940)
    programme.type_in("Cohortes", "K2", "48")
    programme.type_in("Cohortes", "L2", 44940)
    programme.type_in("Cohortes", "N2", 4)
    programme.type_in("Cohortes", "O2", value=True)

    result = _run(programme, *_START, "--closes", "2023-09-08", "--yes")

    assert result.exit_code == 0
    former, started = programme.rows("cohorts")
    kept = ("places", "waiting_limit", "reserved", "reserved_for", "promotion", "attestation_at")
    assert {key: started[key] for key in kept} == {key: former[key] for key in kept}
    assert started["window_hours"] == 48
    assert (started["code"], started["follows"], started["name"]) == ("C2", "C1", None)
    assert started["opens"] == "2023-08-21T08:00:00-04:00"
    assert started["closes"] == "2023-09-08T00:00:00-04:00"
    assert (started["reserved_until"], started["last_offer"]) == (None, None)
    assert started["paused"] is False


def test_places_and_a_name_may_be_given(programme: Programme) -> None:
    _run(programme, *_START, "--places", "7", "--name", "  Deuxième  cohorte ", "--yes")

    started = programme.rows("cohorts")[1]
    assert (started["places"], started["name"]) == (7, "Deuxième cohorte")


def test_the_former_meetings_are_copied_to_the_new_days(programme: Programme) -> None:
    programme.organise([], [("C1", "2023-01-30", "18:30", "21:00", "Saisir les occasions")])

    result = _run(programme, *_START, "--first-meeting", "2023-09-18", "--yes")
    programme.night(at=NOW + timedelta(days=2))

    assert "lun. 18 sept. 2023" in result.stdout
    meetings = [row for row in programme.rows("meetings") if row["cohort"] == "C2"]
    assert [(m["date"], m["start"], m["end"], m["state"]) for m in meetings] == [
        ("2023-09-18", "18:30", "21:00", "planned"),
        ("2023-10-02", "18:30", "21:00", "planned"),
    ]
    assert [m["number"] for m in meetings] == [3, 4]


def test_it_says_who_was_left_waiting_and_asks(programme: Programme) -> None:
    declined = _run(programme, *_START, stdin="non\n")
    accepted = _run(programme, *_START, stdin="oui\n")

    assert typeset("En attente dans C1 : 2.") in declined.stdout
    assert (declined.exit_code, accepted.exit_code) == (0, 0)
    assert _codes(programme) == ["C1", "C2"]
    assert len(_started(programme)) == 1


def test_without_anybody_to_ask_nothing_is_written(programme: Programme) -> None:
    result = _run(programme, *_START, stdin="")

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert _codes(programme) == ["C1"]


def test_starting_it_twice_does_not_double_it(programme: Programme) -> None:
    _run(programme, *_START, "--yes")

    again = _run(programme, *_START, "--yes")

    assert again.exit_code == 2
    assert "C2" in again.stderr
    assert _codes(programme) == ["C1", "C2"]


@pytest.mark.parametrize(
    "words",
    [
        ("--opens", "bientôt"),
        ("--opens", "0001-01-01"),
        ("--closes", "2023-02-30"),
        ("--closes", "2022-01-01"),
        ("--first-meeting", "lundi"),
        ("--from", "C7"),
    ],
)
def test_a_start_that_can_not_be_is_wrong_usage_and_writes_nothing(
    programme: Programme, words: tuple[str, ...]
) -> None:
    result = _run(programme, *_START, *words, "--yes")

    assert result.exit_code == 2
    assert "→" in result.stderr
    assert _codes(programme) == ["C1"]


def test_before_the_first_night_the_tabs_have_to_be_made(tmp_path: Path) -> None:
    fresh = small_programme(tmp_path)

    with pytest.raises(Exception, match="tab_not_made"):
        _begin(fresh)


def test_without_the_column_that_says_whom_it_follows_nothing_is_written(
    programme: Programme,
) -> None:
    programme.type_in("Cohortes", "M1", "Autre chose")

    result = _run(programme, *_START, "--yes")

    assert result.exit_code == 65
    assert "Suite de" in result.stderr
    assert _codes(programme) == ["C1"]


def test_columns_that_were_moved_are_found(programme: Programme) -> None:
    source = {"sheetId": 7101, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    programme.ask({"moveDimension": {"source": source, "destinationIndex": 5}})

    _run(programme, *_START, "--yes")

    assert [(row["code"], row["follows"]) for row in programme.rows("cohorts")] == [
        ("C1", None),
        ("C2", "C1"),
    ]


def test_the_next_night_finds_all_in_order_and_its_last_night_where_it_was(
    programme: Programme,
) -> None:
    with programme.session() as http:
        before = read_snapshot(http, programme.config)
    _run(programme, *_START, "--yes")

    with programme.session() as http:
        after = read_snapshot(http, programme.config)
    night = programme.night(at=NOW + timedelta(days=2))

    assert after.last_night == before.last_night
    assert after.told_revision == after.revision == before.revision + 1
    assert night.obstacle is None
    assert dict(night.plan.seats)["C2"].free == 3


@pytest.mark.parametrize("call", [3, 4, _WRITE])
def test_of_two_starts_at_once_one_succeeds(programme: Programme, call: int) -> None:
    def other(number: int, _request: PreparedRequest) -> None:
        if number == call:
            _begin(programme, token="dddd")

    with pytest.raises(ConflictError):
        _begin(programme, FaultPlan(on_call=other))

    assert _codes(programme) == ["C1", "C2"]
    assert len(_started(programme)) == 1


@pytest.mark.parametrize(
    "fault", [Fault.TIMEOUT_AFTER, Fault.CUT, Fault.TIMEOUT_BEFORE, Fault.UNAVAILABLE_AFTER]
)
def test_a_lost_answer_is_settled_and_the_row_is_written_once(
    programme: Programme, fault: Fault
) -> None:
    waits: list[float] = []
    patient = Retries(sleep=waits.append, clock=lambda: sum(waits), jitter=lambda: 0.5)

    written = _begin(programme, FaultPlan(at={_WRITE: fault}), patient)

    assert written
    assert _codes(programme) == ["C1", "C2"]
    assert len(_started(programme)) == 1


def test_a_run_that_is_under_way_is_let_finish(programme: Programme) -> None:
    with programme.session() as http:
        revision = read_snapshot(http, programme.config).revision
    until = datetime(2023, 1, 11, 7, 10, tzinfo=UTC)
    programme.ask(make_guard(revision + 1, "20230111T065500Z-zzzz", until))

    result = _run(programme, *_START, "--yes")

    assert result.exit_code == 75
    assert _codes(programme) == ["C1"]


def test_a_copy_is_left_alone(programme: Programme) -> None:
    copy = programme.copied()

    with pytest.raises(Exception, match="copied"):
        _begin(copy)

    assert _codes(copy) == ["C1"]


def test_those_left_waiting_come_first_in_the_cohort_that_follows(programme: Programme) -> None:
    _run(programme, *_START, "--places", "1", "--yes")
    programme.answer(
        ("2023-08-21 09:00:00", "Zoé", "Lord", "zoe@example.com", "418 555-0199", ""),
        ("2023-08-21 10:00:00", "Guy", "Roy", "guy@example.com", "418 555-0104", "d"),
    )
    programme.type_in("Cohortes", "F2", 44936)

    programme.night(at=datetime(2023, 8, 22, 6, tzinfo=UTC))

    theirs = {
        r["last_name"]: r["status"] for r in programme.rows("enrolments") if r["cohort"] == "C2"
    }
    assert theirs == {"Lord": "waiting", "Roy": "confirmed"}
