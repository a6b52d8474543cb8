"""Messages that go no further than a folder: one file each, in which any mail program opens it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from automation.core.model import phrase
from automation.errors import UnreachableError
from automation.mail.transport import Fate, Parcel, Prepared, Sent, Trace, Unsent, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_ENDING: Final = ".eml"


class FolderTransport:
    """Puts messages into a folder, which is made when it is missing.

    A file is named by its message's key and appears whole, by a link: of two processes that put
    the same message there, one finds it there already.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, parcels: Sequence[Parcel]) -> Mapping[str, Prepared | Unsent]:
        """Make sure of the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        return {
            parcel.key: Prepared(key=parcel.key, reference=parcel.reference) for parcel in parcels
        }

    def send(self, parcel: Parcel, prepared: Prepared) -> Fate:
        """Write the message, unless it is there."""
        path = self._path(prepared.key)
        try:
            _write_once(path, to_wire(parcel))
        except OSError as error:
            raise self._unusable(error) from error
        return Sent(id=path.name, at=_written_at(path))

    def find(self, prepared: Prepared) -> Fate:
        """Tell whether the file is there."""
        path = self._path(prepared.key)
        if path.exists():
            return Sent(id=path.name, at=_written_at(path))
        return Unsent(reason=phrase("sending.not_in_folder"))

    def sent_since(self, instant: datetime) -> tuple[Trace, ...]:  # noqa: ARG002 - see below
        """Return all messages of the folder: its clock need not be the one that the night goes by."""
        return tuple(
            Trace(key=unquote(path.stem), id=path.name, at=_written_at(path))
            for path in sorted(self._folder.glob(f"*{_ENDING}"))
        )

    def _path(self, key: str) -> Path:
        # A name that begins with a dot would be hidden.
        name = quote(key, safe="").replace(".", "%2E")
        return self._folder / f"{name}{_ENDING}"

    def _unusable(self, error: OSError) -> UnreachableError:
        return UnreachableError(
            "mail_folder", path=str(self._folder), detail=error.strerror or type(error).__name__
        )


def _write_once(path: Path, content: bytes) -> None:
    """Let a file appear with its whole content, which then outlives a power cut; or leave it be."""
    # Hidden, and without the ending: what a crash leaves behind is no message.
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part") as temporary:
        temporary.write(content)
        temporary.flush()
        os.fsync(temporary.fileno())
        try:
            os.link(temporary.name, path)
        except FileExistsError:
            return
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Make the names in a folder outlive a power cut, on systems where a folder can be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
