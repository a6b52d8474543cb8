"""studio: a page on this machine over an embedded workspace, to see it all and play with it."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from automation.cli import Command
from automation.cli.context import Session, open_page, pass_session

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.serving import BaseWSGIServer

    from automation.studio.bench import Bench

_PORT: Final = 8712
_LAST_PORT: Final = 65_535
_LOOPBACK: Final = "127.0.0.1"
_FOLDER: Final = Path("cohorte-demo")
_DEMO: Final = "demo.toml"


@click.command(cls=Command)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, _LAST_PORT), default=_PORT, show_default=True)
@click.option("--open", "launches", is_flag=True)
@pass_session
@click.pass_context
def studio(
    ctx: click.Context,
    session: Session,
    folder: Path | None,
    port: int,
    launches: bool,  # noqa: FBT001 - click gives flags as booleans
) -> None:
    """Show the pages until Ctrl-C."""
    from automation.errors import ConfigError

    try:
        from automation.studio.app import make_app
        from automation.studio.gate import Gate
    except ImportError as error:
        raise ConfigError("no_studio") from error

    asked = ctx.find_root().params["config_path"] is not None
    named = asked or bool(session.env.get("COHORTE_CONFIG"))
    bench = _set_up(session, folder, named=named)
    bench.open()
    if bench.is_open:
        session.config_language = bench.config.language.value
    gate = Gate()
    app = make_app(bench, gate, session.language)
    server = _listen(app, port)
    url = f"http://{_LOOPBACK}:{server.port}/enter/{gate.token}"
    if session.verbosity >= 0:
        lines = (session.text("studio.listening"), f"  {url}", session.text("studio.stop"))
        click.echo("\n".join(lines))
    if launches:
        open_page(session.env, url)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
    bench.close()
    session.say("studio.stopped")


def _set_up(session: Session, folder: Path | None, *, named: bool) -> Bench:
    """Return what the pages work on: a folder's demonstration, else the configuration's workspace.

    Args:
        named: Whether somebody named a configuration.
    """
    from automation.studio.bench import Bench

    wants_demo = folder is not None or not (named or session.config_path.exists())
    where = folder or _FOLDER
    return Bench(
        config_path=where / _DEMO if wants_demo else session.config_path,
        folder=where if wants_demo else None,
        env=session.env,
        start=session.at,
    )


def _listen(app: Flask, port: int) -> BaseWSGIServer:
    from werkzeug.serving import make_server

    from automation.errors import WrongUsageError

    # Each page that is asked for would be a line at the terminal, with who was looked at.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        taken = socket.create_server((_LOOPBACK, port))
    except OSError as error:
        raise WrongUsageError("port_taken", port=port) from error
    with taken:
        return make_server(_LOOPBACK, port, app, threaded=True, fd=taken.fileno())
