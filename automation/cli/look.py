"""status and show: looking, without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from automation import locale
from automation.cli import Command
from automation.cli.asking import may_name, read_rules
from automation.cli.context import Session, pass_session, print_json
from automation.cli.csv_text import write_csv
from automation.workbook.layout import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from rich.table import Table

    from automation.config import Config
    from automation.workbook.layout import Column, Tab
    from automation.workbook.past import PastRun
    from automation.workbook.view import Value

_NIGHTS = 7
"""How many of the latest runs are shown."""
_SHORT = frozenset((Kind.INTEGER, Kind.NUMBER, Kind.DAY, Kind.TIME, Kind.MOMENT, Kind.INSTANT))
"""What is never broken over two lines."""


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True)
@pass_session
def status(session: Session, as_json: bool) -> None:  # noqa: FBT001 - click gives flags as booleans
    """Show where the cohorts stand."""
    from automation.cli.render import cohorts_json, seats_table, told_problems
    from automation.core.awaited import awaits_call, has_odd_decision
    from automation.core.erasure import count_pending
    from automation.core.model import Status
    from automation.night import plan_night
    from automation.workbook.past import list_runs

    config = session.load_config()
    with session.workspace(config) as workspace:
        night = plan_night(workspace.http, workspace.config, session.moment)
    snapshot = night.snapshot
    nights = list_runs(snapshot, _NIGHTS)
    seats = {cohort.code: cohort.seats for cohort in snapshot.cohorts}
    last = snapshot.last_night
    last_night = last.astimezone(snapshot.zone) if last else None
    rules = read_rules(session, config)
    awaited = sum(
        one.status is Status.TO_REVIEW or has_odd_decision(one) for one in snapshot.register
    )
    calls = sum(awaits_call(one, rules) for one in snapshot.register)
    messages = sum(row.urgency == 0 for row in snapshot.mail_rows)
    erasures = count_pending(snapshot)
    if as_json:
        print_json(
            {
                "spreadsheet_id": snapshot.spreadsheet_id,
                "cohorts": cohorts_json(snapshot.cohorts, seats),
                "decisions_awaited": awaited,
                "calls_awaited": calls,
                "messages_awaited": messages,
                "erasures_awaited": erasures,
                "last_night": last_night.isoformat() if last_night else None,
                "nights": [_run_json(past, snapshot.zone) for past in nights],
                "news": not night.plan.empty,
            }
        )
        return
    console = session.console()
    if snapshot.cohorts:
        console.print(seats_table(snapshot.cohorts, seats, session.language))
    if nights:
        console.print(_runs_table(session, nights, snapshot.zone))
    for line in told_problems(night.plan, session.language, quote=may_name(session)):
        console.print(line)
    session.say("look.awaited", count=awaited)
    if calls:
        session.say("look.calls", count=calls)
    if messages:
        session.say("look.messages", count=messages)
    if erasures:
        session.say("look.erasures", count=erasures)
    if last_night:
        session.say("look.last_night", at=f"{last_night:%Y-%m-%d %H:%M}")
    session.say("look.quiet" if night.plan.empty else "look.news")


def _run_json(past: PastRun, zone: ZoneInfo) -> dict[str, object]:
    return {
        "at": past.at.astimezone(zone).isoformat() if past.at else None,
        "run": past.run_id,
        "kind": past.kind,
        "transitions": past.transitions,
        "mails": past.mails,
    }


def _runs_table(session: Session, nights: Sequence[PastRun], zone: ZoneInfo) -> Table:
    """Return the latest runs, the last one first."""
    from rich.table import Table

    title = session.text("look.nights")
    table = Table(title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    table.add_column(session.text("column.when"))
    table.add_column(session.text("column.kind"))
    table.add_column(session.text("column.transitions"), justify="right")
    table.add_column(session.text("column.mails"), justify="right")
    for past in nights:
        at = f"{past.at.astimezone(zone):%Y-%m-%d %H:%M}" if past.at else "?"
        kind = session.text(f"event.{past.kind}")
        table.add_row(at, kind, str(past.transitions), str(past.mails))
    return table


@click.command(cls=Command)
@click.argument("tab")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@pass_session
def show(session: Session, tab: str, form: str) -> None:
    """Show a tab."""
    from automation.cli.report import show_comments, show_summary
    from automation.workbook.layout import ATTENDANCE, COMMENTS
    from automation.workbook.view import find_board, find_tab, read_tab

    config = session.load_config()
    board = find_board(tab)
    if board is not None:
        (show_comments if board is COMMENTS else show_summary)(session, config, form)
        return
    ours = find_tab(config, tab)
    if ours is ATTENDANCE:
        _show_attendance(session, config, form)
        return
    with session.workspace(config) as workspace:
        rows = read_tab(workspace.http, workspace.config, ours)
    if form == "table":
        _print_table(session, ours, rows)
    else:
        _print_rows(session, ours, rows, form)


def _show_attendance(session: Session, config: Config, form: str) -> None:
    """Show who came to which meeting, from all the attendance tabs."""
    from automation.cli.attendance import attendance_rows, attendance_tables
    from automation.workbook.layout import ATTENDANCE
    from automation.workbook.reader import read_snapshot

    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    if form != "table":
        _print_rows(session, ATTENDANCE, attendance_rows(snapshot), form)
        return
    tables = list(attendance_tables(session, snapshot))
    console = session.console()
    for table in tables:
        console.print(table)
    if not tables:
        session.say("attendance.none", days=config.attendance.days_before)


def _print_rows(session: Session, tab: Tab, rows: list[dict[str, Value]], form: str) -> None:
    """Print rows for a script, or for a spreadsheet."""
    if form == "json":
        print_json(rows)
    else:
        click.echo(_as_csv(tab, rows, session.language), nl=False)


def _as_csv(tab: Tab, rows: list[dict[str, Value]], language: str) -> str:
    """Return the rows as CSV, with nothing that a spreadsheet would evaluate."""
    columns = [column for column in tab.columns if not rows or column.key in rows[0]]
    header = [column.label(language) for column in columns]
    return write_csv(
        [header, *([_as_cell(tab, c, row, language) for c in columns] for row in rows)]
    )


def _as_cell(tab: Tab, column: Column, row: dict[str, Value], language: str) -> Value:
    value = row[column.key]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else _in_words(tab, column.key, value, language)


def _print_table(session: Session, tab: Tab, rows: list[dict[str, Value]]) -> None:
    """Print the columns that tell the story, where they hold anything; alerts below the reason."""
    from rich.markup import escape
    from rich.table import Table

    from automation.cli.render import STATUS_STYLES

    rows = [_join_alerts(row) for row in rows] if "reason" in tab.brief else rows
    columns = [
        tab.column(key)
        for key in tab.brief
        if any(row.get(key) not in {None, False} for row in rows)
    ]
    title = tab.title(session.language)
    table = Table(title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for column in columns:
        table.add_column(
            column.label(session.language),
            justify="right" if column.kind in {Kind.INTEGER, Kind.NUMBER} else "left",
            no_wrap=column.kind in _SHORT,
            overflow="fold",
        )
    for row in rows:
        cells = (_in_words(tab, c.key, row.get(c.key), session.language) for c in columns)
        style = STATUS_STYLES.get(str(row.get("status")), "")
        table.add_row(
            *(escape(_short(c, t)) for c, t in zip(columns, cells, strict=True)), style=style
        )
    console = session.console()
    console.print(table)
    if rows:
        session.say("look.more_columns")


def _join_alerts(row: dict[str, Value]) -> dict[str, Value]:
    """Put the alerts under the reason: beside it, neither has room at a terminal."""
    told = [str(row[key]) for key in ("reason", "alerts") if row.get(key)]
    return {**row, "reason": "\n".join(told) or None, "alerts": None}


def _short(column: Column, words: str) -> str:
    """Return an instant as people write it, to the minute; anything else as it is."""
    if column.kind in {Kind.MOMENT, Kind.INSTANT} and words[10:11] == "T":
        return f"{words[:10]} {words[11:16]}"
    return words


def _in_words(tab: Tab, key: str, value: Value, language: str) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "☑"
    column = tab.column(key)
    code = f"{column.choices}.{value}"
    if column.choices and code in locale.CATALOGUES[language]:
        return locale.text(language, code)
    return str(value)
