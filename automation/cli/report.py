"""report, and the summary and the comments as `show` tells them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import replace

from automation.cli import Command
from automation.cli.context import Session, pass_session, print_json
from automation.cli.csv_text import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from automation.config import Config
    from automation.core.snapshot import Snapshot
    from automation.core.summary import Comments, Line, Section, Summary

_MOST_EMPTY: Final = 2
"""Weeks in a row without anybody that are shown one by one."""


@click.command(cls=Command)
@click.option("--format", "form", type=click.Choice(["html", "pdf"]), default="html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--whole", is_flag=True)
@pass_session
def report(session: Session, form: str, out: Path | None, whole: bool) -> None:  # noqa: FBT001
    """Make one page of figures and charts, with what may be shared beyond the committee."""
    from automation.cli.papers import write_paper
    from automation.core.summary import suppress
    from automation.papers.report import render_report

    config = session.load_config()
    snapshot, summary = _count(session, config)
    below = 1 if whole else config.summary.suppress_below
    html = render_report(
        summary if whole else suppress(summary, below),
        programme=config.programme.name or "",
        organisations=config.programme.organisations,
        day=summary.made_at.astimezone(snapshot.zone).date(),
        suppressed_below=below,
        paper=config.attendance.paper,
        folder=config.attendance.templates,
    )
    target = out or Path(f"{session.text('papers.file.report')}.{form}")
    if write_paper(session, html, form, target, snapshot.zone):
        session.say("report.whole" if below == 1 else "report.done", file=str(target), below=below)


def show_summary(session: Session, config: Config, form: str) -> None:
    """Print the figures as the committee's tab has them."""
    from automation.core.summary import list_sections, suppress

    _, summary = _count(session, config)
    if config.summary.suppress_for_committee:
        shared = suppress(summary, config.summary.suppress_below)
        summary = replace(shared, today=summary.today)
    if form == "json":
        print_json(list(_as_objects(summary)))
    elif form == "csv":
        click.echo(write_csv(_as_lines(summary)), nl=False)
    else:
        console = session.console()
        for section in list_sections(summary):
            console.print(section_view(section, summary.language))


def show_comments(session: Session, config: Config, form: str) -> None:
    """Print all that people wrote in their own words."""
    from automation.core.summary import list_comments
    from automation.workbook.reader import read_snapshot

    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    found = list_comments(snapshot, config.rules)
    if form == "table":
        console = session.console()
        for about in found:
            console.print(_comments_table(about))
        return
    rows = [
        {"question": about.question, "number": comment.number, "text": comment.text}
        for about in found
        for comment in about.comments
    ]
    if form == "json":
        print_json(rows)
    else:
        header = ("question", "number", "text")
        click.echo(write_csv([header, *(tuple(row.values()) for row in rows)]), nl=False)


def _count(session: Session, config: Config) -> tuple[Snapshot, Summary]:
    """Return the workbook as it stands, and its figures."""
    from automation.core.summary import make_summary
    from automation.posting import open_post_office
    from automation.workbook.reader import read_snapshot

    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    rules = open_post_office(config).rules
    now = session.moment(snapshot.zone)
    return snapshot, make_summary(snapshot, rules, now, rules.summary.reach)


def _as_objects(summary: Summary) -> Iterator[dict[str, Any]]:
    """Yield each row for a script: None for nothing to give, "suppressed" for what is held back."""
    from automation.core.summary import SUPPRESSED, name_row

    for table in summary.tables:
        for row in table.rows:
            figures = (figure.value if figure is SUPPRESSED else figure for figure in row.figures)
            yield {
                "table": table.key,
                "row": row.key,
                "label": name_row(table, row, summary.language),
                "cohort": row.group or None,
                "day": row.day.isoformat() if row.day else None,
                "figures": dict(zip(table.columns, figures, strict=True)),
            }


def _as_lines(summary: Summary) -> Iterator[tuple[object, ...]]:
    """Yield each figure on a line of its own, so that tables of all shapes make one file."""
    yield ("table", "row", "label", "column", "figure")
    for one in _as_objects(summary):
        for column, figure in one["figures"].items():
            yield (one["table"], one["row"], one["label"], column, figure)


def section_view(section: Section, language: str) -> RenderableType:
    """Return a section of the summary as a table below its title."""
    from rich.console import Group
    from rich.markup import escape
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from automation.core.summary import tell_share

    parts: list[RenderableType] = [Text(section.title, style="bold")]
    parts += [Text(note, style="dim") for note in section.notes]
    if section.lines:
        table = Table(box=None, pad_edge=False, header_style="bold cyan")
        table.add_column(section.corner, overflow="fold")
        for column in section.columns:
            longest = max(map(len, column.label.split()))
            table.add_column(column.label, justify="right", min_width=longest)
        for line in _skip_empty(section, language):
            told = (
                tell_share(value, language) if isinstance(value, float) else str(value)
                for value in ("" if value is None else value for value in line.values)
            )
            table.add_row(escape(line.label), *told)
        parts.append(table)
    return Padding(Group(*parts), (0, 0, 1, 0))


def _skip_empty(section: Section, language: str) -> Iterator[Line]:
    """Yield the lines of a section, each long run of weeks without anybody as one line."""
    from itertools import groupby

    from automation import locale

    for empty, group in groupby(section.lines, lambda line: not any(line.values)):
        lines = list(group)
        if section.key == "weeks" and empty and len(lines) > _MOST_EMPTY:
            label = locale.text(language, "summary.empty_weeks", count=len(lines))
            yield replace(lines[0], label=label, values=())
        else:
            yield from lines


def _comments_table(about: Comments) -> RenderableType:
    from rich.console import Group
    from rich.markup import escape
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="cyan")
    table.add_column(overflow="fold")
    for comment in about.comments:
        table.add_row(str(comment.number), escape(comment.text))
    words = ", ".join(f"{word} ({count})" for word, count in about.words)
    head = [Text(about.question, style="bold"), *([Text(words, style="dim")] if words else [])]
    return Padding(Group(*head, table), (0, 0, 1, 0))
