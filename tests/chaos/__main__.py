"""`make chaos`: whole programmes in rough weather, seed by seed.

python -m tests.chaos --seeds 50        # seeds 1 to 50
python -m tests.chaos --seed 123        # one, with the trace of what happened
python -m tests.chaos --seed 7 --sweep 1    # its busiest night, with all that may happen at each step
python -m tests.chaos --seed 7 --sweep 1 --at 4/17/CUT    # one place of it, with its trace
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from rich.console import Console
from rich.progress import Progress

from tests.chaos.life import Report, live
from tests.chaos.sweep import sweep
from tests.chaos.weather import kind_of

if TYPE_CHECKING:
    from tests.chaos.life import Failure

_LONGEST = 1500
"""Characters of a failure that are shown beside the others."""


class Journey(Struct, frozen=True, kw_only=True):
    """What each seed goes through; see the command's options."""

    nights: int | None
    lives: int
    sweep: int
    at: str

    def __call__(self, seed: int) -> Report:
        if self.sweep:
            return sweep(seed, self.nights or 6, self.sweep, self.at)
        return live(seed, self.nights or 60, self.lives)

    def tell_again(self, seed: int, failure: Failure) -> str:
        """Return the command that lives through a failure again."""
        told = ["make chaos", f"SEED={seed}"]
        told += [f"NIGHTS={self.nights}"] * bool(self.nights)
        told += [f"LIVES={self.lives}"] * (self.lives > 1)
        told += [f"SWEEP={self.sweep}"] * bool(self.sweep)
        told += [f"AT={failure.at}"] * bool(failure.at)
        return " ".join(told)


@click.command()
@click.option("--seeds", default=20, show_default=True, help="How many seeds.")
@click.option("--first", default=1, show_default=True, help="The first of them.")
@click.option("--seed", type=int, help="Only this one, with its trace.")
@click.option("--nights", type=int, help="Nights of each programme: 60, or 6 where it is swept.")
@click.option("--lives", default=1, show_default=True, help="Rough lives of each programme.")
@click.option(
    "--sweep",
    default=0,
    help="How many of the busiest nights, with all that may happen at each step.",
)
@click.option("--at", default="", help="Only there in the sweep: NIGHT/STEP/WHAT, such as 4/*/CUT.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option(
    "--traces", type=click.Path(path_type=Path), help="Folder for the traces of failures."
)
def main(  # noqa: PLR0917 - the options
    seeds: int,
    first: int,
    seed: int | None,
    nights: int | None,
    lives: int,
    sweep: int,
    at: str,
    jobs: int,
    traces: Path | None,
) -> None:
    """Live through programmes in rough weather; exit 1 where something does not hold."""
    console, began = Console(highlight=False), time.monotonic()
    journey = Journey(nights=nights, lives=lives, sweep=sweep, at=at)
    if seed is not None:
        reports = [journey(seed)]
        console.print("\n".join(reports[0].trace), markup=False, soft_wrap=True)
        _show_failures(reports[0], journey, console)
    else:
        reports = _live_all(range(first, first + seeds), journey, jobs, console, traces)
    survived = sum((report.survived for report in reports), Counter())
    for what, count in survived.most_common():
        console.print(f"{count:8,}  {what}", markup=False)
    console.print(f"{_sum_up(reports, survived)}, {time.monotonic() - began:.0f} s", soft_wrap=True)
    sys.exit(1 if any(report.failures for report in reports) else 0)


def _live_all(
    seeds: range, journey: Journey, jobs: int, console: Console, traces: Path | None
) -> list[Report]:
    reports = []
    with (
        Progress(console=console, transient=True) as progress,
        ProcessPoolExecutor(jobs) as pool,
    ):
        task = progress.add_task("seeds", total=len(seeds))
        running = [pool.submit(journey, seed) for seed in seeds]
        for done in as_completed(running):
            report = done.result()
            reports.append(report)
            progress.advance(task)
            _show_failures(report, journey, console)
            if report.failures and traces is not None:
                traces.mkdir(exist_ok=True)
                (traces / f"{report.seed}.txt").write_text("\n".join(report.trace), "utf-8")
            report.trace.clear()
    return reports


def _show_failures(report: Report, journey: Journey, console: Console) -> None:
    for failure in report.failures:
        told = f"seed {report.seed}: {failure.told[:_LONGEST]}"
        console.print(told, markup=False, soft_wrap=True)
        again = journey.tell_again(report.seed, failure)
        console.print(f"  again: {again}", markup=False, soft_wrap=True)


def _sum_up(reports: list[Report], survived: Counter[str]) -> str:
    """Return how much was lived through, and what was survived by kind."""
    kinds: Counter[str] = Counter()
    for what, count in survived.items():
        kinds[kind_of(what)] += count
    failed = sorted(report.seed for report in reports if report.failures)
    nights = sum(report.nights for report in reports)
    places = sum(report.places for report in reports)
    messages = sum(report.messages for report in reports)
    told = [f"{len(reports)} seeds", f"{nights:,} nights", f"{messages:,} messages"]
    told += [f"{places:,} places swept"] * bool(places)
    told += [f"{count:,} {kind}" for kind, count in kinds.most_common()]
    told.append(f"{len(failed)} failed" + (f" ({', '.join(map(str, failed))})" if failed else ""))
    return ", ".join(told)


if __name__ == "__main__":
    main()
