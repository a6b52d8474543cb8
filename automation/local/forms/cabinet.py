"""Where forms and their answers are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.errors import not_found

if TYPE_CHECKING:
    import sqlite3

Doc = dict[str, Any]

FORM: Final = "form"
RESPONSE: Final = "formResponse"


def load_form(connection: sqlite3.Connection, form_id: str) -> Doc:
    """A form's record: `name` in Drive, `created`, `modified`, `revision` and the `form` itself.

    Raises:
        ApiError: 404.
    """
    record = documents.load(connection, form_id, FORM).get("")
    if record is None:
        raise not_found()
    return record


def keep_form(connection: sqlite3.Connection, record: Doc, now: str) -> None:
    """Keep a form that changed: it gets another revision."""
    record |= {"modified": now, "revision": record["revision"] + 1}
    documents.keep(connection, record["form"]["formId"], FORM, "", record)


def show_form(record: Doc) -> Doc:
    """A Form as answers show it."""
    form: Doc = record["form"]
    info = form["info"] | {"documentTitle": record["name"]}
    return form | {"info": info, "revisionId": f"{record['revision']:08d}"}


def questions_of(form: Doc) -> list[tuple[str, Doc]]:
    """(title, question) of each question in order; those of a group are titled by their row."""
    found: list[tuple[str, Doc]] = []
    for item in form.get("items", ()):
        title = item.get("title", "")
        if "questionItem" in item:
            found.append((title, item["questionItem"]["question"]))
        for question in item.get("questionGroupItem", {}).get("questions", ()):
            row = question.get("rowQuestion", {}).get("title", "")
            found.append((f"{title} [{row}]", question))
    return found
