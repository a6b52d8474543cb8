"""papers: what is printed for a meeting, and after the last one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from automation.cli import Command, Group
from automation.cli.asking import require_cohort
from automation.cli.context import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from automation.core.model import Meeting
    from automation.core.snapshot import Snapshot

_STDOUT = Path("-")
_FORMATS = click.Choice(["html", "pdf"])
_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.group(cls=Group)
def papers() -> None:
    """Prepare what is printed."""


@papers.command("sign-in", cls=Command)
@click.option("--meeting", type=int, multiple=True)
@click.option("--cohort", "code", metavar="CODE")
@click.option("--format", "form", type=_FORMATS, default="html")
@click.option("--out", type=_FILE)
@pass_session
def sign_in(
    session: Session, meeting: tuple[int, ...], code: str | None, form: str, out: Path | None
) -> None:
    """Make a sign-in sheet for each meeting that is asked for, else for the next one."""
    from automation.papers.from_programme import sheets_of
    from automation.papers.sign_in import render_sign_in
    from automation.workbook.reader import read_snapshot

    config = session.load_config()
    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    chosen = _choose_meetings(session, snapshot, meeting, code)
    html = render_sign_in(
        sheets_of(chosen, snapshot, config.rules.fields, config.programme),
        language=session.language,
        paper=config.attendance.paper,
        folder=config.attendance.templates,
    )
    numbers = [str(one.number) for one in chosen]
    name = session.text("papers.file.sign_in", meetings="-".join(numbers))
    target = out or Path(f"{name}.{form}")
    if write_paper(session, html, form, target, snapshot.zone):
        session.say("papers.sign_in", file=str(target), meetings=", ".join(numbers))


@papers.command(cls=Command)
@click.option("--cohort", "code", metavar="CODE")
@click.option("--format", "form", type=_FORMATS, default="html")
@click.option("--out", type=_FILE)
@pass_session
def attestations(session: Session, code: str | None, form: str, out: Path | None) -> None:
    """Make an attestation for each person who came often enough."""
    from automation.core.attendance import count_presences
    from automation.core.text import fold
    from automation.papers.attestations import render_attestations
    from automation.papers.from_programme import attestations_of
    from automation.workbook.reader import read_snapshot

    config = session.load_config()
    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    cohorts = (require_cohort(snapshot, code),) if code else snapshot.cohorts
    earned = attestations_of(
        cohorts,
        snapshot,
        count_presences(snapshot),
        config.programme,
        session.moment(snapshot.zone).astimezone(snapshot.zone).date(),
    )
    if not earned:
        asked = any(cohort.attestation_at is not None for cohort in cohorts)
        session.say("papers.nobody" if asked else "papers.no_threshold")
        return
    html = render_attestations(
        earned,
        language=session.language,
        paper=config.attendance.paper,
        folder=config.attendance.templates,
    )
    name = "-".join([session.text("papers.file.attestations"), *fold(code or "").split()])
    target = out or Path(f"{name}.{form}")
    if write_paper(session, html, form, target, snapshot.zone):
        session.say("papers.attestations", file=str(target), count=len(earned))


def _choose_meetings(
    session: Session, snapshot: Snapshot, numbers: Sequence[int], code: str | None
) -> tuple[Meeting, ...]:
    """Return the meetings asked for, in order of time, else those of the next day that has one.

    Raises `WrongUsageError` where there is no such meeting, none to come, or one without a day.
    """
    from automation.cli.attendance import require_meetings
    from automation.core.attendance import meeting_order, next_meetings
    from automation.core.text import fold
    from automation.errors import WrongUsageError

    require_meetings(snapshot, numbers)
    cohort = require_cohort(snapshot, code).code if code else None
    ours = [one for one in snapshot.meetings if cohort is None or fold(one.cohort) == fold(cohort)]
    if numbers:
        found = sorted((one for one in ours if one.number in numbers), key=meeting_order)
    else:
        coming = next_meetings(ours, session.moment(snapshot.zone), snapshot.zone)
        found = [one for one in coming if one.day == coming[0].day]
    for meeting in found:
        if meeting.day is None:
            raise WrongUsageError("meeting_undated", number=meeting.number)
    if not found:
        raise WrongUsageError("no_meeting")
    return tuple(found)


def write_paper(session: Session, html: str, form: str, target: Path, zone: ZoneInfo) -> bool:
    """Write a document in the format asked for; tell whether it is in a file."""
    from automation.papers.pdf import make_pdf

    content = make_pdf(html, made_at=session.moment(zone)) if form == "pdf" else html.encode()
    return write_file(content, target)


def write_file(content: bytes, target: Path) -> bool:
    """Write a file, or to the standard output for "-"; tell whether it is in a file.

    Raises `WrongUsageError` where it can't be written.
    """
    from automation.errors import WrongUsageError

    if target == _STDOUT:
        sys.stdout.buffer.write(content)
        return False
    try:
        target.write_bytes(content)
    except OSError as error:
        raise WrongUsageError("unwritable", file=str(target)) from error
    return True
