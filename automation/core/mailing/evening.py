"""What a night knows when it turns to its mail, the ledger it works on, and what it decides."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from automation import locale
from automation.core.ledger import AWAY, OPEN, MailState, make_mark, recall, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.ledger import Mailing, MailRow
    from automation.core.model import Enrolment, Event, Meeting, Number
    from automation.core.rules import PostRules, Rules
    from automation.core.snapshot import Snapshot


class MailChange(Struct, frozen=True, kw_only=True):
    """One more line of the ledger.

    Attributes:
        unit: The enrolment whose change it goes with; None for what goes by itself.
        meeting: The row in Rencontres whose change it goes with; None likewise.
    """

    after: Mailing
    unit: Number | None = None
    meeting: int | None = None


class MailPlan(Struct, frozen=True, kw_only=True):
    """What a night does about mail.

    Attributes:
        changes: Lines of the ledger, in order.
        rows: Rows of Courriels that differ, as they are (None for new ones) and as they should be.
        due: Messages to let leave, the most urgent first, within the day's cap.
        limbo: Messages that a run may have let leave before it was cut off.
        stopped: What becomes of those in limbo that must not leave any more, if they did not.
        known: The ledger as it stood before tonight.
        mark: What the keys of this programme's messages begin with.
        adopted_at: When a human last said that the workbook is the right one; None for never.
        waiting: How many wait for an organiser's approval.
        over_cap: How many wait for tomorrow.
    """

    changes: tuple[MailChange, ...] = ()
    rows: tuple[tuple[MailRow | None, MailRow], ...] = ()
    due: tuple[Mailing, ...] = ()
    limbo: tuple[Mailing, ...] = ()
    stopped: Mapping[str, MailState] = field(default_factory=dict)
    known: Mapping[str, Mailing] = field(default_factory=dict)
    mark: str = ""
    adopted_at: datetime | None = None
    waiting: int = 0
    over_cap: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write and nothing to send."""
        return not (self.changes or self.rows or self.due or self.limbo)


class Evening(Struct, frozen=True, kw_only=True, dict=True):
    """What a night knows when it turns to its mail.

    Attributes:
        enrolments: Everybody as they will be.
        events: What happens to each tonight.
        meetings: Those that have a number, as they stand in Rencontres.
        moved: What people knew of the meetings that moved or were cancelled, by number.
        since: Since when each has their place.
        units: With which lower enrolment some are written.
        awaited: Whether the committee should read tonight's digest.
    """

    snapshot: Snapshot
    enrolments: Mapping[Number, Enrolment]
    events: Mapping[Number, Sequence[Event]] = field(default_factory=dict)
    meetings: Sequence[Meeting] = ()
    moved: Mapping[int, str] = field(default_factory=dict)
    attendances: Sequence[Attendance] = ()
    since: Mapping[Number, datetime] = field(default_factory=dict)
    units: Mapping[Number, Number] = field(default_factory=dict)
    awaited: bool = False
    rules: Rules
    now: datetime

    @property
    def post(self) -> PostRules:
        """How Cohorte writes to people; ValueError where it does not."""
        if self.rules.post is None:
            raise ValueError("nobody writes")
        return self.rules.post

    @cached_property
    def mark(self) -> str:
        """What the keys of this programme's messages begin with."""
        return make_mark(self.snapshot.home or self.snapshot.spreadsheet_id)

    @cached_property
    def people(self) -> Mapping[Number, Sequence[Enrolment]]:
        """Everybody's enrolments, by person."""
        found: defaultdict[Number, list[Enrolment]] = defaultdict(list)
        for enrolment in self.enrolments.values():
            found[enrolment.person].append(enrolment)
        return found

    @cached_property
    def absorbed(self) -> Mapping[Number, Sequence[Number]]:
        """Which enrolments were merged into another, at one remove or more, by the one that stays."""
        found: defaultdict[Number, list[Number]] = defaultdict(list)
        for enrolment in self.enrolments.values():
            passed = {enrolment.number}
            stays = enrolment.merged_into
            while stays is not None and stays not in passed:
                found[stays].append(enrolment.number)
                passed.add(stays)
                into = self.enrolments.get(stays)
                stays = into.merged_into if into else None
        return found


class Book:
    """The ledger while a night works on it.

    Attributes:
        mailings: By key.
        changes: The lines that tonight adds.
    """

    def __init__(self, evening: Evening) -> None:
        self.mailings = dict(evening.snapshot.mailings)
        self.changes: list[MailChange] = []
        self._now = evening.now
        self._by_root: defaultdict[str, list[str]] = defaultdict(list)
        self._recover(evening)
        for key in self.mailings:
            self._by_root[root_of(key)].append(key)
        self._shown = {root_of(row.key) for row in evening.snapshot.mail_rows}

    def _recover(self, evening: Evening) -> None:
        """Find again what the ledger lost: Courriels shows nothing but what it knew."""
        why = locale.text(evening.rules.language, "mailing.lost")
        for row in evening.snapshot.mail_rows:
            known = self.mailings.get(row.key)
            if known is None:
                recalled = recall(row, evening.now, why)
                if recalled is not None:
                    self._note(MailChange(after=recalled))
            elif known.state in OPEN and row.state in AWAY and row.reference == known.reference:
                self.tell(row.key, MailState.UNKNOWN, why)

    def attempts(self, root: str) -> list[Mailing]:
        """Return the attempts at one message."""
        return [self.mailings[key] for key in self._by_root[root]]

    def has_left(self, roots: Iterable[str]) -> bool:
        """Tell whether one of these messages left, or may have."""
        return any(mailing.state in AWAY for root in roots for mailing in self.attempts(root))

    def add(self, change: MailChange) -> None:
        """Plan a message, unless the ledger has it: then the newest template of its family counts."""
        after = change.after
        root = root_of(after.key)
        known = self.attempts(root)
        if not known and root not in self._shown:
            self.plan_anyway(change)
        for mailing in known:
            if mailing.template is not after.template and mailing.state in OPEN:
                told = replace(mailing, template=after.template, step=mailing.step + 1)
                self._note(MailChange(after=told))

    def plan_anyway(self, change: MailChange) -> None:
        """Plan a message whose key the ledger does not have."""
        self._by_root[root_of(change.after.key)].append(change.after.key)
        self._note(change)

    def tell(self, key: str, state: MailState, error: str = "") -> None:
        """Add a line about a message."""
        told = self.mailings[key].tell(state, self._now, error=error)
        self._note(MailChange(after=told))

    def _note(self, change: MailChange) -> None:
        self.mailings[change.after.key] = change.after
        self.changes.append(change)
