"""What the organisers should know of what a night found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from automation.core.enrolment import kept_by_form
from automation.core.model import LIVE, HandledState, Problem, phrase
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.enrolment import Decided
    from automation.core.model import Number, Phrase, Registration
    from automation.core.snapshot import Snapshot


CELL_LIMIT: Final = 10_000_000
"""How many cells Google lets a spreadsheet have."""
_CROWDED: Final = 0.8


def list_problems(
    snapshot: Snapshot, decided: Decided, registrations: Sequence[Registration]
) -> Iterable[Problem]:
    """Yield what is wrong with the workbook as a whole; what is wrong with a row was read with it."""
    yield from _forgotten(snapshot, registrations)
    yield from _pending(snapshot, decided, registrations)
    yield from _orphans(snapshot)
    yield from _stray_meetings(snapshot)
    yield from _stray_rolls(snapshot)
    yield from _contradictions(snapshot, decided)


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
    latest = {line.key: line for lines in decided.handled.values() for line in lines}
    known = {**snapshot.handled, **latest}
    left: defaultdict[str, list[tuple[int, Number]]] = defaultdict(list)
    rowless = kept_by_form(snapshot) - {registration.key for registration in registrations}
    for registration in registrations:
        line = known.get(registration.key)
        if line is not None and line.state is HandledState.ERASED:
            left[registration.tab].append((registration.row, line.number))
    for tab, answers in left.items():
        answers.sort()
        if len(answers) == 1:
            ((row, number),) = answers
            message = phrase("problem.erasure_pending", number=number)
            yield Problem(tab=tab, row=row, message=message)
        else:
            rows = ", ".join(str(row) for row, _ in answers)
            message = phrase("problem.erasures_pending", count=len(answers), rows=rows)
            yield Problem(tab=tab, message=message)
    lines = [known[key] for key in rowless if known[key].state is HandledState.ERASED]
    if lines and snapshot.form_trouble is None:
        numbers = ", ".join(str(number) for number in sorted({line.number for line in lines}))
        message = phrase("problem.erasures_in_form", count=len(lines), numbers=numbers)
        yield Problem(tab=snapshot.responses[0].title, message=message)


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


def _contradictions(snapshot: Snapshot, decided: Decided) -> Iterable[Problem]:
    """Report the verdicts that contradict earlier ones."""
    title = _title(snapshot, "duplicates")
    for a, b in decided.contradictions:
        yield Problem(tab=title, message=phrase("problem.contradiction", a=a, b=b))


def _title(snapshot: Snapshot, key: str) -> str:
    standing = snapshot.standings.get(key)
    return standing.title if standing else ""


def list_notices(snapshot: Snapshot, answers: int) -> Iterable[Phrase]:
    """Yield what the organisers should know of the whole.

    Args:
        answers: How many there are.
    """
    if not snapshot.cohorts:
        yield phrase("notice.no_cohort", count=answers)
    if snapshot.cells > _CROWDED * CELL_LIMIT:
        yield phrase("notice.crowded", percent=round(100 * snapshot.cells / CELL_LIMIT))
