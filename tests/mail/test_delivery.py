"""Letting messages leave: recorded first, sent once, and stopped in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation.core.ledger import MailState
from automation.core.mailing import MailPlan
from automation.core.model import phrase
from automation.core.plan import make_plan
from automation.core.writing import open_desk
from automation.errors import ConfigError, WorkbookError
from automation.mail.delivery import Post, deliver
from automation.mail.samples import SAMPLE_OFFICE
from automation.mail.templates import Templates
from automation.mail.transport import Again, Prepared, Sent, Trace, Unsent
from tests.world import POST, RULES_WITH_MAIL, answer, apply_plan, cohort, in_night, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from automation.core.ledger import Mailing
    from automation.core.letters import Attachment
    from automation.mail.transport import Fate, Parcel

NOW = in_night(0)


@dataclass
class Mailbox:
    """A transport that keeps what it is given, and notes in which order things happen.

    Attributes:
        takes: How long each message takes to leave.
        fates: What becomes of the next messages; they leave where nothing is said.
    """

    events: list[str] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    found: Fate = field(default_factory=lambda: Unsent(reason=phrase("sending.still_a_draft")))
    takes: timedelta = timedelta()
    now: datetime = NOW

    def prepare(self, parcels: Sequence[Parcel]) -> Mapping[str, Prepared | Unsent]:
        return {one.key: Prepared(key=one.key, reference=one.reference) for one in parcels}

    def send(self, parcel: Parcel, prepared: Prepared) -> Fate:  # noqa: ARG002 - the protocol's
        self.now += self.takes
        fate = self.fates.pop(0) if self.fates else Sent(id=parcel.key)
        if isinstance(fate, Sent):
            self.events.append(f"sent {parcel.key}")
        return fate

    def find(self, prepared: Prepared) -> Fate:  # noqa: ARG002
        return self.found

    def sent_since(self, instant: datetime) -> tuple[Trace, ...]:
        return tuple(trace for trace in self.traces if trace.at >= instant)

    def record(self, mailings: Iterable[Mailing], *, goes_on: bool) -> None:
        told = [f"{mailing.state} {mailing.key}" for mailing in mailings]
        self.events += [*told, "goes on" if goes_on else "over"]


def _night(count: int = 3) -> tuple[MailPlan, Post]:
    """Return a night on which some people are told of their place."""
    names = ("Ève Roy", "Franck Caron", "Gina Dubé")[:count]
    before = snapshot([answer(name, i) for i, name in enumerate(names)], cohort(places=count))
    plan = make_plan(before, RULES_WITH_MAIL, NOW)
    desk = open_desk(apply_plan(before, plan), plan, RULES_WITH_MAIL, POST)
    way = Mailbox()
    post = Post(
        desk=desk,
        office=SAMPLE_OFFICE,
        templates=Templates(None),
        transport=way,
        attach=lambda _: (),
        clock=lambda: way.now,
    )
    return plan.mail, post


def _deliver(plan: MailPlan, post: Post, box: Mailbox) -> list[str]:
    """Deliver by a mailbox; return how each message ended, in order."""
    delivery = deliver(plan, replace(post, transport=box, clock=lambda: box.now), box)
    if delivery.halted is not None:
        raise delivery.halted
    return [mailing.state.value for mailing in delivery.told.values()]


def test_the_ledger_knows_of_each_message_before_it_leaves() -> None:
    plan, post = _night(1)
    box = Mailbox()

    _deliver(plan, post, box)

    key = plan.due[0].key
    assert box.events == [f"sending {key}", "goes on", f"sent {key}", f"sent {key}", "over"]


def test_an_account_that_cannot_send_keeps_the_others_for_later() -> None:
    plan, post = _night()
    refusal = Unsent(reason=phrase("sending.no_server"), again=Again.HALT)

    states = _deliver(plan, post, Mailbox(fates=[Sent(id="1"), refusal]))

    assert states == ["sent", "approved", "approved"]


def test_a_batch_that_takes_too_long_is_broken_off_before_the_lease_ends() -> None:
    plan, post = _night()

    states = _deliver(plan, post, Mailbox(takes=timedelta(minutes=6)))

    assert states == ["sent", "sent", "approved"]


def test_what_another_programme_sent_from_the_same_mailbox_says_nothing_of_ours() -> None:
    plan, post = _night(1)
    theirs = [Trace(key=key, id="1", at=NOW) for key in ("00ff00-abc", "failed-1", "sample")]

    assert _deliver(plan, post, Mailbox(traces=theirs)) == ["sent"]


def test_a_message_that_left_before_somebody_adopted_the_workbook_stops_nothing() -> None:
    plan, post = _night(1)
    trace = Trace(key=f"{plan.mark}abc", id="1", at=NOW)

    assert _deliver(replace(plan, adopted_at=NOW), post, Mailbox(traces=[trace])) == ["sent"]
    with pytest.raises(WorkbookError):
        _deliver(replace(plan, adopted_at=NOW - timedelta(1)), post, Mailbox(traces=[trace]))


def test_a_message_that_left_before_it_was_planned_is_another_one_and_stops_everything() -> None:
    plan, post = _night(1)
    early = Trace(key=plan.due[0].key, id="1", at=NOW - timedelta(hours=1))

    with pytest.raises(WorkbookError):
        _deliver(plan, post, Mailbox(traces=[early]))


def test_lines_of_what_never_left_hide_no_message_that_the_ledger_forgot() -> None:
    plan, post = _night(1)
    planned = replace(plan.due[0], key=f"{plan.mark}later", at=NOW + timedelta(days=1))
    trace = Trace(key=f"{plan.mark}abc", id="1", at=NOW)

    with pytest.raises(WorkbookError):
        _deliver(replace(plan, known={planned.key: planned}), post, Mailbox(traces=[trace]))


def test_a_message_of_ours_that_the_ledger_forgot_stops_everything() -> None:
    plan, post = _night(1)
    box = Mailbox(traces=[Trace(key=f"{plan.mark}abc", id="1", at=NOW)])

    with pytest.raises(WorkbookError):
        _deliver(plan, post, box)

    assert box.events == ["over"]


def test_a_message_that_waited_and_left_all_the_same_does_not_leave_again() -> None:
    plan, post = _night(1)
    (old,) = plan.due
    other = replace(old, key=f"{plan.mark}other", at=NOW + timedelta(hours=30))
    known = replace(plan, known={old.key: old, other.key: other})
    box = Mailbox(
        now=NOW + timedelta(days=2),
        traces=[Trace(key=old.key, id="1", at=NOW + timedelta(hours=1))],
    )

    states = _deliver(known, post, box)

    assert states == ["sent"]
    assert not any(event.startswith("sending") for event in box.events)


@pytest.mark.parametrize("instead", [MailState.HELD, MailState.EXPIRED])
def test_what_did_not_leave_and_must_not_any_more_stays_here(instead: MailState) -> None:
    plan, post = _night(1)
    (due,) = plan.due
    limbo = due.tell(MailState.SENDING, NOW)
    cut_off = MailPlan(limbo=(limbo,), stopped={limbo.key: instead}, mark=plan.mark)

    stopped = _deliver(cut_off, post, Mailbox())
    found_sent = _deliver(cut_off, post, Mailbox(found=Sent(id="1")))

    assert stopped == [instead.value]
    assert found_sent == ["sent"]


def test_an_attachment_that_cannot_be_made_holds_its_message_alone() -> None:
    plan, post = _night()

    def attach(mailing: Mailing) -> tuple[Attachment, ...]:
        if mailing.number == 2:
            raise ConfigError("no_pdf")
        return ()

    delivery = deliver(plan, replace(post, attach=attach), Mailbox())

    told = {mailing.number or 0: mailing for mailing in delivery.told.values()}
    assert {number: one.state.value for number, one in told.items()} == {
        1: "sent",
        2: "held",
        3: "sent",
    }
    assert "pdf" in told[2].error
