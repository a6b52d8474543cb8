"""Seals: what must not part in a row, hashed, so that cells that were torn apart show it.

Organisers sort, and sometimes sort half a table, or paste. A row whose seal does not fit is put
right from the journal, or left alone, and reported.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import Enrolment

_VERSION = "1"


def seal_enrolment(enrolment: Enrolment, zone: ZoneInfo) -> str:
    """Return the seal of a register row: its number, and all that the journal tells of it too.

    The deadline counts as it is shown in that zone.
    """
    deadline = enrolment.deadline.astimezone(zone) if enrolment.deadline else None
    return _seal(
        enrolment.number,
        enrolment.step,
        enrolment.person,
        enrolment.cohort,
        enrolment.status,
        _stamp(enrolment.queued_at),
        _stamp(deadline.replace(tzinfo=None) if deadline else None),
        enrolment.decision_seen or "",
        _stamp(enrolment.call_seen),
        enrolment.hold or "",
        enrolment.offer,
        _stamp(enrolment.ended_at),
        enrolment.merged_into or "",
    )


def seal_meeting(number: int, cohort: str) -> str:
    """Return the seal of a meeting's row: dates, hours and places are the organisers' to change."""
    return _seal("meeting", number, cohort)


def _stamp(instant: datetime | None) -> str:
    return instant.isoformat(timespec="milliseconds") if instant else ""


def _seal(*parts: object) -> str:
    text = "\x1f".join(str(part) for part in parts)
    return f"{_VERSION}-{blake2b(text.encode(), digest_size=8).hexdigest()}"
