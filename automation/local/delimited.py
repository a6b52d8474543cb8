"""Delimited text, as it is pasted or uploaded."""

from __future__ import annotations

import csv
from io import StringIO

from automation.local.errors import TOO_LONG, refuse


def read_delimited(text: str, delimiter: str = ",") -> list[list[str]]:
    """Return the fields of delimited text, whichever way its lines end.

    Raises:
        ApiError: 400 where a field is longer than a cell may be.
    """
    try:
        return list(csv.reader(StringIO(text, newline=None), delimiter=delimiter))
    except csv.Error:  # a field beyond csv's own limit, which is above that of a cell
        raise refuse(TOO_LONG) from None
