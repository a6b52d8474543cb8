"""The `permissions` collection of Drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from automation.local import documents
from automation.local.drive.cabinet import PERMISSIONS, find_file, permissions_of
from automation.local.drive.paging import page
from automation.local.drive.people import permission_id
from automation.local.drive.refusals import forbidden, invalid, not_found

if TYPE_CHECKING:
    from automation.local.desk import Desk

_USUAL: Final = ("kind", "id", "type", "role")
_CONSENT: Final = (
    "The transferOwnership parameter must be enabled when the permission role is 'owner'."
)


def create(desk: Desk) -> dict[str, Any]:
    """`permissions.create`: one each; whoever has one already gets the new role."""
    file = find_file(desk, desk.names["id"])
    given = {name: value for name, value in desk.body.items() if name != "withLink"}
    for name in ("type", "role"):
        if name not in given:
            raise invalid(f"The permission {name} field is required.", "required")
    kind = given["type"]
    who = {"domain": "domain", "anyone": ""}.get(kind, "emailAddress")
    if who and not given.get(who):
        raise invalid(
            f"The specified {who} is invalid or not applicable for the given permission type.",
            "invalidSharingRequest",
        )
    if kind == "anyone":
        key, extra = "anyoneWithLink", {"allowFileDiscovery": False}
    else:
        key = permission_id(given[who])
        extra = {"displayName": given[who].partition("@")[0], "deleted": False}
    extra |= {"pendingOwner": False} if kind == "user" else {}
    known = permissions_of(desk, file["id"]).get(key, {})
    if known.get("role") == "owner":
        return _masked(desk, known)
    permission = {"kind": "drive#permission", "id": key} | extra | given
    return _masked(desk, _keep(desk, file["id"], permission))


def _keep(desk: Desk, file_id: str, permission: dict[str, Any]) -> dict[str, Any]:
    """Keep a permission; a new owner makes the one before a writer."""
    if permission["role"] == "owner":
        if not desk.query.get("transferOwnership"):
            raise forbidden(_CONSENT)
        if permission["type"] != "user":
            raise invalid("Only a person can own a file.", "invalidSharingRequest")
        for other in permissions_of(desk, file_id).values():
            if other["role"] == "owner":
                demoted = other | {"role": "writer"}
                documents.keep(desk.connection, file_id, PERMISSIONS, demoted["id"], demoted)
        permission |= {"pendingOwner": False}
    documents.keep(desk.connection, file_id, PERMISSIONS, permission["id"], permission)
    return permission


def list_permissions(desk: Desk) -> dict[str, Any]:
    """`permissions.list`."""
    file = find_file(desk, desk.names["id"])
    shown, token = page(list(permissions_of(desk, file["id"]).values()), desk.query)
    if "fields" not in desk.query:
        shown = [_short(permission) for permission in shown]
    return {"kind": "drive#permissionList", "permissions": shown} | token


def get(desk: Desk) -> dict[str, Any]:
    """`permissions.get`."""
    return _masked(desk, _find(desk))


def update(desk: Desk) -> dict[str, Any]:
    """`permissions.update`: the role, or who is to own the file."""
    permission = _find(desk)
    if desk.body.keys() - {"role", "pendingOwner"}:
        raise forbidden(
            "The resource body includes fields which are not directly writable.", "fieldNotWritable"
        )
    if permission["role"] == "owner" and desk.body.get("role", "owner") != "owner":
        raise forbidden("The owner of a file cannot be removed.", "cannotRemoveOwner")
    return _masked(desk, _keep(desk, desk.names["id"], permission | desk.body))


def delete(desk: Desk) -> dict[str, Any]:
    """`permissions.delete`."""
    permission = _find(desk)
    if permission["role"] == "owner":
        raise forbidden("The owner of a file cannot be removed.", "cannotRemoveOwner")
    documents.forget(desk.connection, desk.names["id"], PERMISSIONS, permission["id"])
    return {}


def _find(desk: Desk) -> dict[str, Any]:
    file = find_file(desk, desk.names["id"])
    key = desk.names["permission"]
    found = permissions_of(desk, file["id"]).get(key)
    if found is None:
        raise not_found("Permission", key)
    return found


def _masked(desk: Desk, permission: dict[str, Any]) -> dict[str, Any]:
    return permission if "fields" in desk.query else _short(permission)


def _short(permission: dict[str, Any]) -> dict[str, Any]:
    return {name: permission[name] for name in _USUAL}
