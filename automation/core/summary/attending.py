"""Attendance by meeting and theme, where it is going, and how faithful people are."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from automation.core.roll import Presence
from automation.core.summary.tables import Row, Table, Trend, rate
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.attendance import Attendance, Presences

_MEETING = ("expected", "present", "excused", "absent", "unknown", "guests")
_THEME = ("meetings", *_MEETING)
_FEWEST_FOR_A_TREND = 3


def list_meetings(attendances: Iterable[Attendance]) -> Table:
    """Return a row for each meeting whose roll tells anything, in order of time."""
    rows = [
        Row(
            key=str(told.meeting.number),
            label=tidy(told.meeting.theme),
            group=told.meeting.cohort,
            day=told.meeting.day,
            figures=_count(told),
        )
        for told in attendances
        if told.told
    ]
    return Table(key="meetings", columns=_MEETING, rows=tuple(rows))


def _count(told: Attendance) -> tuple[int, ...]:
    marks = Counter(told.presences.values())
    return (
        told.expected,
        marks[Presence.PRESENT],
        marks[Presence.EXCUSED],
        marks[Presence.ABSENT],
        marks[Presence.UNKNOWN],
        len(told.guests),
    )


def list_themes(meetings: Table) -> Table:
    """Return the meetings' figures added up by theme, in the order in which themes came first."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    sums: dict[str, list[int]] = {}
    for row in meetings.rows:
        key = fold(row.label)
        if not key:
            continue
        labels[key][row.label] += 1
        before = sums.setdefault(key, [0] * len(_THEME))
        counts = (1, *(figure for figure in row.figures if isinstance(figure, int)))
        sums[key] = [a + b for a, b in zip(before, counts, strict=True)]
    rows = [
        Row(key=key, label=usual(labels[key]), figures=tuple(counts))
        for key, counts in sums.items()
    ]
    return Table(key="themes", columns=_THEME, rows=tuple(rows))


def usual(spellings: Counter[str]) -> str:
    """Return how something is most often written; of two, the one that comes first of all."""
    return min(spellings, key=lambda text: (-spellings[text], text.isupper(), text))


def find_trends(meetings: Table) -> tuple[Trend, ...]:
    """Return where each cohort's attendance is going; meetings told in part do not count."""
    shares: dict[str, list[float]] = {}
    whole = zip(
        meetings.rows,
        meetings.column("present"),
        meetings.column("expected"),
        meetings.column("unknown"),
        strict=True,
    )
    for row, present, expected, unknown in whole:
        share = rate(present, expected)
        if share is not None and unknown == 0:
            shares.setdefault(row.group, []).append(share)
    return tuple(
        Trend(cohort=cohort, meetings=len(told), points=round(100 * _slope(told), 1))
        for cohort, told in shares.items()
        if len(told) >= _FEWEST_FOR_A_TREND
    )


def _slope(values: Sequence[float]) -> float:
    """Return the slope of the least-squares line through values one step apart."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    rise = sum((i - middle) * (value - mean) for i, value in enumerate(values))
    return rise / sum((i - middle) ** 2 for i in range(len(values)))


def count_loyalty(presences: Iterable[Presences]) -> Table:
    """Return how many of those who came did so to all, to most and to few of their meetings."""
    counts = Counter(_faith(one) for one in presences if one.present)
    rows = [Row(key=key, figures=(counts[key],)) for key in ("all", "most", "few")]
    return Table(key="loyalty", columns=("people",), rows=tuple(rows), exclusive=True)


def _faith(one: Presences) -> str:
    told = one.present + one.absent + one.excused
    if one.present == told:
        return "all"
    # Two thirds, in whole numbers.
    return "most" if 3 * one.present >= 2 * told else "few"
