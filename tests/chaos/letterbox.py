"""What left by a mail server or into a folder, and what may go wrong on the way there."""

from __future__ import annotations

import smtplib
import socket
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from unittest import mock

from msgspec import Struct, field

from automation.mail import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Mishap(StrEnum):
    """What goes wrong with one step of a message's way; "after" means that it was taken."""

    REFUSED = "refused for now"
    CLOSED = "421"
    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "dropped after"


class Passage(Protocol):
    """What every step outwards goes through."""

    def pass_(self, what: str, perform: Callable[[], None]) -> Mishap | None:
        """Let a step happen, or not; return what goes wrong with it."""
        ...


class Calm:
    """Lets everything through."""

    def pass_(self, what: str, perform: Callable[[], None]) -> None:  # noqa: ARG002 - see Passage
        perform()


class Letterbox(Struct):
    """Messages that were taken, in order, and through what they pass."""

    taken: list[bytes] = field(default_factory=list)
    passage: Passage = field(default_factory=Calm)
    names: set[str] = field(default_factory=set)

    def forked(self) -> Letterbox:
        return Letterbox(list(self.taken), names=set(self.names))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let everything that leaves by a server or into a folder come here."""
        with (
            mock.patch.object(smtplib.SMTP, "_get_socket", side_effect=lambda *_: _Socket(self)),
            mock.patch.object(socket, "getfqdn", return_value="here.example.org"),
            mock.patch.object(folder, "_write_once", self._put),
        ):
            yield

    def take(self, content: bytes) -> None:
        """Take a message."""
        self.taken.append(content)

    def _put(self, path: Path, content: bytes) -> None:
        """Stand in for the one step by which a file appears."""

        def link() -> None:
            if not path.exists():
                path.write_bytes(content)
                self.take(content)

        mishap = self.passage.pass_("a file", link)
        if mishap is not None:
            raise OSError(28, "No space left on device")


class _Socket:
    """A mail server as a connection sees it (RFC 5321), as far as smtplib goes."""

    def __init__(self, box: Letterbox) -> None:
        self._box = box
        self._replies: list[bytes] = [b"220 here.example.org\r\n"]
        self._data: bytearray | None = None
        self._closed = False

    def makefile(self, _mode: str) -> _Socket:
        return self

    def readline(self, _limit: int = -1) -> bytes:
        return self._replies.pop(0) if self._replies else b""

    def close(self) -> None:
        self._closed = True

    def sendall(self, data: bytes) -> None:
        if self._closed:
            raise BrokenPipeError
        if self._data is not None:
            self._data += data
            if self._data.endswith(b"\r\n.\r\n"):
                content, self._data = bytes(self._data[:-3]), None
                self._step("the end of a message", b"250 OK\r\n", lambda: self._box.take(content))
            return
        word = data.split()[0].upper().decode() if data.split() else ""
        if word == "DATA":
            self._step(word, b"354 go on\r\n", self._begin)
        elif word == "EHLO":
            self._step(word, b"250-here.example.org\r\n250 8BITMIME\r\n", lambda: None)
        else:
            self._step(word, b"221 bye\r\n" if word == "QUIT" else b"250 OK\r\n", lambda: None)

    def _begin(self) -> None:
        self._data = bytearray()

    def _step(self, what: str, reply: bytes, perform: Callable[[], None]) -> None:
        match self._box.passage.pass_(what, perform):
            case None:
                self._replies += reply.splitlines(keepends=True)
            case Mishap.REFUSED:
                self._replies.append(b"451 4.3.0 later\r\n")
            case Mishap.CLOSED:
                self._replies.append(b"421 4.3.2 going down\r\n")
                self._closed = True
            case _:
                self._closed = True
