"""person show: one person on one screen, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from automation import locale
from automation.cli.render import STATUS_STYLES
from automation.core.moments import tell_day
from automation.core.summary.needs import CHOICES_BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from automation.core.dossier import Dossier
    from automation.core.model import Enrolment
    from automation.core.rules import Rules

_CONTACT = ("email", "phone", "municipality")


def dossier_view(
    dossier: Dossier, rules: Rules, zone: ZoneInfo, language: str
) -> Iterator[RenderableType]:
    """Yield what is known of a person, part by part."""
    latest = dossier.latest
    title = locale.text(language, "dossier.title", number=dossier.person)
    name = latest.name or locale.text(language, "mailing.erased")
    yield Text(f"{name} · {title}", style="bold")
    facts = _facts(latest, rules, language)
    if facts.row_count:
        yield Padding(facts, (0, 0, 0, 2))
    yield _head(language, "enrolments")
    yield Padding(_enrolments(dossier, zone, language), (0, 0, 0, 2))
    if dossier.presences:
        yield _head(language, "presences")
        yield Padding(_presences(dossier, language), (0, 0, 0, 2))
    if dossier.pairs:
        yield _head(language, "pairs")
        for row in dossier.pairs:
            verdict = locale.text(language, f"verdict.{row.verdict}") if row.verdict else "?"
            numbers = " · ".join(_number(one, language) for one in row.key)
            told = f"{row.reason} ({row.score}) – {verdict}"
            line = locale.text(language, "said.of", what=numbers, told=told)
            yield Padding(Text(line), (0, 0, 0, 2))


def _number(number: int | None, language: str) -> str:
    return locale.text(language, "said.number", number=number)


def _head(language: str, section: str) -> Text:
    words = locale.text(language, f"dossier.head.{section}")
    return Text(f"\n{words}", style="bold cyan")


def _facts(latest: Enrolment, rules: Rules, language: str) -> Table:
    """Return how to reach somebody, and what their answer says."""
    grid = Table.grid(padding=(0, 2))
    told = [(locale.text(language, f"field.{key}"), getattr(latest, key)) for key in _CONTACT]
    for field, cell in zip(rules.fields.extra, latest.extra, strict=False):
        # Each box that was ticked on a line of its own.
        told.append((field.label, cell.replace(CHOICES_BETWEEN, "\n") if field.options else cell))
    for label, cell in told:
        if cell:
            grid.add_row(Text(label, style="bright_black"), escape(cell))
    return grid


def _enrolments(dossier: Dossier, zone: ZoneInfo, language: str) -> Table:
    """Return each enrolment, with why it stands so below its status."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(locale.text(language, "column.number"), justify="right")
    for code in ("cohort", "registered", "status"):
        table.add_column(locale.text(language, f"column.{code}"), no_wrap=code == "registered")
    for one in dossier.enrolments:
        at = f"{one.registered_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.registered_at else ""
        told = Text(
            locale.text(language, f"status.{one.status}"), STATUS_STYLES.get(one.status, "")
        )
        if one.rank is not None:
            told.append(f" ({one.rank})")
        for words in filter(None, (one.reason, one.alerts)):
            told.append(f"\n{words}", "default")
        table.add_row(str(one.number), escape(one.cohort), at, told)
    return table


def _presences(dossier: Dossier, language: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for meeting, presence in dossier.presences:
        day = tell_day(meeting.day, language) if meeting.day else ""
        said = locale.text(language, f"presence.{presence}")
        table.add_row(_number(meeting.number, language), day, escape(meeting.theme), said)
    return table


def dossier_json(dossier: Dossier, rules: Rules, zone: ZoneInfo) -> dict[str, Any]:
    """Return what is known of a person, for a script."""
    latest = dossier.latest
    keys = (field.key for field in rules.fields.extra)
    return {
        "person": dossier.person,
        "name": latest.name,
        **{key: getattr(latest, key) or None for key in _CONTACT},
        **dict(zip(keys, latest.extra, strict=False)),
        "enrolments": [_enrolment_json(one, zone) for one in dossier.enrolments],
        "presences": [
            {
                "meeting": meeting.number,
                "cohort": meeting.cohort,
                "date": meeting.day.isoformat() if meeting.day else None,
                "presence": presence.value,
            }
            for meeting, presence in dossier.presences
        ],
        "pairs": [
            {
                "a": row.a,
                "b": row.b,
                "score": row.score,
                "reason": row.reason,
                "verdict": row.verdict.value if row.verdict else None,
            }
            for row in dossier.pairs
        ],
    }


def _enrolment_json(one: Enrolment, zone: ZoneInfo) -> dict[str, Any]:
    at = one.registered_at
    return {
        "number": one.number,
        "cohort": one.cohort,
        "status": one.status.value,
        "registered_at": at.astimezone(zone).isoformat() if at else None,
        "rank": one.rank,
        "reason": one.reason,
        "alerts": one.alerts,
        "merged_into": one.merged_into,
    }
