"""Enrolment: from tonight's answers and decisions to everybody's state.

`decide_enrolments` is the line: keys of answers, damaged rows, edited answers, windows, replies, decisions, offers
that end, newcomers, seats, alerts. Each step takes what the former left on the `register`. Decisions come
before newcomers, so that whoever is there stands for a newcomer as they will the night after; and
endings before the other decisions, so that what they make room for happens tonight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation.core.attendance import find_absences, read_attendances, uncalled
from automation.core.enrolment.alerts import write_alerts
from automation.core.enrolment.choice import flag_other_cohorts, learn_cohorts
from automation.core.enrolment.decisions import (
    apply_decisions,
    apply_endings,
    apply_late_endings,
)
from automation.core.enrolment.edits import apply_edits, refresh, tell_refreshed
from automation.core.enrolment.erasing import (
    Erasure,
    erase,
    find_guests,
    find_theirs,
    follow_erased,
    keep_blank,
    kept_by_form,
    kept_unseen,
    last_day,
)
from automation.core.enrolment.ids import leave_aliases, read_answers, settle_keys
from automation.core.enrolment.likely import suggest_edited
from automation.core.enrolment.newcomers import enrol_newcomers, hold_doubtful
from automation.core.enrolment.offers import run_offers, settle_calls, start_windows
from automation.core.enrolment.queues import find_favoured, former_cohorts, queue_order
from automation.core.enrolment.register import Register
from automation.core.enrolment.restore import complete_journal, restore_rows
from automation.core.enrolment.seats import count_seats, fill_seats, rank_queues
from automation.core.enrolment.verdicts import (
    flag_mergers,
    name_pair,
    release_duplicates,
    settle_pairs,
)
from automation.core.enrolment.wishes import apply_replies, flag_unheard_yeses
from automation.core.model import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.model import (
        Enrolment,
        Event,
        Handled,
        Number,
        PairEvent,
        Pairing,
        PairKey,
        Registration,
        Seats,
        Verdict,
    )
    from automation.core.replies import Reply
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

__all__ = [
    "Decided",
    "Erasure",
    "decide_enrolments",
    "decide_erasure",
    "decide_repairs",
    "decide_verdicts",
    "find_answers",
    "find_guests",
    "kept_by_form",
    "last_day",
    "queue_order",
    "read_answers",
]


class Decided(Struct, frozen=True, kw_only=True):
    """What a night decided about enrolments.

    Attributes:
        enrolments: All of them as they should be, by number.
        events: What happened to each, in order.
        handled: What became of the responses, by the enrolment they led to.
        favoured: Those whom a waiting list takes first among equals; see `queue_order`.
        seats: Each cohort's figures, by code.
        pairings: Enrolments that may be one person's; pair_events: what is said of them tonight.
        contradictions: Pairs whose verdict contradicts earlier ones, and has no effect.
        bonds: With which enrolment some must be written, or not at all.
        erasure: What is taken out of the workbook beside.
    """

    enrolments: Mapping[Number, Enrolment]
    events: Mapping[Number, Sequence[Event]]
    handled: Mapping[Number, Sequence[Handled]]
    favoured: frozenset[Number]
    seats: Mapping[str, Seats]
    pairings: Mapping[PairKey, Pairing]
    pair_events: Mapping[PairKey, Sequence[PairEvent]]
    contradictions: tuple[PairKey, ...]
    bonds: Mapping[Number, Number]
    erasure: Erasure


def decide_enrolments(  # noqa: PLR0913, PLR0917 - all that a night knows
    snapshot: Snapshot,
    registrations: Sequence[Registration],
    replies: Sequence[Reply],
    rules: Rules,
    now: datetime,
    attendances: Sequence[Attendance] | None = None,
) -> Decided:
    """Decide everybody's state at an instant.

    Until there is a cohort, nobody is admitted and no answer is used up.

    Args:
        registrations: All the answers, in order of submission.
        replies: All the replies to the second form, in order of submission.
        now: An aware instant.
        attendances: What the rolls tell, where that is known already.
    """
    register = _open_register(snapshot, rules, now, attendances)
    contradictions: tuple[PairKey, ...] = ()
    handled, erasure = snapshot.handled, Erasure()
    if register.cohorts:
        settled = settle_keys(register, registrations, snapshot.handled)
        kept = kept_unseen(snapshot)
        pending = follow_erased(register, registrations, settled.handled, kept)
        handled = pending.handled
        erasure = Erasure(forgotten=pending.forgotten, pairs=_stale_pairs(snapshot))
        restore_rows(register, registrations, handled)
        keep_blank(register)
        complete_journal(register)
        links = apply_edits(register, registrations, handled)
        links = replace(links, renamed={**links.renamed, **pending.resembling})
        # A torn row whose answer was edited since: only now is it known which answer is its own.
        restore_rows(register, registrations, handled)
        contradictions = settle_pairs(register, snapshot.pair_rows, snapshot.histories)
        refresh(register, registrations, handled)
        suggest_edited(register, {line.number for line, _ in links.edits} | settled.edited)
        start_windows(register)
        apply_replies(register, replies, handled)
        apply_endings(register)
        learn_cohorts(register, registrations, handled)
        apply_decisions(register)
        release_duplicates(register)
        run_offers(register)
        enrol_newcomers(register, registrations, handled, links)
        if register.handled:
            # Answers that came tonight may bring news to enrolments that were there.
            refresh(register, registrations, handled)
        apply_late_endings(register)
        hold_doubtful(register)
        # Those who came back tonight may have been called already.
        run_offers(register)
        fill_seats(register)
        settle_calls(register)
        tell_refreshed(register, registrations, handled, snapshot.register)
        flag_other_cohorts(register, registrations, handled)
        flag_unheard_yeses(register, replies)
        flag_mergers(register)
        leave_aliases(register, registrations, handled)
        write_alerts(register, handled)
    return _sum_up(register, contradictions, erasure)


def decide_repairs(
    snapshot: Snapshot, registrations: Sequence[Registration], rules: Rules, now: datetime
) -> Decided:
    """Put right the rows that can't be taken at their word, and decide nothing else."""
    register = _open_register(snapshot, rules, now)
    restore_rows(register, registrations, snapshot.handled)
    rank_queues(register)
    return _sum_up(register)


def decide_verdicts(
    snapshot: Snapshot, verdicts: Mapping[PairKey, Verdict], rules: Rules, now: datetime
) -> Decided:
    """Note what an organiser says of pairs; what follows from it is decided by the next night."""
    register = _open_register(snapshot, rules, now)
    for (one, other), verdict in sorted(verdicts.items()):
        name_pair(register, one, other, verdict)
    return _sum_up(register)


def decide_erasure(
    snapshot: Snapshot,
    registrations: Sequence[Registration],
    numbers: Collection[Number],
    rules: Rules,
    now: datetime,
) -> Decided:
    """Erase enrolments, and decide nothing else.

    Args:
        numbers: All the enrolments of the people concerned; none of them on several rows.
    """
    register = _open_register(snapshot, rules, now)
    erasure = erase(register, snapshot, registrations, numbers)
    return _sum_up(register, erasure=erasure)


def find_answers(
    snapshot: Snapshot,
    registrations: Sequence[Registration],
    numbers: Collection[Number],
    rules: Rules,
    now: datetime,
) -> list[Registration]:
    """Return the answers that led to enrolments, or surely will, in order of submission."""
    register = _open_register(snapshot, rules, now)
    found = find_theirs(register, registrations, snapshot.handled, numbers)
    return [registration for registration, _ in found]


def _stale_pairs(snapshot: Snapshot) -> frozenset[PairKey]:
    """Return the rows of Doublons that are about somebody erased."""
    erased = _erased(snapshot)
    return frozenset(row.key for row in snapshot.pair_rows if erased & {*row.key})


def _erased(snapshot: Snapshot) -> set[Number]:
    return {e.number for e in snapshot.register if e.status is Status.ERASED}


def _open_register(
    snapshot: Snapshot,
    rules: Rules,
    now: datetime,
    attendances: Sequence[Attendance] | None = None,
) -> Register:
    if attendances is None:
        attendances = read_attendances(snapshot)
    erased = _erased(snapshot)
    return Register(
        now=now,
        rules=rules,
        cohorts={cohort.code: cohort for cohort in snapshot.cohorts},
        journal=dict(snapshot.journal),
        enrolments={enrolment.number: enrolment for enrolment in snapshot.register},
        highest_number=snapshot.highest_number,
        sendings=snapshot.sendings,
        promised=snapshot.promised,
        pairings={
            key: pairing
            for key, pairing in snapshot.pairings.items()
            if not (erased and erased & {*key})
        },
        absences=find_absences(attendances),
        uncalled=uncalled(attendances, now, snapshot.zone),
    )


def _sum_up(
    register: Register,
    contradictions: tuple[PairKey, ...] = (),
    erasure: Erasure | None = None,
) -> Decided:
    return Decided(
        enrolments=register.enrolments,
        events=register.events,
        handled=register.handled,
        favoured=find_favoured(register, former_cohorts(register.cohorts.values())),
        seats=count_seats(register),
        pairings=register.pairings,
        pair_events=register.pair_events,
        contradictions=contradictions,
        bonds={number: register.bond_of(number) for number in register.bonds},
        erasure=erasure or Erasure(),
    )
