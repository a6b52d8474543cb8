"""What a night would do, as values."""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec import Struct, field

from automation.core.enrolment import Erasure
from automation.core.mailing import MailPlan
from automation.core.model import HOLDING, LIVE, Enrolment, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from automation.core.doors import Doors
    from automation.core.letters import Section
    from automation.core.model import Cohort, Event, Handled, Meeting, Number, Phrase, Seats
    from automation.core.pairs import PairChange
    from automation.core.roll_sheets import RollChange
    from automation.core.summary import BoardChange, Summary


# Ranks follow from other decisions; instants differ between two plans of the same decisions.
_UNTOLD = frozenset(
    {
        "rank",
        "queued_at",
        "registered_at",
        "deadline",
        "call_seen",
        "ended_at",
        "step",
        "offer",
        "merge_seen",
    }
)


class Change(Struct, frozen=True, kw_only=True):
    """What happens to one enrolment, written together or not at all.

    Attributes:
        before: The row as it stands; None for a new one.
        after: The row as it should be; equal to `before` where only its responses are handled.
        fields: Names of the fields that differ; all of ours for a row that is written anew.
        unit: The lowest number of the enrolments that it is written together with.
    """

    before: Enrolment | None
    after: Enrolment
    fields: tuple[str, ...]
    events: tuple[Event, ...]
    handled: tuple[Handled, ...]
    unit: Number

    @property
    def frees_seat(self) -> bool:
        """Whether somebody who held a seat no longer does."""
        return (
            self.before is not None
            and self.before.status in HOLDING
            and self.after.status not in HOLDING
        )

    @property
    def hurts(self) -> bool:
        """Whether somebody loses a live state."""
        return (
            self.before is not None and self.before.status in LIVE and self.after.status not in LIVE
        )


class CohortChange(Struct, frozen=True, kw_only=True):
    """A cohort's figures, where they differ from the sheet's."""

    cohort: Cohort
    seats: Seats


class MeetingChange(Struct, frozen=True, kw_only=True):
    """A meeting's number and figures, where they differ from the sheet's."""

    meeting: Meeting
    number: int
    expected: int
    present: int | None = None
    guests: int | None = None
    sequence: int = 0
    told: str = ""


class Plan(Struct, frozen=True, kw_only=True, dict=True):
    """What a night would do.

    Attributes:
        now: The instant it was made for.
        new_tabs: Keys of our tabs to make.
        new_columns: Tab and column keys of ours that existing tabs lack.
        changes: In the order in which they are written: those that free seats or end a live
            state, then down the queues, then new enrolments by number; those of one unit follow one
            another. Every prefix of units keeps the properties of the whole.
        pairs: What happens to Doublons.
        rolls: What happens to the attendance tabs.
        mail: What is written to whom.
        sections: What the committee's digest says.
        boards: The tabs Sommaire and Commentaires, where they should say something else.
        summary: The programme's figures as this plan leaves them; None for a plan of one thing only.
        doors: Which cohorts take newcomers; None without a cohort, and for a plan of one thing only.
        problems: Bad data found on the way.
        notices: What the organisers should know about the whole.
        erasure: What is taken out beside the changes.
        brake: Why nothing of it should be written before a human has looked.
    """

    now: datetime
    new_tabs: tuple[str, ...]
    new_columns: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    pairs: tuple[PairChange, ...]
    cohorts: tuple[CohortChange, ...]
    meetings: tuple[MeetingChange, ...]
    rolls: tuple[RollChange, ...]
    mail: MailPlan
    sections: tuple[Section, ...]
    seats: tuple[tuple[str, Seats], ...]
    problems: tuple[Problem, ...]
    notices: tuple[Phrase, ...]
    boards: tuple[BoardChange, ...] = ()
    summary: Summary | None = None
    doors: Doors | None = None
    erasure: Erasure = field(default_factory=Erasure)
    brake: Phrase | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.new_tabs
            or self.new_columns
            or self.changes
            or self.pairs
            or self.cohorts
            or self.meetings
            or self.rolls
            or self.boards
            or not self.erasure.empty
            or not self.mail.empty
        )

    @property
    def damaged(self) -> bool:
        """Whether a row or a tab had to be left out."""
        return any(problem.damage for problem in self.problems)

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that happens to enrolments, in the order in which it is written."""
        return tuple(event for change in self.changes for event in change.events)

    @cached_property
    def digest(self) -> str:
        """Hash of the sorted decisions, without instants, ranks or the run's id: 12 letters."""
        lines = sorted(json.dumps(line) for line in _decision_lines(self))
        return blake2b("\n".join(lines).encode(), digest_size=6).hexdigest()


def nothing(now: datetime) -> Plan:
    """Return a plan to do nothing."""
    return Plan(
        now=now,
        new_tabs=(),
        new_columns=(),
        changes=(),
        pairs=(),
        cohorts=(),
        meetings=(),
        rolls=(),
        mail=MailPlan(),
        sections=(),
        seats=(),
        problems=(),
        notices=(),
    )


def _decision_lines(plan: Plan) -> Iterable[tuple[object, ...]]:
    yield from (("tab", key) for key in plan.new_tabs)
    yield from (("column", tab, key) for tab, key in plan.new_columns)
    for change in plan.changes:
        told = tuple(name for name in change.fields if name not in _UNTOLD)
        before = change.before.status if change.before else None
        codes = tuple(event.reason.code for event in change.events)
        responses = tuple((line.key, line.state) for line in change.handled)
        if told or codes or responses:
            yield (change.after.number, before, change.after.status, codes, told, responses)
    for pair in plan.pairs:
        kinds = tuple(event.kind for event in pair.events)
        yield ("pair", pair.after.a, pair.after.b, kinds, pair.before is None)
    yield from (("erase", number) for number in plan.erasure.numbers)
    yield from (("guest", meeting) for meeting, _ in plan.erasure.guests)
    yield from (("pair", *key, "erased") for key in plan.erasure.pairs)
    yield from (("forget", key) for key in plan.erasure.forgotten)
    for cohort in plan.cohorts:
        yield ("cohort", cohort.cohort.code, cohort.seats.free)
    for meeting in plan.meetings:
        figures = (meeting.expected, meeting.present, meeting.guests, meeting.sequence)
        yield ("meeting", meeting.meeting.number, meeting.number, *figures)
    for line in plan.mail.changes:
        yield ("mail", line.after.key, line.after.state)
    yield from (("send", mailing.key) for mailing in (*plan.mail.limbo, *plan.mail.due))
    for roll in plan.rolls:
        added = tuple(row.number for row in roll.added)
        changed = tuple((row.number, row.left) for row in roll.changed)
        yield ("roll", roll.number, roll.before is None, added, changed, roll.title, roll.heading)
