"""Gmail: a draft is sent once, whatever breaks, and what became of it is found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation import local
from automation.errors import CohorteError, CredentialsError, UnreachableError
from automation.google import gmail
from automation.google.pacing import Pace
from automation.google.retries import ONCE, Retries
from automation.local import Account, Fault, FaultPlan
from automation.mail.gmail import GmailTransport
from automation.mail.transport import KEY_HEADER, Again, Prepared, Sent, Unknown, Unsent
from tests.local.post import Post, encoded, letter
from tests.mail.parcels import parcel

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from automation.mail.transport import Fate, Parcel

# Patient, without waiting.
QUICK = Retries(sleep=lambda _: None, jitter=lambda: 0.0, clock=lambda: 0.0)


class Office:
    """A mailbox, and our transport over it."""

    def __init__(self, retries: Retries = QUICK, account: Account | None = None) -> None:
        self.faults: dict[int, Fault] = {}
        plan = FaultPlan(at=self.faults, sleep=lambda _: None)
        self.post = Post(faults=plan, account=account)
        self.session = self.post.session
        self.transport = GmailTransport(self.session, retries=retries)

    def next(self, *faults: Fault) -> None:
        """Let the next calls go wrong."""
        for number, fault in enumerate(faults, len(self.session.calls) + 1):
            self.faults[number] = fault

    def prepare(self, one: Parcel) -> Prepared:
        """Prepare one message."""
        found = self.transport.prepare([one])[one.key]
        assert isinstance(found, Prepared)
        return found

    def sent(self) -> list[str]:
        """The keys of what left."""
        kept = local.read_mailbox(self.session.store)
        return [one.headers.get(KEY_HEADER.lower(), "") for one in kept if one.is_sent]

    def drafts(self) -> list[local.MailboxMessage]:
        """What is a draft."""
        return [one for one in local.read_mailbox(self.session.store) if one.is_draft]


@pytest.fixture(name="office")
def fixture_office() -> Iterator[Office]:
    made = Office()
    yield made
    made.session.close()


def test_the_draft_that_a_crash_left_behind_is_taken_over_with_its_new_text(
    office: Office,
) -> None:
    before = office.prepare(parcel(body="Répondez avant le 20 janvier."))

    after = GmailTransport(office.session).prepare([parcel(body="Répondez avant le 21 janvier.")])

    found = after["a1b2"]
    assert isinstance(found, Prepared)
    assert (found.draft, found.thread) == (before.draft, before.thread)
    (draft,) = office.drafts()
    assert "21 janvier" in draft.text


def test_drafts_of_people_are_left_alone(office: Office) -> None:
    theirs = [office.post.draft(Subject=str(number)) for number in range(3)]

    office.prepare(parcel())

    assert len(office.drafts()) == 4
    for draft in theirs:
        kept = office.post.get(f"/drafts/{draft['id']}", format="minimal")
        assert kept["message"]["id"] == draft["message"]["id"]


def test_a_draft_is_looked_at_once_however_many_batches_there_are(office: Office) -> None:
    for number in range(5):
        office.post.draft(Subject=str(number))
    office.prepare(parcel("a1"))
    before = len(office.session.calls)

    office.prepare(parcel("b2"))

    assert [call.method for call in office.session.calls[before:]] == ["GET", "POST"]


def test_more_drafts_than_a_page_holds_are_all_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gmail, "_PAGE", 2)
    kept = office.prepare(parcel("first"))
    for number in range(4):
        office.post.draft(Subject=str(number))

    again = GmailTransport(office.session).prepare([parcel("first")])["first"]

    assert isinstance(again, Prepared)
    assert again.draft == kept.draft


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.SLOW}))
def test_a_draft_whose_making_was_cut_is_not_made_twice(office: Office, fault: Fault) -> None:
    office.next(Fault.SLOW, fault)

    prepared = office.prepare(parcel())

    (draft,) = office.drafts()
    assert draft.thread == prepared.thread


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.SLOW}))
def test_whatever_breaks_a_draft_leaves_once_at_most(office: Office, fault: Fault) -> None:
    one = parcel()
    prepared = office.prepare(one)
    office.next(fault)

    fate = office.transport.send(one, prepared)

    left = office.sent()
    assert isinstance(fate, Sent) == (left == ["a1b2"])
    assert isinstance(fate, Unsent) == (left == [])
    if isinstance(fate, Unsent):
        assert isinstance(office.transport.send(one, prepared), Sent)
    assert office.sent() == ["a1b2"]


def test_a_second_sending_of_the_same_draft_finds_the_first(office: Office) -> None:
    one = parcel()
    prepared = office.prepare(one)
    first = office.transport.send(one, prepared)

    again = office.transport.send(one, prepared)

    assert isinstance(first, Sent)
    assert isinstance(again, Sent)
    assert again.id == first.id
    assert office.sent() == ["a1b2"]


def test_an_answer_that_stays_away_leaves_the_fate_for_another_day(office: Office) -> None:
    one = parcel()
    prepared = office.prepare(one)
    office.next(Fault.DROPPED_AFTER, *[Fault.UNAVAILABLE_BEFORE] * QUICK.attempts)

    with pytest.raises(UnreachableError):
        office.transport.send(one, prepared)

    assert isinstance(office.transport.find(prepared), Sent)


def test_a_full_day_halts_the_others_too() -> None:
    office = Office(account=Account(messages_a_day=0))
    one = parcel()

    fate = office.transport.send(one, office.prepare(one))

    assert isinstance(fate, Unsent)
    assert fate.again is Again.HALT
    assert len(office.drafts()) == 1
    office.session.close()


def test_a_full_minute_halts_although_it_comes_as_a_403() -> None:
    office = Office(account=Account(messages_a_minute=0))
    one = parcel()

    fate = office.transport.send(one, office.prepare(one))

    assert isinstance(fate, Unsent)
    assert fate.again is Again.HALT
    office.session.close()


def test_a_bad_address_is_that_messages_problem(office: Office) -> None:
    parcels = [parcel("a1", To="lise@quelquepart"), parcel("b2")]

    prepared = office.transport.prepare(parcels)

    refused = prepared["a1"]
    assert isinstance(refused, Unsent)
    assert refused.again is Again.NEVER
    assert isinstance(prepared["b2"], Prepared)


def test_a_draft_that_gmail_will_not_send_never_leaves(office: Office) -> None:
    one = parcel()
    prepared = office.prepare(one)
    body = {"message": {"raw": encoded(letter(To="", X_Cohorte_Key=one.key))}}
    office.post.ask("PUT", f"/drafts/{prepared.draft}", body)

    fate = office.transport.send(one, prepared)

    assert isinstance(fate, Unsent)
    assert fate.again is Again.NEVER


def test_a_draft_that_somebody_deleted_is_unknown(office: Office) -> None:
    one = parcel()
    prepared = office.prepare(one)
    office.post.ask("DELETE", f"/drafts/{prepared.draft}")

    fate = office.transport.send(one, prepared)

    assert isinstance(fate, Unknown)
    assert ("reference", "R-a1b2") in fate.reason.values


def test_a_draft_that_somebody_rewrote_and_sent_is_sent(office: Office) -> None:
    one = parcel()
    prepared = office.prepare(one)
    office.post.ask("PUT", f"/drafts/{prepared.draft}", {"message": {"raw": encoded(letter())}})
    office.post.send_draft(prepared.draft)

    fate = office.transport.send(one, prepared)

    assert isinstance(fate, Sent)
    assert len(office.sent()) == 1


def test_a_message_that_left_by_another_thread_is_found_by_its_reference(office: Office) -> None:
    sent = office.post.send(body="Référence : R-a1b2", X_Cohorte_Key="a1b2")
    office.post.send(body="> Référence : R-a1b2\r\nMerci!", Subject="Re: Place offerte")

    found = office.transport.find(Prepared(key="a1b2", reference="R-a1b2"))
    quoted = office.transport.find(Prepared(key="c3d4", reference="R-a1b2"))

    assert isinstance(found, Sent)
    assert found.id == sent["id"]
    assert isinstance(quoted, Unknown)


def test_messages_that_gmail_put_into_one_thread_are_told_apart(office: Office) -> None:
    first = parcel("a1", Subject="Rappel")
    sent = office.transport.send(first, office.prepare(first))
    assert isinstance(sent, Sent)
    known_as = office.post.headers(sent.id)["Message-ID"]
    second = parcel("b2", Subject="Rappel", In_Reply_To=known_as)
    prepared = office.prepare(second)

    before = office.transport.find(prepared)
    after = office.transport.send(second, prepared)

    assert isinstance(before, Unsent)
    assert isinstance(after, Sent)
    assert after.id != sent.id


def test_a_draft_beside_which_somebody_wrote_is_not_sent_again(office: Office) -> None:
    one = parcel(Subject="Rappel")
    prepared = office.prepare(one)
    drafted = office.post.get(f"/drafts/{prepared.draft}", format="metadata")["message"]
    headers = {each["name"]: each["value"] for each in drafted["payload"]["headers"]}
    office.post.send(Subject="Rappel", In_Reply_To=headers["Message-ID"])

    assert isinstance(office.transport.find(prepared), Unknown)


def test_what_left_since_an_instant_is_told_by_key(office: Office) -> None:
    early, late = parcel("a1"), parcel("b2")
    office.transport.send(early, office.prepare(early))
    office.post.clock.pass_by(hours=2)
    instant = office.post.clock.now
    office.post.send(Subject="Une réponse du comité")
    sent = office.transport.send(late, office.prepare(late))

    (trace,) = office.transport.sent_since(instant)

    assert isinstance(sent, Sent)
    assert (trace.key, trace.id, trace.at) == ("b2", sent.id, instant)


def test_a_mailbox_that_is_not_ours_is_told_before_anything_leaves(office: Office) -> None:
    office.session.hooks["response"].append(forbid)

    with pytest.raises(CredentialsError, match="scope_missing"):
        office.transport.prepare([parcel()])


def forbid(response: requests.Response, **_: Any) -> None:
    """Answer as Gmail does without the right scope."""
    response.status_code = 403
    response._content = (
        b'{"error": {"code": 403, "errors": [{"reason": "insufficientPermissions"}]}}'
    )


def test_messages_leave_no_faster_than_told() -> None:
    now, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(a_minute=2, clock=lambda: now[0], sleep=sleep)

    for _ in range(5):
        pace.wait()
        now[0] += 10

    assert waits == [40.0, 40.0]


class DiedError(BaseException):
    """The process ended."""


@dataclass
class Ledger:
    """A naive ledger: what outlives the process."""

    prepared: dict[str, Prepared] = field(default_factory=dict)
    sending: set[str] = field(default_factory=set)
    fates: dict[str, Fate] = field(default_factory=dict)


KEYS = ("a1", "b2", "c3")


def run(transport: GmailTransport, ledger: Ledger) -> None:
    """Do what a delivery does with its ledger, as far as nothing stops it."""
    planned = [parcel(key) for key in KEYS if key not in ledger.prepared]
    for key, found in transport.prepare(planned).items():
        assert isinstance(found, Prepared)
        ledger.prepared[key] = found
    for key in KEYS:
        if isinstance(ledger.fates.get(key), Sent | Unknown):
            continue
        prepared = ledger.prepared[key]
        if key in ledger.sending:
            ledger.fates[key] = transport.find(prepared)
        if not isinstance(ledger.fates.get(key), Sent | Unknown):
            ledger.sending.add(key)
            ledger.fates[key] = transport.send(parcel(key), prepared)


@dataclass
class Fates:
    """When processes die, and what breaks meanwhile.

    Attributes:
        calls: After how many calls from now the process dies; 0 for never.
        applied: Whether that last call does its work first.
        number: Of the last call.
    """

    faults: dict[int, Fault] = field(default_factory=dict)
    calls: int = 0
    applied: bool = False
    number: int = 0

    def before(self, number: int, _request: requests.PreparedRequest) -> None:
        """Die instead of making a call."""
        self.number = number
        self.calls -= 1
        if self.calls == 0 and not self.applied:
            raise DiedError

    def after(self, _response: requests.Response, **_: Any) -> None:
        """Die before an answer is read."""
        if self.calls == 0 and self.applied:
            raise DiedError


def attempt(session: local.LocalSession, ledger: Ledger) -> None:
    """Run in a new process, which may end anywhere."""
    try:
        run(
            GmailTransport(session, retries=ONCE, pace=Pace(a_minute=54, sleep=lambda _: None)),
            ledger,
        )
    except (DiedError, CohorteError):
        return


lives = st.tuples(
    st.integers(0, 12), st.booleans(), st.dictionaries(st.integers(1, 12), st.sampled_from(Fault))
)


@settings(max_examples=max(25, settings().max_examples // 4))
@given(st.lists(lives, max_size=4))
def test_runs_that_die_anywhere_write_to_everybody_once(
    lives: list[tuple[int, bool, dict[int, Fault]]],
) -> None:
    fates, ledger = Fates(), Ledger()
    plan = FaultPlan(at=fates.faults, on_call=fates.before, sleep=lambda _: None)
    with local.session(faults=plan) as session:
        session.hooks["response"].append(fates.after)

        for fates.calls, fates.applied, faults in lives:
            fates.faults.update({fates.number + ahead: fault for ahead, fault in faults.items()})
            attempt(session, ledger)
        fates.calls = 0
        fates.faults.clear()
        attempt(session, ledger)
        kept = [one for one in local.read_mailbox(session.store) if one.is_sent]

    assert sorted(one.headers["x-cohorte-key"] for one in kept) == sorted(KEYS)
    assert all(isinstance(ledger.fates[key], Sent) for key in KEYS)
