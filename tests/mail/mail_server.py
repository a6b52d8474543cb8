"""A real mail server in a thread, with TLS and a login, that breaks on demand."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from automation.mail.smtp import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

AUTHORITY = trustme.CA()
HOST = "127.0.0.1"
USER, PASSWORD = "comite", "sésame"


class Mishap(StrEnum):
    """What goes wrong with the next message."""

    SENDER_REFUSED = "553 to MAIL"
    RECIPIENT_REFUSED = "550 to RCPT"
    RECIPIENT_LATER = "451 to RCPT"
    CLOSING = "421 to RCPT"
    DATA_REFUSED = "554 to DATA"
    MESSAGE_REFUSED = "552 after the message"
    MESSAGE_LATER = "452 after the message"
    DROPPED_BEFORE = "connection closed at DATA"
    DROPPED_WITHIN = "connection closed within the message"
    DROPPED_AFTER = "connection closed after the message, which was taken"
    SILENT = "no answer after the message, which was taken"
    NONSENSE = "no SMTP after the message, which was taken"


TAKEN = {Mishap.DROPPED_AFTER, Mishap.SILENT, Mishap.NONSENSE}
"""After which the message has been taken all the same."""


@dataclass
class PostOffice:
    """What the server takes, and what it does wrong next."""

    taken: list[bytes] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    logins: int = 0

    def now(self, *kinds: Mishap) -> bool:
        """Whether one of these goes wrong now; each does once."""
        if self.mishaps and self.mishaps[0] in kinds:
            self.mishaps.pop(0)
            return True
        return False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.now(Mishap.SENDER_REFUSED):
            return f"553 5.7.1 <{address}>: sender not owned"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.now(Mishap.RECIPIENT_REFUSED):
            return f"550 5.1.1 <{address}>: no such user"
        if self.now(Mishap.RECIPIENT_LATER):
            return "451 4.7.1 greylisted"
        if self.now(Mishap.CLOSING):
            await server.push("421 4.3.2 going down")
            _abort(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.now(Mishap.MESSAGE_REFUSED):
            return "552 5.3.4 too big"
        if self.now(Mishap.MESSAGE_LATER):
            return "452 4.3.1 no room"
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.now(Mishap.DROPPED_AFTER):
            _abort(server)
        if self.now(Mishap.SILENT):
            await asyncio.sleep(1)
        if self.now(Mishap.NONSENSE):
            return "Bonjour"
        return "250 OK"

    def authenticate(self, *args: Any) -> AuthResult:
        """Take the one user."""
        login = args[-1]
        self.logins += 1
        known = login == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class BreakingServer(SMTP):
    """Closes the connection where a handler is not asked."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        office: PostOffice = self.event_handler
        if office.now(Mishap.DATA_REFUSED):
            await self.push("554 5.7.1 no")
            return
        if office.now(Mishap.DROPPED_BEFORE):
            _abort(self)
            return
        if office.now(Mishap.DROPPED_WITHIN):
            await self.push("354 go on")
            await self._reader.read(1000)
            _abort(self)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    """Listens on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    def factory(self) -> SMTP:
        return BreakingServer(self.handler, **self.SMTP_kwargs)


@contextmanager
def serving(
    *, tls: bool = True, authority: trustme.CA = AUTHORITY
) -> Iterator[tuple[PostOffice, Server]]:
    """Serve on a free port; give what it takes, and how to reach it."""
    office = PostOffice()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    options: dict[str, Any] = (
        {"tls_context": context, "require_starttls": True, "auth_required": True} if tls else {}
    )
    controller = _Controller(
        office, hostname=HOST, port=0, authenticator=office.authenticate, **options
    )
    controller.start()
    try:
        port = controller.port
        yield office, reach(port) if tls else Server(host=HOST, port=port, timeout=0.5)
    finally:
        controller.stop()


def reach(port: int, password: str = PASSWORD) -> Server:
    """How to reach the server that is on a port."""
    trust = ssl.create_default_context()
    AUTHORITY.configure_trust(trust)
    return Server(host=HOST, port=port, user=USER, password=password, tls=trust, timeout=0.5)
