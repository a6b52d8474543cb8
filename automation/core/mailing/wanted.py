"""Which messages a night calls for, or the calendar.

What happens to an enrolment is told by the message of its last transition, claimed together with
it; what the calendar brings (reminders, thanks) is wanted for as long as its time lasts. Each kind
of message is a function from the evening to what it wants; `_KINDS` lists them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation.core.announcements import told_start
from automation.core.attendance import starts_at
from automation.core.ledger import OPEN, Mailing, MailState, mail_key, make_reference
from automation.core.letters import Template
from automation.core.mailing.evening import Book, Evening, MailChange
from automation.core.mailing.standing import STANDING, is_in, is_reachable, may_be_told, occasion_of
from automation.core.model import MOVES, Enrolment, MeetingState, Number, Status
from automation.core.roll import Presence
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.model import Cohort, Meeting

THANKED_FOR: Final = timedelta(days=7)
"""How long after a meeting its roll still leads to thanks."""

FAREWELL_FOR: Final = timedelta(days=21)
"""How long after the last meeting of a cohort people are still told goodbye."""

_LAST_CALL: Final = timedelta(hours=26)
"""How long before an offer ends its last call is due: a night earlier, whichever the hour."""

_FRESH: Final = timedelta(hours=20)
"""Of what people were told for less long they are not reminded: the night after does that."""

_TELLS: Final = {
    Status.CONFIRMED: Template.CONFIRMATION,
    Status.WAITING: Template.WAITING,
    Status.OFFERED: Template.OFFER,
    Status.EXPIRED: Template.EXPIRED,
    Status.DECLINED: Template.WITHDRAWN,
    Status.WITHDRAWN: Template.WITHDRAWN,
    Status.REMOVED: Template.REMOVED,
}
"""The message that tells of a status; the others are told by nobody but the committee."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A message that should be written, if it was not yet.

    Attributes:
        to: None for the committee.
        occasion: What it is about: see `Mailing`, as for `about`.
        expires_at: From when on it is worth nothing, though its kind may live longer.
        meeting: The row in Rencontres whose change it goes with.
        others: Enrolments under which the same person may have got it already.
    """

    to: Enrolment | None
    template: Template
    occasion: str
    about: str = ""
    expires_at: datetime | None = None
    meeting: int | None = None
    others: tuple[Number, ...] = ()


def list_wanted(evening: Evening, book: Book) -> Iterator[MailChange]:
    """Yield a first line for each message that is wanted, by somebody who may get it."""
    for kind in _KINDS:
        for wanted in kind(evening):
            if wanted.to is None or _may_get(wanted.to, wanted, evening, book):
                yield _claim(wanted, evening)


def _may_get(to: Enrolment, wanted: Wanted, evening: Evening, book: Book) -> bool:
    if not is_reachable(to) or not may_be_told(to, wanted.template, evening):
        return False
    # Two enrolments that were merged have one history.
    aliases = (*evening.absorbed.get(to.number, ()), *wanted.others)
    keys = (mail_key(number, wanted.template, wanted.occasion) for number in aliases)
    return not book.has_left(keys)


def _claim(wanted: Wanted, evening: Evening) -> MailChange:
    number = wanted.to.number if wanted.to else None
    key = mail_key(number, wanted.template, wanted.occasion, mark=evening.mark)
    latest = evening.now + evening.post.policies[wanted.template].expires
    return MailChange(
        after=Mailing(
            key=key,
            number=number,
            template=wanted.template,
            occasion=wanted.occasion,
            about=wanted.about,
            planned_at=evening.now,
            expires_at=min(latest, wanted.expires_at or latest),
            reference=make_reference(wanted.to.cohort if wanted.to else "", number, key),
            # The committee need not approve what it writes to itself.
            state=MailState.PLANNED if wanted.to else MailState.APPROVED,
            at=evening.now,
        ),
        unit=evening.units.get(number, number) if number and number in evening.events else None,
        meeting=wanted.meeting,
    )


def _tell_transitions(evening: Evening) -> Iterator[Wanted]:
    """Tell everybody what became of them tonight, if that is another state than before."""
    before = {enrolment.number: enrolment for enrolment in evening.snapshot.register}
    for number, events in evening.events.items():
        moves = [event for event in events if event.kind in MOVES]
        enrolment, row = evening.enrolments[number], before.get(number)
        template = _TELLS.get(enrolment.status)
        changed = row is None or (row.status, row.offer) != (enrolment.status, enrolment.offer)
        if not moves or template is None or not changed:
            continue
        if enrolment.status is Status.WAITING and enrolment.hold is not None:
            continue  # the committee talks to them
        if enrolment.status is Status.OFFERED and enrolment.deadline is not None:
            continue  # it has
        if moves[-1].kind == "joined" and _heard(number, template, evening):
            continue  # under the number that is merged into theirs
        offered = enrolment.status is Status.OFFERED
        occasion = str(enrolment.offer if offered else moves[-1].state.step)
        yield Wanted(to=enrolment, template=template, occasion=occasion)


def _heard(number: Number, template: Template, evening: Evening) -> bool:
    """Tell whether somebody was told the same under an enrolment that was merged into theirs."""
    aliases = evening.absorbed.get(number, ())
    mailings = evening.snapshot.mailings.values()
    return any(
        m.number in aliases and m.template is template and m.state is MailState.SENT
        for m in mailings
    )


def _attendees(evening: Evening, meeting: Meeting, before: datetime) -> Iterator[Enrolment]:
    """Yield who was confirmed for a meeting before an instant."""
    for enrolment in evening.enrolments.values():
        since = evening.since.get(enrolment.number)
        ours = fold(enrolment.cohort) == fold(meeting.cohort)
        if _is_here(enrolment) and ours and (since is None or since < before):
            yield enrolment


def _is_here(enrolment: Enrolment) -> bool:
    return enrolment.status is Status.CONFIRMED


def _tell_moves(evening: Evening) -> Iterator[Wanted]:
    """Tell of meetings that tonight are at another time or place, or off.

    Whoever's confirmation has not left yet hears of them in it, as they are then: a run that was
    cut off may have confirmed them, and not come to the meetings.
    """
    zone = evening.snapshot.zone
    to_hear = {
        m.number
        for m in evening.snapshot.mailings.values()
        if m.template is Template.CONFIRMATION and m.state in OPEN
    }
    for meeting in evening.meetings:
        told = evening.moved.get(meeting.number or 0)
        if told is None:
            continue
        cancelled = meeting.state is MeetingState.CANCELLED
        starts = [s for s in (starts_at(meeting, zone), told_start(told, zone)) if s is not None]
        for enrolment in _attendees(evening, meeting, evening.now):
            if enrolment.number in to_hear:
                continue
            yield Wanted(
                to=enrolment,
                template=Template.CANCELLED if cancelled else Template.MOVED,
                occasion=occasion_of(meeting),
                about=told,
                expires_at=max(starts, default=None),
                meeting=meeting.row,
            )


def _remind(evening: Evening) -> Iterator[Wanted]:
    """Remind of the meetings that are near those who were not just told of them."""
    soon, lately = evening.now + evening.post.remind, evening.now - _FRESH
    moved = {
        (m.number, m.occasion)
        for m in evening.snapshot.mailings.values()
        if m.template is Template.MOVED and m.planned_at > lately
    }
    for meeting in evening.meetings:
        begins = starts_at(meeting, evening.snapshot.zone)
        on = meeting.state is MeetingState.PLANNED and meeting.number not in evening.moved
        if not on or begins is None or not evening.now < begins <= soon:
            continue
        occasion = occasion_of(meeting)
        for enrolment in _attendees(evening, meeting, lately):
            if (enrolment.number, occasion) in moved:
                continue
            yield Wanted(
                to=enrolment,
                template=Template.REMINDER,
                occasion=occasion,
                expires_at=begins,
            )


def _call_last(evening: Evening) -> Iterator[Wanted]:
    """Remind those whose offer ends before the night after next, if they have had it for a while."""
    for enrolment in evening.enrolments.values():
        sent = evening.snapshot.sendings.get((enrolment.number, enrolment.offer))
        deadline = enrolment.deadline
        if enrolment.status is not Status.OFFERED or sent is None or deadline is None:
            continue
        near = timedelta() < deadline - evening.now <= _LAST_CALL
        if near and evening.now - sent >= _FRESH:
            yield Wanted(
                to=enrolment,
                template=Template.LAST_CALL,
                occasion=str(enrolment.offer),
                expires_at=deadline,
            )


def _thank(evening: Evening) -> Iterator[Wanted]:
    """Write to who came, and to who did not, once the roll is called; never where it is unknown."""
    templates = {Presence.PRESENT: Template.THANKS, Presence.ABSENT: Template.MISSED_YOU}
    for attendance in evening.attendances:
        begins = starts_at(attendance.meeting, evening.snapshot.zone)
        recent = begins is not None and begins < evening.now <= begins + THANKED_FOR
        if not (recent and attendance.roll.called):
            continue
        for number, presence in attendance.presences.items():
            enrolment = evening.enrolments.get(number)
            template = templates.get(presence)
            if template and enrolment and _is_here(enrolment):
                occasion = str(attendance.meeting.number)
                yield Wanted(to=enrolment, template=template, occasion=occasion)


def _say_goodbye(evening: Evening) -> Iterator[Wanted]:
    """Write to who came at all, once every roll of a cohort is called."""
    by_cohort: defaultdict[str, list[Attendance]] = defaultdict(list)
    for attendance in evening.attendances:
        by_cohort[fold(attendance.meeting.cohort)].append(attendance)
    for code, attendances in by_cohort.items():
        if not _is_over(evening, code, attendances):
            continue
        came = {
            number
            for attendance in attendances
            for number, presence in attendance.presences.items()
            if presence is Presence.PRESENT
        }
        for number in sorted(came):
            enrolment = evening.enrolments.get(number)
            if enrolment and _is_here(enrolment):
                yield Wanted(to=enrolment, template=Template.FAREWELL, occasion=code)


def _is_over(evening: Evening, code: str, attendances: Collection[Attendance]) -> bool:
    """Tell whether a cohort's last meeting is past, lately, and every roll was called."""
    starts = [
        starts_at(meeting, evening.snapshot.zone)
        for meeting in evening.meetings
        if fold(meeting.cohort) == code and meeting.state is not MeetingState.CANCELLED
    ]
    last = max((start for start in starts if start is not None), default=None)
    if last is None or None in starts:
        return False
    lately = last < evening.now <= last + FAREWELL_FOR
    called = all(attendance.roll.called for attendance in attendances)
    return lately and called and len(attendances) == len(starts)


def _announce_cohorts(evening: Evening) -> Iterator[Wanted]:
    """Tell those who agreed to it that the next cohort opens, unless they are in it."""
    opened = [cohort for cohort in evening.snapshot.cohorts if _has_opened(cohort, evening.now)]
    for cohort in opened:
        for enrolments in evening.people.values():
            invited = _whom_to_invite(enrolments, cohort)
            if invited is not None:
                yield Wanted(
                    to=invited,
                    template=Template.NEXT_COHORT,
                    occasion=fold(cohort.code),
                    expires_at=cohort.closes,
                    others=tuple(e.number for e in enrolments if e.number != invited.number),
                )


def _has_opened(cohort: Cohort, now: datetime) -> bool:
    opens = cohort.opens
    return bool(cohort.follows) and opens is not None and opens <= now and cohort.admits(now)


def _whom_to_invite(enrolments: Sequence[Enrolment], cohort: Cohort) -> Enrolment | None:
    """Return the enrolment under which somebody is told of a cohort; None where they are in it."""
    if is_in(enrolments, cohort.code):
        return None
    standing = STANDING[Template.NEXT_COHORT]
    told = [e for e in enrolments if e.status in standing and is_reachable(e)]
    return max(told, key=lambda e: e.number, default=None)


def _tell_committee(evening: Evening) -> Iterator[Wanted]:
    """Send the committee its digest, where there is something to read."""
    if evening.awaited and evening.post.digest:
        day = evening.now.astimezone(evening.snapshot.zone).date().isoformat()
        yield Wanted(to=None, template=Template.DIGEST, occasion=day)


_KINDS: Final = (
    _tell_transitions,
    _tell_moves,
    _remind,
    _call_last,
    _thank,
    _say_goodbye,
    _announce_cohorts,
    _tell_committee,
)
