"""The busiest nights of a seed once more, with all that may happen at each of their steps in turn."""

from __future__ import annotations

import random
from contextlib import contextmanager
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest import mock

from msgspec import Struct
from msgspec.structs import replace

from automation.local import Fault
from automation.posting import open_post_office
from tests.chaos.claims import check_same, check_same_mail
from tests.chaos.letterbox import Mishap
from tests.chaos.life import (
    Letters,
    Report,
    begin,
    do_acts,
    live_calmly,
    new_folder,
    pass_night,
)
from tests.chaos.town import Town, draw_scenario
from tests.chaos.weather import READS, Attempt, Event, draw_deed, run_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.life import Day
    from tests.chaos.site import Site
    from tests.chaos.town import Scenario
    from tests.chaos.weather import Happening, Outcome

_SMALL = 6_000
"""Bytes of a batch: many small ones are as many places to be stopped half-way."""


class Place(Struct, frozen=True, kw_only=True):
    """A step of a night, counted from 1, and what happens there."""

    day: int
    step: int
    event: Happening

    def __str__(self) -> str:
        return f"{self.day}/{self.step}/{self.event.name}"


def sweep(
    seed: int, nights: int = 6, busiest: int = 1, at: str = "", *, sparse: bool = False
) -> Report:
    """Live through a seed calmly, then through its busiest nights again for each of their places.

    Args:
        busiest: How many of them.
        at: Only there, whichever night that is: a pattern of `NIGHT/STEP/WHAT`, such as `4/*/CUT`.
        sparse: Only one thing at each step, another one at the next.
    """
    report = Report(seed)
    scenario = draw_scenario(seed, nights)
    with report.noting(), new_folder() as folder, Letters().in_place():
        site = begin(scenario, folder)
        with site.in_place():
            days = live_calmly(site, scenario, report, eves=folder)
        days = sorted((d for d in days if not d.during), key=lambda day: -day.steps)
        with mock.patch("automation.workbook.writer.PAYLOAD_LIMIT", _SMALL):
            for day in days if at else days[:busiest]:
                if fnmatchcase(str(day.index), (at or "*").split("/")[0]):
                    _sweep_night(day, scenario, at, report, sparse=sparse)
    return report


def _sweep_night(day: Day, scenario: Scenario, at: str, report: Report, *, sparse: bool) -> None:
    walk, typed = _rehearse(day, scenario)
    for place in list_places(day.index, walk, sparse=sparse):
        if not fnmatchcase(str(place), at or "*"):
            continue
        told = len(report.trace)
        report.trace.append(f"--- {place}")
        report.places += 1
        with report.noting(str(place)):
            _try(place, typed if place.event is Event.TYPING else day, scenario, report)
            if not at:
                del report.trace[told:]


def list_places(day: int, walk: Outcome, *, sparse: bool = False) -> Iterator[Place]:
    """Yield what may happen at each step of a night that took this walk."""
    turn = count()
    for step in range(1, walk.steps + 1):
        possible: list[Happening] = [event for event in Event if event is not Event.NOTHING]
        if step <= READS:  # what is typed before it was read is any day's work
            possible.remove(Event.TYPING)
        possible += list(Mishap if step in walk.outward else Fault)
        for event in (possible[next(turn) % len(possible)],) if sparse else possible:
            yield Place(day=day, step=step, event=event)


def _rehearse(day: Day, scenario: Scenario) -> tuple[Outcome, Day]:
    """Let a night pass in small batches, and somebody type after it.

    Return the run, and the day as it ends where somebody typed.
    """
    with _night(day, scenario) as site:
        town = Town(scenario)
        during = tuple(town.interrupt(day.index, site.snapshot()))
        walk = run_once(site, Attempt(), "walk")
        do_acts(site, during, Report(scenario.seed))
        state = site.tell_state(site.look())
        typed = replace(day, during=during, state=state, left=tuple(site.left()))
    return walk, typed


@contextmanager
def _night(day: Day, scenario: Scenario) -> Iterator[Site]:
    """Give the programme as it was before a night, for as long as it is needed."""
    assert day.eve is not None
    with TemporaryDirectory(dir=day.eve.path.parent) as folder:
        site = day.eve.forked(Path(folder, "night.db"))
        site.clock.at = scenario.night(day.index)
        with site.in_place():
            yield site


def _try(place: Place, day: Day, scenario: Scenario, report: Report) -> None:
    dice = random.Random(str(place))
    # Of all that organisers do, sorting the register moves the most.
    mess = draw_deed(dice, "enrolments", "sort"), draw_deed(dice)
    deeds = mess if place.event is Event.ORGANISER else day.during
    attempt = Attempt(event=place.event, step=place.step, deeds=deeds, seed=str(place))
    with _night(day, scenario) as site:
        sight = pass_night(site, [attempt], day, open_post_office(site.config).rules, report)
        at_work = place.event is Event.ORGANISER
        check_same(day.state, site.tell_state(sight), at_work=at_work)
        check_same_mail(day.left, site.left())
    report.nights += 1
