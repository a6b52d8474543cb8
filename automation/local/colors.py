"""Colours come in two spellings, plain and as a style; Google's answers give both."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from automation.local.schema import Many, Message

if TYPE_CHECKING:
    from automation.local.schema import Spec


def settled(spec: Spec, old: Any, new: Any) -> Any:
    """A copy of `new` whose colours and colour styles say the same, wherever it may hold both.

    Args:
        spec: Of both values.
        old: As it was before: which spelling changed is the one that counts; `{}` when it is new.
        new: As it was asked for.
    """
    if isinstance(spec, Many) and isinstance(new, list):
        return [settled(spec.item, {}, item) for item in new]
    if not isinstance(spec, Message) or not isinstance(new, dict):
        return copy.deepcopy(new)
    fresh = {
        name: settled(spec.fields[name], old.get(name, {}), value) for name, value in new.items()
    }
    for name in spec.fields:
        if name.lower().endswith("color") and f"{name}Style" in spec.fields:
            mirror(old, fresh, name)
    return fresh


def mirror(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    """Make the colour `name` of `new` and its style agree; if both changed, the style counts."""
    style = f"{name}Style"
    for key in (name, style):
        if key in new:
            new[key] = _without_zeros(new[key])
    if new.get(style) != old.get(style):
        plain = new.get(style, {}).get("rgbColor")
        new.pop(name, None)
        if plain is not None:
            new[name] = plain
    elif name in new:
        new[style] = {"rgbColor": new[name]}
    else:
        new.pop(style, None)


def _without_zeros(color: dict[str, Any]) -> dict[str, Any]:
    """A colour as proto JSON shows it: components that are zero are left out."""
    if "rgbColor" in color:
        return {"rgbColor": _without_zeros(color["rgbColor"])}
    return {key: value for key, value in color.items() if value != 0}
