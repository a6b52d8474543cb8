"""Organisers live in the workbook: whatever they do to it, nothing of theirs is touched."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.errors import BrakeError, WorkbookError
from automation.local import FaultPlan
from automation.workbook.layout import COHORTS, JOURNAL, MEETINGS, enrolment_tab, tabs
from tests.deeds import delete, insert, move, rename, sort_rows
from tests.programme import NOW, Programme, full_programme, new_programme, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

_REGISTER = enrolment_tab().sheet_id
_NEXT = NOW + timedelta(days=1)


def _column(programme: Programme, key: str) -> int:
    columns = enrolment_tab(programme.config.rules.fields.extra).columns
    return [column.key for column in columns].index(key)


def _letter(programme: Programme, key: str) -> str:
    index = _column(programme, key)
    return chr(ord("A") + index) if index < 26 else f"A{chr(ord('A') + index - 26)}"


_DOINGS = st.one_of(
    st.builds(sort_rows, st.just(_REGISTER), st.integers(0, 20), descending=st.booleans()),
    st.builds(insert, st.just(_REGISTER), st.just("ROWS"), st.integers(1, 7)),
    st.builds(insert, st.just(_REGISTER), st.just("COLUMNS"), st.integers(0, 20)),
    st.builds(insert, st.just(COHORTS.sheet_id), st.just("COLUMNS"), st.integers(0, 12)),
    st.builds(insert, st.just(MEETINGS.sheet_id), st.just("ROWS"), st.integers(1, 2)),
    st.builds(move, st.just(_REGISTER), st.just("COLUMNS"), st.integers(0, 9), st.integers(12, 20)),
    st.builds(
        rename,
        st.sampled_from([_REGISTER, COHORTS.sheet_id, MEETINGS.sheet_id]),
        st.sampled_from(["Les gens", "À nous !", "D3"]),
    ),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(doings=st.lists(_DOINGS, min_size=1, max_size=5, unique_by=str))
def test_sorting_inserting_moving_and_renaming_change_no_decision_and_write_nothing(
    tmp_path_factory: pytest.TempPathFactory, doings: list[Any]
) -> None:
    programme = small_programme(tmp_path_factory.mktemp("programme"))
    programme.night()
    for doing in doings:
        if doing.get("updateSheetProperties"):
            title = f"{doing['updateSheetProperties']['properties']['title']} {doings.index(doing)}"
            doing["updateSheetProperties"]["properties"]["title"] = title
        programme.ask(doing)

    night = programme.night(event="apply", at=_NEXT)

    assert night.plan.empty
    assert night.plan.problems == ()


def test_news_find_their_way_after_organisers_rearranged_everything(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.ask(
        sort_rows(_REGISTER, 0),
        insert(_REGISTER, "COLUMNS", 3),
        move(_REGISTER, "COLUMNS", 1, 12),
        insert(_REGISTER, "ROWS", 3),
        rename(_REGISTER, "Les gens"),
    )
    before = {row["number"]: row for row in programme.rows("enrolments")}
    at = next(i for i, row in enumerate(programme.rows("enrolments")) if row["number"] == 1)
    decision = _letter(programme, "decision")
    shifted = chr(ord(decision) + 1)
    programme.type_in("Les gens", f"{shifted}{at + 2 + (at >= 2)}", "Désister")
    programme.answer(("2023-01-09 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"))

    night = programme.night(at=_NEXT)

    after = {row["number"]: row for row in programme.rows("enrolments")}
    assert night.receipt is not None
    assert night.receipt.misplaced == ()
    assert after[1]["status"] == "withdrawn"
    assert after[7]["first_name"] == "Luc"
    assert after[2] == before[2]
    assert programme.night(event="apply", at=_NEXT).plan.empty


def test_what_organisers_typed_is_byte_for_byte_the_same_after_a_night(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'note')}2", " deux  espaces, =1+1 ")
    programme.type_in("Inscriptions", f"{_letter(programme, 'priority')}6", "très")
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}3", "annulé")
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}2", "Retirer")
    programme.type_in("Cohortes", "C2", 4)
    typed = programme.organisers_cells()
    programme.answer(("2023-01-09 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"))

    programme.night(at=_NEXT)

    after = programme.organisers_cells()
    assert after["cohorts"] == typed["cohorts"]
    assert after["meetings"] == typed["meetings"]
    assert after["enrolments"][: len(typed["enrolments"])] == typed["enrolments"]
    register = {row["number"]: row for row in programme.rows("enrolments")}
    assert "annulé" in register[2]["alerts"]
    assert register[2]["status"] == "confirmed"


@pytest.mark.parametrize("key", ["number", "status", "decision", "queued_at", "seal"])
def test_a_missing_required_column_stops_the_run_before_it_writes(tmp_path: Path, key: str) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.ask(delete(_REGISTER, "COLUMNS", _column(programme, key)))
    journal = programme.rows("journal")

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)

    assert raised.value.code == "missing_column"
    assert raised.value.values["tab"] == "Inscriptions"
    assert programme.rows("journal") == journal


def test_a_column_of_ours_that_can_be_made_again_is(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = {row["number"]: row["email"] for row in programme.rows("enrolments")}
    programme.ask(delete(_REGISTER, "COLUMNS", _column(programme, "email")))

    programme.night(at=_NEXT)

    assert {row["number"]: row["email"] for row in programme.rows("enrolments")} == before
    assert programme.night(event="apply", at=_NEXT).plan.empty


def test_a_torn_row_is_put_right_from_the_journal_and_its_answer(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = programme.rows("enrolments")
    programme.type_in("Inscriptions", f"{_letter(programme, 'status')}2", "Désistement")
    programme.type_in("Inscriptions", f"{_letter(programme, 'email')}2", "autre@example.com")

    night = programme.night(at=_NEXT)

    assert night.damaged
    assert [p.message.code for p in night.plan.problems] == ["problem.row_torn"]
    assert dict(night.plan.seats)["C1"].confirmed == 3
    first = programme.rows("enrolments")[0]
    told = ("status", "email", "person", "queued_at", "reason", "registered_at")
    assert [first[key] for key in told] == [before[0][key] for key in told]
    assert "rétablie" in first["alerts"]
    assert not programme.night(event="apply", at=_NEXT).damaged


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("deadline", "bientôt"),
        ("deadline", 2958464.5),
        ("registered_at", "?"),
        ("registered_at", 40000.5),
        ("queued_at", "9999-12-31T23:59:59-05:00"),
        ("queued_at", "0001-01-01T00:00:00+05:00"),
    ],
)
def test_an_instant_typed_over_tears_the_row_and_no_more(
    tmp_path: Path, key: str, typed: str | float
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = programme.rows("enrolments")
    programme.put_in("enrolments", 1, key, typed)

    programme.night(at=_NEXT)

    first = programme.rows("enrolments")[0]
    assert (first["status"], first[key]) == (before[0]["status"], before[0][key])


def test_a_line_of_the_journal_dated_at_the_end_of_time_stops_nothing(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.put_in("enrolments", 1, "status", "?")
    programme.night(at=_NEXT)
    line = [row["event"] for row in programme.rows("journal")].index("restored") + 1
    programme.put_in("journal", line, "at", 2958464.5)

    night = programme.night(at=_NEXT)

    assert not night.damaged


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("decision", "annulé"),
        ("priority", "très"),
        ("merge_with", "le 3"),
        ("offered_by_phone", "hier"),
        ("communications", "peut-être"),
        ("note", "À rappeler"),
    ],
)
def test_a_row_that_is_put_right_keeps_what_organisers_wrote_on_it(
    tmp_path: Path, key: str, typed: str
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.put_in("enrolments", 1, key, typed)
    programme.put_in("enrolments", 1, "status", "?")

    programme.night(at=_NEXT)

    first = programme.rows("enrolments")[0]
    assert (first["status"], first[key]) == ("confirmed", typed)


def test_a_torn_row_without_an_answer_is_left_alone_and_keeps_its_seat(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'status')}2", "Désistement")
    programme.ask(delete(programme.response_tab(), "ROWS", 1))

    night = programme.night(at=_NEXT)

    assert night.damaged
    assert dict(night.plan.seats)["C1"].confirmed == 3
    assert programme.rows("enrolments")[0]["status"] == "withdrawn"


def test_half_a_table_that_was_sorted_is_put_together_again(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = {row["number"]: row for row in programme.rows("enrolments")}
    programme.ask(sort_rows(_REGISTER, 2, columns=(2, 9)))

    programme.night(at=_NEXT)

    after = {row["number"]: row for row in programme.rows("enrolments")}
    told = ("first_name", "last_name", "email", "phone", "trade", "status", "rank", "reason")
    assert {n: [row[k] for k in told] for n, row in after.items()} == {
        n: [row[k] for k in told] for n, row in before.items()
    }


def test_a_decision_beside_a_torn_row_does_not_act(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'status')}2", "?")
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}2", "Retirer")

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(days=1))

    first = programme.rows("enrolments")[0]
    assert (first["status"], first["decision"]) == ("confirmed", "remove")


def test_a_row_copied_by_an_organiser_freezes_both_and_says_so(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", "A3", 1)

    night = programme.night(at=_NEXT)

    codes = {problem.message.code for problem in night.plan.problems}
    assert codes == {"problem.row_doubled", "problem.row_lost"}
    assert [row["number"] for row in programme.rows("enrolments")] == [1, 1, 3, 4, 5, 6, 2]


def test_rows_sorted_between_read_and_write_are_put_right_at_once(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}2", "Désister")
    typed = {row["number"]: row["note"] for row in programme.rows("enrolments")}

    def sort_before_the_write(number: int, _request: PreparedRequest) -> None:
        if number == 3:
            programme.ask(sort_rows(_REGISTER, 0))

    night = programme.night(at=_NEXT, faults=FaultPlan(on_call=sort_before_the_write))

    assert night.receipt is not None
    assert night.receipt.misplaced == ()
    assert night.repaired
    rows = {row["number"]: row for row in programme.rows("enrolments")}
    assert rows[1]["status"] == "withdrawn"
    assert {number: row["note"] for number, row in rows.items()} == typed
    assert not programme.night(at=_NEXT).damaged


def test_an_organiser_who_never_stops_sorting_is_told(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}2", "Désister")
    columns = cycle([2, 0, 3, 5])

    def sort_before_each_write(_number: int, request: PreparedRequest) -> None:
        if str(request.url).endswith(":batchUpdate"):
            programme.ask(sort_rows(_REGISTER, next(columns)))

    night = programme.night(at=_NEXT, faults=FaultPlan(on_call=sort_before_each_write))

    assert night.receipt is not None
    assert night.receipt.misplaced
    assert night.damaged


def test_text_that_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    evil = '=HYPERLINK("https://example.com";"x")'
    programme.answer(("2023-01-07 09:00:00", evil, "+1", "mal@example.com", "418 555-0107", "@x"))

    programme.night()

    row = programme.rows("enrolments")[-1]
    assert (row["first_name"], row["last_name"], row["trade"]) == (evil, "+1", "@x")
    with programme.session() as http:
        cells = http.values_get(
            programme.config.workspace.spreadsheet or "",
            "Inscriptions!C8:D8",
            params={"valueRenderOption": "FORMULA"},
        )
    assert cells["values"] == [[evil, "+1"]]


def test_before_there_is_a_cohort_the_tabs_are_made_and_nobody_is_admitted(
    tmp_path: Path,
) -> None:
    programme = new_programme(tmp_path)
    programme.answer(("2023-01-02 09:00:00", "Ève", "Roy", "eve@example.com", "418 555-0101", ""))

    night = programme.night(event="apply")

    assert [notice.code for notice in night.plan.notices] == ["notice.no_cohort"]
    assert programme.rows("enrolments") == []
    assert programme.rows("handled") == []
    assert programme.night(event="apply").plan.empty


def test_a_response_tab_that_is_gone_stops_the_run_and_names_the_others(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.ask(rename(programme.response_tab(), "Form Responses 2"))

    with pytest.raises(WorkbookError) as raised:
        programme.night()

    assert raised.value.code == "missing_response_tab"
    assert "Form Responses 2" in str(raised.value.values["titles"])


@pytest.mark.parametrize("typed", [5, "abc", ""])
def test_a_number_typed_over_gives_no_seat_away(tmp_path: Path, typed: str | int) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", "A2", typed)

    night = programme.night(at=_NEXT)

    assert night.damaged
    assert [(event.number, event.kind) for event in night.plan.events] == [(1, "restored")]
    assert dict(night.plan.seats)["C1"].free == 0


def test_a_deleted_row_comes_back_from_the_journal_and_its_answer(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = programme.rows("enrolments")[0]
    programme.ask(delete(_REGISTER, "ROWS", 1))

    night = programme.night(at=_NEXT)

    assert [p.message.code for p in night.plan.problems] == ["problem.row_lost"]
    assert dict(night.plan.seats)["C1"].free == 0
    back = programme.rows("enrolments")[-1]
    told = ("number", "person", "first_name", "email", "status", "registered_at", "reason")
    assert [back[key] for key in told] == [before[key] for key in told]
    assert programme.night(event="apply", at=_NEXT).plan.empty


def test_a_deleted_row_comes_back_even_where_its_answer_is_gone_too(tmp_path: Path) -> None:
    programme = full_programme(tmp_path)
    programme.answer(
        ("2023-01-02 09:00:00", "Ève", "Roy", "eve@exemple.test", "", "", "C1", "", "")
    )
    programme.organise([("C1", "Première cohorte", "3", "", "automatique")], [])
    programme.night()
    programme.ask(delete(_REGISTER, "ROWS", 1), delete(programme.response_tab(), "ROWS", 1))

    night = programme.night(at=_NEXT)

    assert [p.message.code for p in night.plan.problems] == ["problem.row_lost"]
    assert [row["status"] for row in programme.rows("enrolments")] == ["confirmed"]


def test_an_answer_whose_row_and_journal_are_both_gone_counts_as_fresh_and_is_told(
    tmp_path: Path,
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    told = [row["number"] for row in programme.rows("journal")].index(5) + 1
    programme.ask(delete(JOURNAL.sheet_id, "ROWS", told), delete(_REGISTER, "ROWS", 5))

    night = programme.night(at=_NEXT)

    assert [p.message.code for p in night.plan.problems] == ["problem.row_lost"]
    back = programme.rows("enrolments")[-1]
    assert (back["number"], back["first_name"], back["registered_at"]) == (
        7,
        "Guy",
        "2023-01-05T09:00:00-05:00",
    )
    assert not programme.night(event="apply", at=_NEXT).damaged


def test_a_register_that_lost_many_rows_stops_the_run_until_it_is_forced(tmp_path: Path) -> None:
    programme = _crowd(tmp_path, 20)
    programme.ask(*(delete(_REGISTER, "ROWS", 1) for _ in range(12)))

    with pytest.raises(BrakeError):
        programme.night(at=_NEXT)
    assert len(programme.rows("enrolments")) == 8
    programme.night(at=_NEXT, force=True)

    assert len(programme.rows("enrolments")) == 20
    assert not programme.night(at=_NEXT).damaged


def test_a_response_tab_that_lost_many_rows_stops_the_run_until_it_is_forced(
    tmp_path: Path,
) -> None:
    programme = _crowd(tmp_path, 20)
    responses = programme.response_tab()
    programme.ask(*(delete(responses, "ROWS", 1) for _ in range(12)))

    with pytest.raises(BrakeError):
        programme.night(at=_NEXT)
    assert len(programme.rows("handled")) == 20
    programme.night(at=_NEXT, force=True)

    assert programme.night(at=_NEXT).plan.empty


def _crowd(folder: Path, people: int) -> Programme:
    programme = new_programme(folder)
    programme.answer(
        *(
            (f"2023-01-02 09:{n:02}:00", "Anne", f"A{n}", f"a{n}@example.com", "", "")
            for n in range(people)
        )
    )
    programme.organise([("C1", "Première cohorte", "9", "", "automatique")], [])
    programme.night()
    return programme


def test_a_copy_of_the_workbook_writes_nothing_until_it_is_adopted(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    copy = programme.copied()

    with pytest.raises(WorkbookError) as raised:
        copy.night(at=_NEXT)
    assert raised.value.code == "copied"
    assert copy.adopt() is True
    copy.answer(("2023-01-09 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"))
    copy.night(at=_NEXT)

    assert copy.adopt() is False
    assert len(copy.rows("enrolments")) == 7
    assert len(programme.rows("enrolments")) == 6


def test_a_journal_that_ends_before_the_last_write_stops_the_run_until_it_is_adopted(
    tmp_path: Path,
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.answer(("2023-01-09 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"))
    lines = len(programme.rows("journal"))
    programme.night(at=_NEXT)
    for _ in range(len(programme.rows("journal")) - lines):
        programme.ask(delete(JOURNAL.sheet_id, "ROWS", lines + 1))

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)

    assert raised.value.code == "restored"
    assert programme.adopt() is True
    assert not programme.night(at=_NEXT).damaged
    told = [row for row in programme.rows("journal") if row["number"] == 7]
    assert [row["event"] for row in told] == ["recorded"]


def test_sorting_the_journal_changes_nothing(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.type_in("Inscriptions", f"{_letter(programme, 'decision')}2", "Désister")
    programme.night(at=_NEXT)
    programme.ask(sort_rows(JOURNAL.sheet_id, 0, last_row=50))

    night = programme.night(event="apply", at=_NEXT)

    assert night.plan.empty
    assert not night.damaged


@pytest.mark.parametrize("column", range(8))
def test_sorting_only_what_the_journal_shows_changes_nothing(tmp_path: Path, column: int) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.put_in("enrolments", 1, "decision", "Désister")
    programme.night(at=_NEXT)
    before = programme.rows("enrolments")
    programme.ask(sort_rows(JOURNAL.sheet_id, column, last_row=50, columns=(0, 8)))

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(days=1))

    told = ("number", "person", "cohort", "status", "queued_at", "deadline", "rank")
    after = programme.rows("enrolments")
    assert [[row[key] for key in told] for row in after] == [
        [row[key] for key in told] for row in before
    ]


@pytest.mark.parametrize(
    ("key", "typed"), [("number", 7), ("number", 2), ("step", 99), ("to", "Désistement")]
)
def test_a_line_of_the_journal_that_was_typed_over_tells_nothing(
    tmp_path: Path, key: str, typed: str | int
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    before = programme.rows("enrolments")
    programme.put_in("journal", 2, key, typed)

    night = programme.night(at=_NEXT)

    assert [(event.kind, event.before, event.after) for event in night.plan.events] == [
        ("recorded", None, "confirmed")
    ]
    told = ("number", "person", "cohort", "status", "queued_at")
    after = programme.rows("enrolments")
    assert [[row[k] for k in told] for row in after] == [[row[k] for k in told] for row in before]
    assert programme.night(event="apply", at=_NEXT).plan.empty


@pytest.mark.parametrize("key", ["enrolments", "journal", "handled"])
@pytest.mark.parametrize("typed", [999_999_999, 1e300, "--5", -3])
def test_a_number_that_cannot_be_one_of_ours_names_nobody_after(
    tmp_path: Path, key: str, typed: str | float
) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    programme.put_in(key, 2, "number", typed)
    programme.answer(("2023-01-09 09:00:00", "Luc", "Roy", "luc@example.com", "418 555-0106", "f"))

    programme.night(at=_NEXT)

    newest = {row["first_name"]: row["number"] for row in programme.rows("enrolments")}
    assert newest["Luc"] in {7, 8}
    assert programme.night(event="apply", at=_NEXT).plan.empty


@pytest.mark.parametrize("key", ["enrolments", "journal", "handled"])
def test_a_tab_of_our_memory_that_is_gone_stops_the_run(tmp_path: Path, key: str) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    sheet_id = next(tab.sheet_id for tab in tabs() if tab.key == key)
    programme.ask({"deleteSheet": {"sheetId": sheet_id}})

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)

    assert raised.value.code == "memory_gone"
    assert programme.rows("cohorts")[0]["confirmed"] == 3


def test_a_workbook_whose_memory_is_all_gone_waits_until_it_is_adopted(tmp_path: Path) -> None:
    programme = small_programme(tmp_path)
    programme.night()
    for tab in tabs():
        if tab.key in {"enrolments", "journal", "handled", "mail_log"}:
            programme.ask({"deleteSheet": {"sheetId": tab.sheet_id}})

    with pytest.raises(WorkbookError) as raised:
        programme.night(at=_NEXT)
    assert raised.value.code == "restored"
    programme.adopt()
    programme.night(at=_NEXT)

    assert [row["status"] for row in programme.rows("enrolments")].count("confirmed") == 3
