"""Which papers a programme needs, from what its workbook tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.collation import sort_names
from automation.core.finding import find_cohort
from automation.core.model import MeetingState, Status
from automation.core.roll_sheets import business_of, listed_name
from automation.core.text import fold
from automation.papers.attestations import Attestation
from automation.papers.sign_in import Signer, SignInSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from automation.config.sections import Programme
    from automation.core.attendance import Presences
    from automation.core.model import Cohort, Enrolment, Meeting, Number
    from automation.core.rules import FieldMap
    from automation.core.snapshot import Snapshot


def sheets_of(
    meetings: Iterable[Meeting], snapshot: Snapshot, fields: FieldMap, programme: Programme
) -> tuple[SignInSheet, ...]:
    """Return the sheets of meetings, in their order; one without a number or a day has none.

    Those who have a place in the meeting's cohort are on it, as a French list orders them.
    """
    return tuple(
        SignInSheet(
            programme=programme.name or cohort,
            cohort=cohort,
            meeting_number=meeting.number,
            theme=meeting.theme,
            day=meeting.day,
            start=meeting.start,
            end=meeting.end,
            place=meeting.place,
            host=meeting.host,
            people=tuple(_list_signers(snapshot.register, meeting.cohort, fields)),
            registration_url=programme.registration_url or "",
        )
        for meeting in meetings
        if meeting.number is not None and meeting.day is not None
        for cohort in [_name_cohort(snapshot.cohorts, meeting.cohort)]
    )


def attestations_of(
    cohorts: Iterable[Cohort],
    snapshot: Snapshot,
    presences: Mapping[Number, Presences],
    programme: Programme,
    issued_on: date,
) -> tuple[Attestation, ...]:
    """Return an attestation for each person who came as often as their cohort asks, in order.

    Meetings up to the day of issue count, that day included; whoever withdrew has come all the
    same. A cohort that asks for no number, or that has not met, has none.
    """
    return tuple(
        Attestation(
            name=enrolment.name,
            programme=programme.name or cohort.name or cohort.code,
            cohort=cohort.name or cohort.code,
            presences=presences[enrolment.number].present,
            meetings=max(len(days), presences[enrolment.number].present),
            first_day=days[0],
            last_day=days[-1],
            issued_on=issued_on,
            place=programme.city or "",
            organisations=programme.organisations,
            signatories=programme.signatories,
        )
        for cohort in cohorts
        if (days := _list_days(snapshot.meetings, cohort, issued_on))
        for enrolment in _list_faithful(cohort, snapshot.register, presences)
    )


def _list_signers(register: Iterable[Enrolment], code: str, fields: FieldMap) -> Iterator[Signer]:
    """Yield those who have a place in a cohort."""
    confirmed = (one for one in _members(register, code) if one.status is Status.CONFIRMED)
    for one in sort_names(confirmed):
        yield Signer(number=one.number, name=listed_name(one), business=business_of(one, fields))


def _list_faithful(
    cohort: Cohort, register: Iterable[Enrolment], presences: Mapping[Number, Presences]
) -> tuple[Enrolment, ...]:
    """Return those who came as often as their cohort asks; merged ones came under another number."""
    asked = cohort.attestation_at
    if asked is None:
        return ()
    gone = {Status.MERGED, Status.ERASED}
    return sort_names(
        one
        for one in _members(register, cohort.code)
        if one.number in presences
        and presences[one.number].present >= max(asked, 1)
        and one.status not in gone
    )


def _list_days(meetings: Iterable[Meeting], cohort: Cohort, until: date) -> list[date]:
    """Return on which days a cohort has met, in order; twice where it met twice."""
    return sorted(
        meeting.day
        for meeting in meetings
        if fold(meeting.cohort) == fold(cohort.code)
        and meeting.state is MeetingState.PLANNED
        and meeting.day is not None
        and meeting.day <= until
    )


def _members(register: Iterable[Enrolment], code: str) -> Iterator[Enrolment]:
    return (one for one in register if fold(one.cohort) == fold(code))


def _name_cohort(cohorts: Iterable[Cohort], code: str) -> str:
    """Return a cohort's name; its code where it has none, or is nowhere to be found."""
    cohort = find_cohort(cohorts, code)
    return (cohort.name if cohort else "") or code
