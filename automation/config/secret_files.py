"""Files that hold a secret: written for their owner alone, refused where everybody can read them."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


class OpenToAllError(Exception):
    """A secret is in a file that everybody on this machine can read."""


def read_secret(file: Path | None) -> str:
    """Return what a file says, without the blanks around it; "" where there is no file.

    Raises `OpenToAllError`, and OSError or UnicodeDecodeError for what can't be read.
    """
    if file is None or not file.exists():
        return ""
    with file.open(encoding="utf-8") as opened:
        # The file that is looked at is the one that is read. Windows has no such bits.
        if os.name == "posix" and os.fstat(opened.fileno()).st_mode & stat.S_IROTH:
            raise OpenToAllError
        return opened.read().strip()


def write_secret(file: Path, secret: str) -> None:
    """Put a secret into a file that its owner alone can read and write, whatever was there.

    Whole or not at all, and never readable by anybody else in between. Raises OSError.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes it with the mode 0600.
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(secret)
            opened.flush()
            os.fsync(opened.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
