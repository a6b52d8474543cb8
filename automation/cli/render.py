"""Plans and figures for people, as tables, and for scripts, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from automation import locale
from automation.cli import error_lines
from automation.core.ledger import MailState
from automation.core.model import phrase
from automation.workbook.layout import BOARDS, tabs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from automation.core.ledger import Mailing
    from automation.core.model import Cohort, Event, Problem, Seats
    from automation.core.plan import Change, Plan
    from automation.core.roll_sheets import RollChange
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
    yield from (Text(line) for line in mail_lines(plan, language))
    if plan.boards:
        drawn = {change.board.key for change in plan.boards}
        titles = (tab.title(language) for tab in BOARDS if tab.key in drawn)
        yield Text(locale.text(language, "plan.boards", tabs=", ".join(titles)))
    if night.snapshot.cohorts:
        yield seats_table(night.snapshot.cohorts, dict(plan.seats), language)
    yield from told_problems(plan, language, quote=names)
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


def roll_line(roll: RollChange, language: str) -> str:
    """Return what happens to an attendance tab, with numbers only."""
    if roll.before is None:
        return locale.text(language, "plan.roll_new", meeting=roll.number, count=len(roll.added))
    if not (roll.added or roll.left):
        return locale.text(language, "plan.roll_updated", meeting=roll.number)
    return locale.text(
        language, "plan.roll", meeting=roll.number, added=len(roll.added), left=roll.left
    )


def mail_lines(plan: Plan, language: str) -> Iterator[str]:
    """Yield what a plan does about mail, with numbers only."""
    told = (
        ("plan.mail_due", len(plan.mail.due)),
        ("plan.mail_waiting", plan.mail.waiting),
        ("plan.mail_over_cap", plan.mail.over_cap),
        ("plan.mail_limbo", len(plan.mail.limbo)),
    )
    for code, count in told:
        if count:
            yield locale.text(language, code, count=count)


def seats_table(cohorts: Iterable[Cohort], seats: dict[str, Seats], language: str) -> Table:
    """Return the figures of each cohort."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(locale.text(language, "column.cohort"))
    table.add_column(locale.text(language, "column.name"), overflow="fold")
    for code in ("places", "confirmed", "offered", "waiting", "free"):
        table.add_column(locale.text(language, f"column.{code}"), justify="right")
    table.add_column(locale.text(language, "column.alerts"), style="yellow")
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


def plan_worries(plan: Plan, language: str, *, quote: bool) -> list[str]:
    """Return the notices and the problems of a plan, a line each.

    Args:
        quote: Whether to quote what people typed: never in a log.
    """
    return [
        *(locale.say(language, notice) for notice in plan.notices),
        *(problem_line(problem, language, quote=quote) for problem in plan.problems),
    ]


def problem_line(problem: Problem, language: str, *, quote: bool) -> str:
    """Return where a problem is, and what it is."""
    where = [problem.tab] if problem.tab else []
    if problem.row is not None:
        where.append(locale.text(language, "problem.row", row=problem.row))
    if problem.column:
        where.append(f"« {problem.column} »" if language == "fr" else f"“{problem.column}”")
    place = ", ".join(where)
    message = _told(problem, language, quote=quote)
    colon = " : " if language == "fr" else ": "
    return f"{place}{colon}{message}" if place else message


def _told(problem: Problem, language: str, *, quote: bool) -> str:
    """Return what a problem is; the cell is named beside it, so that nothing need be quoted."""
    code, values = problem.message
    shown = {name: value if quote or name != "value" else "…" for name, value in values}
    return locale.say(language, phrase(code, **shown))


def night_line(night: Night, language: str) -> str:
    """Return a night in one line, with numbers only: it may end in a log."""
    plan = night.plan
    touched = sum(1 for change in plan.changes if change.events)
    cohorts = night.snapshot.cohorts
    figures = [
        locale.text(
            language,
            "night.offered" if seats.offered else "night.cohort",
            code=cohort.code,
            offered=seats.offered,
            confirmed=seats.confirmed,
            places="?" if cohort.places is None else cohort.places,
            waiting=seats.waiting,
        )
        for cohort, (_, seats) in zip(cohorts, plan.seats, strict=True)
    ]
    sent = night.delivery.count(MailState.SENT) if night.delivery else 0
    mailed = [locale.text(language, "night.mailed", count=sent)] if sent else []
    return " · ".join([locale.text(language, "night.touched", count=touched), *figures, *mailed])


def worries(night: Night, language: str, *, quote: bool) -> list[str]:
    """Return what somebody should look at after a night, a line each, with numbers only."""
    return [
        *plan_worries(night.plan, language, quote=quote),
        *told_misplaced(night, language),
        *told_mail(night, language),
        *told_shared(night, language),
    ]


def told_mail(night: Night, language: str) -> list[str]:
    """Return what became of messages that did not leave, with numbers only."""
    delivery = night.delivery
    if delivery is None:
        return []
    counts = (
        ("night.mail_unknown", delivery.count(MailState.UNKNOWN)),
        ("night.mail_failed", delivery.count(MailState.FAILED)),
        ("night.mail_held", delivery.count(MailState.HELD)),
    )
    lines = [locale.text(language, code, count=count) for code, count in counts if count]
    lines += [problem_line(problem, language, quote=False) for problem in delivery.problems]
    if delivery.halted is not None:
        lines += error_lines(delivery.halted, language)
    return lines


def told_shared(night: Night, language: str) -> list[str]:
    """Return what kept the partners' spreadsheet from being brought in step, and what to do."""
    if night.unshared is None:
        return []
    return [locale.text(language, "night.unshared"), *error_lines(night.unshared, language)]


def told_misplaced(night: Night, language: str) -> list[str]:
    """Return a line about the rows that were not found as written, put right since or not."""
    receipt = night.receipt
    told: tuple[tuple[str, Iterable[object]], ...] = (
        ("notice.repaired", night.repaired),
        ("notice.misplaced", receipt.misplaced if receipt else ()),
        ("notice.pairs_misplaced", receipt.misplaced_pairs if receipt else ()),
        ("notice.rolls_misplaced", receipt.misplaced_rolls if receipt else ()),
    )
    lists = ((code, ", ".join(map(_numbers, numbers))) for code, numbers in told)
    return [locale.text(language, code, numbers=words) for code, words in lists if words]


def _numbers(about: object) -> str:
    """Return a number, or both of a pair."""
    return "–".join(map(str, about)) if isinstance(about, tuple) else str(about)


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
                "message": _told(problem, language, quote=False),
            }
            for problem in plan.problems
        ],
        "obstacle": night.obstacle.code if night.obstacle else None,
        "notices": [locale.say(language, notice) for notice in plan.notices],
    }


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
