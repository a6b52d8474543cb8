"""What cells hold and what it means: labels, numbers, dates, and their form on the wire."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from automation import locale
from automation.core.instants import to_serial, wall_serial
from automation.core.text import CELL_ROOM, clip, fold
from automation.workbook.layout import Kind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell
    from automation.workbook.layout import Column


_E = TypeVar("_E", bound=StrEnum)

_INTEGER = re.compile(r"\s*-?\d{1,12}\s*")
_COUNTLESS = 1_000_000_000
"""No number of ours, nor one that organisers mean, is that high."""


@cache
def _identifiers(group: str) -> dict[str, str]:
    """Return a closed set's identifiers by folded label, in both languages."""
    return {
        fold(label): identifier
        for language in locale.CATALOGUES
        for identifier, label in locale.labels(group, language).items()
    }


def parse_label(group: str, cell: Cell) -> str | None:
    """Return the identifier that a label of either language stands for; None for another text."""
    return _identifiers(group).get(fold(cell)) if isinstance(cell, str) else None


@cache
def _members(kind: type[_E]) -> dict[str, _E]:
    return {member.value: member for member in kind}


def parse_member(kind: type[_E], cell: Cell) -> _E | None:
    """Return the member of a closed set that a cell of ours names; None for another text."""
    return _members(kind).get(cell) if isinstance(cell, str) else None


def parse_integer(cell: Cell) -> int | None:
    """Return a whole number, typed as such or as text; None for anything else, or beyond any count."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str):
        number = int(cell) if _INTEGER.fullmatch(cell) else None
    else:
        number = int(cell) if isinstance(cell, int) or cell.is_integer() else None
    return number if number is not None and abs(number) < _COUNTLESS else None


def parse_number(cell: Cell) -> float | None:
    """Return a number, with a decimal point or comma; None for anything else."""
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        number = float(cell.strip().replace(",", ".")) if isinstance(cell, str) else float(cell)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < _COUNTLESS else None  # neither infinity nor NaN


def parse_instant(cell: Cell) -> datetime | None:
    """Return the instant of an ISO 8601 text with its offset, in UTC; None for anything else.

    Years that no time zone shifts out of range, as in Sheets' own dates.
    """
    if not isinstance(cell, str):
        return None
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        return None
    if instant.tzinfo is None or not 1900 <= instant.year < 9999:  # noqa: PLR2004 - a calendar
        return None
    return instant.astimezone(UTC)


def parse_checkbox(cell: Cell) -> bool:
    """Tell whether a box is ticked, or holds a word or a mark that says so."""
    return cell is True or (isinstance(cell, str) and fold(cell) in {"oui", "yes", "true", "x"})


def parse_text(cell: Cell) -> str:
    """Return a cell's text; a number as people would write it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def render(  # noqa: PLR0911 - a line for each kind
    column: Column, value: object, zone: ZoneInfo, language: str
) -> Cell:
    """Return the cell that shows a value in a column; None for an empty one."""
    if value is None or value == "" or value is False:
        return None
    if value is True and column.kind is Kind.INTEGER:
        return 1
    if column.kind is Kind.CHOICE:
        return locale.text(language, f"{column.choices}.{value}")
    if isinstance(value, datetime):
        if column.kind is Kind.INSTANT:
            return value.astimezone(UTC).isoformat(timespec="milliseconds")
        return to_serial(value, zone)
    if isinstance(value, date):
        return int(wall_serial(datetime.combine(value, time())))
    if isinstance(value, time):
        since_midnight = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        return since_midnight / timedelta(days=1)
    return value if isinstance(value, bool | int | float) else clip(str(value), CELL_ROOM)


def to_wire(cell: Cell) -> dict[str, Any]:
    """Return a cell as CellData: text as a literal, never as something that Sheets evaluates."""
    if cell is None or cell == "":
        return {}
    if isinstance(cell, bool):
        return {"userEnteredValue": {"boolValue": cell}}
    if isinstance(cell, int | float):
        return {"userEnteredValue": {"numberValue": cell}}
    return {"userEnteredValue": {"stringValue": cell}}
