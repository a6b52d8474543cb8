"""Somebody is erased whose answers the Forms API knows by their ids."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests
from msgspec import Struct

from automation.core.erasure import count_pending
from automation.core.model import HandledState, Number
from automation.forgetting import Erased, erase_people
from automation.local import FaultPlan
from automation.workbook.layout import HANDLED
from tests.deeds import delete
from tests.linked import CHOICE, Form, linked_programme
from tests.privacy.story import EMAIL, FIRST, LAST, PHONE, TRADE
from tests.programme import NOW, Programme

if TYPE_CHECKING:
    from pathlib import Path

    from automation.night import Night

_HERS: Final = {
    "Prénom": FIRST,
    "Nom": LAST,
    "Courriel": EMAIL,
    "Téléphone": PHONE,
    "Métier": TRADE,
    CHOICE: "Première",
}
_HIS: Final = {
    "Prénom": "Marc",
    "Nom": "Caron",
    "Courriel": "marc@exemple.test",
    "Téléphone": "418 555-0102",
    CHOICE: "Première",
}
_SECOND: Final = {**_HERS, CHOICE: "Deuxième", "Métier": "Autre chose"}
_DAY: Final = timedelta(days=1)
_TAB: Final = "Réponses au formulaire 2"


@pytest.fixture(scope="module", name="made")
def fixture_made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, str, str]:
    """Return a programme of two cohorts, and the ids of her two answers."""
    programme, form = linked_programme(tmp_path_factory.mktemp("form"), ("Première", "Deuxième"))
    programme.organise(
        [("C1", "Première", "4", "", "automatique"), ("C2", "Deuxième", "4", "", "automatique")], []
    )
    form.answer(_HIS, NOW - timedelta(hours=5))
    first = form.answer(_HERS, NOW - timedelta(hours=4))
    programme.night()
    second = form.answer(_SECOND, NOW + timedelta(hours=1))
    programme.night(at=NOW + timedelta(hours=2))
    return programme, first, second


class World(Struct, frozen=True):
    """A copy of it: the programme, its form, her answers."""

    programme: Programme
    form: Form
    first: str
    second: str

    def erase(self, number: int = 2) -> Erased | None:
        with self.programme.session() as http:
            return erase_people(
                http,
                self.programme.config,
                lambda *_: [Number(number)],
                moment=lambda _: NOW + timedelta(hours=5),
                token="eeee",
                confirm=lambda _: True,
            )

    def night(self, day: int = 1, faults: FaultPlan | None = None) -> Night:
        return self.programme.night(at=NOW + day * _DAY, faults=faults)

    def delete_rows(self, *rows: int) -> None:
        """Delete rows of the response tab, from 0, the last one first."""
        for row in sorted(rows, reverse=True):
            self.programme.ask(delete(self.programme.response_tab(_TAB), "ROWS", row))

    def statuses(self) -> dict[int, str]:
        return {int(e.number): e.status.value for e in self.programme.snapshot().register}

    def pending(self) -> int:
        return count_pending(self.programme.snapshot())

    def remembered(self) -> list[dict[str, Any]]:
        rows = self.programme.rows(HANDLED.key)
        return [
            row for row in rows if row["number"] in {2, 3} and (row["key"] or row["answer_hash"])
        ]


@pytest.fixture(name="world")
def fixture_world(made: tuple[Programme, str, str], tmp_path: Path) -> World:
    programme = made[0].forked(tmp_path / "programme.db")
    form = Form(programme.path, programme.config.responses.form_id or "")
    return World(programme, form, *made[1:])


def codes(night: Night) -> set[str]:
    return {p.message.code for p in night.plan.problems if "erasure" in p.message.code}


def test_both_of_her_enrolments_go_and_neither_answer_registers_anybody(world: World) -> None:
    before = world.statuses()

    world.erase(3)
    night = world.night()

    assert before == {1: "confirmed", 2: "confirmed", 3: "confirmed"}
    assert world.statuses() == {1: "confirmed", 2: "erased", 3: "erased"}
    assert codes(night) == {"problem.erasures_pending"}
    assert world.pending() == 2
    assert world.night(2).plan.events == ()


@pytest.mark.parametrize("reachable", [True, False], ids=["form", "no form"])
@pytest.mark.parametrize(
    "change", [{}, {"Courriel": "autre@exemple.test"}, {"Téléphone": "418 555-0199"}]
)
def test_an_edit_of_an_erased_answer_registers_nobody(
    world: World, change: dict[str, str], reachable: bool
) -> None:
    world.erase()
    world.night()
    world.form.answer({**_HERS, "Métier": "x", **change}, NOW + _DAY * 1.2, edits=world.first)

    world.night(2, None if reachable else FaultPlan(on_call=_no_form))
    world.night(3)

    assert set(world.statuses()) == {1, 2, 3}
    assert world.pending() == 2


def _no_form(_: int, request: Any) -> None:
    if "forms.googleapis" in request.url and "responses" in request.url:
        raise requests.ConnectionError


def test_an_edit_that_says_everything_else_is_hers_still(world: World) -> None:
    world.erase()
    other = {"Prénom": "Ludovic", "Nom": "Petit", "Courriel": "l@exemple.test"}
    world.form.answer({**_HERS, **other, "Téléphone": ""}, NOW + _DAY * 0.5, edits=world.first)

    world.night()

    assert set(world.statuses()) == {1, 2, 3}


def test_a_row_that_is_deleted_alone_leaves_the_form_to_finish(world: World) -> None:
    world.erase()
    world.delete_rows(2, 3)

    night = world.night()

    assert codes(night) == {"problem.erasures_in_form"}
    assert world.pending() == 2
    world.form.answer({**_HERS, "Métier": "x"}, NOW + _DAY * 1.2, edits=world.first)
    world.night(2)
    assert set(world.statuses()) == {1, 2, 3}


def test_an_answer_that_is_deleted_in_the_form_alone_leaves_its_row_to_finish(world: World) -> None:
    world.erase()
    world.form.delete(world.first)
    world.form.delete(world.second)

    night = world.night()

    assert codes(night) == {"problem.erasures_pending"}
    assert set(world.statuses()) == {1, 2, 3}
    assert world.pending() == 2


@pytest.mark.parametrize("rows_first", [True, False], ids=["rows first", "form first"])
def test_once_both_are_deleted_nothing_is_remembered(world: World, rows_first: bool) -> None:
    def delete_rows() -> None:
        world.delete_rows(2, 3)

    def delete_answers() -> None:
        world.form.delete(world.first)
        world.form.delete(world.second)

    world.erase()
    steps = (delete_rows, delete_answers) if rows_first else (delete_answers, delete_rows)
    for day, step in enumerate(steps, start=1):
        step()
        night = world.night(day)

    assert codes(night) == set()
    assert world.pending() == 0
    assert world.remembered() == []
    assert world.night(3).plan.events == ()


def test_while_the_form_does_not_answer_nothing_is_forgotten(world: World) -> None:
    world.erase()
    world.delete_rows(2, 3)

    blind = world.night(1, FaultPlan(on_call=_no_form))
    pending = world.pending()
    seeing = world.night(2)

    assert pending == 2
    assert codes(blind) == set()
    assert codes(seeing) == {"problem.erasures_in_form"}


def test_whose_row_was_deleted_first_is_kept_out_by_the_form(world: World) -> None:
    world.delete_rows(2, 3)
    world.night()

    world.erase()
    world.form.answer({**_HERS, "Métier": "x"}, NOW + _DAY * 1.2, edits=world.first)
    world.night(2)

    assert world.statuses() == {1: "confirmed", 2: "erased", 3: "erased"}
    assert world.pending() == 2


@pytest.mark.parametrize("times", [1, 2])
def test_whoever_is_erased_twice_is_known_again_without_the_form(world: World, times: int) -> None:
    world.erase()
    world.delete_rows(2, 3)
    world.night()
    for _ in range(times - 1):
        world.erase()
    world.form.answer({**_HERS, "Métier": "x"}, NOW + _DAY * 1.2, edits=world.first)

    world.night(2, FaultPlan(on_call=_no_form))

    assert set(world.statuses()) == {1, 2, 3}


def test_a_new_answer_under_a_new_id_is_a_new_person(world: World) -> None:
    world.erase()
    world.delete_rows(2, 3)
    world.night()
    world.form.answer(_HERS, NOW + _DAY * 1.2)

    world.night(2)

    newcomer = next(e for e in world.programme.snapshot().register if e.number == 4)
    assert (newcomer.person, newcomer.status.value) == (4, "confirmed")


def test_what_is_remembered_meanwhile_is_keys_and_hashes_alone(world: World) -> None:
    world.erase()

    told = json.dumps(world.remembered(), default=str)
    lines = [h for h in world.programme.snapshot().handled.values() if h.number in {2, 3}]
    assert {line.state for line in lines} == {HandledState.ERASED, HandledState.REPLACED}
    assert {line.answer_hash for line in lines} == {""}
    assert not [value for value in _HERS.values() if value in told]


def test_what_she_was_merged_from_goes_with_her(world: World) -> None:
    for row in (2, 3):
        world.programme.put_in("enrolments", row - 1, "note", f"{FIRST}, deux fois")
    twice = {**_HERS, "Courriel": "z.q@exemple.test", "Téléphone": "418 555-0178"}
    world.form.answer(twice, NOW + timedelta(hours=3))
    world.programme.night(at=NOW + timedelta(hours=4))
    world.programme.put_in("enrolments", world.programme.enrolment_row(4), "merge_with", 2)
    world.night()
    merged = world.statuses()[4]

    world.erase(4)
    world.night(2)

    assert merged == "merged"
    assert world.statuses() == {1: "confirmed", 2: "erased", 3: "erased", 4: "erased"}
    assert world.pending() == 3
    rows = [row for row in world.programme.rows("enrolments") if row["number"] != 1]
    told = json.dumps(rows, ensure_ascii=False, default=str)
    wanted = (FIRST, LAST, EMAIL, PHONE, TRADE, "z.q@", "418 555-0178", "deux fois")
    assert [value for value in wanted if value in told] == []
