"""Organisers' decisions: events, which act when the cell differs from what was handled last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.enrolment.register import Arrival, Register
from automation.core.model import HOLDING, LIVE, By, Decision, Enrolment, Hold, Status, phrase
from automation.core.text import clip

if TYPE_CHECKING:
    from automation.core.model import Phrase

_FINAL = frozenset({Status.MERGED, Status.ERASED})
_REVIVING = frozenset({Decision.CONFIRM, Decision.OFFER, Decision.WAIT, Decision.RESTORE})
_GIVING_UP = frozenset({Decision.WITHDRAW, Decision.REMOVE})


def apply_endings(register: Register) -> None:
    """Act on every new decision that ends a live enrolment: it beats the others of the night."""
    for enrolment in _newly_decided(register):
        if enrolment.decision in _GIVING_UP and enrolment.status in LIVE:
            _apply_decision(register, enrolment)


def apply_decisions(register: Register) -> None:
    """Act on every other new decision, by number; what can't be done becomes an alert."""
    for enrolment in _newly_decided(register):
        if enrolment.decision is None and enrolment.decision_text:
            word = phrase("alert.unknown_decision", word=clip(enrolment.decision_text))
            register.alerts[enrolment.number].append(word)
        elif enrolment.decision not in _GIVING_UP:
            _apply_decision(register, enrolment)


def apply_late_endings(register: Register) -> None:
    """Act on the endings that are left: of those who came back tonight, or had ended before."""
    for enrolment in _newly_decided(register):
        if enrolment.decision in _GIVING_UP:
            _apply_decision(register, enrolment)


def _newly_decided(register: Register) -> list[Enrolment]:
    """Return those whose cell is not what was handled last, by number."""
    return [
        enrolment
        for enrolment in register.movable()
        if enrolment.decision is not enrolment.decision_seen
        or (enrolment.decision is None and enrolment.decision_text)
    ]


def _apply_decision(register: Register, enrolment: Enrolment) -> None:
    decision = enrolment.decision
    obstacle = _obstacle(register, enrolment)
    if obstacle is not None:
        register.alerts[enrolment.number].append(obstacle)
        return
    register.change(enrolment.number, decision_seen=decision)
    # Whoever gave up their place tonight has the last word.
    beaten = enrolment.number in register.gave_up and enrolment.status not in LIVE
    if decision is None or beaten or not _act(register, enrolment, decision):
        code = "cleared" if decision is None else "beaten" if beaten else "no_effect"
        register.tell(
            enrolment.number,
            "decision",
            by=By.ORGANISER,
            reason=phrase(f"reason.decision_{code}"),
            before=enrolment.status,
        )


def _obstacle(register: Register, enrolment: Enrolment) -> Phrase | None:
    """Return why the decision can't be followed now, if it can't."""
    if enrolment.decision not in _REVIVING:
        return None
    if enrolment.status in _FINAL:
        return phrase("alert.decision_on_final")
    if enrolment.cohort not in register.cohorts:
        return phrase("alert.decision_without_cohort")
    other = register.live_elsewhere(enrolment, enrolment.cohort)
    if enrolment.status not in LIVE and other is not None:
        return phrase("alert.decision_on_twin", number=other.number)
    return None


def _act(register: Register, enrolment: Enrolment, decision: Decision) -> bool:
    """Carry a decision out; tell whether it changed anything."""
    if decision in _GIVING_UP:
        return _give_up(register, enrolment, decision)
    if enrolment.status is Status.TO_REVIEW and decision is not Decision.OFFER:
        return _validate(register, enrolment)
    if decision is Decision.RESTORE:
        return _restore_place(register, enrolment)
    if decision is Decision.WAIT:
        return _put_on_list(register, enrolment)
    return _give_seat(register, enrolment, decision)


def _give_up(register: Register, enrolment: Enrolment, decision: Decision) -> bool:
    if enrolment.status not in LIVE:
        # An offer that expired can't be accepted late any more.
        register.change(enrolment.number, deadline=None)
        return False
    status = Status.REMOVED
    if decision is Decision.WITHDRAW:
        offered = enrolment.status is Status.OFFERED
        status = Status.DECLINED if offered else Status.WITHDRAWN
    register.move(
        enrolment.number,
        status,
        by=By.ORGANISER,
        reason=phrase(f"reason.{status}_by_committee"),
        before=register.take_arrival(enrolment),
        hold=None,
        deadline=None,
    )
    return True


def _validate(register: Register, enrolment: Enrolment) -> bool:
    """Let somebody under review become what they would have been, with their original time."""
    register.change(enrolment.number, status=Status.WAITING, hold=None)
    register.arrivals[enrolment.number] = Arrival(
        Status.TO_REVIEW, By.ORGANISER, phrase("reason.validated"), refusable=False
    )
    return True


def _put_on_list(register: Register, enrolment: Enrolment) -> bool:
    """Put somebody on the waiting list; who held a seat stays out of the queue until called."""
    if enrolment.status is Status.WAITING:
        return False
    had_seat = enrolment.status in LIVE
    register.move(
        enrolment.number,
        Status.WAITING,
        by=By.ORGANISER,
        reason=phrase("reason.put_on_list_held" if had_seat else "reason.put_on_list"),
        before=enrolment.status,
        hold=Hold.COMMITTEE if had_seat else None,
        queued_at=enrolment.queued_at if had_seat else register.now,
        deadline=None,
    )
    return True


def _restore_place(register: Register, enrolment: Enrolment) -> bool:
    """Put somebody on the waiting list where their first answer would have put them."""
    first = enrolment.registered_at or enrolment.queued_at
    if enrolment.status in HOLDING or (
        enrolment.status is Status.WAITING and enrolment.queued_at == first
    ):
        return False
    register.move(
        enrolment.number,
        Status.WAITING,
        by=By.ORGANISER,
        reason=phrase("reason.place_restored"),
        before=register.take_arrival(enrolment),
        queued_at=first,
        deadline=None,
    )
    return True


def _give_seat(register: Register, enrolment: Enrolment, decision: Decision) -> bool:
    """Confirm or offer a seat, over the cap if need be: the organisers know what they do."""
    status = Status.CONFIRMED if decision is Decision.CONFIRM else Status.OFFERED
    if enrolment.status in {status, Status.CONFIRMED}:
        return False
    register.move(
        enrolment.number,
        status,
        by=By.ORGANISER,
        reason=phrase(f"reason.{status}_by_committee"),
        before=enrolment.status,
        hold=None,
        deadline=None,
    )
    return True
