"""Number patterns such as `#,##0.00;(#,##0.00)`, in the marks of a locale.

https://developers.google.com/workspace/sheets/api/guides/formats#number_format_patterns, but for
fractions, for conditions in brackets, and for digits on both sides of a literal.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | \[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]
    | \[(?P<color>[A-Za-z]+\d*)\] | _(?P<width>.) | \*(?P<filler>.)
    | (?P<mask>[#0?,]*[#0?][#0?,]*(?:\.[#0?]*,*)?|\.[#0?]+,*) | (?P<power>[eE][+-]0+) | (?P<percent>%)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SECTION: Final = re.compile(r'((?:"[^"]*"|\\.|[^;])*)(?:;|$)', re.DOTALL)


class Marks(NamedTuple):
    """How a locale writes numbers."""

    point: str
    group: str


@cache
def marks_of(locale: str) -> Marks:
    """The CLDR's marks; those of English for a locale that it does not know."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        known = Locale("en")
    return Marks(get_decimal_symbol(known), get_group_symbol(known))


def show_number(number: float, pattern: str, locale: str) -> str | None:
    """A number in a pattern; None when the pattern is beyond what is understood here."""
    parts = [part for part in _SECTION.findall(pattern)[:-1] if part is not None] or [pattern]
    section, value = _section(parts, number)
    return _fill(section, value, marks_of(locale))


def _section(parts: list[str], number: float) -> tuple[str, float]:
    """Positive, negative and zero have their own sections, where a pattern has several."""
    if number < 0 and len(parts) > 1:
        return parts[1], -number
    if number == 0 and len(parts) > 2:  # noqa: PLR2004 - the third is for zero
        return parts[2], number
    return parts[0], number


def _fill(section: str, number: float, marks: Marks) -> str | None:
    tokens = list(_TOKEN.finditer(section))
    masks = [token["mask"] for token in tokens if token["mask"]]
    if len(masks) > 1:
        return None
    percents = sum(token["percent"] is not None for token in tokens)
    power = next((token["power"] for token in tokens if token["power"]), None)
    value = Decimal(repr(number)) * 100**percents
    digits, exponent = _digits(value, masks[0] if masks else "", power, marks)
    shown = []
    for token in tokens:
        if token["mask"]:
            shown.append(digits)
        elif token["power"]:
            shown.append(exponent)
        elif token["width"]:
            shown.append(" ")
        elif not (token["color"] or token["filler"]):
            kind = token.lastgroup or ""
            shown.append(token[kind])
    sign = "-" if value < 0 and any(char in "123456789" for char in digits) else ""
    return sign + "".join(shown)


def _digits(value: Decimal, mask: str, power: str | None, marks: Marks) -> tuple[str, str]:
    """The digits of a number without its sign, and those of its power of ten."""
    trailing = len(mask) - len(mask.rstrip(","))  # each divides by a thousand
    whole, _, decimals = mask.rstrip(",").partition(".")
    exponent = ""
    value = abs(value)
    if power:
        shift = value.adjusted() if value else 0
        value = value.scaleb(-shift)
        if _rounded(value, len(decimals)) >= 10:  # noqa: PLR2004 - rounding brought one more digit
            value, shift = value.scaleb(-1), shift + 1
        sign = "-" if shift < 0 else "+" if power[1] == "+" else ""
        exponent = f"{power[0]}{sign}{abs(shift):0{len(power) - 2}}"
    value = _rounded(value.scaleb(-3 * trailing), len(decimals))
    text = f"{value:f}"
    before, _, after = text.partition(".")
    before = (before.lstrip("0") or "").rjust(sum(c == "0" for c in whole), "0")
    if "," in whole:
        before = _grouped(before, marks.group)
    kept = len(decimals.rstrip("#?"))
    after = after[:kept] + after[kept:].rstrip("0")
    point = marks.point if after or "." in mask else ""
    return before + point + after, exponent


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Half goes away from zero, as in spreadsheets."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _grouped(digits: str, mark: str) -> str:
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[at : at + 3] for at in range(first, len(digits), 3)]
    return mark.join(groups)
