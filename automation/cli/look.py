"""status and show: looking, without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from automation.cli import Command
from automation.cli.asking import may_name, read_rules
from automation.cli.context import Session, pass_session, print_json
from automation.cli.csv_text import write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from rich.table import Table

    from automation.config import Config
    from automation.core.rules import Rules
    from automation.night import Night
    from automation.workbook.layout import Column, Tab
    from automation.workbook.past import PastRun
    from automation.workbook.view import Value

_NIGHTS = 7
"""How many of the latest runs are shown."""


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
        console.print()
        console.print(_runs_table(session, nights, snapshot.zone))
    for line in told_problems(night.plan, session.language, quote=may_name(session)):
        console.print(line)
    _say_today(session, night, rules, messages)
    if last_night:
        session.say("look.last_night", at=f"{last_night:%Y-%m-%d %H:%M}")
    session.say("look.quiet" if night.plan.empty else "look.news")


def _say_today(session: Session, night: Night, rules: Rules, messages: int) -> None:
    """Tell what waits for the committee, as Sommaire counts it, and where each is answered."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from automation.core.attendance import read_attendances
    from automation.core.summary import count_today

    snapshot = night.snapshot
    attendances = read_attendances(snapshot)
    today = count_today(snapshot, rules, night.plan.now, attendances)
    waiting = [(row.key, row.figures[0]) for row in today.rows] + [("messages", messages)]
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for key, count in waiting:
        if count:
            where = session.text(f"look.where.{key}")
            what = session.text(f"summary.row.{key}")
            table.add_row(str(count), Text.assemble(what, (f"\n→ {where}", "dim")))
    if not table.row_count:
        session.say("summary.note.nothing_today")
        return
    title = Text(session.text("summary.title.today"), style="bold")
    session.console().print(Padding(Group(title, table), (1, 0), expand=False))


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
    from automation.cli.tables import tab_table
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
        session.console().print(
            tab_table(ours, rows, session.language, width=session.console().width)
        )
        if rows:
            session.say("look.more_columns")
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
    from automation.cli.tables import in_words

    value = row[column.key]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else in_words(tab, column.key, value, language)
