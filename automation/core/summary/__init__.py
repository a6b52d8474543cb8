"""What the committee learns of its programme: figures, and what people wrote in their own words.

`make_summary` counts, `suppress` makes of it what may be shared beyond the committee, and
`list_comments` gathers the free texts, which never are.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from automation.core.attendance import read_attendances
from automation.core.model import HandledState, Status
from automation.core.summary.attending import (
    count_loyalty,
    find_trends,
    list_meetings,
    list_themes,
)
from automation.core.summary.boards import (
    Board,
    BoardChange,
    BoardRow,
    Chart,
    Kind,
    Look,
    compare_board,
    draw_comments,
    draw_summary,
    plan_boards,
)
from automation.core.summary.comments import Comment, Comments, list_comments
from automation.core.summary.needs import count_needs
from automation.core.summary.people import Members, count_people
from automation.core.summary.sections import (
    Column,
    Line,
    Plot,
    Section,
    list_sections,
    pick_shades,
    plotted_columns,
)
from automation.core.summary.suppression import suppress
from automation.core.summary.tables import (
    OTHER,
    SUPPRESSED,
    Figure,
    Row,
    Summary,
    Suppressed,
    Table,
    Trend,
    rate,
)
from automation.core.summary.today import count_today
from automation.core.summary.words import (
    name_column,
    name_row,
    name_table,
    tell_figure,
    tell_share,
    tell_trend,
)
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.attendance import Attendance
    from automation.core.model import Cohort
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.core.summary.people import People

__all__ = [
    "OTHER",
    "SUPPRESSED",
    "Board",
    "BoardChange",
    "BoardRow",
    "Chart",
    "Column",
    "Comment",
    "Comments",
    "Figure",
    "Kind",
    "Line",
    "Look",
    "Plot",
    "Row",
    "Section",
    "Summary",
    "Suppressed",
    "Table",
    "Trend",
    "awaits_call",
    "compare_board",
    "count_today",
    "draw_comments",
    "draw_summary",
    "has_odd_decision",
    "list_comments",
    "list_sections",
    "make_summary",
    "name_column",
    "name_row",
    "name_table",
    "pick_shades",
    "plan_boards",
    "plotted_columns",
    "rate",
    "suppress",
    "tell_figure",
    "tell_share",
    "tell_trend",
]

_WEEK = timedelta(weeks=1)
_MOST_WEEKS = 260
"""Five years: beyond, weeks without a registration are left out, for a date is probably wrong."""

# Not what was edited since, nor the replies to "Ma place".
_ANSWERS = frozenset({HandledState.ACTED, HandledState.VANISHED})
_LAST_STEPS = ("came", "attested")
_SEATS = (Status.CONFIRMED, Status.OFFERED, Status.WAITING, Status.WITHDRAWN)


def make_summary(
    snapshot: Snapshot,
    rules: Rules,
    now: datetime,
    reach: int | Mapping[str, int] | None = None,
    attendances: tuple[Attendance, ...] | None = None,
) -> Summary:
    """Count everything that the committee is told.

    Args:
        now: An aware instant; decides which rolls should have been called.
        reach: How many people the programme could concern: in all, or by municipality.
        attendances: What the rolls tell, where that is known already.
    """
    attendances = read_attendances(snapshot) if attendances is None else attendances
    people = count_people(snapshot, attendances)
    meetings = list_meetings(attendances)
    met = Counter(fold(row.group) for row in meetings.rows)
    comparison = _compare(snapshot.cohorts, people, met)
    known = {} if reach is None or isinstance(reach, int) else reach
    return Summary(
        made_at=now,
        language=rules.language,
        today=count_today(snapshot, rules, now, attendances),
        cohorts=_count_seats(snapshot.cohorts, people),
        weeks=_count_weeks(people.first_seen.values(), snapshot.zone),
        funnel=_count_steps(snapshot, people, comparison),
        comparison=comparison,
        meetings=meetings,
        themes=list_themes(meetings),
        loyalty=count_loyalty(people.presences.values()),
        needs=count_needs(people.kept, rules.fields, known),
        trends=find_trends(meetings),
        reach=reach if isinstance(reach, int) else sum(known.values()) or None,
    )


def _count_seats(cohorts: Iterable[Cohort], people: People) -> Table:
    rows = []
    for cohort, members in _each(cohorts, people):
        counts = Counter(members.statuses.values())
        figures = (cohort.places, *(counts[status] for status in _SEATS))
        rows.append(_cohort_row(cohort, figures))
    columns = ("places", *(status.value for status in _SEATS))
    return Table(key="cohorts", columns=columns, rows=tuple(rows))


def _compare(cohorts: Iterable[Cohort], people: People, met: Mapping[str, int]) -> Table:
    rows = [
        _cohort_row(cohort, (*_steps(members, cohort, met), cohort.attestation_at))
        for cohort, members in _each(cohorts, people)
    ]
    columns = ("enrolled", "seated", "came", "attested", "asked")
    return Table(key="comparison", columns=columns, rows=tuple(rows))


def _each(cohorts: Iterable[Cohort], people: People) -> Iterable[tuple[Cohort, Members]]:
    """Return each cohort with its persons; of two that have one code, the first."""
    first = {fold(cohort.code): cohort for cohort in reversed(tuple(cohorts))}
    return [(first[code], members) for code, members in people.cohorts.items()]


def _cohort_row(cohort: Cohort, figures: tuple[Figure, ...]) -> Row:
    return Row(key=cohort.code, label=tidy(cohort.name) or cohort.code, figures=figures)


def _steps(members: Members, cohort: Cohort, met: Mapping[str, int]) -> tuple[Figure, ...]:
    """Return a cohort's steps; those that nobody can have taken yet are not given."""
    held, asked = met.get(fold(cohort.code), 0), cohort.attestation_at
    came, attested = len(members.came), len(members.attested)
    earned = asked is not None and bool(held) and (held >= asked or bool(attested))
    return (
        len(members.statuses),
        len(members.seated),
        came if held or came else None,
        attested if earned else None,
    )


def _count_steps(snapshot: Snapshot, people: People, comparison: Table) -> Table:
    everywhere = people.everywhere
    came, attested = (any(f is not None for f in comparison.column(c)) for c in _LAST_STEPS)
    counts = {
        "answers": _count_answers(snapshot),
        "persons": len(people.first_seen),
        "seated": len(everywhere.seated),
        "came": len(everywhere.came) if came else None,
        "attested": len(everywhere.attested) if attested else None,
    }
    rows = tuple(Row(key=key, figures=(count,)) for key, count in counts.items())
    return Table(key="funnel", columns=("people",), rows=rows)


def _count_answers(snapshot: Snapshot) -> int:
    """Return how many answers came; of those of erased people, the one that made each enrolment."""
    lines = sum(line.state in _ANSWERS for line in snapshot.handled.values())
    erased = (one for one in snapshot.register if one.status is Status.ERASED)
    return lines + sum(one.number in snapshot.journal for one in erased)


def _count_weeks(instants: Iterable[datetime | None], zone: ZoneInfo) -> Table:
    """Return the registrations of each ISO week, from the first that has any to the last."""
    days = Counter(instant.astimezone(zone).date() for instant in instants if instant is not None)
    counts: Counter[date] = Counter()
    for day, people in days.items():
        counts[day - timedelta(days=day.weekday())] += people
    rows = [
        Row(key=_week_key(monday), day=monday, figures=(counts[monday],))
        for monday in _every_week(counts)
    ]
    return Table(key="weeks", columns=("people",), rows=tuple(rows), exclusive=True)


def _every_week(mondays: Iterable[date]) -> list[date]:
    some = sorted(mondays)
    if not some:
        return []
    span = (some[-1] - some[0]) // _WEEK + 1
    return some if span > _MOST_WEEKS else [some[0] + i * _WEEK for i in range(span)]


def _week_key(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
