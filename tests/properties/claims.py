"""What must hold whatever happens, as checks on one night: the numbers are the product's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.core.enrolment import queue_order
from automation.core.identity import name_key
from automation.core.model import (
    HOLDING,
    LIVE,
    By,
    Enrolment,
    HandledState,
    JournalState,
    Number,
    Status,
)
from automation.core.plan import make_plan
from automation.core.responses import read_registrations
from tests.world import apply_changes, apply_plan, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from automation.core.model import Registration
    from automation.core.plan import Change, Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

COMMITTEE_SEATS = frozenset({"reason.confirmed_by_committee", "reason.offered_by_committee"})


def check_night(before: Snapshot, plan: Plan, rules: Rules) -> Snapshot:
    """Check a night that is written whole, and return what the next one reads."""
    after = apply_plan(before, plan)
    check_state(before, plan.changes, plan.now)
    check_journal(before, plan)
    check_answers_are_handled(after, rules)
    check_ranks(after)
    again = make_plan(after, rules, plan.now)
    assert again.empty, ("4: planning again decides something", again.changes, again.cohorts)
    return after


def check_cuts(before: Snapshot, plan: Plan, rules: Rules) -> None:
    """13: after a cut between any two enrolments, the next run ends where this one would have."""
    whole = _essence(apply_plan(before, plan))
    for count in range(len(plan.changes)):
        prefix = plan.changes[:count]
        check_state(before, prefix, plan.now)
        cut = apply_changes(before, prefix, plan.now)
        resumed = apply_plan(cut, make_plan(cut, rules, plan.now))
        assert _essence(resumed) == whole, f"13: cut after {count} changes"


def check_state(before: Snapshot, changes: tuple[Change, ...], now: datetime) -> None:
    """Check what a night left, or a part of it that was cut off."""
    after = apply_changes(before, changes, now)
    _check_caps(before, changes)
    _check_losses(changes)
    _check_queue(after, changes)
    _check_people(after)
    _check_cells_of_others(before, after)
    _check_numbers(before, changes)


def _check_caps(before: Snapshot, changes: Iterable[Change]) -> None:
    """1: Cohorte never raises the seats held when they are at or above the cap."""
    places = {cohort.code: cohort.places or 0 for cohort in before.cohorts}
    held = Counter(e.cohort for e in before.register if e.status in HOLDING)
    for change in changes:
        had = change.before is not None and change.before.status in HOLDING
        has = change.after.status in HOLDING
        if has and not had and not _by_committee(change):
            assert held[change.after.cohort] < places[change.after.cohort], ("1", change)
        held[change.after.cohort] += has - had


def _check_losses(changes: Iterable[Change]) -> None:
    """2 and 10: nobody loses a place, or a live state, but by a person's doing."""
    for change in changes:
        if change.before is None:
            continue
        lost_seat = change.before.status in HOLDING and change.after.status not in HOLDING
        if change.hurts or lost_seat:
            assert change.events[-1].by is By.ORGANISER, ("2, 10", change)
            assert change.before.decision is not change.before.decision_seen, ("2, 10", change)


def _check_queue(after: Snapshot, changes: Iterable[Change]) -> None:
    """3: nobody eligible who waits ranks ahead of anyone whom Cohorte gave a seat tonight."""
    waiting = [e for e in after.register if _eligible(e)]
    for change in changes:
        had = change.before is not None and change.before.status in HOLDING
        if change.after.status in HOLDING and not had and not _by_committee(change):
            for other in waiting:
                ahead = queue_order(other) < queue_order(change.after)
                assert not (other.cohort == change.after.cohort and ahead), ("3", other, change)


def _check_people(after: Snapshot) -> None:
    """6: one live enrolment per person and cohort at most; one person has one name."""
    live = Counter((e.person, e.cohort) for e in after.register if e.status in LIVE)
    names: dict[Number, set[str]] = {}
    for enrolment in after.register:
        names.setdefault(enrolment.person, set()).add(name_key(enrolment.name))
    assert all(count == 1 for count in live.values()), ("6", live)
    assert all(len(keys) == 1 for keys in names.values()), ("6", names)


def _check_cells_of_others(before: Snapshot, after: Snapshot) -> None:
    """9: organisers' cells are the same after a run; a frozen row is the same altogether."""
    rows = {e.number: e for e in after.register}
    for was in before.register:
        now = rows[was.number]
        theirs = (was.decision, was.decision_text, was.priority)
        assert (now.decision, now.decision_text, now.priority) == theirs, ("9", was, now)
        assert not was.frozen or now == was, ("9: frozen", was, now)
    new = [e for e in after.register if e.number not in {e.number for e in before.register}]
    assert all((e.decision, e.decision_text, e.priority) == (None, "", 0.0) for e in new), "9"


def _check_numbers(before: Snapshot, changes: Iterable[Change]) -> None:
    """Numbers are never used again."""
    new = [change.after.number for change in changes if change.before is None]
    assert new == [before.highest_number + 1 + index for index in range(len(new))]


def check_journal(before: Snapshot, plan: Plan) -> None:
    """11: every transition tells the state before, and replaying the journal gives every state."""
    after = apply_plan(before, plan)
    states: dict[Number, JournalState] = dict(before.journal)
    for event in plan.events:
        known = states.get(event.number)
        if event.before is not None or known is not None:
            assert known is not None, ("11: from nowhere", event)
            assert known.status is event.before, ("11: a gap", known, event)
        states[event.number] = remembered(event, plan.now, known)
    for enrolment in after.register:
        if not enrolment.frozen:
            assert _state_of(enrolment, states[enrolment.number].at) == states[enrolment.number]


def _state_of(enrolment: Enrolment, at: datetime | None) -> JournalState:
    return JournalState(
        number=enrolment.number,
        at=at,
        status=enrolment.status,
        cohort=enrolment.cohort,
        queued_at=enrolment.queued_at,
        deadline=enrolment.deadline,
        decision_seen=enrolment.decision_seen,
        hold=enrolment.hold,
        merged_into=enrolment.merged_into,
    )


def check_answers_are_handled(after: Snapshot, rules: Rules) -> None:
    """No answer is lost: each has led to an enrolment, which shows the newest of its own."""
    registrations, _ = read_registrations(after.responses, rules.fields, after.zone)
    rows = {enrolment.number: enrolment for enrolment in after.register}
    shown: dict[Number, Registration] = {}
    for registration in registrations:
        line = after.handled[registration.key]
        assert line.number in rows
        if line.state is HandledState.ACTED:
            shown[line.number] = registration
    for number, registration in shown.items():
        row = rows[number]
        told = (registration.name, registration.email, registration.phone, registration.extra)
        assert row.frozen or (row.name, row.email, row.phone, row.extra) == told


def check_ranks(after: Snapshot) -> None:
    """Those who wait and are eligible are numbered from 1 in each cohort; nobody else is."""
    for cohort in after.cohorts:
        queue = [e for e in after.register if e.cohort == cohort.code and _eligible(e)]
        ranks = [e.rank for e in sorted(queue, key=queue_order)]
        assert ranks == list(range(1, len(queue) + 1))
    others = (e for e in after.register if not _eligible(e) and not e.frozen)
    assert all(e.rank is None for e in others)


def check_same_decisions(one: Plan, other: Plan) -> None:
    """5: where rows and columns stand changes no decision."""
    assert one.digest == other.digest, "5"
    assert [c.after for c in one.changes] == [c.after for c in other.changes], "5"
    assert one.events == other.events, "5"
    assert one.seats == other.seats or dict(one.seats) == dict(other.seats), "5"


def _by_committee(change: Change) -> bool:
    return any(event.reason.code in COMMITTEE_SEATS for event in change.events)


def _eligible(enrolment: Enrolment) -> bool:
    return enrolment.status is Status.WAITING and enrolment.hold is None and not enrolment.frozen


def _essence(snapshot: Snapshot) -> object:
    """Return all that two nights must agree on: the words of a reason and an alert included."""
    register = {e.number: replace(e) for e in snapshot.register}
    handled = {key: (line.number, line.state) for key, line in snapshot.handled.items()}
    return register, handled, snapshot.cohorts, snapshot.meetings
