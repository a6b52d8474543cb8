"""Guards: the developer metadata by which of two runs at once only one succeeds.

A guard's id is a base plus its revision, and Google refuses an id that exists. Its value is the
run's id and the end of its lease, in seconds since 1970 (0 for none): under 40 characters.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.workbook.layout import GUARD_BASE, GUARD_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.core.snapshot import Snapshot

LEASE: Final = timedelta(minutes=15)
"""How long a run that is not done may keep others out without a word."""

_GUARD_LIFE = timedelta(hours=1)
_GUARDS_KEPT = 100
_RUN_TIME = "%Y%m%dT%H%M%SZ"


class Run(Struct, frozen=True, kw_only=True):
    """One run of the program.

    Attributes:
        run_id: `YYYYMMDDTHHMMSSZ-XXXX`, 21 characters, so that a guard's age can be told.
        event: night, apply or adopted, for the journal.
        read_at: When it began to read.
        clock: Tells the instant, in UTC.
    """

    run_id: str
    event: str
    started: datetime
    read_at: datetime
    clock: Callable[[], datetime]


def new_run(
    event: str, clock: Callable[[], datetime], token: str, read_for: timedelta = timedelta()
) -> Run:
    """Return a run that starts now.

    Args:
        token: Four random letters.
        read_for: How long it has been reading.
    """
    now = clock().astimezone(UTC)
    return Run(
        run_id=name_run(now, token),
        event=event,
        started=now,
        read_at=now - read_for,
        clock=clock,
    )


def name_run(started: datetime, token: str) -> str:
    """Return the id of the run that started at an instant, aware."""
    return f"{started.astimezone(UTC):{_RUN_TIME}}-{token}"


def live_lease(snapshot: Snapshot, now: datetime) -> datetime | None:
    """Return until when another run holds the workbook; None where nobody does."""
    if not snapshot.guards:
        return None
    _, _, ends = snapshot.guards[-1][1].partition(" ")
    until = datetime.fromtimestamp(int(ends), UTC) if ends.isdecimal() else None
    return until if until is not None and until > now else None


def last_finished(snapshot: Snapshot) -> int:
    """Return the revision of the latest run that wrote all it had to; 0 for none."""
    ends = {revision: value.partition(" ")[2] for revision, value in snapshot.guards}
    return max((revision for revision, lease in ends.items() if lease == "0"), default=0)


def make_guard(revision: int, run_id: str, lease: datetime | None) -> dict[str, Any]:
    """Return the request that claims a revision, with the end of the lease that it takes."""
    ends = str(int(lease.timestamp())) if lease else "0"
    metadata = {
        "metadataId": GUARD_BASE + revision,
        "metadataKey": GUARD_KEY,
        "metadataValue": f"{run_id} {ends}",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def drop_old_guards(snapshot: Snapshot, now: datetime) -> list[dict[str, Any]]:
    """Return requests that delete guards that no sleeper could use again."""
    old = [
        GUARD_BASE + revision
        for revision, value in snapshot.guards[:-_GUARDS_KEPT]
        if _written_at(value) < now - _GUARD_LIFE
    ]
    return [
        {
            "deleteDeveloperMetadata": {
                "dataFilter": {"developerMetadataLookup": {"metadataId": metadata_id}}
            }
        }
        for metadata_id in old
    ]


def _written_at(guard_value: str) -> datetime:
    """Return when the run of a guard started; never for a value that is not ours."""
    try:
        return datetime.strptime(guard_value.partition("-")[0], _RUN_TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
