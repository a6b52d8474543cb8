"""The `forms` collection: get, create, batchUpdate and publish settings."""

from __future__ import annotations

import copy
import secrets
from typing import TYPE_CHECKING, Any, Final

from automation.local import documents, masks
from automation.local.errors import ApiError, refuse
from automation.local.forms.cabinet import FORM, keep_form, load_form, questions_of, show_form
from automation.local.forms.shapes import (
    FORM_SETTINGS,
    INFO,
    ITEM,
    KINDS,
    KINDS_OF_ITEM,
    KINDS_OF_QUESTION,
    PUBLISH_SETTINGS,
)
from automation.local.schema import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.desk import Desk

Doc = dict[str, Any]
_RESPONDER: Final = "https://docs.google.com/forms/d/e/{id}/viewform"


def create(desk: Desk) -> Doc:
    """`forms.create`: of the form sent, only its titles are allowed, as Google documents."""
    info = desk.body.get("info", {})
    if desk.body.keys() - {"info"} or info.keys() - {"title", "documentTitle"}:
        raise refuse("Only info.title and info.document_title can be set when creating a form.")
    if not info.get("title"):
        raise refuse("A form needs a title.")
    form_id = "1" + secrets.token_urlsafe(32)
    published = not desk.query.get("unpublished", False)
    form = {
        "formId": form_id,
        "info": {"title": info["title"]},
        "settings": {"emailCollectionType": "DO_NOT_COLLECT"},
        "responderUri": _RESPONDER.format(id=form_id),
        "publishSettings": {
            "publishState": {"isPublished": published, "isAcceptingResponses": published}
        },
    }
    name = info.get("documentTitle", "Untitled form")
    record = {"name": name, "created": desk.now, "modified": desk.now, "revision": 2, "form": form}
    documents.keep(desk.connection, form_id, FORM, "", record)
    return show_form(record)


def get(desk: Desk) -> Doc:
    """`forms.get`."""
    return show_form(load_form(desk.connection, desk.names["form"]))


def set_publish_settings(desk: Desk) -> Doc:
    """`forms.setPublishSettings`: both halves of the state are needed.

    Raises:
        ApiError: 400 when one is missing, or answers are wanted on a form that is not published.
    """
    record = load_form(desk.connection, desk.names["form"])
    given = desk.body.get("publishSettings", {})
    mask = masks.parse(desk.body.get("updateMask", "*"))
    masks.check(mask, PUBLISH_SETTINGS)
    state = given.get("publishState", {})
    if not {"isPublished", "isAcceptingResponses"} <= state.keys():
        raise refuse("Both isPublished and isAcceptingResponses must be set.")
    if state["isAcceptingResponses"] and not state["isPublished"]:
        raise refuse("A form that is not published cannot accept responses.")
    record["form"]["publishSettings"] = {"publishState": state}
    documents.keep(desk.connection, record["form"]["formId"], FORM, "", record)
    return {"formId": record["form"]["formId"], "publishSettings": {"publishState": state}}


def batch_update(desk: Desk) -> Doc:
    """`forms.batchUpdate`: all requests or none; a stale revision is refused.

    Raises:
        ApiError: 400 naming the first request that Google would refuse.
    """
    record = load_form(desk.connection, desk.names["form"])
    control = desk.body.get("writeControl", {})
    revision = show_form(record)["revisionId"]
    if control.get("requiredRevisionId", revision) != revision:
        raise refuse("The required revision ID does not match the latest revision of the form.")
    requests = desk.body.get("requests", [])
    if not requests:
        raise refuse("Must specify at least one request.")
    replies = [_apply(record, index, request) for index, request in enumerate(requests)]
    keep_form(desk.connection, record, desk.now)
    shown = show_form(record)
    answer: Doc = {
        "replies": replies,
        "writeControl": {"requiredRevisionId": shown["revisionId"]},
    }
    return answer | ({"form": shown} if desk.body.get("includeFormInResponse") else {})


def _apply(record: Doc, index: int, request: Any) -> Doc:
    given = {k: v for k, v in request.items() if v is not None} if isinstance(request, dict) else {}
    if len(given) != 1 or not given.keys() <= KINDS.keys():
        raise refuse("Invalid requests[{index}]: No request set.", index=index)
    ((kind, content),) = given.items()
    parsed: Doc = read(KINDS[kind], content, f"requests[{index}].{kind}")
    try:
        reply = _APPLY[kind](record, parsed)
        _check_ids(record["form"])
    except ApiError as error:
        if error.code == 400:  # noqa: PLR2004 - HTTP
            error.message = f"Invalid requests[{index}].{kind}: {error.message}"
        raise
    return {kind: reply} if reply else {}


def _place(record: Doc, location: Doc, *, more: int = 0) -> int:
    index = int(location.get("index", 0))
    count = len(record["form"].get("items", ())) + more
    if not 0 <= index < count:
        raise refuse(
            "Invalid location. The location should be in the range [0, {count}).", count=count
        )
    return index


def _create_item(record: Doc, request: Doc) -> Doc:
    index = _place(record, request.get("location", {}), more=1)
    item = _complete_item(request.get("item", {}))
    record["form"].setdefault("items", []).insert(index, item)
    ids = [question["questionId"] for _, question in questions_of({"items": [item]})]
    return {"itemId": item["itemId"]} | ({"questionId": ids} if ids else {})


def _complete_item(given: Doc) -> Doc:
    """An item in which every id is there.

    Raises:
        ApiError: 400 for an item or a question of no kind, or choices that are none.
    """
    item = copy.deepcopy(given)
    if not set(KINDS_OF_ITEM.split()) & item.keys():
        raise refuse("The item must have a kind.")
    item["itemId"] = item.get("itemId") or _new_id()
    for _, question in questions_of({"items": [item]}):
        if not set(KINDS_OF_QUESTION.split()) & question.keys():
            raise refuse("The question must have a kind.")
        question["questionId"] = question.get("questionId") or _new_id()
        _check_choices(question.get("choiceQuestion"))
    return item


def _check_choices(choice: Doc | None) -> None:
    if choice is None:
        return
    values = [
        option.get("value", "") for option in choice.get("options", ()) if not option.get("isOther")
    ]
    if "type" not in choice or not choice.get("options"):
        raise refuse("A choice question needs a type and options.")
    if not all(values):
        raise refuse("An option needs a value.")
    if len(set(values)) < len(values):
        raise refuse("Cannot have duplicate option values.")


def _new_id() -> str:
    return secrets.token_hex(4)


def _check_ids(form: Doc) -> None:
    items = [item["itemId"] for item in form.get("items", ())]
    questions = [question["questionId"] for _, question in questions_of(form)]
    for ids in (items, questions):
        if len(set(ids)) < len(ids):
            raise refuse("An id is used twice.")


def _update_item(record: Doc, request: Doc) -> None:
    index = _place(record, request.get("location", {}))
    mask = masks.parse(request.get("updateMask", ""))
    masks.check(mask, ITEM)
    items = record["form"]["items"]
    items[index] = _complete_item(masks.assign(mask, items[index], request.get("item", {})))


def _move_item(record: Doc, request: Doc) -> None:
    first = _place(record, request.get("originalLocation", {}))
    to = _place(record, request.get("newLocation", {}))
    items = record["form"]["items"]
    items.insert(to, items.pop(first))


def _delete_item(record: Doc, request: Doc) -> None:
    index = _place(record, request.get("location", {}))
    del record["form"]["items"][index]


def _update_info(record: Doc, request: Doc) -> None:
    mask = masks.parse(request.get("updateMask", ""))
    masks.check(mask, INFO)
    if "documentTitle" in mask:
        raise refuse("The document title cannot be changed through the Forms API.")
    info = masks.assign(mask, record["form"]["info"], request.get("info", {}))
    record["form"]["info"] = {k: v for k, v in info.items() if k != "documentTitle"}


def _update_settings(record: Doc, request: Doc) -> None:
    mask = masks.parse(request.get("updateMask", ""))
    masks.check(mask, FORM_SETTINGS)
    settings = masks.assign(mask, record["form"]["settings"], request.get("settings", {}))
    record["form"]["settings"] = settings


_APPLY: Final[dict[str, Callable[[Doc, Doc], Doc | None]]] = {
    "createItem": _create_item,
    "updateItem": _update_item,
    "moveItem": _move_item,
    "deleteItem": _delete_item,
    "updateFormInfo": _update_info,
    "updateSettings": _update_settings,
}
