"""Plans and figures for people, as tables, and for scripts, as JSON."""

from __future__ import annotations

from collections import defaultdict
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

_SHOWN = 60
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
        yield from told_events(plan.changes, language, names=names)
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


def told_events(
    changes: Iterable[Change], language: str, *, names: bool
) -> Iterator[RenderableType]:
    """Yield what happens to whom, and why; those to whom the same happens together."""
    lines = [(change, event) for change in changes for event in change.events]
    together: defaultdict[tuple[str, str, str, str, str], list[str]] = defaultdict(list)
    for change, event in lines[:_SHOWN]:
        why = locale.say(language, event.reason)
        alike = (event.state.cohort, event.kind, event.before or "", event.after, why)
        number = locale.text(language, "said.number", number=event.number)
        together[alike].append(f"{number} {change.after.name}" if names else number)
    for (cohort, kind, before, after, why), who in together.items():
        style = STATUS_STYLES.get(after, _ENDED) if kind == "transition" else ""
        what = Text(tell_change(kind, before, after, language), style=style)
        told = what.append(f"  {cohort}  {', '.join(who)}", "default").append(f"\n{why}", "dim")
        yield hang("●", told, style)
    if len(lines) > _SHOWN:
        yield Text(locale.text(language, "plan.more", count=len(lines) - _SHOWN))


def hang(mark: str, body: Text, style: str = "") -> RenderableType:
    """Return a text behind a mark, its further lines aligned."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row(Text(mark, style=style), body)
    return table


def tell_change(event: str, before: str, after: str, language: str) -> str:
    """Return what a line of the journal tells: the change of state, or what happened."""
    if event != "transition":
        return _label("event", event, language)
    first, last = (_label("status", status, language) for status in (before, after))
    return f"{first} → {last}" if first and first != last else last


def _label(group: str, identifier: str, language: str) -> str:
    """Return the label of a closed set; a word outside it as it stands."""
    return locale.CATALOGUES[language].get(f"{group}.{identifier}", identifier)


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
