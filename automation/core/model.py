"""The words of the trade, as values: what a programme is made of.

Instants are aware datetimes in UTC; what organisers typed as a date or an hour stays local to the
spreadsheet's time zone until `automation.workbook` turns it into an instant.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, NewType

from msgspec import Struct, field

if TYPE_CHECKING:
    from datetime import date, datetime, time

Number = NewType("Number", int)
"""An enrolment's number, from 1; never used again. A person's is that of their oldest enrolment."""

Key = NewType("Key", str)
"""What tells one response from another; see `automation.core.responses`."""

OFFER_WINDOW = timedelta(hours=72)
"""How long an offer may be accepted where a cohort does not say."""

Cell = str | int | float | bool | None
"""A cell's unformatted value as the Sheets API gives it; empty is "" or None."""


class Status(StrEnum):
    """An enrolment's state. LIVE states may still lead to a seat; HOLDING ones have one."""

    TO_REVIEW = "to_review"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    NOT_ADMITTED = "not_admitted"
    MERGED = "merged"
    ERASED = "erased"


HOLDING = frozenset({Status.OFFERED, Status.CONFIRMED})
LIVE = HOLDING | {Status.TO_REVIEW, Status.WAITING}


class Decision(StrEnum):
    """What an organiser may ask for in the column Décision."""

    CONFIRM = "confirm"
    OFFER = "offer"
    WAIT = "wait"
    RESTORE = "restore"
    """On the waiting list, at the place in the queue that the first answer gave."""
    WITHDRAW = "withdraw"
    REMOVE = "remove"


class Hold(StrEnum):
    """Why somebody who waits is not eligible."""

    COMMITTEE = "committee"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    """Under review until somebody says whether it is the same person as another."""


class Verdict(StrEnum):
    """What an organiser says of two enrolments that may be one person's."""

    SAME = "same"
    DIFFERENT = "different"


class Damage(StrEnum):
    """Why a row of the register can't be taken at its word; its state is then the journal's."""

    TORN = "torn"
    """Its cells no longer belong together, or the journal knows more."""
    LOST = "lost"
    """It is gone."""
    DOUBLED = "doubled"
    """Another row bears its number."""


class Promotion(StrEnum):
    """How the head of the queue gets a free seat: asked first, or at once."""

    OFFER = "offer"
    AUTOMATIC = "automatic"


class MeetingState(StrEnum):
    """What organisers say of a meeting."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class By(StrEnum):
    """Who caused a transition."""

    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    COHORTE = "cohorte"


class HandledState(StrEnum):
    """What became of a response."""

    ACTED = "acted"
    REPLACED = "replaced"
    VANISHED = "vanished"
    ERASED = "erased"
    REPLIED = "replied"
    """It was a reply to "Ma place", and has acted."""


class Phrase(NamedTuple):
    """Something to say to a person, in whichever language: see `automation.locale.say`.

    Attributes:
        code: A key of the catalogue; also the reason code in a plan's digest.
        values: The catalogue entry's placeholders, by name, in alphabetical order.
    """

    code: str
    values: tuple[tuple[str, str | int], ...] = ()


def phrase(code: str, /, **values: str | int) -> Phrase:
    """Return the phrase with its placeholders in a stable order."""
    return Phrase(code, tuple(sorted(values.items())))


class Problem(Struct, frozen=True, kw_only=True):
    """Bad data, told to the organisers; it never stops a night.

    Attributes:
        tab: The tab's title as the organisers see it.
        row: The row, counted from 1 as Sheets shows it; None for the whole tab.
        column: The header concerned, or "".
        message: What is wrong.
        damage: Whether a row had to be frozen or left out because of it (exit code 30).
    """

    tab: str
    message: Phrase
    row: int | None = None
    column: str = ""
    damage: bool = False


class Registration(Struct, frozen=True, kw_only=True):
    """One answer to the registration form, as read tonight.

    Attributes:
        key: Tells this response from every other: the form's id of it where that is known, else that
            of its row.
        sheet_key: That of its row, which its timestamp and who answered make up.
        response_id: The form's id of it; "" where the Forms API does not tell, or not clearly.
        tab: Title of its response tab.
        row: Its row, from 1; says where to look, decides nothing.
        submitted_at: When it was last submitted; None where the timestamp cannot be read.
        name: The whole name as written, first name first.
        cohort_choice: The answer to the cohort question, "" without one.
        extra: The other mapped fields, in the order of the configuration.
        answer_hash: Hash of all the answers that are not part of the key.
    """

    key: Key
    sheet_key: Key = Key("")
    response_id: str = ""
    tab: str
    row: int
    submitted_at: datetime | None
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    municipality: str = ""
    cohort_choice: str = ""
    consent: str = ""
    extra: tuple[str, ...] = ()
    answer_hash: str = ""

    @property
    def name(self) -> str:
        """The whole name, first name first."""
        return f"{self.first_name} {self.last_name}".strip()


class State(Struct, frozen=True, kw_only=True):
    """What the journal and a row of the register both tell of an enrolment, and agree on.

    Attributes:
        step: How many lines the journal has about the enrolment; each adds one.
        person: The number of the person's oldest enrolment.
        cohort: A cohort's code; "" while it is not known.
        queued_at: Its place in the queue is counted from here.
        deadline: Until when an offer may be accepted; None before it was made known.
        decision_seen: The decision handled last.
        call_seen: The date of a call ("Offert par téléphone le") handled last.
        merge_seen: The number in "Fusionner avec n°" handled last.
        offer: The step at which its latest offer was made; 0 for none. Names that offer.
        ended_at: When it ended, for one that is not live: an answer submitted later is a new try.
        merged_into: The enrolment that stays, for a merged one.
        opted_out: Whether they asked for no more news.
    """

    step: int
    person: Number
    cohort: str
    status: Status
    queued_at: datetime | None
    deadline: datetime | None
    decision_seen: Decision | None
    call_seen: datetime | None
    merge_seen: int | None
    hold: Hold | None
    offer: int
    ended_at: datetime | None
    merged_into: Number | None
    opted_out: bool


class Enrolment(Struct, frozen=True, kw_only=True):
    """A person in a cohort: one row of the register. The fields of `State` mean what they do there.

    Attributes:
        registered_at: When the answer that made it was submitted.
        rank: Place among those who wait and are eligible, from 1.
        reason: Why it has this status, in words for the person concerned.
        alerts: What the organisers should look at, in words; "" for nothing.
        decision: What the organisers ask for; None for nothing, or for a word of their own.
        decision_text: Their cell, as typed.
        priority: The organisers' cell; higher comes first, 0 by default.
        called_at: When they offered the seat by phone; a bare date counts to its end.
        merge_with: The number that they say is the same person's.
        communications: Whether news may be sent, as the organisers say; None where they don't.
        damage: Why the row can't be taken at its word.
    """

    number: Number
    person: Number
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    municipality: str = ""
    extra: tuple[str, ...] = ()
    cohort: str = ""
    registered_at: datetime | None = None
    status: Status
    rank: int | None = None
    reason: str = ""
    deadline: datetime | None = None
    alerts: str = ""
    decision: Decision | None = None
    decision_text: str = ""
    priority: float = 0.0
    called_at: datetime | None = None
    merge_with: int | None = None
    communications: bool | None = None
    queued_at: datetime | None = None
    decision_seen: Decision | None = None
    call_seen: datetime | None = None
    merge_seen: int | None = None
    hold: Hold | None = None
    offer: int = 0
    ended_at: datetime | None = None
    consent: str = ""
    merged_into: Number | None = None
    opted_out: bool = False
    step: int = 0
    damage: Damage | None = None

    @property
    def name(self) -> str:
        """The whole name, first name first."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def frozen(self) -> bool:
        """Whether the row must be left alone."""
        return self.damage is not None

    @property
    def state(self) -> State:
        """What the journal should tell of it."""
        return State(**{name: getattr(self, name) for name in STATE_FIELDS})


STATE_FIELDS = tuple(State.__struct_fields__)
"""Names of the fields that an enrolment and its state have in common."""


class Event(Struct, frozen=True, kw_only=True):
    """One line of the journal about an enrolment: what happened, and the state it left.

    Attributes:
        kind: transition (the status changed, or who holds it back), edited (the answer changed),
            refreshed (the row shows its answer again), decision, call and merge (an organiser's
            cell was handled), joined and split (two enrolments were found to be one person's, or
            not), sent (an offer was made known), no_news (they want none), withdrew (from what
            had ended already), restored (the row was put right from the journal) or recorded (the
            journal from the row).
        before: The status it had; None for a new enrolment.
    """

    number: Number
    kind: str
    before: Status | None
    by: By
    reason: Phrase
    state: State

    @property
    def after(self) -> Status:
        """The status that it left."""
        return self.state.status


MOVES = frozenset({"transition", "joined", "split"})
"""Kinds of events that may change a status."""


class JournalEntry(Struct, frozen=True, kw_only=True):
    """What the journal last said of an enrolment.

    Attributes:
        kind: That of its latest line.
        told_at: The instant of its latest line; None if unreadable.
        moved_at: The instant of its latest transition; None if unreadable.
        reason: The words of its latest transition.
        state: What the latest line left.
        former: The status before its latest transition; None where there was none.
    """

    number: Number
    kind: str
    told_at: datetime | None
    moved_at: datetime | None
    reason: str
    state: State
    former: Status | None = None


PairKey = tuple[Number, Number]
"""Two enrolments, the lower number first."""


class Pairing(Struct, frozen=True, kw_only=True):
    """Two enrolments that may be one person's, as the journal knows them.

    Attributes:
        score: Likeness out of 100.
        reason: Why, in words.
        verdict: None while nobody has said.
        step: How many lines the journal has about the pair.
    """

    a: Number
    b: Number
    score: int
    reason: str
    verdict: Verdict | None = None
    step: int = 0

    @property
    def key(self) -> PairKey:
        """The two numbers, the lower first."""
        return (self.a, self.b)


class PairEvent(Struct, frozen=True, kw_only=True):
    """One line of the journal about a pair.

    Attributes:
        kind: suggested, same, different or reopened.
        reason: In words.
    """

    a: Number
    b: Number
    kind: str
    by: By
    reason: str
    score: int
    step: int


class PairRow(Struct, frozen=True, kw_only=True):
    """One row of Doublons.

    Attributes:
        name_a: As in the register; so are the others.
        contact_a: E-mail and phone.
        where_a: Cohort and status, in words.
        settled: Whether there is a verdict: those rows go below the others.
        verdict: The organisers' cell; None for nothing, or for a word of their own.
        verdict_seen: The verdict handled last.
        torn: Whether its cells no longer belong together: its verdict does not act.
    """

    a: Number
    b: Number
    name_a: str = ""
    name_b: str = ""
    contact_a: str = ""
    contact_b: str = ""
    where_a: str = ""
    where_b: str = ""
    score: int = 0
    reason: str = ""
    settled: int = 0
    verdict: Verdict | None = None
    verdict_seen: Verdict | None = None
    torn: bool = False

    @property
    def key(self) -> PairKey:
        """The two numbers, the lower first."""
        return (self.a, self.b)


class Seats(Struct, frozen=True, kw_only=True):
    """A cohort's figures, and what the organisers should look at; None where none was readable."""

    confirmed: int | None = None
    offered: int | None = None
    waiting: int | None = None
    free: int | None = None
    alerts: str = ""


class Cohort(Struct, frozen=True, kw_only=True):
    """A cohort, or a workshop with places of its own: one row of Cohortes.

    Attributes:
        row: Its row, from 1.
        places: The cap; None where organisers gave none that can be read: nobody is admitted.
        waiting_limit: How many may wait; None without limit.
        opens: First instant at which an answer is admitted; None without limit.
        closes: First instant at which one no longer is (exclusive); None without limit.
        reserved: How many places are kept for a group.
        reserved_for: That group, as the answers name it.
        reserved_until: First instant at which they no longer are; None without limit.
        window: How long an offer may be accepted.
        last_offer: First instant after the last window; None without limit.
        follows: Code of the cohort whose waiting list comes first; "" for none.
        attestation_at: How many presences earn an attestation; None for no attestations.
        seats: The figures as they stand in the sheet.
    """

    code: str
    row: int
    name: str = ""
    places: int | None = None
    waiting_limit: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    reserved: int = 0
    reserved_for: str = ""
    reserved_until: datetime | None = None
    promotion: Promotion = Promotion.OFFER
    window: timedelta = OFFER_WINDOW
    last_offer: datetime | None = None
    follows: str = ""
    attestation_at: int | None = None
    paused: bool = False
    seats: Seats = field(default_factory=Seats)

    def admits(self, instant: datetime) -> bool:
        """Tell whether an answer submitted at that instant falls within the period."""
        if self.opens is not None and instant < self.opens:
            return False
        return self.closes is None or instant < self.closes


class Meeting(Struct, frozen=True, kw_only=True):
    """A meeting of a cohort: one row of Rencontres.

    Attributes:
        row: Its row, from 1.
        number: None until Cohorte has given it one.
        sequence: How often its time or place has changed since it was announced.
        told: Its time and place as people last knew them; "" before the first night that saw it.
        expected: How many are expected, as it stands in the sheet; so are `present`, how many of
            the enrolled came, and `guests`, how many others did.
        sealed: Whether the row's seal fits; a row that has no number yet has no seal either.
    """

    row: int
    number: int | None = None
    cohort: str = ""
    day: date | None = None
    start: time | None = None
    end: time | None = None
    theme: str = ""
    place: str = ""
    host: str = ""
    state: MeetingState = MeetingState.PLANNED
    sequence: int = 0
    told: str = ""
    expected: int | None = None
    present: int | None = None
    guests: int | None = None
    sealed: bool = True


class Handled(Struct, frozen=True, kw_only=True):
    """What became of a response: one line of Réponses traitées, where the latest of a key wins.

    Attributes:
        traces: For an erased one, by what the same answer is known again should it be edited; see
            `automation.core.enrolment.erasing`.
    """

    key: Key
    number: Number
    answer_hash: str
    state: HandledState
    replaced_by: Key | None = None
    traces: tuple[str, ...] = ()
