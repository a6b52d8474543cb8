"""What is to be written to whom tonight.

What happens to an enrolment is told by the message of its last transition, claimed together with it;
what the calendar brings (reminders, thanks) is due while its time lasts and the ledger does not have
it. The key of a message is made of whom and what it is about, so that nothing is planned twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from automation import locale
from automation.core.attendance import starts_at
from automation.core.identity import valid_email
from automation.core.instants import as_shown
from automation.core.ledger import (
    OPEN,
    MailAction,
    Mailing,
    MailRow,
    MailState,
    count_left,
    mail_key,
    make_reference,
)
from automation.core.letters import Template
from automation.core.model import MOVES, Enrolment, MeetingState, Number, Status, phrase
from automation.core.roll import Presence
from automation.core.text import clip, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from automation.core.attendance import Attendance
    from automation.core.model import Cohort, Event, Meeting, Phrase
    from automation.core.rules import PostRules, Rules
    from automation.core.snapshot import Snapshot

THANKED_FOR: Final = timedelta(days=7)
"""How long after a meeting its roll still leads to thanks."""

FAREWELL_FOR: Final = timedelta(days=21)
"""How long after the last meeting of a cohort people are still told goodbye."""

_LAST_CALL: Final = timedelta(hours=26)
"""How long before an offer ends its last call is due: a night earlier, whichever the hour."""

_FRESH_OFFER: Final = timedelta(hours=20)
"""An offer that people have had for less long needs no last call."""

_TELLS = {
    Status.CONFIRMED: Template.CONFIRMATION,
    Status.WAITING: Template.WAITING,
    Status.OFFERED: Template.OFFER,
    Status.EXPIRED: Template.EXPIRED,
    Status.DECLINED: Template.WITHDRAWN,
    Status.WITHDRAWN: Template.WITHDRAWN,
    Status.REMOVED: Template.REMOVED,
}
"""The message that tells of a status; the others are told by nobody but the committee."""

_ENDED = frozenset({Status.WITHDRAWN, Status.DECLINED})
_STANDING: dict[Template, frozenset[Status]] = {
    Template.CONFIRMATION: frozenset({Status.CONFIRMED}),
    Template.WAITING: frozenset({Status.WAITING}),
    Template.OFFER: frozenset({Status.OFFERED}),
    Template.LAST_CALL: frozenset({Status.OFFERED}),
    Template.EXPIRED: frozenset({Status.EXPIRED}),
    Template.WITHDRAWN: _ENDED,
    Template.REMOVED: frozenset({Status.REMOVED}),
    Template.NEXT_COHORT: frozenset(
        {Status.WAITING, Status.CONFIRMED, Status.EXPIRED, Status.NOT_ADMITTED}
    ),
}
"""Which status a message still has to find when it leaves; being confirmed, for the others."""

_REFUSALS = ("non", "no", "je refuse", "je n accepte pas", "i do not", "i don t")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChange:
    """One more line of the ledger.

    Attributes:
        unit: The enrolment whose change it goes with; None for what goes by itself.
        meeting: The row in Rencontres whose change it goes with; None likewise.
    """

    after: Mailing
    unit: Number | None = None
    meeting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan:
    """What a night does about mail.

    Attributes:
        changes: Lines of the ledger, in order.
        rows: Rows of Courriels that differ, as they are (None for new ones) and as they should be.
        due: Messages to let leave, the most urgent first, within the day's cap.
        limbo: Messages that a run may have let leave before it was cut off.
        stale: Keys of those in limbo that must not leave any more, if they did not.
        known: The ledger as it stood before tonight.
        waiting: How many wait for an organiser's approval.
        over_cap: How many wait for tomorrow.
    """

    changes: tuple[MailChange, ...] = ()
    rows: tuple[tuple[MailRow | None, MailRow], ...] = ()
    due: tuple[Mailing, ...] = ()
    limbo: tuple[Mailing, ...] = ()
    stale: frozenset[str] = frozenset()
    known: Mapping[str, Mailing] = field(default_factory=dict, repr=False)
    waiting: int = 0
    over_cap: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write and nothing to send."""
        return not (self.changes or self.rows or self.due or self.limbo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What a night knows when it turns to its mail.

    Attributes:
        enrolments: Everybody as they will be.
        events: What happens to each tonight.
        meetings: Those that have a number, as they stand in Rencontres.
        moved: What people knew of the meetings that moved or were cancelled, by number.
        units: With which lower enrolment some are written.
        awaited: Whether the committee should read tonight's digest.
    """

    snapshot: Snapshot
    enrolments: Mapping[Number, Enrolment]
    events: Mapping[Number, Sequence[Event]] = field(default_factory=dict)
    meetings: Sequence[Meeting] = ()
    moved: Mapping[int, str] = field(default_factory=dict)
    attendances: Sequence[Attendance] = ()
    since: Mapping[Number, datetime] = field(default_factory=dict)
    units: Mapping[Number, Number] = field(default_factory=dict)
    awaited: bool = False
    rules: Rules
    now: datetime


def plan_mail(evening: Evening) -> MailPlan:
    """Decide what is to be written to whom, what leaves tonight, and what Courriels shows."""
    post = evening.rules.post
    if post is None:
        return MailPlan()
    book = _Book(dict(evening.snapshot.mailings), evening.now)
    seen = _apply_actions(book, evening, post)
    _let_lapse(book, evening)
    for wanted in _list_wanted(evening, post):
        book.add(wanted)
    due, over_cap = _list_due(book, post, evening.now)
    rows = _list_rows(book, evening, seen)
    waiting = sum(m.state in OPEN and not _may_leave(m, post) for m in book.mailings.values())
    limbo = tuple(m for m in book.mailings.values() if m.state is MailState.SENDING)
    return MailPlan(
        changes=tuple(book.changes),
        rows=rows,
        due=due,
        limbo=limbo,
        known=evening.snapshot.mailings,
        stale=frozenset(
            m.key for m in limbo if m.expires_at <= evening.now or not _holds(m, evening)
        ),
        waiting=waiting,
        over_cap=over_cap,
    )


def plan_actions(
    snapshot: Snapshot, wanted: Mapping[str, MailAction], rules: Rules, now: datetime
) -> MailPlan:
    """Decide what an organiser's commands change in the ledger, as their column Action would."""
    if rules.post is None:
        return MailPlan()
    rows = tuple(
        replace(row, action=wanted[row.key], action_seen=None)
        for row in snapshot.mail_rows
        if row.key in wanted
    )
    evening = Evening(
        snapshot=replace(snapshot, mail_rows=rows),
        enrolments={enrolment.number: enrolment for enrolment in snapshot.register},
        rules=rules,
        now=now,
    )
    book = _Book(dict(snapshot.mailings), now)
    _apply_actions(book, evening, rules.post)
    return MailPlan(
        changes=tuple(book.changes),
        rows=_list_rows(book, replace(evening, snapshot=snapshot), {}),
    )


@dataclass(slots=True)
class _Book:
    """The ledger while a night works on it."""

    mailings: dict[str, Mailing]
    now: datetime
    changes: list[MailChange] = field(default_factory=list)

    def add(self, change: MailChange) -> None:
        """Plan a message, unless the ledger has it."""
        if change.after.key not in self.mailings:
            self.mailings[change.after.key] = change.after
            self.changes.append(change)

    def tell(self, key: str, state: MailState, error: str = "") -> None:
        """Add a line about a message."""
        self.mailings[key] = told = self.mailings[key].tell(state, self.now, error=error)
        self.changes.append(MailChange(after=told))


def _apply_actions(book: _Book, evening: Evening, post: PostRules) -> dict[str, MailAction | None]:
    """Do what organisers ask for in Courriels; return the actions that are handled now, by key."""
    seen: dict[str, MailAction | None] = {}
    for row in evening.snapshot.mail_rows:
        if row.action is row.action_seen or row.key not in book.mailings:
            continue
        seen[row.key] = row.action
        mailing = book.mailings[row.key]
        if row.action is MailAction.APPROVE and mailing.state in OPEN:
            book.tell(row.key, MailState.APPROVED)
        elif row.action is MailAction.HOLD and mailing.state in OPEN:
            book.tell(row.key, MailState.HELD)
        elif row.action is MailAction.GONE and mailing.state is not MailState.SENT:
            book.tell(row.key, MailState.SENT)
        elif row.action is MailAction.RESEND:
            _send_again(book, mailing, evening, post)
    return seen


def _send_again(book: _Book, mailing: Mailing, evening: Evening, post: PostRules) -> None:
    """Plan another attempt at a message, under a key of its own."""
    attempt = 1 + max(
        other.attempt
        for other in book.mailings.values()
        if other.key.partition(".")[0] == mailing.key.partition(".")[0]
    )
    key = mail_key(mailing.number, mailing.template, mailing.occasion, attempt)
    if mailing.state is not MailState.SENT:
        words = locale.text(evening.rules.language, "mailing.again")
        book.tell(mailing.key, MailState.FAILED, words)
    again = replace(
        mailing,
        key=key,
        reference=_reference(evening, mailing.number, key),
        attempt=attempt,
        planned_at=evening.now,
        expires_at=evening.now + post.policies[mailing.template].expires,
        at=evening.now,
        state=MailState.APPROVED,
        step=1,
        draft="",
        thread="",
        deadline=None,
        error="",
    )
    book.add(MailChange(after=again))


def _let_lapse(book: _Book, evening: Evening) -> None:
    """Let messages expire that come too late, or tell what is no longer true."""
    for mailing in list(book.mailings.values()):
        if mailing.state not in OPEN:
            continue
        if mailing.expires_at <= evening.now:
            book.tell(mailing.key, MailState.EXPIRED, _say(evening, "mailing.late"))
        elif not _holds(mailing, evening):
            book.tell(mailing.key, MailState.EXPIRED, _say(evening, "mailing.untrue"))


def _say(evening: Evening, code: str) -> str:
    return locale.text(evening.rules.language, code)


def _holds(mailing: Mailing, evening: Evening) -> bool:
    """Tell whether a message still tells the truth, to somebody who may be written to."""
    if mailing.number is None:
        return True
    enrolment = evening.enrolments.get(mailing.number)
    if enrolment is None:
        return False
    confirmed = frozenset({Status.CONFIRMED})
    if enrolment.status not in _STANDING.get(mailing.template, confirmed):
        return False
    if mailing.template in {Template.OFFER, Template.LAST_CALL}:
        return mailing.occasion == str(enrolment.offer)
    meetings = {_occasion(meeting) for meeting in evening.meetings}
    about_meeting = {Template.REMINDER, Template.MOVED, Template.CANCELLED}
    return mailing.template not in about_meeting or mailing.occasion in meetings


def _list_wanted(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    """Yield the messages that tonight, or the calendar, calls for."""
    yield from _tell_transitions(evening, post)
    yield from _tell_moves(evening, post)
    yield from _remind(evening, post)
    yield from _call_last(evening, post)
    yield from _thank(evening, post)
    yield from _say_goodbye(evening, post)
    yield from _announce_cohorts(evening, post)
    if evening.awaited and post.digest:
        day = evening.now.astimezone(evening.snapshot.zone).date().isoformat()
        yield _plan(evening, post, None, Template.DIGEST, day)


def _plan(  # noqa: PLR0913 - to whom, about what, and until when
    evening: Evening,
    post: PostRules,
    enrolment: Enrolment | None,
    template: Template,
    occasion: str,
    *,
    expires_at: datetime | None = None,
    meeting: int | None = None,
    about: str = "",
) -> MailChange:
    number = enrolment.number if enrolment else None
    key = mail_key(number, template, occasion)
    latest = evening.now + post.policies[template].expires
    return MailChange(
        after=Mailing(
            key=key,
            number=number,
            template=template,
            occasion=occasion,
            about=about,
            planned_at=evening.now,
            expires_at=min(latest, expires_at) if expires_at else latest,
            reference=_reference(evening, number, key),
            # The committee need not approve what it writes to itself.
            state=MailState.PLANNED if enrolment else MailState.APPROVED,
            at=evening.now,
        ),
        unit=evening.units.get(number, number) if number and number in evening.events else None,
        meeting=meeting,
    )


def _reference(evening: Evening, number: Number | None, key: str) -> str:
    enrolment = evening.enrolments.get(number) if number else None
    cohort = enrolment.cohort if enrolment else ""
    return make_reference(cohort, number, key)


def _reachable(enrolment: Enrolment) -> bool:
    return bool(valid_email(enrolment.email)) and not enrolment.frozen


def _tell_transitions(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    """Tell everybody what became of them tonight, if that is another state than before."""
    before = {enrolment.number: enrolment for enrolment in evening.snapshot.register}
    for number, events in evening.events.items():
        moves = [event for event in events if event.kind in MOVES]
        enrolment, row = evening.enrolments[number], before.get(number)
        template = _TELLS.get(enrolment.status)
        changed = row is None or (row.status, row.offer) != (enrolment.status, enrolment.offer)
        if not moves or template is None or not changed or not _reachable(enrolment):
            continue
        if enrolment.status is Status.WAITING and enrolment.hold is not None:
            continue  # the committee talks to them
        if enrolment.status is Status.OFFERED and enrolment.deadline is not None:
            continue  # it has
        offered = enrolment.status is Status.OFFERED
        occasion = str(enrolment.offer if offered else moves[-1].state.step)
        yield _plan(evening, post, enrolment, template, occasion)


def _attendees(evening: Evening, meeting: Meeting) -> Iterator[Enrolment]:
    """Yield who was confirmed for a meeting before tonight, and can be written to."""
    for enrolment in evening.enrolments.values():
        since = evening.since.get(enrolment.number)
        if (
            enrolment.status is Status.CONFIRMED
            and fold(enrolment.cohort) == fold(meeting.cohort)
            and (since is None or since < evening.now)
            and _reachable(enrolment)
        ):
            yield enrolment


def _tell_moves(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    """Tell of meetings that tonight are at another time or place, or off."""
    for meeting in evening.meetings:
        told = evening.moved.get(meeting.number or 0)
        if told is None:
            continue
        off = meeting.state is not MeetingState.PLANNED
        for enrolment in _attendees(evening, meeting):
            yield _plan(
                evening,
                post,
                enrolment,
                Template.CANCELLED if off else Template.MOVED,
                _occasion(meeting),
                meeting=meeting.row,
                about=told,
            )


def _occasion(meeting: Meeting) -> str:
    return f"{meeting.number}.{meeting.sequence}"


def _remind(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    for meeting in evening.meetings:
        begins = starts_at(meeting, evening.snapshot.zone)
        if begins is None or meeting.state is not MeetingState.PLANNED:
            continue
        if (
            evening.now < begins <= evening.now + post.remind
            and meeting.number not in evening.moved
        ):
            for enrolment in _attendees(evening, meeting):
                yield _plan(
                    evening,
                    post,
                    enrolment,
                    Template.REMINDER,
                    _occasion(meeting),
                    expires_at=begins,
                )


def _call_last(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    """Remind those whose offer ends before the night after next, if they have had it for a while."""
    for enrolment in evening.enrolments.values():
        sent = evening.snapshot.sendings.get((enrolment.number, enrolment.offer))
        deadline = enrolment.deadline
        if enrolment.status is not Status.OFFERED or sent is None or deadline is None:
            continue
        near = timedelta() < deadline - evening.now <= _LAST_CALL
        if near and evening.now - sent >= _FRESH_OFFER and _reachable(enrolment):
            occasion = str(enrolment.offer)
            yield _plan(evening, post, enrolment, Template.LAST_CALL, occasion, expires_at=deadline)


def _thank(evening: Evening, post: PostRules) -> Iterator[MailChange]:
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
                yield _plan(evening, post, enrolment, template, occasion)


def _is_here(enrolment: Enrolment) -> bool:
    return enrolment.status is Status.CONFIRMED and _reachable(enrolment)


def _say_goodbye(evening: Evening, post: PostRules) -> Iterator[MailChange]:
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
                yield _plan(evening, post, enrolment, Template.FAREWELL, code)


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


def _announce_cohorts(evening: Evening, post: PostRules) -> Iterator[MailChange]:
    """Tell those who agreed to it that the next cohort opens, unless they are in it."""
    opened = [cohort for cohort in evening.snapshot.cohorts if _has_opened(cohort, evening.now)]
    people: defaultdict[Number, list[Enrolment]] = defaultdict(list)
    for enrolment in evening.enrolments.values() if opened else ():
        people[enrolment.person].append(enrolment)
    for cohort in opened:
        for enrolments in people.values():
            invited = _whom_to_invite(enrolments, cohort)
            if invited is not None:
                yield _plan(
                    evening,
                    post,
                    invited,
                    Template.NEXT_COHORT,
                    fold(cohort.code),
                    expires_at=cohort.closes,
                )


def _has_opened(cohort: Cohort, now: datetime) -> bool:
    opens = cohort.opens
    return bool(cohort.follows) and opens is not None and opens <= now and cohort.admits(now)


def _whom_to_invite(enrolments: Sequence[Enrolment], cohort: Cohort) -> Enrolment | None:
    """Return the enrolment under which somebody is told of a cohort; None not to tell them."""
    if any(fold(e.cohort) == fold(cohort.code) for e in enrolments):
        return None
    if any(e.status is Status.REMOVED for e in enrolments) or not agrees_to_news(enrolments):
        return None
    standing = _STANDING[Template.NEXT_COHORT]
    told = [e for e in enrolments if e.status in standing and _reachable(e)]
    return max(told, key=lambda e: e.number, default=None)


def agrees_to_news(enrolments: Iterable[Enrolment]) -> bool:
    """Tell whether a person, given all their enrolments, may be sent more than service messages.

    Their consent must be recorded, in the form or by an organiser, and nothing taken back since.
    """
    said = list(enrolments)
    if any(e.opted_out or e.communications is False for e in said):
        return False
    return any(e.communications or _consents(e.consent) for e in said)


def _consents(text: str) -> bool:
    words = fold(text)
    return bool(words) and not any(f"{words} ".startswith(f"{no} ") for no in _REFUSALS)


def _may_leave(mailing: Mailing, post: PostRules) -> bool:
    automatic = post.automatic and mailing.state is MailState.PLANNED
    return automatic or mailing.state is MailState.APPROVED


def _list_due(book: _Book, post: PostRules, now: datetime) -> tuple[tuple[Mailing, ...], int]:
    """Return what leaves tonight, the most urgent first, and how many more than the cap allows."""
    ready = [mailing for mailing in book.mailings.values() if _may_leave(mailing, post)]
    ready.sort(key=lambda m: (post.policies[m.template].priority, m.planned_at, m.key))
    room = max(0, post.daily_cap - count_left(book.mailings.values(), now))
    return tuple(ready[:room]), len(ready[room:])


def _list_rows(
    book: _Book, evening: Evening, seen: Mapping[str, MailAction | None]
) -> tuple[tuple[MailRow | None, MailRow], ...]:
    """Return the rows of Courriels that differ from the ledger."""
    before = {row.key: row for row in evening.snapshot.mail_rows}
    changes = []
    for key, mailing in book.mailings.items():
        row = before.get(key)
        after = show_mailing(mailing, row, evening.enrolments, evening.rules, evening.snapshot.zone)
        if key in seen:
            after = replace(after, action_seen=seen[key])
        if after != row:
            changes.append((row, after))
    return tuple(changes)


def show_mailing(
    mailing: Mailing,
    row: MailRow | None,
    enrolments: Mapping[Number, Enrolment],
    rules: Rules,
    zone: ZoneInfo,
) -> MailRow:
    """Return the row that shows a message; what is the organisers' stays as it is."""
    post = rules.post
    to = enrolments.get(mailing.number) if mailing.number is not None else None
    language = rules.language
    asks = mailing.state is MailState.UNKNOWN or (
        mailing.state in OPEN and post is not None and not _may_leave(mailing, post)
    )
    left = mailing.state in OPEN | {MailState.SENDING}
    return MailRow(
        key=mailing.key,
        number=mailing.number,
        to=_show_recipient(to, language) if mailing.number is not None else _committee(language),
        template=mailing.template.value,
        occasion=mailing.occasion,
        subject=locale.say(language, describe(mailing)),
        state=mailing.state,
        planned_at=as_shown(mailing.planned_at, zone),
        sent_at=as_shown(mailing.at, zone) if mailing.state is MailState.SENT else None,
        expires_at=as_shown(mailing.expires_at, zone) if left else None,
        reference=mailing.reference,
        error=mailing.error,
        urgency=0 if asks else 1 if left else 2,
        action=row.action if row else None,
        action_seen=row.action_seen if row else None,
    )


def _show_recipient(enrolment: Enrolment | None, language: str) -> str:
    if enrolment is None:
        return locale.text(language, "mailing.nobody")
    return f"{clip(enrolment.name)} <{clip(enrolment.email)}>"


def _committee(language: str) -> str:
    return locale.text(language, "mailing.committee")


def describe(mailing: Mailing) -> Phrase:
    """Return what a message is about, in words."""
    meeting = mailing.occasion.partition(".")[0]
    return phrase(f"mailing.{mailing.template.value}", occasion=meeting)
