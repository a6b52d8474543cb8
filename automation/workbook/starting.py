"""A prepared cohort comes into our tabs: its row, its meetings and a line of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation import locale
from automation.core.instants import wall_serial
from automation.core.model import By, MeetingState
from automation.core.text import fold
from automation.errors import WorkbookError
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.cells import parse_text, render, to_wire
from automation.workbook.layout import COHORTS, JOURNAL, MEETINGS
from automation.workbook.sheet import open_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from gspread import HTTPClient

    from automation.core.model import Cell, Meeting
    from automation.core.snapshot import Snapshot
    from automation.core.succession import Succession
    from automation.workbook.guards import Run
    from automation.workbook.layout import Tab

STARTED = "started"
"""The run that prepares a cohort, and does nothing else."""

_KEPT = (
    "places",
    "waiting_limit",
    "reserved",
    "reserved_for",
    "promotion",
    "window_hours",
    "attestation_at",
)
"""What a cohort takes from the former, as organisers typed it."""


def require_tabs(snapshot: Snapshot) -> None:
    """Raise `WorkbookError` where a cohort can't be prepared as yet, or could not say whom it follows."""
    for tab in (COHORTS, JOURNAL):
        if tab.key not in snapshot.standings:
            raise WorkbookError("tab_not_made", tab=tab.key)
    standing = snapshot.standings[COHORTS.key]
    if "follows" not in standing.columns:
        raise WorkbookError(
            "cohort_no_follows", column=COHORTS.column("follows").fr, tab=standing.title
        )


def read_former(http: HTTPClient, snapshot: Snapshot, code: str) -> dict[str, Cell]:
    """Return what a cohort's row says that the next one takes, by column key, as typed.

    Raises `WorkbookError` where the row has gone since the snapshot.
    """
    about = get_spreadsheet(http, snapshot.spreadsheet_id)
    properties = {sheet["properties"]["sheetId"]: sheet["properties"] for sheet in about["sheets"]}
    if COHORTS.sheet_id not in properties:
        raise WorkbookError("tab_not_made", tab=COHORTS.key)
    (grid,) = read_ranges(http, snapshot.spreadsheet_id, [{"sheetId": COHORTS.sheet_id}])
    sheet = open_sheet(COHORTS, properties[COHORTS.sheet_id], grid)
    for row in sheet.rows():
        if fold(parse_text(row.get("code"))) == fold(code):
            return {key: row.get(key) for key in _KEPT}
    raise WorkbookError("cohort_gone", cohort=code)


def render_start(
    snapshot: Snapshot,
    prepared: Succession,
    kept: Mapping[str, Cell],
    run: Run,
    language: str,
) -> list[dict[str, Any]]:
    """Return the requests that write a prepared cohort, for a batch of the next revision.

    Args:
        kept: What the former's row says, see `read_former`.
    """
    pen = _Pen(snapshot, language)
    requests = [pen.append(COHORTS, _cohort_cells(prepared, kept))]
    requests += [
        pen.append(MEETINGS, pen.render(MEETINGS, _meeting_values(meeting)))
        for meeting in prepared.meetings
    ]
    words = {"code": prepared.start.code, "former": prepared.former.code}
    line = {
        "at": run.started,
        "run": run.run_id,
        "event": STARTED,
        "by": By.ORGANISER,
        "reason": locale.text(language, "reason.cohort_started", **words),
        "revision": snapshot.revision + 1,
        "cohort": prepared.start.code,
    }
    return [*requests, pen.append(JOURNAL, pen.render(JOURNAL, line))]


class _Pen:
    """Lays cells out in the columns of our tabs, as the snapshot found them."""

    def __init__(self, snapshot: Snapshot, language: str) -> None:
        self._zone: ZoneInfo = snapshot.zone
        self._language = language
        self._standings = snapshot.standings

    def render(self, tab: Tab, values: Mapping[str, object]) -> dict[str, Cell]:
        """Return values as the cells of a tab."""
        return {
            key: render(tab.column(key), value, self._zone, self._language)
            for key, value in values.items()
        }

    def append(self, tab: Tab, cells: Mapping[str, Cell]) -> dict[str, Any]:
        """Return the request that adds a row below a tab's last one."""
        places = self._standings[tab.key].columns
        row: list[dict[str, Any]] = [{} for _ in range(max(places.values()) + 1)]
        for key, cell in cells.items():
            if key in places:
                row[places[key]] = to_wire(cell)
        body = {
            "sheetId": tab.sheet_id,
            "rows": [{"values": row}],
            "fields": "userEnteredValue",
        }
        return {"appendCells": body}


def _cohort_cells(prepared: Succession, kept: Mapping[str, Cell]) -> dict[str, Cell]:
    start = prepared.start
    return {
        **kept,
        "code": start.code,
        "name": start.name,
        "places": kept.get("places") if start.places is None else start.places,
        "opens": wall_serial(start.opens),
        "closes": wall_serial(start.closes) if start.closes else None,
        "follows": prepared.former.code,
        "paused": False,
    }


def _meeting_values(meeting: Meeting) -> dict[str, object]:
    return {
        "cohort": meeting.cohort,
        "date": meeting.day,
        "start": meeting.start,
        "end": meeting.end,
        "theme": meeting.theme,
        "place": meeting.place,
        "host": meeting.host,
        "state": MeetingState.PLANNED,
    }
