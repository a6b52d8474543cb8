"""nightly: a night for each configuration, for a scheduled job."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from msgspec import Struct

from automation.bugs import show_whole
from automation.cli import Command
from automation.cli.context import Session, new_token, pass_session, print_json
from automation.cli.sharding import ALONE, cut, find_shard, list_configs
from automation.errors import BugError, CohorteError, ConflictError
from automation.telling import error_lines, night_line, tell_error, worries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.config import Config
    from automation.google.pacing import Meter, Quotas
    from automation.heartbeat import Heartbeats
    from automation.night import Night
    from automation.trace import Trace

_DAMAGED = 30
_BUG = 1


class _Night(Struct, kw_only=True):
    """One configuration's night, from the outside.

    Attributes:
        config: None where it could not be loaded.
        outcome: What it did, or what stopped it.
        token: Four random letters that tell this run from another of the same second.
        began: Aware; `started` is the same on a clock that only goes forward.
    """

    path: Path
    config: Config | None = None
    outcome: Night | Exception | None = None
    token: str
    began: datetime
    started: float
    trace: Trace
    meter: Meter

    @property
    def exit_code(self) -> int:
        """How the command would end if this were the only night."""
        if isinstance(self.outcome, CohorteError):
            return self.outcome.exit_code
        if self.outcome is None or isinstance(self.outcome, Exception):
            return _BUG
        return self.outcome.exit_code

    @property
    def run_id(self) -> str:
        """The run's id in the journal; where it got as far as none, what it would have been."""
        from automation.workbook.guards import name_run

        return self.trace.run_id or name_run(self.began, self.token)

    @property
    def failure(self) -> CohorteError | None:
        """What the maintainer should hear of; that another run is under way is no failure."""
        if isinstance(self.outcome, ConflictError):
            return None
        if isinstance(self.outcome, CohorteError):
            return self.outcome
        if isinstance(self.outcome, Exception):
            return BugError("bug", kind=type(self.outcome).__name__)
        delivery = self.outcome.delivery if self.outcome is not None else None
        return delivery.halted if delivery is not None else None


@click.command(cls=Command)
@click.argument("configs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--shard", metavar="I/N")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text")
@click.option("--json", "as_json", is_flag=True)
@pass_session
@click.pass_context
def nightly(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context,
    session: Session,
    configs: tuple[Path, ...],
    shard: str | None,
    log_format: str,
    as_json: bool,  # noqa: FBT001 - click gives flags as booleans
) -> None:
    """Let a night pass for each configuration; a failure of one does not stop the others."""
    from automation.heartbeat import Heartbeats

    paths = list_configs(configs) if configs else [session.config_path]
    mine = find_shard(shard, session.env)
    alone = mine == ALONE and len(paths) == 1
    parts = cut(paths, mine.count) if mine != ALONE else [paths]
    quotas = _share_quotas(session, parts)
    heartbeats, codes, results = Heartbeats(), {}, []
    for path in parts[mine.index]:
        night = _pass_night(session, path, quotas)
        codes[path] = night.exit_code
        _beat(night, heartbeats)
        _alert(session, night, log_format)
        if as_json:
            results.append(_result_json(session, night))
        _tell(session, night, alone=alone, log_format=log_format, result=not as_json)
    for host in heartbeats.find_unheard():
        _note(session.text("nightly.unheard", host=host), "heartbeat", log_format)
    if as_json:
        print_json(results)
    elif not alone:
        _sum_up(session, codes, log_format)
    ctx.exit(max(codes.values(), default=0))


def _share_quotas(session: Session, parts: Sequence[Sequence[Path]]) -> Quotas:
    """Return what this worker may use of Google's quotas, given the work of each."""
    from automation.google.pacing import Quotas

    if len(parts) == 1:
        return Quotas()
    accounts = [{_account_of(session, path) for path in part} for part in parts]
    return Quotas(len(parts), Counter(account for part in accounts for account in part))


def _account_of(session: Session, path: Path) -> str:
    """Return the name of a configuration's account at Google; "" where it has none of its own."""
    from automation.config import load_config
    from automation.google.pacing import name_account

    try:
        secret = load_config(path, session.env).secrets.google_credentials
    except Exception:  # noqa: BLE001 - its own night will tell
        return ""
    return name_account(secret.get_secret_value() if secret else None)


def _pass_night(session: Session, path: Path, quotas: Quotas) -> _Night:
    """Let the night of one configuration pass; nothing that goes wrong in it goes any further."""
    from automation.config.sections import WorkspaceKind
    from automation.google.pacing import Meter
    from automation.night import run_night
    from automation.trace import Trace

    night = _Night(
        path=path,
        token=new_token(),
        began=session.moment(UTC),
        started=time.perf_counter(),
        trace=Trace(),
        meter=Meter(),
    )
    try:
        night.config = config = session.load_config(path)
        if config.workspace.kind is WorkspaceKind.GOOGLE:
            night.meter = quotas.meter(_account_of(session, path))
        with session.workspace(config, writes=True, meter=night.meter) as workspace:
            night.outcome = run_night(
                workspace.http,
                workspace.config,
                event="night",
                moment=session.moment,
                token=night.token,
                trace=night.trace,
            )
    except Exception as error:  # noqa: BLE001 - told below; the other programmes go on
        night.outcome = error
    return night


def _beat(night: _Night, heartbeats: Heartbeats) -> None:
    """Tell the watchdog that a night passed, or that it failed; another run does so itself."""
    from automation.heartbeat import fail_url

    alerts = night.config.alerts if night.config is not None else None
    if alerts is None or alerts.heartbeat is None or isinstance(night.outcome, ConflictError):
        return
    url = alerts.heartbeat
    if night.failure is not None:
        url = alerts.heartbeat_failed or fail_url(alerts.heartbeat)
    # The rest of the address is as good as a password.
    heartbeats.beat(urlsplit(url).hostname or "", url)


def _alert(session: Session, night: _Night, log_format: str) -> None:
    """Write to the maintainer, where there is one, that a night failed."""
    if night.config is None or night.failure is None:
        return
    try:
        _write_alert(session, night, night.config, night.failure)
    except Exception as error:  # noqa: BLE001 - it must not stop the nights of others
        told = session.text("nightly.no_alert", kind=type(error).__name__)
        _note(told, "alert", log_format)


def _write_alert(session: Session, night: _Night, config: Config, error: CohorteError) -> None:
    from automation.posting import tell_maintainer
    from automation.workspace import open_mailbox

    what, remedy = error_lines(error, config.language)
    at = session.moment(UTC)
    with open_mailbox(config, lambda: at) as mailbox:
        tell_maintainer(
            config,
            mailbox,
            error=what,
            remedy=remedy.removeprefix("→ "),
            code=error.code,
            at=at,
            run=night.run_id,
        )


def _tell(session: Session, night: _Night, *, alone: bool, log_format: str, result: bool) -> None:
    """Tell what became of a night: the result, what to look at, and a line for the log.

    Args:
        alone: Whether it need not be said which one it was.
        result: Whether the standard output is for people.
    """
    outcome = night.outcome
    prefix = "" if alone else session.text("said.of", what=night.path, told="")
    if log_format == "json":
        _log(session, night)
    elif isinstance(outcome, Exception):
        told = tell_error(outcome, session.language, whole=session.debug)
        click.echo(prefix + "\n".join(told), err=True)
    elif outcome is not None:
        for line in worries(outcome, session.language, quote=session.verbosity > 0):
            click.echo(f"{prefix}{line}", err=True)
    if result and outcome is not None and not isinstance(outcome, Exception):
        session.say("apply.done", line=f"{prefix}{night_line(outcome, session.language)}")


def _log(session: Session, night: _Night) -> None:
    """Write a night's line for machines."""
    from automation.cli import night_log

    told = night_log.describe_night(
        config=str(night.path),
        at=night.began,
        run_id=night.run_id,
        exit_code=night.exit_code,
        trace=night.trace,
        meter=night.meter,
        took=time.perf_counter() - night.started,
    )
    if session.debug and isinstance(night.outcome, Exception):
        told |= {"traceback": show_whole(night.outcome)}
    if isinstance(night.outcome, CohorteError):
        told |= night_log.describe_failure(night.outcome, session.language)
    elif isinstance(night.outcome, Exception):
        told |= night_log.describe_bug(night.outcome)
    elif night.outcome is not None:
        told |= night_log.describe_result(night.outcome, session.language)
    night_log.log_line(told)


def _note(told: str, event: str, log_format: str) -> None:
    """Tell what went wrong beside the nights, and costs them nothing."""
    from automation.cli import night_log

    if log_format == "json":
        night_log.log_line({"event": event, "severity": "WARNING", "message": told})
    else:
        click.echo(told, err=True)


def _result_json(session: Session, night: _Night) -> dict[str, Any]:
    from automation.cli.render import plan_json

    code, outcome = night.exit_code, night.outcome
    if isinstance(outcome, CohorteError):
        what, remedy = error_lines(outcome, session.language)
        return {"exit_code": code, "error": outcome.code, "what": what, "remedy": remedy}
    if outcome is None or isinstance(outcome, Exception):
        return {"exit_code": code, "error": "bug", "what": type(outcome).__name__, "remedy": ""}
    return {"exit_code": code, **plan_json(outcome, session.language)}


def _sum_up(session: Session, codes: dict[Path, int], log_format: str) -> None:
    """Tell how many nights passed, and name those that did not, where no log does."""
    failed = [path for path, code in codes.items() if code not in {0, _DAMAGED}]
    looked = sum(code == _DAMAGED for code in codes.values())
    session.say(
        "nightly.sum",
        count=len(codes),
        passed=len(codes) - len(failed) - looked,
        damaged=looked,
        failed=len(failed),
    )
    for path in failed if log_format == "text" else ():
        click.echo(session.text("nightly.failed", path=path, code=codes[path]), err=True)
