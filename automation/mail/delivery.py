"""Letting messages leave: nothing twice, nothing lost, whatever breaks in between.

In batches: each message is made ready, the ledger records that it is about to leave, it leaves once,
and its fate is recorded together with the next batch. After a crash, the ledger says which messages
were about to leave, and the transport what became of them; where it can't tell, a human is asked.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from automation import locale
from automation.core.ledger import AWAY, MailState
from automation.core.letters import Template
from automation.core.mailing.departed import MEMORY, is_too_early
from automation.core.model import Problem, phrase
from automation.core.writing import promise, write_letter
from automation.errors import ConfigError, CredentialsError, UnreachableError, WorkbookError
from automation.mail.compose import compose
from automation.mail.mistakes import AddressError, LetterError, TemplateError
from automation.mail.transport import Again, Parcel, Prepared, Sent, Unknown, Unsent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from automation.core.ledger import Mailing
    from automation.core.letters import Attachment
    from automation.core.mailing import MailPlan
    from automation.core.model import Phrase
    from automation.core.writing import Desk
    from automation.errors import CohorteError
    from automation.mail.office import Office
    from automation.mail.templates import Templates
    from automation.mail.transport import Fate, Transport

BATCH: Final = 20
"""Messages that are on their way at once."""

_TURN: Final = timedelta(minutes=10)
"""How long a batch may take: well within the lease, however slow the answers are."""


class Book(Protocol):
    """Where the fate of messages is recorded."""

    def record(self, mailings: Iterable[Mailing], *, goes_on: bool) -> None:
        """Record lines; the last record gives the lease back."""
        ...


class Post(Struct, frozen=True, kw_only=True):
    """What messages are made of, and how they leave.

    Attributes:
        attach: Returns what goes with a message; raises `ConfigError` where it can't be made here.
        clock: Tells the instant, aware.
    """

    desk: Desk
    office: Office
    templates: Templates
    transport: Transport
    attach: Callable[[Mailing], tuple[Attachment, ...]]
    clock: Callable[[], datetime]


class Delivery(Struct):
    """What became of a night's messages.

    Attributes:
        told: The latest line of each message that was dealt with, by key.
        problems: Mistakes in templates, each told once.
        halted: Why the others were not tried; None where all were.
    """

    told: dict[str, Mailing] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    halted: CohorteError | None = None

    def count(self, *states: MailState) -> int:
        """Return how many ended in one of the states."""
        return sum(mailing.state in states for mailing in self.told.values())


def deliver(plan: MailPlan, post: Post, book: Book) -> Delivery:
    """Let tonight's messages leave, and find out about those of a run that was cut off.

    Raises `ConflictError` where another run took over: nothing more leaves then, and the next
    night finds out about what did.
    """
    round_ = _Round(post, book)
    try:
        round_.go(plan)
    except (CredentialsError, UnreachableError, WorkbookError) as error:
        round_.delivery.halted = error
    round_.close()
    return round_.delivery


class _Round:
    """One night's delivery under way."""

    def __init__(self, post: Post, book: Book) -> None:
        self.delivery = Delivery()
        self._post, self._book = post, book
        self._unrecorded: list[Mailing] = []
        self._halted = False

    def go(self, plan: MailPlan) -> None:
        again = self._settle(plan)
        waiting = [*again, *plan.due]
        gone = self._compare(plan, waiting)
        queue = iter([mailing for mailing in waiting if mailing.key not in gone])
        while not self._halted and (batch := list(islice(queue, BATCH))):
            self._send(batch)

    def close(self) -> None:
        """Record what is left to record, and give the lease back."""
        self._book.record(self._unrecorded, goes_on=False)
        self._unrecorded = []

    def _tell(
        self, mailing: Mailing, state: MailState, error: str = "", **fields: object
    ) -> Mailing:
        told = mailing.tell(state, self._post.clock(), error=error, **fields)
        self.delivery.told[told.key] = told
        self._unrecorded.append(told)
        return told

    def _say(self, code: str) -> str:
        return locale.text(self._post.desk.rules.language, code)

    def _settle(self, plan: MailPlan) -> list[Mailing]:
        """Find out about messages in limbo; return those that did not leave and still may."""
        again = []
        for mailing in plan.limbo:
            prepared = Prepared(
                key=mailing.key,
                reference=mailing.reference,
                draft=mailing.draft,
                thread=mailing.thread,
            )
            fate = self._post.transport.find(prepared)
            if not isinstance(fate, Unsent):
                self._conclude(mailing, fate)
            elif (instead := plan.stopped.get(mailing.key)) is not None:
                why = "" if instead is MailState.HELD else self._say("mailing.untrue")
                self._tell(mailing, instead, why)
            else:
                again.append(mailing)
        return again

    def _compare(self, plan: MailPlan, waiting: Sequence[Mailing]) -> set[str]:
        """Return which of those that wait have left already, as the mailbox remembers.

        A ledger that lost events was restored from a former version: nothing leaves before a human
        has looked.
        """
        if not waiting:
            return set()
        known = plan.known
        first = self._post.clock() - MEMORY
        by_key = {mailing.key: mailing for mailing in waiting}
        # What waited for a night or more may have left, if its later lines were lost.
        planned = [mailing.planned_at for mailing in waiting if mailing.key in known]
        left = (mailing.at for mailing in known.values() if mailing.state in AWAY)
        since = min([max(left, default=first), *planned])
        gone = set()
        for trace in self._post.transport.sent_since(since) or ():
            mailing = known.get(trace.key) or by_key.get(trace.key)
            if mailing is None and not trace.key.startswith(plan.mark):
                continue  # a sample, or another programme's that writes from the same mailbox
            if mailing is None and plan.adopted_at is not None and trace.at <= plan.adopted_at:
                continue  # a human has looked since
            if mailing is None or (trace.key in by_key and is_too_early(trace.at, mailing)):
                raise WorkbookError("ledger_lost", reference=trace.id)
            if trace.key in by_key:
                gone.add(trace.key)
                self._tell(by_key[trace.key], MailState.SENT)
        return gone

    def _send(self, batch: Sequence[Mailing]) -> None:
        """Let a batch leave: each message once, and only after the ledger knows of it."""
        made = {mailing.key: (mailing, parcel) for mailing, parcel in self._compose(batch)}
        prepared = self._post.transport.prepare([parcel for _, parcel in made.values()])
        ready = []
        for key, (mailing, parcel) in made.items():
            found = prepared[key]
            if isinstance(found, Unsent):
                self._conclude(mailing, found)
                continue
            told = self._tell(mailing, MailState.SENDING, draft=found.draft, thread=found.thread)
            ready.append((told, parcel, found))
        if not ready:
            return
        self._book.record(self._unrecorded, goes_on=True)
        self._unrecorded = []
        until = self._post.clock() + _TURN
        for mailing, parcel, found in ready:
            if self._halted or self._post.clock() > until:
                self._tell(mailing, MailState.APPROVED)
            else:
                self._conclude(mailing, self._post.transport.send(parcel, found))

    def _conclude(self, mailing: Mailing, fate: Fate) -> None:
        """Tell what became of a message."""
        if isinstance(fate, Sent):
            self._tell(mailing, MailState.SENT)
            return
        words = locale.say(self._post.desk.rules.language, fate.reason)
        if isinstance(fate, Unknown):
            self._tell(mailing, MailState.UNKNOWN, words)
        elif fate.again is Again.NEVER:
            self._tell(mailing, MailState.FAILED, words)
        else:
            self._halted = self._halted or fate.again is Again.HALT
            self._tell(mailing, MailState.APPROVED, words)

    def _compose(self, batch: Iterable[Mailing]) -> Iterator[tuple[Mailing, Parcel]]:
        """Yield what can leave; the others are told of, and stop nobody."""
        for mailing in batch:
            promised = self._promise(mailing)
            try:
                letter = write_letter(promised, self._post.desk, self._post.attach(promised))
                if letter is None:
                    self._tell(promised, MailState.EXPIRED, self._say("mailing.untrue"))
                    continue
                message = compose(letter, self._post.office, self._post.templates)
            except ConfigError as error:
                self._tell(promised, MailState.HELD, self._why_held(error))
            except TemplateError as error:
                self.delivery.problems[error.problem] = None
                self._fail(promised, error.problem.message)
            except LetterError as error:
                self._fail(promised, error.message)
            except AddressError:
                self._fail(promised, phrase("mailing.bad_address"))
            else:
                yield (
                    promised,
                    Parcel(key=mailing.key, reference=mailing.reference, message=message.parse()),
                )

    def _why_held(self, error: ConfigError) -> str:
        if error.code == "no_pdf":
            return self._say("mailing.no_pdf")
        values = {name: str(value) for name, value in error.values.items()}
        told = phrase(f"error.{error.code}", **values)
        return locale.say(self._post.desk.rules.language, told)

    def _fail(self, mailing: Mailing, reason: Phrase) -> None:
        words = locale.say(self._post.desk.rules.language, reason)
        self._tell(mailing, MailState.FAILED, words)

    def _promise(self, mailing: Mailing) -> Mailing:
        """Return an offer with the deadline that its message promises from now."""
        desk = self._post.desk
        enrolment = desk.enrolments.get(mailing.number) if mailing.number else None
        cohort = desk.cohort_of(enrolment) if enrolment else None
        if mailing.template is not Template.OFFER or cohort is None:
            return mailing
        until = promise(self._post.clock(), cohort.window, desk.post, desk.zone)
        return replace(mailing, deadline=until)
