"""Where rows are appended, and what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from automation.google.sheets import apply_batch
from automation.workbook.batches import PAYLOAD_LIMIT, cut_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gspread import HTTPClient

Request = dict[str, Any]

_ENVELOPE = 2_000  # bytes around the rows of a batch


class Loaded(Struct, frozen=True, kw_only=True):
    """What came of the rows of a file.

    Attributes:
        updated: Rows that were there, and say something else from now on.
        already: Rows that were there, and stay as they are.
        left_out: Rows that lack what tells them from the others.
        ignored: Headers of the columns that the tab has no place for.
        beside: Added ones that may be a later version of a row that was there: it can't be told.
    """

    added: int
    already: int
    updated: int = 0
    left_out: int = 0
    ignored: tuple[str, ...] = ()
    beside: int = 0


class Target(NamedTuple):
    """A tab that rows are appended to, and which fields of a cell they bring."""

    http: HTTPClient
    spreadsheet_id: str
    sheet_id: int
    fields: str


def append_rows(
    target: Target,
    first: Sequence[Request],
    rows: Iterable[list[Request]],
    progress: Callable[[int], object] = lambda _: None,
) -> None:
    """Append rows in batches under the recommended payload, the first behind those requests."""
    requests = list(first)
    limit = PAYLOAD_LIMIT - _ENVELOPE - len(json.dumps(requests))
    for batch in cut_batches(rows, limit, _weigh):
        body = {
            "sheetId": target.sheet_id,
            "rows": [{"values": cells} for cells in batch],
            "fields": target.fields,
        }
        apply_batch(target.http, target.spreadsheet_id, [*requests, {"appendCells": body}])
        progress(len(batch))
        requests = []
    if requests:
        apply_batch(target.http, target.spreadsheet_id, requests)


def apply_requests(target: Target, requests: Iterable[Request]) -> None:
    """Apply requests in batches under the recommended payload."""
    for batch in cut_batches(requests, PAYLOAD_LIMIT - _ENVELOPE, _weigh):
        apply_batch(target.http, target.spreadsheet_id, batch)


def _weigh(row: Request | list[Request]) -> int:
    return len(json.dumps(row)) + len('{"values": }, ')
