"""What a cell shows: numbers and dates by their format and the spreadsheet's locale.

Patterns follow https://developers.google.com/workspace/sheets/api/guides/formats; one beyond what
`patterns` knows shows the number as "Automatic" does. Months and days are
named as the Unicode CLDR does in the spreadsheet's locale.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from automation.local.patterns import marks_of, show_number

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no time zone
_LAST_SERIAL: Final = 2_958_466
DATE_TYPES: Final = frozenset({"DATE", "TIME", "DATE_TIME"})
_DATE_TOKEN = re.compile(
    r'"[^"]*"|\\.|\[h+\]|\[m+\]|\[s+\]|yyyy|yy|y|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|0+|am/pm|a/p|.',
    re.IGNORECASE,
)
_AUTOMATIC: Final = "General"
_NUMBER_PATTERNS: Final = {"NUMBER": "#,##0.00", "PERCENT": "0.00%", "SCIENTIFIC": "0.00E+00"}
CURRENCY: Final = {"fr_FR": "€", "en_GB": "£"}
"""The signs of currencies that are not the dollar's."""
_DATE_PATTERN: Final = {
    "en_US": "m/d/yyyy",
    "en_CA": "yyyy-mm-dd",
    "fr_CA": "yyyy-mm-dd",
    "en_GB": "dd/mm/yyyy",
    "fr_FR": "dd/mm/yyyy",
}
_BOOLEANS: Final = {"en": ("FALSE", "TRUE"), "fr": ("FAUX", "VRAI")}
_ERROR_TEXT: Final = {"DIVIDE_BY_ZERO": "#DIV/0!", "LOADING": "Loading..."}


def serial(moment: datetime) -> float:
    """Days since 1899-12-30 of a local date and time, as Sheets counts them."""
    return (moment - _EPOCH) / timedelta(days=1)


def moment(number: float) -> datetime:
    """The local date and time of a serial number, to the nearest millisecond."""
    return _EPOCH + timedelta(milliseconds=round(number * 86_400_000))


def shown(value: Any, number_format: dict[str, Any], locale: str) -> str:
    """The text that a cell shows for an effective value that is not null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _BOOLEANS.get(locale[:2], _BOOLEANS["en"])[value]
    if isinstance(value, dict):
        return error_text(value)
    kind = number_format.get("type", "")
    if kind in DATE_TYPES and 0 <= value < _LAST_SERIAL:
        pattern = number_format.get("pattern") or default_pattern(kind, locale)
        return _show_date(moment(value), pattern, locale)
    return _show_number(value, kind, number_format.get("pattern", ""), locale)


def error_text(value: dict[str, Any]) -> str:
    """The text of an error: `#DIV/0!`, `Loading...`."""
    kind = value["e"]["type"]
    return _ERROR_TEXT.get(kind, f"#{kind}!")


def default_pattern(kind: str, locale: str) -> str:
    """The pattern that a locale gives a date type without one."""
    date = _DATE_PATTERN.get(locale, "yyyy-mm-dd" if locale[:2] != "en" else "m/d/yyyy")
    time = "h:mm:ss am/pm" if locale == "en_US" and kind == "TIME" else "h:mm:ss"
    return {"DATE": date, "TIME": time}.get(kind, f"{date} {time}")


def _show_date(when: datetime, pattern: str, locale: str) -> str:
    tokens = _DATE_TOKEN.findall(pattern)
    halves = any(token.lower() in {"am/pm", "a/p"} for token in tokens)
    shown_tokens: list[str] = []
    last = ""
    for index, token in enumerate(tokens):
        low = token.lower()
        minutes = low in {"m", "mm"} and (
            last.strip("[]")[:1] == "h" or _next_unit(tokens[index + 1 :]) == "s"
        )
        shown_tokens.append(_date_part(when, "n" * len(low) if minutes else token, halves, locale))
        last = low if low.strip("[]")[:1] in tuple("ymdhs") else last
    return "".join(shown_tokens)


def _next_unit(tokens: list[str]) -> str:
    return next((token[0].lower() for token in tokens if token[0].lower() in "ymdhs"), "")


def _date_part(when: datetime, token: str, halves: bool, locale: str) -> str:  # noqa: FBT001 - private
    low = token.lower()
    if low[0] == "[":
        return _elapsed(when, low)
    hour = (when.hour % 12 or 12) if halves else when.hour
    units = {"m": when.month, "d": when.day, "h": hour, "n": when.minute, "s": when.second}
    if token[0] in '"\\':
        return token.strip('"') if token[0] == '"' else token[1:]
    if low in {"am/pm", "a/p", "y", "yy", "yyyy"}:
        half = ("AM", "PM")[when.hour >= 12]  # noqa: PLR2004 - noon
        year = f"{when.year:04}"
        return {"am/pm": half, "a/p": half[0], "yy": year[-2:]}.get(low, year)
    if low[0] in "md" and len(low) > 2:  # noqa: PLR2004 - names from three letters on
        return _name(when, low, locale)
    if set(low) == {"0"}:
        return f"{when.microsecond // 1000:03}"[: len(low)]
    return f"{units[low[0]]:0{len(low)}}" if low[0] in units else token


def _elapsed(when: datetime, token: str) -> str:
    """Hours, minutes or seconds since the beginning, for a length of time."""
    unit = {"h": 3600, "m": 60, "s": 1}[token[1]]
    return f"{(when - _EPOCH) // timedelta(seconds=unit):0{len(token) - 2}}"


def _name(when: datetime, token: str, locale: str) -> str:
    months, days = _names("wide" if len(token) > 3 else "abbreviated", locale)  # noqa: PLR2004 - mmm is short
    return months[when.month] if token[0] == "m" else days[when.weekday()]


def month_names(width: Literal["abbreviated", "wide"], locale: str) -> Mapping[int, str]:
    """Return the CLDR's months, from 1."""
    return _names(width, locale)[0]


@cache
def _names(
    width: Literal["abbreviated", "wide"], locale: str
) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Return the CLDR's months (from 1) and days (from 0, Monday), in English for want of any."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import get_day_names, get_month_names

    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        known = Locale("en")
    return get_month_names(width, locale=known), get_day_names(width, locale=known)


def _show_number(number: float, kind: str, pattern: str, locale: str) -> str:
    pattern = pattern or default_number_pattern(kind, locale)
    found = show_number(number, pattern, locale) if pattern and pattern != _AUTOMATIC else None
    if found is not None:
        return found
    return _general(number).replace(".", marks_of(locale).point)


def default_number_pattern(kind: str, locale: str) -> str:
    """The pattern that a locale gives a type of number without one; empty for "Automatic"."""
    if kind == "CURRENCY":
        return currency_pattern(locale, "#,##0.00")
    return _NUMBER_PATTERNS.get(kind, "")


def currency_pattern(locale: str, digits: str) -> str:
    """Digits with the currency of a locale, before them in English and after them in French."""
    symbol = CURRENCY.get(locale, "$")
    return f'{digits} "{symbol}"' if locale.startswith("fr") else f'"{symbol}"{digits}'


def _general(number: float) -> str:
    """A number as the format "Automatic" shows it, to fifteen significant digits."""
    if isinstance(number, int) and abs(number) < 10**15:
        return str(number)
    return re.sub(r"e([-+])0?(\d)", r"E\1\2", f"{number:.15g}")
