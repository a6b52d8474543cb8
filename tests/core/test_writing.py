"""What a message says: until when, of which meeting, in which language, with which links."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.instants import from_wall
from automation.core.ledger import Mailing, mail_key
from automation.core.letters import Template, ToPerson
from automation.core.model import Meeting, MeetingState, Number
from automation.core.plan import make_plan, nothing
from automation.core.replies import read_code
from automation.core.rules import ExtraField, Language
from automation.core.writing import language_of, open_desk, promise, write_letter
from tests.world import (
    POST,
    RULES_WITH_MAIL,
    SECRET,
    ZONE,
    answer,
    apply_plan,
    cohort,
    enrolment_of,
    in_night,
    snapshot,
    touch,
)

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

OFFICE_HOURS = replace(POST, hours=(time(8, 30), time(16, 30)))
FRIDAY = datetime(2023, 1, 13, 7, tzinfo=ZoneInfo("UTC"))
MEETING = Meeting(
    row=2, number=1, cohort="C1", day=date(2023, 1, 16), start=time(18, 30), place="Salle"
)


def wall(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2023-01-10 14:20", 72, "2023-01-13 14:20"),
        ("2023-01-10 02:00", 72, "2023-01-13 12:00"),
        ("2023-01-10 20:00", 24, "2023-01-11 20:00"),
    ],
)
def test_an_offer_ends_after_its_window_and_not_in_the_small_hours(
    now: str, hours: int, until: str
) -> None:
    at = from_wall(datetime.fromisoformat(now), ZONE)

    assert wall(promise(at, timedelta(hours=hours), POST, ZONE)) == until


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2023-01-10 10:00", 24, "2023-01-11 10:00"),
        ("2023-01-10 02:00", 24, "2023-01-11 16:30"),
        ("2023-01-10 18:00", 24, "2023-01-12 16:30"),
        ("2023-01-13 10:00", 24, "2023-01-16 16:30"),
        ("2023-01-13 02:00", 72, "2023-01-16 16:30"),
        # The night of Sunday, March 12th has 23 hours; that of November 5th has 25.
        ("2023-03-10 10:00", 72, "2023-03-13 11:00"),
        ("2023-11-03 10:00", 72, "2023-11-06 09:00"),
    ],
)
def test_where_the_committee_keeps_hours_an_offer_ends_in_them(
    now: str, hours: int, until: str
) -> None:
    at = from_wall(datetime.fromisoformat(now), ZONE)

    assert wall(promise(at, timedelta(hours=hours), OFFICE_HOURS, ZONE)) == until


@given(
    minutes=st.integers(0, 366 * 24 * 60),
    hours=st.integers(1, 200),
    kept=st.booleans(),
)
def test_nobody_has_less_than_the_window_nor_much_more(
    *, minutes: int, hours: int, kept: bool
) -> None:
    now, window = FRIDAY + timedelta(minutes=minutes), timedelta(hours=hours)

    until = promise(now, window, OFFICE_HOURS if kept else POST, ZONE)

    assert now + window <= until <= now + window + timedelta(days=4)
    local = until.astimezone(ZONE)
    assert not kept or (local.weekday() < 5 and time(8, 30) <= local.time() <= time(16, 30))


def _book(**fields: Any) -> Snapshot:
    """Return a programme of one confirmed person and one meeting."""
    book = snapshot([answer()], cohort(name="Premier groupe"), meetings=(MEETING,), **fields)
    return apply_plan(book, make_plan(book, RULES_WITH_MAIL, in_night(0)))


def _tell(book: Snapshot, template: Template, occasion: str, **fields: Any) -> ToPerson:
    """Return what a message to the first person tells."""
    rules = RULES_WITH_MAIL
    post = replace(
        POST, place_url="https://exemple.test/form?entry.1=CODE", survey_url="https://avis.test"
    )
    desk = open_desk(book, nothing(in_night(1)), rules, post)
    mailing = Mailing(
        key=mail_key(1, template, occasion),
        number=Number(1),
        template=template,
        occasion=occasion,
        planned_at=in_night(1),
        expires_at=in_night(3),
        at=in_night(1),
        **fields,
    )
    letter = write_letter(mailing, desk)
    assert letter is not None
    assert isinstance(letter.details, ToPerson)
    return letter.details


def _with_meeting(book: Snapshot, **fields: Any) -> Snapshot:
    return replace(book, meetings=(replace(book.meetings[0], **fields),))


def test_a_cancelled_meeting_is_named_as_people_knew_it() -> None:
    moved = _with_meeting(_book(), day=date(2023, 1, 30), state=MeetingState.CANCELLED, sequence=1)

    details = _tell(moved, Template.CANCELLED, "1.1", about="held|2023-01-16|18:30||Salle")

    assert details.meeting is not None
    assert details.meeting.day == date(2023, 1, 16)
    assert details.meeting.sequence == 1


def test_a_postponed_meeting_has_no_day_until_it_has_a_new_one() -> None:
    postponed = _with_meeting(_book(), state=MeetingState.POSTPONED, sequence=1)

    details = _tell(postponed, Template.MOVED, "1.1", about="held|2023-01-16|18:30||Salle")

    assert details.meeting is not None
    assert details.meeting.day is None
    assert details.previous is not None
    assert details.previous.day == date(2023, 1, 16)


def test_a_meeting_held_after_all_was_not_announced_for_any_other_day() -> None:
    details = _tell(_book(), Template.MOVED, "1.0", about="off|2023-01-16|18:30||Salle")

    assert details.previous is None
    assert details.meeting is not None
    assert details.meeting.day == date(2023, 1, 16)


def test_the_link_to_ma_place_bears_a_code_that_is_the_persons_own() -> None:
    details = _tell(_book(), Template.CONFIRMATION, "1")

    code = details.place_link.partition("entry.1=")[2]
    told = read_code(code, SECRET)
    assert told is not None
    assert told[0] == 1


@pytest.mark.parametrize("agreed", [True, False, None])
def test_the_survey_is_for_those_who_agreed(agreed: bool | None) -> None:
    book = touch(_book(), 1, communications=agreed)

    details = _tell(book, Template.FAREWELL, "c1")

    assert details.survey_link == ("https://avis.test" if agreed else "")


def test_the_invitation_to_the_next_cohort_names_it_and_not_the_former_one() -> None:
    book = _book()
    nouvelle = cohort("C2", 5, row=3, name="Deuxième groupe", opens=in_night(0))

    details = _tell(replace(book, cohorts=(*book.cohorts, nouvelle)), Template.NEXT_COHORT, "c2")

    assert details.cohort == "Deuxième groupe"
    assert details.opens == in_night(0)


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("English", Language.ENGLISH),
        ("english / anglais", Language.ENGLISH),
        ("Anglais", Language.ENGLISH),
        ("en anglais", Language.ENGLISH),
        ("In English", Language.ENGLISH),
        ("EN", Language.ENGLISH),
        ("", Language.FRENCH),
        ("Français", Language.FRENCH),
        ("en français", Language.FRENCH),
        ("Peu importe", Language.FRENCH),
    ],
)
def test_english_is_for_those_who_asked_for_it(told: str, language: Language) -> None:
    asked = ExtraField(key="language", question="Langue", label="Langue")
    rules = replace(RULES_WITH_MAIL, fields=replace(RULES_WITH_MAIL.fields, extra=(asked,)))

    somebody = replace(enrolment_of(_book(), 1), extra=(told,))

    assert language_of(somebody, rules) is language
