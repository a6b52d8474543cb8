"""The workbook as a plan leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.model import Status
from automation.core.roll import Guest, Roll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.enrolment import Erasure
    from automation.core.model import JournalEntry, Number
    from automation.core.plan.values import Plan
    from automation.core.roll_sheets import RollChange
    from automation.core.snapshot import Snapshot


def leave(snapshot: Snapshot, plan: Plan) -> Snapshot:
    """Return the workbook as a plan leaves it, as far as figures are made of it.

    The very snapshot where they are the same.
    """
    erasure = plan.erasure
    if erasure.empty and not (plan.changes or plan.pairs or plan.meetings or plan.rolls):
        return snapshot
    changed = {change.after.number: change.after for change in plan.changes}
    known = {enrolment.number for enrolment in snapshot.register}
    pairs = {pair.after.key: pair.after for pair in plan.pairs}
    numbers = {change.meeting.row: change.number for change in plan.meetings}
    return replace(
        snapshot,
        register=(
            *(changed.get(enrolment.number, enrolment) for enrolment in snapshot.register),
            *(after for number, after in changed.items() if number not in known),
        ),
        handled={
            **{k: line for k, line in snapshot.handled.items() if k not in erasure.forgotten},
            **{line.key: line for change in plan.changes for line in change.handled},
        },
        journal=_leave_journal(snapshot, plan),
        pair_rows=tuple(
            row
            for key, row in ({row.key: row for row in snapshot.pair_rows} | pairs).items()
            if key not in erasure.pairs
        ),
        meetings=tuple(replace(m, number=numbers.get(m.row, m.number)) for m in snapshot.meetings),
        rolls={
            number: _without_guests(roll, erasure)
            for number, roll in {
                **snapshot.rolls,
                **{change.number: _leave_roll(change) for change in plan.rolls},
            }.items()
        },
    )


def _leave_journal(snapshot: Snapshot, plan: Plan) -> Mapping[Number, JournalEntry]:
    """Return the journal with the status that those who are erased now had before."""
    numbers = plan.erasure.numbers
    erased = {
        event.number: replace(entry, former=event.before, state=event.state)
        for event in plan.events
        if event.after is Status.ERASED
        and event.number in numbers
        and (entry := snapshot.journal.get(event.number)) is not None
    }
    return {**snapshot.journal, **erased} if erased else snapshot.journal


def _without_guests(roll: Roll, erasure: Erasure) -> Roll:
    """Return a roll with nameless guests in the place of those who are erased."""
    if not any(number == roll.meeting for number, _ in erasure.guests):
        return roll
    guests = (
        Guest(present=True) if (roll.meeting, guest.name) in erasure.guests else guest
        for guest in roll.guests
    )
    return replace(roll, guests=tuple(guests))


def _leave_roll(change: RollChange) -> Roll:
    before = change.before or Roll(meeting=change.number, title="")
    changed = {row.number: row for row in change.changed}
    rows = (*(changed.get(row.number, row) for row in before.rows), *change.added)
    return replace(before, rows=rows)
