"""local: one's own data, without Google."""

from __future__ import annotations

import os
import shlex
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from automation.cli import Command, Group
from automation.cli.click_words import USUAL_FILE
from automation.cli.context import Session, pass_session, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gspread import HTTPClient

    from automation.config import Config
    from automation.workbook.loading import Loaded
    from automation.workbook.loading.csv_table import CsvTable

_RESPONSES: Final = "responses"
_DATABASE: Final = "cohorte.db"
_LOCALES: Final = {"fr": "fr_CA", "en": "en_CA"}


class _Outcome(Struct, frozen=True, kw_only=True):
    """What a file became.

    Attributes:
        kind: responses, cohorts or meetings.
        proposed: Whether the configuration was written just now.
    """

    file: Path
    kind: str
    config: Config
    proposed: bool
    loaded: Loaded


@click.group(cls=Group)
def local() -> None:
    """Try it with data of one's own."""


@local.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice([_RESPONSES, "cohorts", "meetings"]),
    default=_RESPONSES,
)
@click.option("--json", "as_json", is_flag=True)
@pass_session
def load(
    session: Session,
    file: Path,
    kind: str,
    as_json: bool,  # noqa: FBT001 - click gives flags as booleans
) -> None:
    """Load a CSV file into the embedded workspace."""
    from automation.workbook.loading.csv_table import read_csv
    from automation.workspace import open_workspace, require_embedded

    table = read_csv(file)
    if kind == _RESPONSES:
        _require_answers(session, file, table)
    proposed = kind == _RESPONSES and not session.config_path.exists()
    if proposed:
        _propose_config(session, file, table)
    config = session.load_config()
    require_embedded(config, "local_only")
    if kind == _RESPONSES:
        table = _head_addresses(config, table)
        _require_questions(session, config, file, table)
    with open_workspace(config, lambda: session.moment(UTC), new=True) as workspace:
        config = _ensure_spreadsheet(session, workspace.http, workspace.config)
        loaded = _load_rows(session, workspace.http, config, file, table=table, kind=kind)
    outcome = _Outcome(file=file, kind=kind, config=config, proposed=proposed, loaded=loaded)
    if as_json:
        print_json(_as_json(session, outcome))
    else:
        _tell(session, outcome, table)


def _require_answers(session: Session, file: Path, table: CsvTable) -> None:
    """Refuse a file of cohorts or meetings where answers are expected."""
    from automation.errors import WorkbookError
    from automation.workbook.loading import LOADABLE, resembles

    for key, tab in LOADABLE.items():
        if resembles(tab, table.header):
            title = tab.title(session.language)
            raise WorkbookError("csv_resembles", path=str(file), tab=title, kind=key)


def _require_questions(session: Session, config: Config, file: Path, table: CsvTable) -> None:
    """Refuse answers that the configuration could not understand once they are loaded."""
    from automation.workbook.loading.checks import require_questions, require_timestamp

    questions = [question for _, question in _mapped(config)]
    require_questions(file, table, questions, config_path=session.config_path)
    require_timestamp(file, table, questions)


def _head_addresses(config: Config, table: CsvTable) -> CsvTable:
    from automation.workbook.loading.asked import head_addresses

    return replace(table, header=head_addresses(table.header, config.fields.email))


def _propose_config(session: Session, file: Path, table: CsvTable) -> None:
    """Write a configuration that maps the file's headers, its workspace in the current folder."""
    from automation.config.proposal import propose_fields, render_config
    from automation.core.rules import Language
    from automation.errors import WorkbookError
    from automation.resources import data_path
    from automation.workbook.loading import find_boxes, find_stamp
    from automation.workbook.loading.checks import require_timestamp

    path = session.config_path
    stamp = find_stamp(table.header, table.rows)
    proposal = propose_fields(table.header, find_boxes(table.header, table.rows, stamp))
    if not proposal.has_name:
        example = str(data_path("config", "example.toml"))
        raise WorkbookError("csv_no_name", path=str(file), config=str(path), example=example)
    mapped = (*proposal.fields, *proposal.extra)
    require_timestamp(file, table, [field.question for field in mapped])
    text = render_config(
        proposal,
        tabs=[session.text("local.tab")],
        workspace=Path(os.path.relpath(_DATABASE, path.parent)).as_posix(),
        language=Language(session.language),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _ensure_spreadsheet(session: Session, http: HTTPClient, config: Config) -> Config:
    from automation.workbook.loading import create_spreadsheet
    from automation.workspace import with_spreadsheet

    if config.workspace.spreadsheet is not None:
        return config
    spreadsheet_id = create_spreadsheet(
        http,
        session.text("local.spreadsheet"),
        config.responses.tabs[0],
        locale=_LOCALES[config.language.value],
    )
    return with_spreadsheet(config, spreadsheet_id)


def _load_rows(  # noqa: PLR0913 - where from, where to
    session: Session, http: HTTPClient, config: Config, file: Path, *, table: CsvTable, kind: str
) -> Loaded:
    from rich.console import Console
    from rich.progress import Progress

    from automation.workbook.loading import add_responses, add_rows, read_asked

    if kind != _RESPONSES:
        return add_rows(http, config, kind, table.header, table.rows)
    console = Console(stderr=True, quiet=session.verbosity < 0)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(session.text("local.progress", file=file.name), total=len(table.rows))
        return add_responses(
            http,
            config.workspace.spreadsheet or "",
            config.responses.tabs[0],
            table.header,
            table.rows,
            day_first=config.language.value == "fr",
            asked=read_asked(config),
            progress=lambda count: bar.advance(task, count),
        )


def _as_json(session: Session, outcome: _Outcome) -> dict[str, object]:
    config, loaded = outcome.config, outcome.loaded
    return {
        "spreadsheet_id": config.workspace.spreadsheet,
        "as": outcome.kind,
        "added": loaded.added,
        "updated": loaded.updated,
        "already": loaded.already,
        "beside": loaded.beside,
        "left_out": loaded.left_out,
        "ignored": list(loaded.ignored),
        "config": str(session.config_path),
        "config_written": outcome.proposed,
        "fields": dict(_mapped(config)),
    }


def _mapped(config: Config) -> Iterator[tuple[str, str]]:
    """Yield each field and the question that feeds it, as written in the configuration."""
    fields = config.fields
    for key in type(fields).model_fields:
        question = getattr(fields, key)
        if isinstance(question, str):
            yield key, question
    for key, asked in (*fields.extra.items(), *fields.choices.items()):
        yield key, asked.question


def _tell(session: Session, outcome: _Outcome, table: CsvTable) -> None:
    loaded = outcome.loaded
    if outcome.proposed:
        session.say("local.config", path=str(session.config_path))
        _tell_fields(session, outcome.config, table)
        session.say("local.reread")
    counts = {"added": loaded.added, "updated": loaded.updated, "already": loaded.already}
    session.say(f"local.loaded.{outcome.kind}", **counts)
    if loaded.beside:
        session.say("local.beside", count=loaded.beside)
    if loaded.left_out:
        session.say("local.left_out", count=loaded.left_out)
    if loaded.ignored:
        session.say("local.ignored", columns=", ".join(filter(None, loaded.ignored)))
    _tell_next(session, outcome.kind)


def _tell_fields(session: Session, config: Config, table: CsvTable) -> None:
    """Print which question feeds which field, in the order of the file."""
    from rich.markup import escape
    from rich.table import Table

    from automation import locale
    from automation.core.text import fold, tidy

    known = locale.labels("field", session.language)
    feeds = {fold(question): key for key, question in _mapped(config)}
    boxes = {fold(asked.question) for asked in config.fields.choices.values()}
    lines = Table(box=None, pad_edge=True, header_style="bold")
    lines.add_column(session.text("local.field"), no_wrap=True)
    lines.add_column(session.text("local.question"), overflow="fold")
    for text in dict.fromkeys(filter(fold, table.header)):
        key = feeds.get(fold(text))
        many = "local.boxes" if fold(text) in boxes else "local.extra"
        other = session.text("local.when" if key is None else many)
        label = known.get(key or "", other)
        lines.add_row(label, escape(tidy(text)), style="" if key in known else "dim")
    session.console().print(lines)


def _tell_next(session: Session, kind: str) -> None:
    """Print what to do next, as commands that work from here."""
    from rich.table import Table

    start = "cohorte"
    if session.config_path not in {Path(USUAL_FILE), Path(session.env.get("COHORTE_CONFIG", ""))}:
        start = f"cohorte --config {shlex.quote(str(session.config_path))}"
    steps = {
        "cohorts": f"local load {session.text('local.cohorts_file')} --as cohorts",
        "meetings": f"local load {session.text('local.meetings_file')} --as meetings",
        "plan": "plan",
        "apply": "apply",
    }
    order = {_RESPONSES: ("cohorts", "plan", "apply"), "cohorts": ("meetings", "plan", "apply")}
    session.say("local.next")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(style="dim")
    for step in order.get(kind, ("plan", "apply")):
        table.add_row(f"  {start} {steps[step]}", session.text(f"local.next.{step}"))
    session.console().print(table)
