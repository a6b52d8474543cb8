"""The embedded workspace over HTTP, for this machine's own programs.

    from automation import local
    from automation.local.server import listen

    with local.session(path) as session, listen(session.store, port=0) as server:
        server.serve_forever()

What comes in is answered by the same routes as in process. Google's services are told apart by the
path, or by the host in front of it: `/v4/spreadsheets/…` and `/sheets.googleapis.com/v4/…` are the
same call. Whoever can reach the port may read and write, so that it is only bound to 127.0.0.1;
requests that a web page elsewhere makes a browser send are refused, by their Host (DNS rebinding)
and by their Origin.
"""

from __future__ import annotations

import gzip
import logging
import sys
import zlib
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from automation.local.account import DEFAULT_ACCOUNT, Account
from automation.local.drive.routes import DRIVE
from automation.local.errors import (
    INTERNAL,
    NOT_GZIP,
    NOT_LOOPBACK,
    TOO_LARGE,
    ApiError,
    refuse,
    unsupported,
)
from automation.local.forms.routes import FORMS
from automation.local.gmail.routes import GMAIL
from automation.local.routes import SHEETS
from automation.local.transport import Call, Reply, refusal, reply_to, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from automation.local.store import Store

LOOPBACK: Final = "127.0.0.1"
BODY_LIMIT: Final = 50_000_000
"""Bytes of a body, before and after it is decompressed."""

_LOG: Final = logging.getLogger(__name__)
_OURSELVES: Final = frozenset({LOOPBACK, "localhost", "::1"})
_HOST_ENDING: Final = ".googleapis.com"
_SERVICES: Final = (
    ("/v4/", SHEETS),
    ("/drive/", DRIVE),
    ("/upload/drive/", DRIVE),
    ("/v1/forms", FORMS),
    ("/gmail/", GMAIL),
    ("/upload/gmail/", GMAIL),
)
_IDLE_SECONDS: Final = 60.0
_PIECE: Final = 65_536  # bytes read at a time
_DRAINED: Final = (
    4 * BODY_LIMIT
)  # bytes of a refused body that are read, so that the refusal is too
_WORTH_ZIPPING: Final = 1_000  # bytes


class LoopbackServer(ThreadingHTTPServer):
    """Answers over HTTP from a store, one thread for each connection."""

    daemon_threads = True  # an idle connection holds up nobody's Ctrl-C
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        store: Store,
        port: int,
        clock: Callable[[], datetime],
        on_call: Callable[[Call], object],
        account: Account,
    ) -> None:
        self.store = store
        self.account = account
        self.clock = clock
        self.on_call = on_call
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log what broke a connection, unless it is that somebody left."""
        if not isinstance(sys.exception(), ConnectionError):
            _LOG.exception("connection %s %s", request, client_address)

    def server_bind(self) -> None:
        """Take the port, without asking the network for our name as HTTPServer does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_port}"


def listen(
    store: Store,
    *,
    port: int = 0,
    clock: Callable[[], datetime] = utc_now,
    on_call: Callable[[Call], object] = lambda _: None,
    account: Account = DEFAULT_ACCOUNT,
) -> LoopbackServer:
    """Return a server that listens already; `serve_forever` answers, `shutdown` ends that.

    Args:
        port: 0 for any that is free.
        clock: The time, with a time zone, that files are stamped with.
        on_call: Told of each call once it is answered, from any thread.
        account: Whose mailbox is served.

    Raises:
        OSError: When the port is taken, or not ours to take.
    """
    return LoopbackServer(store, port, clock, on_call, account)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Cohorte"
    sys_version = ""
    timeout = _IDLE_SECONDS
    headers = HTTPMessage()  # until there are any
    # An answer is written in two pieces: without this each would wait for the other's receipt.
    disable_nagle_algorithm = True
    server: LoopbackServer

    def _answer(self) -> None:
        """Answer one call."""
        size = 0
        try:
            body = self._read_body()
            size = len(body)
            reply = self._reply(body)
        except ApiError as error:
            reply = refusal(error)
        except ConnectionError:
            self.close_connection = True  # cut off in the middle: nobody is left to answer
            return
        self._send(reply)
        self.server.on_call(Call(self.command, self.path, size, len(reply.body), reply.status))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names
    do_HEAD = do_OPTIONS = _answer  # noqa: N815 - http.server's names

    def _reply(self, body: bytes) -> Reply:
        self._require_ourselves()
        method, target = self.command, self.path
        override = self.headers.get("X-HTTP-Method-Override")
        if override and method == "POST":
            # Google's Python client sends a GET whose query is long in this way.
            method, target, body = override, f"{target}?{body.decode('ascii', 'replace')}", b""
        url = _as_google(method, target)
        store, account, now = self.server.store, self.server.account, self.server.clock()
        try:
            return reply_to(store, account, now, method, url, body)
        except Exception:  # noqa: BLE001 - logged here, and a plain 500 over there
            _LOG.exception("%s %s", method, urlsplit(target).path)
            raise ApiError(500, INTERNAL) from None

    def _require_ourselves(self) -> None:
        """Refuse what was meant for another host, or comes from a web page of one."""
        origin = self.headers.get("Origin")
        hosts = [_host_of(f"//{self.headers.get('Host', '')}")]
        hosts += [_host_of(origin)] if origin is not None else []
        if not _OURSELVES.issuperset(hosts):
            raise ApiError(403, NOT_LOOPBACK)

    def _read_body(self) -> bytes:
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        pieces = self._chunks() if chunked else self._pieces(self._length())
        sent = self._gather(pieces)
        coding = self.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip"}:
            raise unsupported(f'the Content-Encoding "{coding}"')
        return _inflate(sent) if coding == "gzip" else sent

    def _gather(self, pieces: Iterator[bytes]) -> bytes:
        """Join the pieces; of a body that is too large, read on without keeping it."""
        kept, size = bytearray(), 0
        for piece in pieces:
            size += len(piece)
            if size <= BODY_LIMIT:
                kept += piece
            elif size > _DRAINED:
                break
        if size > BODY_LIMIT:
            self.close_connection = True
            raise _too_large()
        return bytes(kept)

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "0")
        if not (text.isascii() and text.isdigit()):
            self.close_connection = True
            raise refuse("Bad Content-Length.")
        return int(text)

    def _pieces(self, length: int) -> Iterator[bytes]:
        """Yield that many bytes of what comes in, a piece at a time."""
        while length > 0:
            piece = self.rfile.read(min(length, _PIECE))
            if not piece:
                raise ConnectionResetError
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        """Yield the pieces of a chunked body (RFC 9112, section 7.1)."""
        while size := self._chunk_size():
            yield from self._pieces(size)
            self.rfile.readline(_PIECE)
        while self.rfile.readline(_PIECE).strip():
            pass  # trailers say nothing to us

    def _chunk_size(self) -> int:
        line = self.rfile.readline(_PIECE).partition(b";")[0].strip()
        try:
            return int(line, 16)
        except ValueError:
            self.close_connection = True
            raise refuse("Bad chunk.") from None

    def _send(self, reply: Reply) -> None:
        zipped = len(reply.body) > _WORTH_ZIPPING and "gzip" in self.headers.get(
            "Accept-Encoding", ""
        )
        body = gzip.compress(reply.body, compresslevel=1) if zipped else reply.body
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if zipped:
                self.send_header("Content-Encoding", "gzip")
            if reply.status != 204:  # noqa: PLR2004 - No Content has no length either
                self.send_header("Content-Length", str(len(body)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def send_error(
        self,
        code: int,
        message: str | None = None,
        explain: str | None = None,  # noqa: ARG002 - the signature of http.server
    ) -> None:
        """Refuse what is not even HTTP as we speak it, in Google's shape."""
        self.close_connection = True
        known = code if code in {400, 501} else 400
        self._send(refusal(ApiError(known, message or "Bad request.")))

    def log_message(self, *_: object) -> None:
        """Nothing: `on_call` is told."""


def _as_google(method: str, target: str) -> str:
    """Return the URL by which Google's clients know what a path here stands for."""
    first, _, rest = target.removeprefix("/").partition("/")
    if first.endswith(_HOST_ENDING):
        return f"https://{first}/{rest}"
    for start, host in _SERVICES:
        if target.startswith(start):
            return f"https://{host}{target}"
    raise unsupported(f"the call {method} {urlsplit(target).path}")


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _inflate(body: bytes) -> bytes:
    """Decompress gzip, and no more of it than a body may be."""
    stream = zlib.decompressobj(wbits=31)  # 15 for the window, 16 for gzip's header
    try:
        found = stream.decompress(body, BODY_LIMIT + 1)
    except zlib.error:
        raise refuse(NOT_GZIP) from None
    if len(found) > BODY_LIMIT:
        raise _too_large()
    if not stream.eof:
        raise refuse(NOT_GZIP)
    return found


def _too_large() -> ApiError:
    return ApiError(413, TOO_LARGE.format(limit=BODY_LIMIT))
