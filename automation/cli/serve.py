"""serve: the embedded workspace over HTTP, for any client of Google's APIs on this machine."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final

import click

from automation.cli import Command
from automation.cli.context import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    import requests

    from automation.config import Config
    from automation.local import Call, LocalSession
    from automation.local.server import LoopbackServer

_PORT: Final = 8710
_LAST_PORT: Final = 65_535
_BOOKS: Final = "/v4/spreadsheets"
_GSPREAD: Final = """\
    import gspread, requests

    class Here(requests.Session):
        def request(self, method, url, **options):
            return super().request(method, url.replace("https:/", "{url}"), **options)

    book = gspread.Client(auth=None, session=Here()).{call}
"""


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, _LAST_PORT), default=_PORT, show_default=True)
@pass_session
def serve(session: Session, port: int) -> None:
    """Answer until Ctrl-C."""
    from automation import local
    from automation.workspace import open_session, require_embedded

    config = session.load_config()
    require_embedded(config, "local_only")
    with open_session(config, lambda: session.moment(UTC)) as google:
        if not isinstance(google, local.LocalSession):
            raise TypeError(google)
        with _listen(session, google, port) as server:
            _tell(session, config, server.url, _find_books(config, google))
            with suppress(KeyboardInterrupt):
                server.serve_forever()
        session.say("serve.stopped")


def _listen(session: Session, google: LocalSession, port: int) -> LoopbackServer:
    from automation.errors import WrongUsageError
    from automation.local.server import listen

    def tell(call: Call) -> None:
        if session.verbosity > 0:
            click.echo(f"{call.method} {call.path} {call.status}", err=True)

    try:
        return listen(google.store, port=port, clock=lambda: session.moment(UTC), on_call=tell)
    except OSError as error:
        raise WrongUsageError("port_taken", port=port) from error


def _find_books(config: Config, google: requests.Session) -> Sequence[str]:
    """Return the ids of the spreadsheets to point at: the configured one, else all."""
    from gspread import HTTPClient

    from automation.google.sheets import list_spreadsheets

    if config.workspace.spreadsheet is not None:
        return [config.workspace.spreadsheet]
    # With a session of its own gspread needs no credentials, whatever its types say.
    return list_spreadsheets(HTTPClient(auth=None, session=google))  # type: ignore[arg-type]


def _tell(session: Session, config: Config, url: str, books: Sequence[str]) -> None:
    """Say where it listens, how to get there and how to stop; addresses are never wrapped."""
    lines = [session.text("serve.listening", path=str(config.workspace.path), url=url)]
    lines += [session.text("serve.book", url=f"{url}{_BOOKS}/{book}") for book in books]
    lines += [] if books else [session.text("serve.no_book")]
    call = f'open_by_key("{books[0]}")' if books else 'create("Programme")'
    lines += ["", session.text("serve.how"), "", _GSPREAD.format(url=url, call=call)]
    lines += [session.text("serve.stop")]
    if session.verbosity >= 0:
        click.echo("\n".join(lines))
