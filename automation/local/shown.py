"""Rules of a sheet as answers show them."""

from __future__ import annotations

from typing import Any

from automation.local.locks import may_edit
from automation.local.sheet import shown_range


def shown_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A conditional format."""
    return rule | {"ranges": [shown_range(grid_range) for grid_range in rule["ranges"]]}


def shown_protected(protected: dict[str, Any], address: str) -> dict[str, Any]:
    """A protected range, to an account."""
    allowed = may_edit(protected, address)
    answer = protected | {"range": shown_range(protected["range"])}
    answer["requestingUserCanEdit"] = allowed
    if not allowed:
        del answer["editors"]
    if "unprotectedRanges" in protected:
        answer["unprotectedRanges"] = [shown_range(r) for r in protected["unprotectedRanges"]]
    return {name: value for name, value in answer.items() if value is not False}


def shown_filter(basic_filter: dict[str, Any]) -> dict[str, Any]:
    """A basic filter; `{}` for none."""
    if not basic_filter:
        return {}
    return basic_filter | {"range": shown_range(basic_filter["range"])}
