"""Answers that go by the form's id: whatever becomes of their rows, nobody is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.form_answers import FormAnswer, match_rows
from automation.core.instants import to_serial
from automation.core.model import HandledState, Key
from automation.core.plan import make_plan
from automation.core.responses import ResponseTable, is_sheet_key
from automation.core.rules import ExtraField
from tests.world import (
    FIELDS,
    HEADER,
    RULES,
    START,
    ZONE,
    Answer,
    answer,
    apply_plan,
    cohort,
    enrolment_of,
    form_answers,
    in_night,
    sleep,
    snapshot,
    status_of,
    table,
    with_answers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

SECOND = timedelta(seconds=1)
LATER = START + timedelta(days=1)


def ids_of(rows: Sequence[Answer | None], form: Sequence[Answer]) -> dict[int, str]:
    """Return the id that each row is given."""
    found = match_rows([table(rows)], form_answers(form), ZONE)
    return {row: key for (_, row), key in found.items()}


def asked(before: Snapshot, *answers: Answer) -> Snapshot:
    """Return the workbook with these answers, which the form tells too."""
    return replace(with_answers(before, *answers), form_answers=form_answers(answers))


def unasked(before: Snapshot) -> Snapshot:
    """Return the workbook on a night on which the form can't be asked."""
    return replace(before, form_answers=())


def test_a_row_is_known_wherever_it_stands() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(4)]

    assert ids_of([people[2], None, people[0]], people) == {2: "id2", 4: "id0"}


def test_a_column_of_the_organisers_does_not_hide_whose_row_it_is() -> None:
    eve = answer(id="eve", group="appelée le 3")
    form = form_answers([replace(eve, group="")])

    assert match_rows([table([eve])], form, ZONE) == {(1, 2): "eve"}


def test_a_cell_that_an_organiser_corrected_does_not_hide_whose_row_it_is() -> None:
    eve = answer(id="eve")

    assert ids_of([replace(eve, phone="418 555-9999")], [eve]) == {2: "eve"}


def test_a_row_whose_cells_were_torn_apart_is_nobodys() -> None:
    eve, luc = answer("Ève Roy", id="eve"), answer("Luc Caron", minute=1, id="luc")

    assert ids_of([replace(luc, at=eve.at)], [eve]) == {}


def test_two_clocks_may_differ_by_a_moment() -> None:
    eve = answer(id="eve")

    assert ids_of([replace(eve, at=START + SECOND)], [eve]) == {2: "eve"}


def test_the_nearest_of_two_same_answers_is_meant() -> None:
    twice = [answer(id="a"), answer(id="b", at=START + SECOND)]

    assert ids_of(twice, twice) == {2: "a", 3: "b"}


def test_a_row_that_was_copied_is_neither() -> None:
    eve = answer(id="eve")

    assert ids_of([eve, eve], [eve]) == {}


def test_two_responses_of_one_instant_that_say_the_same_are_neither() -> None:
    eve = answer(id="eve")

    assert ids_of([eve], [eve, replace(eve, id="again")]) == {}


def test_the_hour_that_comes_twice_is_no_riddle() -> None:
    second_time = datetime(2023, 11, 5, 6, 30, tzinfo=UTC)  # 1:30, an hour after the first 1:30
    row = (to_serial(second_time, ZONE), "Ève")
    tab = ResponseTable(sheet_id=1, title="R", header=("Horodateur", "Prénom"), rows=(row,))

    found = match_rows([tab], [FormAnswer(id="e", submitted_at=second_time, texts=("Ève",))], ZONE)

    assert found == {(1, 2): "e"}


def test_an_answer_goes_by_its_id_and_leaves_its_rows_key_behind() -> None:
    after = sleep(asked(snapshot(), answer(id="eve")))

    states = {str(key): line.state for key, line in after.handled.items()}
    assert states.pop("eve") is HandledState.ACTED
    assert [(is_sheet_key(key), state) for key, state in states.items()] == [
        (True, HandledState.REPLACED)
    ]
    assert make_plan(after, RULES, in_night(1)).empty


def test_a_programme_moves_to_ids_without_registering_anybody_again() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(3)]
    before = sleep(snapshot(people))

    plan = make_plan(asked(before, *people), RULES, in_night(1))
    after = apply_plan(asked(before, *people), plan)

    assert plan.events == ()
    assert after.register == before.register
    assert make_plan(after, RULES, in_night(2)).empty


def test_on_a_night_without_the_form_everybody_is_still_known() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(3)]
    before = sleep(asked(snapshot(), *people))

    assert make_plan(unasked(before), RULES, in_night(1)).empty


def test_whoever_came_on_a_night_without_the_form_is_not_enrolled_again() -> None:
    eve = answer(id="eve")
    before = sleep(snapshot([eve]))
    after = sleep(asked(before, eve), night=1)

    assert status_of(sleep(unasked(after), night=2)) == {1: "confirmed"}
    assert make_plan(asked(after, eve), RULES, in_night(3)).empty


def test_an_edit_of_name_and_phone_keeps_the_seat() -> None:
    eve = answer(id="eve")
    before = sleep(asked(snapshot(), eve, answer("Luc Caron", minute=1, id="luc")))
    edited = replace(eve, at=LATER, last="Roy-Caron", phone="418 555-8888")

    after = sleep(asked(before, edited, answer("Luc Caron", minute=1, id="luc")), night=1)

    assert status_of(after) == {1: "confirmed", 2: "confirmed"}
    assert enrolment_of(after, 1).last_name == "Roy-Caron"
    assert after.journal[enrolment_of(after, 1).number].kind == "edited"


def test_an_answer_sent_again_unchanged_is_no_news() -> None:
    eve = answer(id="eve")
    before = sleep(asked(snapshot(), eve))

    plan = make_plan(asked(before, replace(eve, at=LATER)), RULES, in_night(1))

    assert plan.events == ()


def test_an_answer_that_became_somebody_elses_does_not_hand_on_the_seat() -> None:
    eve, waits = answer(id="eve"), answer("Luc Caron", minute=1, id="luc")
    before = sleep(asked(snapshot((), cohort(places=1)), eve, waits))
    other = replace(answer("Rose Dubé"), at=LATER, id="eve")

    after = sleep(asked(before, waits, other), night=1)
    later = sleep(asked(after, waits, other), night=2)

    assert status_of(later) == {1: "confirmed", 2: "waiting", 3: "waiting"}
    assert enrolment_of(after, 1).first_name == "Ève"
    assert "disparu" in enrolment_of(later, 1).alerts


def test_an_edit_made_while_the_form_was_out_of_reach_keeps_the_seat() -> None:
    eve = answer(id="eve")
    edited = replace(eve, at=LATER, trade="Boulangère")
    before = sleep(asked(snapshot(), eve))
    cut = sleep(unasked(with_answers(before, edited)), night=1)

    after = sleep(asked(cut, edited), night=2)

    assert status_of(after) == {1: "confirmed"}
    assert enrolment_of(after, 1).extra == ("Boulangère",)
    assert after.handled[Key("eve")].state is HandledState.ACTED


def test_another_question_may_give_the_phone_from_one_night_to_the_next() -> None:
    eve = answer(id="eve", group="418 555-7777")
    before = sleep(asked(snapshot(), eve))
    moved = replace(RULES, fields=replace(FIELDS, phone="Organisme"))

    after = sleep(asked(before, eve), moved, night=1)

    assert status_of(after) == {1: "confirmed"}
    assert enrolment_of(after, 1).phone == "418 555-7777"


def test_a_form_whose_responses_are_none_of_the_rows_is_told() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(5)]
    others = [replace(one, at=LATER) for one in people]
    before = replace(snapshot(people), form_answers=form_answers(others))

    plan = make_plan(before, RULES, in_night(0))

    assert [problem.message.code for problem in plan.problems] == ["problem.form_unmatched"]


PEOPLE = tuple(answer(f"Personne {name}", minute=n) for n, name in enumerate("abcd"))
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "sort", "rename", "ask", "night", "night"]),
        st.integers(0, 3),
        st.sampled_from(["first", "phone", "trade", "municipality"]),
    ),
    max_size=14,
)


@settings(max_examples=50)
@given(DEEDS)
def test_sorting_editing_and_renaming_never_lose_nor_double_anybody(
    deeds: list[tuple[str, int, str]],
) -> None:
    people = [replace(one, id=f"id{n}") for n, one in enumerate(PEOPLE)]
    rows, rules, header = list(range(4)), RULES, list(HEADER)
    book, is_asked, at = snapshot((), cohort(places=2)), True, START
    always = not any(deed == "ask" for deed, *_ in deeds)
    for deed, which, what in [("night", 0, ""), *deeds, ("night", 0, ""), ("night", 0, "")]:
        at += timedelta(minutes=1)
        if deed == "edit":
            # Without the form, a name that changes is another name, and for a human to settle.
            field = what if always or what != "first" else "phone"
            people[which] = replace(people[which], at=at, **{field: f"autre {at:%M}"})
        elif deed == "sort":
            rows.append(rows.pop(which))
        elif deed == "rename":
            header[7] = f"Métier ({at:%M})"
            rules = _with_trade(RULES, header[7])
        elif deed == "ask":
            is_asked = not is_asked
        else:
            tab = replace(table([people[n] for n in rows]), header=tuple(header))
            told = form_answers(people) if is_asked else ()
            book = replace(book, responses=(tab,), form_answers=told)
            plan = make_plan(book, rules, at + timedelta(hours=6))
            book = apply_plan(book, plan)
            assert make_plan(book, rules, at + timedelta(hours=6)).empty

    assert status_of(book) == {1: "confirmed", 2: "confirmed", 3: "waiting", 4: "waiting"}
    assert [enrolment_of(book, n + 1).first_name for n in range(4)] == [p.first for p in people]


def _with_trade(rules: Rules, question: str) -> Rules:
    trade = ExtraField(key="trade", question=question, label="Métier")
    return replace(rules, fields=replace(rules.fields, extra=(trade,)))


def test_a_form_that_is_linked_anew_to_another_tab_registers_nobody_again() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(3)]
    before = sleep(asked(snapshot(), *people))
    linked = replace(asked(before, *people), responses=(table(people, sheet_id=9),))

    plan = make_plan(linked, RULES, in_night(1))

    assert plan.events == ()
    assert make_plan(apply_plan(linked, plan), RULES, in_night(2)).empty


def test_in_another_time_zone_everybody_is_still_known() -> None:
    people = [answer(f"Ève Roy{n}", minute=n, id=f"id{n}") for n in range(3)]
    before = sleep(asked(snapshot(), *people))

    plan = make_plan(replace(before, zone=ZoneInfo("Europe/Paris")), RULES, in_night(1))

    assert plan.events == ()
