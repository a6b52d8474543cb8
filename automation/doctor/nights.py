"""Whether nights pass, and whether somebody would learn that one did not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from automation.core.model import phrase
from automation.doctor.finding import failure, skipped, warning, well

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.core.model import Phrase
    from automation.doctor.facts import Facts
    from automation.doctor.finding import Finding

_A_NIGHT: Final = timedelta(hours=26)
"""A day, and what a scheduler may be late by."""
_UNITS: Final = {
    "years": timedelta(days=365),
    "months": timedelta(days=30),
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
}
_TOO_LONG: Final = timedelta(hours=74)


def check_last_night(facts: Facts) -> Iterator[Finding]:
    """Whether somebody, or something, brought the workbook up to date lately."""
    snapshot = facts.snapshot
    if snapshot is None:
        yield skipped("not_seen")
    elif snapshot.last_night is None:
        yield warning("never")
    else:
        age = facts.now - snapshot.last_night
        at = f"{snapshot.last_night.astimezone(snapshot.zone):%Y-%m-%d %H:%M}"
        if age <= _A_NIGHT:
            yield well("last_night", at=at)
        else:
            tell = failure if age > _TOO_LONG else warning
            yield tell("late", at=at, since=_tell_age(age))


def _tell_age(age: timedelta) -> Phrase:
    """Return how long ago, in the largest unit of which there are two."""
    counts = {unit: age // length for unit, length in _UNITS.items()}
    unit = next((unit for unit, count in counts.items() if count > 1), "hours")
    return phrase(f"doctor.since_{unit}", count=counts[unit])


def check_schedule(facts: Facts) -> Iterator[Finding]:
    """Whether something lets nights pass by itself: a run of `nightly` in the last 26 hours."""
    if facts.snapshot is None:
        yield skipped("not_seen")
        return
    recent = [night for night in facts.nights if facts.now - night <= _A_NIGHT]
    if recent:
        yield well("schedule", count=len(facts.nights))
    elif facts.nights:
        yield warning("schedule_stopped")
    else:
        yield warning("schedule_absent")


def check_alerts(facts: Facts) -> Iterator[Finding]:
    """Whether somebody learns that a night failed, or did not take place."""
    alerts = facts.config.alerts
    if alerts.heartbeat is None and alerts.maintainer is None:
        yield warning("alerts_absent")
    elif alerts.heartbeat is None:
        yield warning("heartbeat_absent")
    else:
        yield well("alerts")
