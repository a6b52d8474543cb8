"""What must hold after each night, on top of the claims that the random histories check too."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from automation.core.ledger import MailState, root_of
from automation.core.model import HOLDING, Status
from automation.core.plan import make_plan
from automation.errors import BrakeError, ConflictError, WorkbookError
from automation.workbook.guards import LEASE
from tests.properties.sheet_claims import check_cells, check_mail, check_written, tell_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.night import Night
    from tests.chaos.site import Sight, Site, State
    from tests.chaos.weather import Outcome

_SHOWN = 6
"""Rows that are shown of those that differ."""

_AROUND = 60
"""Characters that are shown before a difference; four times as many after it."""


def check_night(
    night: Night, before: Mapping[int, Sequence[Sequence[Any]]], after: Sight, rules: Rules
) -> None:
    """The properties of one night that nobody disturbed.

    Args:
        before: Every tab's cells before it.
    """
    check_cells(before, after.grids, rules)
    if night.receipt is not None:
        assert not night.receipt.astray, ("astray", night.receipt)
    check_written(night.snapshot, night.plan, after.snapshot, rules)
    check_mail(night, after.snapshot, None)
    again = make_plan(after.snapshot, rules, night.plan.now)
    assert again.empty, ("4: planning again decides something", tell_plan(again))
    check_seats(after.snapshot)


def check_seats(after: Snapshot) -> None:
    """No seat lies idle while somebody waits whose turn it is, and the figures are those counted."""
    for cohort in after.cohorts:
        members = [e for e in after.register if e.cohort == cohort.code]
        held = Counter(e.status for e in members if e.status in HOLDING)
        figures = (cohort.seats.confirmed, cohort.seats.offered)
        assert figures == (held[Status.CONFIRMED], held[Status.OFFERED]), ("figures", cohort)
        waits = any(e.status is Status.WAITING and not (e.hold or e.frozen) for e in members)
        may_offer = not (cohort.paused or cohort.reserved or cohort.last_offer)
        idle = may_offer and held.total() < (cohort.places or 0)
        assert not (idle and waits), ("a seat lies idle", cohort)


def check_mailbox(site: Site, after: Snapshot) -> None:
    """7: nothing left twice, nothing that the ledger does not know, and all that it says left."""
    left = Counter(root_of(key) for key in site.left())
    resent = {root_of(m.key) for m in after.mailings.values() if m.attempt}
    twice = {key for key, count in left.items() if count > 1} - resent
    assert not twice, ("7: twice", twice)
    keys = Counter(site.left())
    assert max(keys.values(), default=1) == 1, ("7: twice under one key", keys.most_common(3))
    known = {root_of(key) for key in after.mailings}
    assert set(left) <= known, ("7: the ledger does not know of it", set(left) - known)
    said = {m.key for m in after.mailings.values() if m.state is MailState.SENT}
    assert said <= set(keys), ("lost: it says sent", said - set(keys))
    certain = MailState.PLANNED, MailState.APPROVED, MailState.HELD, MailState.EXPIRED
    waiting = {m.key for m in after.mailings.values() if m.state in certain}
    assert not waiting & set(keys), ("7: it left, and may leave again", waiting & set(keys))


def check_runs(site: Site, outcomes: Iterable[Outcome]) -> None:
    """12: of two runs at once one leaves no trace, but what it wrote before its lease was over.

    What a run wrote stands under its own guards, and no other run's are between them.
    """
    lines, guards = site.rows("journal"), site.snapshot().guards
    owners = {revision: value.partition(" ")[0] for revision, value in guards}
    for line in lines:
        written = owners.get(int(line["revision"] or 0), line["run"])
        assert written == line["run"], ("12: under the guard of", written, line)
    in_turn = [run for run, _ in groupby(owners[revision] for revision in sorted(owners))]
    assert len(in_turn) == len(set(in_turn)), ("12: in between", in_turn)
    runs = {str(line["run"])[-4:] for line in lines}
    for outcome in outcomes:
        lost = isinstance(outcome.error, ConflictError) and not outcome.jumped
        if lost and (outcome.steps <= _READS or outcome.lasted < LEASE):
            assert outcome.token not in runs, ("12: a trace of", outcome.token)


_READS = 4
"""Steps of a run that has not written yet: two that read, one that is refused, one that asks why."""


def check_stopped(outcome: Outcome, before: object, after: object) -> None:
    """14: what can't be right stops a run before it has written anything."""
    assert isinstance(outcome.error, BrakeError | WorkbookError), ("14", str(outcome))
    assert before == after, "14: it wrote all the same"


def check_same(calm: State, rough: State, *, at_work: bool = False) -> None:
    """13: what the rough night left is what the calm one did.

    Args:
        at_work: Whether an organiser sorted or moved while a run was under way.
    """
    if at_work:
        calm, rough = _forgive(calm, rough)
    differing = sorted(key for key in calm | rough if calm.get(key) != rough.get(key))
    if not differing:
        return
    lines = []
    for about in differing[:_SHOWN]:
        one, other = _cut(calm.get(about, "nothing"), rough.get(about, "nothing"))
        lines.append(f"{' '.join(about)}:\n  calm  {one}\n  rough {other}")
    more = f"\n… and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
    told = "\n".join(lines)
    raise AssertionError(f"13: another end than the calm night's\n{told}{more}")


_RESTORED = "'event': 'restored'"
_OF_RESTORING = re.compile(
    r"""'(?:alerts|decision_seen|call_seen|merge_seen|step)': (?:'[^']*'|"[^"]*"|[^,}]*)"""
)


def put_right(calm: State, rough: State) -> set[str]:
    """Return the numbers whose rows were put right in a rough night, and not in the calm one."""
    return {
        key[1].strip()
        for key, told in rough.items()
        if key[0] == "journal" and told.count(_RESTORED) > calm.get(key, "").count(_RESTORED)
    }


def _forgive(calm: State, rough: State) -> tuple[State, State]:
    """Return both without what rows keep of having been put right under an organiser's hands.

    The journal says so, the organisers are asked to look at the row for a while, and what they had
    asked for on it before acts no more: it may have been meant for another.
    """
    restored = put_right(calm, rough)

    def strip(key: tuple[str, str], told: str) -> str:
        if key[0] not in {"enrolments", "journal"} or key[1].strip() not in restored:
            return told
        lines = [line for line in told.splitlines() if _RESTORED not in line]
        return "\n".join(_OF_RESTORING.sub("", line) for line in lines)

    one, other = ({k: strip(k, told) for k, told in state.items()} for state in (calm, rough))
    return one, other


def _cut(one: str, other: str) -> tuple[str, str]:
    """Return where two texts differ, with a little around it."""
    pairs = enumerate(zip(one, other, strict=False))
    same = next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
    first, last = max(0, same - _AROUND), same + 4 * _AROUND
    return one[first:last], other[first:last]


def check_same_mail(calm: Iterable[str], rough: Iterable[str]) -> None:
    """Everybody got the same messages: both are the keys of those that left."""
    one, other = (sorted({root_of(key) for key in left}) for left in (calm, rough))
    assert one == other, ("7, 13: other messages", set(one) ^ set(other))
