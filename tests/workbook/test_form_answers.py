"""Nights on a form that the Forms API tells of, and on one that it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.local import FaultPlan
from automation.telling import worries
from tests.deeds import sort_rows
from tests.linked import linked_programme
from tests.programme import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from automation.night import Night
    from tests.linked import Form
    from tests.programme import Programme

DAY = timedelta(days=1)


def who(name: str, **fields: str) -> dict[str, str]:
    first, _, last = name.partition(" ")
    digits = sum(name.encode()) % 100
    own = {"Courriel": f"{last}@example.com", "Téléphone": f"418 555-01{digits:02}"}
    return {"Prénom": first, "Nom": last} | own | fields


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Programme, Form]:
    programme, form = linked_programme(tmp_path)
    programme.organise([("C1", "Première", "1", "", "automatique")], [])
    return programme, form


def without_form_id(programme: Programme) -> Programme:
    answers = programme.config.responses.model_copy(update={"form_id": None})
    config = programme.config.model_copy(update={"responses": answers})
    return replace(programme, config=config)


def registered(programme: Programme) -> list[tuple[Any, Any, Any]]:
    """Return everybody's number, first name and status."""
    rows = programme.rows("enrolments")
    return [(row["number"], row["first_name"], row["status"]) for row in rows]


def calls(programme: Programme, at: int) -> tuple[Night, list[str]]:
    """Let a night pass; return the calls that it made to the Forms API."""
    urls: list[str] = []
    faults = FaultPlan(on_call=lambda _, request: urls.append(request.url or ""))
    night = programme.night(at=NOW + at * DAY, faults=faults)
    return night, [url.partition("/v1/")[2] for url in urls if "forms.googleapis" in url]


def test_an_edited_answer_keeps_its_seat_though_the_rows_are_sorted(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    eve = form.answer(who("Ève Roy"), NOW - DAY)
    form.answer(who("Luc Caron"), NOW - DAY / 2)
    programme.night()
    edited = who("Ève Roy", Nom="Roy-Tremblay", Courriel="eve@example.com", Métier="Potière")
    form.answer(edited, NOW + DAY / 2, edits=eve)
    tab = programme.response_tab("Réponses au formulaire 2")
    programme.ask(sort_rows(tab, 1, last_row=3))

    night = programme.night(at=NOW + DAY)

    assert registered(programme) == [(1, "Ève", "confirmed"), (2, "Luc", "waiting")]
    assert [event.kind for event in night.plan.events] == ["edited"]
    assert programme.night(at=NOW + 2 * DAY).plan.empty


def test_a_renamed_question_loses_nobody(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    form.answer(who("Ève Roy", Métier="Potière"), NOW - DAY)
    programme.night()
    item = {"title": "Votre métier", "questionItem": {"question": {"textQuestion": {}}}}
    update = {"item": item, "location": {"index": 4}, "updateMask": "title"}
    form.call("POST", ":batchUpdate", {"requests": [{"updateItem": update}]})
    form.answer(who("Luc Caron"), NOW + DAY / 2)
    fields = programme.config.fields
    trade = fields.extra["trade"].model_copy(update={"question": "Votre métier"})
    extra = fields.model_copy(update={"extra": {"trade": trade}})
    config = programme.config.model_copy(update={"fields": extra})

    night = replace(programme, config=config).night(at=NOW + DAY)

    assert [(e.number, e.before) for e in night.plan.events] == [(2, None)]


def test_a_programme_that_begins_to_ask_its_form_registers_nobody_again(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    form.answer(who("Ève Roy"), NOW - DAY)
    form.answer(who("Luc Caron"), NOW - DAY / 2)
    without_form_id(programme).night()
    before = registered(programme)

    night = programme.night(at=NOW + DAY)

    assert night.plan.events == ()
    assert registered(programme) == before
    assert without_form_id(programme).night(at=NOW + 2 * DAY).plan.empty


def test_a_night_asks_the_form_once(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    form.answer(who("Ève Roy"), NOW - DAY)
    programme.night()

    _, made = calls(programme, 1)

    assert made == [f"forms/{form.id}/responses?pageSize=5000"]


def test_a_form_that_is_not_there_costs_the_night_nothing_and_is_told(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    form.answer(who("Ève Roy"), NOW - DAY)
    answers = programme.config.responses.model_copy(update={"form_id": "another"})
    lost = replace(programme, config=programme.config.model_copy(update={"responses": answers}))

    night = lost.night()

    assert registered(programme) == [(1, "Ève", "confirmed")]
    assert night.exit_code == 30
    assert [aside.error.code for aside in night.asides] == ["form_not_found"]
    assert any("Ajouter des collaborateurs" in line for line in worries(night, "fr", quote=False))


def test_a_row_that_somebody_typed_over_is_put_right_from_its_answer(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    form.answer(who("Ève Roy"), NOW - DAY)
    form.answer(who("Luc Caron"), NOW - DAY / 2)
    programme.night()
    row = programme.enrolment_row(2)
    programme.put_in("enrolments", row, "status", "Confirmé·e")

    night = programme.night(at=NOW + DAY)

    assert registered(programme)[1] == (2, "Luc", "waiting")
    assert [event.kind for event in night.plan.events] == ["restored"]
