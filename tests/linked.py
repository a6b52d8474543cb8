"""A programme whose response tab is a form's, as the embedded workspace links them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from automation import local
from automation.local.forms import answer_form, delete_answer, link_form
from automation.workspace import with_spreadsheet
from tests.programme import NOW, Programme, new_programme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

URL = "https://forms.googleapis.com/v1/forms"
QUESTIONS = ("Prénom", "Nom", "Courriel", "Téléphone", "Métier")
CHOICE = "Cohorte"


class Form(Struct, frozen=True):
    """The registration form of a programme."""

    path: Path
    id: str

    def call(self, method: str, path: str = "", body: Any = None) -> Any:
        """Call the Forms API as somebody who edits the form."""
        with local.session(self.path, clock=lambda: NOW) as session:
            found = session.request(method, f"{URL}/{self.id}{path}", json=body)
            assert found.ok, found.text
            return found.json()

    def answer(self, answers: Mapping[str, str], at: datetime, *, edits: str = "") -> str:
        """Submit an answer, or an edited one, as a participant; return its id."""
        with local.session(self.path, clock=lambda: NOW) as session:
            return answer_form(session.store, self.id, answers, at, response_id=edits)

    def delete(self, response_id: str) -> None:
        """Delete an answer, as somebody who edits the form does, one at a time."""
        with local.session(self.path, clock=lambda: NOW) as session:
            delete_answer(session.store, self.id, response_id)

    @property
    def accepting(self) -> bool:
        """Whether it takes answers."""
        return bool(self.call("GET")["publishSettings"]["publishState"]["isAcceptingResponses"])

    def close(self, *, accepting: bool = False) -> None:
        """Close it, or open it again, as a human does."""
        state = {"isPublished": True, "isAcceptingResponses": accepting}
        self.call("POST", ":setPublishSettings", {"publishSettings": {"publishState": state}})

    @property
    def options(self) -> list[str]:
        """The options of the question about the cohort."""
        (item,) = (item for item in self.call("GET")["items"] if item["title"] == CHOICE)
        choice = item["questionItem"]["question"]["choiceQuestion"]
        return [option["value"] for option in choice["options"]]


def linked_programme(folder: Path, cohorts: Sequence[str] = ()) -> tuple[Programme, Form]:
    """Make a programme and the form that its answers come from, which asks for a cohort if given."""
    programme = new_programme(folder)
    with local.session(programme.path, clock=lambda: NOW) as session:
        form_id = session.post(URL, json={"info": {"title": "Inscription"}}).json()["formId"]
        form = Form(programme.path, form_id)
        items: list[dict[str, Any]] = [
            {"title": title, "questionItem": {"question": {"textQuestion": {}}}}
            for title in QUESTIONS
        ]
        if cohorts:
            options = [{"value": name} for name in cohorts]
            choice = {"choiceQuestion": {"type": "RADIO", "options": options}}
            items.append({"title": CHOICE, "questionItem": {"question": choice}})
        requests = [
            {"createItem": {"item": item, "location": {"index": index}}}
            for index, item in enumerate(items)
        ]
        form.call("POST", ":batchUpdate", {"requests": requests})
        link_form(session.store, form_id, programme.spreadsheet_id, NOW)
    return _configured(programme, form_id, cohorts), form


def _configured(programme: Programme, form_id: str, cohorts: Sequence[str]) -> Programme:
    """Return the programme, told of its form and of the tab that linking it made."""
    config = programme.config
    fields = config.fields.model_copy(update={"cohort": CHOICE} if cohorts else {})
    tabs = ("Réponses au formulaire 2",)
    answers = config.responses.model_copy(update={"form_id": form_id, "tabs": tabs})
    told = config.model_copy(update={"responses": answers, "fields": fields})
    return Programme(programme.path, with_spreadsheet(told, programme.spreadsheet_id))
