"""The command line. Commands are imported when they are run, so that `--help` is instant."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Final

import click

from automation import locale
from automation.cli.click_words import USUAL_FILE, find_language, name_values, speak, spoken
from automation.errors import CohorteError, WrongUsageError

if TYPE_CHECKING:
    from datetime import datetime

_COMMANDS: Final = {
    "demo": "automation.cli.demo",
    "local": "automation.cli.local",
    "serve": "automation.cli.serve",
    "studio": "automation.cli.studio",
    "init": "automation.cli.init",
    "login": "automation.cli.login",
    "doctor": "automation.cli.doctor",
    "plan": "automation.cli.nights",
    "apply": "automation.cli.nights",
    "nightly": "automation.cli.nightly",
    "schedule": "automation.cli.schedule",
    "person": "automation.cli.people",
    "purge": "automation.cli.privacy",
    "adopt": "automation.cli.nights",
    "status": "automation.cli.look",
    "show": "automation.cli.look",
    "explain": "automation.cli.explain",
    "simulate": "automation.cli.simulate",
    "cohort": "automation.cli.cohort",
    "attendance": "automation.cli.attendance",
    "mail": "automation.cli.mail",
    "papers": "automation.cli.papers",
    "report": "automation.cli.report",
    "export": "automation.cli.export",
}
"""Where each command is, in the order of `--help`; its words are the catalogue's `help.NAME`."""
_BUG: Final = 1


class _Translated(click.Command):
    """Says what a command and its options do in the language asked for."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments; what is wrong with them is said in the language asked for."""
        language = _language(parent) if parent else find_language(args, os.environ)
        speak(language)
        name_values(self, language)
        return super().make_context(info_name, args, parent, **extra)

    def get_help(self, ctx: click.Context) -> str:
        """Return the whole help page."""
        language = _language(ctx)
        command = ctx.command
        command.help = _tell_command(language, command.name, ctx.parent)
        for option in command.get_params(ctx):
            if isinstance(option, click.Option):
                # click stores its own help option under a name that has changed before.
                name = "help" if "--help" in option.opts else option.name
                option.help = locale.text(language, f"option.{name}")
        return super().get_help(ctx)


class Command(_Translated):
    """A command whose help is in the catalogues."""


class Group(_Translated, click.Group):
    """A group whose help is in the catalogues."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, without importing them."""
        language = _language(ctx)
        words = [
            (name, _tell_command(language, name, ctx).partition("\n")[0])
            for name in self.list_commands(ctx)
        ]
        with formatter.section(locale.text(language, "help.commands")):
            formatter.write_dl(words)


def _tell_command(language: str, name: str | None, group: click.Context | None) -> str:
    """Return what a command does; one of a group may be called like another outside it."""
    entry = (name or "").replace("-", "_")
    own = f"help.{group.command.name}.{entry}" if group else ""
    return locale.text(language, own if own in locale.CATALOGUES[language] else f"help.{entry}")


class _LazyGroup(Group):
    """Knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name])
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what stops it is told here, once: in two lines, or where a bug is."""
        from automation.bugs import keep_logs_discreet

        if not ctx.params["debug"]:
            keep_logs_discreet()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click's own way out, and that of a reader who has seen enough
        except Exception as error:  # noqa: BLE001 - told here, and by nobody else
            from automation.telling import tell_error

            for line in tell_error(error, _language(ctx), whole=ctx.params["debug"]):
                click.echo(line, err=True)
            ctx.exit(error.exit_code if isinstance(error, CohorteError) else _BUG)


def _language(ctx: click.Context) -> str:
    """Return the language asked for, else that of the configuration in use, else French."""
    session = ctx.find_root().obj
    return session.language if session else spoken()


@click.group(
    cls=_LazyGroup,
    name="cohorte",
    # What click compares a mistyped name with.
    commands=[click.Command(name) for name in _COMMANDS],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--config", "config_path", type=click.Path())
@click.option("--at")
@click.option("--lang", type=click.Choice(["fr", "en"]), is_eager=True)
@click.option("-v", "--verbose", count=True)
@click.option("-q", "--quiet", is_flag=True)
@click.option("--debug", is_flag=True, envvar="COHORTE_DEBUG")
@click.version_option(package_name="cohorte", prog_name="cohorte")
@click.pass_context
def main(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context,
    config_path: str | None,
    at: str | None,
    lang: str | None,
    verbose: int,
    quiet: bool,  # noqa: FBT001 - click gives flags as booleans
    debug: bool,  # noqa: FBT001
) -> None:
    """Run the command; see the catalogues for the words of `--help`."""
    from pathlib import Path

    from automation.cli.context import Session

    ctx.obj = Session(
        config_path=Path(config_path or os.environ.get("COHORTE_CONFIG") or USUAL_FILE),
        at=_parse_instant(at) if at is not None else None,
        lang=lang,
        verbosity=-1 if quiet else verbose,
        debug=debug,
        env=os.environ,
        config_language=spoken(),
    )


def _parse_instant(text: str) -> datetime:
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsageError("bad_instant", value=text) from error
