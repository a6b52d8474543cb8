"""Enrolment: from tonight's answers and decisions to everybody's state.

`decide_enrolments` is the line: edited answers, decisions, newcomers, seats, alerts. Each step takes
what the former left on the `register`. Decisions come before newcomers, so that whoever is there
stands for a newcomer as they will the night after; and endings before the other decisions, so that
what they make room for happens tonight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation import locale
from automation.core.enrolment.choice import compare_cohorts
from automation.core.enrolment.decisions import (
    apply_decisions,
    apply_endings,
    apply_late_endings,
)
from automation.core.enrolment.edits import apply_edits
from automation.core.enrolment.newcomers import enrol_newcomers
from automation.core.enrolment.register import Register
from automation.core.enrolment.seats import count_seats, fill_seats, queue_order
from automation.core.identity import valid_email
from automation.core.model import LIVE, HandledState, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from automation.core.model import (
        Enrolment,
        Event,
        Handled,
        Key,
        Number,
        Phrase,
        Registration,
        Seats,
    )
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

__all__ = ["Decided", "decide_enrolments", "queue_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a night decided about enrolments.

    Attributes:
        enrolments: All of them as they should be, by number.
        events: What happened to each, in order.
        handled: What became of the responses, by the enrolment they led to.
        seats: Each cohort's figures, by code.
    """

    enrolments: Mapping[Number, Enrolment]
    events: Mapping[Number, Sequence[Event]]
    handled: Mapping[Number, Sequence[Handled]]
    seats: Mapping[str, Seats]


def decide_enrolments(
    snapshot: Snapshot, registrations: Sequence[Registration], rules: Rules, now: datetime
) -> Decided:
    """Decide everybody's state at an instant.

    Until there is a cohort, nobody is admitted and no answer is used up.

    Args:
        registrations: All the answers, in order of submission.
        now: An aware instant.
    """
    register = Register(
        now=now,
        rules=rules,
        cohorts={cohort.code: cohort for cohort in snapshot.cohorts},
        journal=dict(snapshot.journal),
        enrolments={enrolment.number: enrolment for enrolment in snapshot.register},
        highest_number=snapshot.highest_number,
    )
    if register.cohorts:
        links = apply_edits(register, registrations, snapshot.handled)
        apply_endings(register)
        compare_cohorts(register, registrations, snapshot.handled)
        apply_decisions(register)
        enrol_newcomers(register, registrations, snapshot.handled, links)
        apply_late_endings(register)
        fill_seats(register)
        _write_alerts(register, snapshot.handled)
    return Decided(
        enrolments=register.enrolments,
        events=register.events,
        handled=register.handled,
        seats=count_seats(register),
    )


def _write_alerts(register: Register, handled: Mapping[Key, Handled]) -> None:
    """Let each row say what the organisers should look at, and nothing that is over."""
    vanished = _without_answer(register, handled)
    for enrolment in register.movable():
        alerts = locale.join(register.rules.language, _alerts(register, enrolment, vanished))
        if alerts != enrolment.alerts:
            register.change(enrolment.number, alerts=alerts)


def _without_answer(register: Register, handled: Mapping[Key, Handled]) -> set[Number]:
    """Return the enrolments whose answers have all vanished."""
    latest = dict(handled)
    for lines in register.handled.values():
        latest.update((line.key, line) for line in lines)
    states: dict[HandledState, set[Number]] = {state: set() for state in HandledState}
    for line in latest.values():
        states[line.state].add(line.number)
    return states[HandledState.VANISHED] - states[HandledState.ACTED]


def _alerts(register: Register, enrolment: Enrolment, vanished: set[Number]) -> list[Phrase]:
    alerts = list(register.alerts.get(enrolment.number, ()))
    if enrolment.status not in LIVE:
        return alerts
    if enrolment.number in vanished:
        alerts.append(phrase("alert.answer_vanished"))
    fields = register.rules.fields
    has_phone = enrolment.phone or not fields.phone
    if fields.email and has_phone and not valid_email(enrolment.email):
        alerts.append(phrase("alert.to_phone"))
    return alerts
