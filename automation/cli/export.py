"""export: the workbook as an Excel file."""

from __future__ import annotations

from pathlib import Path

import click

from automation.cli import Command
from automation.cli.context import Session, pass_session


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@pass_session
def export(session: Session, file: Path) -> None:
    """Write the whole workbook to a file, as Drive exports it."""
    from automation.cli.papers import write_file
    from automation.errors import WrongUsageError
    from automation.google.drive import export_xlsx
    from automation.google.scopes import Feature

    if file.suffix.lower() not in {"", ".xlsx"}:
        raise WrongUsageError("not_excel", file=str(file))
    config = session.load_config()
    with session.workspace(config, feature=Feature.EXPORT) as workspace:
        content = export_xlsx(workspace.http, workspace.config.workspace.spreadsheet or "")
    if write_file(content, file):
        session.say("export.done", file=str(file))
