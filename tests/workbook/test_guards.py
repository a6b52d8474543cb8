"""Guards: cleared when no sleeper could use them again, and refused to one that slept too long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from automation.errors import ConflictError
from automation.night import run_night
from automation.workbook.guards import make_guard
from automation.workbook.layout import GUARD_BASE
from automation.workbook.reader import read_snapshot
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from tests.programme import Programme


def _revisions(programme: Programme) -> list[int]:
    with programme.session() as http:
        return [revision for revision, _ in read_snapshot(http, programme.config).guards]


def _add_guards(programme: Programme, revisions: range, started: datetime) -> None:
    run_id = f"{started:%Y%m%dT%H%M%SZ}-zzzz"
    # Of runs that were cut off: a finished one would have told the journal.
    programme.ask(*(make_guard(revision, run_id, started) for revision in revisions))


def test_old_guards_go_and_the_newest_hundred_stay(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    _add_guards(programme, range(1, 106), NOW - timedelta(days=1))

    programme.night()

    assert _revisions(programme) == list(range(6, 107))


def test_guards_of_the_last_hour_stay_however_many_they_are(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    _add_guards(programme, range(1, 106), NOW - timedelta(minutes=59))

    programme.night()

    assert _revisions(programme) == list(range(1, 107))


def test_metadata_of_somebody_else_is_no_guard_and_stays(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    theirs = {
        "metadataId": GUARD_BASE + 500,
        "metadataKey": "theirs",
        "metadataValue": "x",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    programme.ask({"createDeveloperMetadata": {"developerMetadata": theirs}})

    programme.night()

    assert _revisions(programme) == [1]


def test_a_guard_fits_in_40_characters() -> None:
    guard = make_guard(1, "20230110T070000Z-abcd", NOW)

    value = guard["createDeveloperMetadata"]["developerMetadata"]["metadataValue"]
    assert len(value) < 40


def test_a_run_that_read_for_half_an_hour_writes_nothing(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    instants = iter([NOW, *[NOW + timedelta(minutes=31)] * 3])

    def moment(_zone: ZoneInfo) -> datetime:
        return next(instants)

    with programme.session() as http, pytest.raises(ConflictError) as raised:
        run_night(http, programme.config, event="night", moment=moment, token="aaaa")

    assert raised.value.code == "too_late"
    assert _revisions(programme) == []


def test_a_run_that_slept_for_half_an_hour_after_reading_writes_nothing(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    instants = iter([NOW, NOW, NOW, NOW + timedelta(minutes=31)])

    def moment(_zone: ZoneInfo) -> datetime:
        return next(instants)

    with programme.session() as http, pytest.raises(ConflictError) as raised:
        run_night(http, programme.config, event="night", moment=moment, token="aaaa")

    assert raised.value.code == "too_late"
    assert _revisions(programme) == []
