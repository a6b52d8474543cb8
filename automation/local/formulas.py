"""The few formulas that the embedded workspace computes: literals and arithmetic on literals.

Everything else reads as an error of type LOADING, which Google shows as "Loading..." while it has
no result either. This is the seam where a calculator would go.
"""

from __future__ import annotations

import re
from typing import Any, Final

LOADING: Final = {"e": {"type": "LOADING", "message": "Loading..."}}
_DIVISION: Final = {"e": {"type": "DIVIDE_BY_ZERO", "message": "Division by zero."}}

_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_SUM = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*([-+*/])\s*(-?\d+(?:\.\d+)?))?")


def evaluate(formula: str) -> Any:
    """The value of a formula: a boolean, number or string, or `{"e": ErrorValue}`."""
    body = formula[1:].strip()
    if body.upper() in {"TRUE", "FALSE", "TRUE()", "FALSE()"}:
        return body.upper().startswith("TRUE")
    if text := _TEXT.fullmatch(body):
        return text[1].replace('""', '"')
    if found := _SUM.fullmatch(body):
        return _compute(float(found[1]), found[2], float(found[3] or 0))
    return LOADING


def _compute(left: float, operator: str | None, right: float) -> Any:
    if operator == "/" and not right:
        return _DIVISION
    results = {
        None: lambda: left,
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
    }
    result = results[operator]()
    return int(result) if result.is_integer() else result
