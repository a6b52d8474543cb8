"""What tests at the HTTP seam share: Google's side of it, and our clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
import responses

from automation.google.client import Client
from automation.google.retries import ONCE, Retries

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def google() -> Iterator[responses.RequestsMock]:
    """Answer what a test registers, and nothing else; all of it must be asked for."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def http() -> Iterator[Client]:
    """Give a client that tries once."""
    with requests.Session() as session:
        yield Client(session, ONCE)


@pytest.fixture
def waits() -> list[float]:
    """Remember the seconds that `patient` waited."""
    return []


@pytest.fixture
def patient(waits: list[float]) -> Iterator[Client]:
    """Give a client that tries again, without jitter and in no time."""
    retries = Retries(sleep=waits.append, clock=lambda: sum(waits), jitter=lambda: 1.0)
    with requests.Session() as session:
        yield Client(session, retries)
