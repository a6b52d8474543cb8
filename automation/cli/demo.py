"""demo: the whole of it, on an example, in a few seconds."""

from __future__ import annotations

import shlex
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from automation import locale
from automation.cli import Command
from automation.cli.context import Session, new_token, pass_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.console import Console, RenderableType
    from rich.text import Text

    from automation.core.model import Enrolment, Event, Problem, Seats
    from automation.core.snapshot import Snapshot
    from automation.demo import Demo, StoryClock, Window
    from automation.demo.story import Act
    from automation.night import Night

_CALENDARS: Final = {"fr": "fr_CA", "en": "en_CA"}
_ORDINARY: Final = frozenset({"reason.confirmed", "reason.waiting", "reason.removed"})
"""Reasons that go without saying beside the status."""

_DAY_WIDTH: Final = 18
_WIDE: Final = 100
_NARROW_STATUS: Final = 15
_DETAILS: Final = 36
"""Columns that the words beside a command need."""


@click.command(cls=Command)
@click.argument(
    "folder",
    default="cohorte-demo",
    type=click.Path(file_okay=False, path_type=Path),
)
@pass_session
def demo(session: Session, folder: Path) -> None:
    """Play the first cohort's story."""
    from automation.cli.render import seats_table
    from automation.demo import StoryClock, open_demo, prepare_folder
    from automation.workbook.reader import read_snapshot
    from automation.workspace import open_workspace, require_embedded

    config_path = prepare_folder(folder, session.language)
    config = session.load_config(config_path)
    require_embedded(config, "local_only")
    clock = StoryClock()
    console = session.console()
    with open_workspace(config, clock, new=True) as workspace:
        title = session.text("demo.title")
        story = open_demo(workspace.http, workspace.config, folder, title)
        console.print(_heading(title))
        _play(session, console, story, clock, folder)
        snapshot = read_snapshot(story.http, story.config)
    seats = {cohort.code: cohort.seats for cohort in snapshot.cohorts}
    console.print(_heading(session.text("demo.cohorts")))
    console.print(seats_table(snapshot.cohorts, seats, session.language))
    if snapshot.cohorts:
        code = snapshot.cohorts[0].code
        console.print(_heading(session.text("demo.register", code=code)))
        narrow = console.width < _WIDE
        console.print(_register_table(snapshot, code, session.language, narrow=narrow))
    console.print(_heading(session.text("demo.next")))
    _tell_next(session, console, config_path)


def _heading(text: str) -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text, style="bold"), (1, 0, 0, 0))


def _play(session: Session, console: Console, story: Demo, clock: StoryClock, folder: Path) -> None:
    """Play the nights that are left, each told as it passes."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from automation.demo import find_played, play

    total = len(story.windows)
    done = len(find_played(story) & {window.night.at for window in story.windows})
    if done == total:
        session.say("demo.calm", count=total, folder=str(folder))
        return
    intro = ("demo.resumed", {"count": done}) if done else ("demo.intro", {"folder": str(folder)})
    session.say(intro[0], **intro[1])
    seen: set[Problem] = set()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task("", total=total, completed=done)
        for window, night in play(story, clock, _zone(story), new_token):
            day = _tell_day(window.night.at, session.language)
            bar.update(task, description=session.text("demo.progress", day=day), advance=1)
            console.print(_night_block(window, night, day, session.language, seen))


def _zone(story: Demo) -> ZoneInfo:
    from automation.google.sheets import get_spreadsheet

    about = get_spreadsheet(story.http, story.spreadsheet_id)
    return ZoneInfo(about["properties"]["timeZone"])


def _tell_day(day: datetime, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, "EEE d MMM y", locale=_CALENDARS[language])


def _night_block(
    window: Window, night: Night, day: str, language: str, seen: set[Problem]
) -> RenderableType:
    """Return a night as a date and, beside it, what came in, what was decided, and the seats."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    words = window.night.say if language == "fr" else window.night.say_en
    news = [*_tell_outcome(night, language), *_tell_problems(night, language, seen)]
    quiet = Text(locale.text(language, "demo.quiet"), style="dim")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold cyan", min_width=_DAY_WIDTH)
    table.add_column(ratio=1)
    mailed = list(_tell_mail(night, language))
    told = [*news, *mailed] or [quiet]
    lines = [*_tell_arrivals(window, language), *told, *_seat_bars(night, language)]
    table.add_row(day, Group(Text(words, style="bold"), *lines))
    return Padding(table, (1, 0, 0, 0))


def _tell_arrivals(window: Window, language: str) -> Iterator[RenderableType]:
    from rich.text import Text

    from automation.cli.render import hang

    count = sum(1 for _, row in window.answers if any(row))
    if count:
        code = "demo.answer" if count == 1 else "demo.answers"
        yield hang("✉", Text(locale.text(language, code, count=count), style="dim"), "dim")
    for act in window.acts:
        yield hang("✎", Text(_say_act(act, language), style="dim"), "dim")


def _tell_mail(night: Night, language: str) -> Iterator[RenderableType]:
    """Yield which messages left, each kind with how many."""
    from collections import Counter

    from rich.text import Text

    from automation.cli.render import hang
    from automation.core.ledger import MailState
    from automation.core.mailing import describe

    told = night.delivery.told.values() if night.delivery else ()
    counts = Counter(
        locale.say(language, describe(mailing))
        for mailing in told
        if mailing.state is MailState.SENT
    )
    if counts:
        kinds = (f"{words} ({count})" if count > 1 else words for words, count in counts.items())
        yield hang("→", Text(" · ".join(kinds), style="green"), "green")


def _say_act(act: Act, language: str) -> str:
    return act.say if language == "fr" else act.say_en


def _tell_outcome(night: Night, language: str) -> Iterator[RenderableType]:
    """Yield what changed, those to whom the same happened together; then what awaits a word."""
    from rich.text import Text

    from automation.cli.render import STATUS_STYLES, hang

    together: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for change in night.plan.changes:
        for event in change.events:
            together[_tell_event(event, language)].append(change.after.name)
    for (label, status, reason), names in together.items():
        style = STATUS_STYLES.get(status, "bright_black")
        body = Text.assemble((label, style), "  ", ", ".join(names))
        body.append(f"  {reason}" if reason else "", "dim")
        yield hang("●", body, style)
    for change in night.plan.changes:
        if change.after.alerts and "alerts" in change.fields:
            alert = Text(f"{change.after.name}  {change.after.alerts}", style="yellow")
            yield hang("⚠", alert, "yellow")
    yield from _tell_cohorts(night)


def _tell_cohorts(night: Night) -> Iterator[RenderableType]:
    """Yield what the committee should look at in a cohort, where that is new."""
    from rich.text import Text

    from automation.cli.render import hang

    for change in night.plan.cohorts:
        alerts = change.seats.alerts
        if alerts and alerts != change.cohort.seats.alerts:
            yield hang("⚠", Text(f"{change.cohort.code}  {alerts}", style="yellow"), "yellow")


def _tell_event(event: Event, language: str) -> tuple[str, str, str]:
    """Return what happened, to which status, and why where that does not go without saying."""
    moved = event.kind == "transition"
    code = f"status.{event.after}" if moved else f"event.{event.kind}"
    why = "" if event.reason.code in _ORDINARY else locale.say(language, event.reason)
    return (locale.text(language, code), event.after, why)


def _tell_problems(night: Night, language: str, seen: set[Problem]) -> Iterator[RenderableType]:
    """Yield the problems that no night before has told."""
    from rich.text import Text

    from automation.cli.render import hang
    from automation.telling import problem_line

    for problem in night.plan.problems:
        if problem not in seen:
            yield hang(
                "⚠", Text(problem_line(problem, language, quote=True), style="yellow"), "yellow"
            )
    seen.update(night.plan.problems)


def _seat_bars(night: Night, language: str) -> Iterator[RenderableType]:
    """Yield the cohorts whose figures moved, a bar with a block for each place."""
    moved = {change.cohort.code for change in night.plan.cohorts}
    places = {cohort.code: cohort.places for cohort in night.snapshot.cohorts}
    for code, seats in night.plan.seats:
        if code in moved and (seats.confirmed or seats.offered or seats.waiting):
            yield _seat_bar(code, places[code] or 0, seats, language)


def _seat_bar(code: str, places: int, seats: Seats, language: str) -> Text:
    from rich.text import Text

    held = (seats.confirmed or 0) + (seats.offered or 0)
    bar = Text.assemble(
        (f"{code} ", "bold"),
        ("█" * min(held, places), "green"),
        ("█" * (held - places), "red"),
        ("░" * (places - held), "bright_black"),
        f" {held}/{places}",
    )
    if seats.waiting:
        bar.append(f"  + {locale.text(language, 'demo.waiting', count=seats.waiting)}", "yellow")
    return bar


def _register_table(
    snapshot: Snapshot, code: str, language: str, *, narrow: bool
) -> RenderableType:
    """Return the enrolments of a cohort by number, coloured by status."""
    from rich.markup import escape
    from rich.table import Table

    from automation.cli.render import STATUS_STYLES
    from automation.workbook.layout import enrolment_tab

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(locale.text(language, "column.number"), justify="right")
    table.add_column(locale.text(language, "column.name"))
    status_label = enrolment_tab().column("status").label(language)
    table.add_column(status_label, max_width=_NARROW_STATUS if narrow else None)
    table.add_column(locale.text(language, "column.reason"), ratio=1)
    for enrolment in sorted(_of_cohort(snapshot, code), key=lambda e: e.number):
        style = STATUS_STYLES.get(enrolment.status, "bright_black")
        status = locale.text(language, f"status.{enrolment.status}")
        rank = f" ({enrolment.rank})" if enrolment.rank else ""
        words = " · ".join(filter(None, (enrolment.reason, enrolment.alerts)))
        cells = (str(enrolment.number), enrolment.name, status + rank, words)
        table.add_row(*map(escape, cells), style=style)
    return table


def _of_cohort(snapshot: Snapshot, code: str) -> Iterable[Enrolment]:
    return (enrolment for enrolment in snapshot.register if enrolment.cohort == code)


def _tell_next(session: Session, console: Console, config_path: Path) -> None:
    """Print commands that work as they stand, from the folder where this one was run."""
    from rich.table import Table

    start = f"cohorte --config {shlex.quote(str(config_path))}"
    commands = {
        "status": f"{start} status",
        "enrolments": f"{start} show enrolments",
        "journal": f"{start} show journal",
        "summary": f"{start} show summary",
        "report": f"{start} report",
        "plan": f"{start} plan",
        "load": f"cohorte local load {session.text('demo.next.load_file')}",
    }
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(style="dim")
    fits = max(map(len, commands.values())) + _DETAILS <= console.width
    for key, command in commands.items():
        words = session.text(f"demo.next.{key}")
        if fits:
            table.add_row(command, words)
        else:
            console.print(f"# {words}", style="dim", markup=False, highlight=False)
            console.print(command, style="cyan", markup=False, highlight=False, soft_wrap=True)
    if fits:
        console.print(table)
