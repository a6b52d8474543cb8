"""A message of the ledger becomes a letter: what it says, as things stand when it leaves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation.core.announcements import is_off, read_told
from automation.core.attendance import Presences, read_attendances, starts_at, tally
from automation.core.explain import after_plan
from automation.core.instants import from_wall
from automation.core.letters import Attachment, Letter, Template, ToCommittee, ToPerson
from automation.core.mailing import agrees_to_news
from automation.core.model import Enrolment, Meeting, MeetingState, Number
from automation.core.replies import make_code
from automation.core.rules import Language
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from automation.core.ledger import Mailing
    from automation.core.letters import Section
    from automation.core.model import Cohort
    from automation.core.plan import Plan
    from automation.core.rules import PostRules, Rules
    from automation.core.snapshot import Snapshot

_SATURDAY: Final = 5
_MORNING: Final = time(8)
_NOON: Final = time(12)
_ALL_DATES: Final = frozenset(
    {Template.CONFIRMATION, Template.OFFER, Template.CANCELLED, Template.THANKS}
)
_TAKEN_OUT: Final = frozenset({Template.WITHDRAWN, Template.REMOVED})
_ABOUT_MEETING: Final = frozenset(
    {
        Template.REMINDER,
        Template.MOVED,
        Template.CANCELLED,
        Template.THANKS,
        Template.MISSED_YOU,
    }
)
_ENGLISH: Final = frozenset({"en", "eng", "english", "anglais"})


class Desk(Struct, frozen=True, kw_only=True):
    """What letters are written from: the programme as the night leaves it.

    Attributes:
        committee: Where the digest goes, in order; the first is its recipient.
        sections: What it says.
        link: The spreadsheet's address; "" where it has none.
    """

    enrolments: Mapping[Number, Enrolment]
    cohorts: Mapping[str, Cohort]
    meetings: Mapping[int, Meeting]
    presences: Mapping[Number, Presences]
    committee: tuple[str, ...]
    sections: tuple[Section, ...]
    link: str
    rules: Rules
    post: PostRules
    zone: ZoneInfo
    now: datetime

    def cohort_of(self, enrolment: Enrolment) -> Cohort | None:
        """Return somebody's cohort; None where its row is gone."""
        return self.cohorts.get(fold(enrolment.cohort))


def open_desk(  # noqa: PLR0913 - what is there, what changes, and who writes
    snapshot: Snapshot,
    plan: Plan,
    rules: Rules,
    post: PostRules,
    *,
    committee: Sequence[str] = (),
    link: str = "",
) -> Desk:
    """Return what tonight's letters are written from."""
    numbers = {change.meeting.row: change.number for change in plan.meetings}
    sequences = {change.meeting.row: change.sequence for change in plan.meetings}
    meetings = [
        Meeting(
            row=m.row,
            number=numbers.get(m.row, m.number),
            cohort=m.cohort,
            day=m.day,
            start=m.start,
            end=m.end,
            theme=m.theme,
            place=m.place,
            host=m.host,
            state=m.state,
            sequence=sequences.get(m.row, m.sequence),
        )
        for m in snapshot.meetings
    ]
    return Desk(
        enrolments=after_plan(snapshot, plan),
        cohorts={fold(cohort.code): cohort for cohort in snapshot.cohorts},
        meetings={m.number: m for m in meetings if m.number is not None},
        presences=tally(read_attendances(snapshot)),
        committee=tuple(committee),
        sections=plan.sections,
        link=link,
        rules=rules,
        post=post,
        zone=snapshot.zone,
        now=plan.now,
    )


def write_letter(
    mailing: Mailing, desk: Desk, attachments: tuple[Attachment, ...] = ()
) -> Letter | None:
    """Return what a message says; None where whom it is about is no longer known.

    Args:
        mailing: With the deadline that an offer's message promises.
        attachments: What goes with it.
    """
    if mailing.number is None:
        return _to_committee(mailing, desk)
    enrolment = desk.enrolments.get(mailing.number)
    if enrolment is None:
        return None
    return Letter(
        key=mailing.key,
        template=mailing.template,
        language=language_of(enrolment, desk.rules),
        written_at=desk.now,
        address=enrolment.email,
        name=enrolment.name,
        reference=mailing.reference,
        details=_tell(mailing, enrolment, desk),
        attachments=attachments,
    )


def _to_committee(mailing: Mailing, desk: Desk) -> Letter | None:
    if not desk.committee:
        return None
    return Letter(
        key=mailing.key,
        template=mailing.template,
        language=desk.rules.language,
        written_at=desk.now,
        address=desk.committee[0],
        reference=mailing.reference,
        details=ToCommittee(
            night=date.fromisoformat(mailing.occasion), sections=desk.sections, link=desk.link
        ),
    )


def _tell(mailing: Mailing, enrolment: Enrolment, desk: Desk) -> ToPerson:
    template = mailing.template
    about = mailing.occasion if template is Template.NEXT_COHORT else enrolment.cohort
    cohort = desk.cohorts.get(fold(about))
    meeting = _meeting(mailing, desk)
    came = desk.presences.get(enrolment.number, Presences())
    farewell = template is Template.FAREWELL
    news = farewell and agrees_to_news(_of_person(enrolment, desk))
    return ToPerson(
        first_name=enrolment.first_name,
        number=enrolment.number,
        cohort=(cohort.name or cohort.code) if cohort else enrolment.cohort,
        rank=enrolment.rank if template is Template.WAITING else None,
        deadline=_deadline(mailing, enrolment),
        meeting=meeting,
        previous=_previous(mailing, meeting),
        meetings=_meetings_to_come(template, enrolment, desk),
        attended=came.present if farewell else None,
        held=_count_held(enrolment, desk) if farewell else None,
        opens=cohort.opens if cohort and template is Template.NEXT_COHORT else None,
        closes=cohort.closes if cohort and template is Template.NEXT_COHORT else None,
        place_link=_place_link(enrolment, desk),
        form_link=desk.post.form_url,
        survey_link=desk.post.survey_url if news else "",
    )


def _deadline(mailing: Mailing, enrolment: Enrolment) -> datetime | None:
    if mailing.template is Template.OFFER:
        return mailing.deadline
    last = mailing.template is Template.LAST_CALL
    return (enrolment.deadline or mailing.deadline) if last else None


def _meeting(mailing: Mailing, desk: Desk) -> Meeting | None:
    """Return the meeting that a message is about, as it has to tell of it."""
    if mailing.template not in _ABOUT_MEETING:
        return None
    meeting = desk.meetings.get(int(mailing.occasion.partition(".")[0]))
    if meeting is None:
        return None
    if mailing.template is Template.CANCELLED:
        # As people have it in their calendar, whatever else was changed in its row.
        return replace(read_told(mailing.about, meeting) or meeting, sequence=meeting.sequence)
    if mailing.template is Template.MOVED and meeting.state is MeetingState.POSTPONED:
        return replace(meeting, day=None, start=None, end=None)
    return meeting


def _previous(mailing: Mailing, meeting: Meeting | None) -> Meeting | None:
    """Return a meeting as people knew it; None where they knew that it would not be held."""
    if meeting is None or not mailing.about or is_off(mailing.about):
        return None
    return read_told(mailing.about, meeting)


def _meetings_to_come(template: Template, enrolment: Enrolment, desk: Desk) -> tuple[Meeting, ...]:
    """Return the meetings of somebody's cohort that a message tells of, in order of time."""
    if template not in _ALL_DATES | _TAKEN_OUT:
        return ()
    coming = []
    for meeting in desk.meetings.values():
        begins = starts_at(meeting, desk.zone)
        held = meeting.state is MeetingState.PLANNED and begins is not None and begins > desk.now
        if held and fold(meeting.cohort) == fold(enrolment.cohort):
            coming.append((begins, meeting.number or 0, meeting))
    return tuple(meeting for _, _, meeting in sorted(coming, key=lambda one: one[:2]))


def _count_held(enrolment: Enrolment, desk: Desk) -> int:
    """Return how many meetings of somebody's cohort there were."""
    starts = (
        starts_at(meeting, desk.zone)
        for meeting in desk.meetings.values()
        if fold(meeting.cohort) == fold(enrolment.cohort)
        and meeting.state is not MeetingState.CANCELLED
    )
    return sum(start is not None and start < desk.now for start in starts)


def _of_person(enrolment: Enrolment, desk: Desk) -> list[Enrolment]:
    return [one for one in desk.enrolments.values() if one.person == enrolment.person]


def _place_link(enrolment: Enrolment, desk: Desk) -> str:
    """Return the link to "Ma place" that is somebody's own."""
    form = desk.rules.place_form
    if form is None or not desk.post.place_url:
        return ""
    code = make_code(enrolment.number, enrolment.offer, form.secret)
    return desk.post.place_url.replace("CODE", code)


def language_of(enrolment: Enrolment, rules: Rules) -> Language:
    """Return in which language somebody is written to: English only where they asked for it.

    By an answer such as "English", "en anglais" or "EN": the first word counts, or the one after
    "en" or "in".
    """
    keys = [field.key for field in rules.fields.extra]
    told = dict(zip(keys, enrolment.extra, strict=False)).get("language", "")
    words = fold(told).split()
    asked = words[1] if len(words) > 1 and words[0] in {"en", "in"} else "".join(words[:1])
    return Language.ENGLISH if asked in _ENGLISH else Language.FRENCH


def promise(now: datetime, window: timedelta, post: PostRules, zone: ZoneInfo) -> datetime:
    """Return until when an offer that is made known now may be accepted.

    At least the window, to the end of its minute. Where the committee keeps hours it ends in them;
    elsewhere at noon rather than in the small hours, when nobody reads mail.
    """
    wall = (now + window).astimezone(zone).replace(tzinfo=None)
    if wall.second or wall.microsecond:
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if post.hours is not None:
        wall = _in_hours(wall, *post.hours)
    elif wall.time() < _MORNING:
        wall = datetime.combine(wall.date(), _NOON)
    return from_wall(wall, zone)


def _in_hours(wall: datetime, opens: time, closes: time) -> datetime:
    """Return the next end of a working day's hours, unless the moment falls in such hours itself."""
    while True:
        if wall.weekday() < _SATURDAY:
            if opens <= wall.time() <= closes:
                return wall
            if wall.time() < opens:
                return datetime.combine(wall.date(), closes)
        wall = datetime.combine(wall.date() + timedelta(days=1), time())
