"""The Google account on whose behalf a session calls."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

DEFAULT_ADDRESS: Final = "comite@example.org"


class Account(Struct, frozen=True, kw_only=True):
    """Who is asking, as a token would say it, and what Google grants them.

    Attributes:
        address: The mailbox that `me` stands for. A workspace may hold several.
        messages_a_day: Messages that may leave in any 24 hours (Google: 2,000 on Workspace, about
            500 on a consumer account).
        messages_a_minute: Messages that may leave in any minute; None leaves the per-minute quota
            uncounted. Google's is in units: 54 messages that were drafted first.
    """

    address: str = DEFAULT_ADDRESS
    messages_a_day: int = 2000
    messages_a_minute: int | None = None


DEFAULT_ACCOUNT: Final = Account()
"""Whoever opens a workspace without saying who they are."""
