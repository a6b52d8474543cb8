"""Who is on a sheet, and who has earned an attestation."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from automation.config.sections import Programme
from automation.core.attendance import Presences
from automation.core.model import Cohort, Enrolment, Meeting, MeetingState, Number, Status
from automation.core.rules import ExtraField, FieldMap
from automation.papers.from_programme import attestations_of, sheets_of
from tests.world import snapshot

if TYPE_CHECKING:
    from automation.core.snapshot import Snapshot

FIELDS = FieldMap(extra=(ExtraField(key="business", question="Entreprise?", label="Entreprise"),))
TODAY = date(2023, 4, 1)


def enrolment(number: int, name: str, **fields: Any) -> Enrolment:
    first_name, _, last_name = name.partition(" ")
    defaults = {"person": Number(number), "cohort": "C1", "status": Status.CONFIRMED}
    names = {"first_name": first_name, "last_name": last_name}
    return Enrolment(number=Number(number), **{**defaults, **names, **fields})


def meeting(number: int | None, day: date | None, **fields: Any) -> Meeting:
    return Meeting(**{"row": 2, "number": number, "cohort": "C1", "day": day, **fields})


COHORT = Cohort(code="C1", row=2, name="Hiver 2023", attestation_at=2)
MEETINGS = (
    meeting(3, date(2023, 3, 27)),
    meeting(1, date(2023, 1, 16), start=time(18, 30), theme="Briser la solitude"),
    meeting(2, date(2023, 2, 13)),
)


def programme(*register: Enrolment, **fields: Any) -> Snapshot:
    return snapshot((), COHORT, **{"meetings": MEETINGS, "register": register, **fields})


def present(*times: int) -> dict[Number, Presences]:
    """Return how often the enrolments of number 1, 2 and so on came."""
    return {Number(n): Presences(present=count) for n, count in enumerate(times, start=1)}


def names(workbook: Snapshot, presences: dict[Number, Presences], *, on: date = TODAY) -> list[str]:
    earned = attestations_of(workbook.cohorts, workbook, presences, Programme(), on)
    return [attestation.name for attestation in earned]


def test_a_sheet_has_those_who_have_a_place_in_the_order_of_their_names() -> None:
    workbook = programme(
        enrolment(1, "Zoé Roy", extra=("Chez Zoé",)),
        enrolment(2, "Luc Côté"),
        enrolment(3, "Anne Cloutier", status=Status.WAITING),
        enrolment(4, "Guy Caron", cohort="C2"),
        enrolment(5, "Ève Coté", cohort="c1"),
    )

    (sheet,) = sheets_of(MEETINGS[1:2], workbook, FIELDS, Programme())

    assert [(one.number, one.name, one.business) for one in sheet.people] == [
        (5, "Coté, Ève", ""),
        (2, "Côté, Luc", ""),
        (1, "Roy, Zoé", "Chez Zoé"),
    ]


def test_a_sheet_says_what_the_organisers_wrote_of_the_meeting() -> None:
    about = Programme(name="Le rendez-vous", registration_url="https://example.org/f")

    (sheet,) = sheets_of(MEETINGS[1:2], programme(), FIELDS, about)

    assert (sheet.programme, sheet.cohort) == ("Le rendez-vous", "Hiver 2023")
    assert (sheet.meeting_number, sheet.theme) == (1, "Briser la solitude")
    assert (sheet.day, sheet.start, sheet.end) == (date(2023, 1, 16), time(18, 30), None)
    assert sheet.registration_url == "https://example.org/f"


def test_a_programme_without_a_name_has_the_cohorts() -> None:
    unnamed = snapshot((), Cohort(code="C1", row=2), meetings=MEETINGS)

    (named,) = sheets_of(MEETINGS[1:2], programme(), FIELDS, Programme())
    (coded,) = sheets_of(MEETINGS[1:2], unnamed, FIELDS, Programme())

    assert (named.programme, coded.programme) == ("Hiver 2023", "C1")


def test_a_meeting_without_a_number_or_a_day_has_no_sheet() -> None:
    meetings = (meeting(None, date(2023, 1, 16)), meeting(4, None))

    assert sheets_of(meetings, programme(), FIELDS, Programme()) == ()


def test_whoever_came_as_often_as_the_cohort_asks_has_an_attestation() -> None:
    workbook = programme(
        enrolment(1, "Zoé Roy"), enrolment(2, "Luc Côté"), enrolment(3, "Guy Caron")
    )

    assert names(workbook, present(2, 1, 3)) == ["Guy Caron", "Zoé Roy"]


def test_an_attestation_says_how_often_and_over_which_meetings() -> None:
    about = Programme(name="Le rendez-vous", city="L’Islet", organisations=("CDC",))
    workbook = programme(enrolment(1, "Zoé Roy"))

    (one,) = attestations_of(workbook.cohorts, workbook, present(2), about, TODAY)

    assert (one.programme, one.cohort, one.place) == ("Le rendez-vous", "Hiver 2023", "L’Islet")
    assert (one.presences, one.meetings) == (2, 3)
    assert (one.first_day, one.last_day) == (date(2023, 1, 16), date(2023, 3, 27))
    assert (one.issued_on, one.organisations) == (TODAY, ("CDC",))


def test_meetings_to_come_or_that_did_not_take_place_do_not_count() -> None:
    off = [
        meeting(4, date(2023, 2, 20), state=MeetingState.CANCELLED),
        meeting(5, date(2023, 1, 2), state=MeetingState.POSTPONED),
        meeting(6, date(2023, 1, 3), cohort="C2"),
        meeting(7, None),
    ]
    workbook = programme(enrolment(1, "Zoé Roy"), meetings=(*MEETINGS, *off))

    (one,) = attestations_of(workbook.cohorts, workbook, present(2), Programme(), date(2023, 2, 13))

    assert one.meetings == 2
    assert (one.first_day, one.last_day) == (date(2023, 1, 16), date(2023, 2, 13))


def test_whoever_withdrew_has_come_all_the_same_but_a_merged_or_erased_enrolment_is_nobody() -> (
    None
):
    workbook = programme(
        enrolment(1, "Zoé Roy", status=Status.WITHDRAWN),
        enrolment(2, "Luc Côté", status=Status.MERGED, merged_into=Number(1)),
        enrolment(3, "", status=Status.ERASED),
    )

    assert names(workbook, present(3, 3, 3)) == ["Zoé Roy"]


def test_a_cohort_that_asks_for_no_number_or_has_not_met_attests_nothing() -> None:
    one = enrolment(1, "Zoé Roy")
    asks_nothing = snapshot((), Cohort(code="C1", row=2), meetings=MEETINGS, register=(one,))

    assert names(asks_nothing, present(3)) == []
    assert names(programme(one), present(3), on=date(2023, 1, 15)) == []
    assert names(programme(one, meetings=()), present(3)) == []


def test_nobody_earns_an_attestation_without_coming() -> None:
    eager = Cohort(code="C1", row=2, attestation_at=0)
    workbook = snapshot((), eager, meetings=MEETINGS, register=(enrolment(1, "Zoé Roy"),))

    assert names(workbook, present(0)) == []


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(0, 5))
def test_an_attestation_never_tells_of_more_presences_than_meetings(
    times: list[int], asked: int
) -> None:
    register = tuple(enrolment(n, f"A B{n}") for n in range(1, len(times) + 1))
    cohort = Cohort(code="C1", row=2, attestation_at=asked)
    workbook = snapshot((), cohort, meetings=MEETINGS, register=register)

    earned = attestations_of((cohort,), workbook, present(*times), Programme(), TODAY)

    assert len(earned) == sum(count >= max(asked, 1) for count in times)
    assert all(max(asked, 1) <= one.presences <= one.meetings for one in earned)
