"""The plan of a night: everything that it would write, decided from a snapshot."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from automation.core.announcements import announce, is_off, told_start
from automation.core.attendance import meeting_order, read_attendances, starts_at, uncalled
from automation.core.brake import find_brake
from automation.core.digest import (
    is_worth_reading,
    list_news,
    list_unapproved,
    list_waiting,
)
from automation.core.doors import Doors, read_doors
from automation.core.enrolment import (
    Decided,
    Erasure,
    decide_enrolments,
    decide_repairs,
    decide_verdicts,
    queue_order,
    read_answers,
)
from automation.core.mailing import Evening, MailPlan, plan_mail
from automation.core.model import (
    HOLDING,
    LIVE,
    MOVES,
    Enrolment,
    HandledState,
    MeetingState,
    Problem,
    Status,
    phrase,
)
from automation.core.pairs import PairChange, list_pairs
from automation.core.replies import read_replies
from automation.core.roll import Guest, Roll
from automation.core.roll_sheets import Attendees, RollChange, plan_rolls
from automation.core.summary import BoardChange, Summary, make_summary, plan_boards
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.enrolment.queues import QueueKey
    from automation.core.letters import Section
    from automation.core.model import (
        Cohort,
        Event,
        Handled,
        JournalEntry,
        Meeting,
        Number,
        PairKey,
        Phrase,
        Registration,
        Seats,
        Verdict,
    )
    from automation.core.replies import Reply
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

# What a plan may change in a row; the other fields are the organisers'.
CELL_LIMIT: Final = 10_000_000
"""How many cells Google lets a spreadsheet have."""
_CROWDED: Final = 0.8

_NOT_OURS = frozenset(
    {
        "number",
        "decision",
        "decision_text",
        "priority",
        "called_at",
        "merge_with",
        "communications",
        "damage",
    }
)
_WRITABLE = tuple(field.name for field in fields(Enrolment) if field.name not in _NOT_OURS)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortChange:
    """A cohort's figures, where they differ from the sheet's."""

    cohort: Cohort
    seats: Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChange:
    """A meeting's number and figures, where they differ from the sheet's."""

    meeting: Meeting
    number: int
    expected: int
    present: int | None = None
    guests: int | None = None
    sequence: int = 0
    told: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
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


_WriteOrder = tuple[int, "QueueKey | tuple[Number]"]


def make_plan(snapshot: Snapshot, rules: Rules, now: datetime) -> Plan:
    """Decide what a night would do at an instant.

    Args:
        now: An aware instant.

    Raises `WorkbookError` where a mapped question is missing from the response tabs.
    """
    answers = read_answers(snapshot, rules)
    replies = read_replies(snapshot.replies, rules.place_form, snapshot.zone)
    attendances = read_attendances(snapshot)
    plan = _make_plan(snapshot, answers, replies, rules, now, attendances)
    after = leave(snapshot, plan)
    told = attendances if after is snapshot else read_attendances(after)
    if _differ(told, attendances):
        # A roll that is made tonight, or a merger, changes who came to what, and so the figures.
        plan = _make_plan(snapshot, answers, replies, rules, now, told)
        after = leave(snapshot, plan)
    summary = make_summary(after, rules, now, rules.summary.reach, told)
    return replace(plan, boards=plan_boards(after, summary, rules), summary=summary)


def _differ(some: Sequence[Attendance], others: Sequence[Attendance]) -> bool:
    """Tell whether rolls tell other things; what a new name on one is called is none."""
    names = ("presences", "guests", "expected", "present", "told")
    one, other = (
        [(a.meeting.number, *(getattr(a, name) for name in names)) for a in attendances]
        for attendances in (some, others)
    )
    return one != other


def _make_plan(  # noqa: PLR0913, PLR0917 - all that a night knows
    snapshot: Snapshot,
    answers: tuple[tuple[Registration, ...], tuple[Problem, ...]],
    replies: tuple[tuple[Reply, ...], tuple[Problem, ...]],
    rules: Rules,
    now: datetime,
    attendances: Sequence[Attendance],
) -> Plan:
    """Return the plan of a night but for its boards.

    Args:
        answers: All of them, and what could not be read; so are `replies`.
        attendances: What the rolls tell once the night is over.
    """
    registrations, problems = answers
    told, unread = replies
    decided = decide_enrolments(snapshot, registrations, told, rules, now, attendances)
    changes = list_changes(snapshot, decided)
    meetings = _follow_meetings(_number_meetings(snapshot))
    people = _attendees(snapshot, decided, now)
    mail, sections = _plan_mail(snapshot, decided, meetings, attendances, people, rules, now)
    return Plan(
        now=now,
        new_tabs=snapshot.missing_tabs,
        new_columns=snapshot.missing_columns,
        changes=changes,
        pairs=list_pairs(snapshot, decided, rules.language),
        cohorts=tuple(
            CohortChange(cohort=cohort, seats=decided.seats[cohort.code])
            for cohort in snapshot.cohorts
            if decided.seats[cohort.code] != cohort.seats
        ),
        meetings=_list_meetings(meetings, attendances, decided, snapshot, now),
        rolls=plan_rolls(snapshot, meetings, people, rules, now),
        mail=mail,
        sections=sections,
        seats=tuple(decided.seats.items()),
        problems=(
            *snapshot.problems,
            *problems,
            *unread,
            *_forgotten(snapshot, registrations),
            *_pending(snapshot, decided, registrations),
            *_orphans(snapshot),
            *_stray_meetings(snapshot),
            *_stray_rolls(snapshot),
            *_contradictions(snapshot, decided),
        ),
        notices=tuple(_notices(snapshot, len(registrations))),
        erasure=decided.erasure,
        brake=find_brake(snapshot, changes),
        doors=_read_doors(snapshot, decided, now),
    )


def _read_doors(snapshot: Snapshot, decided: Decided, now: datetime) -> Doors | None:
    if not snapshot.cohorts:
        return None
    return read_doors(snapshot.cohorts, decided.seats, decided.enrolments.values(), now)


def leave(snapshot: Snapshot, plan: Plan) -> Snapshot:
    """Return the workbook as a plan leaves it, as far as figures are made of it.

    The very snapshot where they are the same.
    """
    erasure = plan.erasure
    if erasure.empty and not (plan.changes or plan.pairs or plan.meetings or plan.rolls):
        return snapshot
    changed = {change.after.number: change.after for change in plan.changes}
    known = {enrolment.number for enrolment in snapshot.register}
    pairs = {pair.after.key: pair.after for pair in plan.pairs}
    numbers = {change.meeting.row: change.number for change in plan.meetings}
    return replace(
        snapshot,
        register=(
            *(changed.get(enrolment.number, enrolment) for enrolment in snapshot.register),
            *(after for number, after in changed.items() if number not in known),
        ),
        handled={
            **{k: line for k, line in snapshot.handled.items() if k not in erasure.forgotten},
            **{line.key: line for change in plan.changes for line in change.handled},
        },
        journal=_leave_journal(snapshot, plan),
        pair_rows=tuple(
            row
            for key, row in ({row.key: row for row in snapshot.pair_rows} | pairs).items()
            if key not in erasure.pairs
        ),
        meetings=tuple(replace(m, number=numbers.get(m.row, m.number)) for m in snapshot.meetings),
        rolls={
            number: _without_guests(roll, erasure)
            for number, roll in {
                **snapshot.rolls,
                **{change.number: _leave_roll(change) for change in plan.rolls},
            }.items()
        },
    )


def _leave_journal(snapshot: Snapshot, plan: Plan) -> Mapping[Number, JournalEntry]:
    """Return the journal with the status that those who are erased now had before."""
    numbers = plan.erasure.numbers
    erased = {
        event.number: replace(entry, former=event.before, state=event.state)
        for event in plan.events
        if event.after is Status.ERASED
        and event.number in numbers
        and (entry := snapshot.journal.get(event.number)) is not None
    }
    return {**snapshot.journal, **erased} if erased else snapshot.journal


def _without_guests(roll: Roll, erasure: Erasure) -> Roll:
    """Return a roll with nameless guests in the place of those who are erased."""
    if not any(number == roll.meeting for number, _ in erasure.guests):
        return roll
    guests = (
        Guest(present=True) if (roll.meeting, guest.name) in erasure.guests else guest
        for guest in roll.guests
    )
    return replace(roll, guests=tuple(guests))


def _leave_roll(change: RollChange) -> Roll:
    before = change.before or Roll(meeting=change.number, title="")
    changed = {row.number: row for row in change.changed}
    rows = (*(changed.get(row.number, row) for row in before.rows), *change.added)
    return replace(before, rows=rows)


def plan_repairs(
    snapshot: Snapshot, rules: Rules, now: datetime, rolls: Collection[int] = ()
) -> Plan:
    """Plan to put right the rows that can't be taken at their word, and nothing else.

    Args:
        rolls: Numbers of the meetings whose attendance tab was not found as just written.
    """
    registrations, _ = read_answers(snapshot, rules)
    decided = decide_repairs(snapshot, registrations, rules, now)
    meetings = [meeting for meeting in snapshot.meetings if meeting.number in rolls]
    people = _attendees(snapshot, decided, now)
    pairs = list_pairs(snapshot, decided, rules.language)
    return replace(
        nothing(now),
        changes=list_changes(snapshot, decided),
        pairs=tuple(pair for pair in pairs if pair.before is None or pair.before.torn),
        rolls=plan_rolls(snapshot, meetings, people, rules, now, trusted=rolls),
    )


def plan_sheets(snapshot: Snapshot, rules: Rules, now: datetime, asked: Collection[int]) -> Plan:
    """Plan to make the attendance tabs of some meetings, by number, and nothing else."""
    decided = decide_verdicts(snapshot, {}, rules, now)
    meetings = [meeting for meeting in snapshot.meetings if meeting.number in asked]
    people = _attendees(snapshot, decided, now)
    rolls = plan_rolls(snapshot, meetings, people, rules, now, asked=asked)
    return replace(nothing(now), rolls=tuple(roll for roll in rolls if roll.before is None))


def plan_verdicts(
    snapshot: Snapshot, verdicts: Mapping[PairKey, Verdict], rules: Rules, now: datetime
) -> Plan:
    """Plan to note what an organiser says of pairs, and nothing else."""
    decided = decide_verdicts(snapshot, verdicts, rules, now)
    shown = list_pairs(snapshot, decided, rules.language)
    return replace(nothing(now), pairs=tuple(pair for pair in shown if pair.events))


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


def list_changes(snapshot: Snapshot, decided: Decided) -> tuple[Change, ...]:
    """Return what happens to enrolments, in the order in which it is written."""
    before = {enrolment.number: enrolment for enrolment in snapshot.register}
    touched = [
        number
        for number, after in decided.enrolments.items()
        if after is not before.get(number) or number in decided.events or number in decided.handled
    ]
    changes = (_change(before.get(number), number, decided) for number in touched)
    told = [change for change in changes if _says_something(change)]
    orders = {c.after.number: _write_order(decided.favoured, c) for c in told}
    first: dict[Number, _WriteOrder] = {}
    for change in told:
        order = orders[change.after.number]
        first[change.unit] = min(first.get(change.unit, order), order)
    told.sort(key=lambda c: (first[c.unit], c.unit, orders[c.after.number]))
    return tuple(told)


def _change(before: Enrolment | None, number: Number, decided: Decided) -> Change:
    after = decided.enrolments[number]
    names = (
        _WRITABLE
        if before is None or before.damage is not after.damage
        else tuple(n for n in _WRITABLE if getattr(before, n) != getattr(after, n))
    )
    return Change(
        before=before,
        after=after,
        fields=names,
        events=tuple(decided.events.get(number, ())),
        handled=tuple(decided.handled.get(number, ())),
        unit=decided.bonds.get(number, number),
    )


def _says_something(change: Change) -> bool:
    return bool(change.fields or change.events or change.handled)


def _write_order(favoured: Collection[Number], change: Change) -> _WriteOrder:
    if change.before is None:
        return (2, (change.after.number,))
    return (0 if change.frees_seat or change.hurts else 1, queue_order(change.after, favoured))


def _contradictions(snapshot: Snapshot, decided: Decided) -> Iterable[Problem]:
    """Report the verdicts that contradict earlier ones."""
    title = _title(snapshot, "duplicates")
    for a, b in decided.contradictions:
        yield Problem(tab=title, message=phrase("problem.contradiction", a=a, b=b))


def _number_meetings(snapshot: Snapshot) -> tuple[Meeting, ...]:
    """Return the meetings of a cohort that is there; new ones get a number in order of time."""
    codes = {fold(cohort.code) for cohort in snapshot.cohorts}
    ours = [m for m in snapshot.meetings if m.sealed and fold(m.cohort) in codes]
    unnumbered = sorted((m for m in ours if m.number is None), key=meeting_order)
    numbers = {m.row: n for n, m in enumerate(unnumbered, start=snapshot.highest_meeting + 1)}
    return tuple(replace(m, number=m.number or numbers[m.row]) for m in ours)


def _list_meetings(
    meetings: Iterable[Meeting],
    attendances: Iterable[Attendance],
    decided: Decided,
    snapshot: Snapshot,
    now: datetime,
) -> tuple[MeetingChange, ...]:
    """Return the meetings whose number or figures differ from the sheet's.

    Until a meeting begins, its cohort's confirmed are expected; then, those on its roll.
    """
    confirmed = {fold(code): seats.confirmed or 0 for code, seats in decided.seats.items()}
    told = {attendance.meeting.number: attendance for attendance in attendances}
    before = {meeting.row: meeting for meeting in snapshot.meetings}
    changes = []
    for meeting in meetings:
        attendance = told.get(meeting.number)
        expected = confirmed[fold(meeting.cohort)]
        begins = starts_at(meeting, snapshot.zone)
        if attendance is not None and begins is not None and begins <= now:
            expected = attendance.expected
        says = attendance is not None and attendance.told
        changes.append(
            MeetingChange(
                meeting=before[meeting.row],
                number=meeting.number or 0,
                expected=expected,
                present=attendance.present if attendance and says else None,
                guests=len(attendance.guests) if attendance and says else None,
                sequence=meeting.sequence,
                told=meeting.told,
            )
        )
    return tuple(change for change in changes if _differs(change))


def _differs(change: MeetingChange) -> bool:
    meeting = change.meeting
    names = ("number", "expected", "present", "guests", "sequence", "told")
    return any(getattr(meeting, name) != getattr(change, name) for name in names)


def _follow_meetings(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return the meetings with what people are told of them from now on."""
    followed = []
    for meeting in meetings:
        told = announce(meeting) or meeting.told
        moved = bool(meeting.told) and told != meeting.told
        sequence = meeting.sequence + moved
        followed.append(replace(meeting, told=told, sequence=sequence))
    return tuple(followed)


def _plan_mail(  # noqa: PLR0913, PLR0917 - all that a night knows
    snapshot: Snapshot,
    decided: Decided,
    meetings: Sequence[Meeting],
    attendances: Sequence[Attendance],
    people: Attendees,
    rules: Rules,
    now: datetime,
) -> tuple[MailPlan, tuple[Section, ...]]:
    """Decide what is written to whom, and what the committee's digest says."""
    if rules.post is None:
        return MailPlan(), ()
    before = {meeting.row: meeting for meeting in snapshot.meetings}
    news = tuple(list_news(decided.enrolments, decided.events, rules))
    wall = now.astimezone(snapshot.zone)
    rolls = uncalled(attendances, now, snapshot.zone)
    waiting = tuple(list_waiting(snapshot, decided.enrolments, decided.pairings, rolls, rules))
    eve = wall.date() - timedelta(days=1)
    evening = Evening(
        snapshot=snapshot,
        enrolments=decided.enrolments,
        events=decided.events,
        meetings=meetings,
        moved={
            m.number or 0: before[m.row].told
            for m in meetings
            if m.sequence != before[m.row].sequence and _matters(m, before[m.row], now, snapshot)
        },
        attendances=attendances,
        since=people.since,
        units=decided.bonds,
        awaited=is_worth_reading(news, waiting, wall) or any(m.day == eve for m in rolls),
        rules=rules,
        now=now,
    )
    mail = plan_mail(evening)
    return mail, (*news, *waiting, *list_unapproved(mail.waiting, rules))


def _matters(after: Meeting, before: Meeting, now: datetime, snapshot: Snapshot) -> bool:
    """Tell whether people should hear that a meeting moved: it is to come, or was."""
    was = told_start(before.told, snapshot.zone)
    starts = [start for start in (starts_at(after, snapshot.zone), was) if start is not None]
    still_off = after.state is not MeetingState.PLANNED and is_off(before.told)
    return any(start > now for start in starts) and not still_off


def _attendees(snapshot: Snapshot, decided: Decided, now: datetime) -> Attendees:
    """Return who has a seat, and since when."""
    confirmed: defaultdict[str, list[Enrolment]] = defaultdict(list)
    since: dict[Number, datetime] = {}
    for enrolment in decided.enrolments.values():
        if enrolment.status is not Status.CONFIRMED:
            continue
        confirmed[fold(enrolment.cohort)].append(enrolment)
        entry = snapshot.journal.get(enrolment.number)
        if any(event.kind in MOVES for event in decided.events.get(enrolment.number, ())):
            since[enrolment.number] = now
        elif entry is not None and entry.moved_at is not None:
            since[enrolment.number] = entry.moved_at
    return Attendees(confirmed=confirmed, since=since)


def _forgotten(snapshot: Snapshot, registrations: Iterable[Registration]) -> Iterable[Problem]:
    """Report answers whose enrolment all of our memory has lost: they count as fresh ones."""
    title = _title(snapshot, "enrolments")
    numbers = {snapshot.forgotten[r.key] for r in registrations if r.key in snapshot.forgotten}
    for number in sorted(numbers):
        yield Problem(tab=title, message=phrase("problem.row_lost", number=number), damage=True)


def _pending(
    snapshot: Snapshot, decided: Decided, registrations: Iterable[Registration]
) -> Iterable[Problem]:
    """Report the answers of erased people: a human has to delete them."""
    lines = {line.key: line for lines in decided.handled.values() for line in lines}
    known = {**snapshot.handled, **lines}
    for registration in registrations:
        line = known.get(registration.key)
        if line is not None and line.state is HandledState.ERASED:
            message = phrase("problem.erasure_pending", number=line.number)
            yield Problem(tab=registration.tab, row=registration.row, message=message)


def _orphans(snapshot: Snapshot) -> Iterable[Problem]:
    """Report enrolments in a cohort whose row is gone or renamed: nothing happens to them."""
    codes = {cohort.code for cohort in snapshot.cohorts} | {""}
    left = sorted({e.cohort for e in snapshot.register if e.status in LIVE} - codes)
    title = _title(snapshot, "cohorts")
    for code in left:
        yield Problem(tab=title, message=phrase("problem.cohort_gone", cohort=code), damage=True)


def _stray_meetings(snapshot: Snapshot) -> Iterable[Problem]:
    """Report meetings of a cohort that is not there: they get no number."""
    codes = {fold(cohort.code) for cohort in snapshot.cohorts}
    title = _title(snapshot, "meetings")
    for meeting in snapshot.meetings if codes else ():
        if fold(meeting.cohort) not in codes:
            message = phrase("problem.meeting_without_cohort", cohort=meeting.cohort)
            yield Problem(tab=title, row=meeting.row, message=message)


def _stray_rolls(snapshot: Snapshot) -> Iterable[Problem]:
    """Report attendance tabs with ticks whose meeting is gone: they count for nothing."""
    numbers = {meeting.number for meeting in snapshot.meetings}
    for number, roll in snapshot.rolls.items():
        ticked = roll.called or roll.guests or any(r.present or r.excused for r in roll.rows)
        if ticked and number not in numbers:
            yield Problem(tab=roll.title, message=phrase("problem.roll_orphan", number=number))


def _title(snapshot: Snapshot, key: str) -> str:
    standing = snapshot.standings.get(key)
    return standing.title if standing else ""


def _notices(snapshot: Snapshot, answers: int) -> Iterable[Phrase]:
    if not snapshot.cohorts:
        yield phrase("notice.no_cohort", count=answers)
    if snapshot.cells > _CROWDED * CELL_LIMIT:
        yield phrase("notice.crowded", percent=round(100 * snapshot.cells / CELL_LIMIT))


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
