"""What must hold on the sheet itself, whatever organisers did to it: checks on one night's cells."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from automation.core.ledger import MailState
from automation.core.letters import Template
from automation.core.mailing.standing import STANDING
from automation.core.model import Status
from automation.core.responses import read_registrations
from automation.workbook.layout import (
    BOARDS,
    DUPLICATES,
    MAIL,
    Owner,
    find_columns,
    roll_number,
    tabs,
)
from tests.properties.claims import check_journal, check_ranks, check_state
from tests.world import apply_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from automation.core.model import Cell
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.night import Night


def check_cells(
    before: Mapping[int, Sequence[Sequence[Any]]],
    after: Mapping[int, Sequence[Sequence[Any]]],
    rules: Rules,
) -> None:
    """9: a run leaves every cell that is not Cohorte's as it is, and every row where it is."""
    ours = {tab.sheet_id: tab for tab in tabs(rules.fields.extra)}
    drawn = {tab.sheet_id for tab in BOARDS}  # all Cohorte's
    rolls = {sheet_id for sheet_id in after if roll_number(sheet_id)}  # tests of their own
    assert set(after) - set(before) <= {*ours, *drawn, *rolls}, "9: a tab"
    for sheet_id, rows in before.items():
        if sheet_id in drawn | rolls:
            continue
        if sheet_id not in ours:
            assert after[sheet_id] == rows, ("9: a tab of others", sheet_id)
            continue
        tab, header = ours[sheet_id], rows[0] if rows else ()
        places = find_columns(tab, header)
        written = {i for key, i in places.items() if tab.column(key).owner is not Owner.ORGANISER}
        width = max(map(len, rows), default=0)
        theirs = sorted(set(range(width)) - written)
        assert _take(after[sheet_id][0], range(width)) == _take(header, range(width)), "9: a header"
        was = [_take(row, theirs) for row in rows[1:]]
        now = [_take(row, theirs) for row in after[sheet_id][1:]]
        if tab.key in {
            DUPLICATES.key,
            MAIL.key,
        }:  # what is open comes first, with what stands beside it
            was, now = (sorted(filter(_shows, lines), key=str) for lines in (was, now))
        for one, other in zip_longest(was, now, fillvalue=_take((), theirs)):
            assert one == other, ("9", tab.key, one, other)


def _shows(line: list[tuple[type, Cell]]) -> bool:
    return any(cell != "" for _, cell in line)


def _take(row: Sequence[Cell], columns: Collection[int]) -> list[tuple[type, Cell]]:
    cells = [row[index] if index < len(row) else "" for index in columns]
    return [(type(cell), cell) for cell in ("" if cell is None else cell for cell in cells)]


def check_written(before: Snapshot, plan: Plan, after: Snapshot, rules: Rules) -> None:
    """The sheet says what the plan decided, and what the plan decided keeps the properties."""
    meant = apply_plan(before, plan)
    check_state(before, plan.changes, plan.now, plan.pairs)
    check_journal(before, plan)
    check_ranks(after)
    found = {enrolment.number: enrolment for enrolment in after.register}
    for enrolment in meant.register:
        assert found[enrolment.number] == enrolment
    assert set(found) == {enrolment.number for enrolment in meant.register}
    told = {number: (entry.kind, entry.state) for number, entry in after.journal.items()}
    assert told == {number: (entry.kind, entry.state) for number, entry in meant.journal.items()}
    assert after.handled == meant.handled
    assert [c.seats for c in after.cohorts] == [c.seats for c in meant.cohorts]
    assert after.meetings == meant.meetings
    assert dict(after.pairings) == dict(meant.pairings), (after.pairings, meant.pairings)
    assert _by_pair(after) == _by_pair(meant), (_by_pair(after), _by_pair(meant))
    assert after.highest_number == meant.highest_number
    _check_nothing_is_lost(after, rules)


def _by_pair(snapshot: Snapshot) -> dict[object, object]:
    return {row.key: row for row in snapshot.pair_rows}


def _check_nothing_is_lost(after: Snapshot, rules: Rules) -> None:
    """Each answer has led to an enrolment that is there, unless there is no cohort yet."""
    registrations, _ = read_registrations(after.responses, rules.fields, after.zone)
    numbers = {enrolment.number for enrolment in after.register}
    for registration in registrations if after.cohorts else ():
        assert after.handled[registration.key].number in numbers


_MAY_BE_TOLD = {
    Template.CONFIRMATION: {Status.CONFIRMED},
    Template.WAITING: {Status.WAITING},
    Template.OFFER: {Status.OFFERED},
    Template.LAST_CALL: {Status.OFFERED},
    Template.EXPIRED: {Status.EXPIRED},
    Template.WITHDRAWN: {Status.WITHDRAWN, Status.DECLINED},
    Template.REMOVED: {Status.REMOVED},
    Template.NEXT_COHORT: STANDING[Template.NEXT_COHORT],
}


def check_mail(night: Night, after: Snapshot, folder: Path | None) -> None:
    """Everybody is told once, and only what is true; the ledger and Courriels know of it.

    Args:
        folder: Where the messages are; None where somebody took lines out of the ledger.
    """
    statuses = {enrolment.number: enrolment.status for enrolment in after.register}
    told = night.delivery.told.values() if night.delivery else ()
    for mailing in told:
        if mailing.state is MailState.SENT and mailing.number is not None:
            fitting = _MAY_BE_TOLD.get(mailing.template, {Status.CONFIRMED})
            assert statuses[mailing.number] in fitting, ("8", mailing)
    left = {unquote(path.stem) for path in folder.glob("*.eml")} if folder else set()
    assert left <= set(after.mailings), ("7: a message that the ledger does not know", left)
    about = [(m.number, m.template, m.occasion) for m in after.mailings.values() if m.attempt == 0]
    assert len(about) == len(set(about)), "7: planned twice"
    shown = {row.key: row.state for row in after.mail_rows}
    assert shown == {key: mailing.state for key, mailing in after.mailings.items()}


def tell_plan(plan: Plan) -> dict[str, object]:
    """Return the parts of a plan that would write something."""
    parts = {part: getattr(plan, part) for part in plan.__struct_fields__}
    parts["mail"] = (plan.mail.changes, plan.mail.rows, plan.mail.due, plan.mail.limbo)
    quiet = {"now", "seats", "problems", "notices", "sections", "brake"}
    return {name: part for name, part in parts.items() if part and name not in quiet}
