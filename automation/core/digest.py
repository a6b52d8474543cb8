"""The committee's digest: what tonight changed, and what waits for them; numbers, never names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation import locale
from automation.core.awaited import awaits_call
from automation.core.ledger import MailState
from automation.core.letters import Section
from automation.core.model import MOVES, Enrolment, HandledState, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Event, Meeting, Number, Pairing, PairKey
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot

_MONDAY = 0
_NEWS = {
    "confirmed": frozenset({Status.CONFIRMED}),
    "offered": frozenset({Status.OFFERED}),
    "waiting": frozenset({Status.WAITING}),
    "ended": frozenset({Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED, Status.REMOVED}),
}


def list_news(
    snapshot: Snapshot,
    enrolments: Mapping[Number, Enrolment],
    events: Mapping[Number, Sequence[Event]],
    rules: Rules,
    now: datetime,
) -> Iterator[Section]:
    """Yield what changed today, by the state that people are in now.

    A run of today that died half-way may have written what it decided, and not the digest of it.
    """
    today = now.astimezone(snapshot.zone).date()
    moved = {n for n, told in events.items() if any(e.kind in MOVES for e in told)}
    moved |= {
        number
        for number, entry in snapshot.journal.items()
        if number in enrolments
        and entry.moved_at is not None
        and entry.moved_at.astimezone(snapshot.zone).date() == today
    }
    for code, statuses in _NEWS.items():
        found = [enrolments[n] for n in sorted(moved) if enrolments[n].status in statuses]
        yield from _section(f"digest.{code}", (_line(e, rules) for e in found), rules)


def list_waiting(
    snapshot: Snapshot,
    enrolments: Mapping[Number, Enrolment],
    pairings: Mapping[PairKey, Pairing],
    uncalled: Iterable[Meeting],
    rules: Rules,
) -> Iterator[Section]:
    """Yield what waits for the committee."""
    everyone = sorted(enrolments.values(), key=lambda e: e.number)
    review = (e for e in everyone if e.status is Status.TO_REVIEW and e.hold is None)
    yield from _section("digest.review", (_line(e, rules) for e in review), rules)
    open_pairs = (key for key, pair in sorted(pairings.items()) if not pair.verdict)
    pairs = (" · ".join(_number(one, rules) for one in key) for key in open_pairs)
    yield from _section("digest.pairs", pairs, rules)
    calls = (e for e in everyone if awaits_call(e, rules))
    yield from _section("digest.phone", (_line(e, rules) for e in calls), rules)
    yield from _section("digest.uncalled", (_number(m.number, rules) for m in uncalled), rules)
    erased = [h.number for h in snapshot.handled.values() if h.state is HandledState.ERASED]
    yield from _section("digest.erasures", (_number(one, rules) for one in sorted(erased)), rules)
    lost = [m for m in snapshot.mailings.values() if m.state is MailState.UNKNOWN]
    yield from _section("digest.unknown", sorted(m.reference for m in lost), rules)


def list_unapproved(count: int, rules: Rules) -> Iterator[Section]:
    """Yield how many messages wait for the committee's approval."""
    if count:
        yield Section(title=locale.text(rules.language, "digest.approve"), count=count)


def _number(number: int | None, rules: Rules) -> str:
    return locale.text(rules.language, "said.number", number=number)


def _line(enrolment: Enrolment, rules: Rules) -> str:
    return f"{_number(enrolment.number, rules)} · {enrolment.cohort or '–'}"


def _section(code: str, lines: Iterable[str], rules: Rules) -> Iterator[Section]:
    told = tuple(lines)
    if told:
        yield Section(title=locale.text(rules.language, code), count=len(told), lines=told)


def is_worth_reading(news: Sequence[Section], waiting: Sequence[Section], wall: datetime) -> bool:
    """Tell whether the committee should get a digest: for news; on Mondays, for what still waits.

    Args:
        wall: The night, on the clock of the spreadsheet's zone.
    """
    return bool(news) or (bool(waiting) and wall.weekday() == _MONDAY)
