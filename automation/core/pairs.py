"""Doublons: the pairs that organisers are asked about, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from automation import locale
from automation.core.model import PairRow
from automation.core.text import clip

if TYPE_CHECKING:
    from automation.core.enrolment import Decided
    from automation.core.model import Enrolment, Number, PairEvent, Pairing
    from automation.core.rules import Language
    from automation.core.snapshot import Snapshot


_LONGEST = 200
"""Characters of a name or an address that help to recognise somebody."""


class PairChange(Struct, frozen=True, kw_only=True):
    """What happens to one row of Doublons, and what the journal is told of the pair.

    Attributes:
        before: The row as it stands; None for one to add.
        unit: The enrolment whose change it goes with.
    """

    before: PairRow | None
    after: PairRow
    events: tuple[PairEvent, ...]
    unit: Number


def list_pairs(snapshot: Snapshot, decided: Decided, language: Language) -> tuple[PairChange, ...]:
    """Return the rows of Doublons that differ from what they should show, by pair."""
    before = {row.key: row for row in snapshot.pair_rows}
    frozen = snapshot.frozen_pairs
    changes: list[PairChange] = []
    for key, pairing in sorted(decided.pairings.items()):
        row = before.get(key)
        after = None if key in frozen else _show_pair(decided, pairing, row, language)
        events = tuple(decided.pair_events.get(key, ()))
        if after is not None and (events or after != row):
            unit = decided.bonds.get(pairing.b, pairing.b)
            changes.append(PairChange(before=row, after=after, events=events, unit=unit))
    return tuple(changes)


def _show_pair(
    decided: Decided, pairing: Pairing, row: PairRow | None, language: Language
) -> PairRow | None:
    """Return the row that shows a pair; None where one of the two is not there to be shown."""
    a, b = (decided.enrolments.get(number) for number in pairing.key)
    if a is None or b is None:
        return None
    return PairRow(
        a=pairing.a,
        b=pairing.b,
        name_a=clip(a.name, _LONGEST),
        name_b=clip(b.name, _LONGEST),
        contact_a=_contact(a),
        contact_b=_contact(b),
        where_a=_where(a, language),
        where_b=_where(b, language),
        score=pairing.score,
        reason=_why(pairing, row, language),
        settled=int(pairing.verdict is not None),
        verdict=row.verdict if row else None,
        verdict_seen=row.verdict if row else None,
    )


def _why(pairing: Pairing, row: PairRow | None, language: Language) -> str:
    """Return why two may be one person, with the verdict where it was not given in the tab."""
    if pairing.verdict is None or (row is not None and row.verdict is pairing.verdict):
        return pairing.reason
    verdict = locale.text(language, f"verdict.{pairing.verdict}")
    return f"{pairing.reason} – {verdict}"


def _contact(enrolment: Enrolment) -> str:
    told = (clip(text, _LONGEST) for text in (enrolment.email, enrolment.phone))
    return " · ".join(filter(None, told))


def _where(enrolment: Enrolment, language: Language) -> str:
    status = locale.text(language, f"status.{enrolment.status}")
    return " · ".join(filter(None, (enrolment.cohort, status)))
