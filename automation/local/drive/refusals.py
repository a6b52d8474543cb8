"""Drive's refusals, which name a reason and no status."""

from __future__ import annotations

from automation.local.errors import ApiError


def file_not_found(file_id: str) -> ApiError:
    """The 404 for a file."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound")


def not_found(what: str, key: str) -> ApiError:
    """The 404 for what belongs to a file."""
    return ApiError(404, f"{what} not found: {key}.", reason="notFound")


def invalid(message: str, reason: str = "invalid") -> ApiError:
    """A 400."""
    return ApiError(400, message, reason=reason)


def forbidden(message: str, reason: str = "forbidden") -> ApiError:
    """A 403."""
    return ApiError(403, message, reason=reason)
