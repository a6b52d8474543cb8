"""person: who is whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from automation.cli import Command, Group
from automation.cli.asking import ask, may_name, require_one
from automation.cli.context import Session, new_token, pass_session, print_json
from automation.cli.privacy import erase, export_person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from automation.core.model import PairKey, Verdict
    from automation.core.plan import Plan
    from automation.core.snapshot import Snapshot


@click.group(cls=Group)
def person() -> None:
    """Say who is whom."""


person.add_command(export_person)
person.add_command(erase)


@person.command(cls=Command, name="show")
@click.argument("who")
@click.option("--json", "as_json", is_flag=True)
@pass_session
def show_person(session: Session, who: str, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Show all that is known of a person."""
    from automation.cli.dossier import dossier_json, dossier_view
    from automation.core.dossier import open_dossier
    from automation.core.finding import find_enrolments
    from automation.workbook.reader import read_snapshot

    config = session.load_config()
    with session.workspace(config) as workspace:
        snapshot = read_snapshot(workspace.http, workspace.config, ask_form=False)
    found = find_enrolments(snapshot.register, who)
    people = {one.person: one for one in found}
    dossier = open_dossier(snapshot, require_one(session, list(people.values())).person)
    if as_json:
        print_json(dossier_json(dossier, config.rules, snapshot.zone))
        return
    console = session.console()
    for part in dossier_view(dossier, config.rules, snapshot.zone, session.language):
        console.print(part)


@person.command(cls=Command)
@click.argument("a", type=int)
@click.argument("b", type=int)
@click.option("--yes", is_flag=True)
@pass_session
def merge(session: Session, a: int, b: int, yes: bool) -> None:  # noqa: FBT001 - click's flag
    """Say that two enrolments are one person's."""
    from automation.core.people import same_people

    _give(session, partial(same_people, a=a, b=b), yes=yes)


@person.command(cls=Command)
@click.argument("number", type=int)
@click.option("--yes", is_flag=True)
@pass_session
def split(session: Session, number: int, yes: bool) -> None:  # noqa: FBT001 - click's flag
    """Say that an enrolment is another person's than those that it was joined with."""
    from automation.core.people import other_person

    _give(session, partial(other_person, number=number), yes=yes)


def _give(
    session: Session, choose: Callable[[Snapshot], Mapping[PairKey, Verdict]], *, yes: bool
) -> None:
    """Note the verdicts, once the organiser has seen which."""
    from automation.night import give_verdicts

    def confirm(plan: Plan) -> bool:
        for pair in plan.pairs:
            names = f" ({pair.after.name_a} · {pair.after.name_b})" if may_name(session) else ""
            for event in pair.events:
                verdict = session.text(f"verdict.{event.kind}")
                session.say("person.verdict", a=event.a, b=event.b, names=names, verdict=verdict)
        return yes or ask(session, session.text("person.confirm"))

    config = session.load_config()
    with session.workspace(config, writes=True) as workspace:
        plan = give_verdicts(
            workspace.http,
            workspace.config,
            choose,
            moment=session.moment,
            token=new_token(),
            confirm=confirm,
        )
    if plan.pairs:
        session.say("person.done")
