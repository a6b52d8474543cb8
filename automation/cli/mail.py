"""mail: what is written to people, before and after it leaves."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from automation import locale
from automation.cli import Command, Group
from automation.cli.asking import ask, may_name, require_one
from automation.cli.context import Session, new_token, open_page, pass_session, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.core.ledger import MailAction, MailRow
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot

TEMPLATES = click.Choice(
    [
        "confirmation",
        "waiting",
        "offer",
        "last_call",
        "expired",
        "withdrawn",
        "removed",
        "reminder",
        "moved",
        "cancelled",
        "thanks",
        "missed_you",
        "farewell",
        "next_cohort",
    ]
)


@click.group(cls=Group)
def mail() -> None:
    """Look after what is written to people."""


@mail.command("list", cls=Command)
@click.option("--all", "everything", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@pass_session
def list_messages(session: Session, everything: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """List the messages that have not left."""
    from rich.markup import escape
    from rich.table import Table

    from automation.workbook.reader import read_snapshot

    config = session.load_config()
    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    rows = [row for row in _in_order(snapshot) if everything or row.urgency < _DONE]
    if as_json:
        print_json([_row_json(row, snapshot) for row in rows])
        return
    if not rows:
        session.say("mail.none")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    names = may_name(session)
    for code in ("reference", *(["recipient"] if names else []), "subject", "state", "planned"):
        table.add_column(session.text(f"column.{code}"), overflow="fold")
    for row in rows:
        state = session.text(f"mail_state.{row.state}")
        planned = row.planned_at
        at = f"{planned.astimezone(snapshot.zone):%Y-%m-%d %H:%M}" if planned else ""
        to = [escape(row.to)] if names else []
        table.add_row(row.reference, *to, escape(row.subject), state, at)
    session.console().print(table)


_DONE = 2
"""The urgency of a message that nobody waits for."""


def _in_order(snapshot: Snapshot) -> list[MailRow]:
    """Return the rows of Courriels, those that wait for the organisers first."""
    return sorted(snapshot.mail_rows, key=lambda row: (row.urgency, str(row.planned_at), row.key))


def _row_json(row: MailRow, snapshot: Snapshot) -> dict[str, object]:
    planned, sent = row.planned_at, row.sent_at
    return {
        "key": row.key,
        "reference": row.reference,
        "number": row.number,
        "template": row.template,
        "occasion": row.occasion,
        "state": row.state.value,
        "planned_at": planned.astimezone(snapshot.zone).isoformat() if planned else None,
        "sent_at": sent.astimezone(snapshot.zone).isoformat() if sent else None,
        "error": row.error,
    }


@mail.command(cls=Command)
@click.argument("who")
@click.argument("template", type=TEMPLATES)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def preview(session: Session, who: str, template: str, out: Path | None) -> None:
    """Show a message as somebody would get it now: its text here, its page in the browser."""
    from automation.core.finding import find_enrolments
    from automation.core.letters import Template
    from automation.core.model import Status
    from automation.errors import WrongUsageError
    from automation.mail.mistakes import LetterError
    from automation.night import plan_night
    from automation.posting import open_post_office, preview_letter

    config = session.load_config()
    with session.workspace(config) as workspace:
        night = plan_night(workspace.http, workspace.config, session.moment)
        office = open_post_office(workspace.config)
    enrolment = require_one(session, find_enrolments(night.snapshot.register, who))
    if enrolment.status is Status.ERASED:
        raise WrongUsageError("mail_to_erased", number=enrolment.number)
    try:
        rendered = preview_letter(office, night.snapshot, night.plan, enrolment, Template(template))
    except LetterError as error:
        told = locale.say(session.language, error.message)
        raise WrongUsageError("no_preview", why=told) from error
    if str(out) == "-":
        click.echo(rendered.html)
        return
    click.echo(f"{rendered.subject}\n\n{rendered.text}")
    _show_page(session, rendered.html, out)


def _show_page(session: Session, html: str, out: Path | None) -> None:
    """Write the page to a file, and open it where somebody is looking."""
    target = out or Path(tempfile.mkdtemp(prefix="cohorte-")) / "message.html"
    target.write_text(html, encoding="utf-8")
    session.say("mail.page", file=str(target))
    if out is None and sys.stdout.isatty():
        open_page(session.env, str(target))


@mail.command(cls=Command)
@pass_session
@click.pass_context
def check(ctx: click.Context, session: Session) -> None:
    """Read the templates over, in every language, with awkward people."""
    from automation.mail.check import check_templates
    from automation.posting import open_post_office
    from automation.telling import problem_line

    office = open_post_office(session.load_config())
    problems = check_templates(office.templates)
    for problem in problems:
        click.echo(problem_line(problem, session.language, quote=True))
    if problems:
        ctx.exit(78)
    session.say("mail.checked")


@mail.command(cls=Command)
@click.argument("address")
@click.option("--template", type=TEMPLATES, default="confirmation")
@pass_session
def test(session: Session, address: str, template: str) -> None:
    """Send a sample to an address, by the way in which messages leave."""
    from automation.core.letters import Template
    from automation.posting import open_post_office, send_sample

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        office = open_post_office(workspace.config)
        send_sample(
            office,
            workspace.http.session,
            Template(template),
            address,
            session.moment,
            new_token(),
        )
    session.say("mail.tested", address=address)


@mail.command(cls=Command)
@click.argument("references", nargs=-1)
@click.option("--all", "everything", is_flag=True)
@click.option("--yes", is_flag=True)
@pass_session
def approve(
    session: Session,
    references: tuple[str, ...],
    everything: bool,  # noqa: FBT001 - click's flag
    yes: bool,  # noqa: FBT001
) -> None:
    """Let messages leave the next night."""
    _handle(session, "approve", references, everything=everything, yes=yes)


@mail.command(cls=Command)
@click.argument("references", nargs=-1, required=True)
@click.option("--yes", is_flag=True)
@pass_session
def hold(session: Session, references: tuple[str, ...], yes: bool) -> None:  # noqa: FBT001 - click
    """Keep messages from leaving."""
    _handle(session, "hold", references, everything=False, yes=yes)


@mail.command(cls=Command)
@click.argument("references", nargs=-1, required=True)
@click.option("--yes", is_flag=True)
@pass_session
def resend(session: Session, references: tuple[str, ...], yes: bool) -> None:  # noqa: FBT001 - click
    """Let messages leave once more."""
    _handle(session, "resend", references, everything=False, yes=yes)


def _handle(
    session: Session, verb: str, references: tuple[str, ...], *, everything: bool, yes: bool
) -> None:
    """Note what an organiser says of messages, once they have seen which."""
    from automation.core.ledger import MailAction
    from automation.night import handle_mail

    def choose(snapshot: Snapshot) -> Mapping[str, MailAction]:
        rows = _find_rows(snapshot, references, everything=everything)
        if verb == "resend":
            _refuse_erased(snapshot, rows)
        return {row.key: MailAction(verb) for row in rows}

    def confirm(plan: Plan) -> bool:
        for change in plan.mail.changes:
            state = session.text(f"mail_state.{change.after.state}")
            session.say("mail.handled", reference=change.after.reference, state=state)
        return yes or ask(session, session.text("mail.confirm"))

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        plan = handle_mail(
            workspace.http,
            workspace.config,
            choose,
            moment=session.moment,
            token=new_token(),
            confirm=confirm,
        )
    session.say("mail.noted" if plan.mail.changes else "mail.nothing")


def _refuse_erased(snapshot: Snapshot, rows: Sequence[MailRow]) -> None:
    """Raise `WrongUsageError` for a message to somebody of whom nothing is known any more."""
    from automation.core.model import Status
    from automation.errors import WrongUsageError

    erased = {e.number for e in snapshot.register if e.status is Status.ERASED}
    for row in rows:
        if row.number in erased:
            raise WrongUsageError("mail_to_erased", number=row.number)


def _find_rows(
    snapshot: Snapshot, references: tuple[str, ...], *, everything: bool
) -> list[MailRow]:
    """Return the rows that references mean; raises `WrongUsageError` for one that means none."""
    from automation.errors import WrongUsageError

    if everything:
        return [row for row in snapshot.mail_rows if row.urgency == 0]
    found = []
    for reference in references:
        rows = [r for r in snapshot.mail_rows if reference.upper() == r.reference.upper()]
        if not rows:
            raise WrongUsageError("unknown_message", reference=reference)
        found += rows
    if not found:
        raise WrongUsageError("which_message")
    return found
