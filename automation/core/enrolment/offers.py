"""Offers: how long they hold, from when, and what becomes of those that nobody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from automation.core.model import LIVE, By, Enrolment, Hold, Status, phrase

if TYPE_CHECKING:
    from automation.core.enrolment.register import Register
    from automation.core.model import Phrase

UNSENT: Final = timedelta(hours=48)
"""How long an offer may wait for its mail before the seat goes to the next in the queue."""

_TOMORROW = timedelta(days=1)
_OFFERABLE = frozenset({Status.WAITING, Status.TO_REVIEW})
_SETTLED = frozenset({Status.CONFIRMED, Status.MERGED, Status.ERASED})


def start_windows(register: Register) -> None:
    """Let calls and sendings start the windows of the offers there are, or correct them.

    Answers are judged after it: an offer that was made known days ago may be over by now.
    """
    for enrolment in _offered(register):
        _heed_call(register, enrolment)
    _note_sendings(register)


def run_offers(register: Register) -> None:
    """Let calls and sendings start the windows of offers, and end the offers whose time is over."""
    _heed_calls(register)
    _note_sendings(register)
    _end_offers(register)


def settle_calls(register: Register) -> None:
    """Ask about the calls that can't be followed, now that everybody's state is known."""
    _heed_calls(register)
    for enrolment in register.movable():
        obstacle = _obstacle(register, enrolment)
        if obstacle is not None:
            register.alerts[enrolment.number].append(obstacle)


def _heed_calls(register: Register) -> None:
    for enrolment in register.movable():
        _heed_call(register, enrolment)


def _heed_call(register: Register, enrolment: Enrolment) -> None:
    """Act on a new date in "Offert par téléphone le": a seat was offered, the window runs.

    Like a decision, a date acts once.
    """
    if enrolment.called_at != enrolment.call_seen and _obstacle(register, enrolment) is None:
        called = register.change(enrolment.number, call_seen=enrolment.called_at)
        _apply_call(register, called)


def _obstacle(register: Register, enrolment: Enrolment) -> Phrase | None:
    """Return why a call can't be followed now, if it can't."""
    called, since = enrolment.called_at, enrolment.registered_at
    if called in {None, enrolment.call_seen} or enrolment.status in _SETTLED:
        return None
    if enrolment.number in register.gave_up:
        return None
    if called > register.now + _TOMORROW or (since is not None and called < since):
        return phrase("alert.odd_call")
    if enrolment.status not in LIVE:
        return phrase("alert.call_on_ended")
    return None if enrolment.cohort in register.cohorts else phrase("alert.decision_without_cohort")


def _apply_call(register: Register, enrolment: Enrolment) -> None:
    called = enrolment.called_at
    if called is not None and enrolment.status in _OFFERABLE:
        register.move(
            enrolment.number,
            Status.OFFERED,
            by=By.ORGANISER,
            reason=phrase("reason.offered_by_phone"),
            before=register.take_arrival(enrolment),
            hold=None,
            deadline=called + register.cohorts[enrolment.cohort].window,
        )
        return
    cohort = register.cohorts.get(enrolment.cohort)
    if enrolment.status is Status.OFFERED and cohort is not None:
        sent = register.sendings.get((enrolment.number, enrolment.offer))
        told = [instant for instant in (sent, called) if instant is not None]
        deadline = max(told) + cohort.window if told else None
        register.change(enrolment.number, deadline=deadline)
    register.tell(
        enrolment.number,
        "call",
        by=By.ORGANISER,
        reason=_call_reason(enrolment),
        before=enrolment.status,
    )


def _call_reason(enrolment: Enrolment) -> Phrase:
    if enrolment.called_at is None:
        return phrase("reason.call_cleared")
    runs = enrolment.status is Status.OFFERED
    return phrase("reason.called" if runs else "reason.call_noted")


def _note_sendings(register: Register) -> None:
    """Let the window of an offer run from its recorded sending, unless a call came later.

    What its message says holds, if that is later.
    """
    for enrolment in _offered(register):
        about = (enrolment.number, enrolment.offer)
        sent = register.sendings.get(about)
        # What left since this night began is the next one's news.
        if sent is None or sent >= register.now:
            continue
        window = register.cohorts[enrolment.cohort].window
        deadline = max(sent + window, register.promised.get(about, sent))
        if enrolment.deadline is None or enrolment.deadline < deadline:
            register.change(enrolment.number, deadline=deadline)
            reason = phrase("reason.offer_sent")
            register.tell(
                enrolment.number, "sent", by=By.COHORTE, reason=reason, before=Status.OFFERED
            )


def _end_offers(register: Register) -> None:
    """Let offers expire whose window has passed, and take back those that could not be sent."""
    for enrolment in _offered(register):
        if enrolment.deadline is not None and enrolment.deadline < register.now:
            register.move(
                enrolment.number,
                Status.EXPIRED,
                by=By.COHORTE,
                reason=phrase("reason.expired"),
                before=Status.OFFERED,
                ended_at=enrolment.deadline,
            )
        elif _unsent(register, enrolment):
            register.move(
                enrolment.number,
                Status.WAITING,
                by=By.COHORTE,
                reason=phrase("reason.unsent"),
                before=Status.OFFERED,
                hold=Hold.UNREACHABLE,
            )


def _unsent(register: Register, enrolment: Enrolment) -> bool:
    """Tell whether an offer has waited too long for its mail."""
    if not register.rules.mail or enrolment.deadline is not None:
        return False
    made = register.moved_at(enrolment.number)
    return made is not None and made <= register.now - UNSENT


def _offered(register: Register) -> list[Enrolment]:
    """Return those who have an offer, in a cohort that is there."""
    return [
        enrolment
        for enrolment in register.movable()
        if enrolment.status is Status.OFFERED and enrolment.cohort in register.cohorts
    ]
