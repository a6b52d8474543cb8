"""The runs that were, as the journal tells: when, what kind, and how much they did."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.core.instants import to_instant
from automation.workbook.cells import parse_integer, parse_label, parse_text
from automation.workbook.layout import JOURNAL
from automation.workbook.sheet import Sheet

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.snapshot import Snapshot
    from automation.workbook.sheet import Row

_KINDS: Final = frozenset({"night", "apply"})
_FIGURE: Final = re.compile(r"\d+")


class PastRun(Struct, frozen=True, kw_only=True):
    """A run that wrote all it had to.

    Attributes:
        at: When it wrote, aware; None where somebody typed over it.
        kind: "night" or "apply".
        transitions: How many enrolments changed their state.
        mails: How many messages left.
    """

    at: datetime | None
    run_id: str
    kind: str
    transitions: int
    mails: int


def list_runs(snapshot: Snapshot, count: int) -> tuple[PastRun, ...]:
    """Return the latest runs, the last one first, wherever organisers sorted the journal to."""
    standing = snapshot.standings.get(JOURNAL.key)
    if standing is None:
        return ()
    transitions: Counter[str] = Counter()
    mails: dict[str, int] = {}
    found: dict[str, tuple[int, Row]] = {}
    for row in Sheet(tab=JOURNAL, standing=standing, grid=standing.grid).rows():
        event, run_id = parse_label("event", row.get("event")), parse_text(row.get("run"))
        if event == "transition":
            transitions[run_id] += 1
        elif event == "mailed":
            # Its words hold one figure, in either language.
            figure = _FIGURE.search(parse_text(row.get("reason")))
            mails[run_id] = int(figure[0]) if figure else 0
        elif event in _KINDS:
            found[run_id] = (parse_integer(row.get("revision")) or 0, row)
    latest = sorted(found, key=lambda run_id: found[run_id][0], reverse=True)[:count]
    return tuple(
        PastRun(
            at=to_instant(found[run_id][1].get("at"), snapshot.zone),
            run_id=run_id,
            kind=parse_label("event", found[run_id][1].get("event")) or "",
            transitions=transitions[run_id],
            mails=mails.get(run_id, 0),
        )
        for run_id in latest
    )
