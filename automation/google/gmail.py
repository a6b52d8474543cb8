"""The calls of a delivery to the Gmail API: drafts, threads, searches.

Plain REST, since a client that answers a broken connection by sending again would write to people
twice. What only looks is tried again after whatever may pass; what makes a draft or sends one is
made once, and whoever asks decides.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests
from msgspec import Struct

from automation.errors import CredentialsError, UnreachableError
from automation.google.calls import (
    explain_forbidden,
    explain_transient,
    find_message,
    find_reasons,
    is_rate_limit,
    make_call,
)
from automation.google.retries import PATIENT, Retries, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_URL: Final = "https://gmail.googleapis.com/gmail/v1/users/me"
_PAGE: Final = 500
_PASSING: Final = frozenset(
    {requests.codes.forbidden, requests.codes.request_timeout, requests.codes.too_many_requests}
)


class NotTakenError(Exception):
    """Gmail says that this request makes no sense (a 4xx): it did nothing of it.

    Attributes:
        code: HTTP status code.
        detail: What Google says, without addresses.
    """

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Draft(Struct, frozen=True, kw_only=True):
    """Where a draft is.

    Attributes:
        id: Stays the same until it is sent.
        message: Id of what it says now.
        thread: Stays the same once it is sent.
    """

    id: str
    message: str
    thread: str


class Found(Struct, frozen=True, kw_only=True):
    """A message of the mailbox.

    Attributes:
        at: When Gmail took it (UTC).
        labels: Ids of its labels.
        headers: Those that were asked for, by name in lower case.
    """

    id: str
    at: datetime
    labels: frozenset[str]
    headers: Mapping[str, str]

    @property
    def is_sent(self) -> bool:
        """Whether it left from this mailbox."""
        return "SENT" in self.labels

    @property
    def is_draft(self) -> bool:
        """Whether it has not left."""
        return "DRAFT" in self.labels


class Gmail:
    """The mailbox of the account whose session this is."""

    def __init__(self, session: requests.Session, retries: Retries = PATIENT) -> None:
        self._session = session
        self.retries = retries

    def read_address(self) -> str:
        """Return the mailbox's own address."""
        return str(self._persist("get", "/profile")["emailAddress"])

    def create_draft(self, raw: bytes) -> Draft:
        """Make a draft once; raises `NotTakenError`, `LostAnswerError`, `TurnedAwayError`."""
        return _read_draft(self._call("post", "/drafts", json=_draft_of(raw)))

    def update_draft(self, draft_id: str, raw: bytes) -> Draft:
        """Put a message in the place of a draft's; raises `NotTakenError` where there is none.

        Harmless when it is made twice, so it is tried again like a read.
        """
        body = _draft_of(raw)
        return _read_draft(self._persist("put", f"/drafts/{draft_id}", json=body))

    def delete_draft(self, draft_id: str) -> None:
        """Delete a draft for ever; one that is gone already is gone."""
        try:
            self._persist("delete", f"/drafts/{draft_id}")
        except NotTakenError as error:
            if error.code != requests.codes.not_found:
                raise

    def send_draft(self, draft_id: str) -> str:
        """Send a draft once, and return the id of the message that was sent.

        Raises `NotTakenError`, `LostAnswerError`, `TurnedAwayError`.
        """
        return str(self._call("post", "/drafts/send", json={"id": draft_id})["id"])

    def list_drafts(self) -> Iterator[Draft]:
        """Yield every draft, ours or not, the newest first."""
        for draft in self._list("/drafts", "drafts", {}):
            yield _read_draft(draft)

    def read_message(self, message_id: str, headers: Sequence[str]) -> Found | None:
        """Return a message with some of its headers; None where there is none."""
        found = self._look(f"/messages/{message_id}", headers)
        return None if found is None else _read_found(found)

    def read_thread(self, thread_id: str, headers: Sequence[str]) -> list[Found]:
        """Return the messages of a thread, the oldest first; none where there is no thread."""
        found = self._look(f"/threads/{thread_id}", headers) or {}
        return [_read_found(message) for message in found.get("messages", ())]

    def search(self, query: str) -> Iterator[str]:
        """Yield the ids of the messages that a search finds, the newest first."""
        for message in self._list("/messages", "messages", {"q": query}):
            yield str(message["id"])

    def _look(self, path: str, headers: Sequence[str]) -> dict[str, Any] | None:
        params = {"format": "metadata", "metadataHeaders": list(headers)}
        try:
            return self._persist("get", path, params=params)
        except NotTakenError as error:
            if error.code == requests.codes.not_found:
                return None
            raise

    def _list(self, path: str, name: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        page: dict[str, Any] = {}
        while True:
            asked = {**params, "maxResults": _PAGE, **page}
            answer = self._persist("get", path, params=asked)
            yield from answer.get(name, ())
            if "nextPageToken" not in answer:
                return
            page = {"pageToken": answer["nextPageToken"]}

    def _persist(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a call as often as it may yet succeed."""
        call = partial(self._call, method, path, **options)
        return self.retries.persist(call, TransientError)

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a call once."""
        return make_call(self._session, method, _URL + path, _explain, **options)


def _draft_of(raw: bytes) -> dict[str, Any]:
    return {"message": {"raw": urlsafe_b64encode(raw).decode("ascii")}}


def _read_draft(answer: Mapping[str, Any]) -> Draft:
    message = answer["message"]
    return Draft(id=answer["id"], message=message["id"], thread=message["threadId"])


def _read_found(answer: Mapping[str, Any]) -> Found:
    headers = answer.get("payload", {}).get("headers", ())
    return Found(
        id=answer["id"],
        at=datetime.fromtimestamp(int(answer["internalDate"]) / 1000, UTC),
        labels=frozenset(answer.get("labelIds", ())),
        headers={str(one["name"]).lower(): str(one["value"]) for one in headers},
    )


def _explain(response: requests.Response) -> Exception:
    """Return the error that an HTTP answer stands for."""
    code = response.status_code
    if code == requests.codes.unauthorized:
        return CredentialsError("credentials", detail="401")
    # A service account that may not act for a person has no mailbox, and hears it with a 400.
    not_ours = code == requests.codes.forbidden and not is_rate_limit(response)
    if not_ours or "failedPrecondition" in find_reasons(response):
        return explain_forbidden(response) or CredentialsError("no_mailbox")
    if code == requests.codes.not_implemented:
        return UnreachableError("unreachable", detail="501")
    if code in _PASSING or code >= requests.codes.server_error:
        return explain_transient(response)
    return NotTakenError(code, find_message(response))
