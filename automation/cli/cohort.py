"""cohort: a cohort that follows another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from automation import locale
from automation.cli import Command, Group
from automation.cli.asking import ask, read_rules
from automation.cli.context import Session, new_token, pass_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from automation.core.model import Meeting
    from automation.core.succession import Succession


@click.group(cls=Group)
def cohort() -> None:
    """Look after cohorts."""


@cohort.command(cls=Command)
@click.argument("code")
@click.option("--from", "former", required=True, metavar="CODE")
@click.option("--opens", required=True, metavar="DATE")
@click.option("--closes", metavar="DATE")
@click.option("--places", type=click.IntRange(min=0))
@click.option("--name")
@click.option("--first-meeting", metavar="DATE")
@click.option("--yes", is_flag=True)
@pass_session
def start(  # noqa: PLR0913, PLR0917 - one argument for each option
    session: Session,
    code: str,
    former: str,
    opens: str,
    closes: str | None,
    places: int | None,
    name: str | None,
    first_meeting: str | None,
    yes: bool,  # noqa: FBT001 - click gives flags as booleans
) -> None:
    """Prepare a cohort that follows another."""
    from automation.core.succession import Start
    from automation.core.text import tidy
    from automation.starting import start_cohort

    config = session.load_config()
    day_first = config.language.value == "fr"
    asked = Start(
        code=tidy(code),
        former=former,
        name=tidy(name or ""),
        opens=_read_date(opens, day_first=day_first),
        closes=_read_date(closes, day_first=day_first) if closes else None,
        places=places,
        first_meeting=_read_date(first_meeting, day_first=day_first).date()
        if first_meeting
        else None,
    )

    def confirm(prepared: Succession) -> bool:
        console = session.console()
        for part in _view(session, prepared):
            console.print(part)
        return yes or ask(session, session.text("cohort.confirm"))

    with session.workspace(config, writes=True) as workspace:
        written = start_cohort(
            workspace.http,
            workspace.config,
            asked,
            read_rules(session, workspace.config),
            moment=session.moment,
            token=new_token(),
            confirm=confirm,
        )
    if written:
        session.say("cohort.done", code=asked.code)


def _read_date(text: str, *, day_first: bool) -> datetime:
    """Return the date-time on the wall that a text tells, as in a file of cohorts."""
    from automation.core.instants import wall_serial
    from automation.errors import WrongUsageError
    from automation.workbook.loading.typed import read_dates

    (wall,) = read_dates([text], day_first=day_first)
    # Before 1900 Sheets knows no dates.
    if wall is None or wall_serial(wall) < 1:
        raise WrongUsageError("bad_date", value=text)
    return wall


def _view(session: Session, prepared: Succession) -> Iterator[RenderableType]:
    """Yield what will be written, then what to know of it."""
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    start = prepared.start
    title = f"{start.code} · {start.name}" if start.name else start.code
    yield Text(title, style="bold")
    lines = Table.grid(padding=(0, 2))
    for code, words in _lines(session, prepared):
        lines.add_row(session.text(f"cohort.line.{code}"), escape(words))
    yield lines
    if prepared.meetings:
        yield _meetings_table(session, prepared.meetings)
    for phrase in prepared.sentences:
        yield Text(f"• {locale.say(session.language, phrase)}")


def _lines(session: Session, prepared: Succession) -> Iterator[tuple[str, str]]:
    """Yield what the cohort's row will say, as people say it."""
    from automation.core.succession import last_instant

    start, former = prepared.start, prepared.former
    yield "follows", f"{former.code} · {former.name}" if former.name else former.code
    yield "opens", _tell_wall(start.opens, session.language)
    if start.closes is not None:
        yield "closes", _tell_wall(last_instant(start.closes), session.language, ends=True)
    places = former.places if start.places is None else start.places
    yield "places", "?" if places is None else str(places)
    if former.waiting_limit is not None:
        yield "waiting_limit", str(former.waiting_limit)
    promotion = session.text(f"promotion.{former.promotion}")
    yield "promotion", f"{promotion}, {former.window.total_seconds() / 3600:g} h"


def _tell_wall(wall: datetime, language: str, *, ends: bool = False) -> str:
    """Return when something begins or ends, as people say it."""
    from datetime import UTC
    from zoneinfo import ZoneInfo

    from automation.core.moments import tell_end, tell_moment

    tell = tell_end if ends else tell_moment
    return tell(wall.replace(tzinfo=UTC), ZoneInfo("UTC"), language)


def _meetings_table(session: Session, meetings: tuple[Meeting, ...]) -> RenderableType:
    from babel.dates import format_date
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for code in ("day", "hours", "theme", "place"):
        table.add_column(session.text(f"column.{code}"), no_wrap=code in {"day", "hours"})
    calendar = {"fr": "fr_CA", "en": "en_CA"}[session.language]
    for meeting in meetings:
        hours = (f"{time:%H:%M}" for time in (meeting.start, meeting.end) if time)
        table.add_row(
            format_date(meeting.day, "EEE d MMM y", locale=calendar),
            "–".join(hours),
            escape(meeting.theme),
            escape(meeting.place),
        )
    return table
