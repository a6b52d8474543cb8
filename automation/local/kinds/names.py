"""Requests about named ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from automation.local import masks
from automation.local.book import free_id
from automation.local.errors import refuse
from automation.local.object_messages import NAMED_RANGE
from automation.local.objects import located, shown

if TYPE_CHECKING:
    from automation.local.book import Book

_NAME: Final = re.compile(r"[^\W\d]\w{0,249}")
_RESERVED: Final = re.compile(r"true|false|r\d*c\d*|[a-z]{1,3}\d+", re.IGNORECASE)


def add(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`addNamedRange`."""
    given = request.get("namedRange", {})
    number = given.get("namedRangeId") or str(free_id({}))
    if number in book.named_ranges:
        raise refuse("A named range with the id {id} already exists.", id=number)
    named = _complete(book, {"namedRangeId": number} | given)
    book.named_ranges[number] = named
    return {"addNamedRange": {"namedRange": shown(NAMED_RANGE, named)}}


def _complete(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """A named range with its sheet spelled out.

    Raises:
        ApiError: 400 for a name that formulas could not hold, or that another one has.
    """
    name = given.get("name", "")
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise refuse('The name "{name}" is not valid for a range.', name=name)
    others = (doc for key, doc in book.named_ranges.items() if key != given["namedRangeId"])
    if name.casefold() in {doc["name"].casefold() for doc in others}:
        raise refuse('A named range with the name "{name}" already exists.', name=name)
    if "range" not in given:
        raise refuse("A named range needs a range.")
    named: dict[str, Any] = located(book, NAMED_RANGE, given)
    book.grid_area(named["range"])
    return named


def update(book: Book, request: dict[str, Any]) -> None:
    """`updateNamedRange`."""
    given = request.get("namedRange", {})
    known = _find(book, given.get("namedRangeId", ""))
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, NAMED_RANGE)
    number = known["namedRangeId"]
    changed = masks.assign(mask, known, given) | {"namedRangeId": number}
    book.named_ranges[number] = _complete(book, changed)


def delete(book: Book, request: dict[str, Any]) -> None:
    """`deleteNamedRange`: the cells stay."""
    del book.named_ranges[_find(book, request.get("namedRangeId", ""))["namedRangeId"]]


def _find(book: Book, number: str) -> dict[str, Any]:
    if number not in book.named_ranges:
        raise refuse("No NamedRange with id: {id}", id=number)
    return book.named_ranges[number]
