"""person export, person erase and purge: what is held about people, and how it goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from automation.cli import Command
from automation.cli.asking import ask, may_name, require_one
from automation.cli.context import Session, new_token, pass_session, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from automation.core.model import Number
    from automation.core.snapshot import Snapshot
    from automation.forgetting import Erased, Proposal

_UNFINISHED = 30
_SHOWN = 40
"""Numbers that fit a line or two."""
_OWN = 0o600
"""Read and written by whoever runs the command, and by nobody else."""


@click.command("export", cls=Command)
@click.argument("who")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def export_person(session: Session, who: str, out: Path | None) -> None:
    """Give all that is held about a person, as JSON."""
    from automation.core.finding import find_enrolments
    from automation.workbook.held import list_held
    from automation.workbook.reader import read_snapshot

    config = session.load_config()
    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config)
    people = {one.person: one for one in find_enrolments(snapshot.register, who)}
    person = require_one(session, list(people.values())).person
    held = list_held(snapshot, person, config.rules, session.moment(snapshot.zone))
    if out is None or str(out) == "-":
        print_json(held)
        return
    write_private(held, out)
    session.say("export.person", file=str(out))


def write_private(value: object, target: Path) -> None:
    """Write a value as JSON to a file that only its owner may read.

    Raises `WrongUsageError` where it can't be written.
    """
    import json

    from automation.errors import WrongUsageError

    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWN)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # A file that was there keeps the mode that it had.
            target.chmod(_OWN)
            json.dump(value, file, ensure_ascii=False, indent=2)
            file.write("\n")
    except OSError as error:
        raise WrongUsageError("unwritable", file=str(target)) from error


@click.command(cls=Command)
@click.argument("who")
@click.option("--yes", is_flag=True)
@pass_session
@click.pass_context
def erase(ctx: click.Context, session: Session, who: str, yes: bool) -> None:  # noqa: FBT001 - click
    """Erase a person from every tab, for ever."""
    from automation.core.finding import find_enrolments

    def choose(snapshot: Snapshot, _: datetime) -> Collection[Number]:
        people = {one.person: one for one in find_enrolments(snapshot.register, who)}
        return [require_one(session, list(people.values())).number]

    def confirm(proposal: Proposal) -> bool:
        _show_person(session, proposal)
        _show_consequences(session, proposal)
        return yes or ask(session, session.text("erase.confirm"))

    ctx.exit(_erase(session, choose, confirm))


@click.command(cls=Command)
@click.option("--months", type=click.IntRange(min=0))
@click.option("--yes", is_flag=True)
@pass_session
@click.pass_context
def purge(ctx: click.Context, session: Session, months: int | None, yes: bool) -> None:  # noqa: FBT001
    """Erase whom the retention period has reached."""
    from automation.core.erasure import find_overdue

    period = session.load_config().retention.months if months is None else months

    def choose(snapshot: Snapshot, now: datetime) -> Collection[Number]:
        overdue = find_overdue(snapshot, period, now)
        for code, day in overdue.cohorts.items():
            told = "purge.open" if day is None else "purge.cohort"
            session.say(told, cohort=code, **({} if day is None else {"day": day}))
        if not overdue.people:
            session.say("purge.nobody", months=period)
            return ()
        shown = ", ".join(map(str, sorted(overdue.numbers)[:_SHOWN]))
        more = ", …" if len(overdue.numbers) > _SHOWN else ""
        numbers = session.text("said.number", number=shown + more)
        session.say("purge.people", months=period, count=overdue.people, numbers=numbers)
        return overdue.numbers

    def confirm(proposal: Proposal) -> bool:
        _show_consequences(session, proposal)
        return yes or ask(session, session.text("erase.confirm"))

    ctx.exit(_erase(session, choose, confirm))


def _erase(
    session: Session,
    choose: Callable[[Snapshot, datetime], Collection[Number]],
    confirm: Callable[[Proposal], bool],
) -> int:
    """Erase people, tell what is left to do, and return how the command ends."""
    from automation.forgetting import erase_people

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        erased = erase_people(
            workspace.http,
            workspace.config,
            choose,
            moment=session.moment,
            token=new_token(),
            confirm=confirm,
        )
    if erased is None:
        return 0
    _tell(session, erased)
    return 0 if erased.whole else _UNFINISHED


def _show_person(session: Session, proposal: Proposal) -> None:
    theirs = [one for one in proposal.snapshot.register if one.number in proposal.numbers]
    numbers = ", ".join(str(number) for number in sorted(proposal.numbers))
    name = next((one.name for one in theirs if one.name), "")
    told = f" ({name})" if name and may_name(session) else ""
    session.say("erase.who", person=theirs[0].person, numbers=numbers, name=told)


def _show_consequences(session: Session, proposal: Proposal) -> None:
    """Say what goes and what stays, with numbers only."""
    from automation.core.enrolment.erasing import is_over
    from automation.core.model import LIVE

    session.say("erase.what")
    snapshot, now = proposal.snapshot, proposal.plan.now
    # One whose cohort is over has nothing left to end: it stays in the figures, namelessly.
    ending = sum(
        change.before is not None
        and change.before.status in LIVE
        and not is_over(change.before.cohort, snapshot, now)
        for change in proposal.plan.changes
    )
    if ending:
        session.say("erase.live", count=ending)


def _tell(session: Session, erased: Erased) -> None:
    """Tell what was done, and what only the organisers can do."""
    from automation.core.erasure import count_answers
    from automation.core.ledger import MailState
    from automation.telling import error_lines

    proposal, drafts = erased.proposal, erased.drafts
    session.say("erase.done", count=len(proposal.numbers))
    letters = [m for m in proposal.snapshot.mailings.values() if m.number in proposal.numbers]
    counts = (
        ("erase.answers", count_answers(proposal.plan)),
        ("erase.replies", proposal.replies),
        ("erase.sent", sum(m.state is MailState.SENT for m in letters)),
        ("erase.drafts", drafts.deleted if drafts else 0),
    )
    for code, count in counts:
        if count:
            session.say(code, count=count)
    if drafts is None:
        session.say("erase.drafts_unread", number=min(proposal.numbers))
    elif drafts.left:
        session.say("erase.drafts_left", references=", ".join(drafts.left))
    for leftover in erased.leftovers:
        place = leftover.tab or session.text("erase.file")
        if leftover.row is not None:
            place = session.text("erase.row", tab=leftover.tab, row=leftover.row)
        session.say("erase.leftover", place=place)
    for aside in erased.asides:
        for line in (session.text(aside.code), *error_lines(aside.error, session.language)):
            click.echo(line, err=True)
    session.say("erase.elsewhere")
    session.say("erase.history")
