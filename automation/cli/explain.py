"""explain: why it is so; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from automation import locale
from automation.cli import Command
from automation.cli.asking import may_name, read_rules, require_one
from automation.cli.context import Session, pass_session, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gspread import HTTPClient
    from rich.console import RenderableType

    from automation.config import Config
    from automation.core.explain import Explanation
    from automation.core.model import Number
    from automation.core.snapshot import Snapshot
    from automation.night import Night
    from automation.workbook.view import Value

_INDENT = (0, 0, 0, 2)
_HISTORY = ("at", "number", "event", "from", "to", "by", "reason")


@click.command(cls=Command)
@click.argument("who")
@click.option("--json", "as_json", is_flag=True)
@pass_session
def explain(session: Session, who: str, as_json: bool) -> None:  # noqa: FBT001 - click gives flags as booleans
    """Say why somebody stands where they do."""
    from automation.core.explain import after_plan
    from automation.core.explain import explain as explain_enrolment
    from automation.core.finding import find_enrolments
    from automation.night import plan_night

    config = session.load_config()
    with session.workspace(config) as workspace:
        night = plan_night(workspace.http, workspace.config, session.moment)
        found = find_enrolments(after_plan(night.snapshot, night.plan).values(), who)
        number = require_one(session, found).number
        rules = read_rules(session, config)
        told = explain_enrolment(night.snapshot, night.plan, number, rules, night.plan.now)
        history = _read_history(workspace.http, workspace.config, night.snapshot, told.of_person)
    if as_json:
        print_json(_as_json(session, night, told, history))
        return
    console = session.console()
    for part in _view(session, night, told, history):
        console.print(part)


def _read_history(
    http: HTTPClient, config: Config, snapshot: Snapshot, numbers: Sequence[Number]
) -> list[dict[str, Value]]:
    """Return the journal's lines about these enrolments, in the order in which things happened."""
    from automation.workbook.layout import JOURNAL
    from automation.workbook.view import read_tab

    if JOURNAL.key not in snapshot.standings:
        return []
    lines = [
        line
        for line in read_tab(http, config, JOURNAL)
        # A meeting has a number too, and a pair has two: those are told in a part of their own.
        if line["number"] in numbers and line["event"] != "meeting" and line["other"] is None
    ]
    return sorted(lines, key=_line_order)


def _line_order(line: dict[str, Value]) -> tuple[int, int]:
    """Sort key of the journal: by run, then by step, wherever somebody sorted the lines to."""
    revision, step = line.get("revision"), line.get("step")
    return (
        revision if isinstance(revision, int) else 0,
        step if isinstance(step, int) else 0,
    )


def _view(
    session: Session, night: Night, told: Explanation, history: list[dict[str, Value]]
) -> Iterator[RenderableType]:
    """Yield what there is to say, part by part; sentences that may be read to the person."""
    from rich.padding import Padding
    from rich.text import Text

    title = session.text("explain.title", number=told.number)
    name = f" · {told.after.name}" if may_name(session) and told.after.name else ""
    yield Text(f"{title}{name}", style="bold")
    for section, lines in _sections(session, night, told):
        yield Text(f"\n{session.text(f'explain.head.{section}')}", style="bold cyan")
        for line in lines:
            yield Padding(Text(line), _INDENT, expand=False)
    yield Text(f"\n{session.text('explain.head.history')}", style="bold cyan")
    if history:
        yield Padding(_history_table(session, told, history), _INDENT, expand=False)
    else:
        yield Padding(Text(session.text("explain.no_history")), _INDENT, expand=False)


def _sections(session: Session, night: Night, told: Explanation) -> Iterator[tuple[str, list[str]]]:
    """Yield each part that says anything, in words, with what stops tonight's plan."""
    for name, phrases in told.sections.items():
        lines = [locale.say(session.language, phrase) for phrase in phrases]
        if name == "committee" and night.obstacle is not None:
            from automation.telling import error_lines

            lines = [*error_lines(night.obstacle, session.language), *lines]
        if lines:
            yield name, lines


def _history_table(
    session: Session, told: Explanation, history: list[dict[str, Value]]
) -> RenderableType:
    from rich.markup import escape
    from rich.table import Table

    several = len(told.of_person) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(session.text("column.at"), no_wrap=True)
    if several:
        table.add_column(session.text("column.number"), justify="right")
    table.add_column(session.text("column.change"), min_width=14)
    table.add_column(session.text("column.by"))
    table.add_column(session.text("column.reason"), min_width=20)
    for line in history:
        number = [str(line["number"])] if several else []
        by = _label(session, "by", line.get("by"))
        words = (_what(session, line), by, str(line.get("reason") or ""))
        table.add_row(_minute(line.get("at")), *number, *map(escape, words))
    return table


def _minute(at: Value) -> str:
    """Return an ISO instant as people write it, to the minute."""
    return str(at or "")[:16].replace("T", " ")


def _what(session: Session, line: dict[str, Value]) -> str:
    """Return what a line of the journal tells: the change of state, or what happened."""
    from automation.cli.render import tell_change

    event, before, after = (str(line.get(key) or "") for key in ("event", "from", "to"))
    return tell_change(event, before, after, session.language)


def _label(session: Session, group: str, value: Value) -> str:
    """Return the label of a closed set; a word outside it as it stands."""
    return locale.labels(group, session.language).get(str(value), str(value or ""))


def _as_json(
    session: Session, night: Night, told: Explanation, history: list[dict[str, Value]]
) -> dict[str, Any]:
    zone, after = night.snapshot.zone, told.after
    until, since = after.deadline, told.since
    return {
        "number": told.number,
        "person": after.person,
        "cohort": after.cohort,
        "at": night.plan.now.astimezone(zone).isoformat(),
        "status": told.before.status if told.before else None,
        "since": since.astimezone(zone).isoformat() if since else None,
        "status_tonight": after.status,
        "rank": after.rank,
        "ahead": told.ahead,
        "deadline": until.astimezone(zone).isoformat() if until else None,
        "obstacle": night.obstacle.code if night.obstacle else None,
        **{
            name: [
                {"code": phrase.code, "words": locale.say(session.language, phrase)}
                for phrase in phrases
            ]
            for name, phrases in told.sections.items()
        },
        "history": [{key: line.get(key) for key in _HISTORY} for line in history],
    }
