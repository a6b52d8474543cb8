"""What Sheets makes of typed text (USER_ENTERED): numbers, booleans, dates, formulas, or text.

Known divergences from Google: currencies, fractions, durations, month names and two-digit years
stay text here, and only English and French spellings are known.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final, NamedTuple

from automation.local.errors import TOO_LONG, refuse
from automation.local.rendering import serial
from automation.local.schema import plain_number

_MAX_CHARACTERS: Final = 50_000
_BOOLEANS: Final = {"TRUE": True, "FALSE": False}
_BOOLEANS_FR: Final = {"VRAI": True, "FAUX": False}
_DATE = re.compile(
    r"(?P<date>(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<z>\d{4}))?"
    r"(?P<gap>[ T])?(?P<time>(?P<h>\d{1,2}):(?P<n>\d{2})(?P<s>:\d{2})?)?"
)


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
    if re.match(r"\+[^\d.,]", text):
        return Entered({"f": f"={text}"})
    bare = text.strip()
    french = locale.startswith("fr")
    booleans = _BOOLEANS | (_BOOLEANS_FR if french else {})
    if bare.upper() in booleans:
        return Entered(booleans[bare.upper()])
    return _number(bare, french=french) or _date(bare, locale) or Entered(text)


def _number(text: str, *, french: bool) -> Entered | None:
    group, point = (r"[ \u00a0\u202f]", ",") if french else (",", r"\.")
    shape = rf"[-+]?(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+)?(?:{point}\d*)?(?:[eE][-+]?\d+)?\s?%?"
    if not re.fullmatch(shape, text) or not re.search(r"\d", text):
        return None
    plain = re.sub(group, "", text).replace(",", ".").rstrip("% ")
    number = float(plain)
    if not text.endswith("%"):
        return Entered(plain_number(number, "values"))
    pattern = "0.00%" if "." in plain else "0%"
    return Entered(plain_number(number / 100, "values"), {"type": "PERCENT", "pattern": pattern})


def _date(text: str, locale: str) -> Entered | None:
    found = _DATE.fullmatch(text)
    if not found or not (found["date"] or found["time"]):
        return None
    if bool(found["gap"]) != bool(found["date"] and found["time"]):
        return None
    try:
        clock = _clock(found)
        if not found["date"]:
            day_part = serial(datetime.combine(datetime(1899, 12, 30), clock))  # noqa: DTZ001 - local
            return Entered(plain_number(day_part, "values"), _date_format(found, locale))
        year, month, day = _ymd(found, locale)
        when = datetime.combine(datetime(year, month, day), clock)  # noqa: DTZ001 - local
    except ValueError:
        return None
    return Entered(plain_number(serial(when), "values"), _date_format(found, locale))


def _clock(found: re.Match[str]) -> time:
    seconds = int((found["s"] or ":0")[1:])
    return time(int(found["h"] or 0), int(found["n"] or 0), seconds)


def _ymd(found: re.Match[str], locale: str) -> tuple[int, int, int]:
    if found["y"]:
        return int(found["y"]), int(found["m"]), int(found["d"])
    first, second = int(found["a"]), int(found["b"])
    month, day = (first, second) if locale == "en_US" else (second, first)
    return int(found["z"]), month, day


def _date_format(found: re.Match[str], locale: str) -> dict[str, str]:
    """The format that keeps a date looking as it was typed."""
    parts = []
    if found["date"]:
        slashed = "m/d/yyyy" if locale == "en_US" else "dd/mm/yyyy"
        parts.append("yyyy-mm-dd" if found["y"] else slashed)
    if found["time"]:
        parts.append("h:mm:ss" if found["s"] else "h:mm")
    kind = {(True, True): "DATE_TIME", (True, False): "DATE"}.get(
        (bool(found["date"]), bool(found["time"])), "TIME"
    )
    return {"type": kind, "pattern": " ".join(parts)}
