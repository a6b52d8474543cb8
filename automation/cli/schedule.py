"""schedule: what lets a night pass by itself, filled in for a configuration."""

from __future__ import annotations

import getpass
import re
import shlex
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct

from automation.cli import Command
from automation.cli.context import Session, pass_session
from automation.errors import CohorteError, WrongUsageError
from automation.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.config import Config

_FILES: Final = {
    "systemd": ("cohorte.service", "cohorte.timer"),
    "cron": ("cohorte.cron",),
    "github-actions": ("github-actions.yml",),
    "kubernetes": ("kubernetes.yaml",),
    "cloud-run": ("cloud-run.yaml",),
}
_ZONE: Final = "America/Toronto"
_HOUR: Final = 3
_FIRST_MINUTE: Final = 15
_SPREAD: Final = 30
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)")
_HOME: Final = "/srv/cohorte/config"
_PROGRAM: Final = "/srv/cohorte/.venv/bin/cohorte"


class Facts(Struct, frozen=True, kw_only=True):
    """What the examples are filled in with.

    Attributes:
        config: Absolute.
        program: The command, as words.
        zone: IANA name.
    """

    config: Path
    program: tuple[str, ...]
    user: str
    zone: str
    hour: int
    minute: int

    @property
    def cron(self) -> str:
        """The hour, in cron's manner."""
        return f"{self.minute} {self.hour} * * *"


@click.command(cls=Command)
@click.argument("kind", type=click.Choice(list(_FILES)))
@click.option("--at", "hour", metavar="HH:MM")
@click.option("--out", "folder", type=click.Path(path_type=Path))
@pass_session
def schedule(session: Session, kind: str, hour: str | None, folder: Path | None) -> None:
    """Print, or write, what lets a night pass by itself."""
    config = session.load_config()
    facts = _find_facts(session, config, hour)
    files = {name: fill_in(name, facts) for name in _FILES[kind]}
    if folder is not None:
        _write(session, {folder / name: text for name, text in files.items()})
        return
    for name, text in files.items():
        click.echo(f"# ---- {name}\n{text}" if len(files) > 1 else text, nl=False)


def _write(session: Session, files: dict[Path, str]) -> None:
    """Write files that are not there yet."""
    for path in files:
        if path.exists():
            raise WrongUsageError("file_taken", path=str(path))
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise WrongUsageError("unwritable", file=str(path)) from error
        session.say("schedule.written", path=path)


def fill_in(name: str, facts: Facts) -> str:
    """Return an example with an installation's facts in the place of the example's."""
    text = data_path("config", "schedules", name).read_text(encoding="utf-8")
    for example, ours in _SWAPS[name](facts):
        if example not in text:
            raise KeyError(example)
        text = text.replace(example, ours)
    return text


def _find_facts(session: Session, config: Config, hour: str | None) -> Facts:
    """Return the facts; the hour is near 03:15 unless it is given, and always the same.

    Each installation has a minute of its own, so that not all of them call Google at once.
    """
    path = session.config_path.resolve()
    home = config.workspace.spreadsheet or str(path)
    own = int.from_bytes(blake2b(home.encode(), digest_size=4).digest()) % _SPREAD
    found = _CLOCK.fullmatch(hour) if hour is not None else None
    if hour is not None and found is None:
        raise WrongUsageError("bad_hour", value=hour)
    script = Path(sys.executable).with_name("cohorte")
    return Facts(
        config=path,
        program=(str(script),) if script.exists() else (sys.executable, "-m", "automation"),
        user=_find_user(),
        zone=_find_zone(session, config),
        hour=int(found[1]) if found else _HOUR,
        minute=int(found[2]) if found else _FIRST_MINUTE + own,
    )


def _find_user() -> str:
    """Return who is at the keyboard; the example's user where the machine gives them no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cohorte"


def _find_zone(session: Session, config: Config) -> str:
    """Return the spreadsheet's time zone; our county's where it can't be asked right now."""
    from datetime import UTC

    from automation.google.retries import ONCE
    from automation.google.sheets import get_spreadsheet
    from automation.workbook.sheet import read_zone
    from automation.workspace import open_workspace

    try:
        with open_workspace(config, lambda: session.moment(UTC), retries=ONCE) as workspace:
            about = get_spreadsheet(workspace.http, workspace.config.workspace.spreadsheet or "")
        return read_zone(about["properties"].get("timeZone", "")).key
    except CohorteError:
        click.echo(session.text("schedule.zone", zone=_ZONE), err=True)
        return _ZONE


def _swap_service(facts: Facts) -> list[tuple[str, str]]:
    folder = _specify(str(facts.config.parent))
    env = f"EnvironmentFile=-{_HOME}/cohorte.env"
    return [
        (_PROGRAM, " ".join(_quote(word) for word in facts.program)),
        (f"--config {_HOME}/cohorte.toml", f"--config {_quote(str(facts.config))}"),
        (env, f"EnvironmentFile=-{folder}/cohorte.env"),
        (f"WorkingDirectory={_HOME}", f"WorkingDirectory={folder}"),
        (f"ReadWritePaths={_HOME}", f"ReadWritePaths={_quote(str(facts.config.parent))}"),
        ("User=cohorte", f"User={facts.user}"),
    ]


def _swap_timer(facts: Facts) -> list[tuple[str, str]]:
    return [(f"03:15:00 {_ZONE}", f"{facts.hour:02}:{facts.minute:02}:00 {facts.zone}")]


def _swap_cron(facts: Facts) -> list[tuple[str, str]]:
    command = shlex.join(facts.program).replace("%", "\\%")
    config = shlex.quote(str(facts.config)).replace("%", "\\%")
    folder = shlex.quote(str(facts.config.parent)).replace("%", "\\%")
    return [
        (_PROGRAM, command),
        (f"--config {_HOME}/cohorte.toml", f"--config {config}"),
        (f"cd {_HOME} ", f"cd {folder} "),
        ("15 3 * * *", facts.cron),
        ("MAILTO=cohorte", f"MAILTO={facts.user}"),
    ]


def _swap_actions(facts: Facts) -> list[tuple[str, str]]:
    return [
        ("15 3 * * *", facts.cron),
        (f"timezone: {_ZONE}", f"timezone: {facts.zone}"),
        ("config/cohorte.toml", shlex.quote(f"config/{facts.config.name}")),
    ]


def _swap_kubernetes(facts: Facts) -> list[tuple[str, str]]:
    return [
        ("15 3 * * *", facts.cron),
        (f"timeZone: {_ZONE}", f"timeZone: {facts.zone}"),
        ("--from-file=cohorte.toml", f"--from-file={shlex.quote(str(facts.config))}"),
    ]


def _swap_cloud_run(facts: Facts) -> list[tuple[str, str]]:
    return [
        ("15 3 * * *", facts.cron),
        (f'--time-zone="{_ZONE}"', f'--time-zone="{facts.zone}"'),
        ("--data-file=cohorte.toml", f"--data-file={shlex.quote(str(facts.config))}"),
    ]


_SWAPS: Final[dict[str, Callable[[Facts], list[tuple[str, str]]]]] = {
    "cohorte.service": _swap_service,
    "cohorte.timer": _swap_timer,
    "cohorte.cron": _swap_cron,
    "github-actions.yml": _swap_actions,
    "kubernetes.yaml": _swap_kubernetes,
    "cloud-run.yaml": _swap_cloud_run,
}


def _specify(text: str) -> str:
    """Return a text in which systemd sees no specifier."""
    return text.replace("%", "%%")


def _quote(word: str) -> str:
    """Return a word as systemd reads it back: systemd.syntax(7), Quoting; systemd.service(5)."""
    escaped = _specify(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if re.search(r"[\s\"'\\;]", word) else escaped
