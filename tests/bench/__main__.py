"""`make bench`: figures of the main job, as tables. Machines differ: compare ratios."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

_SIZES = (100, 10_000, 100_000)
_HELP_RUNS = 9
_EMPTY_CLICK = "import click; click.command()(lambda: None)(['--help'])"


def main() -> None:
    """Measure every size and print the tables."""
    console = Console(width=110)
    console.print(_nights_table([_measure(size) for size in _SIZES]))
    console.print(_help_line())


def _measure(size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.nights", str(size), "1"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _nights_table(results: list[dict[str, Any]]) -> Table:
    table = Table(
        title="A night over N responses (seconds · calls · peak MB)", title_justify="left"
    )
    table.add_column("step")
    for result in results:
        table.add_column(f"{result['responses']:,}", justify="right")
    for step in results[0]["seconds"]:
        cells = [
            f"{r['seconds'][step]:.3f} s · {r['calls'][step]} · {r['peak_mb'][step]:.0f} MB"
            for r in results
        ]
        table.add_row(step, *cells)
    ratios = [f"{r['json_ratio']:.1f} ×" for r in results]
    table.add_row("plan ÷ json.loads of the same answers", *ratios)
    return table


def _help_line() -> str:
    ours = [sys.executable, "-m", "automation", "--help"]
    empty = [sys.executable, "-c", _EMPTY_CLICK]
    pairs = [(_time(ours), _time(empty)) for _ in range(_HELP_RUNS)]
    ratio = statistics.median(a / b for a, b in pairs)
    seconds = statistics.median(a for a, _ in pairs)
    return f"cohorte --help: {seconds:.3f} s, {ratio:.2f} × an empty click program"


def _time(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
