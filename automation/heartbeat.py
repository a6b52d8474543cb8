"""A sign of life for a watchdog: whoever hears nothing, or hears of a failure, tells people.

The manner is that of Healthchecks, Better Stack and others alike: the address itself is asked for
after a success, the address with `/fail` after a failure. Nothing else is told.
"""

from __future__ import annotations

import time
from threading import Thread
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import requests

_TIMEOUT: Final = (3.0, 5.0)
_TRIES: Final = 2
_GRACE: Final = 15.0
"""Seconds for which the end of all nights waits for those that are still under way."""


class Heartbeats:
    """Signs of life, sent beside the nights: none waits for another, and none fails for one."""

    def __init__(self) -> None:
        self._under_way: list[_Beat] = []

    def beat(self, name: str, url: str) -> None:
        """Ask for an address, and do not wait for the answer."""
        beat = _Beat(name, url)
        self._under_way.append(beat)
        beat.start()

    def find_unheard(self, grace: float = _GRACE) -> list[str]:
        """Return the names under which nobody answered, each once, after so many seconds at most."""
        until = time.monotonic() + grace
        for beat in self._under_way:
            beat.join(max(0.0, until - time.monotonic()))
        return list(dict.fromkeys(beat.watchdog for beat in self._under_way if not beat.heard))


class _Beat(Thread):
    """One sign of life; the program may end before it."""

    def __init__(self, watchdog: str, url: str) -> None:
        super().__init__(daemon=True)
        self.watchdog, self.url, self.heard = watchdog, url, False

    def run(self) -> None:
        """Ask, and ask again where nobody answers."""
        self.heard = any(ask_for(self.url) for _ in range(_TRIES))


def ask_for(url: str) -> bool:
    """Ask for an address once, and tell whether the answer was of success; its words are not read."""
    try:
        with requests.get(url, timeout=_TIMEOUT, stream=True) as response:
            return response.ok
    except requests.RequestException:
        return False


def fail_url(url: str) -> str:
    """Return the address that tells of a failure: `/fail` at the end of its path."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
