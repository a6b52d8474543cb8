"""What every command shares: the options before its name, the clock, the terminal."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from automation import locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from rich.console import Console

    from automation.config import Config
    from automation.google.pacing import Meter
    from automation.google.scopes import Feature
    from automation.workspace import Workspace


@dataclass(slots=True)
class Session:
    """One call of the command line.

    Attributes:
        at: The instant to act as of; naive means in the spreadsheet's time zone. None for now.
        lang: The language asked for; None for the configuration's.
        verbosity: -1 quiet, 0 ordinary, 1 and more for details.
        debug: Whether a bug is shown with all its words, which may tell of people.
    """

    config_path: Path
    at: datetime | None
    lang: str | None
    verbosity: int
    env: Mapping[str, str] = field(repr=False)
    config_language: str
    debug: bool = False

    @property
    def language(self) -> str:
        """In which language to talk to the person at the terminal."""
        return self.lang or self.config_language

    def load_config(self, path: Path | None = None) -> Config:
        """Return the configuration, and speak its language from now on."""
        from automation.config import load_config

        config = load_config(path or self.config_path, self.env)
        self.config_language = config.language.value
        return config

    @contextmanager
    def workspace(
        self,
        config: Config,
        *,
        writes: bool = False,
        feature: Feature | None = None,
        meter: Meter | None = None,
    ) -> Iterator[Workspace]:
        """Open the configuration's workspace; `--at` may not pretend where we really write.

        Args:
            feature: What Google's token must grant; the spreadsheet where None.
            meter: What counts the calls, and holds them back.
        """
        from automation.google.scopes import Feature
        from automation.workspace import open_workspace, require_embedded

        if writes and self.at is not None:
            require_embedded(config, "at_on_google")
        wanted = feature or Feature.SHEETS
        clock = partial(self.moment, UTC)
        with open_workspace(config, clock, feature=wanted, meter=meter) as workspace:
            yield workspace

    def moment(self, zone: ZoneInfo | Any) -> datetime:
        """Return the instant to act as of, aware."""
        if self.at is None:
            return datetime.now(UTC)
        return self.at if self.at.tzinfo else self.at.replace(tzinfo=zone)

    def text(self, code: str, /, **values: object) -> str:
        """Return a catalogue entry in the language of the terminal."""
        return locale.text(self.language, code, **values)

    def say(self, code: str, /, **values: object) -> None:
        """Tell the person at the terminal, unless they want quiet."""
        if self.verbosity >= 0:
            self.console().print(self.text(code, **values), highlight=False, markup=False)

    def console(self) -> Console:
        """Return the terminal; made anew, so that redirected output is honoured."""
        from automation.cli.terminal import PlainConsole

        width = None if sys.stdout.isatty() else 120
        return PlainConsole(width=width, quiet=self.verbosity < 0)


pass_session = click.make_pass_decorator(Session)


def new_token() -> str:
    """Return the four random letters that tell a run from another of the same second."""
    import secrets

    return secrets.token_hex(2)


def open_page(env: Mapping[str, str], address: str) -> None:
    """Open a page in the browser, where there is a screen to show it on."""
    # Without one, what click launches only complains, and may look for a browser of text.
    if sys.platform in {"darwin", "win32"} or env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"):
        click.launch(address)


def print_json(value: object) -> None:
    """Print a value for a script."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
