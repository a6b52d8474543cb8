"""What may be told of a bug where anybody may read it: its kind and its place, never its words.

The words of an error that others wrote quote what they were given: somebody's name, or an answer whole.
They are shown to whoever asks for them, and nowhere else.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import TracebackType

_OURS: Final = "automation"
_INSTALLED: Final = ("site-packages", "dist-packages")
_SHOWN: Final = 20
"""Calls that are told at either end: those between them repeat each other, in a recursion."""


def trace_bug(error: BaseException) -> tuple[str, ...]:
    """Return the kinds of an error and of what led to it, each with the calls that it went through.

    The first cause comes first, as in a traceback; of each its kind, then its calls, outermost first:
    `automation/night.py:140 run_night`.
    """
    return tuple(line for one in _chain(error) for line in (type(one).__name__, *_calls(one)))


def show_whole(error: BaseException) -> str:
    """Return the traceback with all its words, which may tell of people."""
    return "".join(traceback.format_exception(error)).rstrip("\n")


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error after what led to it, each once."""
    found: list[BaseException] = []
    led: BaseException | None = error
    while led is not None and not any(led is one for one in found):
        found.append(led)
        led = led.__cause__ or (None if led.__suppress_context__ else led.__context__)
    return found[::-1]


def _calls(error: BaseException) -> list[str]:
    lines = [
        f"  {_shorten(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if len(lines) <= 2 * _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"  … {len(lines) - 2 * _SHOWN}", *lines[-_SHOWN:]]


def _shorten(file: str) -> str:
    """Return a file's path without where the program is installed, which may name whoever did so."""
    parts = PurePath(file).parts
    for root in (*_INSTALLED, _OURS):
        if root in parts:
            at = len(parts) - parts[::-1].index(root)
            return "/".join(parts[at - (root == _OURS) :])
    return parts[-1] if parts else ""


def keep_logs_discreet() -> None:
    """Let no library's log, nor a thread's, say what it was given; whoever set up logs keeps theirs.

    A record of ours is told whole, of any other the place alone: what it says is not ours to vouch for.
    """
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler(_Stderr())
        handler.setLevel(logging.WARNING)
        handler.setFormatter(DiscreetFormatter())
        root.addHandler(handler)
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _tell_thread
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _tell_unraisable


class DiscreetFormatter(logging.Formatter):
    """Tells where something was logged, and where a bug showed itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record in a line, or in some where an error comes with it."""
        name = record.name
        ours = name == _OURS or name.startswith(f"{_OURS}.")
        where = f"{_shorten(record.pathname)}:{record.lineno}"
        lines = [f"{record.levelname} {name}: {record.getMessage() if ours else where}"]
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([*lines, *(trace_bug(error) if error is not None else ())])


class _Stderr:
    """The standard error, whatever it is by then."""

    def write(self, text: str) -> object:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _tell_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _tell(args.exc_value, args.exc_traceback)


def _tell_unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _tell(args.exc_value, args.exc_traceback)


def _tell(error: BaseException, trace: TracebackType | None) -> None:
    print(*trace_bug(error.with_traceback(trace)), sep="\n", file=sys.stderr)  # noqa: T201
