"""What happens to enrolments, and in which order it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.enrolment import Decided, queue_order
from automation.core.model import Enrolment
from automation.core.plan.values import Change

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.core.enrolment.queues import QueueKey
    from automation.core.model import Number
    from automation.core.snapshot import Snapshot


# What a plan may change in a row; the other fields are the organisers'.
_NOT_OURS = frozenset(
    {
        "number",
        "decision",
        "decision_text",
        "priority",
        "called_at",
        "merge_with",
        "communications",
        "damage",
    }
)


_WRITABLE = tuple(name for name in Enrolment.__struct_fields__ if name not in _NOT_OURS)


_WriteOrder = tuple[int, "QueueKey | tuple[Number]"]


def list_changes(snapshot: Snapshot, decided: Decided) -> tuple[Change, ...]:
    """Return what happens to enrolments, in the order in which it is written."""
    before = {enrolment.number: enrolment for enrolment in snapshot.register}
    touched = [
        number
        for number, after in decided.enrolments.items()
        if after is not before.get(number) or number in decided.events or number in decided.handled
    ]
    changes = (_change(before.get(number), number, decided) for number in touched)
    told = [change for change in changes if _says_something(change)]
    orders = {c.after.number: _write_order(decided.favoured, c) for c in told}
    first: dict[Number, _WriteOrder] = {}
    for change in told:
        order = orders[change.after.number]
        first[change.unit] = min(first.get(change.unit, order), order)
    told.sort(key=lambda c: (first[c.unit], c.unit, orders[c.after.number]))
    return tuple(told)


def _change(before: Enrolment | None, number: Number, decided: Decided) -> Change:
    after = decided.enrolments[number]
    names = (
        _WRITABLE
        if before is None or before.damage is not after.damage
        else tuple(n for n in _WRITABLE if getattr(before, n) != getattr(after, n))
    )
    return Change(
        before=before,
        after=after,
        fields=names,
        events=tuple(decided.events.get(number, ())),
        handled=tuple(decided.handled.get(number, ())),
        unit=decided.bonds.get(number, number),
    )


def _says_something(change: Change) -> bool:
    return bool(change.fields or change.events or change.handled)


def _write_order(favoured: Collection[Number], change: Change) -> _WriteOrder:
    if change.before is None:
        return (2, (change.after.number,))
    return (0 if change.frees_seat or change.hurts else 1, queue_order(change.after, favoured))
