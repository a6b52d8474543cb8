"""`make chaos`: whole programmes in rough weather, seed by seed.

python -m tests.chaos --seeds 50        # seeds 1 to 50
python -m tests.chaos --seed 123        # one, with the trace of what happened
python -m tests.chaos --seed 7 --nights 6 --sweep    # its busiest night, with death at each step
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from tests.chaos.life import Report, live, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 1500
"""Characters of a failure that are shown beside the others."""


@click.command()
@click.option("--seeds", default=20, show_default=True, help="How many seeds.")
@click.option("--first", default=1, show_default=True, help="The first of them.")
@click.option("--seed", type=int, help="Only this one, with its trace.")
@click.option("--nights", default=60, show_default=True, help="Nights of each programme.")
@click.option("--lives", default=1, show_default=True, help="Rough lives of each programme.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--sweep", "sweeps", is_flag=True, help="The busiest night, with death at each step.")
@click.option(
    "--traces", type=click.Path(path_type=Path), help="Folder for the traces of failures."
)
def main(  # noqa: PLR0917 - the options
    seeds: int,
    first: int,
    seed: int | None,
    nights: int,
    lives: int,
    jobs: int,
    sweeps: bool,
    traces: Path | None,
) -> None:
    """Live through programmes in rough weather; exit 1 where something does not hold."""
    console, began = Console(highlight=False), time.monotonic()
    again = partial(sweep, nights=nights) if sweeps else partial(live, nights=nights, lives=lives)
    if seed is not None:
        report = again(seed)
        console.print("\n".join(report.trace), markup=False, soft_wrap=True)
        reports = [report]
    else:
        reports = _live_all(range(first, first + seeds), again, jobs, console, traces)
    failed = sorted(report.seed for report in reports if report.failure)
    survived: Counter[str] = Counter()
    for report in reports:
        survived.update(report.survived)
    for what, count in survived.most_common():
        console.print(f"{count:8,}  {what}", markup=False)
    nights_lived = sum(report.nights for report in reports)
    messages = sum(report.messages for report in reports)
    console.print(
        f"{len(reports)} seeds, {nights_lived:,} nights, {messages:,} messages, "
        f"{survived.total():,} faults survived, {len(failed)} failed"
        + (f" ({', '.join(map(str, failed))})" if failed else "")
        + f", {time.monotonic() - began:.0f} s"
    )
    sys.exit(1 if failed else 0)


def _live_all(
    seeds: range,
    again: Callable[[int], Report],
    jobs: int,
    console: Console,
    traces: Path | None,
) -> list[Report]:
    reports = []
    with (
        Progress(console=console, transient=True) as progress,
        ProcessPoolExecutor(jobs) as pool,
    ):
        task = progress.add_task("seeds", total=len(seeds))
        running = [pool.submit(again, seed) for seed in seeds]
        for done in as_completed(running):
            report = done.result()
            reports.append(report)
            progress.advance(task)
            if report.failure:
                told = report.failure[:_LONGEST]
                console.print(f"seed {report.seed}: {told}", markup=False, soft_wrap=True)
                console.print(f"  again: make chaos SEED={report.seed}", markup=False)
                if traces is not None:
                    traces.mkdir(exist_ok=True)
                    text = "\n".join(report.trace)
                    (traces / f"{report.seed}.txt").write_text(text, "utf-8")
            report.trace.clear()
    return reports


if __name__ == "__main__":
    main()
