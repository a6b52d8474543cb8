"""Seals: what must not part in a row, hashed, so that cells that were torn apart show it.

Organisers sort, and sometimes sort half a table, or paste. A row whose seal does not fit is put
right from the journal, or left alone, and reported; a line of the journal whose seal does not fit
tells nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from automation.workbook.layout import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell, Enrolment

_VERSION = "1"


def seal_enrolment(enrolment: Enrolment, zone: ZoneInfo) -> str:
    """Return the seal of a register row: its number, when it was registered, and its state.

    The journal tells the state too; the time is what "Rétablir le rang" goes back to. Instants that
    people are shown count as they are shown in that zone.
    """
    return _seal(
        enrolment.number,
        enrolment.step,
        enrolment.person,
        enrolment.cohort,
        enrolment.status,
        _stamp(enrolment.queued_at),
        _shown(enrolment.deadline, zone),
        enrolment.decision_seen or "",
        _stamp(enrolment.call_seen),
        enrolment.merge_seen or "",
        enrolment.hold or "",
        enrolment.offer,
        _stamp(enrolment.ended_at),
        enrolment.merged_into or "",
        enrolment.opted_out or "",
        _shown(enrolment.registered_at, zone),
    )


def seal_meeting(number: int, cohort: str) -> str:
    """Return the seal of a meeting's row: dates, hours and places are the organisers' to change."""
    return _seal("meeting", number, cohort)


def seal_pair(a: int, b: int, verdict_seen: str | None) -> str:
    """Return the seal of a row of Doublons: what the verdict beside it is about."""
    return _seal("pair", a, b, verdict_seen or "")


def seal_roll_row(meeting: int, number: int, *, left: bool) -> str:
    """Return the seal of a participant's row on an attendance tab: whose ticks stand beside it."""
    return _seal("roll", meeting, number, "left" if left else "")


def seal_guests(meeting: int) -> str:
    """Return the seal of the row below which guests are written."""
    return _seal("guests", meeting)


def seal_line(cells: Mapping[str, Cell]) -> str:
    """Return the seal of a line of the journal about people, from its cells by column key.

    Columns that organisers may delete count for nothing, nor does the revision, which is not known
    when the line is made. What is blank counts for nothing, so that columns may be added.
    """
    known = {key: cells[key] for key in _SEALED if cells.get(key) not in {None, ""}}
    return _seal("line", *(f"{key}={_tell(cell)}" for key, cell in known.items()))


_SEALED = sorted(c.key for c in JOURNAL.columns if c.required and c.key not in {"revision", "seal"})


def _tell(cell: Cell) -> str:
    """Return a cell's value as text; numbers to the millisecond of a serial date, and then some."""
    return cell if isinstance(cell, str) else f"{float(cell or 0):.9f}"


def _shown(instant: datetime | None, zone: ZoneInfo) -> str:
    return _stamp(instant.astimezone(zone).replace(tzinfo=None)) if instant else ""


def _stamp(instant: datetime | None) -> str:
    return instant.isoformat(timespec="milliseconds") if instant else ""


def _seal(*parts: object) -> str:
    text = "\x1f".join(str(part) for part in parts)
    return f"{_VERSION}-{blake2b(text.encode(), digest_size=8).hexdigest()}"
