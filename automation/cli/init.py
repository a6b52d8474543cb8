"""init: a short conversation that ends with a configuration, the tabs and a first cohort."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from automation.cli import Command
from automation.cli.arrival import Arrival, Given
from automation.cli.context import Session, new_token, pass_session
from automation.cli.talking import Talk
from automation.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gspread import HTTPClient

    from automation.config import Config


@click.command(cls=Command)
@click.option("--workspace", type=click.Choice(["google", "embedded"]))
@click.option("--path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--spreadsheet", metavar="URL")
@click.option("--credentials", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--tab")
@click.option("--field", "fields", multiple=True)
@click.option("--form", "form_url", metavar="URL")
@click.option("--programme")
@click.option("--transport", type=click.Choice(["gmail", "smtp", "folder", "none"]))
@click.option("--sender")
@click.option("--postal-address")
@click.option("--digest-to", multiple=True)
@click.option("--smtp-host")
@click.option("--smtp-user")
@click.option("--ma-place")
@click.option("--prefilled-url", metavar="URL")
@click.option("--cohort", metavar="CODE")
@click.option("--name", "--cohort-name", "cohort_name")
@click.option("--places", type=click.IntRange(min=0))
@click.option("--opens", metavar="DATE")
@click.option("--closes", metavar="DATE")
@click.option("--meeting", "meetings", multiple=True)
@click.option("--make-forms", is_flag=True)
@click.option("--non-interactive", is_flag=True)
@pass_session
def init(session: Session, /, **options: Any) -> None:
    """Set up an installation; what is there stays as it is."""
    given = Given(**options)
    talk = Talk(session, given.non_interactive)
    if session.config_path.exists():
        if given.make_forms:
            raise WrongUsageError("forms_after_config", path=str(session.config_path))
        session.say("init.config_there", path=str(session.config_path))
    else:
        Arrival(session, talk, given).settle()
    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        _make_tabs(session, workspace.http, workspace.config)
        _add_first_rows(talk, given, workspace.http, workspace.config)
    session.say("init.next")


def _make_tabs(session: Session, http: HTTPClient, config: Config) -> None:
    """Make Cohorte's tabs where none is there; nobody is admitted, since there is no cohort."""
    from automation.config.sections import Mail
    from automation.night import run_night
    from automation.workbook.reader import read_snapshot

    snapshot = read_snapshot(http, config, ask_form=False)
    if not snapshot.missing_tabs or snapshot.standings:
        session.say("init.tabs_there")
        return
    quiet = config.model_copy(update={"mail": Mail()})
    run_night(http, quiet, event="apply", moment=session.moment, token=new_token())
    session.say("init.tabs")


def _add_first_rows(talk: Talk, given: Given, http: HTTPClient, config: Config) -> None:
    """Add a first cohort and its meetings as an organiser would, where there is none."""
    from automation.workbook.loading import add_rows
    from automation.workbook.reader import read_snapshot

    session = talk.session
    if read_snapshot(http, config, ask_form=False).cohorts:
        session.say("init.cohort_there")
        return
    code = talk.ask("init.cohort", given.cohort, option="--cohort", default="")
    if not code:
        session.say("init.cohort_later")
        return
    places = None if given.places is None else str(given.places)
    day_first = config.language.value == "fr"
    cells = {
        "code": code,
        "name": talk.ask("init.cohort_name", given.cohort_name, option="--name", default=""),
        "places": talk.ask("init.places", places, option="--places", check=_require_count),
        "opens": _ask_date(talk, "opens", given.opens, day_first=day_first),
        "closes": _ask_date(talk, "closes", given.closes, day_first=day_first),
    }
    meetings = _ask_meetings(talk, given.meetings, day_first=day_first)
    add_rows(http, config, "cohorts", *_as_table("cohorts", [cells], config.language.value))
    if meetings:
        rows = [{"cohort": code, **meeting} for meeting in meetings]
        add_rows(http, config, "meetings", *_as_table("meetings", rows, config.language.value))
    session.say("init.cohort_added", code=code, meetings=len(meetings))


def _as_table(
    key: str, rows: Sequence[dict[str, str]], language: str
) -> tuple[list[str], list[list[str]]]:
    """Return rows by column key as a header and rows of texts."""
    from automation.workbook.loading import LOADABLE

    keys = list(rows[0])
    header = [LOADABLE[key].column(name).label(language) for name in keys]
    return header, [[row[name] for name in keys] for row in rows]


def _require_count(text: str) -> str:
    if not text.isdecimal():
        raise ValueError(text)
    return text


def _ask_date(talk: Talk, name: str, given: str | None, *, day_first: bool) -> str:
    def check(text: str) -> str:
        return _iso(text, day_first=day_first) if text else ""

    return talk.ask(f"init.{name}", given, option=f"--{name}", default="", check=check)


def _iso(text: str, *, day_first: bool) -> str:
    """Return a date as anybody reads it; ValueError for none."""
    from automation.workbook.loading.typed import read_dates

    (wall,) = read_dates([text], day_first=day_first)
    if wall is None:
        raise ValueError(text)
    return (
        f"{wall:%Y-%m-%d %H:%M:%S}" if wall.time().isoformat() != "00:00:00" else f"{wall:%Y-%m-%d}"
    )


def _ask_meetings(talk: Talk, given: Sequence[str], *, day_first: bool) -> list[dict[str, str]]:
    if given or talk.silent:
        try:
            return [_read_meeting(text, day_first=day_first) for text in given]
        except ValueError as error:
            raise WrongUsageError("init_option", option="--meeting") from error
    found: list[dict[str, str]] = []
    while True:

        def check(text: str) -> str:
            if text:
                _read_meeting(text, day_first=day_first)
            return text

        text = talk.ask("init.meeting", None, option="--meeting", default="", check=check)
        if not text:
            return found
        found.append(_read_meeting(text, day_first=day_first))


def _read_meeting(text: str, *, day_first: bool) -> dict[str, str]:
    """Return what "2027-01-18 18:30-21:00 Briser la solitude" says of a meeting; ValueError for nothing."""
    day, _, rest = text.strip().partition(" ")
    hours, _, theme = rest.strip().partition(" ")
    start, _, end = hours.partition("-")
    if not all(_is_hour(one) for one in (start, end) if one) or not start:
        start, end, theme = "", "", rest.strip()
    date = _iso(day, day_first=day_first)[:10]
    return {"date": date, "start": start, "end": end, "theme": theme.strip()}


def _is_hour(text: str) -> bool:
    from automation.core.instants import to_time

    return to_time(text) is not None
