"""The two forms are made through the Forms API, once, and found again afterwards.

Their ids are noted in the spreadsheet, as developer metadata, before their questions are added: a run
that was cut off goes on with the form it made. That a form's answers go to a spreadsheet is the one
thing that REST can't do; whether somebody has done it, the form says itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.config.forms import QuestionKind
from automation.google.forms import forms_of
from automation.google.sheets import apply_batch, get_spreadsheet

if TYPE_CHECKING:
    from gspread import HTTPClient

    from automation.config.forms import AskedQuestion, FormsDescription
    from automation.google.forms import Forms

_KEY: Final = "cohorte.forms"
_REGISTRATION: Final = 740_000_001
_PLACE: Final = 740_000_002
_TYPES: Final = {
    QuestionKind.CHOICE: "RADIO",
    QuestionKind.LIST: "DROP_DOWN",
    QuestionKind.BOXES: "CHECKBOX",
}

Item = dict[str, Any]


class MadeForm(Struct, frozen=True, kw_only=True):
    """A form that Cohorte made.

    Attributes:
        new: Whether it was made just now.
        public_url: Where one answers it.
        linked: Whether its answers go to the spreadsheet.
        entries: Numbers of its questions in a prefilled link, by title.
    """

    id: str
    title: str
    new: bool
    public_url: str
    linked: bool
    entries: dict[str, int]

    @property
    def edit_url(self) -> str:
        """Where one edits it."""
        return f"https://docs.google.com/forms/d/{self.id}/edit"

    def prefill(self, question: str, answer: str) -> str:
        """Return a link that answers a question beforehand."""
        return f"{self.public_url}?usp=pp_url&entry.{self.entries[question]}={answer}"


def make_forms(
    http: HTTPClient, spreadsheet_id: str, description: FormsDescription
) -> tuple[MadeForm, MadeForm]:
    """Return the registration form and the form "Ma place"; those that are not there are made.

    Raises what the Forms API and the Sheets API raise.
    """
    forms = forms_of(http)
    about = get_spreadsheet(http, spreadsheet_id)
    known = {
        item["metadataId"]: str(item.get("metadataValue", ""))
        for item in about.get("developerMetadata", ())
        if item.get("metadataKey") == _KEY
    }
    asked = description.registration
    wanted = (
        (_REGISTRATION, asked.title, asked.description, [_ask(q) for q in asked.questions]),
        (_PLACE, description.place.title, description.place.description, _ask_place(description)),
    )
    made = []
    for number, title, words, items in wanted:
        form_id = known.get(number) or _create(http, forms, spreadsheet_id, number, title)
        form = forms.get(form_id)
        if not form.get("items"):
            forms.update(form_id, _fill(words, items), form["revisionId"])
            forms.set_accepting(form_id, accepting=True)
            form = forms.get(form_id)
        made.append(_describe(form, spreadsheet_id, new=number not in known))
    return made[0], made[1]


def _create(http: HTTPClient, forms: Forms, spreadsheet_id: str, number: int, title: str) -> str:
    form_id = str(forms.create(title)["formId"])
    metadata = {
        "metadataId": number,
        "metadataKey": _KEY,
        "metadataValue": form_id,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    note = {"createDeveloperMetadata": {"developerMetadata": metadata}}
    apply_batch(http, spreadsheet_id, [note])
    return form_id


def _fill(description: str | None, items: list[Item]) -> list[dict[str, Any]]:
    """Return the changes that give an empty form its questions."""
    first: list[dict[str, Any]] = []
    if description is not None:
        info = {"description": description}
        first.append({"updateFormInfo": {"info": info, "updateMask": "description"}})
    return [
        *first,
        *(
            {"createItem": {"item": item, "location": {"index": index}}}
            for index, item in enumerate(items)
        ),
    ]


def _ask(asked: AskedQuestion) -> Item:
    question: dict[str, Any] = {"required": asked.required}
    if asked.kind in _TYPES:
        question["choiceQuestion"] = _choose(_TYPES[asked.kind], asked.options)
    else:
        question["textQuestion"] = {"paragraph": asked.kind is QuestionKind.PARAGRAPH}
    item = {"title": asked.title, "questionItem": {"question": question}}
    return item | ({"description": asked.help} if asked.help else {})


def _ask_place(description: FormsDescription) -> list[Item]:
    place = description.place
    code = {"required": True, "textQuestion": {"paragraph": False}}
    options = (place.accept, place.withdraw, place.no_news)
    choice = {"required": True, "choiceQuestion": _choose("RADIO", options)}
    return [
        {"title": place.code, "questionItem": {"question": code}},
        {"title": place.choice, "questionItem": {"question": choice}},
    ]


def _choose(kind: str, options: tuple[str, ...]) -> dict[str, Any]:
    return {"type": kind, "options": [{"value": option} for option in options]}


def _describe(form: dict[str, Any], spreadsheet_id: str, *, new: bool) -> MadeForm:
    # A prefilled link numbers questions in decimal where the API has them in hexadecimal.
    entries = {
        str(item.get("title", "")): int(item["questionItem"]["question"]["questionId"], 16)
        for item in form.get("items", ())
        if "questionItem" in item
    }
    return MadeForm(
        id=str(form["formId"]),
        title=str(form["info"]["title"]),
        new=new,
        public_url=str(form.get("responderUri", "")),
        linked=form.get("linkedSheetId") == spreadsheet_id,
        entries=entries,
    )
