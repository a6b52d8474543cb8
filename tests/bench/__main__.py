"""`make bench`: figures of the main job, as tables. Machines differ: compare ratios.

`python -m tests.bench million` matches a million registrations too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

# How many responses, over how many cohorts.
_NIGHTS = ((100, 1), (10_000, 1), (100_000, 1), (100_000, 50))
_MATCHED = (1000, 10_000, 100_000)
_INSISTED = 10_000
_KNOWN = 100_000
_WRITTEN = 10_000
_HELP_RUNS = 9
_EMPTY_CLICK = "import click; click.command()(lambda: None)(['--help'])"


def main() -> None:
    """Measure every size and print the tables."""
    console = Console(width=110)
    nights = {night: _measure("nights", *map(str, night)) for night in _NIGHTS}
    console.print(_nights_table(nights))
    usual = nights[_INSISTED, 1]
    console.print(_insistent_line(_measure("nights", str(_INSISTED), "1", "one"), usual))
    matched = (*_MATCHED, 1_000_000) if "million" in sys.argv[1:] else _MATCHED
    console.print(_people_table([_measure("identity", str(size), "match") for size in matched]))
    console.print(_newcomers_line(_measure("identity", str(_KNOWN), "night")))
    console.print(_mail_line(_measure("mail", str(_WRITTEN))))
    console.print(_summary_line(_measure("summary", str(_KNOWN))))
    for line in _quota_lines(_measure("quotas")):
        console.print(line)
    console.print(_help_line())


def _measure(module: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _nights_table(nights: dict[tuple[int, int], dict[str, Any]]) -> Table:
    table = Table(
        title="A night over N responses (seconds · calls · peak MB)", title_justify="left"
    )
    table.add_column("step")
    for responses, cohorts in nights:
        over = f" over {cohorts} cohorts" if cohorts > 1 else ""
        table.add_column(f"{responses:,}{over}", justify="right")
    results = list(nights.values())
    for step in results[0]["seconds"]:
        cells = [
            f"{r['seconds'][step]:.3f} s · {r['calls'][step]} · {r['peak_mb'][step]:.0f} MB"
            for r in results
        ]
        table.add_row(step, *cells)
    ratios = [f"{r['json_ratio']:.1f} ×" for r in results]
    table.add_row("plan ÷ json.loads of the same answers", *ratios)
    return table


def _insistent_line(one: dict[str, Any], usual: dict[str, Any]) -> str:
    """Return what a night takes over as many answers of one person as of different ones."""
    seconds, others = (sum(figures["seconds"].values()) for figures in (one, usual))
    plan = one["seconds"]["plan"] / usual["seconds"]["plan"]
    return (
        f"{one['responses']:,} answers of one person within a minute: {seconds:.2f} s of processor "
        f"for all the steps, {seconds / others:.2f} × as many different people's "
        f"(the plan alone {plan:.2f} ×)"
    )


def _people_table(results: list[dict[str, Any]]) -> Table:
    table = Table(title="Who is the same person, over N registrations", title_justify="left")
    table.add_column("")
    for result in results:
        table.add_column(f"{result['registrations']:,}", justify="right")
    rows = {
        "seconds of processor": "{seconds:.2f} s",
        "peak beyond the registrations": "{megabytes:.0f} MB",
        "by e-mail alone: precision": "{email_precision:.3f}",
        "automatic: precision": "{precision:.4f}",
        "automatic: clusters that mix people": "{mixed} of {clusters}",
        "automatic: recall": "{automatic_recall:.3f}",
        "recall, the right suggestions accepted": "{recall:.3f}",
    }
    for label, words in rows.items():
        table.add_row(label, *(words.format(**result) for result in results))
    for band in results[0]["bands"]:
        cells = [_share(*result["bands"][band]) for result in results]
        table.add_row(f"suggestions of {band} or more, right", *cells)
    return table


def _share(shown: int, right: int) -> str:
    return f"{right / shown:.0%} of {shown}" if shown else "none"


def _newcomers_line(night: dict[str, Any]) -> str:
    return (
        f"{night['newcomers']:,} newcomers: {night['alone']:.3f} s of processor among themselves, "
        f"{night['seconds']:.3f} s among {night['known']:,} known ({night['suggestions']} pairs)"
    )


def _mail_line(figures: dict[str, Any]) -> str:
    ours, theirs, written = (
        figures[name] for name in ("a_second", "merged_a_second", "written_a_second")
    )
    return (
        f"{figures['messages']:,} messages with text, HTML and invitation: {ours:,} a second of "
        f"processor, {ours / theirs:.1f} × mailmerge without invitation "
        f"({ours / written:.1f} × where it writes them out too)"
    )


def _summary_line(figures: dict[str, Any]) -> str:
    return (
        f"The summary of {figures['enrolments']:,} enrolments: {figures['summary']:.3f} s of "
        f"processor; what partners may see, {figures['shared']:.3f} s; comments, "
        f"{figures['comments']:.3f} s; both tabs drawn and compared, {figures['drawn']:.3f} s"
    )


def _quota_lines(figures: dict[str, Any]) -> list[str]:
    quiet, busy = figures["calls"]["quiet"], figures["calls"]["busy"]
    told = [
        f"{name}: " + ", ".join(f"{count} {kind}" for kind, count in calls.items())
        for name, calls in (("quiet", quiet), ("busy", busy))
    ]
    return [
        f"Calls of a night (Sheets reads and writes, Gmail) · {' · '.join(told)}",
        (
            f"One worker carries in an hour, within Google's quotas: {figures['quiet']:,} quiet nights, "
            f"{figures['ordinary']:,} with one in ten busy, {figures['busy']:,} busy ones"
        ),
        (
            f"Five workers carry {figures['sharing']:,} under one account, {figures['apart']:,} under one "
            f"each; no minute of an account saw more than {figures['busiest']} reads"
        ),
    ]


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
