"""plan, apply and nightly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from automation.cli import Command, error_lines
from automation.cli.asking import ask
from automation.cli.context import Session, new_token, pass_session, print_json
from automation.cli.render import plan_json, plan_view
from automation.errors import BugError, CohorteError, ConflictError
from automation.telling import night_line, told_asides, told_mail, told_misplaced, worries

if TYPE_CHECKING:
    from automation.config import Config
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
@click.option("--plan", "digest", metavar="DIGEST")
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
            or ask(session, session.text("apply.confirm"), nobody="apply.nobody")
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
@click.argument("configs", metavar="[CONFIG]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@pass_session
@click.pass_context
def nightly(
    ctx: click.Context,
    session: Session,
    configs: tuple[Path, ...],
    as_json: bool,  # noqa: FBT001 - click gives flags as booleans
) -> None:
    """Let a night pass for each configuration; a failure of one does not stop the others."""
    paths = configs or (session.config_path,)
    results = [_one_night(session, path) for path in paths]
    if as_json:
        print_json([_result_json(session, code, outcome) for code, outcome in results])
    else:
        for path, (_, outcome) in zip(paths, results, strict=True):
            _tell_night(session, f"{path} : " if len(paths) > 1 else "", outcome)
    ctx.exit(max(code for code, _ in results))


@click.command(cls=Command)
@pass_session
def adopt(session: Session) -> None:
    """Let a copy, or a restored version, be the workbook from now on."""
    from automation.night import adopt as adopt_workbook

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        news = adopt_workbook(workspace.http, workspace.config, session.moment, new_token())
    session.say("adopt.done" if news else "adopt.nothing")


def _tell_night(session: Session, prefix: str, outcome: Night | CohorteError) -> None:
    """Tell one line of what a night did, and one for each thing to look at; numbers only."""
    if isinstance(outcome, CohorteError):
        what, remedy = error_lines(outcome, session.language)
        click.echo(f"{prefix}{what}\n{remedy}", err=True)
        return
    session.say("apply.done", line=f"{prefix}{night_line(outcome, session.language)}")
    for line in worries(outcome, session.language, quote=session.verbosity > 0):
        click.echo(f"{prefix}{line}", err=True)


def _one_night(session: Session, path: Path) -> tuple[int, Night | CohorteError]:
    """Return the exit code of one configuration's night, and what it did or what stopped it."""
    from automation.night import run_night

    try:
        config = session.load_config(path)
    except CohorteError as error:
        return error.exit_code, error
    token = new_token()
    try:
        with session.workspace(config, writes=True) as workspace:
            night = run_night(
                workspace.http,
                workspace.config,
                event="night",
                moment=session.moment,
                token=token,
            )
    except CohorteError as error:
        _alert(session, config, error, token)
        return error.exit_code, error
    except Exception as error:
        _alert(session, config, BugError("bug", kind=type(error).__name__), token)
        raise
    if night.delivery is not None and night.delivery.halted is not None:
        _alert(session, config, night.delivery.halted, token)
    return night.exit_code, night


def _alert(session: Session, config: Config, error: CohorteError, token: str) -> None:
    """Write to the maintainer, where there is one; that another run is under way is no failure."""
    from automation.posting import tell_maintainer
    from automation.workspace import open_mailbox

    if isinstance(error, ConflictError):
        return
    what, remedy = error_lines(error, config.language)
    at = session.moment(ZoneInfo("UTC"))
    with open_mailbox(config, lambda: at) as mailbox:
        tell_maintainer(
            config,
            mailbox,
            error=what,
            remedy=remedy.removeprefix("→ "),
            code=error.code,
            at=at,
            run=f"{at:%Y-%m-%dT%H:%M:%SZ} {token}",
        )


def _result_json(session: Session, code: int, outcome: Night | CohorteError) -> dict[str, object]:
    if isinstance(outcome, CohorteError):
        what, remedy = error_lines(outcome, session.language)
        return {"exit_code": code, "error": outcome.code, "what": what, "remedy": remedy}
    return {"exit_code": code, **plan_json(outcome, session.language)}


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
