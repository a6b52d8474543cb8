"""A programme in memory: answers, organisers and nights, without a workbook.

Builders make what a night reads; `apply_plan` folds what it decided into what the next one reads.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from automation import locale
from automation.core.form_answers import FormAnswer
from automation.core.instants import to_serial
from automation.core.ledger import MailState
from automation.core.letters import Template
from automation.core.model import (
    MOVES,
    Cohort,
    Damage,
    Decision,
    Enrolment,
    JournalEntry,
    Number,
    Pairing,
    Promotion,
    Verdict,
)
from automation.core.plan import Change, Plan, make_plan
from automation.core.replies import Wish, make_code
from automation.core.responses import ResponseTable
from automation.core.roll import Roll
from automation.core.roll_sheets import roll_title
from automation.core.rules import ExtraField, FieldMap, LetterPolicy, PlaceForm, PostRules, Rules
from automation.core.snapshot import BoardStanding, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from automation.core.model import Cell, Event
    from automation.core.pairs import PairChange
    from automation.core.roll_sheets import RollChange
    from automation.core.summary import Board

ZONE = ZoneInfo("America/Toronto")
START = datetime(2023, 1, 2, 15, tzinfo=UTC)
NIGHT = timedelta(hours=11)
"""From START to the night that follows it."""

HEADER = (
    "Horodateur",
    "Prénom",
    "Nom",
    "Courriel",
    "Téléphone",
    "Municipalité",
    "Cohorte",
    "Métier",
    "Organisme",
)
REPLY_HEADER = ("Horodateur", "Code", "Que souhaitez-vous faire?")
SECRET = b"a secret of the tests"
PLACE_FORM = PlaceForm(
    tab="Ma place",
    code="Code",
    choice="Que souhaitez-vous faire?",
    accept="J’accepte",
    withdraw="Je me désiste",
    no_news="Plus de nouvelles",
    secret=SECRET,
)
FIELDS = FieldMap(
    first_name="Prénom",
    last_name="Nom",
    email="Courriel",
    phone="Téléphone",
    municipality="Municipalité",
    cohort="Cohorte",
    extra=(ExtraField(key="trade", question="Métier", label="Métier"),),
)
GROUP = ExtraField(key="group", question="Organisme", label="Organisme")
RULES = Rules(fields=FIELDS, place_form=PLACE_FORM)
POLICIES = {
    template: LetterPolicy(promo=template is Template.NEXT_COHORT, priority=50, expires=NIGHT * 5)
    for template in Template
}
POST = PostRules(automatic=True, daily_cap=400, policies=POLICIES)
REVIEWED = replace(POST, automatic=False)
RULES_WITH_MAIL = replace(RULES, post=POST)
RULES_WITHOUT_CHOICE = replace(RULES, fields=replace(FIELDS, cohort=None))
RULES_WITH_GROUP = replace(RULES, fields=replace(FIELDS, extra=(*FIELDS.extra, GROUP)))


class Answer(Struct, frozen=True, kw_only=True):
    """What somebody wrote in the form; the column of cells is in the order of HEADER.

    Attributes:
        at: When it was submitted; another cell for a timestamp that is none.
        id: What the form calls it; no cell tells.
    """

    at: datetime | str = START
    first: str = "Ève"
    last: str = "Roy"
    email: str = "eve@exemple.test"
    phone: Cell = "418 555-0101"
    municipality: str = "L’Islet"
    cohort: str = ""
    trade: str = ""
    group: str = ""
    id: str = ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The row in the response tab."""
        stamp = self.at if isinstance(self.at, str) else to_serial(self.at, ZONE)
        return (
            stamp,
            self.first,
            self.last,
            self.email,
            self.phone,
            self.municipality,
            self.cohort,
            self.trade,
            self.group,
        )


def answer(name: str = "Ève Roy", minute: float = 0, **fields: Any) -> Answer:
    """Return the answer of somebody with an address and a phone of their own.

    Args:
        name: First and last name.
        minute: After START.
    """
    first, _, last = name.partition(" ")
    own = sum(name.encode()) % 100
    defaults: dict[str, Any] = {
        "at": START + timedelta(minutes=minute),
        "first": first,
        "last": last,
        "email": f"p{own}.{len(name)}@exemple.test",
        "phone": f"418 555-01{own:02}",
    }
    return Answer(**{**defaults, **fields})


def table(
    answers: Iterable[Answer | None], *, sheet_id: int = 1, columns: Sequence[int] | None = None
) -> ResponseTable:
    """Return the answers as a response tab; None stands for a blank row.

    Args:
        columns: Order of the columns, as indexes of HEADER; others are left out, -1 is a blank one.
    """
    order = range(len(HEADER)) if columns is None else columns

    def arranged(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple("" if index < 0 else cells[index] for index in order)

    rows = tuple(() if one is None else arranged(one.cells) for one in answers)
    return ResponseTable(
        sheet_id=sheet_id, title="Réponses au formulaire 1", header=arranged(HEADER), rows=rows
    )


def form_answers(answers: Iterable[Answer]) -> tuple[FormAnswer, ...]:
    """Return the answers as the Forms API lists them; those without a date are not of a form."""
    return tuple(
        FormAnswer(
            id=one.id,
            submitted_at=one.at,
            texts=tuple(str(cell) for cell in one.cells[1:] if cell not in {"", None}),
        )
        for one in answers
        if isinstance(one.at, datetime)
    )


def reply_table(replies: Iterable[tuple[datetime, str, str]]) -> ResponseTable:
    """Return replies to the second form as its tab: when, which code, which choice."""
    rows = tuple((to_serial(at, ZONE), code, choice) for at, code, choice in replies)
    return ResponseTable(sheet_id=2, title="Ma place", header=REPLY_HEADER, rows=rows)


def reply(
    before: Snapshot, number: int, wish: Wish, at: datetime, offer: int | None = None
) -> tuple[datetime, str, str]:
    """Return somebody's reply, about their latest offer unless told otherwise."""
    about = enrolment_of(before, number).offer if offer is None else offer
    words = {
        Wish.ACCEPT: PLACE_FORM.accept,
        Wish.WITHDRAW: PLACE_FORM.withdraw,
        Wish.NO_NEWS: PLACE_FORM.no_news,
    }
    return at, make_code(Number(number), about, SECRET), words[wish]


def with_replies(before: Snapshot, *replies: tuple[datetime, str, str]) -> Snapshot:
    """Return the workbook with these replies to the second form, and no others."""
    return replace(before, replies=reply_table(replies))


def cohort(code: str = "C1", places: int | None = 2, **fields: Any) -> Cohort:
    """Return a cohort whose queue moves up by itself."""
    defaults: dict[str, Any] = {"row": 2, "promotion": Promotion.AUTOMATIC}
    return Cohort(code=code, places=places, **{**defaults, **fields})


def snapshot(answers: Iterable[Answer] = (), *cohorts: Cohort, **fields: Any) -> Snapshot:
    """Return a workbook before its first night; with one cohort unless told otherwise."""
    return Snapshot(
        spreadsheet_id="demo",
        zone=ZONE,
        locale="fr_CA",
        revision=0,
        responses=(table(answers),),
        cohorts=cohorts or (cohort(),),
        **fields,
    )


def with_answers(before: Snapshot, *answers: Answer) -> Snapshot:
    """Return the workbook with these answers, in this order, and no others."""
    return replace(before, responses=(table(answers),))


def decide(before: Snapshot, decisions: Mapping[int, Decision | str | None]) -> Snapshot:
    """Return the workbook after organisers typed decisions, by number; None empties the cell."""

    def typed(enrolment: Enrolment) -> Enrolment:
        if enrolment.number not in decisions:
            return enrolment
        word = decisions[enrolment.number]
        known = word if isinstance(word, Decision) else None
        return replace(enrolment, decision=known, decision_text=str(word or ""))

    return replace(before, register=tuple(typed(enrolment) for enrolment in before.register))


def touch(before: Snapshot, number: int, **fields: Any) -> Snapshot:
    """Return the workbook after somebody changed cells of an enrolment's row."""
    rows = (replace(e, **fields) if e.number == number else e for e in before.register)
    return replace(before, register=tuple(rows))


def send(before: Snapshot, number: int, at: datetime) -> Snapshot:
    """Return the workbook after the mail of somebody's latest offer went out."""
    about = (Number(number), enrolment_of(before, number).offer)
    return replace(before, sendings={**before.sendings, about: at})


def in_night(number: int) -> datetime:
    """Return the instant of a night, counted from 0."""
    return START + NIGHT + timedelta(days=number)


def sleep(before: Snapshot, rules: Rules = RULES, night: int = 0) -> Snapshot:
    """Let a night pass, and return what the next one reads."""
    return apply_plan(before, make_plan(before, rules, in_night(night)))


def status_of(after: Snapshot) -> dict[int, str]:
    """Return everybody's status, by number."""
    return {enrolment.number: enrolment.status.value for enrolment in after.register}


def enrolment_of(after: Snapshot, number: int) -> Enrolment:
    """Return an enrolment by its number."""
    return next(e for e in after.register if e.number == number)


def apply_plan(before: Snapshot, plan: Plan) -> Snapshot:
    """Return what the next night reads if all of a plan is written."""
    cohorts = {change.cohort.code: change.seats for change in plan.cohorts}
    meetings = {change.meeting.row: change for change in plan.meetings}
    after = apply_changes(before, plan.changes, plan.now, plan.pairs)
    return replace(
        after,
        cohorts=tuple(replace(c, seats=cohorts.get(c.code, c.seats)) for c in after.cohorts),
        meetings=tuple(
            replace(
                m,
                number=change.number,
                expected=change.expected,
                present=change.present,
                guests=change.guests,
                sequence=change.sequence,
                told=change.told,
            )
            if (change := meetings.get(m.row))
            else m
            for m in after.meetings
        ),
        rolls=_with_rolls(before, plan.rolls),
        boards=with_boards(before, plan).boards,
        **_with_mail(before, plan),
        highest_meeting=max([before.highest_meeting, *(m.number for m in plan.meetings)]),
        missing_tabs=(),
        missing_columns=(),
        last_night=plan.now,
    )


def with_boards(before: Snapshot, plan: Plan) -> Snapshot:
    """Return the workbook once the tabs Sommaire and Commentaires are as a plan draws them."""
    drawn = {change.board.key: _drawn(change.board) for change in plan.boards}
    return replace(before, boards={**before.boards, **drawn})


def _drawn(board: Board) -> BoardStanding:
    """Return how a board stands once it is written."""
    return BoardStanding(
        row_count=len(board.rows),
        column_count=26,
        grid=[row.cells for row in board.rows],
        charts=frozenset(chart.slot for chart in board.charts),
    )


def apply_changes(
    before: Snapshot, changes: Iterable[Change], now: datetime, pairs: Iterable[PairChange] = ()
) -> Snapshot:
    """Return what the next night reads if only these changes are written: a run that was cut off.

    Args:
        now: The plan's instant, which the journal notes.
    """
    histories = dict(before.histories)
    register = {enrolment.number: enrolment for enrolment in before.register}
    journal, handled = dict(before.journal), dict(before.handled)
    highest = before.highest_number
    for change in changes:
        register[change.after.number] = _written(register.get(change.after.number), change)
        highest = max(highest, change.after.number)
        for event in change.events:
            journal[event.number] = remembered(event, now, journal.get(event.number))
            known = histories.get(event.number, ())
            histories[event.number] = (*known, journal[event.number])
        handled.update((line.key, line) for line in change.handled)
    return replace(
        before,
        register=tuple(register.values()),
        journal=journal,
        histories=histories,
        **_with_pairs(before, pairs),
        handled=handled,
        highest_number=highest,
        revision=before.revision + 1,
    )


def _written(row: Enrolment | None, change: Change) -> Enrolment:
    """Only the cells that a plan names are written; the others stay as they are."""
    if row is None or row.damage is not change.after.damage:
        return replace(change.after, **_organisers(row)) if row else change.after
    return replace(row, **{name: getattr(change.after, name) for name in change.fields})


def _with_pairs(before: Snapshot, pairs: Iterable[PairChange]) -> dict[str, Any]:
    """Return Doublons and what the journal knows of pairs, after changes to some."""
    rows = {row.key: row for row in before.pair_rows}
    pairings = dict(before.pairings)
    verdicts = {"same": Verdict.SAME, "different": Verdict.DIFFERENT}
    for change in pairs:
        rows[change.after.key] = change.after
        for event in change.events:
            known = pairings.get(change.after.key)
            pairings[change.after.key] = Pairing(
                a=event.a,
                b=event.b,
                score=event.score,
                reason=known.reason if known else event.reason,
                verdict=verdicts.get(event.kind),
                step=event.step,
            )
    return {"pair_rows": tuple(rows.values()), "pairings": pairings}


def _with_mail(before: Snapshot, plan: Plan) -> dict[str, Any]:
    """Return the ledger and Courriels as a night leaves them, before anything has left."""
    rows = {row.key: row for row in before.mail_rows}
    rows |= {after.key: after for _, after in plan.mail.rows}
    mailings = {**before.mailings, **{c.after.key: c.after for c in plan.mail.changes}}
    return {"mailings": mailings, "mail_rows": tuple(rows.values())}


def post(before: Snapshot, plan: Plan) -> Snapshot:
    """Return the workbook after all the messages that were due left, at the plan's instant."""
    sent = {m.key: before.mailings[m.key].tell(MailState.SENT, plan.now) for m in plan.mail.due}
    offers = [m for m in sent.values() if m.template is Template.OFFER]
    about = {(m.number or Number(0), int(m.occasion)): plan.now for m in offers}
    shown = (
        replace(row, state=MailState.SENT, sent_at=plan.now) if row.key in sent else row
        for row in before.mail_rows
    )
    return replace(
        before,
        mailings={**before.mailings, **sent},
        mail_rows=tuple(shown),
        sendings={**before.sendings, **about},
    )


def _with_rolls(before: Snapshot, changes: Iterable[RollChange]) -> dict[int, Roll]:
    """Return the attendance tabs after changes to some."""
    rolls = dict(before.rolls)
    for change in changes:
        roll = change.before or Roll(meeting=change.number, title="")
        changed = {row.number: row for row in change.changed}
        rows = (*(changed.get(row.number, row) for row in roll.rows), *change.added)
        title = roll_title(change.meeting, "fr") if change.title else roll.title
        rolls[change.number] = replace(roll, title=title, rows=rows, stale=False)
    return rolls


def _organisers(row: Enrolment) -> dict[str, Any]:
    """Return what a row that is written anew keeps: nothing, where it was gone."""
    if row.damage is Damage.LOST:
        return {
            "decision": None,
            "decision_text": "",
            "priority": 0.0,
            "called_at": None,
            "merge_with": None,
        }
    names = ("decision", "decision_text", "priority", "called_at", "merge_with")
    return {name: getattr(row, name) for name in names}


def remembered(event: Event, now: datetime, before: JournalEntry | None) -> JournalEntry:
    """Return what the journal says of an enrolment after the line about an event."""
    moved_at, reason = now, locale.say("fr", event.reason)
    if before is not None and event.kind not in MOVES:
        moved_at, reason = before.moved_at or now, before.reason
    return JournalEntry(
        number=event.number,
        kind=event.kind,
        told_at=now,
        moved_at=moved_at,
        reason=reason,
        state=event.state,
    )
