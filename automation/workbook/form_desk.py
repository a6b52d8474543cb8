"""The registration form is kept in step: open while a cohort takes newcomers, its options up to date.

A human who closes the form, opens it or rewrites an option is never contradicted: Cohorte acts only
where what it would say has changed since it last said it, and opens only what it has closed. What it
said last is remembered in the workbook, as developer metadata, so that a calm night makes no call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.core.doors import FormRecord
from automation.core.text import fold
from automation.errors import WorkbookError
from automation.google.forms import forms_of
from automation.google.sheets import apply_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.doors import Doors
    from automation.google.forms import Forms

_BASE: Final = 730_000_000
_KEY: Final = "cohorte.form"
_OPTIONS: Final = "questionItem.question.choiceQuestion.options"

_OPEN: Final = "open"
_CLOSED: Final = "closed"
_CLOSED_BY_US: Final = "closed-by-us"


def read_record(metadata: Iterable[Mapping[str, Any]]) -> FormRecord:
    """Return what the workbook remembers of the form."""
    found = [item for item in metadata if item.get("metadataKey") == _KEY]
    if not found:
        return FormRecord()
    latest = max(found, key=lambda item: int(item["metadataId"]))
    state, _, digest = str(latest.get("metadataValue", "")).partition(" ")
    return FormRecord(revision=latest["metadataId"] - _BASE, state=state, digest=digest)


def keep_form(
    http: HTTPClient, config: Config, spreadsheet_id: str, record: FormRecord, doors: Doors
) -> None:
    """Bring the form in step, unless it was told the same before.

    Raises `WorkbookError` for a form that can be neither closed nor opened, once for each change, and
    whatever the Forms API and the Sheets API raise.
    """
    language = config.language.value
    digest = doors.digest(language)
    form_id = config.responses.form_id
    if form_id is None or record.digest == digest:
        return
    forms = forms_of(http)
    form = forms.get(form_id)
    _label_options(forms, form, config.fields.cohort, doors, language)
    state = _open_or_close(forms, form, record.state, accepting=doors.accepting)
    after = FormRecord(revision=record.revision + 1, state=state, digest=digest)
    apply_batch(http, spreadsheet_id, [_remember(after), *_forget(record)])
    if "publishSettings" not in form and not doors.accepting:
        raise WorkbookError("form_legacy")


def _label_options(
    forms: Forms, form: Mapping[str, Any], question: str | None, doors: Doors, language: str
) -> None:
    """Let each option of the question about the cohort say whether there is room."""
    for index, item in enumerate(form.get("items", ())):
        choice = item.get("questionItem", {}).get("question", {}).get("choiceQuestion")
        if question is None or choice is None or fold(item.get("title", "")) != fold(question):
            continue
        options = _relabel(choice["options"], doors, language)
        if options != choice["options"]:
            update = {
                "item": {"questionItem": {"question": {"choiceQuestion": {"options": options}}}},
                "location": {"index": index},
                "updateMask": _OPTIONS,
            }
            forms.update(form["formId"], [{"updateItem": update}], form["revisionId"])
        return


def _relabel(
    options: Sequence[Mapping[str, Any]], doors: Doors, language: str
) -> list[dict[str, Any]]:
    """Return the options with other words; all else that they hold stays, such as where they lead."""
    # An option for words of one's own has no value.
    told = [str(option["value"]) for option in options if option.get("value")]
    labels = dict(zip(told, doors.label_options(told, language), strict=True))
    return [
        {**option, "value": labels[option["value"]]} if option.get("value") else dict(option)
        for option in options
    ]


def _open_or_close(forms: Forms, form: Mapping[str, Any], state: str, *, accepting: bool) -> str:
    """Open or close the form where it is for us to do so; return what to remember.

    Args:
        state: What was remembered.
    """
    publish = form.get("publishSettings", {}).get("publishState", {})
    published = bool(publish.get("isPublished"))
    is_open = published and bool(publish.get("isAcceptingResponses"))
    if accepting:
        if state == _CLOSED_BY_US and published and not is_open:
            forms.set_accepting(form["formId"], accepting=True)
        return _OPEN
    if state in {_CLOSED, _CLOSED_BY_US}:
        return state
    if is_open:
        forms.set_accepting(form["formId"], accepting=False)
    return _CLOSED_BY_US if is_open else _CLOSED


def _remember(record: FormRecord) -> dict[str, Any]:
    metadata = {
        "metadataId": _BASE + record.revision,
        "metadataKey": _KEY,
        "metadataValue": f"{record.state} {record.digest}",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _forget(record: FormRecord) -> list[dict[str, Any]]:
    if not record.revision:
        return []
    lookup = {"metadataId": _BASE + record.revision}
    return [{"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}]
