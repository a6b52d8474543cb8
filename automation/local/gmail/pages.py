"""Lists that come in pages: which messages are meant, and where the next page begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.gmail.mailbox import Mailbox
from automation.local.gmail.refusals import INVALID_PAGE, invalid
from automation.local.gmail.searching import parse_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.local.desk import Desk
    from automation.local.gmail.mailbox import Kept

_USUAL: Final = 100
_MOST: Final = 500


def wanted(desk: Desk) -> list[Kept]:
    """The messages that a list's `q` and `labelIds` mean, the newest first."""
    mailbox = Mailbox(desk)
    test = parse_query(desk.query.get("q", ""), mailbox.stamp)
    labels = set(desk.query.get("labelIds", ()))
    return [kept for kept in mailbox.messages() if labels <= set(kept.labels) and test(kept)]


def page_of(desk: Desk, found: Iterable[Kept]) -> tuple[list[Kept], dict[str, Any]]:
    """One page of what was found, and the rest of the answer.

    A page begins after the message that the last one ended with, so that what came meanwhile shows
    nothing twice.

    Raises:
        ApiError: 400 for a page token that no answer gave.
    """
    left = list(found)
    token = desk.query.get("pageToken", "")
    total = len(left)
    if token:
        after = _parse_token(token)
        left = [kept for kept in left if (kept.stamp, kept.number) < after]
    size = min(desk.query.get("maxResults", _USUAL), _MOST)
    if size < 1:
        raise invalid("Invalid maxResults")
    page = left[:size]
    more: dict[str, Any] = {"resultSizeEstimate": total}
    if len(left) > size:
        more = {"nextPageToken": f"{page[-1].stamp:013d}{page[-1].number}", **more}
    return page, more


def _parse_token(token: str) -> tuple[int, int]:
    if not (token.isascii() and token.isdigit() and len(token) > 13):  # noqa: PLR2004 - a stamp's digits
        raise invalid(INVALID_PAGE)
    return int(token[:13]), int(token[13:])
