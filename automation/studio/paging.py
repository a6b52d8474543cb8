"""Which page of a long list somebody asks for."""

from __future__ import annotations

from typing import Final

from flask import request

_DIGITS: Final = 6


def read_page() -> int:
    """Return the number of the page that the address asks for, from 1; anything else means 1."""
    text = request.args.get("page", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) <= _DIGITS else 1
