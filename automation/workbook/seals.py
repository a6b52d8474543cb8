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
        _shown(enrolment.registered_at, zone),
    )


def seal_meeting(number: int, cohort: str) -> str:
    """Return the seal of a meeting's row: dates, hours and places are the organisers' to change."""
    return _seal("meeting", number, cohort)


def seal_pair(a: int, b: int, verdict_seen: str | None) -> str:
    """Return the seal of a row of Doublons: what the verdict beside it is about."""
    return _seal("pair", a, b, verdict_seen or "")


def _shown(instant: datetime | None, zone: ZoneInfo) -> str:
    return _stamp(instant.astimezone(zone).replace(tzinfo=None)) if instant else ""


def _stamp(instant: datetime | None) -> str:
    return instant.isoformat(timespec="milliseconds") if instant else ""


def _seal(*parts: object) -> str:
    text = "\x1f".join(str(part) for part in parts)
    return f"{_VERSION}-{blake2b(text.encode(), digest_size=8).hexdigest()}"
