"""What may be answered when a configuration is made.

Each check returns the text as it should be, or raises ValueError.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE: Final = "-"
"""What stands for nothing where "" would take the proposal."""


def require_text(text: str) -> str:
    """Return a text that says something."""
    if not text:
        raise ValueError("empty")
    return text


def require_file_or_nothing(text: str) -> str:
    """Return the path of a file that is there, or ""."""
    if text and not Path(text).is_file():
        raise ValueError("no file")
    return text


def require_id(text: str) -> str:
    """Return the address of a spreadsheet or a form, or its id, as it was given."""
    from pydantic import TypeAdapter

    from automation.config.values import GoogleId

    found = TypeAdapter(GoogleId).validate_python(text)
    # What is no address that can be cut down to an id is none, spaces and all.
    if not re.fullmatch(r"[\w-]+", found):
        raise ValueError(text)
    return text


def require_prefilled(text: str) -> str:
    """Return a prefilled link, in which CODE stands for the code."""
    from pydantic import TypeAdapter

    from automation.config.values import PrefilledLink

    return str(TypeAdapter(PrefilledLink).validate_python(text))


def require_sender(text: str) -> str:
    """Return an address, or `Name <address>`."""
    from pydantic import TypeAdapter

    from automation.config.values import Sender

    return str(TypeAdapter(Sender).validate_python(text))


def require_addresses(text: str) -> str:
    """Return addresses separated by commas."""
    for one in filter(None, (part.strip() for part in text.split(","))):
        require_sender(one)
    return text


def pick(text: str, among: Sequence[str]) -> str:
    """Return what a number, counted from 1, or its own words mean; ValueError for none of them."""
    from automation.core.text import fold

    if text.isdecimal() and 1 <= int(text) <= len(among):
        return among[int(text) - 1]
    found = [one for one in among if fold(one) == fold(text)]
    if not found:
        raise ValueError(text)
    return found[0]


def pick_or_none(text: str, among: Sequence[str]) -> str:
    """Return the same as `pick`; "" for `NONE`, and for nothing."""
    return "" if text in {"", NONE} else pick(text, among)
