"""What Sheets makes of typed text (USER_ENTERED): numbers, booleans, dates, formulas, or text.

English and French spellings are known. Known divergences from Google: a date without a year, a
fraction, and a currency that is not the locale's stay text here.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from automation.local.errors import TOO_LONG, refuse
from automation.local.rendering import CURRENCY, currency_pattern, month_names, serial
from automation.local.schema import plain_number

_MAX_CHARACTERS: Final = 50_000
_BOOLEANS: Final = {"TRUE": True, "FALSE": False}
_BOOLEANS_FR: Final = {"VRAI": True, "FAUX": False}
_CLOCK: Final = r"(?P<h>\d{1,4}):(?P<n>\d{2})(?P<s>:\d{2}(?P<ms>[.,]\d{1,3})?)?(?:\s?(?P<half>[aApP])\.?[mM]\.?)?"
_DAY: Final = (
    r"(?P<y>\d{4})(?P<iso>[-/.])(?P<m>\d{1,2})(?P=iso)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<z>\d{4}|\d{2})"
    r"|(?P<d2>\d{1,2})(?:er)?(?P<gap1>[ -])(?P<mon2>[^\W\d]+)\.?,?(?P<gap2>[ -])(?P<y2>\d{4})"
    r"|(?P<mon3>[^\W\d]+)\.? (?P<d3>\d{1,2}),? (?P<y3>\d{4})"
)
_DATE = re.compile(rf"(?P<date>{_DAY})?(?P<gap>[ T])?(?P<time>{_CLOCK})?")
_PIVOT: Final = 30
"""Years of two digits from here on are of the last century."""


class Entered(NamedTuple):
    """What a cell keeps, and the number format that typing gave it."""

    value: Any
    number_format: dict[str, str] | None = None


def enter(raw: Any, option: str, locale: str) -> Entered:
    """What becomes of one value of a `values` request; `raw` is not null.

    Raises:
        ApiError: 400 for a value that is too long or no scalar.
    """
    if isinstance(raw, bool):
        return Entered(raw)
    if isinstance(raw, int | float):
        return Entered(plain_number(raw, "data.values"))
    if not isinstance(raw, str):
        raise refuse(
            "Invalid values[0][0]: {kind}_value", kind="list" if isinstance(raw, list) else "struct"
        )
    if len(raw) > _MAX_CHARACTERS:
        raise refuse(TOO_LONG)
    if not raw:
        return Entered(None)
    return Entered(raw) if option == "RAW" else typed(raw, locale)


def typed(text: str, locale: str) -> Entered:
    """What Sheets makes of text that somebody types into a cell."""
    if text.startswith("'"):
        return Entered(text[1:] or None)
    if text.startswith("="):
        return Entered({"f": text}) if len(text) > 1 else Entered(text)
    if re.match(r"\+[^\d.,$€£]", text):
        return Entered({"f": f"={text}"})
    bare = text.strip()
    french = locale.startswith("fr")
    booleans = _BOOLEANS | (_BOOLEANS_FR if french else {})
    if bare.upper() in booleans:
        return Entered(booleans[bare.upper()])
    return _number(bare, locale) or _date(bare, locale) or Entered(text)


@cache
def _number_shape(*, french: bool, symbol: str) -> re.Pattern[str]:
    group, point = (r"[ \u00a0\u202f]", ",") if french else (",", r"\.")
    sign = re.escape(symbol)
    return re.compile(
        rf"(?P<sign>[-+]?)(?P<before>{sign}\s?)?(?P<sign2>[-+]?)"
        rf"(?P<whole>\d+|\d{{1,3}}(?:{group}\d{{3}})+)?(?P<decimals>{point}\d*)?"
        rf"(?P<power>[eE][-+]?\d+)?(?P<percent>\s?%)?(?P<after>\s?{sign})?"
    )


def _number(text: str, locale: str) -> Entered | None:
    french = locale.startswith("fr")
    found = _number_shape(french=french, symbol=CURRENCY.get(locale, "$")).fullmatch(text)
    if not found or not re.search(r"\d", (found["whole"] or "") + (found["decimals"] or "")):
        return None
    if found["sign"] and found["sign2"]:
        return None
    whole = re.sub(r"\D", "", found["whole"] or "0")
    decimals = (found["decimals"] or "").replace(",", ".")
    number = float(f"{found['sign']}{found['sign2']}{whole}{decimals}{found['power'] or ''}")
    if found["percent"]:
        number /= 100
    return Entered(plain_number(number, "values"), _number_format(found, locale))


def _number_format(found: re.Match[str], locale: str) -> dict[str, str] | None:
    """The format that keeps a number looking as it was typed."""
    cents = ".00" if found["decimals"] else ""
    if found["before"] or found["after"]:
        return {"type": "CURRENCY", "pattern": currency_pattern(locale, f"#,##0{cents}")}
    if found["percent"]:
        return {"type": "PERCENT", "pattern": f"0{cents}%"}
    if found["power"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if found["whole"] and not found["whole"].isdecimal():
        return {"type": "NUMBER", "pattern": f"#,##0{cents}"}
    return None


def _date(text: str, locale: str) -> Entered | None:
    found = _DATE.fullmatch(text)
    if not found or not (found["date"] or found["time"]):
        return None
    if bool(found["gap"]) != bool(found["date"] and found["time"]):
        return None
    try:
        clock = _clock(found) if found["time"] else timedelta()
        if not found["date"]:
            moment = datetime(1899, 12, 30) + clock  # noqa: DTZ001 - local
        elif clock >= timedelta(days=1):
            return None
        else:
            day = datetime(*_ymd(found, locale))  # noqa: DTZ001 - local
            moment = datetime.combine(day, time()) + clock
    except ValueError:
        return None
    return Entered(plain_number(serial(moment), "values"), _date_format(found, locale))


def _clock(found: re.Match[str]) -> timedelta:
    hours, minutes = int(found["h"]), int(found["n"])
    seconds = float((found["s"] or ":0")[1:].replace(",", "."))
    if found["half"]:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - a clock's face
            raise ValueError(hours)
        hours = hours % 12 + (12 if found["half"] in "pP" else 0)
    if minutes > 59 or seconds >= 60:  # noqa: PLR2004 - a clock's face
        raise ValueError(found[0])
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _ymd(found: re.Match[str], locale: str) -> tuple[int, int, int]:
    if found["y"]:
        return int(found["y"]), int(found["m"]), int(found["d"])
    for month, day, year in (("mon2", "d2", "y2"), ("mon3", "d3", "y3")):
        if found[month]:
            return int(found[year]), _month(found[month], locale), int(found[day])
    first, second = int(found["a"]), int(found["b"])
    month_number, day_number = (first, second) if locale == "en_US" else (second, first)
    year_number = int(found["z"])
    if len(found["z"]) == 2:  # noqa: PLR2004 - digits
        year_number += 1900 if year_number >= _PIVOT else 2000
    return year_number, month_number, day_number


def _month(name: str, locale: str) -> int:
    """The month that a name means.

    Raises:
        ValueError: When it means none.
    """
    found = _months(locale).get(name.casefold())
    if found is None:
        raise ValueError(name)
    return found


@cache
def _months(locale: str) -> dict[str, int]:
    """Return the numbers of months by what the CLDR calls them in English and in a locale."""
    widths: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
    return {
        name.casefold().rstrip("."): number
        for tag in ("en", locale)
        for width in widths
        for number, name in month_names(width, tag).items()
    }


def _date_format(found: re.Match[str], locale: str) -> dict[str, str]:
    """The format that keeps a date looking as it was typed."""
    parts = []
    if found["date"]:
        parts.append(_day_pattern(found, locale))
    if found["time"]:
        parts.append(_clock_pattern(found))
    kind = {(True, True): "DATE_TIME", (True, False): "DATE"}.get(
        (bool(found["date"]), bool(found["time"])), "TIME"
    )
    return {"type": kind, "pattern": " ".join(parts)}


def _day_pattern(found: re.Match[str], locale: str) -> str:
    if found["y"]:
        return "yyyy-mm-dd".replace("-", found["iso"])
    if found["mon2"]:
        width = "mmm" if len(found["mon2"]) <= 4 else "mmmm"  # noqa: PLR2004 - févr
        return f"d{found['gap1']}{width}{found['gap2']}yyyy"
    if found["mon3"]:
        width = "mmm" if len(found["mon3"]) <= 4 else "mmmm"  # noqa: PLR2004 - Sept
        return f"{width} d, yyyy"
    year = "yyyy" if len(found["z"]) == 4 else "yy"  # noqa: PLR2004 - digits
    order = ("m", "d", year) if locale == "en_US" else ("dd", "mm", year)
    return found["sep"].join(order)


def _clock_pattern(found: re.Match[str]) -> str:
    hours = "[h]" if int(found["h"]) > 23 else "h"  # noqa: PLR2004 - more than a day is a length
    seconds = ":ss" if found["s"] else ""
    thousandths = "." + "0" * (len(found["ms"]) - 1) if found["ms"] else ""
    return f"{hours}:mm{seconds}{thousandths}" + (" am/pm" if found["half"] else "")
