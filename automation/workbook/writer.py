"""A plan becomes writes: what differs, guarded, whole or not at all, and then checked.

Each batch begins with its guard, a developer metadata whose id is the next revision: Google
refuses an id that exists, and the whole batch with it. A batch over the recommended payload is
cut by enrolment, so that every prefix of the batches is a state that a night could have left.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from automation.errors import ConflictError, CredentialsError
from automation.google.client import retries_of
from automation.google.retries import Pauses, TransientError
from automation.google.sheets import (
    LostAnswerError,
    RefusedError,
    TurnedAwayError,
    read_metadata,
    read_protections,
    read_ranges,
    send_batch,
)
from automation.workbook.batches import PAYLOAD_LIMIT, cut_batches, mark_last
from automation.workbook.cells import to_wire
from automation.workbook.checking import check_written
from automation.workbook.furnish import column_places
from automation.workbook.guards import LEASE, drop_old_guards, make_guard
from automation.workbook.layout import MEETINGS, tabs
from automation.workbook.meeting_rows import put_beside
from automation.workbook.realign import Table, realign
from automation.workbook.requests import Pen, Unit, merge_rows, plan_units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gspread import HTTPClient

    from automation.core.model import PairKey
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.workbook.checking import Found, Places
    from automation.workbook.guards import Run

_STALE = timedelta(minutes=30)
_SHEET_ID = re.compile(r'"sheetId": (\d+)')
_ENVELOPE = 200  # bytes around the requests of a batch


class Receipt(Struct, frozen=True, kw_only=True):
    """What a write left.

    Attributes:
        batches: How many batches were applied.
        revision: That of the newest guard.
        misplaced: Enrolments that were not found as written when they were read once more.
        misplaced_pairs: Pairs of Doublons that were not.
        misplaced_rolls: Meetings whose attendance tab was not, by number.
    """

    batches: int
    revision: int
    misplaced: tuple[int, ...] = ()
    misplaced_pairs: tuple[PairKey, ...] = ()
    misplaced_rolls: tuple[int, ...] = ()

    @property
    def astray(self) -> bool:
        """Whether anything was not found as written."""
        return bool(self.misplaced or self.misplaced_pairs or self.misplaced_rolls)


def write_plan(  # noqa: PLR0913 - what is written, where, and by whom
    http: HTTPClient,
    snapshot: Snapshot,
    plan: Plan,
    rules: Rules,
    run: Run,
    *,
    mails: bool = False,
) -> Receipt:
    """Write a plan to the workbook, and read back what must not have parted.

    Args:
        mails: Whether messages leave afterwards: the lease is kept.

    Raises `ConflictError` where another run wrote first, or too long ago was read; nothing of the
    batch at hand was written then. Raises `UnreachableError` where Google is out of reach.
    """
    revision_cell = to_wire(0)
    list_units = partial(plan_units, snapshot, plan, rules, run, revision_cell)
    last_write, revision = run.read_at, snapshot.revision
    for batch, is_last in mark_last(cut_batches(list_units(), PAYLOAD_LIMIT - _ENVELOPE, _weigh)):
        now = run.clock()
        if now - last_write > _STALE:
            raise ConflictError("too_late")
        revision += 1
        revision_cell |= to_wire(revision)
        guard = make_guard(revision, run.run_id, now + LEASE if mails or not is_last else None)
        tidying = drop_old_guards(snapshot, now) if is_last else []
        fresh = partial(require_fresh, run, last_write)
        requests = merge_rows(batch)
        send_guarded(http, snapshot.spreadsheet_id, guard, [*requests, *tidying], fresh)
        last_write = run.clock()
    receipt = Receipt(batches=revision - snapshot.revision, revision=revision)
    if plan.empty:
        return receipt
    places = {tab.key: column_places(tab, snapshot) for tab in tabs(rules.fields.extra)}
    found = check_written(http, snapshot, plan, rules, places)
    moved = _list_moved(snapshot, plan, rules, places, found)
    if moved:
        # Made once more rather than kept: of a large night they would fill the memory.
        written = chain.from_iterable(list_units())
        receipt = _put_in_columns(http, snapshot, [*written], moved, run, receipt, mails=mails)
        found = check_written(http, snapshot, plan, rules, found.places)
    if plan.meetings and MEETINGS.key in snapshot.standings:
        pen, columns = Pen(snapshot, rules), found.places[MEETINGS.key]
        beside = put_beside(snapshot, plan, pen, columns, found.programme)
        receipt = _write_more(http, snapshot, beside, run, receipt, mails=mails)
    return replace(
        receipt,
        misplaced=found.enrolments,
        misplaced_pairs=found.pairs,
        misplaced_rolls=found.meetings,
    )


def write_rows(
    http: HTTPClient, snapshot: Snapshot, requests: list[dict[str, Any]], run: Run
) -> Receipt:
    """Apply requests as one batch, whole or not at all, under the guard of the next revision.

    Raises what `write_plan` raises.
    """
    fresh = partial(require_fresh, run, run.read_at)
    fresh()
    revision = snapshot.revision + 1
    guard = make_guard(revision, run.run_id, None)
    tidying = drop_old_guards(snapshot, run.clock())
    send_guarded(http, snapshot.spreadsheet_id, guard, [*requests, *tidying], fresh)
    return Receipt(batches=1, revision=revision)


def _weigh(unit: Unit) -> int:
    return sum(len(json.dumps(request)) + 2 for request in unit)


def send_guarded(
    http: HTTPClient,
    spreadsheet_id: str,
    guard: dict[str, Any],
    requests: list[dict[str, Any]],
    require_fresh: Callable[[], None],
) -> None:
    """Apply a batch exactly once: where no answer tells, its guard does.

    The guard makes the same batch safe to send again, but not for ever: `require_fresh` raises
    where too much time went by. Raises `CredentialsError` where somebody protected against us what
    it writes.
    """
    metadata = guard["createDeveloperMetadata"]["developerMetadata"]
    pauses = Pauses(retries_of(http))
    while True:
        try:
            send_batch(http, spreadsheet_id, [guard, *requests])
        except TurnedAwayError as error:
            failure: TransientError = error
        except (RefusedError, LostAnswerError) as error:
            found = read_metadata(http, spreadsheet_id, metadata["metadataId"])
            if found == metadata["metadataValue"]:
                return
            if found is not None:
                raise ConflictError("conflict") from error
            if isinstance(error, RefusedError):
                _tell_locks(http, spreadsheet_id, requests, error)
                raise
            failure = error
        else:
            return
        pauses.wait(failure)
        require_fresh()


def _tell_locks(
    http: HTTPClient,
    spreadsheet_id: str,
    requests: Sequence[dict[str, Any]],
    error: RefusedError,
) -> None:
    """Raise where a tab that the requests are about is protected against us.

    Google has no code for it but that of any wrong request, and its words are in any language.
    """
    locked = read_protections(http, spreadsheet_id).locked
    written = {int(found) for found in _SHEET_ID.findall(json.dumps(requests))}
    titles = [title for sheet_id, title in locked.items() if sheet_id in written]
    if titles:
        raise CredentialsError("locked", tabs=", ".join(titles)) from error


def require_fresh(run: Run, last_write: datetime) -> None:
    """Raise where what was read, or written last, is too old to write anything upon."""
    if run.clock() - last_write > _STALE:
        raise ConflictError("too_late")


def _list_moved(
    snapshot: Snapshot, plan: Plan, rules: Rules, places: Places, found: Found
) -> list[Table]:
    """Return the tabs in which cells may have landed beside their column."""
    moved = [
        Table(
            sheet_id=tab.sheet_id,
            meant=places[tab.key],
            places=found.places[tab.key],
            before=snapshot.standings[tab.key].grid,
        )
        for tab in tabs(rules.fields.extra)
        if tab.key in snapshot.standings and found.places[tab.key] != places[tab.key]
    ]
    for change in plan.rolls:
        meant, now = snapshot.roll_standings.get(change.number), found.rolls[change.number].standing
        if meant is None or not now.columns or now.columns == meant.columns:
            continue
        first = meant.last + 1
        before = [*meant.grid[:first], *([[]] * len(change.added)), *meant.grid[first:]]
        moved.append(
            Table(
                sheet_id=meant.sheet_id,
                meant=meant.columns,
                places=now.columns,
                before=before,
                header=now.header,
            )
        )
    return moved


def _put_in_columns(  # noqa: PLR0913, PLR0917 - what was written, where it belongs, as what
    http: HTTPClient,
    snapshot: Snapshot,
    written: Unit,
    moved: Sequence[Table],
    run: Run,
    receipt: Receipt,
    *,
    mails: bool,
) -> Receipt:
    """Put right what landed beside its column."""
    grids = read_ranges(http, snapshot.spreadsheet_id, [{"sheetId": t.sheet_id} for t in moved])
    requests: Unit = []
    for tab, grid in zip(moved, grids, strict=True):
        requests += realign(replace(tab, now=grid), written)
    return _write_more(http, snapshot, requests, run, receipt, mails=mails)


def _write_more(  # noqa: PLR0913 - what is written, where, and by whom
    http: HTTPClient,
    snapshot: Snapshot,
    requests: Unit,
    run: Run,
    receipt: Receipt,
    *,
    mails: bool,
) -> Receipt:
    """Write what puts right a write, in a batch of its own; nothing where there is nothing.

    Its guard bears a lease that is over, since no line of the journal tells of it.
    """
    if not requests:
        return receipt
    now = run.clock()
    guard = make_guard(receipt.revision + 1, run.run_id, now + LEASE if mails else now)
    send_guarded(http, snapshot.spreadsheet_id, guard, requests, partial(require_fresh, run, now))
    return replace(receipt, batches=receipt.batches + 1, revision=receipt.revision + 1)


def write_guarded(  # noqa: PLR0913 - what is written, where, and by whom
    http: HTTPClient,
    spreadsheet_id: str,
    requests: list[dict[str, Any]],
    run: Run,
    *,
    revision: int,
    last_write: datetime,
    goes_on: bool,
) -> datetime:
    """Apply requests as one batch under the guard of a revision; return when that was.

    Args:
        last_write: When this run last wrote.
        goes_on: Whether the run writes again: its lease is renewed.

    Raises what `write_plan` raises.
    """
    fresh = partial(require_fresh, run, last_write)
    fresh()
    guard = make_guard(revision, run.run_id, run.clock() + LEASE if goes_on else None)
    send_guarded(http, spreadsheet_id, guard, requests, fresh)
    return run.clock()
