"""What tonight would do if a cohort had other places, another window, or no reserved places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from automation.core.enrolment.queues import kept_for_group
from automation.core.explain import after_plan
from automation.core.model import HOLDING, Status, phrase
from automation.core.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from automation.core.model import Cohort, Enrolment, Number, Phrase, Seats
    from automation.core.plan import Plan
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot


class Scenario(Struct, frozen=True, kw_only=True):
    """What would be otherwise.

    Attributes:
        cohort: Its code, as the sheet writes it.
        places: None for those that it has.
        window: How long an offer would hold; None for as long as it does.
        release: Whether its reserved places would be open to everybody.
    """

    cohort: str
    places: int | None = None
    window: timedelta | None = None
    release: bool = False


class Difference(Struct, frozen=True, kw_only=True):
    """Somebody whose state after tonight would be another.

    Attributes:
        plain: The row as tonight would leave it; None where it would not be there.
        changed: The row as tonight would leave it in the scenario.
    """

    number: Number
    plain: Enrolment | None
    changed: Enrolment | None


class Simulation(Struct, frozen=True, kw_only=True):
    """What a scenario would change of tonight.

    Attributes:
        cohort: As it is.
        changed: As it would be.
        plain_seats: Its figures after tonight, as it is.
        changed_seats: Its figures after tonight, as it would be.
        differences: Whose state would be another, in whichever cohort; down the queues, then by
            number.
        advanced: How many who wait either way would have a better rank.
        set_back: How many would have a worse one.
        sentences: What to say of it.
    """

    cohort: Cohort
    changed: Cohort
    plain_seats: Seats
    changed_seats: Seats
    differences: tuple[Difference, ...]
    advanced: int
    set_back: int
    sentences: tuple[Phrase, ...]


def simulate(snapshot: Snapshot, rules: Rules, now: datetime, scenario: Scenario) -> Simulation:
    """Compare tonight's plan with the one that a scenario would make; nothing is written.

    Raises `KeyError` for a cohort that the snapshot lacks, and what `make_plan` raises.
    """
    cohort = {cohort.code: cohort for cohort in snapshot.cohorts}[scenario.cohort]
    changed = _change(cohort, scenario)
    supposed = replace(
        snapshot, cohorts=tuple(changed if c is cohort else c for c in snapshot.cohorts)
    )
    plans = make_plan(snapshot, rules, now), make_plan(supposed, rules, now)
    plain, other = after_plan(snapshot, plans[0]), after_plan(supposed, plans[1])
    ranks = [
        (enrolment.rank, other[number].rank)
        for number, enrolment in plain.items()
        if number in other
    ]
    moved = [was - rank for was, rank in ranks if was and rank]
    simulation = Simulation(
        cohort=cohort,
        changed=changed,
        plain_seats=_seats(plans[0], cohort),
        changed_seats=_seats(plans[1], cohort),
        differences=tuple(_find_differences(plain, other)),
        advanced=sum(places > 0 for places in moved),
        set_back=sum(places < 0 for places in moved),
        sentences=(),
    )
    sentences = _tell(simulation, scenario, now, plain.values(), other)
    return replace(simulation, sentences=tuple(sentences))


def _change(cohort: Cohort, scenario: Scenario) -> Cohort:
    return replace(
        cohort,
        places=cohort.places if scenario.places is None else scenario.places,
        window=cohort.window if scenario.window is None else scenario.window,
        reserved=0 if scenario.release else cohort.reserved,
    )


def _seats(plan: Plan, cohort: Cohort) -> Seats:
    return dict(plan.seats)[cohort.code]


def _find_differences(
    plain: dict[Number, Enrolment], other: dict[Number, Enrolment]
) -> list[Difference]:
    found = [
        Difference(number=number, plain=plain.get(number), changed=other.get(number))
        for number in plain.keys() | other.keys()
        if _state(plain.get(number)) != _state(other.get(number))
    ]
    return sorted(found, key=_queue_place)


def _state(enrolment: Enrolment | None) -> tuple[object, ...]:
    return (enrolment.status, enrolment.hold, enrolment.cohort) if enrolment else ()


def _queue_place(difference: Difference) -> tuple[bool, str, int, Number]:
    """Sort key: those who wait tonight in the order of their ranks, then the others."""
    plain = difference.plain
    rank = plain.rank if plain else None
    return rank is None, plain.cohort if plain else "", rank or 0, difference.number


def _tell(
    simulation: Simulation,
    scenario: Scenario,
    now: datetime,
    plain: Iterable[Enrolment],
    other: dict[Number, Enrolment],
) -> Iterator[Phrase]:
    """Say what would be otherwise, and what would not."""
    yield from _tell_change(simulation, scenario, now)
    free = simulation.changed_seats.free
    if free is not None and free < 0:
        yield phrase("simulate.over", seats=-free)
    if scenario.window is not None:
        yield from _tell_deadlines(simulation, plain, other)
    gains = sum(_holds(d.changed) - _holds(d.plain) for d in simulation.differences)
    if gains:
        yield phrase(f"simulate.{'more' if gains > 0 else 'fewer'}", count=abs(gains))
    if simulation.advanced or simulation.set_back:
        up, down = simulation.advanced, simulation.set_back
        yield phrase("simulate.ranks", up=up, down=down)
    if not (simulation.differences or simulation.advanced or simulation.set_back):
        yield phrase("simulate.same")


def _tell_change(simulation: Simulation, scenario: Scenario, now: datetime) -> Iterator[Phrase]:
    cohort, changed = simulation.cohort, simulation.changed
    if scenario.places is not None:
        before = "?" if cohort.places is None else cohort.places
        yield phrase("simulate.places", before=before, after=scenario.places)
    if scenario.window is not None:
        yield phrase("simulate.window", before=_hours(cohort.window), after=_hours(changed.window))
    kept = kept_for_group(cohort, now)
    if scenario.release and kept:
        yield phrase("simulate.released", seats=kept, group=cohort.reserved_for)
    elif scenario.release:
        yield phrase("simulate.none_reserved")


def _tell_deadlines(
    simulation: Simulation, plain: Iterable[Enrolment], other: dict[Number, Enrolment]
) -> Iterator[Phrase]:
    """Say what becomes of the offers that are under way."""
    offered = [
        e for e in plain if e.status is Status.OFFERED and e.cohort == simulation.cohort.code
    ]
    running = [e for e in offered if e.deadline is not None and e.number in other]
    moved = sum(other[e.number].deadline != e.deadline for e in running)
    if moved:
        yield phrase("simulate.deadlines", count=moved)
    if len(running) > moved:
        yield phrase("simulate.kept_deadlines", count=len(running) - moved)
    if len(offered) > len(running):
        yield phrase("simulate.to_come", count=len(offered) - len(running))


def _holds(enrolment: Enrolment | None) -> bool:
    return enrolment is not None and enrolment.status in HOLDING


def _hours(window: timedelta) -> str:
    return f"{window.total_seconds() / 3600:g}"
