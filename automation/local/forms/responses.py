"""The `forms.responses` collection."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.errors import not_found, refuse
from automation.local.forms.cabinet import RESPONSE, load_form

if TYPE_CHECKING:
    from automation.local.desk import Desk

_MAX_PAGE: Final = 5000
_FILTER: Final = re.compile(r"timestamp\s*(>=?)\s*(\S+)")
_START: Final = "~from-"


def list_responses(desk: Desk) -> dict[str, Any]:
    """`forms.responses.list`: by when they were last submitted, a page at a time.

    Raises:
        ApiError: 400 for a filter or a token that means nothing.
    """
    record = load_form(desk.connection, desk.names["form"])
    found = list(documents.load(desk.connection, record["form"]["formId"], RESPONSE).values())
    if text := desk.query.get("filter"):
        sign, moment = _read_filter(text)
        found = [one for one in found if _is_later(one, sign, moment)]
    size = min(desk.query.get("pageSize") or _MAX_PAGE, _MAX_PAGE)
    token = desk.query.get("pageToken", "")
    digits = token.removeprefix(_START)
    if token and (digits == token or not digits.isdecimal()):
        raise refuse("Invalid page token.")
    start = int(digits or 0)
    page = found[start : start + size]
    answer: dict[str, Any] = {"responses": page} if page else {}
    more = start + size < len(found)
    return answer | ({"nextPageToken": f"{_START}{start + size}"} if more else {})


def _read_filter(text: str) -> tuple[str, datetime]:
    found = _FILTER.fullmatch(text.strip())
    try:
        moment = datetime.fromisoformat(found[2]) if found else None
    except ValueError:
        moment = None
    if not found or moment is None or moment.tzinfo is None:
        raise refuse("Invalid filter: {text}", text=text)
    return found[1], moment


def _is_later(response: dict[str, Any], sign: str, moment: datetime) -> bool:
    submitted = datetime.fromisoformat(response["lastSubmittedTime"])
    return submitted > moment or (sign == ">=" and submitted == moment)


def get(desk: Desk) -> dict[str, Any]:
    """`forms.responses.get`."""
    record = load_form(desk.connection, desk.names["form"])
    known = documents.load(desk.connection, record["form"]["formId"], RESPONSE)
    found = known.get(desk.names["response"])
    if found is None:
        raise not_found()
    return found
