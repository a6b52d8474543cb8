"""What a plan asks of the Sheets API, as requests of batchUpdate, in units that stay together."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from automation import locale
from automation.core.ledger import MailRow
from automation.core.model import STATE_FIELDS, By, PairRow
from automation.workbook.boards import draw_board
from automation.workbook.cells import is_blank, render, to_wire
from automation.workbook.furnish import column_places, furnish
from automation.workbook.layout import COHORTS, DUPLICATES, HANDLED, JOURNAL, MAIL, MAIL_LOG, tabs
from automation.workbook.rolls import list_roll_units
from automation.workbook.seals import seal_enrolment, seal_line, seal_meeting, seal_pair
from automation.workbook.wiping import list_wipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from automation.core.ledger import Mailing
    from automation.core.mailing import MailChange
    from automation.core.model import Cell, Enrolment, Event, Handled, Number, PairEvent
    from automation.core.pairs import PairChange
    from automation.core.plan import Change, MeetingChange, Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.workbook.guards import Run

Request = dict[str, Any]
Unit = list[Request]
"""Requests that are applied together."""

ADOPTED: Final = "adopted"
"""The run that makes a workbook at home in its spreadsheet, and does nothing else."""

_SEAT_COLUMNS = ("confirmed", "offered", "waiting", "free", "alerts")
_PAIR_COLUMNS = tuple(name for name in PairRow.__struct_fields__ if name not in {"verdict", "torn"})
_LOG_COLUMNS = tuple(column.key for column in MAIL_LOG.columns)
_MAIL_COLUMNS = tuple(name for name in MailRow.__struct_fields__ if name != "action")
_STATE_COLUMNS = tuple(name for name in STATE_FIELDS if name != "status")


class Pen:
    """Renders values into the columns of our tabs, as they will stand after furnishing."""

    def __init__(self, snapshot: Snapshot, rules: Rules) -> None:
        self.zone = snapshot.zone
        self.language = rules.language.value
        self.extra = tuple(field.key for field in rules.fields.extra)
        self.tabs = {tab.key: tab for tab in tabs(rules.fields.extra)}
        self.places = {tab.key: column_places(tab, snapshot) for tab in self.tabs.values()}
        self._columns = {
            tab.key: {column.key: column for column in tab.columns} for tab in self.tabs.values()
        }

    def append(self, key: str, values: Mapping[str, object]) -> Request:
        """Return the request that adds a row below a tab's last one."""
        places = self.places[key]
        cells: list[Cell] = [None] * (max(places.values()) + 1)
        for name, value in values.items():
            cells[places[name]] = self.render(key, name, value)
        return {
            "appendCells": {
                "sheetId": self.tabs[key].sheet_id,
                "rows": [{"values": [to_wire(cell) for cell in cells]}],
                "fields": "userEnteredValue",
            }
        }

    def update(self, key: str, row: int, values: Mapping[str, object]) -> Unit:
        """Return the requests that change cells of a row (index from 0), one a run of cells."""
        places = self.places[key]
        cells = {places[name]: self.render(key, name, value) for name, value in values.items()}
        return [
            {
                "updateCells": {
                    "start": {
                        "sheetId": self.tabs[key].sheet_id,
                        "rowIndex": row,
                        "columnIndex": run[0],
                    },
                    "rows": [{"values": [to_wire(cells[index]) for index in run]}],
                    "fields": "userEnteredValue",
                }
            }
            for run in _runs(sorted(cells))
        ]

    def render(self, key: str, name: str, value: object) -> Cell:
        """Return the cell that shows a value in one of our columns."""
        return render(self._columns[key][name], value, self.zone, self.language)


def plan_units(
    snapshot: Snapshot, plan: Plan, rules: Rules, run: Run, revision: Request
) -> Iterator[Unit]:
    """Yield what a plan writes, in the order in which it may be cut.

    First the tabs and columns to make, then each enrolment with its journal and its responses,
    then the meetings that are new or moved, the attendance tabs, what an erasure empties, and the
    committee's tabs, last the figures and the run's own line.

    Args:
        revision: The cell that every line of the journal carries; the writer sets it anew for
            each batch, since a unit does not know in which it will go.
    """
    pen = Pen(snapshot, rules)
    lines = Lines(pen, plan, run.run_id, revision)
    first = furnish(snapshot, plan.new_tabs, plan.new_columns, rules)
    if JOURNAL.key in plan.new_tabs:
        first.append(lines.of_home("made", snapshot))
    if first:
        yield first
    letters = _Letters(pen, snapshot, plan)
    for number, unit in _people(pen, lines, snapshot, plan):
        yield [*unit, *letters.of_unit(number)]
    yield from _meetings(pen, lines, letters, plan)
    yield from letters.rest()
    yield from list_roll_units(snapshot, plan.rolls, pen.language)
    yield from ([request] for request in list_wipes(snapshot, plan.erasure, rules))
    titles = set(snapshot.titles)
    for change in plan.boards:
        yield draw_board(change, titles, pen.language)
    last = lines.of_home(ADOPTED, snapshot) if run.event == ADOPTED else lines.of_run(run.event)
    figures = [*_figures(pen, lines, plan), *_clear_figures(pen, snapshot)]
    yield [*figures, *_sort_pairs(pen, snapshot, plan), *_sort_mail(pen, snapshot, plan), last]


def _people(
    pen: Pen, lines: Lines, snapshot: Snapshot, plan: Plan
) -> Iterator[tuple[Number | None, Unit]]:
    """Yield what happens to enrolments and to pairs of them, by the number of their unit."""
    pairs: dict[Number, Unit] = {}
    for pair in plan.pairs:
        pairs.setdefault(pair.unit, []).extend(_pair_unit(pen, lines, snapshot, pair))
    for unit, changes in groupby(plan.changes, key=lambda change: change.unit):
        requests = [r for change in changes for r in _enrolment_unit(pen, lines, snapshot, change)]
        yield unit, [*requests, *pairs.pop(unit, ())]
    for unit in pairs.values():
        yield None, unit


def _pair_unit(pen: Pen, lines: Lines, snapshot: Snapshot, pair: PairChange) -> Unit:
    """Return the requests for one row of Doublons, and for what the journal is told of it."""
    values = {name: getattr(pair.after, name) for name in _PAIR_COLUMNS}
    values["seal"] = seal_pair(*pair.after.key, pair.after.verdict_seen)
    events = [lines.of_pair(event) for event in pair.events]
    if pair.before is None:
        return [pen.append(DUPLICATES.key, values), *events]
    row = snapshot.standings[DUPLICATES.key].rows[pair.after.key]
    differing = {n: v for n, v in values.items() if getattr(pair.before, n, None) != v}
    return [*pen.update(DUPLICATES.key, row, differing), *events]


def _sort_pairs(pen: Pen, snapshot: Snapshot, plan: Plan) -> Unit:
    """Return the request that puts the open pairs first, likeliest above, where that changed."""
    moved = any(p.before is None or p.before.settled != p.after.settled for p in plan.pairs)
    if not (moved or plan.erasure.pairs) or not _is_sortable(snapshot, DUPLICATES.key):
        return []
    places = pen.places[DUPLICATES.key]
    order = (("settled", "ASCENDING"), ("score", "DESCENDING"), ("a", "ASCENDING"))
    # As wide as the tab, so that no column of the organisers' stays behind.
    cells = {"sheetId": DUPLICATES.sheet_id, "startRowIndex": 1}
    specs = [{"dimensionIndex": places[name], "sortOrder": way} for name, way in order]
    return [{"sortRange": {"range": cells, "sortSpecs": specs}}]


def _figures(pen: Pen, lines: Lines, plan: Plan) -> Unit:
    """Return the requests for the cohorts' figures and the meetings'."""
    unit: Unit = []
    for cohort in plan.cohorts:
        values = {name: getattr(cohort.seats, name) for name in _SEAT_COLUMNS}
        unit += pen.update("cohorts", cohort.cohort.row - 1, values)
    for meeting in plan.meetings:
        if not _is_news(meeting):
            unit += _meeting_unit(pen, lines, meeting)
    return unit


def _clear_figures(pen: Pen, snapshot: Snapshot) -> Unit:
    """Return what takes figures away from rows without a cohort, inserted while they were written."""
    standing = snapshot.standings.get(COHORTS.key)
    if standing is None:
        return []
    code = standing.columns["code"]
    places = [standing.columns[name] for name in _SEAT_COLUMNS if name in standing.columns]
    return [
        request
        for index, row in enumerate(standing.grid)
        if index
        and is_blank(_cell_of(row, code))
        and not all(is_blank(_cell_of(row, at)) for at in places)
        for request in pen.update(COHORTS.key, index, dict.fromkeys(_SEAT_COLUMNS))
    ]


def _cell_of(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None


def _is_news(change: MeetingChange) -> bool:
    """Tell whether a meeting is new or moved: more than its figures changes."""
    return change.meeting.number is None or change.sequence != change.meeting.sequence


def _meetings(pen: Pen, lines: Lines, letters: _Letters, plan: Plan) -> Iterator[Unit]:
    """Yield each meeting that is new or moved, by number, with all the messages that tell of it.

    Its attendance tab and its reminders bear its number: a run that is cut off after them would
    take the number for another meeting's, and give it a second one.
    """
    for meeting in sorted(plan.meetings, key=attrgetter("number")):
        if _is_news(meeting):
            unit = _meeting_unit(pen, lines, meeting)
            yield [*unit, *letters.of_meeting(meeting.meeting.row)]


def _sort_mail(pen: Pen, snapshot: Snapshot, plan: Plan) -> Unit:
    """Return the request that puts what waits for the organisers first, then the newest."""
    moved = any(row is None or row.urgency != after.urgency for row, after in plan.mail.rows)
    if not moved or not _is_sortable(snapshot, MAIL.key):
        return []
    places = pen.places[MAIL.key]
    order = (("urgency", "ASCENDING"), ("planned_at", "DESCENDING"), ("key", "ASCENDING"))
    cells = {"sheetId": MAIL.sheet_id, "startRowIndex": 1}
    specs = [{"dimensionIndex": places[name], "sortOrder": way} for name, way in order]
    return [{"sortRange": {"range": cells, "sortSpecs": specs}}]


def _is_sortable(snapshot: Snapshot, key: str) -> bool:
    return key not in snapshot.standings or snapshot.standings[key].sortable


class _Letters:
    """What is written about messages, a line of the ledger beside its row of Courriels."""

    def __init__(self, pen: Pen, snapshot: Snapshot, plan: Plan) -> None:
        self._pen = pen
        self._places = snapshot.standings[MAIL.key].rows if MAIL.key in snapshot.standings else {}
        self._changes = list(plan.mail.changes)
        self._rows = {after.key: (before, after) for before, after in plan.mail.rows}

    def of_unit(self, number: Number | None) -> Unit:
        """Return what goes with the change of an enrolment."""
        return self._take(lambda c: c.unit is not None and c.unit == number)

    def of_meeting(self, row: int) -> Unit:
        """Return what goes with the change of a meeting."""
        return self._take(lambda change: change.meeting == row)

    def rest(self) -> Iterator[Unit]:
        """Yield what goes by itself."""
        for change in list(self._changes):
            yield self._take(lambda other, key=change.after.key: other.after.key == key)  # type: ignore[misc]
        for key in list(self._rows):
            yield self._row(key)

    def _take(self, belongs: Callable[[MailChange], bool]) -> Unit:
        taken = [change for change in self._changes if belongs(change)]
        if not taken:
            return []
        self._changes = [change for change in self._changes if not belongs(change)]
        unit = [log_line(self._pen, change.after) for change in taken]
        for key in dict.fromkeys(change.after.key for change in taken):
            unit += self._row(key)
        return unit

    def _row(self, key: str) -> Unit:
        """Return the requests for a message's row in Courriels."""
        before, after = self._rows.pop(key, (None, None))
        if after is None:
            return []
        return show_row(self._pen, self._places, before, after)


def log_line(pen: Pen, mailing: Mailing) -> Request:
    """Return the request for one line of the ledger: whole, so that it stands by itself."""
    return pen.append(MAIL_LOG.key, {name: getattr(mailing, name) for name in _LOG_COLUMNS})


def show_row(pen: Pen, places: Mapping[str, int], before: MailRow | None, after: MailRow) -> Unit:
    """Return the requests for a row of Courriels; what is the organisers' is left alone.

    Args:
        places: Row indexes, from 0, by key.
    """
    values = {name: getattr(after, name) for name in _MAIL_COLUMNS}
    if before is None or after.key not in places:
        return [pen.append(MAIL.key, values)]
    differing = {n: v for n, v in values.items() if getattr(before, n) != v}
    return pen.update(MAIL.key, places[after.key], differing)


class Lines:
    """Makes the journal's lines of one run."""

    def __init__(self, pen: Pen, plan: Plan, run_id: str, revision: Request) -> None:
        self._pen = pen
        self._plan = plan
        self._common = {"at": plan.now, "run": run_id}
        self._revision = revision

    def of_event(self, event: Event) -> Request:
        """Return the line of something that happened to an enrolment."""
        state = {name: getattr(event.state, name) for name in _STATE_COLUMNS}
        return self._append_sealed(
            **state,
            number=event.number,
            event=event.kind,
            to=event.after,
            by=event.by,
            reason=locale.say(self._pen.language, event.reason),
            **{"from": event.before},
        )

    def of_pair(self, event: PairEvent) -> Request:
        """Return the line of something that is said of a pair."""
        return self._append_sealed(
            number=event.a,
            other=event.b,
            event=event.kind,
            by=event.by,
            reason=event.reason,
            score=event.score,
            step=event.step,
        )

    def of_meeting(self, change: MeetingChange) -> Request:
        """Return the line of a meeting that got its number."""
        reason = locale.text(self._pen.language, "reason.meeting")
        return self._append(
            number=change.number,
            event="meeting",
            by=By.COHORTE,
            reason=reason,
            cohort=change.meeting.cohort,
        )

    def of_run(self, event: str) -> Request:
        """Return the run's own line: what it did, in words."""
        touched = sum(1 for change in self._plan.changes if change.events)
        code = "reason.night_news" if touched else "reason.night_quiet"
        reason = locale.text(self._pen.language, code, changes=touched)
        return self._append(event=event, by=By.COHORTE, reason=reason)

    def of_mail(self, sent: int) -> Request:
        """Return the line of a run's messages, once they have left."""
        reason = locale.text(self._pen.language, "reason.mailed", sent=sent)
        return self._append(event="mailed", by=By.COHORTE, reason=reason)

    def of_home(self, event: str, snapshot: Snapshot) -> Request:
        """Return the line that says in which spreadsheet the workbook is at home."""
        return self._append(event=event, by=By.ORGANISER, reason=snapshot.spreadsheet_id)

    def of_response(self, handled: Handled) -> Request:
        """Return the line of a response that was handled."""
        names = ("key", "number", "answer_hash", "state", "replaced_by")
        values = {name: getattr(handled, name) for name in names}
        values["answer_hash"] = " ".join(handled.traces) or handled.answer_hash
        values["handled_at"] = self._plan.now
        return self._pen.append(HANDLED.key, values)

    def _append_sealed(self, **values: object) -> Request:
        told = {**self._common, **values}
        cells = {name: self._pen.render(JOURNAL.key, name, told[name]) for name in told}
        return self._append(**values, seal=seal_line(cells))

    def _append(self, **values: object) -> Request:
        request = self._pen.append(JOURNAL.key, {**self._common, **values, "revision": 0})
        cells = request["appendCells"]["rows"][0]["values"]
        cells[self._pen.places[JOURNAL.key]["revision"]] = self._revision
        return request


def _enrolment_unit(pen: Pen, lines: Lines, snapshot: Snapshot, change: Change) -> Unit:
    unit: Unit = []
    before = change.before
    row = snapshot.standings["enrolments"].rows.get(change.after.number) if before else None
    if row is None and change.fields:
        values = _row_values(pen, change.after, change.fields)
        values |= {"number": change.after.number, "seal": _seal(snapshot, change.after)}
        unit.append(pen.append("enrolments", values))
    elif row is not None and change.fields:
        values = _row_values(pen, change.after, change.fields)
        seal = _seal(snapshot, change.after)
        if before is None or before.damage is not None or seal != _seal(snapshot, before):
            values["seal"] = seal
        unit += pen.update("enrolments", row, values)
    unit += [lines.of_event(event) for event in change.events]
    unit += [lines.of_response(line) for line in change.handled]
    return unit


def _row_values(pen: Pen, enrolment: Enrolment, names: Sequence[str]) -> dict[str, object]:
    values: dict[str, object] = {n: getattr(enrolment, n) for n in names if n != "extra"}
    if "extra" in names:
        values |= dict(zip(pen.extra, enrolment.extra, strict=True))
    return values


def _seal(snapshot: Snapshot, enrolment: Enrolment) -> str:
    return seal_enrolment(enrolment, snapshot.zone)


def meeting_values(change: MeetingChange) -> dict[str, object]:
    """Return what a change writes in its meeting's row, by column key."""
    values: dict[str, object] = {
        "expected": change.expected,
        "present": change.present,
        "guests": change.guests,
        "sequence": change.sequence,
        "told": change.told,
    }
    if change.meeting.number is None:
        seal = seal_meeting(change.number, change.meeting.cohort)
        values |= {"number": change.number, "seal": seal}
    return values


def _meeting_unit(pen: Pen, lines: Lines, change: MeetingChange) -> Unit:
    unit = pen.update("meetings", change.meeting.row - 1, meeting_values(change))
    return unit if change.meeting.number is not None else [*unit, lines.of_meeting(change)]


def _runs(indexes: Iterable[int]) -> list[list[int]]:
    """Return ascending indexes as runs without gaps."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def merge_rows(units: Iterable[Unit]) -> Unit:
    """Return the units' requests as one batch: rows that follow one another become one request.

    Appended rows keep their order; updated cells never overlap, so theirs does not matter.
    """
    merged: Unit = []
    growing: dict[tuple[int, ...], dict[str, Any]] = {}
    for request in (request for unit in units for request in unit):
        kind, body = next(iter(request.items()))
        place = _place(kind, body)
        grown = growing.get(place) if place else None
        if grown is not None and _continues(kind, grown, body):
            grown["rows"].extend(body["rows"])
        else:
            copied = {**body, "rows": list(body["rows"])} if place else body
            merged.append({kind: copied})
            if place:
                growing[place] = copied
    return merged


def _place(kind: str, body: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Return what two requests must share to become one; None for those that never do."""
    if kind == "appendCells":
        return (body["sheetId"],)
    if kind != "updateCells" or "start" not in body:
        return None
    start = body["start"]
    return (start["sheetId"], start["columnIndex"], len(body["rows"][0]["values"]))


def _continues(kind: str, grown: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    if kind == "appendCells":
        return True
    return bool(grown["start"]["rowIndex"] + len(grown["rows"]) == body["start"]["rowIndex"])
