"""A mail server: what is certain before the end of a message, and what nobody knows after it."""

from __future__ import annotations

import socket
from email.headerregistry import Address
from typing import TYPE_CHECKING

import pytest
import trustme

from automation.errors import CredentialsError, UnreachableError
from automation.mail import smtp as module
from automation.mail.smtp import Server, SmtpTransport
from automation.mail.transport import Again, Prepared, Sent, Unknown, Unsent
from tests.mail.mail_server import TAKEN, Mishap, reach, serving
from tests.mail.parcels import parcel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mail.mail_server import PostOffice

PREPARED = Prepared(key="a1b2", reference="R-a1b2")
AGAIN = {
    Mishap.SENDER_REFUSED: Again.HALT,
    Mishap.RECIPIENT_REFUSED: Again.NEVER,
    Mishap.RECIPIENT_LATER: Again.LATER,
    Mishap.CLOSING: Again.HALT,
    Mishap.DATA_REFUSED: Again.NEVER,
    Mishap.MESSAGE_REFUSED: Again.NEVER,
    Mishap.MESSAGE_LATER: Again.LATER,
    Mishap.DROPPED_BEFORE: Again.LATER,
    Mishap.DROPPED_WITHIN: Again.LATER,
}
LARGE = "é" * 4_000_000  # more than a connection holds on its way


@pytest.fixture(name="reached")
def fixture_reached() -> Iterator[tuple[PostOffice, Server]]:
    with serving() as found:
        yield found


@pytest.mark.parametrize("mishap", AGAIN)
def test_before_the_end_of_the_message_nothing_has_left(
    reached: tuple[PostOffice, Server], mishap: Mishap
) -> None:
    office, server = reached
    office.mishaps.append(mishap)
    one = parcel(body=LARGE) if mishap is Mishap.DROPPED_WITHIN else parcel()

    with SmtpTransport(server) as transport:
        fate = transport.send(one, PREPARED)
        taken = len(office.taken)
        again = transport.send(parcel(), PREPARED)

    assert isinstance(fate, Unsent)
    assert fate.again is AGAIN[mishap]
    assert "@" not in str(fate.reason)
    assert taken == 0
    assert isinstance(again, Sent)
    assert len(office.taken) == 1


@pytest.mark.parametrize("mishap", sorted(TAKEN))
def test_after_the_end_of_the_message_a_lost_answer_is_unknown(
    reached: tuple[PostOffice, Server], mishap: Mishap
) -> None:
    office, server = reached
    office.mishaps.append(mishap)

    with SmtpTransport(server) as transport:
        fate = transport.send(parcel(), PREPARED)
        other = transport.send(parcel("b2"), PREPARED)

    assert isinstance(fate, Unknown)
    assert ("reference", "R-a1b2") in fate.reason.values
    assert isinstance(other, Sent)
    assert len(office.taken) == 2


def test_one_connection_carries_many_messages(reached: tuple[PostOffice, Server]) -> None:
    office, server = reached

    with SmtpTransport(server) as transport:
        for key in ("a1", "b2", "c3"):
            transport.prepare([parcel(key)])
            transport.send(parcel(key), PREPARED)

    assert len(office.taken) == 3
    assert office.logins == 1


def test_a_server_that_hung_up_meanwhile_is_called_again(
    reached: tuple[PostOffice, Server],
) -> None:
    office, server = reached

    with SmtpTransport(server) as transport:
        transport.prepare([parcel()])
        assert transport._connection is not None
        assert transport._connection.sock is not None
        transport._connection.sock.shutdown(socket.SHUT_RDWR)
        fate = transport.send(parcel(), PREPARED)

    assert isinstance(fate, Sent)
    assert office.logins == 2


def test_a_wrong_password_is_told_before_anything_leaves(
    reached: tuple[PostOffice, Server],
) -> None:
    office, server = reached

    with (
        SmtpTransport(reach(server.port, password="autre")) as transport,
        pytest.raises(CredentialsError, match="mail_credentials"),
    ):
        transport.prepare([parcel()])

    assert office.taken == []


def test_a_server_that_proves_nothing_hears_no_password() -> None:
    with (
        serving(authority=trustme.CA()) as (office, server),
        SmtpTransport(server) as transport,
        pytest.raises(UnreachableError, match="SSLCertVerificationError"),
    ):
        transport.prepare([parcel()])

    assert office.logins == 0


def test_a_server_without_encryption_serves_this_machine_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(tls=False) as (office, server):
        with SmtpTransport(server) as transport:
            near = transport.send(parcel(), PREPARED)
        monkeypatch.setattr(module, "_OURSELVES", frozenset())
        with (
            SmtpTransport(server) as transport,
            pytest.raises(UnreachableError, match="mail_no_tls"),
        ):
            transport.prepare([parcel("b2")])

    assert isinstance(near, Sent)
    assert len(office.taken) == 1


def test_no_server_at_all_is_told_before_anything_leaves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with SmtpTransport(reach(port)) as transport:
        with pytest.raises(UnreachableError, match="ConnectionRefusedError"):
            transport.prepare([parcel()])
        fate = transport.send(parcel(), PREPARED)

    assert isinstance(fate, Unsent)
    assert fate.again is Again.HALT


def test_an_accent_before_the_at_sign_never_leaves(reached: tuple[PostOffice, Server]) -> None:
    office, server = reached
    one = parcel()
    del one.message["To"]
    one.message["To"] = (Address(username="hélène", domain="example.com"),)

    with SmtpTransport(server) as transport:
        fate = transport.send(one, PREPARED)

    assert isinstance(fate, Unsent)
    assert fate.again is Again.NEVER
    assert office.taken == []


def test_a_server_remembers_nothing(reached: tuple[PostOffice, Server]) -> None:
    _, server = reached

    with SmtpTransport(server) as transport:
        found = transport.find(PREPARED)

    assert isinstance(found, Unknown)


def test_the_password_is_not_shown() -> None:
    assert "sésame" not in repr(reach(587))
