"""The clock, the plan before it is applied, the nights that passed, and the journal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import g, redirect, render_template, request

from automation import locale
from automation.core.ledger import MailState
from automation.core.mailing import describe
from automation.errors import CohorteError, StalePlanError, WorkbookError
from automation.studio.paging import read_page
from automation.telling import error_lines, mail_lines, plan_worries, roll_line, worries
from automation.workbook.layout import BOARDS, JOURNAL, tabs
from automation.workbook.view import read_tab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from automation.core.model import Cohort, Event, Seats
    from automation.core.plan import Plan
    from automation.night import Night
    from automation.studio.bench import Bench, Passed

_RUNS: Final = 30
"""Of the journal, on one page."""


def add_pages(app: Flask, bench: Bench) -> None:
    """Add the pages of the nights to an application."""

    @app.get("/plan")
    def plan() -> str:
        return _show_plan(bench)

    @app.post("/night")
    def let_night_pass() -> AnyResponse | str:
        digest = request.form.get("digest") or None
        bench.let_night_pass(digest, force=request.form.get("force") == "yes")
        (passed,) = bench.passed
        if isinstance(passed.outcome, StalePlanError):
            return _show_plan(bench, stale=True)
        return redirect("/passed", 303)

    @app.post("/eve")
    def go_to_eve() -> AnyResponse:
        eve = bench.find_eve(bench.read())
        bench.go_to(eve[0] if eve else bench.clock())
        return redirect("/passed", 303)

    @app.get("/passed")
    def passed() -> str:
        told = [_tell_passed(one) for one in bench.passed]
        return render_template("passed.html.j2", nights=told, calm=bench.calm)

    @app.get("/journal")
    def journal() -> str:
        return render_template("journal.html.j2", **_read_journal(bench, read_page()))


def _show_plan(bench: Bench, *, stale: bool = False) -> str:
    night = bench.plan()
    told = {**tell_plan(night, g.language), "digest": night.plan.digest}
    return render_template("plan.html.j2", night=told, stale=stale, at=night.plan.now)


def tell_plan(night: Night, language: str) -> dict[str, Any]:
    """Return what a night would do, for a template."""
    due = Counter(locale.say(language, describe(mailing)) for mailing in night.plan.mail.due)
    counted = locale.text(language, "plan.mail_due", count=due.total())
    mail = (line for line in mail_lines(night.plan, language) if line != counted)
    return {
        **_tell_decisions(night, language),
        "mails": list(due.items()),
        "lines": [*_tell_tabs(night.plan, language), *mail],
        "worries": plan_worries(night.plan, language, quote=True),
        "obstacle": error_lines(night.obstacle, language) if night.obstacle else None,
        "braked": night.plan.brake is not None,
        "empty": night.plan.empty,
    }


def _tell_passed(passed: Passed) -> dict[str, Any]:
    language, night = g.language, passed.outcome
    if isinstance(night, CohorteError):
        return {"at": passed.at, "obstacle": error_lines(night, language)}
    delivered = night.delivery.told.values() if night.delivery else ()
    sent = Counter(
        locale.say(language, describe(mailing))
        for mailing in delivered
        if mailing.state is MailState.SENT
    )
    return {
        "at": passed.at,
        **_tell_decisions(night, language),
        "mails": list(sent.items()),
        "lines": list(_tell_tabs(night.plan, language)),
        "worries": worries(night, language, quote=True),
        "obstacle": None,
        "empty": night.plan.empty,
    }


def _tell_decisions(night: Night, language: str) -> dict[str, Any]:
    plan = night.plan
    return {
        "events": [
            {
                "number": event.number,
                "name": change.after.name,
                "cohort": event.state.cohort,
                **_tell_event(event, language),
                "reason": locale.say(language, event.reason),
            }
            for change in plan.changes
            for event in change.events
        ],
        "seats": show_seats(night.snapshot.cohorts, dict(plan.seats)),
    }


def _tell_event(event: Event, language: str) -> dict[str, str]:
    if event.kind != "transition":
        return {"before": "", "after": "", "words": locale.text(language, f"event.{event.kind}")}
    return {
        "before": locale.text(language, f"status.{event.before}") if event.before else "",
        "after": event.after.value,
        "words": locale.text(language, f"status.{event.after}"),
    }


def _tell_tabs(plan: Plan, language: str) -> Iterator[str]:
    if plan.new_tabs:
        titles = (tab.title(language) for tab in tabs() if tab.key in plan.new_tabs)
        yield locale.text(language, "plan.new_tabs", tabs=", ".join(titles))
    updated = sum(1 for change in plan.changes if change.fields and not change.events)
    if updated:
        yield locale.text(language, "plan.updated", count=updated)
    yield from (roll_line(roll, language) for roll in plan.rolls)
    if plan.boards:
        drawn = {change.board.key for change in plan.boards}
        titles = (tab.title(language) for tab in BOARDS if tab.key in drawn)
        yield locale.text(language, "plan.boards", tabs=", ".join(titles))


def show_seats(cohorts: Iterable[Cohort], seats: Mapping[str, Seats]) -> list[dict[str, Any]]:
    """Return the figures of each cohort, for a template that draws a square for each place."""
    shown = []
    for cohort in cohorts:
        of, places = seats[cohort.code], cohort.places or 0
        confirmed, offered = of.confirmed or 0, of.offered or 0
        shown.append(
            {
                "code": cohort.code,
                "name": cohort.name,
                "places": cohort.places,
                "confirmed": confirmed,
                "offered": offered,
                "waiting": of.waiting or 0,
                "free": max(places - confirmed - offered, 0),
                "over": max(confirmed + offered - places, 0),
                "alerts": of.alerts,
            }
        )
    return shown


def _read_journal(bench: Bench, page: int) -> dict[str, Any]:
    """Return the journal's lines run by run, the newest first."""
    try:
        lines = read_tab(bench.http, bench.config, JOURNAL)
    except WorkbookError:
        return {"runs": [], "page": 1, "pages": 1}
    names = {int(one.number): one.name for one in bench.read().register}
    language = g.language
    runs = [list(group) for _, group in groupby(lines, key=lambda line: line.get("run"))]
    runs.reverse()
    pages = max(-(-len(runs) // _RUNS), 1)
    page = min(page, pages)
    shown = [
        {
            "at": _instant(group[0].get("at")),
            "lines": [_tell_line(line, names, language) for line in group],
        }
        for group in runs[(page - 1) * _RUNS : page * _RUNS]
    ]
    return {"runs": shown, "page": page, "pages": pages}


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _tell_line(
    line: Mapping[str, Any], names: Mapping[int, str], language: str
) -> dict[str, object]:
    number = line.get("number")
    return {
        "number": number,
        "name": names.get(number, "") if isinstance(number, int) else "",
        "event": _label("event", line.get("event"), language),
        "before": _label("status", line.get("from"), language),
        "after": line.get("to") or "",
        "words": _label("status", line.get("to"), language),
        "by": _label("by", line.get("by"), language),
        "reason": line.get("reason") or "",
    }


def _label(group: str, value: object, language: str) -> str:
    return locale.labels(group, language).get(str(value), str(value)) if value else ""
