"""What is to be written to whom tonight, what leaves, and what Courriels shows.

`wanted` says which messages a night calls for: a new kind of message is a function there, and its
truth a line of `standing`. `actions` does what organisers ask for and lets messages lapse; `view`
shows them. The key of a message is made of whom and what it is about, so that none is planned twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation import locale
from automation.core.ledger import OPEN, Mailing, MailState, count_left
from automation.core.mailing.actions import apply_actions, let_lapse
from automation.core.mailing.evening import Book, Evening, MailChange, MailPlan
from automation.core.mailing.standing import agrees_to_news, holds, may_leave
from automation.core.mailing.view import describe, list_rows, show_mailing
from automation.core.mailing.wanted import list_wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from automation.core.ledger import MailAction
    from automation.core.model import Enrolment, Number
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

__all__ = [
    "Evening",
    "MailChange",
    "MailPlan",
    "agrees_to_news",
    "describe",
    "plan_actions",
    "plan_mail",
    "show_mailing",
    "silence",
]


def plan_mail(evening: Evening) -> MailPlan:
    """Decide what is to be written to whom, what leaves tonight, and what Courriels shows."""
    if evening.rules.post is None:
        return MailPlan()
    book = Book(evening)
    seen, withheld = apply_actions(book, evening)
    let_lapse(book, evening)
    for wanted in list_wanted(evening, book):
        book.add(wanted)
    due, over_cap = _list_due(book, evening)
    mailings = book.mailings.values()
    limbo = tuple(m for m in mailings if m.state is MailState.SENDING)
    waiting = sum(m.state in OPEN and not may_leave(m, evening.post) for m in mailings)
    return MailPlan(
        changes=tuple(book.changes),
        rows=list_rows(book, evening, seen),
        due=due,
        limbo=limbo,
        stopped={
            **{m.key: MailState.EXPIRED for m in limbo if _is_over(m, evening)},
            **{m.key: MailState.HELD for m in limbo if m.key in withheld},
        },
        known=evening.snapshot.mailings,
        mark=evening.mark,
        adopted_at=evening.snapshot.adopted_at,
        waiting=waiting,
        over_cap=over_cap,
    )


def plan_actions(
    snapshot: Snapshot, wanted: Mapping[str, MailAction], rules: Rules, now: datetime
) -> MailPlan:
    """Decide what an organiser's commands change in the ledger, as their column Action would."""
    if rules.post is None:
        return MailPlan()
    rows = tuple(
        replace(row, action=wanted[row.key], action_seen=None)
        for row in snapshot.mail_rows
        if row.key in wanted
    )
    evening = Evening(
        snapshot=replace(snapshot, mail_rows=rows),
        enrolments={enrolment.number: enrolment for enrolment in snapshot.register},
        rules=rules,
        now=now,
    )
    book = Book(evening)
    apply_actions(book, evening)
    return MailPlan(
        changes=tuple(book.changes),
        rows=list_rows(book, replace(evening, snapshot=snapshot), {}),
    )


def silence(  # noqa: PLR0913, PLR0917 - who, what is known, and when
    snapshot: Snapshot,
    enrolments: Mapping[Number, Enrolment],
    numbers: Collection[Number],
    fates: Mapping[str, MailState],
    rules: Rules,
    now: datetime,
) -> MailPlan:
    """Let all messages to some people lapse, and nothing of them be remembered but their fate.

    Args:
        enrolments: Everybody as they will be.
        fates: What became of those on their way, by key.
    """
    evening = Evening(snapshot=snapshot, enrolments=enrolments, rules=rules, now=now)
    book = Book(evening)
    theirs = {key for key, mailing in book.mailings.items() if mailing.number in numbers}
    for key in sorted(theirs):
        mailing = book.mailings[key]
        fate = MailState.EXPIRED if mailing.state in OPEN else fates.get(key, mailing.state)
        book.mailings[key] = mailing = replace(mailing, draft="", thread="", error="")
        if fate is not mailing.state:
            untrue = locale.text(rules.language, "mailing.untrue")
            book.tell(key, fate, untrue if fate is MailState.EXPIRED else "")
    rows = (
        (before, replace(after, action=None, action_seen=None))
        for before, after in list_rows(book, evening, dict.fromkeys(theirs))
        if after.key in theirs
    )
    return MailPlan(
        changes=tuple(book.changes),
        rows=tuple((before, after) for before, after in rows if before != after),
    )


def _is_over(mailing: Mailing, evening: Evening) -> bool:
    return mailing.expires_at <= evening.now or not holds(mailing, evening)


def _list_due(book: Book, evening: Evening) -> tuple[tuple[Mailing, ...], int]:
    """Return what leaves tonight, the most urgent first, and how many more than the cap allows."""
    post = evening.post
    ready = [
        mailing
        for mailing in book.mailings.values()
        if may_leave(mailing, post) and not _is_frozen(mailing, evening)
    ]
    ready.sort(key=lambda m: (post.policies[m.template].priority, m.planned_at, m.key))
    room = max(0, post.daily_cap - count_left(book.mailings.values(), evening.now))
    return tuple(ready[:room]), len(ready[room:])


def _is_frozen(mailing: Mailing, evening: Evening) -> bool:
    """Tell whether the row of whom it goes to can't be taken at its word: the address either."""
    enrolment = evening.enrolments.get(mailing.number) if mailing.number is not None else None
    return enrolment is not None and enrolment.frozen
