"""Cohorte's own memory: the register, the journal, and the responses already handled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from automation.core.instants import to_instant
from automation.core.model import (
    Decision,
    Enrolment,
    Handled,
    HandledState,
    Hold,
    JournalState,
    Key,
    Number,
    Problem,
    Status,
    phrase,
)
from automation.workbook.cells import (
    is_blank,
    parse_instant,
    parse_integer,
    parse_label,
    parse_number,
    parse_text,
)
from automation.workbook.seals import seal_enrolment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell
    from automation.core.rules import ExtraField
    from automation.workbook.sheet import Row, Sheet

_E = TypeVar("_E", bound=StrEnum)

_UNREADABLE = datetime.min.replace(tzinfo=UTC)
"""Stands for an instant that was typed over, so that it differs from every real one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalView:
    """What a night needs of the journal.

    Attributes:
        states: The latest state of each enrolment, by number.
        highest_meeting: The highest meeting number in it; 0 for none.
        last_night: When the latest run wrote; None before the first.
    """

    states: Mapping[Number, JournalState]
    highest_meeting: int
    last_night: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterView:
    """The register.

    Attributes:
        enrolments: In the order of the sheet, then those whose row is gone; numbers are unique.
        rows: Row index, from 0, of each enrolment that is not frozen, by number.
    """

    enrolments: tuple[Enrolment, ...]
    rows: Mapping[int, int]
    problems: tuple[Problem, ...]


def read_register(
    sheet: Sheet | None,
    states: Mapping[Number, JournalState],
    extra: Sequence[ExtraField],
    zone: ZoneInfo,
) -> RegisterView:
    """Return the enrolments in the order of the sheet; torn, doubled and lost ones are frozen."""
    found: dict[Number, Enrolment] = {}
    places: dict[int, int] = {}
    problems: list[Problem] = []
    rows = list(sheet.rows()) if sheet else []
    counts = Counter(parse_integer(row.get("number")) for row in rows)
    for row in rows:
        number = parse_integer(row.get("number"))
        if sheet is None or number is None or number < 1:
            problems.extend(_without_number(sheet, row))
            continue
        enrolment = _enrolment(row, Number(number), extra, zone)
        fits = parse_text(row.get("seal")) == seal_enrolment(enrolment, zone)
        if fits and counts[number] == 1:
            found[enrolment.number] = enrolment
            places[number] = row.index
            continue
        code = "problem.row_frozen" if counts[number] == 1 else "problem.number_doubled"
        problems.append(sheet.problem(row, phrase(code, number=number), "number", damage=True))
        found[enrolment.number] = _freeze(enrolment, states.get(enrolment.number))
    lost = [_from_journal(states[number]) for number in sorted(set(states) - set(found))]
    problems.extend(_row_lost(sheet, enrolment) for enrolment in lost)
    found |= {enrolment.number: enrolment for enrolment in lost}
    return RegisterView(enrolments=tuple(found.values()), rows=places, problems=tuple(problems))


def _without_number(sheet: Sheet | None, row: Row) -> Iterable[Problem]:
    """Report a row that somebody filled in by hand; a stray note beside the table is no news."""
    if sheet and not (is_blank(row.get("first_name")) and is_blank(row.get("last_name"))):
        yield sheet.problem(row, phrase("problem.number_unreadable"), "number")


def _from_journal(state: JournalState) -> Enrolment:
    """Return an enrolment whose row is gone: it keeps what it held until the row is back."""
    blank = Enrolment(number=state.number, person=state.number, status=Status.TO_REVIEW)
    return _freeze(blank, state)


def _row_lost(sheet: Sheet | None, enrolment: Enrolment) -> Problem:
    title = sheet.standing.title if sheet else ""
    message = phrase("problem.row_lost", number=enrolment.number)
    return Problem(tab=title, message=message, damage=True)


def _enrolment(row: Row, number: Number, extra: Sequence[ExtraField], zone: ZoneInfo) -> Enrolment:
    get = row.get
    merged_into = parse_integer(get("merged_into"))
    return Enrolment(
        number=number,
        person=Number(parse_integer(get("person")) or number),
        first_name=parse_text(get("first_name")),
        last_name=parse_text(get("last_name")),
        email=parse_text(get("email")),
        phone=parse_text(get("phone")),
        municipality=parse_text(get("municipality")),
        extra=tuple(parse_text(get(field.key)) for field in extra),
        cohort=parse_text(get("cohort")),
        registered_at=_moment(get("registered_at"), zone),
        status=Status(parse_label("status", get("status")) or Status.TO_REVIEW),
        rank=_rank(get("rank")),
        reason=parse_text(get("reason")),
        deadline=_moment(get("deadline"), zone),
        alerts=parse_text(get("alerts")),
        decision=_member(Decision, parse_label("decision", get("decision"))),
        decision_text=parse_text(get("decision")),
        priority=parse_number(get("priority")) or 0.0,
        queued_at=parse_instant(get("queued_at")),
        decision_seen=_member(Decision, get("decision_seen")),
        hold=_member(Hold, get("hold")),
        consent=parse_text(get("consent")),
        merged_into=Number(merged_into) if merged_into else None,
    )


def _freeze(enrolment: Enrolment, state: JournalState | None) -> Enrolment:
    """Return a torn row as an enrolment that keeps what the journal says it holds."""
    if state is None:
        return replace(enrolment, frozen=True)
    return replace(
        enrolment,
        frozen=True,
        status=state.status or enrolment.status,
        cohort=state.cohort,
        queued_at=state.queued_at,
        hold=state.hold,
        merged_into=state.merged_into,
    )


def _moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    return None if is_blank(cell) else to_instant(cell, zone) or _UNREADABLE


def _rank(cell: Cell) -> int | None:
    """Return a rank; 0, which is nobody's, for one that was typed over."""
    return None if is_blank(cell) else parse_integer(cell) or 0


def _member(kind: type[_E], code: Cell) -> _E | None:
    return kind(code) if isinstance(code, str) and code in set(kind) else None


def read_journal(sheet: Sheet | None, zone: ZoneInfo) -> JournalView:
    """Return what the journal's latest lines say; lines that organisers typed over count as none."""
    latest: dict[Number, Row] = {}
    moved: dict[Number, Row] = {}
    last_night: Row | None = None
    highest_meeting = 0
    for row in sheet.rows() if sheet else ():
        number = parse_integer(row.get("number"))
        event = parse_label("event", row.get("event"))
        if event == "meeting":
            highest_meeting = max(highest_meeting, number or 0)
        elif number is None:
            last_night = row
        else:
            latest[Number(number)] = row
            if event == "transition":
                moved[Number(number)] = row
    return JournalView(
        states={
            number: _journal_state(number, row, moved.get(number, row), zone)
            for number, row in latest.items()
        },
        highest_meeting=highest_meeting,
        last_night=to_instant(last_night.get("at"), zone) if last_night else None,
    )


def _journal_state(number: Number, row: Row, moved: Row, zone: ZoneInfo) -> JournalState:
    """Return the state that a line left; `moved` is the line of its latest transition."""
    get = row.get
    merged_into = parse_integer(get("merged_into"))
    return JournalState(
        number=number,
        at=to_instant(moved.get("at"), zone),
        status=_member(Status, parse_label("status", get("to"))),
        cohort=parse_text(get("cohort")),
        queued_at=parse_instant(get("queued_at")),
        deadline=parse_instant(get("deadline")),
        decision_seen=_member(Decision, get("decision_seen")),
        hold=_member(Hold, get("hold")),
        merged_into=Number(merged_into) if merged_into else None,
    )


def read_handled(sheet: Sheet | None) -> dict[Key, Handled]:
    """Return the latest line of each key."""
    lines: dict[Key, Handled] = {}
    for row in sheet.rows() if sheet else ():
        key, number = parse_text(row.get("key")), parse_integer(row.get("number"))
        state = _member(HandledState, row.get("state"))
        if not key or number is None or state is None:
            continue
        lines[Key(key)] = Handled(
            key=Key(key),
            number=Number(number),
            answer_hash=parse_text(row.get("answer_hash")),
            state=state,
            replaced_by=Key(parse_text(row.get("replaced_by"))) or None,
        )
    return lines
