"""How well and how fast it is recognised who is the same person, on synthetic registrations.

Each size runs in a process of its own, so that one's memory is not another's.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import asdict

from automation.collector import collector_paused
from automation.core.identity import (
    Person,
    email_key,
    match_registrations,
    suggest_pairs,
)
from tests.bench.people import make_registrations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.identity import Matches

BANDS = (95, 90, 85, 80)
_NEWCOMERS = 1000


class Figures(Struct):
    """What was measured of one size.

    Attributes:
        megabytes: Peak of the process beyond what the registrations take.
        precision: Of the pairs linked automatically, those of one person, 0 to 1.
        recall: Of the pairs of one person, those linked once the right suggestions are accepted.
        email_precision: What linking by e-mail alone would score: how dense the traps are.
        mixed: Clusters that mix people.
        bands: By lowest score: how many suggestions, and how many of them are right.
    """

    registrations: int
    seconds: float = 0.0
    megabytes: float = 0.0
    clusters: int = 0
    mixed: int = 0
    precision: float = 0.0
    automatic_recall: float = 0.0
    recall: float = 0.0
    email_precision: float = 0.0
    bands: dict[int, tuple[int, int]] = field(default_factory=dict)


def measure_matching(count: int, seed: int = 1) -> Figures:
    """Return the figures of matching so many registrations."""
    rows, truth = make_registrations(count, seed=seed)
    figures = Figures(registrations=count)
    gc.collect()
    before = _peak()
    start = time.process_time()
    matches = match_registrations(rows)
    figures.seconds = round(time.process_time() - start, 3)
    figures.megabytes = round(_peak() - before, 1)
    _judge(figures, matches, truth)
    by_email: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        if mailbox := email_key(row.email):
            by_email[mailbox].append(row.id)
    figures.email_precision = _precision(by_email.values(), truth)
    return figures


def _judge(figures: Figures, matches: Matches, truth: Sequence[int]) -> None:
    figures.clusters = len(matches.clusters)
    figures.mixed = sum(len({truth[i] for i in ids}) > 1 for ids in matches.clusters)
    figures.precision = _precision(matches.clusters, truth)
    right = [s for s in matches.suggestions if truth[s.a] == truth[s.b]]
    figures.automatic_recall = _recall(matches.clusters, truth)
    figures.recall = _recall([*matches.clusters, *((s.a, s.b) for s in right)], truth)
    for low, high in zip(BANDS, (101, *BANDS), strict=False):
        shown = [s for s in matches.suggestions if low <= s.score < high]
        figures.bands[low] = len(shown), sum(truth[s.a] == truth[s.b] for s in shown)


def _precision(clusters: Iterable[Iterable[int]], truth: Sequence[int]) -> float:
    linked = right = 0
    for ids in clusters:
        for a, b in combinations(ids, 2):
            linked += 1
            right += truth[a] == truth[b]
    return round(right / linked, 5) if linked else 1.0


def _recall(groups: Iterable[Iterable[int]], truth: Sequence[int]) -> float:
    """Return the share of the pairs of one person that these groups, joined, hold."""
    parents: dict[int, int] = {}

    def find(one: int) -> int:
        while (parent := parents.get(one, one)) != one:
            parents[one] = one = parents.get(parent, parent)
        return one

    for first, *others in map(list, groups):
        for other in others:
            parents[find(other)] = find(first)
    people: defaultdict[int, list[int]] = defaultdict(list)
    for number, person in enumerate(truth):
        people[person].append(number)
    pairs = [pair for numbers in people.values() for pair in combinations(numbers, 2)]
    return round(sum(find(a) == find(b) for a, b in pairs) / len(pairs), 5) if pairs else 1.0


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Night(Struct):
    """What newcomers cost, alone and among those who are known.

    Attributes:
        alone: Seconds for the newcomers by themselves.
        seconds: Seconds for the newcomers among all.
    """

    known: int
    newcomers: int = _NEWCOMERS
    alone: float = 0.0
    seconds: float = 0.0
    suggestions: int = 0


def measure_night(known: int, seed: int = 1) -> Night:
    """Return what it costs to look for 1,000 newcomers among so many."""
    rows, _ = make_registrations(known + _NEWCOMERS, seed=seed)
    people = [Person(*row) for row in rows]
    night = Night(known)
    newcomers = people[known:]
    for name, others in (("seconds", people[:known]), ("alone", [])):
        with collector_paused():  # as in a night
            start = time.process_time()
            found = suggest_pairs(newcomers, others)
            setattr(night, name, round(time.process_time() - start, 3))
        night.suggestions = max(night.suggestions, len(found))
    return night


if __name__ == "__main__":
    size, kind = int(sys.argv[1]), sys.argv[2]
    json.dump(
        asdict(measure_night(size) if kind == "night" else measure_matching(size)), sys.stdout
    )
