"""doctor: everything that can go wrong, one by one, each with what to do."""

from __future__ import annotations

from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import click

from automation import locale
from automation.cli import Command
from automation.cli.context import Session, pass_session, print_json
from automation.core.model import Phrase
from automation.errors import ConfigError
from automation.google.retries import Retries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from automation.config import Config
    from automation.doctor import Check
    from automation.doctor.finding import Finding

    Found = Sequence[tuple[Check, Finding]]

_SIGNS: Final = {"ok": "✓", "skipped": "–", "warning": "!", "failure": "✗"}
_STYLES: Final = {"ok": "green", "skipped": "dim", "warning": "yellow", "failure": "bold red"}
BRISK: Final = Retries(attempts=3, patience=15.0)
"""Somebody is waiting at the terminal."""


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True)
@click.option("--probe", "probing", is_flag=True)
@pass_session
@click.pass_context
def doctor(
    ctx: click.Context,
    session: Session,
    as_json: bool,  # noqa: FBT001 - click gives flags as booleans
    probing: bool,  # noqa: FBT001
) -> None:
    """Look at everything, and say what to do."""
    from automation.doctor import exit_code

    found = list(_look(session, probing=probing))
    code = exit_code(finding for _, finding in found)
    if as_json:
        print_json({"exit_code": code, "findings": [_as_object(session, *one) for one in found]})
    else:
        console = session.console()
        for part in _view(session, found):
            console.print(part)
    ctx.exit(code)


def _look(session: Session, *, probing: bool) -> Iterator[tuple[Check, Finding]]:
    from automation.doctor import Check, examine
    from automation.doctor.finding import from_error, well
    from automation.doctor.gather import gather
    from automation.doctor.records import look_up_texts

    reading = Check(name="config", area="config", look=lambda _: ())
    try:
        config = session.load_config()
    except ConfigError as error:
        yield reading, from_error(error)
        return
    yield reading, well("config", path=str(session.config_path))
    yield from examine(gather(config, session.moment, lookup=look_up_texts, retries=BRISK))
    if probing:
        yield Check(name="probe", area="probe", look=lambda _: ()), _probe(session, config)


def _probe(session: Session, config: Config) -> Finding:
    """Send a draft to oneself twice, where messages leave by Gmail."""
    from automation.config.sections import Transport
    from automation.doctor.finding import from_error, skipped
    from automation.doctor.probe import probe_mailbox
    from automation.errors import CohorteError
    from automation.google.scopes import Feature
    from automation.workspace import open_session, require_embedded

    if config.mail.transport is not Transport.GMAIL:
        return skipped("no_probe")
    if session.at is not None:
        require_embedded(config, "at_on_google")
    subject, text = session.text("doctor.probe_subject"), session.text("doctor.probe_text")
    try:
        with open_session(config, lambda: session.moment(UTC), Feature.MAIL) as google:
            return probe_mailbox(google, subject, text)
    except CohorteError as error:
        return from_error(error)


def _tell(session: Session, names: Sequence[str], finding: Finding) -> tuple[str, str]:
    """Return what was found, and what to do; "" where there is nothing to do.

    Args:
        names: Of the checks that found it.
    """
    values = {
        name: locale.say(session.language, value) if isinstance(value, Phrase) else value
        for name, value in finding.values.items()
    }
    if finding.level == "skipped":
        values["names"] = ", ".join(session.text(f"doctor.name_{name}") for name in names)
    code = finding.code
    if finding.from_error:
        what = session.text(f"error.{code}", **values)
        return what, session.text(f"error.{code}.remedy", **values)
    remedy = session.text(f"doctor.{code}.remedy", **values) if finding.has_remedy else ""
    return session.text(f"doctor.{code}", **values), remedy


def _as_object(session: Session, check: Check, finding: Finding) -> dict[str, Any]:
    what, remedy = _tell(session, [check.name], finding)
    return {
        "check": check.name,
        "level": finding.level.value,
        "code": finding.code,
        "what": what,
        "remedy": remedy or None,
    }


def _view(session: Session, found: Found) -> Iterator[RenderableType]:
    """Yield a table for each area: a sign, what was found, and below it what to do."""
    from rich.table import Table
    from rich.text import Text

    for area, ones in groupby(found, key=lambda one: one[0].area):
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for names, finding in _join_skipped(list(ones)):
            what, remedy = _tell(session, names, finding)
            style = _STYLES[finding.level]
            dim = style if finding.level == "skipped" else ""
            table.add_row(Text(_SIGNS[finding.level], style=style), Text(what, style=dim))
            if remedy:
                table.add_row("", Text(f"→ {remedy}"))
        yield Text(session.text(f"doctor.area_{area}"), style="bold")
        yield table
        yield Text()
    yield _summary(session, [finding for _, finding in found])


def _join_skipped(found: Found) -> Iterator[tuple[list[str], Finding]]:
    """Yield the findings with the names of their checks; those of one area passed over as one."""
    skipped: dict[str, list[str]] = {}
    for check, finding in found:
        if finding.level == "skipped":
            skipped.setdefault(finding.code, []).append(check.name)
    for check, finding in found:
        if finding.level != "skipped":
            yield [check.name], finding
        elif finding.code in skipped:
            yield skipped.pop(finding.code), finding


def _summary(session: Session, findings: Sequence[Finding]) -> RenderableType:
    from rich.text import Text

    levels = [finding.level.value for finding in findings]
    failures, warnings = levels.count("failure"), levels.count("warning")
    if failures:
        words = session.text("doctor.sum_failures", failures=failures, warnings=warnings)
        return Text(words, style=_STYLES["failure"])
    if warnings:
        return Text(session.text("doctor.sum_warnings", count=warnings), style="yellow")
    return Text(session.text("doctor.sum_well"), style="green")
