"""Answers to the second form, "Ma place": who accepts a seat, gives it up, or wants no more news.

A code says who answers, about which offer, and proves it: NUMBER-OFFER-MAC, where the MAC is cut
from an HMAC-SHA-256 (RFC 2104) under the installation's secret. Nobody can answer for somebody
else by changing a number.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.instants import from_wall, to_wall
from automation.core.model import Key, Number, Problem, phrase
from automation.core.responses import (
    cell_text,
    digest_parts,
    missing_question,
    timestamp_column,
)
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import Cell
    from automation.core.responses import ResponseTable
    from automation.core.rules import PlaceForm

_MAC_LENGTH = 10  # letters of base 32: 50 bits
_CODE = re.compile(rf"([0-9]{{1,9}})-([0-9]{{1,9}})-[A-Z2-7]{{{_MAC_LENGTH}}}")


class Wish(StrEnum):
    """What somebody asks for in "Ma place"."""

    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    NO_NEWS = "no_news"


class Reply(Struct, frozen=True, kw_only=True):
    """One answer to the second form, under a genuine code.

    Attributes:
        offer: The offer that it is about, 0 for none.
    """

    key: Key
    submitted_at: datetime
    number: Number
    offer: int
    wish: Wish


def make_code(number: Number, offer: int, secret: bytes) -> str:
    """Return the code by which somebody answers for an enrolment about one of its offers."""
    about = f"{number}-{offer}"
    mac = b32encode(hmac.digest(secret, about.encode(), sha256)).decode()
    return f"{about}-{mac[:_MAC_LENGTH]}"


def read_code(text: str, secret: bytes) -> tuple[Number, int] | None:
    """Return whom a code is for, and its offer; None for one that we did not make.

    Spaces and small letters are forgiven.
    """
    found = _CODE.fullmatch("".join(text.split()).upper())
    if found is None:
        return None
    number, offer = Number(int(found[1])), int(found[2])
    genuine = make_code(number, offer, secret)
    return (number, offer) if hmac.compare_digest(genuine, found[0]) else None


def read_replies(
    table: ResponseTable | None, form: PlaceForm | None, zone: ZoneInfo
) -> tuple[tuple[Reply, ...], tuple[Problem, ...]]:
    """Return the replies in order of (submitted at, key), and what could not be read.

    Raises `WorkbookError` where one of the two questions is missing from the tab.
    """
    if table is None or form is None:
        return (), ()
    columns = _find_columns(table, form)
    wishes = {
        fold(form.accept): Wish.ACCEPT,
        fold(form.withdraw): Wish.WITHDRAW,
        fold(form.no_news): Wish.NO_NEWS,
    }
    replies: dict[Key, Reply] = {}
    problems: list[Problem] = []
    for row, (stamp, code, choice) in _rows(table, columns):
        wall, who = to_wall(stamp), read_code(cell_text(code), form.secret)
        wish = wishes.get(fold(cell_text(choice)))
        if wall is None or who is None or wish is None:
            doubt = "undated" if wall is None else "bad_code" if who is None else "unknown_choice"
            message = phrase(f"reply.{doubt}")
            problems.append(Problem(tab=table.title, row=row, message=message))
            continue
        number, offer = who
        about = (wall.isoformat(), str(number), str(offer), wish)
        key = Key(f"{table.sheet_id}.{digest_parts(about)}")
        replies[key] = Reply(
            key=key, submitted_at=from_wall(wall, zone), number=number, offer=offer, wish=wish
        )
    ordered = sorted(replies.values(), key=lambda reply: (reply.submitted_at, reply.key))
    return tuple(ordered), tuple(problems)


def find_reply_rows(
    table: ResponseTable | None, form: PlaceForm | None, numbers: Collection[int]
) -> tuple[int, ...]:
    """Return the rows, from 1, of the replies under the codes of some enrolments, odd ones too."""
    if table is None or form is None:
        return ()
    found = (
        (row, read_code(cell_text(code), form.secret))
        for row, (_, code, _) in _rows(table, _find_columns(table, form))
    )
    return tuple(row for row, who in found if who is not None and who[0] in numbers)


def _find_columns(table: ResponseTable, form: PlaceForm) -> list[list[int]]:
    """Return where the timestamp and the two questions stand; several where a header repeats."""
    headers = [fold(cell_text(cell)) for cell in table.header]
    columns = [[timestamp_column(headers)]]
    for question in (form.code, form.choice):
        columns.append([i for i, header in enumerate(headers) if header == fold(question)])
        if not columns[-1]:
            raise missing_question(table, question)
    return columns


def _rows(
    table: ResponseTable, columns: Sequence[Sequence[int]]
) -> Iterator[tuple[int, list[Cell]]]:
    """Yield each row's number, from 1, and the first cell of each field that shows anything."""
    for number, row in enumerate(table.rows, start=2):
        shown = {i: cell for i, cell in enumerate(row) if tidy(cell_text(cell))}
        cells = [next((shown[i] for i in where if i in shown), "") for where in columns]
        if any(cell != "" for cell in cells):
            yield number, cells
