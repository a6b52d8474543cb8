"""Messages that the mailbox knows and the ledger does not: they left after a version was restored.

Nobody is written to twice because of them. A key tells nothing by itself; which message it names is
found by trying those that there may have been.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from automation import locale
from automation.core.ledger import (
    OPEN,
    Mailing,
    MailState,
    mail_key,
    make_mark,
    make_reference,
    root_of,
)
from automation.core.letters import Template
from automation.core.mailing.evening import Book, Evening, MailChange, MailPlan
from automation.core.mailing.view import list_rows
from automation.core.model import Number
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

MEMORY: Final = timedelta(days=30)
"""For how long a mailbox is asked."""

SKEW: Final = timedelta(minutes=5)
"""By how much the mailbox's clock may be behind ours."""

_LATER_NUMBERS: Final = 200
"""How many people may have registered after the version that was restored."""
_LATER_MEETINGS: Final = 20
_STEPS: Final = 30
_SEQUENCES: Final = 5

_OF_OFFERS: Final = frozenset({Template.OFFER, Template.LAST_CALL})
"""What they promised was counted from when they left: of a new offer nobody knows it any more."""

_OF_A_STEP: Final = (
    *(Template.CONFIRMATION, Template.WAITING, Template.OFFER, Template.LAST_CALL),
    *(Template.EXPIRED, Template.WITHDRAWN, Template.REMOVED),
)
_OF_A_MEETING: Final = (Template.REMINDER, Template.MOVED, Template.CANCELLED)

_Name = tuple[Number | None, Template, str]


def plan_departed(
    departed: Iterable[tuple[str, datetime]], snapshot: Snapshot, rules: Rules, now: datetime
) -> MailPlan:
    """Take into the ledger what left without its knowing, once a human has looked.

    Args:
        departed: Keys of messages, and when each left.
    """
    if rules.post is None:
        return MailPlan()
    evening = Evening(
        snapshot=snapshot,
        enrolments={enrolment.number: enrolment for enrolment in snapshot.register},
        rules=rules,
        now=now,
    )
    book = Book(evening)
    ours = {key: at for key, at in departed if key.startswith(evening.mark)}
    names = _find_names(ours.keys() - snapshot.mailings.keys(), evening, now)
    why = locale.text(rules.language, "mailing.before_restored")
    for key, at in ours.items():
        known = book.mailings.get(key)
        if known is not None and known.state in OPEN:
            early = is_too_early(at, known)
            book.tell(key, MailState.UNKNOWN if early else MailState.SENT, why if early else "")
        elif known is None and root_of(key) in names:
            book.plan_anyway(_remember(key, at, names[root_of(key)], evening, why))
    rows = list_rows(book, evening, {})
    return MailPlan(changes=tuple(book.changes), rows=rows if book.changes else ())


def is_too_early(at: datetime, mailing: Mailing) -> bool:
    """Tell whether what left at an instant can't be a message, which was planned only later."""
    return at < mailing.planned_at - SKEW


def count_forgotten(departed: Iterable[tuple[str, datetime]], snapshot: Snapshot) -> int:
    """Return how many messages of ours the ledger does not know, and no human has heard of."""
    mark = make_mark(snapshot.home or snapshot.spreadsheet_id)
    told = snapshot.adopted_at
    return sum(
        key.startswith(mark) and key not in snapshot.mailings and (told is None or at > told)
        for key, at in departed
    )


def _remember(key: str, at: datetime, name: _Name, evening: Evening, why: str) -> MailChange:
    """Return the line of a message that left.

    Whether it is the person's who has that number now, nobody can tell of one who registered since.
    """
    number, template, occasion = name
    enrolment = evening.enrolments.get(number) if number is not None else None
    newer = enrolment is not None and (
        enrolment.registered_at is None or enrolment.registered_at > at
    )
    doubtful = newer or template in _OF_OFFERS
    attempt = key.rpartition("-")[2].partition(".")[2]
    mailing = Mailing(
        key=key,
        number=number,
        template=template,
        occasion=occasion,
        planned_at=at,
        expires_at=at,
        reference=make_reference(enrolment.cohort if enrolment else "", number, key),
        state=MailState.UNKNOWN if doubtful else MailState.SENT,
        at=at,
        error=why if doubtful else "",
        attempt=int(attempt) if attempt.isdecimal() else 0,
    )
    return MailChange(after=mailing)


def _find_names(keys: Iterable[str], evening: Evening, now: datetime) -> dict[str, _Name]:
    """Return which messages some keys name, by what the keys have in common with other copies'."""
    wanted, found = set(map(root_of, keys)), {}
    for name in _try_names(evening, now):
        if not wanted:
            break
        root = mail_key(*name)
        if root in wanted:
            wanted.remove(root)
            found[root] = name
    return found


def _try_names(evening: Evening, now: datetime) -> Iterator[_Name]:
    """Yield the messages that there may have been."""
    snapshot = evening.snapshot
    today = now.astimezone(snapshot.zone).date()
    for days in range(MEMORY.days + 2):
        yield None, Template.DIGEST, (today - timedelta(days=days)).isoformat()
    meetings = range(1, snapshot.highest_meeting + _LATER_MEETINGS + 1)
    announced = tuple(f"{meeting}.{n}" for meeting in meetings for n in range(_SEQUENCES))
    codes = tuple(sorted({fold(cohort.code) for cohort in snapshot.cohorts}))
    occasions = {
        **dict.fromkeys(_OF_A_STEP, tuple(map(str, range(_STEPS)))),
        **dict.fromkeys(_OF_A_MEETING, announced),
        Template.THANKS: tuple(map(str, meetings)),
        **dict.fromkeys((Template.FAREWELL, Template.NEXT_COHORT), codes),
    }
    for number in range(1, snapshot.highest_number + _LATER_NUMBERS + 1):
        for template, some in occasions.items():
            for occasion in some:
                yield Number(number), template, occasion
