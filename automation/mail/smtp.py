"""Messages that leave by a mail server (RFC 5321, RFC 3207, RFC 4954).

Until the line that ends a message is on its way, nothing has left, whatever breaks; after it, only
the server's answer tells. A server remembers nothing that we could ask for later.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from automation.core.model import phrase
from automation.core.text import hide_addresses
from automation.errors import CohorteError, CredentialsError, UnreachableError
from automation.mail.transport import (
    Again,
    Fate,
    Parcel,
    Prepared,
    Sent,
    Unknown,
    Unsent,
    message_id,
    recipients_of,
    sender_of,
    to_wire,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Phrase

_IMPLICIT_TLS: Final = 465  # RFC 8314
_OK: Final = range(200, 300)
_GO_ON: Final = 354
_PASSING: Final = range(400, 500)
_FOR_GOOD: Final = range(500, 600)
_CLOSING: Final = 421
_DETAIL: Final = 120  # characters of what a server says
_OURSELVES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_BROKEN: Final = (smtplib.SMTPException, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server, and who we are there.

    Attributes:
        user: "" to send without logging in.
        tls: How certificates are judged.
        timeout: Seconds that the server may be silent.
    """

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    timeout: float = 60.0


class SmtpTransport:
    """Sends by a mail server, over one connection for as long as the server keeps it.

    Always over TLS, but to a server on this very machine.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection is not None:
            with suppress(*_BROKEN):
                self._connection.quit()
            self._hang_up()

    def prepare(self, parcels: Sequence[Parcel]) -> Mapping[str, Prepared | Unsent]:
        """Make sure of the server, while it is still clear that nothing has left."""
        self._connect()
        return {
            parcel.key: Prepared(key=parcel.key, reference=parcel.reference) for parcel in parcels
        }

    def send(self, parcel: Parcel, prepared: Prepared) -> Fate:  # noqa: ARG002 - nothing to know
        """Send once; never raises, since nobody could tell later what became of the message."""
        wire = _quote(to_wire(parcel))
        try:
            connection = self._connect()
        except CohorteError:
            return Unsent(reason=phrase("sending.no_server"), again=Again.HALT)
        try:
            refusal = _announce(connection, parcel)
            if refusal is not None:
                return refusal
            connection.send(wire)
        except _BROKEN:
            self._hang_up()
            return Unsent(reason=phrase("sending.broken_off"))
        return self._finish(connection, parcel)

    def _finish(self, connection: smtplib.SMTP, parcel: Parcel) -> Fate:
        """End the message, and hear what the server says of it."""
        try:
            connection.send(b".\r\n")
            code, said = connection.getreply()
        except _BROKEN:
            code, said = -1, b""
        if code in _OK:
            return Sent(id=message_id(parcel))
        if code in _PASSING or code in _FOR_GOOD:
            return _refusal(code, said)
        self._hang_up()
        return Unknown(reason=phrase("sending.no_receipt", reference=parcel.reference))

    def find(self, prepared: Prepared) -> Fate:
        """Say that nobody can tell."""
        return Unknown(reason=phrase("sending.no_memory", reference=prepared.reference))

    def sent_since(self, instant: datetime) -> None:  # noqa: ARG002 - nothing to ask
        """Return None: a server remembers nothing."""
        return

    def _connect(self) -> smtplib.SMTP:
        """Return a connection that is alive, with us logged in."""
        if self._connection is not None:
            with suppress(*_BROKEN):
                if self._connection.noop()[0] in _OK:
                    self._connection.rset()
                    return self._connection
            self._hang_up()
        self._connection = _open(self._server)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(server: Server) -> smtplib.SMTP:
    """Connect and log in; raises `UnreachableError` and `CredentialsError`."""
    try:
        connection = _dial(server)
    except _BROKEN as error:
        raise _unreachable(error) from error
    try:
        _secure(connection, server)
        _log_in(connection, server)
    except smtplib.SMTPAuthenticationError as error:
        connection.close()
        if error.smtp_code in _FOR_GOOD:
            raise CredentialsError("mail_credentials", detail=error.smtp_code) from error
        raise _unreachable(error) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        connection.close()
        raise CredentialsError("mail_credentials", detail="AUTH") from error
    except _BROKEN as error:
        connection.close()
        raise _unreachable(error) from error
    return connection


def _dial(server: Server) -> smtplib.SMTP:
    if server.port == _IMPLICIT_TLS:
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=server.tls
        )
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


def _secure(connection: smtplib.SMTP, server: Server) -> None:
    """Go on under TLS; raises `UnreachableError` where the server offers none."""
    if isinstance(connection, smtplib.SMTP_SSL):
        return
    connection.ehlo_or_helo_if_needed()
    if connection.has_extn("starttls"):
        connection.starttls(context=server.tls)
    elif server.host not in _OURSELVES:
        connection.close()
        raise UnreachableError("mail_no_tls", host=server.host)


def _log_in(connection: smtplib.SMTP, server: Server) -> None:
    """Say who we are, where that was asked for; raises what smtplib does."""
    if not server.user:
        return
    connection.ehlo_or_helo_if_needed()
    if "PLAIN" not in connection.esmtp_features.get("auth", "").upper().split():
        connection.login(server.user, server.password)
        return
    # smtplib's own takes no accents, which PLAIN does (RFC 4616).
    secret = b64encode(f"\0{server.user}\0{server.password}".encode()).decode("ascii")
    code, said = connection.docmd("AUTH", f"PLAIN {secret}")
    if code not in _OK:
        raise smtplib.SMTPAuthenticationError(code, said)


def _announce(connection: smtplib.SMTP, parcel: Parcel) -> Unsent | None:
    """Say from whom and to whom a message is; return the server's refusal, if it refuses.

    RFC 5321, 3.3: MAIL, RCPT and DATA; a message that one recipient would not get goes to nobody.
    """
    sender, recipients = sender_of(parcel.message), recipients_of(parcel.message)
    if not all(address.isascii() for address in (sender, *recipients)):
        # SMTPUTF8 would have to be known to every server of the way.
        return Unsent(reason=phrase("sending.accented"), again=Again.NEVER)
    code, said = connection.mail(sender)
    if code not in _OK:
        # It is the sender that the server refuses, so nobody's message would leave.
        return Unsent(reason=_reason(code, said), again=Again.HALT)
    for recipient in recipients:
        code, said = connection.rcpt(recipient)
        if code not in _OK:
            return _refusal(code, said)
    code, said = connection.docmd("DATA")
    return None if code == _GO_ON else _refusal(code, said)


def _refusal(code: int, said: bytes) -> Unsent:
    """Return what a server's refusal of one message means (RFC 5321, 4.2.1)."""
    again = Again.NEVER if code in _FOR_GOOD else Again.LATER
    return Unsent(reason=_reason(code, said), again=Again.HALT if code == _CLOSING else again)


def _reason(code: int, said: bytes) -> Phrase:
    words = " ".join(hide_addresses(said.decode("utf-8", "replace")).split())
    return phrase("sending.refused", detail=f"{code} {words[:_DETAIL]}".strip())


def _quote(wire: bytes) -> bytes:
    """Return a message so that no line of it ends it (RFC 5321, 4.5.2), its last line ended."""
    ended = wire if wire.endswith(b"\r\n") else wire + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


def _unreachable(error: Exception) -> UnreachableError:
    return UnreachableError("mail_unreachable", detail=type(error).__name__)
