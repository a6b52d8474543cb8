"""How many programmes one worker carries in an hour, within Google's quotas.

The calls of a night are counted on the embedded workspace; an hour of nights is then simulated, with
the very limiter that holds them back and a clock of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from bisect import bisect_left
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from automation import local
from automation.config import parse_config
from automation.google.client import Client
from automation.google.pacing import Call, Meter, Quotas
from automation.google.retries import ONCE
from automation.night import run_night
from automation.workspace import with_spreadsheet
from tests.programme import NOW, small_programme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.programme import Programme

HOUR = 3600.0
LATENCY = 0.6
"""Seconds from a call to Google to its answer: what small spreadsheets take, rather more than less."""

_CONFIG = """
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
[fields.extra]
trade = "Métier"
[mail]
transport = "gmail"
mode = "automatic"
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)"
"""


class Load(Struct, frozen=True, kw_only=True):
    """What one night asks for.

    Attributes:
        calls: How many of each kind.
        processor: Seconds of this machine's.
    """

    calls: Mapping[Call, int]
    processor: float


class Hour(Struct, frozen=True, kw_only=True):
    """An hour of one worker or several.

    Attributes:
        programmes: How many nights passed.
        passed: When calls of a kind that counts passed, in seconds, in order.
    """

    programmes: int
    passed: Mapping[Call, Sequence[float]]

    def busiest_minute(self, call: Call) -> int:
        """Return the most calls of a kind in any 60 seconds."""
        times = self.passed[call]
        return max(
            (index - bisect_left(times, at - 60 + 1e-6) + 1 for index, at in enumerate(times)),
            default=0,
        )


def measure_loads() -> dict[str, Load]:
    """Return what a quiet night asks for, and one with ten answers and the messages about them."""
    with tempfile.TemporaryDirectory() as folder:
        programme = small_programme(Path(folder))
        _count(programme, 0)
        quiet = _count(programme, 1)
        for number in range(10, 20):
            at, email = f"2023-01-12 09:{number}:00", f"p{number}@example.com"
            programme.answer((at, f"Prénom{number}", "Nom", email, "", ""))
        return {"quiet": quiet, "busy": _count(programme, 2)}


def _count(programme: Programme, day: int) -> Load:
    """Let a night pass, and return what it asked for."""
    config = parse_config(_CONFIG.encode(), programme.path, {})
    config = with_spreadsheet(config, programme.spreadsheet_id)
    at, meter = NOW + timedelta(days=day), Meter()
    with local.session(programme.path, clock=lambda: at) as session:
        meter.attach(session)
        start = time.process_time()
        run_night(Client(session, ONCE), config, event="night", moment=lambda _: at, token="aaaa")
        return Load(calls=dict(meter.calls), processor=time.process_time() - start)


def simulate_hour(
    nights: Sequence[Load], *, workers: int = 1, shared: bool = True, latency: float = LATENCY
) -> Hour:
    """Return what so many workers carry in an hour.

    Args:
        nights: What the nights ask for, one after the other, again and again.
        shared: Whether the workers have one account; else each has its own.
    """
    programmes = 0
    passed: dict[Call, list[float]] = {Call.READ: [], Call.WRITE: []}
    for worker in range(workers):
        now = [0.0]

        def sleep(seconds: float, now: list[float] = now) -> None:
            now[0] += seconds

        account = "" if shared else str(worker)
        quotas = Quotas(
            workers,
            {account: workers if shared else 1},
            clock=lambda now=now: now[0],  # type: ignore[misc]
            sleep=sleep,
        )
        number = 0
        while True:
            load = nights[number % len(nights)]
            meter = quotas.meter(account)
            for call, count in load.calls.items():
                for _ in range(count):
                    meter.pass_by(call)
                    if call in passed:
                        passed[call].append(now[0])
                    sleep(latency)
            sleep(load.processor)
            if now[0] > HOUR:
                break
            number += 1
        programmes += number
    return Hour(programmes=programmes, passed={call: sorted(at) for call, at in passed.items()})


class Figures(Struct):
    """What was measured and simulated.

    Attributes:
        calls: Of a quiet night and of a busy one, by kind.
        processor: Seconds, of both.
        quiet: Programmes in an hour where nothing is new.
        ordinary: Where one night in ten is busy.
        busy: Where all are.
        sharing: Ordinary nights of five workers with one account; apart: with one each.
        busiest: The most reads in any minute, of an account, in all of these.
    """

    calls: dict[str, dict[str, int]]
    processor: dict[str, float]
    quiet: int
    ordinary: int
    busy: int
    sharing: int
    apart: int
    busiest: int


def measure() -> Figures:
    """Return all figures."""
    loads = measure_loads()
    quiet, busy = loads["quiet"], loads["busy"]
    ordinary = [busy, *[quiet] * 9]
    hours = [simulate_hour(nights) for nights in ([quiet], ordinary, [busy])]
    sharing = simulate_hour(ordinary, workers=5)
    apart = simulate_hour(ordinary, workers=5, shared=False)
    return Figures(
        calls={name: dict(Counter(load.calls)) for name, load in loads.items()},
        processor={name: round(load.processor, 3) for name, load in loads.items()},
        quiet=hours[0].programmes,
        ordinary=hours[1].programmes,
        busy=hours[2].programmes,
        sharing=sharing.programmes,
        apart=apart.programmes,
        busiest=max(hour.busiest_minute(Call.READ) for hour in (*hours, sharing)),
    )


if __name__ == "__main__":
    json.dump(asdict(measure()), sys.stdout)
