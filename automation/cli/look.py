"""status and show: looking, without writing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

import click

from automation import locale
from automation.cli import Command
from automation.cli.context import Session, pass_session, print_json

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot
    from automation.workbook.layout import Tab
    from automation.workbook.view import Value

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True)
@pass_session
def status(session: Session, as_json: bool) -> None:  # noqa: FBT001 - click gives flags as booleans
    """Show where the cohorts stand."""
    from automation.cli.render import cohorts_json, seats_table, told_problems
    from automation.night import plan_night

    config = session.load_config()
    with session.workspace(config) as workspace:
        night = plan_night(workspace.http, workspace.config, session.moment)
    snapshot = night.snapshot
    seats = {cohort.code: cohort.seats for cohort in snapshot.cohorts}
    last = snapshot.last_night
    last_night = last.astimezone(snapshot.zone) if last else None
    awaited = _decisions_awaited(snapshot)
    if as_json:
        print_json(
            {
                "spreadsheet_id": snapshot.spreadsheet_id,
                "cohorts": cohorts_json(snapshot.cohorts, seats),
                "decisions_awaited": awaited,
                "last_night": last_night.isoformat() if last_night else None,
                "news": not night.plan.empty,
            }
        )
        return
    console = session.console()
    if snapshot.cohorts:
        console.print(seats_table(snapshot.cohorts, seats, session.language))
    for line in told_problems(night.plan, session.language):
        console.print(line)
    session.say("look.awaited", count=awaited)
    if last_night:
        session.say("look.last_night", at=f"{last_night:%Y-%m-%d %H:%M}")
    session.say("look.quiet" if night.plan.empty else "look.news")


def _decisions_awaited(snapshot: Snapshot) -> int:
    """Return how many enrolments wait for a word of the organisers."""
    from automation.core.model import Status

    return sum(
        1
        for enrolment in snapshot.register
        if enrolment.status is Status.TO_REVIEW
        or (enrolment.decision is None and enrolment.decision_text)
    )


@click.command(cls=Command)
@click.argument("tab")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@pass_session
def show(session: Session, tab: str, form: str) -> None:
    """Show a tab."""
    from automation.workbook.view import find_tab, read_tab

    config = session.load_config()
    ours = find_tab(config, tab)
    with session.workspace(config) as workspace:
        rows = read_tab(workspace.http, workspace.config, ours)
    if form == "json":
        print_json(rows)
    elif form == "csv":
        click.echo(_as_csv(ours, rows, session.language), nl=False)
    else:
        _print_table(session, ours, rows)


def _as_csv(tab: Tab, rows: list[dict[str, Value]], language: str) -> str:
    """Return the rows as RFC 4180 CSV, with nothing that a spreadsheet would evaluate."""
    columns = [column for column in tab.columns if not rows or column.key in rows[0]]
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(column.label(language) for column in columns)
    for row in rows:
        cells = (_in_words(tab, column.key, row[column.key], language) for column in columns)
        writer.writerow(f"'{c}" if c.startswith(_FORMULA_STARTS) else c for c in cells)
    return target.getvalue()


def _print_table(session: Session, tab: Tab, rows: list[dict[str, Value]]) -> None:
    """Print the columns that hold anything, and leave out Cohorte's own."""
    from rich.markup import escape
    from rich.table import Table

    from automation.cli.render import STATUS_STYLES
    from automation.workbook.layout import Owner

    used = Counter(key for row in rows for key, value in row.items() if value not in (None, False))
    columns = [
        column
        for column in tab.columns
        if used[column.key] and (tab.hidden or column.owner is not Owner.HIDDEN)
    ]
    table = Table(title=tab.title(session.language), header_style="bold", title_justify="left")
    for column in columns:
        table.add_column(column.label(session.language), overflow="fold")
    for row in rows:
        cells = (_in_words(tab, c.key, row[c.key], session.language) for c in columns)
        table.add_row(*map(escape, cells), style=STATUS_STYLES.get(str(row.get("status")), ""))
    session.console().print(table)


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
