"""Doublons on the real workbook: suggested, settled, put right, and never doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from automation.workbook.layout import DUPLICATES, JOURNAL
from tests.deeds import sort_rows
from tests.programme import NOW, Programme, new_programme

if TYPE_CHECKING:
    from pathlib import Path

_VERDICT = [column.key for column in DUPLICATES.columns].index("verdict")
_EVE = ("2023-01-02 09:00:00", "Ève", "Roy", "eve.roy@example.com", "418 555-0101", "a")
_AGAIN = ("2023-01-02 11:00:00", "Ève", "Roy", "eve.roi@example.com", "418 555-0101", "a")
_LUC = ("2023-01-02 10:00:00", "Luc", "Caron", "luc@example.com", "418 555-0102", "b")
_BACK = ("2023-01-03 10:00:00", "Luc", "Caron", "luc@example.org", "418 555-0102", "b")


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    made = new_programme(tmp_path)
    made.answer(_EVE, _LUC, _AGAIN, _BACK)
    made.organise([("C1", "Première cohorte", "5", "", "automatique")], [])
    made.night()
    return made


def _say(programme: Programme, a: int, b: int, word: str) -> None:
    pairs = [(row["a"], row["b"]) for row in programme.rows("duplicates")]
    letter = chr(ord("A") + _VERDICT)
    programme.type_in("Doublons", f"{letter}{pairs.index((a, b)) + 2}", word)


def _status(programme: Programme) -> dict[int, str]:
    return {row["number"]: row["status"] for row in programme.rows("enrolments")}


def _night(programme: Programme, day: int) -> Any:
    return programme.night(at=NOW + timedelta(days=day))


def test_likely_duplicates_are_shown_side_by_side_with_the_reason(programme: Programme) -> None:
    rows = programme.rows("duplicates")

    assert {(row["a"], row["b"]) for row in rows} == {(1, 3), (2, 4)}
    assert all("même téléphone" in row["reason"] for row in rows)
    assert rows[0]["contact_a"] == "eve.roy@example.com · 418 555-0101"
    assert _status(programme) == {1: "confirmed", 2: "confirmed", 3: "to_review", 4: "to_review"}
    assert programme.night(event="apply").plan.empty


def test_verdicts_take_effect_the_next_night_and_settled_pairs_go_below(
    programme: Programme,
) -> None:
    first = (programme.rows("duplicates")[0]["a"], programme.rows("duplicates")[0]["b"])
    _say(programme, *first, "même personne")

    _night(programme, 1)

    assert _status(programme)[first[1]] == "merged"
    rows = programme.rows("duplicates")
    assert (rows[1]["a"], rows[1]["b"], rows[1]["verdict"]) == (*first, "same")
    assert rows[1]["settled"] == 1
    assert programme.night(at=NOW + timedelta(days=1), event="apply").plan.empty


def test_different_people_are_asked_about_once(programme: Programme) -> None:
    _say(programme, 1, 3, "personnes différentes")

    _night(programme, 1)
    programme.answer(("2023-01-12 10:00:00", "Guy", "Morin", "guy@example.com", "", ""))
    _night(programme, 2)

    assert _status(programme)[3] == "confirmed"
    assert len(programme.rows("duplicates")) == 2


def test_a_pair_whose_row_was_deleted_comes_back_with_its_verdict_remembered(
    programme: Programme,
) -> None:
    _say(programme, 1, 3, "personnes différentes")
    _night(programme, 1)
    whole = {"sheetId": DUPLICATES.sheet_id, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    programme.ask({"deleteDimension": {"range": whole}})

    _night(programme, 2)

    assert {(row["a"], row["b"]) for row in programme.rows("duplicates")} == {(1, 3), (2, 4)}
    assert _status(programme)[3] == "confirmed"
    assert _status(programme)[4] == "to_review"


def test_a_torn_pair_is_put_right_and_its_verdict_does_not_act(programme: Programme) -> None:
    _say(programme, 1, 3, "même personne")
    pairs = [(row["a"], row["b"]) for row in programme.rows("duplicates")]
    seal = chr(ord("A") + len(DUPLICATES.columns) - 1)
    programme.type_in("Doublons", f"{seal}{pairs.index((1, 3)) + 2}", "x")

    night = _night(programme, 1)

    assert night.damaged
    assert _status(programme)[3] == "to_review"
    assert not _night(programme, 2).damaged


def test_sorting_and_moving_the_rows_of_doublons_changes_nothing(programme: Programme) -> None:
    cells = {"sheetId": DUPLICATES.sheet_id, "startRowIndex": 1, "endRowIndex": 3}
    specs = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    programme.ask({"sortRange": {"range": cells, "sortSpecs": specs}})

    assert programme.night(event="apply").plan.empty


def test_merging_by_number_in_the_register(programme: Programme) -> None:
    from tests.workbook.test_organisers import _letter

    programme.type_in("Inscriptions", f"{_letter(programme, 'merge_with')}3", 1)

    _night(programme, 1)

    assert _status(programme)[2] == "merged"
    assert any(row["a"] == 1 and row["b"] == 2 for row in programme.rows("duplicates"))


def test_a_pair_that_an_organiser_named_is_told_once(programme: Programme) -> None:
    programme.put_in("enrolments", 2, "merge_with", 1)
    _night(programme, 1)

    again = programme.night(at=NOW + timedelta(days=1), event="apply")

    assert again.plan.empty


@pytest.mark.parametrize("descending", [True, False])
def test_sorting_the_journal_changes_nothing_about_pairs(
    programme: Programme, descending: bool
) -> None:
    _say(programme, 1, 3, "même personne")
    _night(programme, 1)
    programme.ask(sort_rows(JOURNAL.sheet_id, 3, last_row=40, descending=descending))

    again = programme.night(at=NOW + timedelta(days=1), event="apply")

    assert again.plan.empty


def test_a_merger_is_undone_by_the_other_verdict(programme: Programme) -> None:
    _say(programme, 1, 3, "même personne")
    _night(programme, 1)
    _say(programme, 1, 3, "personnes différentes")

    _night(programme, 2)

    assert _status(programme)[3] in {"confirmed", "waiting"}
    people = {row["number"]: row["person"] for row in programme.rows("enrolments")}
    assert people[3] == 3
    assert programme.night(at=NOW + timedelta(days=2), event="apply").plan.empty
