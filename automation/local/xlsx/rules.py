"""Validations and conditional formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_range

from automation.local.entering import typed
from automation.local.sheet import span_of
from automation.local.xlsx.formats import color_of

if TYPE_CHECKING:
    from automation.local.sheet import Sheet
    from automation.local.xlsx.formats import Formats
    from automation.local.xlsx.lists import Lists

_SIGNS: Final = {
    "GREATER": ">",
    "GREATER_THAN_EQ": ">=",
    "LESS": "<",
    "LESS_THAN_EQ": "<=",
    "EQ": "==",
    "NOT_EQ": "!=",
    "BETWEEN": "between",
    "NOT_BETWEEN": "not between",
    "BEFORE": "<",
    "AFTER": ">",
    "ON_OR_BEFORE": "<=",
    "ON_OR_AFTER": ">=",
}
"""What follows NUMBER_ or DATE_ in a condition's type, in Excel's words."""
_TEXTS: Final = {
    "TEXT_CONTAINS": "containing",
    "TEXT_NOT_CONTAINS": "not containing",
    "TEXT_STARTS_WITH": "begins with",
    "TEXT_ENDS_WITH": "ends with",
}
_RELATIVE: Final = {
    "TODAY": "=TODAY()",
    "YESTERDAY": "=TODAY()-1",
    "TOMORROW": "=TODAY()+1",
    "PAST_WEEK": "=TODAY()-7",
    "PAST_MONTH": "=EDATE(TODAY(),-1)",
    "PAST_YEAR": "=EDATE(TODAY(),-12)",
}
_MESSAGE_LENGTH: Final = 255


def add_validations(sheet: Sheet, target: Any, lists: Lists, last: int) -> None:
    """The validations of rows up to `last`, one for each stretch of a column."""
    open_stretches: dict[int, tuple[int, str]] = {}
    row = 0
    for count, extras in [*sheet.grid.spans(0, last), (0, {})]:
        rules = {
            int(name): json.dumps(cell["dataValidation"], sort_keys=True)
            for name, cell in extras.items()
            if name != "row" and "dataValidation" in cell
        }
        for column, (first, text) in list(open_stretches.items()):
            if rules.get(column) != text:
                options = _validation(json.loads(text), lists)
                if options:
                    target.data_validation(first, column, row - 1, column, options)
                del open_stretches[column]
        for column, text in rules.items():
            open_stretches.setdefault(column, (row, text))
        row += count


def _validation(rule: dict[str, Any], lists: Lists) -> dict[str, Any] | None:
    """A validation in XlsxWriter's words; None for what Excel does not have."""
    kind, values = _condition(rule["condition"])
    group, _, rest = kind.partition("_")
    options: dict[str, Any]
    if kind == "ONE_OF_LIST":
        options = {"validate": "list", "source": lists.source(tuple(map(str, values)))}
    elif kind == "ONE_OF_RANGE" and values:
        options = {"validate": "list", "source": "=" + str(values[0]).removeprefix("=")}
    elif kind == "CUSTOM_FORMULA" and values:
        options = {"validate": "custom", "value": values[0]}
    elif group in {"NUMBER", "DATE"} and rest in _SIGNS and values:
        options = {"validate": "decimal", "criteria": _SIGNS[rest]} | _bounds(values)
    else:
        return None
    if message := rule.get("inputMessage"):
        options["input_message"] = message[:_MESSAGE_LENGTH]
    return options | {"error_type": "stop" if rule.get("strict") else "warning"}


def _condition(condition: dict[str, Any]) -> tuple[str, list[Any]]:
    """Its type, and its values as formulas or texts."""
    values = [
        _RELATIVE[value["relativeDate"]]
        if "relativeDate" in value
        else value.get("userEnteredValue", "")
        for value in condition.get("values", ())
    ]
    return condition["type"], values


def _bounds(values: list[Any]) -> dict[str, Any]:
    numbers = [_number(value) for value in values]
    if len(numbers) > 1:
        return {"minimum": numbers[0], "maximum": numbers[1]}
    return {"value": numbers[0]}


def _number(text: str) -> Any:
    """A number or a date as Sheets reads it when it is typed; a formula as it is."""
    if text.startswith("="):
        return text
    found = typed(text, "en_US").value
    return found if isinstance(found, int | float) else f'="{text}"'


def add_conditional_formats(sheet: Sheet, target: Any, formats: Formats) -> None:
    """The conditional formats of a sheet: the first that fits counts, as at Google."""
    for rule in sheet.conditionalFormats:
        areas = [sheet.clip(span_of(where)) for where in rule["ranges"]]
        options = _conditional(rule, formats)
        if not options:
            continue
        ranges = [xl_range(a.top, a.left, a.bottom - 1, a.right - 1) for a in areas]
        many = {"multi_range": " ".join(ranges)} if len(ranges) > 1 else {}
        target.conditional_format(ranges[0], options | many)


def _conditional(rule: dict[str, Any], formats: Formats) -> dict[str, Any] | None:
    if "gradientRule" in rule:
        return _gradient(rule["gradientRule"])
    boolean = rule["booleanRule"]
    kind, values = _condition(boolean["condition"])
    group, _, rest = kind.partition("_")
    options: dict[str, Any]
    if kind == "CUSTOM_FORMULA":
        options = {"type": "formula", "criteria": values[0]}
    elif kind in {"BLANK", "NOT_BLANK"}:
        options = {"type": "blanks" if kind == "BLANK" else "no_blanks"}
    elif kind in _TEXTS:
        options = {"type": "text", "criteria": _TEXTS[kind], "value": values[0]}
    elif kind in {"TEXT_EQ", "TEXT_NOT_EQ"}:
        sign = "==" if kind == "TEXT_EQ" else "!="
        quoted = '"' + str(values[0]).replace('"', '""') + '"'
        options = {"type": "cell", "criteria": sign, "value": quoted}
    elif group in {"NUMBER", "DATE"} and rest in _SIGNS:
        options = {"type": "cell", "criteria": _SIGNS[rest]} | _bounds(values)
    else:
        return None
    style = formats.partial(boolean.get("format", {}))
    return options | {"format": style, "stop_if_true": True}


def _gradient(gradient: dict[str, Any]) -> dict[str, Any]:
    middle = "midpoint" in gradient
    options: dict[str, Any] = {"type": "3_color_scale" if middle else "2_color_scale"}
    points = (("min", "minpoint"), ("mid", "midpoint"), ("max", "maxpoint"))
    for ours, theirs in points:
        point = gradient.get(theirs)
        if point is None:
            continue
        kind = {"NUMBER": "num"}.get(point["type"], point["type"].lower())
        options[f"{ours}_type"] = kind
        if "value" in point:
            options[f"{ours}_value"] = _number(point["value"])
        options[f"{ours}_color"] = color_of(point.get("colorStyle")) or "#FFFFFF"
    return options
