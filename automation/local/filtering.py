"""Which rows a basic filter hides."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from automation.local.cells import effective
from automation.local.entering import typed
from automation.local.errors import refuse, unsupported
from automation.local.reading import number_format
from automation.local.rendering import shown
from automation.local.sheet import span_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.local.book import Book
    from automation.local.sheet import Sheet

_TEXTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "TEXT_CONTAINS": operator.contains,
    "TEXT_NOT_CONTAINS": lambda text, given: given not in text,
    "TEXT_STARTS_WITH": str.startswith,
    "TEXT_ENDS_WITH": str.endswith,
    "TEXT_EQ": operator.eq,
    "TEXT_NOT_EQ": operator.ne,
}
_NUMBERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "GREATER": operator.gt,
    "GREATER_THAN_EQ": operator.ge,
    "LESS": operator.lt,
    "LESS_THAN_EQ": operator.le,
    "EQ": operator.eq,
    "NOT_EQ": operator.ne,
    "BEFORE": operator.lt,
    "AFTER": operator.gt,
    "ON_OR_BEFORE": operator.le,
    "ON_OR_AFTER": operator.ge,
}
"""What follows NUMBER_ or DATE_ in a condition's type."""


def check_filter(book: Book, basic_filter: dict[str, Any]) -> None:
    """Refuse a filter that cannot be told here what it hides.

    Raises:
        ApiError: 400 for a condition without its values, 501 for one that is not understood.
    """
    for spec in basic_filter.get("filterSpecs", ()):
        condition = spec.get("filterCriteria", {}).get("condition")
        if condition:
            _test_of(condition, book.properties["locale"])


def hidden_rows(book: Book, sheet: Sheet) -> set[int]:
    """The rows that the basic filter of a sheet hides; never its header."""
    specs = sheet.basicFilter.get("filterSpecs", ())
    if not specs:
        return set()
    area = sheet.clip(span_of(sheet.basicFilter["range"]))
    locale = book.properties["locale"]
    tests = [
        (spec.get("columnIndex", 0), _fits(spec.get("filterCriteria", {}), locale))
        for spec in specs
    ]
    bottom = min(area.bottom, sheet.grid.used)
    rows = zip(
        sheet.grid.values(area.top + 1, bottom),
        sheet.grid.extras(area.top + 1, bottom),
        strict=True,
    )
    hidden: set[int] = set()
    for row, (values, extras) in enumerate(rows, area.top + 1):
        for column, fits in tests:
            value = effective(values[column]) if column < len(values) else None
            kind = number_format(extras, column)
            text = "" if value is None else shown(value, kind, locale)
            if not fits(value, text):
                hidden.add(row)
    return hidden


def _fits(criteria: dict[str, Any], locale: str) -> Callable[[Any, str], bool]:
    hidden = frozenset(criteria.get("hiddenValues", ()))
    condition = criteria.get("condition")
    test = _test_of(condition, locale) if condition else lambda _value, _text: True
    return lambda value, text: text not in hidden and test(value, text)


def _test_of(condition: dict[str, Any], locale: str) -> Callable[[Any, str], bool]:
    """The test of a value and of the text that its cell shows."""
    kind = condition["type"]
    given = [value.get("userEnteredValue", "") for value in condition.get("values", ())]
    if kind in {"BLANK", "NOT_BLANK"}:
        return lambda value, _text: (value is None) == (kind == "BLANK")
    if kind in _TEXTS and given:
        return lambda _value, text: _TEXTS[kind](text.casefold(), given[0].casefold())
    group, _, rest = kind.partition("_")
    bounds = [typed(text, locale).value for text in given]
    if not bounds or any(isinstance(one, bool | dict) for one in bounds):
        raise unsupported(f'filtering by the condition "{kind}" with such values')
    if not all(isinstance(one, int | float) for one in bounds):
        raise refuse("Invalid condition values: {values}", values=given)
    if group in {"NUMBER", "DATE"} and rest in _NUMBERS:
        return lambda value, _text: _is_number(value) and _NUMBERS[rest](value, bounds[0])
    if rest in {"BETWEEN", "NOT_BETWEEN"} and len(bounds) > 1:
        return lambda value, _text: (
            _is_number(value) and (bounds[0] <= value <= bounds[1]) == (rest == "BETWEEN")
        )
    raise unsupported(f'filtering by the condition "{kind}"')


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
