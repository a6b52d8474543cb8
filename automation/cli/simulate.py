"""simulate: what tonight would do if a cohort were otherwise; nothing is written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from automation import locale
from automation.cli import Command
from automation.cli.asking import may_name, read_rules, require_cohort
from automation.cli.context import Session, pass_session, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from automation.core.model import Enrolment
    from automation.core.simulate import Difference, Simulation

_LONGEST: Final = 24 * 366
"""Hours: the longest window that a cohort may have."""


@click.command(cls=Command)
@click.option("--cohort", "code", required=True, metavar="CODE")
@click.option("--places", type=click.IntRange(min=0))
@click.option("--window", type=click.IntRange(1, _LONGEST))
@click.option("--release", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@pass_session
def simulate(  # noqa: PLR0913, PLR0917 - one argument for each option
    session: Session,
    code: str,
    places: int | None,
    window: int | None,
    release: bool,  # noqa: FBT001 - click gives flags as booleans
    as_json: bool,  # noqa: FBT001
) -> None:
    """Say what tonight would do if a cohort were otherwise."""
    from automation.collector import collector_paused
    from automation.core.simulate import Scenario
    from automation.core.simulate import simulate as simulate_night
    from automation.errors import WrongUsageError
    from automation.workbook.reader import read_snapshot

    if places is None and window is None and not release:
        raise WrongUsageError("simulate_nothing")
    config = session.load_config()
    with session.workspace(config) as workspace, collector_paused():
        snapshot = read_snapshot(workspace.http, workspace.config)
        scenario = Scenario(
            cohort=require_cohort(snapshot, code).code,
            places=places,
            window=None if window is None else timedelta(hours=window),
            release=release,
        )
        rules = read_rules(session, config)
        found = simulate_night(snapshot, rules, session.moment(snapshot.zone), scenario)
    if as_json:
        print_json(_simulation_json(session, found))
        return
    console = session.console()
    for part in _simulation_view(session, found):
        console.print(part)


def _simulation_view(session: Session, found: Simulation) -> Iterator[RenderableType]:
    """Yield what a scenario would change: in words, then whose state, then the figures."""
    from rich.text import Text

    for phrase in found.sentences:
        yield Text(f"• {locale.say(session.language, phrase)}")
    if found.differences:
        yield Text()
        yield _differences_table(session, found)
    yield Text()
    yield _figures_table(session, found)
    yield Text(session.text("simulate.nothing_written"), style="bold")


def _differences_table(session: Session, found: Simulation) -> RenderableType:
    from rich.markup import escape
    from rich.table import Table

    from automation.cli.render import STATUS_STYLES

    names = may_name(session)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(session.text("column.number"), justify="right")
    if names:
        table.add_column(session.text("column.name"))
    for code in ("cohort", "plain", "changed"):
        table.add_column(session.text(f"column.{code}"))
    for one in found.differences:
        shown = one.changed or one.plain
        states = (_state_words(session, state) for state in (one.plain, one.changed))
        name = [escape(shown.name)] if shown and names else []
        style = STATUS_STYLES.get(one.changed.status, "") if one.changed else ""
        cohort = escape(shown.cohort) if shown else ""
        table.add_row(str(one.number), *name, cohort, *states, style=style)
    return table


def _state_words(session: Session, enrolment: Enrolment | None) -> str:
    """Return a state as a table shows it, with the rank of somebody who waits."""
    if enrolment is None:
        return ""
    rank = f" ({enrolment.rank})" if enrolment.rank else ""
    return session.text(f"status.{enrolment.status}") + rank


def _figures_table(session: Session, found: Simulation) -> RenderableType:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(escape(found.cohort.code), no_wrap=True)
    for code in ("places", "confirmed", "offered", "waiting", "free"):
        table.add_column(session.text(f"column.{code}"), justify="right")
    table.add_column(session.text("column.alerts"), style="yellow")
    sides = (
        ("plain", found.cohort, found.plain_seats),
        ("changed", found.changed, found.changed_seats),
    )
    for code, cohort, seats in sides:
        figures = (cohort.places, seats.confirmed, seats.offered, seats.waiting)
        cells = ("" if figure is None else str(figure) for figure in figures)
        free = _signed(seats.free)
        table.add_row(session.text(f"column.{code}"), *cells, free, escape(seats.alerts))
    return table


def _signed(free: int | None) -> str:
    """Return free seats; with a minus sign, and no hyphen, over the cap."""
    return "" if free is None else f"{free}".replace("-", "\N{MINUS SIGN}")


def _simulation_json(session: Session, found: Simulation) -> dict[str, Any]:
    from automation.cli.render import cohorts_json

    sides = (
        ("before", found.cohort, found.plain_seats),
        ("after", found.changed, found.changed_seats),
    )
    return {
        "cohort": found.cohort.code,
        **{name: cohorts_json([of], {of.code: seats})[0] for name, of, seats in sides},
        "differences": [_difference_json(one) for one in found.differences],
        "advanced": found.advanced,
        "set_back": found.set_back,
        "sentences": [
            {"code": phrase.code, "words": locale.say(session.language, phrase)}
            for phrase in found.sentences
        ],
    }


def _difference_json(one: Difference) -> dict[str, Any]:
    shown = one.changed or one.plain
    return {
        "number": one.number,
        "cohort": shown.cohort if shown else "",
        "before": one.plain.status if one.plain else None,
        "after": one.changed.status if one.changed else None,
        "rank_before": one.plain.rank if one.plain else None,
        "rank_after": one.changed.rank if one.changed else None,
    }
