"""login: a person lets Cohorte speak for them at Google."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from automation.cli import Command
from automation.cli.context import Session, pass_session
from automation.errors import ConfigError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.config import Config
    from automation.google.scopes import Feature

_FILE: Final = "google-credentials.json"


@click.command(cls=Command)
@click.argument(
    "client", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option("--allow", multiple=True, type=click.Choice(["forms", "export"]))
@click.option("--paste", is_flag=True)
@click.option("--keep", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def login(
    session: Session,
    client: Path | None,
    allow: tuple[str, ...],
    paste: bool,  # noqa: FBT001 - click's flag
    keep: Path | None,
) -> None:
    """Ask in the browser, and keep the authorisation in a file for its owner alone."""
    from automation.config.secret_files import write_secret
    from automation.google.login import Login, read_client

    config = _find_config(session)
    file = keep or _choose_file(session, config)
    # The client of a former login serves again.
    content = _read(client or file)
    if file.exists() and '"authorized_user"' not in _read(file):
        raise WrongUsageError("login_would_replace", file=str(file))
    flow = Login.begin(read_client(content), features := tuple(_choose_features(config, allow)))
    for feature in features:
        session.say(f"login.asks_{feature}")
    if paste:
        secret = flow.ask_elsewhere(lambda url: _ask_paste(session, url))
    else:
        prompt, done = session.text("login.visit", url="{url}"), session.text("login.close")
        secret = flow.ask(prompt=prompt, done=done, open_browser=True)
    write_secret(file, secret)
    session.say("login.done", file=str(file))
    if config is None or config.google.credentials is None:
        session.say("login.name_it", file=file.name)
    if session.env.get("COHORTE_GOOGLE_CREDENTIALS", "").strip():
        session.say("login.overridden")
    session.say("login.next")


def _find_config(session: Session) -> Config | None:
    """Return the configuration; None before there is one."""
    try:
        return session.load_config()
    except ConfigError as error:
        if error.code != "no_config":
            raise
        return None


def _choose_file(session: Session, config: Config | None) -> Path:
    if config is not None and config.google.credentials is not None:
        return config.google.credentials
    return session.config_path.parent / _FILE


def _choose_features(config: Config | None, allow: Iterable[str]) -> Iterable[Feature]:
    """Yield what the configuration needs, all but forms and files where there is none yet."""
    from automation.config.sections import Transport
    from automation.google.scopes import Feature

    yield from (Feature.SHEETS, Feature.SHARING)
    by_gmail = config is not None and config.mail.transport is Transport.GMAIL
    if config is None or (by_gmail and config.mail.sender is not None):
        yield Feature.MAIL
    if "forms" in allow or (config is not None and config.responses.form_id is not None):
        yield Feature.FORMS
    if "export" in allow:
        yield Feature.EXPORT


def _read(file: Path) -> str:
    """Return what a file says; "" where there is none to read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _ask_paste(session: Session, url: str) -> str:
    click.echo(session.text("login.elsewhere", url=url))
    return str(click.prompt(session.text("login.paste"), prompt_suffix="\n"))
