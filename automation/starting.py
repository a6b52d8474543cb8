"""A cohort that follows another, as a straight line: read, prepare, ask, write."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from automation.collector import collector_paused
from automation.core.plan import nothing
from automation.core.succession import follow_cohort
from automation.night import find_obstacle, require_no_lease
from automation.workbook.guards import new_run
from automation.workbook.reader import read_snapshot
from automation.workbook.starting import STARTED, read_former, render_start, require_tabs
from automation.workbook.writer import write_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.rules import Rules
    from automation.core.succession import Start, Succession

_UTC = ZoneInfo("UTC")


def start_cohort(  # noqa: PLR0913 - who starts what, on what, and as what
    http: HTTPClient,
    config: Config,
    start: Start,
    rules: Rules,
    *,
    moment: Callable[[ZoneInfo], datetime],
    token: str,
    confirm: Callable[[Succession], bool] = lambda _: True,
) -> bool:
    """Prepare a cohort that follows another; tell whether it was written.

    Args:
        rules: Those of the configuration, in the language in which to tell of it.
        moment: Tells the instant, aware, given the spreadsheet's time zone.
        token: Four random letters that tell this run from another of the same second.
        confirm: Asked before anything is written.

    Raises `WrongUsageError` for a start that can't be, `ConflictError` where another run is under
    way or wrote first, and whatever keeps a night from writing.
    """
    began = moment(_UTC)
    with collector_paused():
        snapshot = read_snapshot(http, config, ask_form=False)
    run = new_run(STARTED, lambda: moment(snapshot.zone), token, moment(_UTC) - began)
    require_no_lease(snapshot, run)
    obstacle = find_obstacle(snapshot, nothing(run.started))
    if obstacle is not None:
        raise obstacle
    prepared = follow_cohort(snapshot, rules, start)
    require_tabs(snapshot)
    kept = read_former(http, snapshot, prepared.former.code)
    if not confirm(prepared):
        return False
    requests = render_start(snapshot, prepared, kept, run, config.language.value)
    write_rows(http, snapshot, requests, run)
    return True
