"""People as Drive shows them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from automation.local.account import Account


def permission_id(address: str) -> str:
    """The id by which Drive knows a person, a group or a domain: the same in every file."""
    digest = sha256(address.casefold().encode()).digest()
    return str(int.from_bytes(digest[:8]) | 1 << 63)


def show_user(address: str, account: Account) -> dict[str, Any]:
    """A User; nobody has another name than the first part of their address."""
    return {
        "kind": "drive#user",
        "displayName": address.partition("@")[0],
        "me": address.casefold() == account.address.casefold(),
        "permissionId": permission_id(address),
        "emailAddress": address,
    }
