"""The few formulas that the embedded workspace computes: literals and arithmetic on literals.

Everything else reads as an error of type LOADING, which Google shows as "Loading..." while it has
no result either. This is the seam where a calculator would go.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LOADING: Final = {"e": {"type": "LOADING", "message": "Loading..."}}
_DIVISION: Final = {"e": {"type": "DIVIDE_BY_ZERO", "message": "Division by zero."}}
_OPERATIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

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


def _compute(left: float, sign: str | None, right: float) -> Any:
    if sign == "/" and not right:
        return _DIVISION
    result = _OPERATIONS[sign](left, right) if sign else left
    return int(result) if result.is_integer() else result
