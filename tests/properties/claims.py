"""What must hold whatever happens, as checks on one night: the numbers are the product's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.core.enrolment import read_answers
from automation.core.enrolment.queues import former_cohorts, queue_order
from automation.core.enrolment.verdicts import sort_verdicts
from automation.core.identity import name_key
from automation.core.letters import Template
from automation.core.model import (
    HOLDING,
    LIVE,
    By,
    Damage,
    Enrolment,
    HandledState,
    JournalEntry,
    Number,
    Status,
)
from automation.core.plan import make_plan
from tests.world import apply_changes, apply_plan, post, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.model import Registration
    from automation.core.pairs import PairChange
    from automation.core.plan import Change, Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

_NOTICES = {
    Status.WITHDRAWN: {Template.WITHDRAWN},
    Status.DECLINED: {Template.WITHDRAWN},
    Status.REMOVED: {Template.REMOVED},
    Status.EXPIRED: {Template.EXPIRED, Template.NEXT_COHORT},
    Status.NOT_ADMITTED: {Template.NEXT_COHORT},
    Status.TO_REVIEW: set[Template](),
    Status.MERGED: set[Template](),
    Status.ERASED: set[Template](),
}
"""What somebody without a place, and without hope of one, may still be written."""

LAST = datetime.max.replace(tzinfo=UTC)
VERDICTS = frozenset({"reason.joined", "reason.merged", "reason.split"})
COMMITTEE_SEATS = VERDICTS | {
    "reason.confirmed_by_committee",
    "reason.offered_by_committee",
    "reason.offered_by_phone",
}


def check_night(before: Snapshot, plan: Plan, rules: Rules) -> Snapshot:
    """Check a night that is written whole, and return what the next one reads."""
    after = apply_plan(before, plan)
    check_state(before, plan.changes, plan.now, plan.pairs)
    check_journal(before, plan)
    check_names(after)
    check_answers_are_handled(after, rules)
    check_ranks(after)
    check_mail(before, after, plan, rules)
    again = make_plan(after, rules, plan.now)
    # Those that are due stay so until they left: `check_mail` says what then.
    again = replace(again, mail=replace(again.mail, due=()))
    assert again.empty, ("4: planning again decides something", again.changes, again.cohorts)
    return after


def check_mail(before: Snapshot, after: Snapshot, plan: Plan, rules: Rules) -> None:
    """7 and 8: each message once, and to nobody who left but the notice of that very change."""
    new = [c.after.key for c in plan.mail.changes if c.after.step == 1]
    assert len(new) == len(set(new)), ("7", new)
    assert not set(new) & set(before.mailings), ("7: planned twice", new)
    rows = {enrolment.number: enrolment for enrolment in after.register}
    for mailing in plan.mail.due:
        if mailing.number is not None:
            row = rows[mailing.number]
            only = _NOTICES.get(row.status)
            assert only is None or mailing.template in only, ("8", mailing, row)
            assert not row.frozen, ("8: to an address that may be another's", mailing)
    again = make_plan(post(after, plan), rules, plan.now).mail
    assert not again.due, ("4, 7: planning again mails somebody", again.due)
    assert not again.changes, ("4: planning again tells of a message", again.changes)


def check_cuts(before: Snapshot, plan: Plan, rules: Rules) -> None:
    """13: after a cut between any two enrolments, the next run ends where this one would have."""
    whole = _essence(apply_plan(before, plan))
    units = list(dict.fromkeys(change.unit for change in plan.changes))
    for count in range(len(units)):
        written = units[:count]
        prefix = tuple(change for change in plan.changes if change.unit in written)
        pairs = [pair for pair in plan.pairs if pair.unit in written]
        check_state(before, prefix, plan.now, pairs)
        cut = apply_changes(before, prefix, plan.now, pairs)
        resumed = apply_plan(cut, make_plan(cut, rules, plan.now))
        assert _essence(resumed) == whole, f"13: cut after {count} changes"


def check_state(
    before: Snapshot,
    changes: tuple[Change, ...],
    now: datetime,
    pairs: Sequence[PairChange],
) -> None:
    """Check what a night left, or a part of it that was cut off."""
    after = apply_changes(before, changes, now, pairs)
    _check_caps(before, changes)
    _check_losses(changes, now)
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


def _check_losses(changes: Iterable[Change], now: datetime) -> None:
    """2 and 10: nobody loses a place, or a live state, but by a person's doing; an offer may end."""
    for change in changes:
        was = change.before
        if was is None:
            continue
        lost_seat = was.status in HOLDING and change.after.status not in HOLDING
        if not (change.hurts or lost_seat):
            continue
        losses = [e for e in change.events if e.before in LIVE and e.after not in HOLDING]
        last = losses[-1]
        if last.by is By.ORGANISER and last.reason.code in VERDICTS:
            assert last.kind in {"joined", "split"}, ("2", change)
        elif last.by is By.ORGANISER:
            assert was.decision is not was.decision_seen, ("2, 10", change)
        elif last.by is By.PARTICIPANT:
            assert last.reason.code in {"reason.withdrew", "reason.declined"}, ("2", change)
        elif last.reason.code == "reason.expired":
            assert last.before is Status.OFFERED, ("2", change)
            assert was.deadline is not None or was.called_at is not None
            assert last.state.deadline is not None
            assert last.state.deadline < now, ("2", change)
        else:
            assert last.reason.code == "reason.unsent", ("2", change)


def _check_queue(after: Snapshot, changes: Iterable[Change]) -> None:
    """3: nobody eligible who waits ranks ahead of anyone whom Cohorte gave a seat tonight.

    But for a seat reserved for the group of whoever got it.
    """
    waiting = [e for e in after.register if _eligible(e)]
    favoured = _favoured(after)
    for change in changes:
        had = change.before is not None and change.before.status in HOLDING
        if change.after.status not in HOLDING or had or _by_committee(change):
            continue
        late = any(event.reason.code == "reason.accepted_late" for event in change.events)
        reserved = any(event.reason.code.endswith("_reserved") for event in change.events)
        for other in waiting:
            ours = other.cohort == change.after.cohort
            ahead = queue_order(other, favoured) < queue_order(change.after, favoured)
            assert not (ours and late), ("3: a late yes", other, change)
            if reserved and not any("Chambre" in text for text in other.extra):
                continue
            assert not (ours and ahead), ("3", other, change)


def _favoured(snapshot: Snapshot) -> frozenset[Number]:
    """Return those who were left waiting in the cohort that theirs follows before they came."""
    former = former_cohorts(snapshot.cohorts)
    left = [e for e in snapshot.register if e.status is Status.WAITING]
    since = {(e.person, e.cohort): (e.queued_at or LAST, e.number) for e in left}
    return frozenset(
        e.number
        for e in snapshot.register
        if (place := since.get((e.person, former.get(e.cohort, ""))))
        and place < (e.queued_at or LAST, e.number)
    )


def _check_people(after: Snapshot) -> None:
    """6: one live enrolment per person and cohort at most, and verdicts on pairs are followed.

    A row that organisers made out of another's, and that the journal knows nothing of, is nobody's.
    """
    ours = [e for e in after.register if not e.frozen or e.number in after.journal]
    live = Counter((e.person, e.cohort) for e in ours if e.status in LIVE)
    assert all(count == 1 for count in live.values()), ("6", live)
    links, walls, _ = sort_verdicts(after.pairings.values())
    rows = {enrolment.number: enrolment for enrolment in after.register}
    for a, b in links | walls:
        if {a, b} - set(rows):
            continue
        if not (_frozen_person(after, rows[a].person) or _frozen_person(after, rows[b].person)):
            together = rows[a].person == rows[b].person
            assert together == ((a, b) in links), ("verdicts", rows[a], rows[b])


def check_names(after: Snapshot) -> None:
    """6: one person has one name, but where the organisers know better."""
    names: dict[Number, set[str]] = {}
    for enrolment in after.register:
        if enrolment.damage is None and enrolment.name:
            names.setdefault(enrolment.person, set()).add(name_key(enrolment.name))
    links, _, _ = sort_verdicts(after.pairings.values())
    assert links or all(len(keys) == 1 for keys in names.values()), ("6", names)


def _frozen_person(snapshot: Snapshot, person: Number) -> bool:
    return any(e.frozen for e in snapshot.register if e.person == person)


def _check_cells_of_others(before: Snapshot, after: Snapshot) -> None:
    """9: organisers' cells are the same after a run; a frozen row is the same altogether."""
    rows = {e.number: e for e in after.register}
    for was in before.register:
        now = rows[was.number]
        if was.damage is not Damage.LOST:
            names = ("decision", "decision_text", "priority", "called_at", "merge_with")
            theirs = [getattr(was, name) for name in names]
            kept = [getattr(now, name) for name in names]
            assert kept == theirs, ("9", was, now)
        if was.damage is Damage.DOUBLED:
            assert now == was, ("9: frozen", was, now)
    new = [e for e in after.register if e.number not in {e.number for e in before.register}]
    assert all((e.decision, e.decision_text, e.priority) == (None, "", 0.0) for e in new), "9"


def _check_numbers(before: Snapshot, changes: Iterable[Change]) -> None:
    """Numbers are never used again."""
    new = [change.after.number for change in changes if change.before is None]
    assert new == [before.highest_number + 1 + index for index in range(len(new))]


def check_journal(before: Snapshot, plan: Plan) -> None:
    """11: every transition tells the state before, and replaying the journal gives every state."""
    after = apply_plan(before, plan)
    states: dict[Number, JournalEntry] = dict(before.journal)
    for event in plan.events:
        known = states.get(event.number)
        if event.before is not None or known is not None:
            assert known is not None, ("11: from nowhere", event)
            assert known.state.status is event.before, ("11: a gap", known, event)
        if event.kind != "recorded":
            assert event.state.step == (known.state.step if known else 0) + 1, ("11", event)
        states[event.number] = remembered(event, plan.now, known)
    for enrolment in after.register:
        if not enrolment.frozen:
            assert enrolment.state == states[enrolment.number].state, ("11", enrolment)


def check_answers_are_handled(after: Snapshot, rules: Rules) -> None:
    """No answer is lost: each has led to an enrolment, which shows the newest of its own."""
    registrations, _ = read_answers(after, rules)
    rows = {enrolment.number: enrolment for enrolment in after.register}
    shown: dict[Number, list[Registration]] = {}
    for registration in registrations:
        line = after.handled[registration.key]
        assert line.number in rows
        if line.state is HandledState.ACTED:
            shown.setdefault(line.number, []).append(registration)
    gained = {enrolment.merged_into for enrolment in after.register}
    for number, answers in shown.items():
        row, newest = rows[number], answers[-1]
        assert row.frozen or (row.name, row.extra) == (newest.name, newest.extra)
        if len(answers) == 1 and number not in gained and not row.frozen:
            assert (row.email, row.phone) == (newest.email, newest.phone)


def check_ranks(after: Snapshot) -> None:
    """Those who wait and are eligible are numbered from 1 in each cohort; nobody else is."""
    favoured = _favoured(after)
    for cohort in after.cohorts:
        queue = [e for e in after.register if e.cohort == cohort.code and _eligible(e)]
        ranks = [e.rank for e in sorted(queue, key=lambda e: queue_order(e, favoured))]
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
    pairs = {row.key: row for row in snapshot.pair_rows}
    verdicts = {key: pairing.verdict for key, pairing in snapshot.pairings.items()}
    return register, handled, snapshot.cohorts, snapshot.meetings, pairs, verdicts
