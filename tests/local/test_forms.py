from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from automation.local.errors import ApiError
from automation.local.forms import answer_form, link_form

if TYPE_CHECKING:
    from tests.local.desk import Desk

API = "https://forms.googleapis.com/v1/forms"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Form:
    """A form in the workspace of a spreadsheet."""

    def __init__(self, book: Desk) -> None:
        self.session = book.session
        self.store = book.session.store
        self.id = self.call("POST", "", {"info": {"title": "Inscription"}})["formId"]

    def call(
        self, method: str, path: str, body: Any = None, *, status: int = 200, **query: Any
    ) -> Any:
        url = API + (f"/{self.id}" if hasattr(self, "id") else "") + path
        answer = self.session.request(method, url, json=body, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def batch(self, *requests: Any, status: int = 200, **more: Any) -> Any:
        return self.call("POST", ":batchUpdate", {"requests": list(requests)} | more, status=status)

    def ask(self, title: str, index: int = 0, **question: Any) -> str:
        item = {"title": title, "questionItem": {"question": question or {"textQuestion": {}}}}
        reply = self.batch({"createItem": {"item": item, "location": {"index": index}}})
        number: str = reply["replies"][0]["createItem"]["questionId"][0]
        return number

    def answer(self, answers: Any, at: datetime = NOON, **more: Any) -> str:
        return answer_form(self.store, self.id, answers, at, **more)


@pytest.fixture
def form(book: Desk) -> Form:
    return Form(book)


def choice(*options: str, kind: str = "CHECKBOX") -> dict[str, Any]:
    return {"choiceQuestion": {"type": kind, "options": [{"value": one} for one in options]}}


def test_a_form_is_made_with_its_titles_and_takes_answers(form: Form) -> None:
    found = form.call("GET", "")

    assert found["info"] == {"title": "Inscription", "documentTitle": "Untitled form"}
    state = found["publishSettings"]["publishState"]
    assert state == {"isPublished": True, "isAcceptingResponses": True}
    assert found["responderUri"].endswith("/viewform")


def test_questions_are_added_changed_moved_and_deleted(form: Form) -> None:
    form.ask("Nom")
    number = form.ask("Thèmes", 1, **choice("a", "b"))
    options = choice("a", "b", "c")
    mask = "questionItem.question.choiceQuestion"
    update = {"item": {"questionItem": {"question": options}}, "location": {"index": 1}}
    form.batch({"updateItem": update | {"updateMask": mask}})
    moved = {"originalLocation": {"index": 1}, "newLocation": {"index": 0}}

    after = form.batch({"moveItem": moved}, includeFormInResponse=True)["form"]
    form.batch({"deleteItem": {"location": {"index": 1}}})

    question = after["items"][0]["questionItem"]["question"]
    assert (question["questionId"], len(question["choiceQuestion"]["options"])) == (number, 3)
    assert after["items"][0]["title"] == "Thèmes"
    assert len(form.call("GET", "")["items"]) == 1


def test_a_stale_write_is_refused_and_nothing_is_applied(form: Form) -> None:
    revision = form.call("GET", "")["revisionId"]
    form.ask("Nom")
    request = {"deleteItem": {"location": {"index": 0}}}

    form.batch(request, writeControl={"requiredRevisionId": revision}, status=400)

    assert len(form.call("GET", "")["items"]) == 1


@pytest.mark.parametrize(
    "request_json",
    [
        {},
        {"deleteItem": {"location": {"index": 0}}},
        {"createItem": {"item": {"title": "x"}, "location": {"index": 0}}},
        {"createItem": {"item": {"textItem": {}}, "location": {"index": 2}}},
        {"updateFormInfo": {"info": {"documentTitle": "x"}, "updateMask": "documentTitle"}},
        {
            "createItem": {
                "item": {"questionItem": {"question": choice("a", "a")}},
                "location": {"index": 0},
            }
        },
    ],
)
def test_a_batch_that_makes_no_sense_is_refused_whole(form: Form, request_json: Any) -> None:
    info = {"updateFormInfo": {"info": {"title": "Autre"}, "updateMask": "title"}}

    error = form.batch(info, request_json, status=400)["error"]

    assert "requests[1]" in error["message"]
    assert form.call("GET", "")["info"]["title"] == "Inscription"


def test_title_description_and_settings_change(form: Form) -> None:
    info = {
        "info": {"title": "Autre", "description": "Bienvenue"},
        "updateMask": "title,description",
    }
    settings = {
        "settings": {"emailCollectionType": "VERIFIED"},
        "updateMask": "emailCollectionType",
    }

    form.batch({"updateFormInfo": info}, {"updateSettings": settings})

    found = form.call("GET", "")
    assert found["info"]["description"] == "Bienvenue"
    assert found["settings"] == {"emailCollectionType": "VERIFIED"}


def test_a_closed_form_takes_no_answer(form: Form) -> None:
    form.ask("Nom")
    closed = {"publishState": {"isPublished": True, "isAcceptingResponses": False}}

    answer = form.call("POST", ":setPublishSettings", {"publishSettings": closed})

    assert answer["publishSettings"] == closed
    with pytest.raises(ApiError, match="no longer accepting"):
        form.answer({"Nom": "Anne"})


@pytest.mark.parametrize(
    "state", [{"isPublished": True}, {"isPublished": False, "isAcceptingResponses": True}]
)
def test_half_a_state_is_refused(form: Form, state: Any) -> None:
    body = {"publishSettings": {"publishState": state}}

    form.call("POST", ":setPublishSettings", body, status=400)


def test_answers_are_listed_by_question_a_page_at_a_time(form: Form) -> None:
    name, themes = form.ask("Nom"), form.ask("Thèmes", 1, **choice("a", "b, c"))
    first = form.answer({name: "Anne", "Thèmes": ["a", "b, c"]})
    form.answer({"Nom": "Bo"}, NOON + HOUR)

    page = form.call("GET", "/responses", pageSize=1)
    rest = form.call("GET", "/responses", pageSize=1, pageToken=page["nextPageToken"])
    since = form.call("GET", "/responses", filter=f"timestamp > {NOON.isoformat()}")

    (one,) = page["responses"]
    texts = one["answers"][themes]["textAnswers"]["answers"]
    assert (one["responseId"], texts) == (first, [{"value": "a"}, {"value": "b, c"}])
    assert "nextPageToken" not in rest
    assert since["responses"] == rest["responses"]
    assert form.call("GET", f"/responses/{first}") == one
    form.call("GET", "/responses/x", status=404)
    form.call("GET", "/responses", filter="timestamp > hier", status=400)


@pytest.mark.parametrize(
    "answers", [{}, {"Nom": "Anne", "Autre": "x"}, {"Nom": "Anne", "Thème": "c"}]
)
def test_answers_that_do_not_fit_are_refused(form: Form, answers: Any) -> None:
    form.ask("Nom", required=True, textQuestion={})
    form.ask("Thème", 1, **choice("a", "b", kind="RADIO"))

    with pytest.raises(ApiError):
        form.answer(answers)

    assert form.call("GET", "/responses") == {}


def test_a_linked_form_writes_a_row_for_each_answer_and_over_an_edited_one(
    book: Desk, form: Form
) -> None:
    form.ask("Nom")
    form.ask("Thèmes", 1, **choice("a", "b"))
    link_form(form.store, form.id, book.id, NOON)
    first = form.answer({"Nom": "=Anne", "Thèmes": ["a", "b"]})
    form.answer({"Nom": "Bo"}, NOON + HOUR)

    form.answer({"Nom": "Anna"}, NOON + 2 * HOUR, response_id=first)

    assert form.call("GET", "")["linkedSheetId"] == book.id
    assert book.values("Form Responses 1", "FORMATTED_VALUE") == [
        ["Timestamp", "Nom", "Thèmes"],
        ["2026-03-01 14:00:00", "Anna"],
        ["2026-03-01 13:00:00", "Bo"],
    ]
    edited = form.call("GET", f"/responses/{first}")
    assert edited["createTime"] < edited["lastSubmittedTime"]


def test_a_new_question_is_a_new_column_on_the_right(book: Desk, form: Form) -> None:
    form.ask("Nom")
    link_form(form.store, form.id, book.id, NOON)
    form.ask("Courriel", 0)

    form.answer({"Nom": "Anne", "Courriel": "a@example.org"})

    rows = book.values("Form Responses 1")
    assert [row[1:] for row in rows] == [["Nom", "Courriel"], ["Anne", "a@example.org"]]


def test_drive_knows_the_form(book: Desk, form: Form) -> None:
    url = "https://www.googleapis.com/drive/v3/files"
    query = {"q": "mimeType = 'application/vnd.google-apps.form'"}

    files = book.session.get(url, params=query).json()["files"]
    book.session.delete(f"{url}/{form.id}")

    assert [file["id"] for file in files] == [form.id]
    form.call("GET", "", status=404)
