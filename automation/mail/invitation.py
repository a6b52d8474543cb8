"""Meetings for people's calendars: an iCalendar file (RFC 5545) beside the message.

The file is published (METHOD:PUBLISH, RFC 5546, 3.2.1), with an organiser and nobody invited by
name: people already answer in "Ma place", and a calendar's own yes or no would reach nobody. It is
an ordinary attachment, for Outlook does not take PUBLISH as a part of the message itself
(MS-STANOICAL, 2.2.175). Apple and Google add all the events of a file; Outlook opens several as a
calendar of their own. So a confirmation carries all the meetings, and each reminder its own again:
under the same UID nothing doubles.

A changed or cancelled meeting is the same UID with a higher SEQUENCE; where only somebody's own
place came or went, the later DTSTAMP tells (RFC 5546, 2.1.5). Not every program minds
STATUS:CANCELLED in a published file, so the title says it too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vCalAddress
from msgspec.structs import replace

from automation import locale
from automation.core.letters import Attachment, Template, ToPerson
from automation.core.model import MeetingState
from automation.core.text import clip, tidy
from automation.mail.timezone import make_timezone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.letters import Letter
    from automation.core.model import Meeting
    from automation.core.rules import Language
    from automation.mail.office import Office

CALENDAR_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_PRODUCT = "-//Cohorte//Cohorte 1//FR"
_DAY = timedelta(days=1)
_TITLE_LENGTH = 200
_ENDED = frozenset({Template.WITHDRAWN, Template.REMOVED})


def make_invitation(letter: Letter, office: Office, language: Language) -> Attachment | None:
    """Return the calendar file that goes with a letter, in a language; None where none does.

    A confirmation carries the meetings to come; a reminder, a change or a cancellation its one;
    the end of somebody's place takes the meetings to come out of their calendar.
    """
    if not isinstance(letter.details, ToPerson):
        return None
    events = tuple(_choose_events(letter.template, letter.details))
    if not events:
        return None
    return _write_calendar(events, language, letter.written_at, office)


def _choose_events(template: Template, details: ToPerson) -> Iterable[tuple[Meeting, bool]]:
    """Return the meetings that a letter is about, and whether each is on.

    Those without a day have no place in a calendar; one that had a day before is called off.
    """
    meeting, previous = details.meeting, details.previous
    match template:
        case Template.CONFIRMATION | Template.WITHDRAWN | Template.REMOVED:
            chosen = [(one, template not in _ENDED) for one in details.meetings]
        case Template.MOVED if meeting and not meeting.day and previous:
            chosen = [(replace(previous, sequence=meeting.sequence), False)]
        case Template.REMINDER | Template.MOVED | Template.CANCELLED if meeting:
            chosen = [(meeting, template is not Template.CANCELLED)]
        case _:
            chosen = []
    return [(one, on and one.state is not MeetingState.CANCELLED) for one, on in chosen if one.day]


@lru_cache(maxsize=256)
def _write_calendar(
    events: tuple[tuple[Meeting, bool], ...], language: str, written_at: datetime, office: Office
) -> Attachment:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    first = min(meeting.day for meeting, _ in events if meeting.day)
    calendar.add_component(make_timezone(office.zone, first))
    for meeting, on in events:
        calendar.add_component(_make_event(meeting, language, written_at, office, on=on))
    name = locale.text(language, "mail.calendar_file")
    return Attachment(name=name, type=CALENDAR_TYPE, content=calendar.to_ical())


def _make_event(
    meeting: Meeting, language: str, written_at: datetime, office: Office, *, on: bool
) -> Event:
    title = tidy(meeting.theme) or locale.text(language, "mail.meeting")
    summary = clip(f"{tidy(office.programme)} – {title}", _TITLE_LENGTH)
    event = Event()
    event.add("uid", name_meeting(meeting, office))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", written_at.astimezone(UTC).replace(microsecond=0))
    _add_times(event, meeting, office)
    if not on:
        summary = locale.text(language, "mail.meeting_called_off", summary=summary)
    event.add("summary", summary)
    if meeting.place:
        event.add("location", clip(tidy(meeting.place), _TITLE_LENGTH))
    event.add("description", _describe(meeting, language, office))
    organiser = vCalAddress(f"mailto:{office.contact.address}")
    organiser.params["cn"] = office.sender.name.replace('"', "’")
    event.add("organizer", organiser)
    event.add("status", "CONFIRMED" if on else "CANCELLED")
    event.add("transp", "OPAQUE" if on else "TRANSPARENT")
    return event


def name_meeting(meeting: Meeting, office: Office) -> str:
    """Return a meeting's UID: the same for ever, and no other meeting's in any spreadsheet.

    Numbers are never used again in a spreadsheet; its id, hashed, tells it from the others.
    """
    workbook = sha256(office.workbook.encode()).hexdigest()[:16]
    return f"meeting-{meeting.number}@{workbook}.cohorte"


def _add_times(event: Event, meeting: Meeting, office: Office) -> None:
    """Say when; a whole day where no hour is known, the next day where it ends after midnight."""
    if meeting.day is None:
        return
    if meeting.start is None:
        event.add("dtstart", meeting.day)
        event.add("dtend", meeting.day + _DAY)
        return
    event.add("dtstart", datetime.combine(meeting.day, meeting.start, office.zone))
    if meeting.end is not None:
        day = meeting.day if meeting.end > meeting.start else meeting.day + _DAY
        event.add("dtend", datetime.combine(day, meeting.end, office.zone))


def _describe(meeting: Meeting, language: str, office: Office) -> str:
    lines = []
    if meeting.host:
        host = clip(tidy(meeting.host), _TITLE_LENGTH)
        lines.append(locale.text(language, "mail.meeting_host", host=host))
    lines.append(locale.text(language, "mail.meeting_questions", address=office.contact.address))
    return "\n".join(lines)
