"""Our own tabs: there, protected, whole, and agreeing with one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.ledger import MailState
from automation.doctor.finding import failure, from_error, skipped, warning, well
from automation.errors import CredentialsError
from automation.night import find_obstacle
from automation.workbook.guards import live_lease
from automation.workbook.layout import BOARDS, tabs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding


def check_tabs(facts: Facts) -> Iterator[Finding]:
    """Whether our tabs and their columns are there."""
    snapshot = facts.snapshot
    if facts.trouble is not None and not facts.lacks_answers:
        yield from_error(facts.trouble)
        return
    if snapshot is None:
        yield skipped("not_seen")
        return
    every = tabs(facts.config.rules.fields.extra)
    titles = {tab.key: tab.title(facts.config.language.value) for tab in every}
    if snapshot.missing_tabs and not snapshot.standings:
        yield well("tabs_to_make")
    elif snapshot.missing_tabs:
        yield warning("tabs_gone", tabs=", ".join(titles[key] for key in snapshot.missing_tabs))
    elif snapshot.missing_columns:
        gone = dict.fromkeys(titles[tab] for tab, _ in snapshot.missing_columns)
        count = len(snapshot.missing_columns)
        yield warning("columns_gone", tabs=", ".join(gone), count=count)
    else:
        yield well("tabs", count=len(snapshot.standings))


def check_protections(facts: Facts) -> Iterator[Finding]:
    """Whether whoever edits a cell of ours is warned, and nobody keeps us out."""
    if facts.snapshot is None or facts.protected is None:
        yield skipped("not_seen")
        return
    ours = {tab.sheet_id for tab in tabs(facts.config.rules.fields.extra)}
    ours |= {board.sheet_id for board in BOARDS}
    ours |= {roll.sheet_id for roll in facts.snapshot.roll_standings.values()}
    locked = [title for sheet_id, title in facts.locked.items() if sheet_id in ours]
    if locked:
        yield from_error(CredentialsError("locked", tabs=", ".join(locked)))
    bare = [
        standing.title
        for standing in facts.snapshot.standings.values()
        if standing.sheet_id not in facts.protected
    ]
    if bare:
        yield warning("unprotected", tabs=", ".join(bare))
    else:
        yield well("protections")


def check_seals(facts: Facts) -> Iterator[Finding]:
    """Whether every row is as it was sealed."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    problems = (facts.plan or facts.snapshot).problems
    damaged = [problem for problem in problems if problem.damage]
    for tab in dict.fromkeys(problem.tab for problem in damaged):
        rows = sorted({p.row for p in damaged if p.tab == tab and p.row is not None})
        yield failure("torn", tab=tab, rows=", ".join(map(str, rows)) or "–")
    if not damaged:
        yield well("seals")


def check_journal(facts: Facts) -> Iterator[Finding]:
    """Whether the journal agrees with the rest: no copy, no restored version, nothing for the brake."""
    snapshot = facts.snapshot
    if snapshot is None:
        yield skipped("not_seen")
        return
    until = live_lease(snapshot, facts.now)
    if until is not None:
        yield warning("under_way", until=f"{until.astimezone(snapshot.zone):%Y-%m-%d %H:%M}")
    obstacle = None if facts.plan is None else find_obstacle(snapshot, facts.plan)
    trouble = facts.plan_trouble
    if obstacle is not None:
        yield from_error(obstacle)
    elif trouble is not None and trouble.code != "missing_question":
        yield from_error(trouble)
    elif facts.plan is None:
        yield skipped("not_seen")
    elif until is None:
        yield well("journal", revision=snapshot.revision)


def check_ledger(facts: Facts) -> Iterator[Finding]:
    """Whether the fate of every message is known."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    states = [mailing.state for mailing in facts.snapshot.mailings.values()]
    lost, failed = states.count(MailState.UNKNOWN), states.count(MailState.FAILED)
    if lost:
        yield warning("mail_unknown", count=lost)
    if failed:
        yield warning("mail_failed", count=failed)
    if not (lost or failed):
        yield well("ledger", count=len(states))
