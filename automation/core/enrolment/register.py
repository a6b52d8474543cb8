"""The register while a night works on it: the only mutable thing in the core."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from automation import locale
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Event,
    Handled,
    HandledState,
    Key,
    Number,
    Phrase,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from automation.core.model import Cohort, JournalState
    from automation.core.rules import Rules


class Arrival(NamedTuple):
    """How somebody came to the queue tonight; their transition is told once they have an outcome.

    Attributes:
        before: The state they came from, None for a new enrolment.
        reason: What to say if all that happens is that they wait; None for the ordinary words.
        refusable: Whether a full waiting list may turn them away.
    """

    before: Status | None
    by: By
    reason: Phrase | None = None
    refusable: bool = True


@dataclass(slots=True)
class Register:
    """Tonight's working copy.

    Attributes:
        cohorts: By code, in the order of the sheet.
        enrolments: By number.
        arrivals: Those who wait since tonight and have no outcome yet.
        alerts: What the organisers should look at, by number.
    """

    now: datetime
    rules: Rules
    cohorts: dict[str, Cohort]
    journal: dict[Number, JournalState]
    enrolments: dict[Number, Enrolment]
    highest_number: int
    events: defaultdict[Number, list[Event]] = field(default_factory=lambda: defaultdict(list))
    handled: defaultdict[Number, list[Handled]] = field(default_factory=lambda: defaultdict(list))
    arrivals: dict[Number, Arrival] = field(default_factory=dict)
    alerts: defaultdict[Number, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    _numbers: defaultdict[Number, list[Number]] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = defaultdict(list)
        for enrolment in self.enrolments.values():
            self._numbers[enrolment.person].append(enrolment.number)

    def next_number(self) -> Number:
        """Return a number that was never used."""
        self.highest_number += 1
        return Number(self.highest_number)

    def change(self, number: Number, **fields: Any) -> Enrolment:
        """Replace fields of an enrolment, without a word in the journal."""
        self.enrolments[number] = replace(self.enrolments[number], **fields)
        return self.enrolments[number]

    def move(
        self,
        number: Number,
        status: Status,
        *,
        by: By,
        reason: Phrase,
        before: Status | None,
        **fields: Any,
    ) -> None:
        """Give an enrolment a status, and say so in the journal and in its reason."""
        words = locale.say(self.rules.language, reason)
        self.change(number, status=status, reason=words, **fields)
        self.tell(number, "transition", by=by, reason=reason, before=before)

    def tell(
        self, number: Number, kind: str, *, by: By, reason: Phrase, before: Status | None
    ) -> None:
        """Write the enrolment's state as it is now to the journal."""
        now = self.enrolments[number]
        self.events[number].append(
            Event(
                number=number,
                kind=kind,
                before=before,
                after=now.status,
                by=by,
                reason=reason,
                cohort=now.cohort,
                queued_at=now.queued_at,
                deadline=now.deadline,
                decision_seen=now.decision_seen,
                hold=now.hold,
                merged_into=now.merged_into,
            )
        )

    def handle(
        self,
        key: Key,
        number: Number,
        answer_hash: str,
        state: HandledState = HandledState.ACTED,
        replaced_by: Key | None = None,
    ) -> None:
        """Remember what became of a response."""
        self.handled[number].append(
            Handled(
                key=key,
                number=number,
                answer_hash=answer_hash,
                state=state,
                replaced_by=replaced_by,
            )
        )

    def take_arrival(self, enrolment: Enrolment) -> Status | None:
        """Give an arrival its outcome: return the state it came from, its own if it is none."""
        arrival = self.arrivals.pop(enrolment.number, None)
        return arrival.before if arrival else enrolment.status

    def add(self, enrolment: Enrolment) -> None:
        """Add a row to the register."""
        self.enrolments[enrolment.number] = enrolment
        self._numbers[enrolment.person].append(enrolment.number)

    def of_person(self, person: Number, cohort: str) -> list[Enrolment]:
        """Return somebody's enrolments in a cohort."""
        of_theirs = (self.enrolments[number] for number in self._numbers.get(person, ()))
        return [enrolment for enrolment in of_theirs if enrolment.cohort == cohort]

    def live_elsewhere(self, enrolment: Enrolment, cohort: str) -> Enrolment | None:
        """Return another live enrolment of that person in that cohort, if any."""
        others = self.of_person(enrolment.person, cohort)
        return next((e for e in others if e.number != enrolment.number and e.status in LIVE), None)

    def movable(self) -> Iterator[Enrolment]:
        """Yield the enrolments that may be touched, in the order of their numbers."""
        for number in sorted(self.enrolments):
            if not self.enrolments[number].frozen:
                yield self.enrolments[number]
