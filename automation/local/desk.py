"""What a handler of a call works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from automation.local.book import Book

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from automation.local.account import Account


class Desk(Struct, frozen=True, kw_only=True):
    """One call within its transaction.

    Attributes:
        connection: The store's, inside the transaction.
        now: The clock's time as RFC 3339 in UTC, to the millisecond.
        account: Whose call it is.
        names: The parts of the path, unquoted.
        query: The query's parameters, checked.
        body: The body, checked; empty without one.
        content: The body of an upload, as sent.
    """

    connection: sqlite3.Connection
    now: str
    account: Account
    names: Mapping[str, str]
    query: Mapping[str, Any]
    body: dict[str, Any]
    content: bytes = b""

    def book(self) -> Book:
        """The spreadsheet that the path names.

        Raises:
            ApiError: 404 when there is none.
        """
        return Book(self.connection, self.names["id"], self.account.address)
