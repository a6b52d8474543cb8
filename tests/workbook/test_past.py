"""The latest runs, as the journal tells them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from automation.workbook.past import list_runs
from tests.programme import NOW, new_programme, small_programme, with_mail

if TYPE_CHECKING:
    from pathlib import Path


def test_the_latest_runs_come_last_one_first_with_what_they_did(tmp_path: Path) -> None:
    programme = with_mail(small_programme(tmp_path))
    programme.night(token="aaaa")
    programme.night(at=NOW + timedelta(days=1), token="bbbb")
    programme.answer(("2023-01-11 09:00:00", "Luc", "Roy", "luc@example.com", "", ""))
    programme.night(at=NOW + timedelta(days=2), event="apply", token="cccc")

    runs = list_runs(programme.snapshot(), 7)

    assert [(run.kind, run.at, run.transitions) for run in runs] == [
        ("apply", NOW + timedelta(days=2), 1),
        ("night", NOW + timedelta(days=1), 0),
        ("night", NOW, 6),
    ]
    assert [run.run_id[-4:] for run in runs] == ["cccc", "bbbb", "aaaa"]
    sent = len(list((tmp_path / "courriels").glob("*.eml")))
    assert sum(run.mails for run in runs) == sent > 0


def test_a_sorted_journal_tells_the_same_and_no_more_than_asked_for(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    for day in range(4):
        programme.night(at=NOW + timedelta(days=day), token=f"aaa{day}")
    before = list_runs(programme.snapshot(), 2)
    descending = {"sortOrder": "DESCENDING", "dimensionIndex": 1}
    programme.ask(
        {
            "sortRange": {
                "range": {"sheetId": 7107, "startRowIndex": 1},
                "sortSpecs": [descending],
            }
        }
    )

    after = list_runs(programme.snapshot(), 2)

    assert after == before
    assert len(after) == 2


def test_before_the_first_night_there_is_none(tmp_path: Path) -> None:
    assert list_runs(new_programme(tmp_path).snapshot(), 7) == ()
