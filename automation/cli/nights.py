"""plan, apply and adopt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from automation.cli import Command
from automation.cli.asking import ask
from automation.cli.context import Session, new_token, pass_session, print_json
from automation.cli.render import plan_json, plan_view
from automation.telling import night_line, told_asides, told_mail, told_misplaced

if TYPE_CHECKING:
    from automation.night import Night

_CHANGES = 10


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True)
@click.option("--detailed-exitcode", is_flag=True)
@pass_session
@click.pass_context
def plan(
    ctx: click.Context,
    session: Session,
    as_json: bool,  # noqa: FBT001 - click gives flags as booleans
    detailed_exitcode: bool,  # noqa: FBT001
) -> None:
    """Show what a night would do."""
    from automation.night import plan_night

    config = session.load_config()
    with session.workspace(config) as workspace:
        night = plan_night(workspace.http, workspace.config, session.moment)
    _show(session, night, as_json=as_json)
    if detailed_exitcode and not night.plan.empty:
        ctx.exit(_CHANGES)
    ctx.exit(night.exit_code)


@click.command(cls=Command)
@click.option("--yes", is_flag=True)
@click.option("--plan", "digest")
@click.option("--force", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@pass_session
@click.pass_context
def apply(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context,
    session: Session,
    yes: bool,  # noqa: FBT001 - click gives flags as booleans
    digest: str | None,
    force: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Show what a night would do, and do it."""
    from automation.night import run_night

    def confirm(night: Night) -> bool:
        _show(session, night, as_json=as_json)
        # The digest says that somebody has looked at this very plan.
        return (
            yes
            or digest is not None
            or ask(session, session.text("apply.confirm"), has_digest=True)
        )

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        night = run_night(
            workspace.http,
            workspace.config,
            event="apply",
            moment=session.moment,
            token=new_token(),
            confirm=confirm,
            digest=digest,
            force=force,
        )
    if night.plan.empty:
        _show(session, night, as_json=as_json)
    _tell_receipt(session, night, quiet=as_json)
    ctx.exit(night.exit_code)


@click.command(cls=Command)
@pass_session
def adopt(session: Session) -> None:
    """Let a copy, or a restored version, be the workbook from now on."""
    from automation.night import adopt as adopt_workbook

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        adopted = adopt_workbook(workspace.http, workspace.config, session.moment, new_token())
    if adopted is None:
        session.say("adopt.nothing")
        return
    session.say("adopt.done")
    if adopted.noted:
        session.say("adopt.noted", count=adopted.noted)
    if adopted.doubtful:
        session.say("adopt.doubtful", count=adopted.doubtful)


def _show(session: Session, night: Night, *, as_json: bool) -> None:
    if as_json:
        print_json(plan_json(night, session.language))
        return
    console = session.console()
    # A terminal may show names; what is redirected may end in a log, where only -v puts them.
    names = console.is_terminal or session.verbosity > 0
    for part in plan_view(night, session.language, names=names):
        console.print(part)


def _tell_receipt(session: Session, night: Night, *, quiet: bool) -> None:
    if night.receipt is None or quiet:
        return
    # The plan that was shown before told the rest.
    session.say("apply.done", line=night_line(night, session.language))
    language = session.language
    told = (told_misplaced, told_mail, told_asides)
    for line in (line for tell in told for line in tell(night, language)):
        click.echo(line, err=True)
