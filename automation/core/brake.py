"""The brake: a night that would hurt many people at once waits for a human.

It counts only what hurts: enrolments that lose a live state, and rows or answers that are gone. Going
on in spite of it sets the new baseline, since what it counts is then no longer news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from automation.core.model import LIVE, Damage, HandledState, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Phrase
    from automation.core.plan.values import Change
    from automation.core.snapshot import Snapshot

_ACTED = HandledState.ACTED

SHARE: Final = 0.3
LEAST: Final = 10
"""It takes more than that share, and that many rows at least, to stop a night."""

ALL_OF: Final = 5
"""All of so few stop it too: somebody has emptied a tab."""


def find_brake(snapshot: Snapshot, changes: Iterable[Change]) -> Phrase | None:
    """Return what should stop a night before it writes, if anything should."""
    changes = tuple(changes)
    vanished = sum(
        line.state is HandledState.VANISHED and snapshot.handled[line.key].state is _ACTED
        for change in changes
        for line in change.handled
        if line.key in snapshot.handled
    )
    acted = sum(line.state is _ACTED for line in snapshot.handled.values())
    live = sum(enrolment.status in LIVE for enrolment in snapshot.register)
    lost = sum(enrolment.damage is Damage.LOST for enrolment in snapshot.register)
    counts = (
        ("brake.lost_answers", vanished, acted),
        ("brake.lost_rows", lost, len(snapshot.register)),
        ("brake.endings", sum(change.hurts for change in changes), live),
    )
    for code, count, of in counts:
        if (count >= LEAST and count > SHARE * of) or count == of >= ALL_OF:
            return phrase(code, count=count, all=of)
    return None
