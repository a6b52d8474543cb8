"""The workbook becomes a snapshot: two calls, then everything is parsed into values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from automation.core.model import HandledState
from automation.core.responses import ResponseTable
from automation.core.snapshot import Snapshot
from automation.core.text import fold
from automation.errors import CohorteError, WorkbookError
from automation.google.forms import forms_of
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.workbook.boards import open_board
from automation.workbook.form_desk import read_record
from automation.workbook.heading import render_heading
from automation.workbook.layout import (
    BOARDS,
    GUARD_BASE,
    GUARD_KEY,
    HANDLED,
    JOURNAL,
    MAIL_LOG,
    Owner,
    enrolment_tab,
    roll_number,
    tabs,
)
from automation.workbook.merges import find_hidden, list_hiding, spans_rows
from automation.workbook.read_mail import read_mail
from automation.workbook.read_programme import read_cohorts, read_meetings
from automation.workbook.read_register import (
    read_handled,
    read_journal,
    read_pairs,
    read_register,
)
from automation.workbook.read_rolls import read_roll
from automation.workbook.sheet import (
    Sheet,
    open_sheet,
    read_zone,
    require_answers,
    require_cells,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.form_answers import FormAnswer
    from automation.core.rules import Rules


_PLAUSIBLE = 1_000_000
"""A higher number was typed over a cell, unless a seal says otherwise: a file has fewer rows."""


def read_snapshot(http: HTTPClient, config: Config, *, ask_form: bool = True) -> Snapshot:
    """Read the workbook, in two calls however large it is.

    Where the configuration names the registration form, one more for each 5000 of its responses; what
    keeps it from answering is the snapshot's `form_trouble`.

    Args:
        ask_form: Whether answers matter that were edited since the last night; the others are known
            without the form.

    Raises `WorkbookError` where a response tab, a required column or a tab of ours is missing, and what
    `automation.google.sheets` raises.
    """
    spreadsheet_id = config.workspace.spreadsheet or ""
    about = get_spreadsheet(http, spreadsheet_id)
    properties = {sheet["properties"]["sheetId"]: sheet["properties"] for sheet in about["sheets"]}
    rules = config.rules
    response_ids = _find_response_tabs(properties, config.responses.tabs)
    form = rules.place_form
    reply_ids = _find_response_tabs(properties, [form.tab]) if form else []
    ours = [tab for tab in tabs(rules.fields.extra) if tab.sheet_id in properties]
    roll_ids = sorted(sheet_id for sheet_id in properties if roll_number(sheet_id))
    board_ids = (tab.sheet_id for tab in BOARDS)
    our_ids = [*(tab.sheet_id for tab in ours), *(i for i in board_ids if i in properties)]
    for sheet_id in (*our_ids, *roll_ids):
        require_cells(properties[sheet_id])
    wanted = [*response_ids, *reply_ids, *our_ids, *roll_ids]
    grids = read_ranges(http, spreadsheet_id, [{"sheetId": sheet_id} for sheet_id in wanted])
    rows = dict(zip(wanted, grids, strict=True))
    merges = {sheet["properties"]["sheetId"]: sheet.get("merges", ()) for sheet in about["sheets"]}
    metadata = about.get("developerMetadata", ())
    guards = _read_guards(metadata)
    form_answers, form_trouble = _read_form(http, config.responses.form_id if ask_form else None)
    snapshot = Snapshot(
        spreadsheet_id=spreadsheet_id,
        zone=read_zone(about["properties"].get("timeZone", "")),
        locale=about["properties"].get("locale", ""),
        revision=guards[-1][0] if guards else 0,
        guards=guards,
        responses=tuple(_response_table(properties[i], rows[i], merges[i]) for i in response_ids),
        form_answers=form_answers,
        form_record=read_record(metadata) if config.responses.form_id else None,
        form_trouble=form_trouble,
        replies=next((_response_table(properties[i], rows[i], merges[i]) for i in reply_ids), None),
        titles=frozenset(str(sheet["title"]) for sheet in properties.values()),
        cells=sum(_count_cells(sheet) for sheet in properties.values()),
        boards={
            t.key: open_board(t, properties.get(t.sheet_id, {}), rows.get(t.sheet_id, ()), about)
            for t in BOARDS
        },
    )
    sheets = {t.key: open_sheet(t, properties[t.sheet_id], rows[t.sheet_id]) for t in ours}
    snapshot = _with_headings(_parse(snapshot, sheets, rules), config)
    snapshot = _with_rolls(snapshot, {i: (properties[i], rows[i]) for i in roll_ids})
    return _with_merges(snapshot, merges)


def _read_form(
    http: HTTPClient, form_id: str | None
) -> tuple[tuple[FormAnswer, ...], CohorteError | None]:
    """Return the form's responses, or what keeps it from answering: the sheet alone tells then."""
    if form_id is None:
        return (), None
    try:
        return forms_of(http).list_answers(form_id), None
    except CohorteError as error:
        return (), error


def _count_cells(properties: Mapping[str, Any]) -> int:
    size = properties.get("gridProperties", {})
    return int(size.get("rowCount", 0)) * int(size.get("columnCount", 0))


def _with_headings(snapshot: Snapshot, config: Config) -> Snapshot:
    """Return the snapshot with what the top of each meeting's attendance tab should say."""
    cohorts = {fold(cohort.code): cohort for cohort in snapshot.cohorts}
    language, folder = config.language.value, config.attendance.templates
    headings = {
        meeting.row: render_heading(meeting, cohorts.get(fold(meeting.cohort)), language, folder)
        for meeting in snapshot.meetings
    }
    return replace(snapshot, headings=headings)


def _with_rolls(
    snapshot: Snapshot, tabs_: Mapping[int, tuple[Mapping[str, Any], Sequence[Sequence[Any]]]]
) -> Snapshot:
    """Return the snapshot with the attendance tabs, given properties and rows by sheet id."""
    meetings = {meeting.number: meeting for meeting in snapshot.meetings}
    views = []
    for sheet_id, (properties, grid) in tabs_.items():
        number = roll_number(sheet_id) or 0
        meeting = meetings.get(number)
        heading = snapshot.headings[meeting.row] if meeting else None
        views.append(read_roll(number, properties, grid, heading))
    numbers = (view.roll.meeting for view in views)
    return replace(
        snapshot,
        rolls={view.roll.meeting: view.roll for view in views},
        roll_standings={view.roll.meeting: view.standing for view in views},
        highest_meeting=max(snapshot.highest_meeting, *numbers, 0),
        problems=(*snapshot.problems, *(problem for view in views for problem in view.problems)),
    )


def _with_merges(snapshot: Snapshot, merges: Mapping[int, Sequence[Mapping[str, Any]]]) -> Snapshot:
    """Return the snapshot with what merged cells hide, given the merges of each tab by sheet id."""
    problems = [
        problem
        for standing in snapshot.standings.values()
        for problem in list_hiding(
            standing.title, merges[standing.sheet_id], standing.columns.values()
        )
    ]
    for roll in snapshot.roll_standings.values():
        columns = roll.columns.values()
        problems += list_hiding(roll.title, merges[roll.sheet_id], columns, first=roll.header)
    for table in (*snapshot.responses, *([snapshot.replies] if snapshot.replies else ())):
        width = range(len(table.header))
        problems += list_hiding(table.title, merges[table.sheet_id], width, answers=True)
    standings = {
        key: replace(standing, sortable=not spans_rows(merges[standing.sheet_id]))
        for key, standing in snapshot.standings.items()
    }
    return replace(snapshot, standings=standings, problems=(*snapshot.problems, *problems))


def _parse(snapshot: Snapshot, sheets: Mapping[str, Sheet], rules: Rules) -> Snapshot:
    """Return the snapshot with what our own tabs hold."""
    _require_memory(sheets)
    zone = snapshot.zone
    cohorts, cohort_problems = read_cohorts(sheets.get("cohorts"), zone)
    meetings, meeting_problems = read_meetings(sheets.get("meetings"))
    journal = read_journal(sheets.get("journal"), zone)
    register = read_register(sheets.get("enrolments"), journal.entries, rules.fields.extra, zone)
    pairs = read_pairs(sheets.get("duplicates"))
    mail = read_mail(sheets.get("mail_log"), sheets.get("mail"), zone)
    lines = read_handled(sheets.get("handled"))
    known = {enrolment.number for enrolment in register.enrolments}
    # An answer whose enrolment neither the register nor the journal remembers counts as fresh;
    # not so one whose person was erased.
    handled = {
        key: line
        for key, line in lines.items()
        if line.number in known or line.state is HandledState.ERASED
    }
    forgotten = {key: line.number for key, line in lines.items() if key not in handled}
    told = {
        *journal.entries,
        *(number for e in register.enrolments if not e.frozen for number in (e.number, e.person)),
    }
    told_by_mail = (m.number for m in mail.mailings.values() if m.number is not None)
    seen = {*journal.numbers, *(line.number for line in lines.values()), *known, *told_by_mail}
    standings = {key: sheet.standing for key, sheet in sheets.items()}
    if "enrolments" in standings:
        standings["enrolments"] = replace(standings["enrolments"], rows=register.rows)
    if "duplicates" in standings:
        standings["duplicates"] = replace(standings["duplicates"], rows=pairs.places)
    if "mail" in standings:
        standings["mail"] = replace(standings["mail"], rows=mail.places)
    return replace(
        snapshot,
        standings=standings,
        missing_tabs=tuple(t.key for t in tabs(rules.fields.extra) if t.key not in sheets),
        missing_columns=tuple(_missing_columns(sheets)),
        cohorts=cohorts,
        meetings=meetings,
        register=register.enrolments,
        handled=handled,
        forgotten=forgotten,
        journal=journal.entries,
        histories=journal.histories,
        pairings=journal.pairings,
        pair_rows=pairs.rows,
        frozen_pairs=pairs.frozen,
        mailings=mail.mailings,
        mail_rows=mail.rows,
        sendings=mail.sendings,
        promised=mail.promised,
        last_night=journal.last_night,
        home=journal.home,
        adopted_at=journal.adopted_at,
        told_revision=journal.revision,
        highest_number=max(told | {n for n in seen if n <= _PLAUSIBLE}, default=0),
        highest_meeting=max(journal.highest_meeting, *(m.number or 0 for m in meetings), 0),
        problems=(
            *cohort_problems,
            *meeting_problems,
            *register.problems,
            *pairs.problems,
            *mail.problems,
        ),
    )


def _require_memory(sheets: Mapping[str, Sheet]) -> None:
    """Stop where some of our memory is gone: those tabs are made together, in one write."""
    memory = (enrolment_tab(), JOURNAL, HANDLED, MAIL_LOG)
    gone = [tab for tab in memory if tab.key not in sheets]
    if 0 < len(gone) < len(memory):
        raise WorkbookError("memory_gone", tab=gone[0].fr)


def _find_response_tabs(
    properties: Mapping[int, Mapping[str, Any]], titles: Sequence[str]
) -> list[int]:
    by_title = {sheet["title"]: sheet_id for sheet_id, sheet in properties.items()}
    for title in titles:
        if title not in by_title:
            known = ", ".join(sorted(by_title))
            raise WorkbookError("missing_response_tab", tab=title, titles=known)
        require_answers(properties[by_title[title]])
    return [by_title[title] for title in titles]


def _response_table(
    properties: Mapping[str, Any],
    rows: Sequence[Sequence[Any]],
    merges: Sequence[Mapping[str, Any]],
) -> ResponseTable:
    """Return a tab of answers; one that a merge hides in part is none, lest it passed for an edit."""
    header = tuple(rows[0]) if rows else ()
    hidden = find_hidden(merges, range(len(header)))
    if hidden:
        rows = [() if index in hidden else row for index, row in enumerate(rows)]
    return ResponseTable(
        sheet_id=properties["sheetId"],
        title=properties["title"],
        header=header,
        rows=rows[1:],
        hides=bool(hidden),
    )


def _missing_columns(sheets: Mapping[str, Sheet]) -> Iterable[tuple[str, str]]:
    """Yield the columns of ours that a tab lacks and that can be made again without loss."""
    for sheet in sheets.values():
        for column in sheet.tab.columns:
            if column.owner is not Owner.ORGANISER and column.key not in sheet.standing.columns:
                yield sheet.tab.key, column.key


def _read_guards(metadata: Iterable[Mapping[str, Any]]) -> tuple[tuple[int, str], ...]:
    return tuple(
        sorted(
            (item["metadataId"] - GUARD_BASE, item.get("metadataValue", ""))
            for item in metadata
            if item.get("metadataKey") == GUARD_KEY
        )
    )
