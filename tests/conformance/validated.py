"""Embedded sessions whose every request and answer is checked against the discovery documents.

A test that takes the fixture `conforming`, or a `conftest.py` that imports it and makes it
automatic, has all the embedded sessions that it opens checked. `validated_session` opens one.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from automation import local
from automation.local import Fault, FaultPlan, LocalAdapter, LocalSession, transport
from tests.conformance.discovery import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests


class NonconformingError(AssertionError):
    """A request or an answer that Google's discovery documents do not allow."""


def check_call(request: requests.PreparedRequest, response: requests.Response) -> None:
    """Check one call both ways; a 501 of ours has the shape of an error, so it may pass.

    Raises:
        NonconformingError: With every violation on a line.
    """
    method, url = request.method or "", request.url or ""
    violations = check_request(method, url, request.body)
    violations += check_response(method, url, response.status_code, response.content)
    if violations:
        raise NonconformingError("\n".join(violations))


class ValidatedAdapter(LocalAdapter):
    """The embedded workspace, checked."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Answer, then check what was asked and answered, unless a fault cut the answer."""
        response = super().send(request, *args, **options)
        if not _is_cut(self, response):
            check_call(request, response)
        return response


def _is_cut(adapter: LocalAdapter, response: requests.Response) -> bool:
    """Whether the plan may have cut this answer, and it is no JSON."""
    plan = adapter.faults
    cuts = Fault.CUT in plan.at.values() or (plan.chance > 0 and Fault.CUT in plan.among)
    if not cuts or not response.ok:
        return False
    try:
        response.json()
    except ValueError:
        return True
    return False


def validated_session(
    path: Path | None = None, *, faults: FaultPlan | None = None, **options: Any
) -> LocalSession:
    """Like `automation.local.session`, checked."""
    with validating():
        return local.session(path, faults=faults, **options)


@contextmanager
def validating() -> Iterator[None]:
    """Every embedded session opened meanwhile is checked, for as long as it lives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "LocalAdapter", ValidatedAdapter)
        yield


@pytest.fixture
def conforming() -> Iterator[None]:
    """Every embedded session that the test opens is checked."""
    with validating():
        yield
