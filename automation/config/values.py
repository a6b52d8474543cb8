"""What a value of the configuration may be: each kind with the mistake that it can have."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

from automation.config.sense import RESERVED_KEYS, RESERVED_LABELS
from automation.core.text import fold

if TYPE_CHECKING:
    from pydantic import ValidationInfo

_FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>.]+(\.[^@\s<>.]+)+")
_NAMED_ADDRESS = re.compile(r"(?:[^<>\r\n]*<(?P<inner>[^<>]*)>|(?P<bare>[^<>\s]*))")
_ID_IN_URL = re.compile(r"https://docs\.google\.com/(?:spreadsheets|forms)/d/([\w-]+)")
_PUBLISHED_FORM = "/forms/d/e/"


def _resolve_path(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return Path(os.path.normpath(folder / path))


def _require_letters(text: str) -> str:
    if not fold(text):
        raise PydanticCustomError("no_letters", "no letter or digit")
    return text


def _require_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise PydanticCustomError("address", "not an address: {value}", {"value": text})
    return text


def _require_sender(text: str) -> str:
    found = _NAMED_ADDRESS.fullmatch(text)
    _require_address((found["inner"] or found["bare"] or "") if found else text)
    return text


def _require_web_address(text: str) -> str:
    if not text.startswith("https://"):
        raise PydanticCustomError("web_address", "no https address")
    return text


def _require_code(text: str) -> str:
    if "CODE" not in text:
        raise PydanticCustomError("code_absent", "no CODE")
    return text


def _extract_id(text: str) -> str:
    if _PUBLISHED_FORM in text:
        raise PydanticCustomError("published_form", "a public address")
    found = _ID_IN_URL.match(text)
    return found[1] if found else text


def _require_key(key: str) -> str:
    if not _FIELD_KEY.fullmatch(key):
        raise PydanticCustomError("bad_key", "cannot name a field: {value}", {"value": key})
    if key in RESERVED_KEYS:
        raise PydanticCustomError("key_taken", "taken: {value}", {"value": key})
    return key


def _require_free_label(label: str) -> str:
    if fold(label) in RESERVED_LABELS:
        raise PydanticCustomError("label_taken", "taken: {value}", {"value": label})
    return label


def _require_reach(value: object) -> object:
    """Return a count, or counts by name; one message fits both, where pydantic would give two."""
    if not isinstance(value, dict):
        return _require_count(value)
    for name, count in value.items():
        if not fold(name):
            raise PydanticCustomError("no_letters", "no letter or digit")
        try:
            _require_count(count)
        except PydanticKnownError as error:
            raise PydanticCustomError("bad_reach", "no count: {name}", {"name": name}) from error
    return value


def _require_count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise PydanticKnownError("int_type")
    if value < 1:
        raise PydanticKnownError("greater_than_equal", {"ge": 1})
    return value


Text = Annotated[str, Field(min_length=1)]
Header = Annotated[Text, AfterValidator(_require_letters)]
"""The text of a question, as in the header of the response tab; compared folded."""
Label = Annotated[Header, AfterValidator(_require_free_label)]
FieldKey = Annotated[str, AfterValidator(_require_key)]
Address = Annotated[Text, AfterValidator(_require_address)]
Sender = Annotated[Text, AfterValidator(_require_sender)]
"""`address` or `Name <address>`."""
WebAddress = Annotated[Text, AfterValidator(_require_web_address)]
PrefilledLink = Annotated[WebAddress, AfterValidator(_require_code)]
"""A web address with CODE where the code goes."""
GoogleId = Annotated[Text, AfterValidator(_extract_id)]
"""The id of a spreadsheet or form; the address in the browser's bar is cut down to it."""
# TOML has no paths, tuples or enumerations: these three come from a text or a list.
LocalPath = Annotated[Path, Field(strict=False), AfterValidator(_resolve_path)]
"""Relative to the folder of the configuration file."""
Clock = Annotated[time, Field(strict=False)]
"""An hour on the wall, such as "09:00"."""
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Addresses = Annotated[tuple[Address, ...], Field(strict=False)]
Reach = Annotated[int | Mapping[str, int], PlainValidator(_require_reach)]
"""A count of people, or one for each municipality."""
