"""What left without the ledger's knowing, since an earlier version was restored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.ledger import MailState, mail_key, make_mark
from automation.core.letters import Template
from automation.core.mailing.departed import count_forgotten, plan_departed
from automation.core.model import Number
from automation.core.plan import make_plan
from tests.world import (
    RULES,
    RULES_WITH_MAIL,
    answer,
    apply_plan,
    cohort,
    in_night,
    snapshot,
)

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.ledger import Mailing
    from automation.core.snapshot import Snapshot

NOW = in_night(3)
LEFT = in_night(2)


@pytest.fixture(name="book")
def fixture_book() -> Snapshot:
    """Two people, one of whom waits; what they were told is planned and has not left."""
    before = snapshot([answer("Ève Roy", 0), answer("Luc Caron", 1)], cohort(places=1))
    return apply_plan(before, make_plan(before, RULES_WITH_MAIL, in_night(0)))


def _key(book: Snapshot, number: int | None, template: Template, occasion: str) -> str:
    return mail_key(number, template, occasion, mark=make_mark(book.spreadsheet_id))


def _noted(book: Snapshot, *departed: tuple[str, datetime]) -> list[Mailing]:
    plan = plan_departed(departed, book, RULES_WITH_MAIL, NOW)
    assert len(plan.rows) >= len(plan.changes)
    return [change.after for change in plan.changes]


@pytest.mark.parametrize(
    ("number", "template", "occasion", "state"),
    [
        (1, Template.WITHDRAWN, "2", MailState.SENT),
        (2, Template.REMINDER, "3.1", MailState.SENT),
        (2, Template.THANKS, "3", MailState.SENT),
        (2, Template.FAREWELL, "c1", MailState.SENT),
        (150, Template.WAITING, "1", MailState.SENT),
        (None, Template.DIGEST, LEFT.date().isoformat(), MailState.SENT),
        (2, Template.OFFER, "1", MailState.UNKNOWN),
    ],
)
def test_what_left_is_known_by_its_key_and_an_offer_is_a_question(
    book: Snapshot, number: int | None, template: Template, occasion: str, state: MailState
) -> None:
    (noted,) = _noted(book, (_key(book, number, template, occasion), LEFT))

    assert (noted.number, noted.template, noted.occasion) == (number, template, occasion)
    assert (noted.state, noted.at) == (state, LEFT)
    assert bool(noted.error) == (state is MailState.UNKNOWN)


def test_another_attempt_is_known_as_such(book: Snapshot) -> None:
    (noted,) = _noted(book, (f"{_key(book, 1, Template.WITHDRAWN, '2')}.1", LEFT))

    assert (noted.number, noted.attempt) == (1, 1)


def test_what_left_before_it_was_planned_may_have_been_somebody_elses(book: Snapshot) -> None:
    planned = {m.number: m for m in book.mailings.values()}
    first, second = planned[Number(1)], planned[Number(2)]
    before = first.planned_at - timedelta(hours=1)

    noted = _noted(book, (first.key, before), (second.key, LEFT))

    assert {m.number: m.state for m in noted} == {1: MailState.UNKNOWN, 2: MailState.SENT}


def test_somebody_who_registered_since_may_not_have_got_it(book: Snapshot) -> None:
    (enrolment,) = [e for e in book.register if e.number == 2]
    later = replace(enrolment, registered_at=LEFT + timedelta(hours=1))
    book = replace(book, register=tuple(later if e is enrolment else e for e in book.register))

    (noted,) = _noted(book, (_key(book, 2, Template.REMINDER, "1.0"), LEFT))

    assert noted.state is MailState.UNKNOWN


def test_what_is_not_ours_or_names_no_message_is_not_noted(book: Snapshot) -> None:
    theirs = mail_key(1, Template.WITHDRAWN, "2", mark=make_mark("another"))
    nameless = f"{make_mark(book.spreadsheet_id)}0123456789abcdef0123"

    assert _noted(book, (theirs, LEFT), ("failed-1", LEFT), (nameless, LEFT)) == []
    departed = [(theirs, LEFT), (nameless, LEFT)]
    assert count_forgotten(departed, book) == 1
    assert count_forgotten(departed, replace(book, adopted_at=LEFT)) == 0


def test_without_mail_nothing_is_noted(book: Snapshot) -> None:
    key = _key(book, 1, Template.WITHDRAWN, "2")

    assert plan_departed([(key, LEFT)], book, RULES, NOW).changes == ()
