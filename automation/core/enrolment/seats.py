"""Seats: who gets the free ones, who waits and in what order, and the figures of each cohort."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation import locale
from automation.core.model import HOLDING, By, Promotion, Seats, Status, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.enrolment.register import Arrival, Register
    from automation.core.model import Cohort, Enrolment, Number, Phrase

_LAST = datetime.max.replace(tzinfo=UTC)


def fill_seats(register: Register) -> None:
    """Give free seats down each queue, turn away who finds the list full, and tell the rest.

    A seat goes to the head of the queue: at once to somebody who arrived tonight, or where the
    cohort's promotion is automatic; otherwise it waits for the organisers to offer it, and
    nobody is served ahead of the head.
    """
    held = Counter(e.cohort for e in register.enrolments.values() if e.status in HOLDING)
    waiting = _by_cohort(register)
    for cohort in register.cohorts.values():
        everyone = waiting[cohort.code]
        queue = [e for e in everyone if e.hold is None and not e.frozen]
        served = _serve(register, cohort, queue, held[cohort.code])
        left = _turn_away(register, cohort, queue[served:], len(everyone) - served)
        full = cohort.places is not None and held[cohort.code] + served >= cohort.places
        _tell_arrivals(register, left, full=full)
    _rank(register)


def queue_order(enrolment: Enrolment) -> tuple[float, datetime, Number]:
    """Sort key of a waiting list: priority, then time, then number."""
    return (-enrolment.priority, enrolment.queued_at or _LAST, enrolment.number)


def count_seats(register: Register) -> dict[str, Seats]:
    """Return each cohort's figures and alerts, by code."""
    counts = Counter((e.cohort, e.status) for e in register.enrolments.values())
    return {code: _seats(register, cohort, counts) for code, cohort in register.cohorts.items()}


def _by_cohort(register: Register) -> defaultdict[str, list[Enrolment]]:
    """Return those who wait, eligible or not, in queue order."""
    waiting: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for enrolment in register.enrolments.values():
        if enrolment.status is Status.WAITING:
            waiting[enrolment.cohort].append(enrolment)
    for queue in waiting.values():
        queue.sort(key=queue_order)
    return waiting


def _serve(register: Register, cohort: Cohort, queue: Sequence[Enrolment], held: int) -> int:
    """Confirm from the head of the queue while seats are free; return how many were."""
    free = 0 if cohort.paused or cohort.places is None else max(0, cohort.places - held)
    for served, enrolment in enumerate(queue[:free]):
        arrival = register.arrivals.pop(enrolment.number, None)
        if arrival is None and cohort.promotion is not Promotion.AUTOMATIC:
            return served
        register.move(
            enrolment.number,
            Status.CONFIRMED,
            by=arrival.by if arrival else By.COHORTE,
            reason=_seat_reason(arrival),
            before=arrival.before if arrival else Status.WAITING,
        )
    return min(free, len(queue))


def _seat_reason(arrival: Arrival | None) -> Phrase:
    if arrival is None:
        return phrase("reason.promoted")
    checked = arrival.by is By.ORGANISER
    return phrase("reason.confirmed_validated" if checked else "reason.confirmed")


def _turn_away(
    register: Register, cohort: Cohort, queue: Sequence[Enrolment], waiting: int
) -> list[Enrolment]:
    """Refuse the last arrivals while the list is longer than its limit; return who is left."""
    excess = 0 if cohort.waiting_limit is None else waiting - cohort.waiting_limit
    left: list[Enrolment] = []
    for enrolment in reversed(queue):
        arrival = register.arrivals.get(enrolment.number)
        if excess <= 0 or arrival is None or not arrival.refusable:
            left.append(enrolment)
            continue
        excess -= 1
        register.move(
            enrolment.number,
            Status.NOT_ADMITTED,
            by=By.COHORTE,
            reason=phrase("reason.list_full"),
            before=register.take_arrival(enrolment),
        )
    return left[::-1]


def _tell_arrivals(register: Register, queue: Sequence[Enrolment], *, full: bool) -> None:
    """Tell those who arrived tonight and wait that they do, and whether all seats are taken."""
    waiting = phrase("reason.waiting" if full else "reason.waiting_turn")
    for rank, enrolment in enumerate(queue, start=1):
        arrival = register.arrivals.pop(enrolment.number, None)
        if arrival is not None:
            register.move(
                enrolment.number,
                Status.WAITING,
                by=arrival.by,
                reason=arrival.reason or waiting,
                before=arrival.before,
                rank=rank,
            )


def _rank(register: Register) -> None:
    """Number those who wait and are eligible from 1; nobody else has a rank."""
    ranks: dict[Number, int] = {}
    for queue in _by_cohort(register).values():
        eligible = (e.number for e in queue if e.hold is None and not e.frozen)
        ranks.update((number, rank) for rank, number in enumerate(eligible, start=1))
    for number, enrolment in register.enrolments.items():
        if enrolment.rank != ranks.get(number) and not enrolment.frozen:
            register.change(number, rank=ranks.get(number))


def _seats(register: Register, cohort: Cohort, counts: Counter[tuple[str, Status]]) -> Seats:
    confirmed = counts[cohort.code, Status.CONFIRMED]
    offered = counts[cohort.code, Status.OFFERED]
    waiting = counts[cohort.code, Status.WAITING]
    free = None if cohort.places is None else cohort.places - confirmed - offered
    alerts = _cohort_alerts(cohort, free, waiting, counts[cohort.code, Status.TO_REVIEW])
    return Seats(
        confirmed=confirmed,
        offered=offered,
        waiting=waiting,
        free=free,
        alerts=locale.join(register.rules.language, alerts),
    )


def _cohort_alerts(cohort: Cohort, free: int | None, waiting: int, to_review: int) -> list[Phrase]:
    alerts = []
    if free is None:
        alerts.append(phrase("alert.no_places"))
    elif free < 0:
        alerts.append(phrase("alert.over_cap", seats=-free))
    elif free and waiting and cohort.paused:
        alerts.append(phrase("alert.paused", seats=free))
    elif free and waiting:
        alerts.append(phrase("alert.free_seats", seats=free, waiting=waiting))
    if to_review:
        alerts.append(phrase("alert.to_review", count=to_review))
    return alerts
