"""What must hold for every way of sending."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from automation import local
from automation.google.retries import ONCE
from automation.mail.folder import FolderTransport
from automation.mail.gmail import GmailTransport
from automation.mail.smtp import SmtpTransport
from automation.mail.transport import KEY_HEADER, Prepared, Sent, Transport, Unsent, to_wire
from tests.mail.mail_server import serving
from tests.mail.parcels import parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from automation.mail.transport import Fate, Parcel

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Way(Struct, frozen=True):
    """A transport, and what really left by it."""

    transport: Transport
    left: Callable[[], list[bytes]]

    def send(self, one: Parcel) -> Fate:
        """Prepare and send one message."""
        prepared = self.transport.prepare([one])[one.key]
        assert isinstance(prepared, Prepared)
        return self.transport.send(one, prepared)


@pytest.fixture(name="way", params=["gmail", "smtp", "folder"])
def fixture_way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    with ExitStack() as stack:
        if request.param == "gmail":
            session = stack.enter_context(local.session())
            mail = GmailTransport(session, retries=ONCE)
            yield Way(
                mail, lambda: [one.raw for one in local.read_mailbox(session.store) if one.is_sent]
            )
        elif request.param == "smtp":
            office, server = stack.enter_context(serving())
            yield Way(stack.enter_context(SmtpTransport(server)), lambda: office.taken)
        else:
            folder = tmp_path / "messages"
            yield Way(
                FolderTransport(folder), lambda: [path.read_bytes() for path in folder.glob("*")]
            )


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def test_preparing_lets_nothing_leave(way: Way) -> None:
    prepared = way.transport.prepare([parcel("a1"), parcel("b2")])

    assert {key: one.key for key, one in prepared.items() if isinstance(one, Prepared)} == {
        "a1": "a1",
        "b2": "b2",
    }
    assert way.left() == []


def test_a_message_leaves_once_and_whole(way: Way) -> None:
    body = "Bonjour,\n.\n..\nFrom ici\n" + "très long " * 200 + "\nfin"
    one = parcel(body=body)

    fate = way.send(one)

    assert isinstance(fate, Sent)
    (raw,) = way.left()
    found = read(raw)
    assert found[KEY_HEADER] == one.key
    assert found["Subject"] == one.message["Subject"]
    text = found.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == body.splitlines()


def test_preparing_again_sends_nothing_twice(way: Way) -> None:
    one = parcel()
    way.transport.prepare([one])
    way.transport.prepare([one])

    way.send(one)

    assert len(way.left()) == 1


def test_each_message_has_an_id_of_its_own(way: Way) -> None:
    fates = [way.send(parcel(key)) for key in ("a1", "b2", "c3")]

    assert len({fate.id for fate in fates if isinstance(fate, Sent)}) == 3


def test_what_left_is_never_taken_for_unsent(way: Way) -> None:
    one = parcel()
    prepared = way.transport.prepare([one])[one.key]
    assert isinstance(prepared, Prepared)
    way.transport.send(one, prepared)

    assert not isinstance(way.transport.find(prepared), Unsent)


def test_what_did_not_leave_is_never_taken_for_sent(way: Way) -> None:
    one = parcel()
    way.send(parcel("b2"))
    prepared = way.transport.prepare([one])[one.key]
    assert isinstance(prepared, Prepared)

    assert not isinstance(way.transport.find(prepared), Sent)


def test_looking_changes_nothing(way: Way) -> None:
    one = parcel()
    prepared = way.transport.prepare([one])[one.key]
    assert isinstance(prepared, Prepared)

    fates = [way.transport.find(prepared) for _ in range(2)]

    assert fates[0] == fates[1]
    assert way.left() == []
    assert isinstance(way.transport.send(one, prepared), Sent)


def test_what_is_remembered_is_all_that_left(way: Way) -> None:
    for key in ("a1", "b2"):
        way.send(parcel(key))
    way.transport.prepare([parcel("c3")])

    traces = way.transport.sent_since(LONG_AGO)

    assert traces is None or {trace.key for trace in traces} == {"a1", "b2"}


def test_a_message_that_some_would_get_in_secret_is_a_mistake(way: Way) -> None:
    with pytest.raises(ValueError, match="Bcc"):
        way.send(parcel(Bcc="claude@example.com"))

    assert way.left() == []


@pytest.mark.parametrize("key", ["a b", "é", "a\r\nTo: x", ""])
def test_a_key_is_what_a_header_can_hold(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        to_wire(parcel(key))


def test_a_message_keeps_its_own_message_id_on_its_way() -> None:
    given = read(to_wire(parcel(Message_ID="<b2@example.org>")))
    made = read(to_wire(parcel("a1")))

    assert (given["Message-ID"], made["Message-ID"]) == ("<b2@example.org>", "<a1@example.org>")
    assert b"\n" not in to_wire(parcel()).replace(b"\r\n", b"")
    assert to_wire(parcel()).isascii()
