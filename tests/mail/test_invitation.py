from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Timezone
from msgspec.structs import replace

from automation.core.letters import Letter, Template
from automation.core.model import Meeting, MeetingState
from automation.core.rules import Language
from automation.core.text import tidy
from automation.mail.invitation import make_invitation
from automation.mail.timezone import make_timezone
from tests.mail.letters import OFFICE, letter

MEETING = Meeting(
    row=2,
    number=7,
    day=date(2023, 3, 13),
    start=time(18, 30),
    end=time(21, 0),
    theme="Bâtir des partenariats, un réseau; et plus",
    place="Salle municipale, Tourville",
    host="Claude Poitras",
    sequence=2,
)


def content(sent: Letter) -> bytes:
    invitation = make_invitation(sent, OFFICE, sent.language)
    assert invitation is not None
    return invitation.content


def events(sent: Letter) -> list[Any]:
    return Calendar.from_ical(content(sent)).walk("VEVENT")


def remind(**changes: object) -> Letter:
    return letter(Template.REMINDER, meeting=replace(MEETING, **changes))


def test_a_confirmation_carries_every_meeting_to_come() -> None:
    found = events(letter())

    assert [event["uid"].partition("@")[0] for event in found] == ["meeting-1", "meeting-2"]
    assert {event["status"] for event in found} == {"CONFIRMED"}


def test_an_event_says_what_where_and_when() -> None:
    (event,) = events(remind())

    assert event["summary"] == f"{OFFICE.programme} – {MEETING.theme}"
    assert event["location"] == MEETING.place
    assert "Claude Poitras" in event["description"]
    assert event.decoded("dtstart") == datetime(2023, 3, 13, 18, 30, tzinfo=OFFICE.zone)
    assert event.decoded("dtend") == datetime(2023, 3, 13, 21, 0, tzinfo=OFFICE.zone)
    assert event.decoded("dtstamp") == remind().written_at
    assert event["sequence"] == 2


def test_the_file_is_published_with_an_organiser_and_nobody_invited_by_name() -> None:
    """RFC 5546, 3.2.1: an organiser must be there, attendees must not."""
    calendar = Calendar.from_ical(content(letter()))

    assert calendar["method"] == "PUBLISH"
    assert calendar["version"] == "2.0"
    for event in calendar.walk("VEVENT"):
        assert event["organizer"] == "mailto:bonjour@example.org"
        assert event["organizer"].params["CN"] == "Le comité du Rendez-vous"
        assert "attendee" not in event


def test_lines_are_short_and_end_in_crlf() -> None:
    """RFC 5545, 3.1: 75 octets, without the end of the line."""
    lines = content(remind(theme="é" * 150, place="👩‍🌾" * 60)).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"".join(lines).decode("utf-8")


def test_nobody_is_named_in_the_file() -> None:
    text = content(letter(name="Hélène Tremblay", first_name="Hélène")).decode()

    assert "Hélène" not in text
    assert "helene" not in text


def test_a_meeting_moved_keeps_its_identity() -> None:
    (before,) = events(remind())
    moved = replace(MEETING, day=date(2023, 3, 20), sequence=3)
    (after,) = events(letter(Template.MOVED, meeting=moved, previous=MEETING))

    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after["status"] == "CONFIRMED"
    assert after.decoded("dtstart").date() == date(2023, 3, 20)


def test_a_meeting_put_off_without_a_day_is_called_off_on_the_day_it_had() -> None:
    put_off = replace(MEETING, day=None, sequence=3, state=MeetingState.POSTPONED)

    (event,) = events(letter(Template.MOVED, meeting=put_off, previous=MEETING))

    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 3
    assert event.decoded("dtstart").date() == MEETING.day


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.CANCELLED])
def test_a_cancelled_meeting_is_cancelled_and_says_so_in_its_title(state: MeetingState) -> None:
    (event,) = events(letter(Template.CANCELLED, meeting=replace(MEETING, state=state)))

    assert event["status"] == "CANCELLED"
    assert event["summary"].startswith("ANNULÉE – ")


@pytest.mark.parametrize("template", [Template.WITHDRAWN, Template.REMOVED])
def test_the_end_of_a_place_takes_the_meetings_out_of_the_calendar(template: Template) -> None:
    found = events(letter(template))

    assert [event["status"] for event in found] == ["CANCELLED", "CANCELLED"]


@pytest.mark.parametrize(
    "template", [Template.WAITING, Template.OFFER, Template.THANKS, Template.NEXT_COHORT]
)
def test_other_messages_carry_no_invitation(template: Template) -> None:
    assert make_invitation(letter(template), OFFICE, Language.FRENCH) is None


def test_a_meeting_without_a_day_is_in_no_calendar() -> None:
    assert make_invitation(remind(day=None), OFFICE, Language.FRENCH) is None


def test_a_meeting_without_hours_takes_the_whole_day() -> None:
    (event,) = events(remind(start=None))

    assert event.decoded("dtstart") == date(2023, 3, 13)
    assert event.decoded("dtend") == date(2023, 3, 14)


def test_a_meeting_without_an_end_has_none_in_the_calendar() -> None:
    (event,) = events(remind(end=None))

    assert "dtend" not in event


def test_a_meeting_that_ends_after_midnight_ends_the_next_day() -> None:
    (event,) = events(remind(end=time(0, 30)))

    assert event.decoded("dtend") == datetime(2023, 3, 14, 0, 30, tzinfo=OFFICE.zone)


def test_two_spreadsheets_never_name_a_meeting_alike() -> None:
    other = make_invitation(remind(), replace(OFFICE, workbook="another"), Language.FRENCH)

    assert other is not None
    (ours,) = events(remind())
    (theirs,) = Calendar.from_ical(other.content).walk("VEVENT")
    assert ours["uid"] != theirs["uid"]


@given(text=st.text(st.characters(codec="utf-8"), max_size=100))
@settings(max_examples=60)
def test_whatever_organisers_typed_comes_back_as_text(text: str) -> None:
    (event,) = events(remind(theme=text or "x", place=text or "x"))

    shown = tidy(text or "x")
    assert event["summary"].endswith(shown or "Rencontre")
    assert event.get("location", "") == shown
    assert event["uid"].startswith("meeting-7@")


ZONES = (
    "America/Toronto",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Vancouver",
    "Europe/Paris",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Etc/GMT",
)


@pytest.mark.parametrize("first", [date(2007, 6, 1), date(2023, 1, 16), date(2026, 12, 1)])
@pytest.mark.parametrize("name", ZONES)
def test_the_time_zone_agrees_with_zoneinfo_until_2037(name: str, first: date) -> None:
    """At each change and an hour around it, and every fortnight in between."""
    zone = ZoneInfo(name)

    told = make_timezone(zone, first)

    end = datetime(2037, 12, 31, tzinfo=UTC)
    at = datetime.combine(first, time(), UTC)
    fortnights = []
    while at < end:
        fortnights.append(at)
        at += timedelta(days=14)
    instants = list(fortnights)
    for low, high in pairwise(fortnights):
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            change = find_change(zone, low, high)
            minute = timedelta(minutes=1)
            instants.extend([change - minute, change, change + minute, change + 60 * minute])
    onsets = sorted(list_onsets(told))
    wrong = [i for i in instants if offset_told(onsets, i) != i.astimezone(zone).utcoffset()]
    assert wrong == []


def find_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (
            (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
        )
    return high.replace(microsecond=0)


def offset_told(onsets: list[tuple[datetime, timedelta]], instant: datetime) -> timedelta:
    """Return the offset at an instant as RFC 5545 says, 3.6.5: the latest onset at or before it."""
    return onsets[bisect_right(onsets, (instant, timedelta.max)) - 1][1]


def list_onsets(told: Timezone) -> list[tuple[datetime, timedelta]]:
    """Return each onset's instant, and the offset from then on.

    An onset's local time is that of the offset before it.
    """
    onsets = []
    observances: list[Any] = Timezone.from_ical(told.to_ical()).subcomponents
    for observance in observances:
        before = observance["tzoffsetfrom"].td
        start = observance["dtstart"].dt
        walls = [start]
        if "rrule" in observance:
            walls = list(follow_rule(start, observance["rrule"]))
        if "rdate" in observance:
            walls += [one.dt for one in observance["rdate"].dts]
        onsets += [((w - before).replace(tzinfo=UTC), observance["tzoffsetto"].td) for w in walls]
    return onsets


def follow_rule(start: datetime, rule: dict[str, list[object]]) -> list[datetime]:
    text = ";".join(f"{name}={values[0]}" for name, values in rule.items())
    return list(rrulestr(text, dtstart=start).between(start, start.replace(year=2038), inc=True))


def test_toronto_is_told_as_two_yearly_rules() -> None:
    told = make_timezone(ZoneInfo("America/Toronto"), date(2023, 1, 16)).to_ical().decode()

    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in told
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in told
    assert "DTSTART:20220313T020000" in told
    assert told.count("BEGIN:DAYLIGHT") == told.count("BEGIN:STANDARD") == 1


def test_the_invitation_uses_the_zone_that_it_tells() -> None:
    text = content(remind()).decode()

    assert "TZID:America/Toronto" in text
    assert "DTSTART;TZID=America/Toronto:20230313T183000" in text


@pytest.mark.parametrize(
    ("language", "name"),
    [(Language.FRENCH, "rencontres.ics"), (Language.ENGLISH, "meetings.ics")],
)
def test_the_file_is_named_in_the_letters_language(language: Language, name: str) -> None:
    invitation = make_invitation(letter(), OFFICE, language)

    assert invitation is not None
    assert invitation.name == name
