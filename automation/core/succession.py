"""A cohort that follows another: what it takes from the former, and what is left to say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation.core.finding import find_cohort
from automation.core.instants import from_wall
from automation.core.model import MeetingState, Status, phrase
from automation.core.text import fold
from automation.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from automation.core.model import Cohort, Meeting, Phrase
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

_DAY = timedelta(days=1)


class Start(Struct, frozen=True, kw_only=True):
    """What somebody asks for.

    Attributes:
        former: Code of the cohort that it follows.
        name: "" for none as yet.
        opens: On the wall, in the spreadsheet's time zone.
        closes: The same; at midnight the day is meant to its end. None without limit.
        places: None for as many as the former has.
        first_meeting: The day of the first of the former's meetings, copied; None for no meetings.
    """

    code: str
    former: str
    name: str = ""
    opens: datetime
    closes: datetime | None = None
    places: int | None = None
    first_meeting: date | None = None


class Succession(Struct, frozen=True, kw_only=True):
    """A cohort as it will be prepared.

    Attributes:
        meetings: The former's, moved to their new days, without numbers, in order of time.
        left_waiting: How many people still wait in the former.
        sentences: What the organisers should know of it.
    """

    start: Start
    former: Cohort
    meetings: tuple[Meeting, ...]
    left_waiting: int
    sentences: tuple[Phrase, ...]


def follow_cohort(snapshot: Snapshot, rules: Rules, start: Start) -> Succession:
    """Prepare a cohort that follows another; nothing is written.

    Raises `WrongUsageError` where the former is not there, the code or the name is taken, the dates
    contradict each other, or there are no meetings to copy.
    """
    former = _require_former(snapshot, start)
    _require_free(snapshot, start)
    if start.closes is not None and last_instant(start.closes) <= start.opens:
        raise WrongUsageError("cohort_closes_first")
    theirs = [m for m in snapshot.meetings if fold(m.cohort) == fold(former.code)]
    held = [m for m in theirs if m.state is not MeetingState.CANCELLED and m.day is not None]
    meetings = tuple(_move_meetings(snapshot, start, held)) if start.first_meeting else ()
    if start.first_meeting and not held:
        raise WrongUsageError("cohort_no_meetings", cohort=former.code)
    waiting = {
        e.person
        for e in snapshot.register
        if e.status is Status.WAITING and e.cohort == former.code
    }
    prepared = Succession(
        start=start,
        former=former,
        meetings=meetings,
        left_waiting=len(waiting),
        sentences=(),
    )
    left_out = len(theirs) - len(held) if start.first_meeting else 0
    sentences = _tell(prepared, left_out, _overlapping(snapshot, rules, start))
    return replace(prepared, sentences=tuple(sentences))


def _require_former(snapshot: Snapshot, start: Start) -> Cohort:
    former = find_cohort(snapshot.cohorts, start.former)
    if former is None:
        known = ", ".join(cohort.code for cohort in snapshot.cohorts) or "–"
        raise WrongUsageError("unknown_cohort", cohort=start.former, cohorts=known)
    return former


def _require_free(snapshot: Snapshot, start: Start) -> None:
    """Refuse a code or a name that already means something, compared folded."""
    if not fold(start.code):
        raise WrongUsageError("cohort_no_code")
    # A cohort whose row is gone still has its enrolments: they would be taken for the new one's.
    codes = {c.code for c in snapshot.cohorts} | {e.cohort for e in snapshot.register}
    if fold(start.code) in map(fold, codes):
        raise WrongUsageError("cohort_taken", cohort=start.code)
    # An answer that chooses by name could not tell the two apart.
    names = {fold(cohort.name) for cohort in snapshot.cohorts}
    if fold(start.name) and fold(start.name) in names:
        raise WrongUsageError("cohort_name_taken", name=start.name)


def last_instant(closes: datetime) -> datetime:
    """Return when registration is over, on the wall: a bare date counts to its end."""
    return closes + _DAY if (closes.hour, closes.minute, closes.second) == (0, 0, 0) else closes


def _move_meetings(snapshot: Snapshot, start: Start, held: Sequence[Meeting]) -> Iterator[Meeting]:
    """Yield the meetings on their new days, but for those that somebody entered already."""
    there = {(m.day, m.start) for m in snapshot.meetings if fold(m.cohort) == fold(start.code)}
    ordered = sorted(held, key=lambda m: (m.day is None, m.day, m.start is not None, m.start))
    first = ordered[0].day if ordered else None
    for meeting in ordered:
        if meeting.day is None or first is None or start.first_meeting is None:
            continue
        day = start.first_meeting + (meeting.day - first)
        if (day, meeting.start) not in there:
            yield replace(
                meeting,
                cohort=start.code,
                day=day,
                number=None,
                state=MeetingState.PLANNED,
                sequence=0,
                expected=None,
            )


def _overlapping(snapshot: Snapshot, rules: Rules, start: Start) -> list[str]:
    """Return the cohorts that are open at the same time, where no question chooses among them."""
    if rules.fields.cohort is not None:
        return []
    opens = from_wall(start.opens, snapshot.zone)
    closes = from_wall(last_instant(start.closes), snapshot.zone) if start.closes else None
    return [
        cohort.code
        for cohort in snapshot.cohorts
        if (cohort.closes is None or opens < cohort.closes)
        and (closes is None or cohort.opens is None or cohort.opens < closes)
    ]


def _tell(prepared: Succession, left_out: int, overlapping: Iterable[str]) -> Iterator[Phrase]:
    former, start = prepared.former.code, prepared.start
    if prepared.left_waiting:
        count = prepared.left_waiting
        yield phrase("cohort.left_waiting", former=former, count=count, code=start.code)
    else:
        yield phrase("cohort.nobody_waits", former=former)
    cohorts = ", ".join(overlapping)
    if cohorts:
        yield phrase("cohort.overlaps", cohorts=cohorts)
    if left_out:
        yield phrase("cohort.meetings_left_out", count=left_out)
    if not start.name:
        yield phrase("cohort.fill_name")
    if start.closes is None:
        yield phrase("cohort.fill_closes")
    if prepared.former.reserved:
        seats, group = prepared.former.reserved, prepared.former.reserved_for
        yield phrase("cohort.fill_reserved", seats=seats, group=group)
    yield phrase("cohort.fill_last_offer")
