"""One method of an API, as a table of them says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from automation.local.schema import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.desk import Desk
    from automation.local.schema import Spec


class Media(NamedTuple):
    """An answer that is no JSON."""

    mime: str
    body: bytes


RAW: Final = Message("", {})
"""A body that is no JSON: `Desk.content` has it."""


class Route(Struct, frozen=True, kw_only=True):
    """A method of the API.

    Attributes:
        method: Of HTTP.
        host: Which service.
        path: The path, a pattern whose groups are the handler's names.
        handler: Answers it.
        writes: Whether it changes anything.
        query: Parameters that it knows, besides the common ones.
        body: What it expects; None for no body, RAW for one that is no JSON.
        answer: What it answers, to check field masks; None where masks are not offered.
    """

    method: str
    host: str
    path: re.Pattern[str]
    handler: Callable[[Desk], dict[str, Any] | Media]
    writes: bool
    query: dict[str, Spec]
    body: Message | None
    answer: Message | None


def make_route(  # noqa: PLR0913, PLR0917 - a table's columns
    method: str,
    host: str,
    path: str,
    handler: Callable[[Desk], dict[str, Any] | Media],
    query: dict[str, Spec] | None = None,
    body: Message | None = None,
    answer: Message | None = None,
    *,
    writes: bool = False,
) -> Route:
    """Return a line of a table of methods."""
    return Route(
        method=method,
        host=host,
        path=re.compile(path),
        handler=handler,
        writes=writes,
        query=query or {},
        body=body,
        answer=answer,
    )
