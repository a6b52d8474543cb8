"""One night, as a straight line: read, plan, write."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.plan import make_plan
from automation.errors import ConflictError, StalePlanError
from automation.workbook.guards import live_lease, new_run
from automation.workbook.reader import read_snapshot
from automation.workbook.writer import Receipt, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a night found, planned and wrote.

    Attributes:
        receipt: None where nothing was written.
    """

    snapshot: Snapshot
    plan: Plan
    receipt: Receipt | None = None

    @property
    def damaged(self) -> bool:
        """Whether something had to be left out, or is not where it was written."""
        return self.plan.damaged or bool(self.receipt and self.receipt.misplaced)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Spare the cyclic collector the walk over a whole programme.

    A night makes millions of values that refer to nothing in a circle; looking for circles among
    them took half of its time, and found none.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def plan_night(http: HTTPClient, config: Config, moment: Callable[[ZoneInfo], datetime]) -> Night:
    """Read the workbook and decide what a night would do; nothing is written."""
    with collector_paused():
        snapshot = read_snapshot(http, config)
        plan = make_plan(snapshot, config.rules, moment(snapshot.zone))
    return Night(snapshot=snapshot, plan=plan)


def run_night(  # noqa: PLR0913 - who runs, on what, and as what
    http: HTTPClient,
    config: Config,
    *,
    event: str,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Night], bool] = lambda _: True,
    digest: str | None = None,
) -> Night:
    """Let a night pass.

    Args:
        event: "night" leaves its line in the journal even without news; "apply" then writes
            nothing.
        moment: Tells the instant, aware, given the spreadsheet's time zone.
        token: Four random letters that tell this run from another of the same second.
        confirm: Asked before anything is written.
        digest: The plan that was looked at; another one is refused.

    Raises `ConflictError` where another run is under way or wrote first, `StalePlanError`, and
    whatever reading and writing raise.
    """
    with collector_paused():
        snapshot = read_snapshot(http, config)
        run = new_run(event, lambda: moment(snapshot.zone), token)
        night = Night(snapshot=snapshot, plan=make_plan(snapshot, config.rules, run.started))
    until = live_lease(night.snapshot, run.started)
    if until is not None:
        local = until.astimezone(night.snapshot.zone)
        raise ConflictError("lease", until=f"{local:%Y-%m-%d %H:%M}")
    if digest is not None and digest != night.plan.digest:
        raise StalePlanError("stale_plan", digest=night.plan.digest)
    if night.plan.empty and event == "apply":
        return night
    if not confirm(night):
        return night
    with collector_paused():
        receipt = write_plan(http, night.snapshot, night.plan, config.rules, run)
    return Night(snapshot=night.snapshot, plan=night.plan, receipt=receipt)
