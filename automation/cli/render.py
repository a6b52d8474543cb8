"""Plans and figures for people, as tables, and for scripts, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from automation import locale
from automation.telling import (
    error_lines,
    form_lines,
    mail_lines,
    plan_worries,
    roll_line,
    tell_problem,
    told_asides,
)
from automation.workbook.layout import BOARDS, tabs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from automation.core.ledger import Mailing
    from automation.core.model import Cohort, Event, Seats
    from automation.core.plan import Change, Plan
    from automation.night import Night

_SHOWN = 40
"""Transitions that fit a screen or two; `--json` has them all."""

STATUS_STYLES = {
    "confirmed": "green",
    "offered": "blue",
    "waiting": "yellow",
    "to_review": "dark_orange3",
}
_ENDED = "bright_black"


def plan_view(night: Night, language: str, *, names: bool) -> Iterator[RenderableType]:
    """Yield a plan for people.

    Args:
        names: Whether to name people beside their numbers: at a terminal, never in a log.
    """
    plan, zone = night.plan, night.snapshot.zone
    at = plan.now.astimezone(zone)
    title = locale.text(language, "plan.title", digest=plan.digest, at=f"{at:%Y-%m-%d %H:%M}")
    yield Text(title, style="bold")
    if plan.empty:
        yield Text(locale.text(language, "plan.empty"))
    if plan.new_tabs:
        titles = (tab.title(language) for tab in tabs() if tab.key in plan.new_tabs)
        yield Text(locale.text(language, "plan.new_tabs", tabs=", ".join(titles)))
    if plan.events:
        yield events_table(plan.changes, language, names=names)
    updated = sum(1 for change in plan.changes if change.fields and not change.events)
    if updated:
        yield Text(locale.text(language, "plan.updated", count=updated))
    for roll in plan.rolls:
        yield Text(roll_line(roll, language))
    other = (*mail_lines(plan, language), *form_lines(night, language))
    yield from (Text(line) for line in other)
    if plan.boards:
        drawn = {change.board.key for change in plan.boards}
        titles = (tab.title(language) for tab in BOARDS if tab.key in drawn)
        yield Text(locale.text(language, "plan.boards", tabs=", ".join(titles)))
    if night.snapshot.cohorts:
        yield seats_table(night.snapshot.cohorts, dict(plan.seats), language)
    yield from told_problems(plan, language, quote=names)
    yield from (Text(line, style="yellow") for line in told_asides(night, language))
    if night.obstacle is not None:
        for line in error_lines(night.obstacle, language):
            yield Text(line, style="bold red")


def events_table(changes: Iterable[Change], language: str, *, names: bool) -> Table:
    """Return what happens to whom, and why."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(locale.text(language, "column.number"), justify="right")
    if names:
        table.add_column(locale.text(language, "column.name"))
    for code in ("cohort", "change", "reason"):
        table.add_column(locale.text(language, f"column.{code}"))
    lines = [(change, event) for change in changes for event in change.events]
    for change, event in lines[:_SHOWN]:
        name = [escape(change.after.name)] if names else []
        reason = escape(locale.say(language, event.reason))
        change_words = _change_words(event, language)
        table.add_row(str(event.number), *name, escape(event.state.cohort), change_words, reason)
    if len(lines) > _SHOWN:
        table.caption = locale.text(language, "plan.more", count=len(lines) - _SHOWN)
    return table


def _change_words(event: Event, language: str) -> Text:
    if event.kind != "transition":
        return Text(locale.text(language, f"event.{event.kind}"))
    after = locale.text(language, f"status.{event.after}")
    before = f"{locale.text(language, f'status.{event.before}')} → " if event.before else ""
    return Text(before) + Text(after, style=STATUS_STYLES.get(event.after, _ENDED))


def seats_table(cohorts: Iterable[Cohort], seats: dict[str, Seats], language: str) -> Table:
    """Return the figures of each cohort."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(locale.text(language, "column.cohort"))
    table.add_column(locale.text(language, "column.name"), overflow="fold")
    for code in ("places", "confirmed", "offered", "waiting", "free"):
        words = locale.text(language, f"column.{code}")
        table.add_column(words, justify="right", no_wrap=True)
    table.add_column(locale.text(language, "column.alerts"), style="yellow", overflow="fold")
    for cohort in cohorts:
        of = seats[cohort.code]
        figures = (cohort.places, of.confirmed, of.offered, of.waiting, of.free)
        cells = ("" if figure is None else str(figure) for figure in figures)
        table.add_row(escape(cohort.code), escape(cohort.name), *cells, escape(of.alerts))
    return table


def told_problems(plan: Plan, language: str, *, quote: bool) -> Iterator[RenderableType]:
    """Yield the notices and the problems of a plan, a line each."""
    for line in plan_worries(plan, language, quote=quote):
        yield Text(f"• {line}", style="yellow")


def plan_json(night: Night, language: str) -> dict[str, Any]:
    """Return a plan for a script: numbers and codes, nothing personal."""
    plan, zone = night.plan, night.snapshot.zone
    return {
        "spreadsheet_id": night.snapshot.spreadsheet_id,
        "at": plan.now.astimezone(zone).isoformat(),
        "digest": plan.digest,
        "empty": plan.empty,
        "new_tabs": list(plan.new_tabs),
        "boards": [change.board.key for change in plan.boards],
        "decisions": [_event_json(event, language) for event in plan.events],
        "cohorts": cohorts_json(night.snapshot.cohorts, dict(plan.seats)),
        "rolls": [
            {
                "meeting": roll.number,
                "new": roll.before is None,
                "added": [row.number for row in roll.added],
                "struck_out": [row.number for row in roll.changed if row.left],
            }
            for roll in plan.rolls
        ],
        "mail": {
            "due": [_mailing_json(mailing) for mailing in plan.mail.due],
            "waiting": plan.mail.waiting,
            "over_cap": plan.mail.over_cap,
        },
        "problems": [
            {
                "tab": problem.tab,
                "row": problem.row,
                "column": problem.column,
                "code": problem.message.code,
                "message": tell_problem(problem, language, quote=False),
            }
            for problem in plan.problems
        ],
        "obstacle": night.obstacle.code if night.obstacle else None,
        "doors": _doors_json(plan),
        "asides": [aside.error.code for aside in night.asides],
        "notices": [locale.say(language, notice) for notice in plan.notices],
    }


def _doors_json(plan: Plan) -> dict[str, str]:
    """Return what becomes of a newcomer, by cohort."""
    doors = plan.doors
    return {c.code: d.value for c, d in zip(doors.cohorts, doors.of, strict=True)} if doors else {}


def _mailing_json(mailing: Mailing) -> dict[str, Any]:
    return {
        "number": mailing.number,
        "template": mailing.template.value,
        "occasion": mailing.occasion,
        "reference": mailing.reference,
    }


def _event_json(event: Event, language: str) -> dict[str, Any]:
    return {
        "number": event.number,
        "event": event.kind,
        "from": event.before,
        "to": event.after,
        "by": event.by,
        "cohort": event.state.cohort,
        "code": event.reason.code,
        "reason": locale.say(language, event.reason),
    }


def cohorts_json(cohorts: Iterable[Cohort], seats: dict[str, Seats]) -> list[dict[str, Any]]:
    """Return the figures of each cohort for a script."""
    return [
        {
            "code": cohort.code,
            "places": cohort.places,
            "confirmed": seats[cohort.code].confirmed,
            "offered": seats[cohort.code].offered,
            "waiting": seats[cohort.code].waiting,
            "free": seats[cohort.code].free,
        }
        for cohort in cohorts
    ]
