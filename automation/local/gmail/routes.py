"""Which path of the Gmail API is answered by what."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from automation.local.gmail import drafts, labels, messages, shapes, threads
from automation.local.gmail.refusals import denied
from automation.local.route import Route, make_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.desk import Desk
    from automation.local.schema import Message, Spec

GMAIL: Final = "gmail.googleapis.com"
_USER: Final = "/gmail/v1/users/(?P<user>[^/]+)"


def _mine(handler: Callable[[Desk], dict[str, Any]]) -> Callable[[Desk], dict[str, Any]]:
    """Answer for the account's own mailbox only."""

    @wraps(handler)
    def answer(desk: Desk) -> dict[str, Any]:
        if desk.names["user"].casefold() not in {"me", desk.account.address.casefold()}:
            raise denied(desk.account.address)
        return handler(desk)

    return answer


def _read(
    path: str,
    handler: Callable[[Desk], dict[str, Any]],
    answer: Message,
    query: dict[str, Spec] | None = None,
) -> Route:
    return make_route("GET", GMAIL, _USER + path, _mine(handler), query, None, answer)


def _write(
    method: str,
    path: str,
    handler: Callable[[Desk], dict[str, Any]],
    body: Message | None = None,
    answer: Message | None = None,
) -> Route:
    return make_route(method, GMAIL, _USER + path, _mine(handler), {}, body, answer, writes=True)


_DRAFTS: Final = "/drafts"
_DRAFT: Final = _DRAFTS + "/(?P<id>[^/]+)"
_MESSAGES: Final = "/messages"
_MESSAGE: Final = _MESSAGES + "/(?P<id>[^/]+)"
_ATTACHMENT: Final = _MESSAGE + "/attachments/(?P<attachment>[^/]+)"

GMAIL_ROUTES: Final = (
    _read("/profile", labels.get_profile, shapes.PROFILE),
    _read("/labels", labels.list_labels, shapes.LABEL_LIST),
    _read("/labels/(?P<id>[^/]+)", labels.get, shapes.LABEL),
    _read(_DRAFTS, drafts.list_drafts, shapes.DRAFT_LIST, shapes.PAGE),
    _read(_DRAFT, drafts.get, shapes.DRAFT, shapes.DETAIL),
    _write("POST", _DRAFTS, drafts.create, shapes.NEW_DRAFT, shapes.DRAFT),
    _write("POST", _DRAFTS + "/send", drafts.send, shapes.DRAFT_TO_SEND, shapes.MESSAGE),
    _write("PUT", _DRAFT, drafts.update, shapes.NEW_DRAFT, shapes.DRAFT),
    _write("DELETE", _DRAFT, drafts.delete),
    _read(_MESSAGES, messages.list_messages, shapes.MESSAGE_LIST, shapes.LABELLED),
    _read(_MESSAGE, messages.get, shapes.MESSAGE, shapes.OF_MESSAGE),
    _read(_ATTACHMENT, messages.get_attachment, shapes.BODY),
    _write("POST", _MESSAGES + "/send", messages.send, shapes.NEW_MESSAGE, shapes.MESSAGE),
    _read("/threads", threads.list_threads, shapes.THREAD_LIST, shapes.LABELLED),
    _read("/threads/(?P<id>[^/]+)", threads.get, shapes.THREAD, shapes.OF_THREAD),
)
