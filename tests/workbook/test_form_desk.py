"""The form is open while a cohort takes newcomers, and its options say which do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from automation.local import Fault, FaultPlan
from automation.telling import form_lines
from tests.linked import CHOICE, Form, linked_programme
from tests.programme import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from automation.night import Night
    from tests.programme import Programme

DAY = timedelta(days=1)
FULL = "Première (complet – liste d’attente)"


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Programme, Form]:
    programme, form = linked_programme(tmp_path, ("Première", "Deuxième"))
    programme.organise([("C1", "Première", "1", "", "automatique")], [])
    return programme, form


def register(form: Form, name: str, minute: int, choice: str = "Première") -> None:
    answers = {"Prénom": name, "Nom": "Roy", "Courriel": f"{name}@example.com", CHOICE: choice}
    form.answer(answers, NOW - DAY + timedelta(minutes=minute))


def calls(programme: Programme, at: float) -> tuple[Night, list[str]]:
    """Let a night pass; return what it asked of the form beside its responses."""
    found: list[str] = []

    def listen(_: int, request: Any) -> None:
        if "forms.googleapis" in request.url and "/responses" not in request.url:
            found.append(f"{request.method} {request.url.rpartition('/')[2].partition(':')[2]}")

    return programme.night(at=NOW + at * DAY, faults=FaultPlan(on_call=listen)), found


def close_cohort(programme: Programme, day: str) -> None:
    programme.put_in("cohorts", 1, "closes", day)


def test_a_full_cohorts_option_says_so_and_who_picks_it_waits(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    register(form, "Ève", 0)

    programme.night()
    full = form.options
    register(form, "Luc", 5, FULL)
    programme.night(at=NOW + DAY)

    assert full == [FULL, "Deuxième"]
    rows = programme.rows("enrolments")
    assert [(row["cohort"], row["status"]) for row in rows] == [
        ("C1", "confirmed"),
        ("C1", "waiting"),
    ]


def test_an_option_is_bare_again_once_there_is_room(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    register(form, "Ève", 0)
    programme.night()
    programme.put_in("cohorts", 1, "places", 2)

    programme.night(at=NOW + DAY)

    assert form.options == ["Première", "Deuxième"]


def test_a_calm_night_asks_nothing_of_the_form(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    register(form, "Ève", 0)

    _, first = calls(programme, 0)
    _, second = calls(programme, 1)

    assert first == ["GET ", "POST batchUpdate"]
    assert second == []


def test_the_form_closes_after_the_last_cohort_and_opens_with_the_next(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    close_cohort(programme, "2023-01-10")

    programme.night(at=NOW + DAY / 2)
    on_the_day = form.accepting
    programme.night(at=NOW + 2 * DAY)
    after = form.accepting
    programme.organise([("C2", "Deuxième", "3", "", "automatique")], [])
    programme.night(at=NOW + 3 * DAY)

    assert (on_the_day, after, form.accepting) == (True, False, True)


def test_a_form_whose_lists_are_full_closes(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    programme.put_in("cohorts", 1, "waiting_limit", 0)
    register(form, "Ève", 0)

    programme.night()

    assert (form.accepting, form.options[0]) == (False, "Première (complet)")


def test_a_form_that_a_human_closed_stays_closed(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    programme.night()
    form.close()
    close_cohort(programme, "2023-01-10")
    programme.night(at=NOW + 2 * DAY)

    close_cohort(programme, "2023-02-10")
    programme.night(at=NOW + 3 * DAY)

    assert not form.accepting


def test_a_form_that_a_human_opened_again_stays_open(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    close_cohort(programme, "2023-01-09")
    programme.night()
    form.close(accepting=True)
    programme.put_in("cohorts", 1, "name", "Première du nom")

    programme.night(at=NOW + DAY)

    assert form.accepting


def test_what_a_human_wrote_in_an_option_stays_until_there_is_news(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    register(form, "Ève", 0)
    programme.night()
    choice = {"choiceQuestion": {"type": "RADIO", "options": [{"value": "Première, le mardi"}]}}
    update = {
        "item": {"questionItem": {"question": choice}},
        "location": {"index": 5},
        "updateMask": "questionItem.question.choiceQuestion.options",
    }
    form.call("POST", ":batchUpdate", {"requests": [{"updateItem": update}]})

    programme.night(at=NOW + DAY)

    assert form.options == ["Première, le mardi"]


def test_a_form_that_changed_meanwhile_is_told_the_next_night(
    linked: tuple[Programme, Form],
) -> None:
    programme, form = linked
    register(form, "Ève", 0)

    def edit(_: int, request: Any) -> None:
        if request.url.endswith(":batchUpdate") and form.id in request.url and not edits:
            edits.append(1)
            item = {"title": "Merci", "textItem": {}}
            create = {"createItem": {"item": item, "location": {"index": 0}}}
            form.call("POST", ":batchUpdate", {"requests": [create]})

    edits: list[int] = []
    night = programme.night(faults=FaultPlan(on_call=edit))
    programme.night(at=NOW + DAY)

    assert [aside.error.code for aside in night.asides] == ["form_refused"]
    assert night.exit_code == 30
    assert form.options == [FULL, "Deuxième"]


def test_a_form_that_breaks_costs_the_night_nothing(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    register(form, "Ève", 0)
    numbers: list[int] = []

    def listen(number: int, request: Any) -> None:
        if request.url.endswith(f"/forms/{form.id}"):
            numbers.append(number)

    replace(programme, path=programme.forked(programme.path.with_name("fork.db")).path).night(
        faults=FaultPlan(on_call=listen)
    )
    night = programme.night(faults=FaultPlan(at={numbers[0]: Fault.UNAVAILABLE_BEFORE}))

    assert [row["status"] for row in programme.rows("enrolments")] == ["confirmed"]
    assert [aside.code for aside in night.asides] == ["night.form_unkept"]


def test_a_form_of_an_older_kind_says_so_once(
    linked: tuple[Programme, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    programme, _ = linked
    close_cohort(programme, "2023-01-09")
    monkeypatch.setattr("automation.local.forms.forms.show_form", _legacy)

    first = programme.night()
    second = programme.night(at=NOW + DAY)

    assert [aside.error.code for aside in first.asides] == ["form_legacy"]
    assert second.asides == ()


def _legacy(record: dict[str, Any]) -> dict[str, Any]:
    form = {key: value for key, value in record["form"].items() if key != "publishSettings"}
    return form | {"revisionId": "1"}


def test_a_plan_says_what_the_form_will_be_told(linked: tuple[Programme, Form]) -> None:
    programme, form = linked
    register(form, "Ève", 0)

    first = programme.night()
    second = programme.night(at=NOW + DAY)

    assert form_lines(first, "fr") == [
        "Ce que dira le formulaire\N{NO-BREAK SPACE}: C1 complet – liste d’attente."
    ]
    assert form_lines(second, "fr") == []
