"""A small reader for Google's JSON requests: what is not declared is refused, not ignored.

Proto JSON rules that Google follows and this reader keeps: `null` means absent, an integer may
come as a string of digits, an enum is its name. A field that is not declared in `messages` is
answered 501, because it is either unknown to Google too or not offered here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from automation.local.errors import ApiError, unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

INT32_MAX: Final = 2**31 - 1


class Scalar(StrEnum):
    """The plain types, by the name that Google's error messages use."""

    INT32 = "TYPE_INT32"
    DOUBLE = "TYPE_DOUBLE"
    BOOL = "TYPE_BOOL"
    STRING = "TYPE_STRING"
    ANY = "TYPE_ANY"
    ABSENT = "TYPE_ABSENT"
    """Known to Google and legal in a field mask; never present here, refused in a request."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An enum: the names that are allowed."""

    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind."""

    item: Spec


@dataclass(frozen=True, slots=True)
class Message:
    """An object with declared fields; `one_of` names fields of which only one may be set."""

    name: str
    fields: Mapping[str, Spec] = field(hash=False)
    one_of: frozenset[str] = frozenset()


Spec = Scalar | Choice | Many | Message


def choice(names: str) -> Choice:
    """An enum from its names, separated by spaces."""
    return Choice(frozenset(names.split()))


def read(spec: Spec, raw: Any, path: str) -> Any:
    """`raw` checked against `spec`, without nulls, integers as `int`.

    Args:
        spec: What is expected.
        raw: Parsed JSON.
        path: Where it stands, in camel case, for the error message.

    Raises:
        ApiError: 400 for a wrong type, 501 for an undeclared field.
    """
    if isinstance(spec, Message):
        return _read_message(spec, raw, path)
    if isinstance(spec, Many):
        if not isinstance(raw, list):
            raise _invalid(path, "TYPE_MESSAGE", raw)
        return [read(spec.item, item, f"{path}[{index}]") for index, item in enumerate(raw)]
    if isinstance(spec, Choice):
        if not isinstance(raw, str) or raw not in spec.values:
            raise _invalid(path, "TYPE_ENUM", raw)
        return raw
    return _read_scalar(spec, raw, path)


def _read_message(spec: Message, raw: Any, path: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _invalid(path, "TYPE_MESSAGE", raw)
    found: dict[str, Any] = {}
    for name, value in raw.items():
        inner = spec.fields.get(name, Scalar.ABSENT)
        if inner is Scalar.ABSENT:
            raise unsupported(f'the field "{name}" at "{path or spec.name}"')
        if value is not None:
            found[name] = read(inner, value, f"{path}.{name}" if path else name)
    clash = sorted(spec.one_of & found.keys())
    if len(clash) > 1:
        raise ApiError(
            400,
            f"Invalid value at '{snake(path)}' (oneof), oneof field 'value' is already set. "
            f"Cannot set '{clash[1]}'",
        )
    return found


def _read_scalar(spec: Scalar, raw: Any, path: str) -> Any:
    if spec is Scalar.ANY:
        return raw
    if spec is Scalar.BOOL and isinstance(raw, bool):
        return raw
    if spec is Scalar.STRING and isinstance(raw, str):
        return raw
    if spec is Scalar.INT32:
        return _read_int(raw, path)
    if spec is Scalar.DOUBLE and isinstance(raw, int | float) and not isinstance(raw, bool):
        return plain_number(raw, path)
    raise _invalid(path, spec, raw)


def _read_int(raw: Any, path: str) -> int:
    number = int(raw) if isinstance(raw, str) and re.fullmatch(r"-?\d{1,10}", raw) else raw
    whole = isinstance(number, int) or (isinstance(number, float) and number.is_integer())
    if not whole or isinstance(raw, bool) or not -INT32_MAX - 1 <= number <= INT32_MAX:
        raise _invalid(path, "TYPE_INT32", raw)
    return int(number)


def plain_number(raw: float, path: str) -> int | float:
    """A finite number, as `int` where it is whole and exact."""
    if isinstance(raw, int):
        return raw
    if not math.isfinite(raw):
        raise _invalid(path, "TYPE_DOUBLE", raw)
    return int(raw) if raw.is_integer() and abs(raw) < 2**53 else raw


def _invalid(path: str, kind: str, raw: Any) -> ApiError:
    shown = f'"{raw}"' if isinstance(raw, str) else str(raw)
    return ApiError(400, f"Invalid value at '{snake(path)}' ({kind}), {shown}")


def snake(path: str) -> str:
    """`requests[0].updateCells` as Google's messages write it: `requests[0].update_cells`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[0].lower(), path)
