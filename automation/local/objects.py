"""What lies on sheets besides cells: charts, banding, filter views, slicers, tables and groups.

Each is kept as Google shows it, with the sheet's id in every range. Where ranges stand within one
is read from its declaration, so that inserting a row, duplicating a sheet or answering treats them
all alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from automation.local.book import free_id
from automation.local.chart_messages import EMBEDDED_CHART
from automation.local.errors import NO_OBJECT, OBJECT_EXISTS, refuse
from automation.local.messages import DIMENSION_RANGE, GRID_COORDINATE, GRID_RANGE
from automation.local.object_messages import (
    BANDED_RANGE,
    DIMENSION_GROUP,
    FILTER_VIEW,
    SLICER,
    TABLE,
)
from automation.local.schema import Many, Message, Scalar
from automation.local.sheet import shown_range, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from automation.local.book import Book
    from automation.local.schema import Spec
    from automation.local.sheet import Sheet

_OVER_CELLS: Final = ("charts", "slicers")
"""Their ids are those of embedded objects, and must differ."""

Doc = dict[str, Any]


class Section(NamedTuple):
    """One sort of object.

    Attributes:
        spec: Its fields.
        key: The field with its id; empty for groups, which have none.
        what: Its name in Google's refusals.
    """

    spec: Message
    key: str
    what: str


SECTIONS: Final = {
    "charts": Section(EMBEDDED_CHART, "chartId", "chart"),
    "bandedRanges": Section(BANDED_RANGE, "bandedRangeId", "banded range"),
    "filterViews": Section(FILTER_VIEW, "filterViewId", "filter view"),
    "slicers": Section(SLICER, "slicerId", "slicer"),
    "tables": Section(TABLE, "tableId", "table"),
    "rowGroups": Section(DIMENSION_GROUP, "", "group"),
    "columnGroups": Section(DIMENSION_GROUP, "", "group"),
}
"""By their name in Google's answers."""


def rebuilt(spec: Spec, value: Any, change: Callable[[Message, Doc], Doc | None]) -> Any:
    """A copy in which `change(spec, place)` replaced each range, coordinate and dimension range.

    Where it returns None, the place is dropped from its list or its field.
    """
    if spec in {GRID_RANGE, GRID_COORDINATE, DIMENSION_RANGE}:
        return change(spec, value)
    if isinstance(spec, Many):
        items = (rebuilt(spec.item, item, change) for item in value)
        return [item for item in items if item is not None]
    if isinstance(spec, Message):
        fields = {name: rebuilt(spec.fields[name], inner, change) for name, inner in value.items()}
        return {name: inner for name, inner in fields.items() if inner is not None}
    return value


def located(book: Book, spec: Spec, doc: Any) -> Any:
    """A copy whose every place names its sheet.

    Raises:
        ApiError: 400 for a sheet that does not exist or a reversed range.
    """

    def locate(kind: Message, place: Doc) -> Doc:
        sheet = book.sheet(place.get("sheetId", 0), grid=True)
        if kind is GRID_RANGE:
            span_of(place)
        return {"sheetId": sheet.id} | place

    return rebuilt(spec, doc, locate)


def shown(spec: Spec, doc: Any) -> Any:
    """A copy as answers show it."""

    def show(kind: Message, place: Doc) -> Doc:
        if kind is GRID_COORDINATE:
            return {name: value for name, value in place.items() if value}
        return shown_range(place)

    return rebuilt(spec, doc, show)


def on_copy(spec: Spec, doc: Any, old_id: int, new_id: int) -> Any:
    """A copy for a duplicated sheet: what was on the old one is on the new one."""

    def move(_kind: Message, place: Doc) -> Doc:
        return place | {"sheetId": new_id} if place["sheetId"] == old_id else place

    return rebuilt(spec, doc, move)


def without_sheet(spec: Spec, doc: Any, sheet_id: int) -> Any:
    """A copy without the ranges on a sheet that goes."""
    return rebuilt(spec, doc, lambda _, place: None if place["sheetId"] == sheet_id else place)


def show_all(sheet: Sheet) -> dict[str, list[Doc]]:
    """The objects of a sheet as answers show them, sorts without any left out."""
    return {
        name: [shown(SECTIONS[name].spec, doc) for doc in docs]
        for name, docs in sheet.objects.items()
        if docs
    }


def each(book: Book, name: str) -> Iterator[tuple[Sheet, Doc]]:
    """Every object of a sort, with its sheet."""
    for sheet in book.sheets:
        for doc in sheet.objects.get(name, ()):
            yield sheet, doc


def find(book: Book, name: str, number: object) -> tuple[Sheet, Doc]:
    """The object with an id, and its sheet.

    Raises:
        ApiError: 400 when there is none.
    """
    section = SECTIONS[name]
    for sheet, doc in each(book, name):
        if doc[section.key] == number:
            return sheet, doc
    raise refuse(NO_OBJECT, what=section.what, id=number)


def fresh_id(book: Book, name: str, wanted: object = None) -> Any:
    """The id that a new object gets: the one it asks for, or any that is free.

    Raises:
        ApiError: 400 when the one it asks for is taken.
    """
    section = SECTIONS[name]
    sorts = _OVER_CELLS if name in _OVER_CELLS else (name,)
    taken = {doc[SECTIONS[sort].key] for sort in sorts for _, doc in each(book, sort)}
    if wanted in taken:
        raise refuse(OBJECT_EXISTS, what=section.what, id=wanted)
    if wanted is not None:
        return wanted
    number = free_id(taken)
    return str(number) if section.spec.fields[section.key] is Scalar.STRING else number


def free_table_name(book: Book) -> str:
    """`Table1`, or the next one that no table has."""
    names = {table["name"] for _, table in each(book, "tables")}
    number = 1
    while f"Table{number}" in names:
        number += 1
    return f"Table{number}"


def put(sheet: Sheet, name: str, doc: Doc) -> None:
    """Add an object, or replace the one with its id where it stands."""
    docs = sheet.objects.setdefault(name, [])
    key = SECTIONS[name].key
    for index, known in enumerate(docs):
        if known[key] == doc[key]:
            docs[index] = doc
            return
    docs.append(doc)


def drop(sheet: Sheet, name: str, doc: Doc) -> None:
    """Take an object away."""
    sheet.objects[name].remove(doc)
    if not sheet.objects[name]:
        del sheet.objects[name]
