"""Field masks: which fields of an answer to send, which fields of an object to set.

The grammar is the one Google documents for `fields`: names separated by commas, `.` or `/` going
down, parentheses for several below one, `*` for everything.
"""

from __future__ import annotations

import re
from typing import Any

from automation.local.errors import BAD_MASK, NO_FIELDS, refuse
from automation.local.schema import Many, Message, Scalar, Spec

Mask = dict[str, "Mask"]
"""Name → mask below it. An empty mask is everything below; so is the name `*`."""

_TOKEN = re.compile(r"[A-Za-z_$][\w$]*|\*|[./,()]")


def parse(text: str) -> Mask:
    """The tree that a mask's text means.

    Raises:
        ApiError: 400 when the text is empty or no mask.
    """
    compact = re.sub(r"\s+", "", text)
    tokens = _TOKEN.findall(compact)
    if not tokens:
        raise refuse(NO_FIELDS)
    if "".join(tokens) != compact:
        raise refuse(BAD_MASK, field=text)
    mask, rest = _parse_list(tokens, text)
    if rest:
        raise refuse(BAD_MASK, field=text)
    return mask


def _parse_list(tokens: list[str], text: str) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        tokens = _parse_path(tokens, mask, text)
        if not tokens or tokens[0] != ",":
            return mask, tokens
        tokens = tokens[1:]


def _parse_path(tokens: list[str], mask: Mask, text: str) -> list[str]:
    if not tokens or tokens[0] in "./,()":
        raise refuse(BAD_MASK, field=text)
    name, tokens = tokens[0], tokens[1:]
    whole = name in mask and not mask[name]
    below: Mask = {}
    if tokens and tokens[0] in "./":
        tokens = _parse_path(tokens[1:], below, text)
    elif tokens and tokens[0] == "(":
        below, tokens = _parse_list(tokens[1:], text)
        if not tokens or tokens[0] != ")":
            raise refuse(BAD_MASK, field=text)
        tokens = tokens[1:]
    mask[name] = {} if whole or not below else _union(mask.get(name, {}), below)
    return tokens


def _union(left: Mask, right: Mask) -> Mask:
    merged = dict(left)
    for name, below in right.items():
        known = merged.get(name)
        merged[name] = (
            below if known is None else ({} if not known or not below else _union(known, below))
        )
    return merged


def check(mask: Mask, spec: Spec, prefix: str = "") -> None:
    """Refuse a mask that names a field the message does not have.

    Raises:
        ApiError: 400, naming the first unknown path.
    """
    while isinstance(spec, Many):
        spec = spec.item
    for name, below in mask.items():
        path = f"{prefix}.{name}" if prefix else name
        if name == "*" or spec is Scalar.ANY or spec is Scalar.ABSENT:
            continue
        if not isinstance(spec, Message) or name not in spec.fields:
            raise refuse(BAD_MASK, field=path)
        check(below, spec.fields[name], path)


def covers(mask: Mask, *path: str) -> bool:
    """Whether a mask asks for something at or below `path`."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def select(mask: Mask, value: Any) -> Any:
    """The parts of an answer that a mask asks for; objects left empty are dropped by their parent."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    picked = {name: select(mask[name], inner) for name, inner in value.items() if name in mask}
    return {name: inner for name, inner in picked.items() if inner != {} or value[name] == {}}


def assign(mask: Mask, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`old` with the masked fields taken from `new`; a masked field absent from `new` is cleared."""
    if not mask or "*" in mask:
        return new
    merged = dict(old)
    for name, below in mask.items():
        value: Any = new.get(name)
        if below and "*" not in below:
            value = assign(below, old.get(name) or {}, value or {}) or None
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged
