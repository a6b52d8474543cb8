"""The register while a night works on it: the only mutable thing in the core."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from automation import locale
from automation.core.model import (
    LIVE,
    MOVES,
    By,
    Enrolment,
    Event,
    Handled,
    HandledState,
    Key,
    Number,
    PairEvent,
    Pairing,
    PairKey,
    Phrase,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Cohort, JournalEntry, Meeting
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
        named: Codes of the cohorts that an answer names, by its words, as far as they came up.
        enrolments: By number.
        sendings: When each offer was made known by mail, by enrolment and offer; promised: until
            when its message says that it may be accepted.
        arrivals: Those who wait since tonight and have no outcome yet.
        gave_up: Those who ended an enrolment of theirs tonight.
        doubtful: Tonight's likely duplicates, and whom each resembles.
        late_yeses: Those who accept an offer that has expired, or now does.
        alerts: What the organisers should look at, by number.
        pairings: Enrolments that may be one person's; pair_events: what is said of them tonight.
        absences: Who missed their last two meetings, and the numbers of those.
        uncalled: Meetings that are over and whose roll is not called.
        bonds: Enrolments that must be written together with a lower one.
    """

    now: datetime
    rules: Rules
    cohorts: dict[str, Cohort]
    journal: dict[Number, JournalEntry]
    enrolments: dict[Number, Enrolment]
    highest_number: int
    named: dict[str, list[str]] = field(default_factory=dict)
    sendings: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    promised: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    events: defaultdict[Number, list[Event]] = field(default_factory=lambda: defaultdict(list))
    handled: defaultdict[Number, list[Handled]] = field(default_factory=lambda: defaultdict(list))
    arrivals: dict[Number, Arrival] = field(default_factory=dict)
    gave_up: set[Number] = field(default_factory=set)
    doubtful: list[tuple[Number, tuple[Number, ...]]] = field(default_factory=list)
    late_yeses: list[Number] = field(default_factory=list)
    alerts: defaultdict[Number, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    pairings: dict[PairKey, Pairing] = field(default_factory=dict)
    pair_events: defaultdict[PairKey, list[PairEvent]] = field(
        default_factory=lambda: defaultdict(list)
    )
    absences: Mapping[Number, tuple[int, int]] = field(default_factory=dict)
    uncalled: Sequence[Meeting] = ()
    bonds: dict[Number, Number] = field(default_factory=dict)
    _numbers: defaultdict[Number, list[Number]] = field(init=False)
    # Without the merged ones, of which somebody who answers all day has thousands.
    _standing: defaultdict[Number, set[Number]] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers, self._standing = defaultdict(list), defaultdict(set)
        for enrolment in self.enrolments.values():
            self._numbers[enrolment.person].append(enrolment.number)
            self._place(enrolment)

    def _place(self, enrolment: Enrolment) -> None:
        """Count an enrolment among its person's, unless it is merged into another."""
        standing = self._standing[enrolment.person]
        if enrolment.status is Status.MERGED:
            standing.discard(enrolment.number)
        else:
            standing.add(enrolment.number)

    def next_number(self) -> Number:
        """Return a number that was never used."""
        self.highest_number += 1
        return Number(self.highest_number)

    def change(self, number: Number, **fields: Any) -> Enrolment:
        """Replace fields of an enrolment, without a word in the journal."""
        before = self.enrolments[number]
        after = self.enrolments[number] = replace(before, **fields)
        if (before.person, before.status) != (after.person, after.status):
            self._standing[before.person].discard(number)
            self._place(after)
        return after

    def move(  # noqa: PLR0913 - what is told of a move
        self,
        number: Number,
        status: Status,
        *,
        by: By,
        reason: Phrase,
        before: Status | None,
        kind: str = "transition",
        **fields: Any,
    ) -> None:
        """Give an enrolment a status, and say so in the journal and in its reason.

        One that is not live has ended now, unless `ended_at` says since when.
        """
        if status is Status.OFFERED:
            # An offer is named by the step of the line that tells it.
            fields["offer"] = self.enrolments[number].step + 1
        ended_at = None if status in LIVE else fields.pop("ended_at", self.now)
        words = locale.say(self.rules.language, reason)
        self.change(number, status=status, reason=words, ended_at=ended_at, **fields)
        self.tell(number, kind, by=by, reason=reason, before=before)

    def tell(
        self, number: Number, kind: str, *, by: By, reason: Phrase, before: Status | None
    ) -> None:
        """Write the enrolment's state as it is now to the journal."""
        now = self.change(number, step=self.enrolments[number].step + 1)
        self.events[number].append(
            Event(number=number, kind=kind, before=before, by=by, reason=reason, state=now.state)
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
        self._place(enrolment)

    def moved_at(self, number: Number) -> datetime | None:
        """Return since when an enrolment has its status; None where the journal can't tell."""
        tonight = self.events.get(number, ())
        entry = self.journal.get(number)
        # The first line about an enrolment counts as a transition, whatever it tells.
        if (tonight and entry is None) or any(event.kind in MOVES for event in tonight):
            return self.now
        return entry.moved_at if entry else None

    def former(self, number: Number) -> Status | None:
        """Return the status that an enrolment had before its latest transition."""
        for event in reversed(self.events.get(number, ())):
            if event.kind in MOVES:
                return event.before
        entry = self.journal.get(number)
        return entry.former if entry else None

    def belong(self, number: Number, person: Number) -> None:
        """Let an enrolment be another person's."""
        self._numbers[self.enrolments[number].person].remove(number)
        self._numbers[person].append(number)
        self.change(number, person=person)

    def numbers_of(self, person: Number) -> list[Number]:
        """Return the numbers of somebody's enrolments, in order."""
        return sorted(self._numbers.get(person, ()))

    def settle(self, pairing: Pairing, kind: str, *, by: By, reason: str) -> None:
        """Put a pair in its state, and say so in the journal."""
        told = replace(pairing, step=pairing.step + 1)
        self.pairings[pairing.key] = told
        self.pair_events[pairing.key].append(
            PairEvent(
                a=pairing.a,
                b=pairing.b,
                kind=kind,
                by=by,
                reason=reason,
                score=pairing.score,
                step=told.step,
            )
        )

    def bind(self, one: Number, other: Number) -> None:
        """Let two enrolments be written together, or not at all."""
        low, high = sorted((self.bond_of(one), self.bond_of(other)))
        if low != high:
            self.bonds[high] = low

    def bond_of(self, number: Number) -> Number:
        """Return the lowest number that an enrolment is written together with."""
        while number in self.bonds:
            number = self.bonds[number]
        return number

    def stays(self, number: Number) -> Enrolment | None:
        """Return the enrolment that stands for a number, through mergers; None if there is none."""
        enrolment = self.enrolments.get(number)
        while enrolment is not None and enrolment.merged_into is not None:
            enrolment = self.enrolments.get(enrolment.merged_into)
        return enrolment

    def of_person(self, person: Number, cohort: str) -> list[Enrolment]:
        """Return somebody's enrolments in a cohort, by number, but for those that are merged."""
        of_theirs = (self.enrolments[number] for number in sorted(self._standing.get(person, ())))
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
