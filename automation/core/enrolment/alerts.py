"""Alerts: what the organisers should look at on each row, in words, and nothing that is over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from automation import locale
from automation.core.enrolment.answers import lines_tonight
from automation.core.enrolment.seats import free_seats
from automation.core.identity import valid_email
from automation.core.model import LIVE, HandledState, Hold, Status, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.enrolment.queues import FreeSeats
    from automation.core.enrolment.register import Register
    from automation.core.model import Enrolment, Handled, Key, Number, Phrase

RESTORED_FOR: Final = timedelta(days=13, hours=12)
"""How long a row that was put right asks the organisers to look at it: fourteen nights, whichever
the minute of each."""


def write_alerts(register: Register, handled: Mapping[Key, Handled]) -> None:
    """Let each row say what the organisers should look at, once everything else is decided."""
    vanished = _without_answer(register, handled)
    seats = free_seats(register)
    for enrolment in register.movable():
        alerts = list(register.alerts.get(enrolment.number, ()))
        if _restored_lately(register, enrolment):
            alerts.append(phrase("alert.restored"))
        if enrolment.status in LIVE and enrolment.number in vanished:
            alerts.append(phrase("alert.answer_vanished"))
        if enrolment.status in LIVE:
            alerts += _phone_alerts(register, enrolment, seats.get(enrolment.cohort))
        missed = register.absences.get(enrolment.number)
        if enrolment.status is Status.CONFIRMED and missed:
            alerts.append(phrase("alert.absent_twice", first=missed[0], second=missed[1]))
        words = locale.join(register.rules.language, alerts)
        if words != enrolment.alerts:
            register.change(enrolment.number, alerts=words)


def _without_answer(register: Register, handled: Mapping[Key, Handled]) -> set[Number]:
    """Return the enrolments whose answers have all vanished."""
    latest = {**handled, **{line.key: line for line in lines_tonight(register)}}
    states: dict[HandledState, set[Number]] = {state: set() for state in HandledState}
    for line in latest.values():
        states[line.state].add(line.number)
    return states[HandledState.VANISHED] - states[HandledState.ACTED]


def _phone_alerts(
    register: Register, enrolment: Enrolment, seats: FreeSeats | None
) -> list[Phrase]:
    """Say who is to be phoned, and whether there is a seat to offer them."""
    reachable = bool(valid_email(enrolment.email))
    if enrolment.status is Status.OFFERED and enrolment.deadline is None:
        by_mail = register.rules.mail and reachable
        return [] if by_mail else [phrase("alert.offer_by_phone")]
    if enrolment.hold is Hold.UNREACHABLE:
        to_offer = seats is not None and not seats.cohort.paused and seats.fits(enrolment)
        return [phrase("alert.offer_by_phone" if to_offer else "alert.phone_in_turn")]
    fields = register.rules.fields
    has_phone = enrolment.phone or not fields.phone
    return [phrase("alert.to_phone")] if fields.email and has_phone and not reachable else []


def _restored_lately(register: Register, enrolment: Enrolment) -> bool:
    events = register.events.get(enrolment.number)
    if events:
        return events[-1].kind == "restored"
    entry = register.journal.get(enrolment.number)
    if entry is None or entry.kind != "restored" or entry.told_at is None:
        return False
    return register.now - RESTORED_FOR < entry.told_at
