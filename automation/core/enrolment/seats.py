"""Seats: who gets the free ones, who waits and in what order, and the figures of each cohort."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation import locale
from automation.core.enrolment.queues import (
    count_free,
    find_favoured,
    former_cohorts,
    group_index,
    is_eligible,
    kept_for_group,
    queue_order,
    waiting_lists,
)
from automation.core.identity import valid_email
from automation.core.model import By, Hold, Promotion, Seats, Status, phrase
from automation.core.text import clip, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.core.enrolment.queues import FreeSeats
    from automation.core.enrolment.register import Arrival, Register
    from automation.core.model import Cohort, Enrolment, Number, Phrase


def fill_seats(register: Register) -> None:
    """Give free seats down each queue, turn away who finds the list full, and tell the rest.

    A seat goes to the head of the queue: at once to somebody who arrived tonight, or where the
    cohort's promotion is automatic; otherwise it is offered. Nobody is served ahead of the head,
    but for a seat that is reserved for their group. What is left goes to those who said yes too
    late, if nobody waits for it.
    """
    members = _by_cohort(register)
    waiting = waiting_lists(register)
    former = former_cohorts(register.cohorts.values())
    # Whoever gets a seat in the former cohort is no longer left waiting there.
    for code in dict.fromkeys([*_firsts(register, former), *former]):
        cohort = register.cohorts[code]
        favoured = find_favoured(register, {code: former[code]} if code in former else {})
        everyone = sorted(waiting[code], key=lambda e: queue_order(e, favoured))
        _fill_cohort(register, cohort, count_free(register, cohort, members[code]), everyone)
    rank_queues(register)


def _firsts(register: Register, former: Mapping[str, str]) -> list[str]:
    """Return the cohorts that follow no other."""
    return [code for code in register.cohorts if code not in former]


def _fill_cohort(
    register: Register, cohort: Cohort, seats: FreeSeats, everyone: Sequence[Enrolment]
) -> None:
    """Give a cohort's free seats to those who wait, in queue order."""
    if not (cohort.paused or cohort.places is None):
        _serve(register, seats, [e for e in everyone if is_eligible(e)])
    unserved = [register.enrolments[e.number] for e in everyone]
    left = _turn_away(register, cohort, [e for e in unserved if e.status is Status.WAITING])
    full = cohort.places is not None and seats.free <= 0
    _tell_arrivals(register, [e for e in left if is_eligible(e)], full=full)
    if not (cohort.paused or any(is_eligible(e) for e in left)):
        _seat_late_yeses(register, seats)


def free_seats(register: Register) -> dict[str, FreeSeats]:
    """Return each cohort's free seats, by code."""
    members = _by_cohort(register)
    return {
        code: count_free(register, cohort, members[code])
        for code, cohort in register.cohorts.items()
    }


def count_seats(register: Register) -> dict[str, Seats]:
    """Return each cohort's figures and alerts, by code."""
    members = _by_cohort(register)
    return {
        code: _seats(register, cohort, members[code]) for code, cohort in register.cohorts.items()
    }


def _by_cohort(register: Register) -> defaultdict[str, list[Enrolment]]:
    members: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for enrolment in register.enrolments.values():
        members[enrolment.cohort].append(_as_counted(register, enrolment))
    return members


def _as_counted(register: Register, enrolment: Enrolment) -> Enrolment:
    """Return who was erased after the end of their cohort as the seat that they had: it stays taken."""
    erased = enrolment.status is Status.ERASED
    if erased and register.former(enrolment.number) is Status.CONFIRMED:
        return replace(enrolment, status=Status.CONFIRMED)
    return enrolment


def _serve(register: Register, seats: FreeSeats, queue: Sequence[Enrolment]) -> None:
    """Give the free seats from the head of the queue, until one can't be given to whoever is next."""
    for enrolment in queue:
        if seats.free <= 0:
            return
        if not seats.fits(enrolment):
            continue
        arrival = register.arrivals.get(enrolment.number)
        automatic = seats.cohort.promotion is Promotion.AUTOMATIC
        if arrival is None and not _in_time(register, seats.cohort):
            return
        if arrival is None and not automatic and not _reachable(register, enrolment):
            _hold_unreachable(register, enrolment)
            continue
        reserved = seats.needs_reserve(enrolment)
        seats.take(enrolment)
        if arrival is not None:
            _confirm_arrival(register, enrolment, arrival, reserved=reserved)
        else:
            _promote(register, enrolment, automatic=automatic, reserved=reserved)


def _reachable(register: Register, enrolment: Enrolment) -> bool:
    """Tell whether an offer can be made known; where no form asks for addresses, by phone."""
    return register.rules.fields.email is None or bool(valid_email(enrolment.email))


def _in_time(register: Register, cohort: Cohort) -> bool:
    """Tell whether the window of an offer made now would end before the cohort's last offer."""
    if cohort.last_offer is None:
        return True
    ends = register.now
    if cohort.promotion is Promotion.OFFER:
        ends += cohort.window
    return ends <= cohort.last_offer


def _hold_unreachable(register: Register, enrolment: Enrolment) -> None:
    register.move(
        enrolment.number,
        Status.WAITING,
        by=By.COHORTE,
        reason=phrase("reason.unreachable"),
        before=Status.WAITING,
        hold=Hold.UNREACHABLE,
    )


def _confirm_arrival(
    register: Register, enrolment: Enrolment, arrival: Arrival, *, reserved: bool
) -> None:
    reason = phrase("reason.confirmed")
    if arrival.by is By.ORGANISER:
        reason = phrase("reason.confirmed_validated")
    elif reserved:
        reason = _reserved_reason(register, enrolment, "reason.confirmed_reserved")
    before = register.take_arrival(enrolment)
    register.move(enrolment.number, Status.CONFIRMED, by=arrival.by, reason=reason, before=before)


def _promote(register: Register, enrolment: Enrolment, *, automatic: bool, reserved: bool) -> None:
    verb = "promoted" if automatic else "offered"
    reason = phrase(f"reason.{verb}")
    if reserved:
        reason = _reserved_reason(register, enrolment, f"reason.{verb}_reserved")
    register.move(
        enrolment.number,
        Status.CONFIRMED if automatic else Status.OFFERED,
        by=By.COHORTE,
        reason=reason,
        before=Status.WAITING,
        deadline=None,
    )


def _reserved_reason(register: Register, enrolment: Enrolment, code: str) -> Phrase:
    return phrase(code, group=clip(register.cohorts[enrolment.cohort].reserved_for))


def _turn_away(register: Register, cohort: Cohort, queue: Sequence[Enrolment]) -> list[Enrolment]:
    """Refuse the last arrivals while the list is longer than its limit; return who is left."""
    excess = 0 if cohort.waiting_limit is None else len(queue) - cohort.waiting_limit
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


def _seat_late_yeses(register: Register, seats: FreeSeats) -> None:
    """Confirm those who accepted an expired offer, in the order in which they said so."""
    for number in register.late_yeses:
        enrolment = register.enrolments[number]
        ours = enrolment.cohort == seats.cohort.code and enrolment.status is Status.EXPIRED
        # Who gave up since, or was turned down, has no deadline any more.
        if ours and enrolment.deadline is not None and seats.fits(enrolment):
            seats.take(enrolment)
            register.move(
                number,
                Status.CONFIRMED,
                by=By.COHORTE,
                reason=phrase("reason.accepted_late"),
                before=Status.EXPIRED,
                deadline=None,
            )


def rank_queues(register: Register) -> None:
    """Number those who wait and are eligible from 1; nobody else has a rank."""
    ranks: dict[Number, int] = {}
    favoured = find_favoured(register, former_cohorts(register.cohorts.values()))
    for queue in waiting_lists(register).values():
        eligible = [e for e in queue if is_eligible(e)]
        eligible.sort(key=lambda e: queue_order(e, favoured))
        ranks.update((e.number, rank) for rank, e in enumerate(eligible, start=1))
    for number, enrolment in register.enrolments.items():
        if enrolment.rank != ranks.get(number) and not enrolment.frozen:
            register.change(number, rank=ranks.get(number))


def _seats(register: Register, cohort: Cohort, members: Sequence[Enrolment]) -> Seats:
    counts = Counter(enrolment.status for enrolment in members)
    confirmed, offered = counts[Status.CONFIRMED], counts[Status.OFFERED]
    free = None if cohort.places is None else cohort.places - confirmed - offered
    alerts = [
        *_seat_alerts(register, cohort, free, members),
        *_sense_alerts(register, cohort),
        *_roll_alerts(register, cohort),
    ]
    if counts[Status.TO_REVIEW]:
        alerts.append(phrase("alert.to_review", count=counts[Status.TO_REVIEW]))
    return Seats(
        confirmed=confirmed,
        offered=offered,
        waiting=counts[Status.WAITING],
        free=free,
        alerts=locale.join(register.rules.language, alerts),
    )


def _seat_alerts(
    register: Register, cohort: Cohort, free: int | None, members: Sequence[Enrolment]
) -> list[Phrase]:
    """Say why seats are not given out, if they are not."""
    if free is None:
        return [phrase("alert.no_places")]
    if free < 0:
        return [phrase("alert.over_cap", seats=-free)]
    alerts: list[Phrase] = []
    waiting = sum(enrolment.status is Status.WAITING for enrolment in members)
    held = sum(e.status is Status.WAITING and e.hold is not None for e in members)
    if free and waiting and cohort.paused:
        alerts.append(phrase("alert.paused", seats=free))
    elif free and waiting > held and not _in_time(register, cohort):
        alerts.append(phrase("alert.offers_over", seats=free, waiting=waiting - held))
    elif free and held:
        alerts.append(phrase("alert.held", seats=free, held=held))
    reserved, group = count_free(register, cohort, members).reserved, cohort.reserved_for
    if free and reserved and waiting > held and not _kept_for_nobody(register, cohort):
        alerts.append(phrase("alert.reserved", seats=min(free, reserved), group=group))
    return alerts


def _kept_for_nobody(register: Register, cohort: Cohort) -> bool:
    return not cohort.reserved_for or group_index(register.rules.fields) is None


def _sense_alerts(register: Register, cohort: Cohort) -> list[Phrase]:
    """Say what organisers wrote about a cohort that can't do what they mean."""
    alerts: list[Phrase] = []
    if kept_for_group(cohort, register.now) and _kept_for_nobody(register, cohort):
        alerts.append(phrase("alert.reserved_for_nobody", seats=cohort.reserved))
    if cohort.follows and cohort.code not in former_cohorts(register.cohorts.values()):
        alerts.append(phrase("alert.follows_nobody", cohort=clip(cohort.follows)))
    return alerts


def _roll_alerts(register: Register, cohort: Cohort) -> list[Phrase]:
    """Name the meetings that are over and whose roll is not called."""
    numbers = [m.number for m in register.uncalled if fold(m.cohort) == fold(cohort.code)]
    if not numbers:
        return []
    return [phrase("alert.roll_uncalled", meetings=", ".join(map(str, numbers)))]
