"""The calls to the Forms API: a form's questions, its responses, and whether it takes any more.

https://developers.google.com/workspace/forms/api/reference/rest
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests

from automation.core.form_answers import FormAnswer
from automation.errors import CohorteError, CredentialsError, WorkbookError
from automation.google.calls import (
    TurnedAwayError,
    explain_forbidden,
    explain_transient,
    find_place,
    is_rate_limit,
    make_call,
    quoting,
)
from automation.google.client import Client, retries_of
from automation.google.retries import PATIENT, Retries, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gspread import HTTPClient

_URL: Final = "https://forms.googleapis.com/v1/forms"
_PAGE: Final = 5000
"""As many responses as one page may hold."""


def forms_of(http: HTTPClient) -> Forms:
    """Return the Forms API as the account of a client may use it.

    Raises `CredentialsError` where it may not.
    """
    session = http.open_forms() if isinstance(http, Client) and http.open_forms else http.session
    return Forms(session, retries_of(http))


class Forms:
    """The forms that an account can open.

    Every call raises `WorkbookError` where there is no such form or Google refuses what is asked,
    `CredentialsError` where the form is not shared with the account, and `UnreachableError`.
    """

    def __init__(self, session: requests.Session, retries: Retries = PATIENT) -> None:
        self._session = session
        self._retries = retries

    def list_answers(self, form_id: str) -> tuple[FormAnswer, ...]:
        """Return all the responses, in no promised order; one call for each 5000."""
        found: list[FormAnswer] = []
        token = ""
        while True:
            params = {"pageSize": _PAGE} | ({"pageToken": token} if token else {})
            page = self._again("get", f"/{form_id}/responses", params=params)
            found += map(_read_answer, page.get("responses", ()))
            token = page.get("nextPageToken", "")
            if not token:
                return tuple(found)

    def get(self, form_id: str) -> dict[str, Any]:
        """Return a form: its items, its revision and, unless it is a legacy one, its publish state."""
        return self._again("get", f"/{form_id}")

    def create(self, title: str) -> dict[str, Any]:
        """Make an empty form with a title, which is also its file's, and return it.

        Not tried again: a lost answer may leave a form behind.
        """
        return self._call("post", "", json={"info": {"title": title, "documentTitle": title}})

    def update(
        self, form_id: str, changes: Sequence[Mapping[str, Any]], revision: str
    ) -> dict[str, Any]:
        """Apply all of the changes or none, unless somebody changed the form since that revision.

        Tried again only where nothing was carried out for sure.
        """
        body = {"requests": list(changes), "writeControl": {"requiredRevisionId": revision}}
        call = partial(self._call, "post", f"/{form_id}:batchUpdate", json=body)
        return self._retries.persist(call, TurnedAwayError)

    def set_accepting(self, form_id: str, *, accepting: bool) -> None:
        """Publish a form, and let it take answers or not; a legacy form has no such setting."""
        state = {"isPublished": True, "isAcceptingResponses": accepting}
        body = {"publishSettings": {"publishState": state}}
        self._again("post", f"/{form_id}:setPublishSettings", json=body)

    def _again(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a call that is harmless when it is made twice."""
        return self._retries.persist(partial(self._call, method, path, **options), TransientError)

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return make_call(self._session, method, _URL + path, _explain, **options)


def _explain(response: requests.Response) -> CohorteError:
    """Return the error that an HTTP answer stands for."""
    code = response.status_code
    if code == requests.codes.bad_request:
        return quoting(WorkbookError("form_refused", detail=find_place(response)), response)
    if code == requests.codes.unauthorized:
        return CredentialsError("credentials", detail="401")
    if code == requests.codes.not_found:
        return WorkbookError("form_not_found")
    if code == requests.codes.forbidden and not is_rate_limit(response):
        return explain_forbidden(response) or CredentialsError("form_forbidden")
    return explain_transient(response)


def _read_answer(response: Mapping[str, Any]) -> FormAnswer:
    return FormAnswer(
        id=str(response["responseId"]),
        submitted_at=datetime.fromisoformat(str(response["lastSubmittedTime"])),
        texts=tuple(_read_texts(response)),
    )


def _read_texts(response: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the response's row says, cell by cell: Forms joins ticked boxes with ", "."""
    if "respondentEmail" in response:
        yield str(response["respondentEmail"])
    for answer in response.get("answers", {}).values():
        texts = answer.get("textAnswers", {}).get("answers", ())
        yield ", ".join(str(text.get("value", "")) for text in texts)
