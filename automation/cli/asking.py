"""What commands that look at one person or one cohort share, and how they ask before they write."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.cli.context import Session
    from automation.config import Config
    from automation.core.model import Cohort, Enrolment
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot


def may_name(session: Session) -> bool:
    """Tell whether people may be named: at a terminal, never in what may end in a log."""
    return session.console().is_terminal or session.verbosity > 0


def read_rules(session: Session, config: Config) -> Rules:
    """Return the rules of a configuration, those of its mail too, told in the terminal's language."""
    from automation.core.rules import Language
    from automation.posting import open_post_office

    return replace(open_post_office(config).rules, language=Language(session.language))


def require_cohort(snapshot: Snapshot, code: str) -> Cohort:
    """Return the cohort of a code, compared folded; an error that names the known ones."""
    from automation.core.finding import find_cohort
    from automation.errors import WrongUsageError

    cohort = find_cohort(snapshot.cohorts, code)
    if cohort is None:
        known = ", ".join(cohort.code for cohort in snapshot.cohorts) or "–"
        raise WrongUsageError("unknown_cohort", cohort=code, cohorts=known)
    return cohort


def require_one(session: Session, found: Sequence[Enrolment]) -> Enrolment:
    """Return the only one found; without one, say which there are."""
    from automation.errors import WrongUsageError

    if not found:
        raise WrongUsageError("explain_nobody")
    if len(found) > 1:
        show_found(session, found)
        raise WrongUsageError("explain_several", numbers=", ".join(str(e.number) for e in found))
    return found[0]


def show_found(session: Session, found: Sequence[Enrolment]) -> None:
    """Show who is who, where names may be shown."""
    from rich.markup import escape
    from rich.table import Table

    from automation.cli.terminal import PlainConsole

    if not may_name(session):
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(session.text("column.number"), justify="right")
    for code in ("name", "cohort", "status"):
        table.add_column(session.text(f"column.{code}"))
    for one in found:
        status = session.text(f"status.{one.status}")
        table.add_row(str(one.number), escape(one.name), escape(one.cohort), status)
    PlainConsole(stderr=True, quiet=session.verbosity < 0).print(table)


def ask(session: Session, question: str, *, has_digest: bool = False) -> bool:
    """Ask before writing; without anybody to ask, say how to go on.

    Args:
        has_digest: Whether a plan's digest would do for an answer.

    Raises `WrongUsageError` where nobody is there; whoever leaves with Ctrl-C has said no.
    """
    from automation.errors import WrongUsageError

    try:
        suffix = session.text("said.of", what="", told="")
        understand = partial(read_yes_or_no, session)
        yes = click.prompt(question, prompt_suffix=suffix, value_proc=understand)
    except click.Abort:
        click.echo()
        if not sys.stdin.isatty():
            raise WrongUsageError("apply_nobody" if has_digest else "ask_nobody") from None
        yes = False
    if not yes:
        session.say("apply.declined")
    return bool(yes)


def read_yes_or_no(session: Session, answer: str) -> bool:
    """Understand an answer in either language."""
    word = answer.strip().lower()
    if word in {"o", "oui", "y", "yes"}:
        return True
    if word in {"n", "non", "no"}:
        return False
    raise click.UsageError(session.text("apply.which"))
