"""Long work in batches that Google takes: in order, whole, and under the payload it recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_T = TypeVar("_T")

PAYLOAD_LIMIT: Final = 2_000_000
"""Bytes of JSON in one request: Google recommends 2 MB at most."""


def cut_batches(items: Iterable[_T], limit: int, weigh: Callable[[_T], int]) -> Iterator[list[_T]]:
    """Yield the items in batches that weigh at most the limit; an item is never cut.

    An item that weighs more than the limit is a batch of its own.
    """
    batch: list[_T] = []
    weight = 0
    for item in items:
        cost = weigh(item)
        if batch and weight + cost > limit:
            yield batch
            batch, weight = [], 0
        batch.append(item)
        weight += cost
    if batch:
        yield batch


def mark_last(items: Iterable[_T]) -> Iterator[tuple[_T, bool]]:
    """Yield each item with whether it is the last; two at most are held."""
    held: list[_T] = []
    for item in items:
        if held:
            yield held.pop(), False
        held.append(item)
    for item in held:
        yield item, True
