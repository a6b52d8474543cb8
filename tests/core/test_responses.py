"""Response tabs become registrations, whatever participants and organisers do to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.instants import to_serial
from automation.core.model import Problem, Registration, phrase
from automation.core.responses import (
    ResponseTable,
    read_registrations,
    split_choices,
)
from automation.core.rules import ExtraField, FieldMap
from automation.errors import WorkbookError
from tests.world import FIELDS, HEADER, START, ZONE, Answer, answer, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.model import Cell

OPTIONS = ("Briser la solitude", "Concilier travail, famille et soi", "Concilier travail")


def read(
    *tables: ResponseTable, fields: FieldMap = FIELDS
) -> tuple[tuple[Registration, ...], tuple[Problem, ...]]:
    return read_registrations(tables, fields, ZONE)


def only(
    *rows: Sequence[Cell], header: Sequence[Cell] = HEADER, fields: FieldMap = FIELDS
) -> Registration:
    (registration,), _ = read(
        ResponseTable(sheet_id=1, title="Réponses", header=tuple(header), rows=rows), fields=fields
    )
    return registration


def test_an_answer_becomes_a_registration() -> None:
    one = answer("Ève Roy", email="eve@exemple.test", cohort="C1", trade="Potière")

    (registration,), problems = read(table([one]))

    assert (registration.name, registration.email) == ("Ève Roy", "eve@exemple.test")
    assert (registration.cohort_choice, registration.extra) == ("C1", ("Potière",))
    assert (registration.submitted_at, registration.row) == (START, 2)
    assert problems == ()


@pytest.mark.parametrize(
    "header",
    ["COURRIEL", "  courriel ", "Courriel\u00a0", "Cour­riel".replace("­", ""), "Courriel\n:"],
)
def test_a_header_is_found_whatever_its_case_accents_and_spaces(header: str) -> None:
    headers = [header if h == "Courriel" else h for h in HEADER]

    registration = only(answer(email="eve@exemple.test").cells, header=headers)

    assert registration.email == "eve@exemple.test"


def test_moved_and_added_columns_change_nothing() -> None:
    answers = [answer("Ève Roy", trade="Potière"), answer("Luc Caron", 1, cohort="C1")]

    moved, _ = read(table(answers, columns=[7, 6, -1, 5, 4, 3, 2, 1, 0]))

    assert moved == read(table(answers))[0]


def test_a_repeated_column_gives_its_first_answer() -> None:
    header = (*HEADER, "Courriel")
    cells = (*answer(email="").cells, "autre@exemple.test")

    registration = only(cells, header=header)

    assert registration.email == "autre@exemple.test"


def test_moving_a_repeated_column_changes_no_hash() -> None:
    one = only((*answer().cells, "a", "b"), header=(*HEADER, "Note", "Note"))

    other = only((*answer().cells, "b", "a"), header=(*HEADER, "Note", "Note"))

    assert one == other


def test_blank_rows_are_no_answers() -> None:
    blank = Answer(
        at=" ", first="\u00a0", trade="note", last="", email="", phone=None, municipality=""
    )

    registrations, problems = read(table([None, blank, answer()]))

    assert [registration.row for registration in registrations] == [4]
    assert problems == ()


def test_short_rows_are_read_as_far_as_they_go() -> None:
    registration = only(answer().cells[:3])

    assert registration.name == "Ève Roy"
    assert (registration.email, registration.extra) == ("", ("",))


def test_a_phone_that_became_a_number_is_read_as_typed() -> None:
    registrations = [only(answer(phone=cell).cells) for cell in (4185550101, 4185550101.0)]

    assert [registration.phone for registration in registrations] == ["4185550101"] * 2


@pytest.mark.parametrize(("cell", "shown"), [(True, "oui"), (False, "non"), (2.5, "2.5")])
def test_a_cell_of_another_kind_is_read_as_people_would_write_it(cell: Cell, shown: str) -> None:
    registration = only(answer(phone=cell).cells)

    assert registration.phone == shown


def test_the_hour_that_comes_twice_is_read_as_the_first() -> None:
    serial = to_serial(datetime(2023, 11, 5, 6, 30, tzinfo=UTC), ZONE)

    registration = only((serial, *answer().cells[1:]))

    assert registration.submitted_at == datetime(2023, 11, 5, 5, 30, tzinfo=UTC)


def test_an_answer_without_a_readable_time_is_kept_and_reported() -> None:
    registrations, problems = read(table([answer(at="hier"), answer("Luc Caron", 5)]))

    assert [r.name for r in registrations] == ["Luc Caron", "Ève Roy"]
    assert registrations[1].submitted_at is None
    assert [(p.row, p.column, p.message.code) for p in problems] == [
        (2, "Horodateur", "response.undated")
    ]


def test_the_first_column_holds_the_time_where_its_header_is_foreign() -> None:
    registration = only(answer().cells, header=("Marca temporal", *HEADER[1:]))

    assert registration.submitted_at == START


def test_without_a_column_of_times_the_run_stops() -> None:
    headless = table([answer()], columns=range(1, len(HEADER)))

    with pytest.raises(WorkbookError) as stopped:
        read(headless)

    assert stopped.value.values["question"] == "Horodateur"


def test_a_row_that_stands_twice_counts_once() -> None:
    one = answer()

    registrations, problems = read(table([one, answer("Luc Caron"), one]))

    assert len(registrations) == 2
    assert problems[0].row == 4
    assert problems[0].message == phrase("response.doubled", row=2)


def test_which_of_two_rows_with_one_key_counts_does_not_depend_on_their_order() -> None:
    pair = [answer(trade="Potière"), answer(trade="Boulangère")]

    (one,), _ = read(table(pair))
    (other,), _ = read(table(pair[::-1]))

    assert one.extra == other.extra


def test_the_key_is_made_of_time_name_mailbox_and_phone_as_written() -> None:
    one = answer(trade="Potière")
    changes = {"first": "Eve", "email": "EVE@exemple.test", "phone": "4185550101"}

    same = only(replace(one, trade="Boulangère", cohort="C1").cells)
    others = {only(replace(one, **{name: value}).cells).key for name, value in changes.items()}

    assert same.key == only(one.cells).key
    assert same.answer_hash != only(one.cells).answer_hash
    assert len(others - {same.key}) == len(changes)


def test_a_key_tells_its_tab() -> None:
    (one, other), _ = read(table([answer()], sheet_id=7), table([answer()], sheet_id=8))

    assert sorted(r.key.partition(".")[0] for r in (one, other)) == ["7", "8"]


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("Ève Roy", "Ève", "Roy"),
        ("ROY, Ève", "Ève", "ROY"),
        ("Ève", "Ève", ""),
        ("Ève,", "Ève,", ""),
        ("Anne de la Durantaye", "Anne", "de la Durantaye"),
    ],
)
def test_a_whole_name_is_cut_for_the_register(written: str, first: str, last: str) -> None:
    fields = FieldMap(name="Nom")

    registration = only((44942.5, written), header=("Horodateur", "Nom"), fields=fields)

    assert (registration.first_name, registration.last_name) == (first, last)


def test_first_and_last_name_go_before_the_whole_name() -> None:
    fields = FieldMap(name="Nom complet", first_name="Prénom")

    registration = only(
        (44942.5, "Ève Roy", "Eva"), header=("Horodateur", "Nom complet", "Prénom"), fields=fields
    )

    assert registration.name == "Eva"


def test_a_missing_question_names_the_nearest_header() -> None:
    renamed = ResponseTable(
        sheet_id=1,
        title="Réponses",
        header=("Horodateur", "Prénom", "Nom", "Courriels", "Téléphone", "Municipalité", "Cohorte"),
        rows=(),
    )

    with pytest.raises(WorkbookError) as stopped:
        read(renamed)

    assert stopped.value.code == "missing_question"
    assert stopped.value.values == {
        "question": "Courriel",
        "tab": "Réponses",
        "nearest": phrase("nearest.header", header="Courriels"),
    }


def test_a_header_that_is_like_no_other_is_named_alone() -> None:
    strange = ResponseTable(sheet_id=1, title="Réponses", header=("Horodateur", "a", "b"), rows=())

    with pytest.raises(WorkbookError) as stopped:
        read(strange)

    assert stopped.value.values["nearest"] == ""


def test_a_tab_without_headers_has_no_nearest_one() -> None:
    bare = ResponseTable(sheet_id=1, title="Réponses", header=(), rows=())

    with pytest.raises(WorkbookError) as stopped:
        read(bare)

    assert stopped.value.values["nearest"] == ""


def test_a_question_that_does_not_say_who_may_be_in_one_tab_only() -> None:
    older = table([answer(minute=1)], sheet_id=2, columns=range(5))

    registrations, _ = read(table([answer(municipality="Tourville")]), older)

    assert [registration.municipality for registration in registrations] == ["Tourville", ""]


def test_a_question_that_says_who_must_be_in_every_tab() -> None:
    nameless = table([], sheet_id=2, columns=[0, 1, 3, 4])

    with pytest.raises(WorkbookError) as stopped:
        read(table([]), nameless)

    assert stopped.value.values["question"] == "Nom"


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("", ()),
        ("Briser la solitude", ("Briser la solitude",)),
        ("Concilier travail, famille et soi, Briser la solitude", (OPTIONS[1], OPTIONS[0])),
        ("Concilier travail, Briser la solitude", (OPTIONS[2], OPTIONS[0])),
        ("Briser la solitude, le café, le thé", (OPTIONS[0], "le café, le thé")),
        ("le café, le thé, Briser la solitude", ("le café, le thé", OPTIONS[0])),
        (", Briser la solitude", (OPTIONS[0],)),
        ("Briser la solitude,", ("Briser la solitude,",)),
    ],
)
def test_ticked_options_are_told_apart(written: str, chosen: tuple[str, ...]) -> None:
    assert split_choices(written, OPTIONS) == chosen


@given(st.lists(st.sampled_from(OPTIONS[:2]), unique=True))
def test_options_joined_by_forms_come_back(chosen: list[str]) -> None:
    joined = ", ".join(chosen)

    assert split_choices(joined, OPTIONS[:2]) == tuple(chosen)


def test_ticked_options_are_shown_apart() -> None:
    themes = ExtraField(key="themes", question="Métier", label="Thèmes", options=OPTIONS)
    ticked = answer(trade="Concilier travail, famille et soi, Briser la solitude")

    registration = only(ticked.cells, fields=replace(FIELDS, extra=(themes,)))

    assert registration.extra == ("Concilier travail, famille et soi ; Briser la solitude",)


cells = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))


@given(st.lists(st.lists(cells, max_size=10), max_size=4))
def test_cells_may_hold_anything(rows: list[list[Cell]]) -> None:
    tab = ResponseTable(sheet_id=1, title="Réponses", header=HEADER, rows=rows)

    registrations, problems = read(tab)

    assert len({r.key for r in registrations}) == len(registrations) <= len(rows)
    assert all(2 <= (p.row or 0) <= len(rows) + 1 for p in problems)


@given(
    st.permutations([answer("Ève Roy"), answer("Luc Caron"), answer("Anne Dubé", 1)]),
    st.permutations(range(len(HEADER))),
)
def test_the_order_of_rows_and_columns_is_irrelevant(
    answers: list[Answer], columns: list[int]
) -> None:
    registrations, _ = read(table(answers, columns=columns))

    expected, _ = read(table([answer("Ève Roy"), answer("Luc Caron"), answer("Anne Dubé", 1)]))
    assert [replace(r, row=0) for r in registrations] == [replace(r, row=0) for r in expected]
    assert registrations[-1].submitted_at == START + timedelta(minutes=1)
