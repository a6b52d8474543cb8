"""Cohorte's own memory: the register, the journal, and the responses already handled."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from automation.core.instants import from_wall, to_instant, to_wall
from automation.core.model import (
    MOVES,
    STATE_FIELDS,
    Damage,
    Decision,
    Enrolment,
    Handled,
    HandledState,
    Hold,
    JournalEntry,
    Key,
    Number,
    Pairing,
    PairKey,
    PairRow,
    Problem,
    State,
    Status,
    Verdict,
    phrase,
)
from automation.workbook.cells import (
    is_blank,
    parse_instant,
    parse_integer,
    parse_label,
    parse_member,
    parse_number,
    parse_text,
)
from automation.workbook.seals import seal_enrolment, seal_line, seal_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell
    from automation.core.rules import ExtraField
    from automation.workbook.sheet import Row, Sheet

_DOUBLED = Damage.DOUBLED
_DAY = timedelta(days=1)
_PAIR_EVENTS = {
    "suggested": None,
    "reopened": None,
    "same": Verdict.SAME,
    "different": Verdict.DIFFERENT,
}
_YES_NO = {"yes": True, "no": False}
_HOMES = frozenset({"made", "adopted"})
"""Lines whose reason is the id of the spreadsheet."""

_UNREADABLE = datetime(1, 1, 3, tzinfo=UTC)
"""Stands for an instant that was typed over, so that it differs from every real one.

Not the first of all: no time zone may shift it out of range."""


class JournalView(Struct, frozen=True, kw_only=True):
    """What a night needs of the journal.

    Attributes:
        entries: What it last said of each enrolment, by number.
        numbers: All the enrolment numbers in it, of lines that were typed over too.
        highest_meeting: The highest meeting number in it; 0 for none.
        last_night: When the latest run wrote; None before the first.
        histories: All that it says of enrolments that were joined or merged, in order.
        pairings: Enrolments that may be one person's.
        revision: The highest revision in it; 0 for none.
        home: Id of the spreadsheet that it was made, or adopted, in; "" where it does not say.
        adopted_at: When it was last adopted; None for never.
    """

    entries: Mapping[Number, JournalEntry]
    numbers: frozenset[Number]
    histories: Mapping[Number, tuple[JournalEntry, ...]]
    pairings: Mapping[PairKey, Pairing]
    highest_meeting: int
    last_night: datetime | None
    revision: int
    home: str
    adopted_at: datetime | None


class RegisterView(Struct, frozen=True, kw_only=True):
    """The register.

    Attributes:
        enrolments: In the order of the sheet, then those whose row is gone; numbers are unique.
        rows: Row index, from 0, of each enrolment that has one row, by number.
    """

    enrolments: tuple[Enrolment, ...]
    rows: Mapping[int, int]
    problems: tuple[Problem, ...]


def read_register(
    sheet: Sheet | None,
    entries: Mapping[Number, JournalEntry],
    extra: Sequence[ExtraField],
    zone: ZoneInfo,
) -> RegisterView:
    """Return the enrolments; those that can't be taken at their word show the journal's state."""
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
        entry = entries.get(enrolment.number)
        damage = _find_damage(row, enrolment, entry, zone) if counts[number] == 1 else _DOUBLED
        if damage is not _DOUBLED:
            places[number] = row.index
        problems.extend(_unreadable_cells(sheet, row))
        if damage is None:
            found[enrolment.number] = _with_exact_deadline(enrolment, entry, zone)
            continue
        code = damage if entry is not None or damage is _DOUBLED else "unknown"
        message = phrase(f"problem.row_{code}", number=number)
        problems.append(sheet.problem(row, message, "number", damage=True))
        found[enrolment.number] = _freeze(enrolment, entry, damage)
    lost = [
        _freeze(_blank(number, extra), entries[number], Damage.LOST)
        for number in sorted(set(entries) - set(found))
    ]
    problems.extend(_row_lost(sheet, enrolment) for enrolment in lost)
    found |= {enrolment.number: enrolment for enrolment in lost}
    return RegisterView(enrolments=tuple(found.values()), rows=places, problems=tuple(problems))


def _unreadable_cells(sheet: Sheet, row: Row) -> Iterable[Problem]:
    """Report what organisers typed in a row and nobody can read."""
    readers: tuple[tuple[str, str, Callable[[Cell], object]], ...] = (
        ("offered_by_phone", "problem.not_a_date", to_wall),
        ("priority", "problem.not_a_number", parse_number),
        ("merge_with", "problem.not_a_number", parse_integer),
        ("communications", "problem.not_a_choice", partial(parse_label, "communications")),
    )
    for key, code, read in readers:
        cell = row.get(key)
        if not is_blank(cell) and read(cell) is None:
            yield sheet.unreadable(row, key, code)


def _find_damage(
    row: Row, enrolment: Enrolment, entry: JournalEntry | None, zone: ZoneInfo
) -> Damage | None:
    """Tell whether a row's cells belong together, and are not older than the journal."""
    if parse_text(row.get("seal")) != seal_enrolment(enrolment, zone):
        return Damage.TORN
    return Damage.TORN if entry is not None and enrolment.step < entry.state.step else None


def _with_exact_deadline(
    enrolment: Enrolment, entry: JournalEntry | None, zone: ZoneInfo
) -> Enrolment:
    """Return the row with the journal's deadline: the sheet can't tell the hour that comes twice."""
    exact = entry.state.deadline if entry else None
    if exact is None or enrolment.deadline in {None, exact}:
        return enrolment
    same = from_wall(exact.astimezone(zone).replace(tzinfo=None), zone) == enrolment.deadline
    return replace(enrolment, deadline=exact) if same else enrolment


def _without_number(sheet: Sheet | None, row: Row) -> Iterable[Problem]:
    """Report a row that somebody filled in by hand, or that cells of ours have landed in.

    A stray note beside the table is no news.
    """
    if sheet and any(not is_blank(row.get(key)) for key in ("first_name", "last_name", "seal")):
        yield sheet.problem(row, phrase("problem.number_unreadable"), "number")


def _blank(number: Number, extra: Sequence[ExtraField]) -> Enrolment:
    told = ("",) * len(extra)
    return Enrolment(number=number, person=number, extra=told, status=Status.TO_REVIEW)


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
        decision=parse_member(Decision, parse_label("decision", get("decision"))),
        decision_text=parse_text(get("decision")),
        priority=parse_number(get("priority")) or 0.0,
        merge_with=parse_integer(get("merge_with")),
        called_at=_called_at(get("offered_by_phone"), zone),
        communications=_YES_NO.get(parse_label("communications", get("communications")) or ""),
        queued_at=parse_instant(get("queued_at")),
        decision_seen=parse_member(Decision, get("decision_seen")),
        call_seen=parse_instant(get("call_seen")),
        merge_seen=parse_integer(get("merge_seen")),
        hold=parse_member(Hold, get("hold")),
        offer=parse_integer(get("offer")) or 0,
        ended_at=parse_instant(get("ended_at")),
        consent=parse_text(get("consent")),
        merged_into=Number(merged_into) if merged_into else None,
        opted_out=parse_integer(get("opted_out")) == 1,
        step=parse_integer(get("step")) or 0,
    )


def _freeze(enrolment: Enrolment, entry: JournalEntry | None, damage: Damage) -> Enrolment:
    """Return a damaged row as an enrolment in the state that the journal tells, if it does."""
    if entry is None:
        # Nobody was ever given this number: it was typed, and holds no seat.
        return replace(enrolment, damage=damage, status=Status.TO_REVIEW, cohort="")
    state = {name: getattr(entry.state, name) for name in STATE_FIELDS}
    return replace(enrolment, damage=damage, **state)


def _called_at(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """Return when a seat was offered by phone; a date without an hour counts to its end."""
    wall = to_wall(cell)
    if wall is None:
        return None
    return from_wall(wall + _DAY if wall.time() == time() else wall, zone)


def _moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    return None if is_blank(cell) else to_instant(cell, zone) or _UNREADABLE


def _rank(cell: Cell) -> int | None:
    """Return a rank; 0, which is nobody's, for one that was typed over."""
    return None if is_blank(cell) else parse_integer(cell) or 0


def read_journal(sheet: Sheet | None, zone: ZoneInfo) -> JournalView:
    """Return what the journal says last; lines that organisers typed over count as none.

    An enrolment's lines are in the order of their steps, and runs in that of their revisions,
    wherever organisers sorted them to.
    """
    lines: defaultdict[Number, list[Row]] = defaultdict(list)
    paired: defaultdict[PairKey, list[Row]] = defaultdict(list)
    last_run: tuple[int, Row] | None = None
    home: tuple[int, str] = (0, "")
    adopted: list[datetime] = []
    highest_meeting = revision = 0
    for row in sheet.rows() if sheet else ():
        number = parse_integer(row.get("number"))
        event = parse_label("event", row.get("event"))
        written = parse_integer(row.get("revision")) or 0
        revision = max(revision, written)
        if event == "meeting":
            highest_meeting = max(highest_meeting, number or 0)
        elif event in _PAIR_EVENTS:
            other = parse_integer(row.get("other"))
            paired[Number(number or 0), Number(other or 0)].append(row)
        elif number is not None:
            lines[Number(number)].append(row)
        elif event in _HOMES:
            home = max(home, (written, parse_text(row.get("reason"))))
            at = to_instant(row.get("at"), zone) if event == "adopted" else None
            adopted += [at] if at else []
        elif event != "started" and (last_run is None or written >= last_run[0]):
            last_run = (written, row)
    entries = (_latest_entry(number, rows, zone) for number, rows in lines.items())
    pairings = (_pairing(key, rows) for key, rows in paired.items())
    return JournalView(
        entries={entry.number: entry for entry in entries if entry},
        numbers=frozenset(lines),
        histories={
            number: _history(number, rows, zone)
            for number, rows in lines.items()
            if any(_tells(row, {"joined"}) for row in rows)
        },
        pairings={pairing.key: pairing for pairing in pairings if pairing},
        highest_meeting=highest_meeting,
        last_night=to_instant(last_run[1].get("at"), zone) if last_run else None,
        revision=revision,
        home=home[1],
        adopted_at=max(adopted, default=None),
    )


def _tells(row: Row, events: Collection[str]) -> bool:
    return parse_label("event", row.get("event")) in events


def _whole_lines(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield those lines about an enrolment, or a pair, that are whole, the latest first."""
    steps = [(parse_integer(row.get("step")) or 0, index, row) for index, row in enumerate(rows)]
    for _, _, row in sorted(steps, key=itemgetter(0, 1), reverse=True):
        if _is_whole(row):
            yield row


def _is_whole(row: Row) -> bool:
    return parse_text(row.get("seal")) == seal_line(row.cells)


def _latest_entry(number: Number, rows: Iterable[Row], zone: ZoneInfo) -> JournalEntry | None:
    """Return what an enrolment's lines tell; None where none is whole.

    The first line that is left counts as a transition, whatever it tells.
    """
    latest = moved = None
    for row in _whole_lines(rows):
        latest, moved = latest or row, row
        if _tells(row, MOVES):
            break
    return _journal_entry(number, latest, moved, zone) if latest and moved else None


def _history(number: Number, rows: Iterable[Row], zone: ZoneInfo) -> tuple[JournalEntry, ...]:
    """Return what all the lines of an enrolment tell, in order."""
    entries = [_journal_entry(number, row, row, zone) for row in _whole_lines(rows)]
    return tuple(entry for entry in reversed(entries) if entry is not None)


def _pairing(key: PairKey, rows: Iterable[Row]) -> Pairing | None:
    """Return what the lines about a pair tell: the first why, the latest what; None if none is whole."""
    whole = list(_whole_lines(rows))
    if not whole:
        return None
    latest, first = whole[0], whole[-1]
    return Pairing(
        a=key[0],
        b=key[1],
        score=parse_integer(latest.get("score")) or 0,
        reason=parse_text(first.get("reason")),
        verdict=_PAIR_EVENTS[parse_label("event", latest.get("event")) or "suggested"],
        step=parse_integer(latest.get("step")) or 0,
    )


def _journal_entry(number: Number, row: Row, moved: Row, zone: ZoneInfo) -> JournalEntry | None:
    """Return what a line tells, `moved` being that of the latest transition; None if unreadable."""
    get = row.get
    status = parse_member(Status, parse_label("status", get("to")))
    if status is None:
        return None
    merged_into = parse_integer(get("merged_into"))
    return JournalEntry(
        number=number,
        kind=parse_label("event", get("event")) or "",
        told_at=to_instant(get("at"), zone),
        moved_at=to_instant(moved.get("at"), zone),
        reason=parse_text(moved.get("reason")),
        former=parse_member(Status, parse_label("status", moved.get("from"))),
        state=State(
            step=parse_integer(get("step")) or 0,
            person=Number(parse_integer(get("person")) or number),
            cohort=parse_text(get("cohort")),
            status=status,
            queued_at=parse_instant(get("queued_at")),
            deadline=parse_instant(get("deadline")),
            decision_seen=parse_member(Decision, get("decision_seen")),
            call_seen=parse_instant(get("call_seen")),
            merge_seen=parse_integer(get("merge_seen")),
            hold=parse_member(Hold, get("hold")),
            offer=parse_integer(get("offer")) or 0,
            ended_at=parse_instant(get("ended_at")),
            merged_into=Number(merged_into) if merged_into else None,
            opted_out=parse_integer(get("opted_out")) == 1,
        ),
    )


class PairsView(Struct, frozen=True, kw_only=True):
    """Doublons.

    Attributes:
        rows: Those that say which two they are about; pairs are unique.
        frozen: Pairs that several rows are about.
        places: Row index, from 0, by pair.
    """

    rows: tuple[PairRow, ...] = ()
    frozen: frozenset[PairKey] = frozenset()
    places: Mapping[PairKey, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_pairs(sheet: Sheet | None) -> PairsView:
    """Return the rows of Doublons; torn ones are to be put right, doubled ones to be left alone."""
    rows: dict[PairKey, PairRow] = {}
    places: dict[PairKey, int] = {}
    frozen: set[PairKey] = set()
    problems: list[Problem] = []
    for row in sheet.rows() if sheet else ():
        if sheet is None or (is_blank(row.get("a")) and is_blank(row.get("b"))):
            continue
        pair = _pair_row(row)
        if pair is None or pair.torn:
            problems.append(sheet.problem(row, phrase("problem.pair_torn"), "a", damage=True))
        if pair is None:
            continue
        if pair.key in rows:
            problems.append(sheet.problem(row, phrase("problem.pair_doubled"), "a", damage=True))
            frozen.add(pair.key)
            continue
        rows[pair.key], places[pair.key] = pair, row.index
        if parse_label("verdict", row.get("verdict")) is None and not is_blank(row.get("verdict")):
            problems.append(sheet.unreadable(row, "verdict", "problem.not_a_choice"))
    return PairsView(
        rows=tuple(row for key, row in rows.items() if key not in frozen),
        frozen=frozenset(frozen),
        places={key: place for key, place in places.items() if key not in frozen},
        problems=tuple(problems),
    )


def _pair_row(row: Row) -> PairRow | None:
    """Return a row of Doublons; None where it does not say which two it is about."""
    get = row.get
    a, b = parse_integer(get("a")), parse_integer(get("b"))
    if a is None or b is None:
        return None
    seen = parse_member(Verdict, get("verdict_seen"))
    verdict = parse_member(Verdict, parse_label("verdict", get("verdict")))
    # A word of their own asks for nothing, and takes nothing back.
    unreadable = verdict is None and not is_blank(get("verdict"))
    return PairRow(
        a=Number(a),
        b=Number(b),
        name_a=parse_text(get("name_a")),
        name_b=parse_text(get("name_b")),
        contact_a=parse_text(get("contact_a")),
        contact_b=parse_text(get("contact_b")),
        where_a=parse_text(get("where_a")),
        where_b=parse_text(get("where_b")),
        score=parse_integer(get("score")) or 0,
        reason=parse_text(get("reason")),
        settled=parse_integer(get("settled")) or 0,
        verdict=seen if unreadable else verdict,
        verdict_seen=seen,
        torn=parse_text(get("seal")) != seal_pair(a, b, seen),
    )


def read_handled(sheet: Sheet | None) -> dict[Key, Handled]:
    """Return the latest line of each key."""
    lines: dict[Key, Handled] = {}
    for row in sheet.rows() if sheet else ():
        key, number = parse_text(row.get("key")), parse_integer(row.get("number"))
        state = parse_member(HandledState, row.get("state"))
        if not key or number is None or state is None:
            continue
        # Of an erased answer nothing but its traces is remembered, where its hash was.
        erased = state is HandledState.ERASED
        lines[Key(key)] = Handled(
            key=Key(key),
            number=Number(number),
            answer_hash="" if erased else parse_text(row.get("answer_hash")),
            state=state,
            replaced_by=Key(parse_text(row.get("replaced_by"))) or None,
            traces=tuple(parse_text(row.get("answer_hash")).split()) if erased else (),
        )
    return lines
