"""What people do with a form outside of its API: link it to a spreadsheet, and answer it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from automation.local import documents
from automation.local.book import Book
from automation.local.dimensions import grow
from automation.local.errors import refuse
from automation.local.forms.cabinet import RESPONSE, keep_form, load_form, questions_of
from automation.local.kinds.sheets import add
from automation.local.rendering import serial
from automation.local.schema import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.local.sheet import Sheet
    from automation.local.store import Store

_TITLES: Final = {
    "fr": ("Réponses au formulaire {n}", "Horodateur"),
    "en": ("Form Responses {n}", "Timestamp"),
}
_EMAIL: Final = {"fr": "Adresse e-mail", "en": "Email Address"}


def link_form(store: Store, form_id: str, spreadsheet_id: str, now: datetime) -> int:
    """Give a spreadsheet a tab for a form's answers, as "Link to Sheets" does; return the tab's id.

    Args:
        store: The workspace.
        form_id: The form.
        spreadsheet_id: Where its answers are to go from now on.
        now: With a time zone.

    Raises:
        ApiError: 404 when one of them does not exist.
    """
    with store.writing() as connection:
        record = load_form(connection, form_id)
        book = Book(connection, spreadsheet_id)
        language = "fr" if book.properties["locale"].startswith("fr") else "en"
        title, stamp = _TITLES[language]
        number = 1
        while book.titled(title.format(n=number)):
            number += 1
        properties = {
            "title": title.format(n=number),
            "index": 0,
            "gridProperties": {"frozenRowCount": 1},
        }
        reply = add(book, {"properties": properties})
        sheet_id: int = reply["addSheet"]["properties"]["sheetId"]
        columns = [{"question": "", "header": stamp}]
        if (
            record["form"]["settings"].get("emailCollectionType", "DO_NOT_COLLECT")
            != "DO_NOT_COLLECT"
        ):
            columns.append({"question": "email", "header": _EMAIL[language]})
        link = {"sheet": sheet_id, "columns": columns}
        record["link"] = link
        record["form"]["linkedSheetId"] = spreadsheet_id
        _write_headers(book.sheet(sheet_id), record)
        book.save(_stamp(now))
        keep_form(connection, record, _stamp(now))
        return sheet_id


def _write_headers(sheet: Sheet, record: dict[str, Any]) -> None:
    """A column for each question, new ones on the right; those of questions that went stay."""
    columns = record["link"]["columns"]
    known = {column["question"]: column for column in columns}
    for title, question in questions_of(record["form"]):
        column = known.get(question["questionId"])
        if column is None:
            columns.append({"question": question["questionId"], "header": title})
        else:
            column["header"] = title
    sheet.column_count = max(sheet.column_count, len(columns))
    headers = [column["header"] for column in columns]
    sheet.grid.revalue(0, 1, lambda _, values: headers + values[len(headers) :])


def answer_form(  # noqa: PLR0913 - what an answer is made of
    store: Store,
    form_id: str,
    answers: Mapping[str, str | Sequence[str]],
    now: datetime,
    *,
    email: str = "",
    response_id: str = "",
) -> str:
    """Submit an answer as a participant does; return its id.

    Args:
        store: The workspace.
        form_id: The form.
        answers: By the question's id or title; several texts for boxes ticked.
        now: When, with a time zone.
        email: Whose answer it is, where the form collects that.
        response_id: Of an answer that is edited: its row and its timestamp are overwritten.

    Raises:
        ApiError: 404 for no such form, 400 when it takes no answers, or these do not fit.
    """
    with store.writing() as connection:
        record = load_form(connection, form_id)
        form = record["form"]
        if not form["publishSettings"]["publishState"]["isAcceptingResponses"]:
            raise refuse("This form is no longer accepting responses.")
        given = _fitting(form, answers)
        known = documents.load(connection, form_id, RESPONSE).get(response_id, {})
        response = {
            "formId": form_id,
            "responseId": response_id or secrets.token_urlsafe(32),
            "createTime": known.get("createTime", _stamp(now)),
            "lastSubmittedTime": _stamp(now),
            "answers": {
                key: {"questionId": key, "textAnswers": {"answers": [{"value": v} for v in values]}}
                for key, values in given.items()
            },
        } | ({"respondentEmail": email} if email else {})
        key = str(response["responseId"])
        documents.keep(connection, form_id, RESPONSE, key, response)
        if "link" in record:
            _write_row(Book(connection, form["linkedSheetId"]), record, response, known)
            documents.keep(connection, form_id, "form", "", record)
        return key


def delete_answer(store: Store, form_id: str, response_id: str) -> None:
    """Delete an answer, as somebody who edits the form does; its row in the spreadsheet stays.

    Raises:
        ApiError: 404 for no such form.
    """
    with store.writing() as connection:
        load_form(connection, form_id)
        documents.forget(connection, form_id, RESPONSE, response_id)


def _fitting(
    form: dict[str, Any], answers: Mapping[str, str | Sequence[str]]
) -> dict[str, list[str]]:
    """Answers by the question's id.

    Raises:
        ApiError: 400 for an unknown question, a missing answer, or a choice that is not offered.
    """
    found: dict[str, list[str]] = {}
    questions = questions_of(form)
    names = {q["questionId"] for _, q in questions} | {title for title, _ in questions}
    if unknown := sorted(answers.keys() - names):
        raise refuse("No question {name} on the form.", name=unknown[0])
    for title, question in questions:
        raw = answers.get(question["questionId"], answers.get(title, ()))
        values = [raw] if isinstance(raw, str) else list(raw)
        values = [value for value in values if value]
        if question.get("required") and not values:
            raise refuse("The question {name} must be answered.", name=title)
        _check_choice(question.get("choiceQuestion"), title, values)
        if values:
            found[question["questionId"]] = values
    return found


def _check_choice(choice: dict[str, Any] | None, title: str, values: list[str]) -> None:
    if choice is None or any(option.get("isOther") for option in choice["options"]):
        return
    offered = {option["value"] for option in choice["options"]}
    if not offered.issuperset(values) or (choice["type"] != "CHECKBOX" and len(values) > 1):
        raise refuse("The question {name} has no such choice.", name=title)


def _write_row(
    book: Book, record: dict[str, Any], response: dict[str, Any], known: dict[str, Any]
) -> None:
    """The answer's row: below the last one, or over the one that it edits, found by its timestamp."""
    sheet = book.sheet(record["link"]["sheet"])
    _write_headers(sheet, record)
    zone = ZoneInfo(book.properties["timeZone"])
    moment = _serial(response["lastSubmittedTime"], zone)
    texts = {
        key: ", ".join(one["value"] for one in answer["textAnswers"]["answers"])
        for key, answer in response["answers"].items()
    }
    texts["email"] = response.get("respondentEmail", "")
    columns = record["link"]["columns"][1:]
    row = [moment, *(texts.get(column["question"]) or None for column in columns)]
    place = sheet.grid.used
    if known:
        before = _serial(known["lastSubmittedTime"], zone)
        rows = enumerate(sheet.grid.values(0, sheet.grid.used))
        place = next((i for i, values in rows if values and values[0] == before), place)
    grow(sheet, place + 1)
    sheet.grid.revalue(place, place + 1, lambda _, values: row + values[len(row) :])
    pattern = {"numberFormat": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd h:mm:ss"}}
    sheet.grid.restyle(
        place, place + 1, lambda extras: extras | {"0": {"userEnteredFormat": pattern}}
    )
    book.save(response["lastSubmittedTime"])


def _serial(stamp: str, zone: ZoneInfo) -> int | float:
    moment = datetime.fromisoformat(stamp).astimezone(zone).replace(tzinfo=None)
    return plain_number(serial(moment), "timestamp")


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
