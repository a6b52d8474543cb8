"""Long lists, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local.drive.refusals import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE: Final = 100
_START: Final = "~from-"


def page(found: list[Any], query: Mapping[str, Any]) -> tuple[list[Any], dict[str, str]]:
    """A page of a list, and the token of the next one where there is one.

    Raises:
        ApiError: 400 for a page size or token that Google would not take.
    """
    size = query.get("pageSize", _PAGE)
    if size < 1:
        raise invalid("Invalid value for pageSize.", "invalidParameter")
    token = query.get("pageToken", "")
    digits = token.removeprefix(_START)
    if token and (digits == token or not digits.isdecimal()):
        raise invalid("Invalid Value", "invalid")
    start = int(digits or 0)
    end = start + size
    return found[start:end], {"nextPageToken": f"{_START}{end}"} if end < len(found) else {}
