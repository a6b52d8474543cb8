"""Requests about developer metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.local import masks
from automation.local.book import free_id
from automation.local.errors import METADATA_EXISTS, refuse, unsupported
from automation.local.messages import METADATA
from automation.local.metadata import complete_location, matches, shown, sorted_docs

if TYPE_CHECKING:
    from automation.local.book import Book


def create(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`createDeveloperMetadata`: an id that exists is refused, which makes it a guard."""
    given = request.get("developerMetadata", {})
    for name in ("metadataKey", "location", "visibility"):
        if not given.get(name):
            raise refuse("Developer metadata must have a {name}.", name=name)
    number = given.get("metadataId")
    if number is None:
        number = free_id(book.metadata)
    if number < 1:
        raise refuse("Developer metadata ID [{id}] must be positive.", id=number)
    if number in book.freed_metadata:
        raise unsupported(f"deleting and creating the metadata ID [{number}] in one batch")
    if number in book.metadata:
        raise refuse(METADATA_EXISTS, id=number)
    doc = {"metadataId": number} | given | {"location": complete_location(book, given["location"])}
    book.metadata[number] = doc
    return {"createDeveloperMetadata": {"developerMetadata": shown(doc)}}


def _found(book: Book, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [doc for doc in sorted_docs(book) if any(matches(doc, f) for f in filters)]


def update(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`updateDeveloperMetadata`: everything that a filter matches."""
    mask = masks.parse(request.get("fields", ""))
    masks.check(mask, METADATA)
    if "metadataId" in mask or "*" in mask:
        raise refuse("metadataId cannot be updated.")
    given = dict(request.get("developerMetadata", {}))
    if "location" in given:
        given["location"] = complete_location(book, given["location"])
    changed: list[dict[str, Any]] = []
    for doc in _found(book, request.get("dataFilters", [])):
        fresh = masks.assign(mask, doc, given)
        if not all(fresh.get(name) for name in ("metadataKey", "location", "visibility")):
            raise refuse("Developer metadata must keep its key, location and visibility.")
        book.metadata[doc["metadataId"]] = fresh
        changed.append(shown(fresh))
    return {"updateDeveloperMetadata": {"developerMetadata": changed} if changed else {}}


def delete(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """`deleteDeveloperMetadata`: everything that the filter matches, which may be nothing."""
    gone = _found(book, [request.get("dataFilter", {})])
    for doc in gone:
        del book.metadata[doc["metadataId"]]
        book.freed_metadata.add(doc["metadataId"])
    shown_docs = [shown(doc) for doc in gone]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": shown_docs} if gone else {}}
