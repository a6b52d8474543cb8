"""One line of JSON for each night, for machines that gather logs; nothing personal in it.

`severity` and `message` are what Google Cloud's logging looks for:
https://cloud.google.com/logging/docs/structured-logging
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from automation.bugs import trace_bug
from automation.core.ledger import MailState
from automation.core.text import hide_addresses
from automation.google.pacing import Call
from automation.telling import error_lines, night_line, worries

if TYPE_CHECKING:
    from datetime import datetime

    from automation.errors import CohorteError
    from automation.google.pacing import Meter
    from automation.night import Night
    from automation.trace import Trace

_NOTABLE: Final = 30
_PLACES: Final = 3


def log_line(fields: dict[str, Any]) -> None:
    """Write a line to the standard error."""
    click.echo(json.dumps(fields, ensure_ascii=False), err=True)


def describe_night(  # noqa: PLR0913 - what is known of a night
    *,
    config: str,
    at: datetime,
    run_id: str,
    exit_code: int,
    trace: Trace,
    meter: Meter,
    took: float,
) -> dict[str, Any]:
    """Return what is told of a night, however it ended.

    Args:
        at: When it began, aware.
        took: Seconds, all in all.
    """
    seconds: dict[str, float] = {step.value: spent for step, spent in trace.seconds.items()}
    seconds |= {"held_back": meter.waited, "total": took}
    return {
        "event": "night",
        "severity": _grade(exit_code),
        "at": at.isoformat(timespec="seconds"),
        "config": config,
        "run": run_id,
        "exit_code": exit_code,
        "seconds": {name: round(spent, _PLACES) for name, spent in seconds.items()},
        "calls": {call.value: meter.calls[call] for call in Call},
    }


def _grade(exit_code: int) -> str:
    if exit_code == 0:
        return "INFO"
    return "WARNING" if exit_code == _NOTABLE else "ERROR"


def describe_result(night: Night, language: str) -> dict[str, Any]:
    """Return what a night did, and what somebody should look at; numbers only."""
    delivery = night.delivery
    states = (MailState.SENT, MailState.FAILED, MailState.HELD, MailState.UNKNOWN)
    return {
        "message": night_line(night, language),
        "transitions": sum(event.kind == "transition" for event in night.plan.events),
        "mail": {state.value: delivery.count(state) if delivery else 0 for state in states},
        "error": delivery.halted.code if delivery and delivery.halted else None,
        "notes": worries(night, language, quote=False),
    }


def describe_failure(error: CohorteError, language: str) -> dict[str, Any]:
    """Return what stopped a night, and what to do."""
    what, remedy = error_lines(error, language)
    return {
        "message": hide_addresses(what),
        "error": error.code,
        "remedy": hide_addresses(remedy.removeprefix("→ ")),
    }


def describe_bug(error: Exception) -> dict[str, Any]:
    """Return where a bug showed itself; what it says might quote somebody's answer."""
    where = [line.strip() for line in trace_bug(error)]
    return {"message": type(error).__name__, "error": "bug", "where": where}
