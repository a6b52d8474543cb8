"""What organisers say of pairs, in Doublons or in "Fusionner avec n°", and what follows from it.

A verdict of "même personne" links, one of "personnes différentes" keeps apart. Verdicts that
contradict one another have no effect, and are reported.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation import locale
from automation.core.enrolment.joining import join, may_join
from automation.core.enrolment.register import Arrival
from automation.core.enrolment.splitting import find_side, split
from automation.core.identity import settle
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Hold,
    Number,
    Pairing,
    PairKey,
    PairRow,
    Status,
    Verdict,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from automation.core.enrolment.register import Register
    from automation.core.model import JournalEntry

_ASKED = 0  # a pair that an organiser names needs no likeness
# Whoever was turned away as well: a full list is no reason to register twice.
_IN_THE_WAY = LIVE | {Status.REMOVED, Status.NOT_ADMITTED}
_KINDS = {Verdict.SAME: "same", Verdict.DIFFERENT: "different", None: "reopened"}


def settle_pairs(
    register: Register,
    rows: Sequence[PairRow],
    histories: Mapping[Number, tuple[JournalEntry, ...]],
) -> tuple[PairKey, ...]:
    """Act on tonight's verdicts, and return the pairs whose verdict contradicts the others."""
    reopened = _hear_verdicts(register, rows)
    _hear_mergers(register)
    links, walls, contradictions = sort_verdicts(register.pairings.values())
    said_same = [key for key, p in register.pairings.items() if p.verdict is Verdict.SAME]
    for key in (*sorted(reopened), *_apart(sorted(walls), said_same)):
        if _together(register, key) and find_side(key, said_same) is not None:
            split(register, key, said_same, histories)
    for key in sorted(links):
        if may_join(register, *key):
            join(register, *key)
    return contradictions


def _apart(walls: Iterable[PairKey], links: Collection[PairKey]) -> Iterator[PairKey]:
    """Yield who must not be held for one person: each pair, and all that either is linked to.

    Two who were certainly one person part too, where a verdict links one of them to somebody whom
    another verdict keeps apart from the other.
    """
    for a, b in walls:
        for one in sorted(find_side((b, a), links) or ()):
            for other in sorted(find_side((a, b), links) or ()):
                yield one, other


def sort_verdicts(
    pairings: Iterable[Pairing],
) -> tuple[frozenset[PairKey], frozenset[PairKey], tuple[PairKey, ...]]:
    """Return the pairs to link, those to keep apart, and those whose verdicts exclude others.

    Among people whose verdicts contradict one another nobody is linked until that is settled.
    """
    told = {pairing.key: pairing.verdict for pairing in pairings if pairing.verdict is not None}
    settled = settle((a, b, told[a, b] is Verdict.SAME) for a, b in sorted(told))
    contradictions = tuple((c.a, c.b) for c in settled.contradictions)
    links = (key for key, verdict in told.items() if verdict is Verdict.SAME)
    walls = (key for key, verdict in told.items() if verdict is Verdict.DIFFERENT)
    return (
        frozenset(key for key in links if key[0] not in settled.disputed),
        frozenset(key for key in walls if key not in contradictions),
        contradictions,
    )


def _hear_verdicts(register: Register, rows: Sequence[PairRow]) -> list[PairKey]:
    """Note each new verdict; return the pairs that are open again after "même personne"."""
    reopened: list[PairKey] = []
    for row in sorted(rows, key=lambda row: row.key):
        pairing = register.pairings.get(row.key)
        if row.verdict is row.verdict_seen or row.torn or pairing is None:
            continue
        if pairing.verdict is Verdict.SAME and row.verdict is None:
            reopened.append(row.key)
        _settle(register, pairing, row.verdict)
    return reopened


def _settle(register: Register, pairing: Pairing, verdict: Verdict | None) -> None:
    """Give a pair a verdict, or take it back; the first line about it says why it is one."""
    kind = _KINDS[verdict]
    known = pairing.key in register.pairings
    register.settle(
        replace(pairing, verdict=verdict),
        kind,
        by=By.ORGANISER,
        reason=_words(register, f"reason.pair_{kind}") if known else pairing.reason,
    )


def _words(register: Register, code: str) -> str:
    return locale.text(register.rules.language, code)


def _hear_mergers(register: Register) -> None:
    """Act on each new number in "Fusionner avec n°": it says "même personne" of the two."""
    for enrolment in list(register.movable()):
        if enrolment.merge_with == enrolment.merge_seen:
            continue
        register.change(enrolment.number, merge_seen=enrolment.merge_with)
        cleared = enrolment.merge_with is None
        register.tell(
            enrolment.number,
            "merge",
            by=By.ORGANISER,
            reason=phrase("reason.merge_cleared" if cleared else "reason.merge_asked"),
            before=enrolment.status,
        )
        other = _merged_with(register, enrolment)
        if other is not None:
            register.bind(enrolment.number, other)
            name_pair(register, enrolment.number, other, Verdict.SAME)


def _merged_with(register: Register, enrolment: Enrolment) -> Number | None:
    """Return whom an organiser names as the same person; None for nobody that is there."""
    other = register.enrolments.get(Number(enrolment.merge_with or 0))
    if other is None or other.number == enrolment.number or other.status is Status.ERASED:
        return None
    return other.number


def flag_mergers(register: Register) -> None:
    """Say where "Fusionner avec n°" named nobody."""
    for enrolment in register.movable():
        if enrolment.merge_with is None:
            continue
        pair = sorted((enrolment.number, Number(enrolment.merge_with)))
        if (pair[0], pair[1]) not in register.pairings:
            nobody = phrase("alert.merge_with_nobody", number=enrolment.merge_with)
            register.alerts[enrolment.number].append(nobody)


def name_pair(register: Register, one: Number, other: Number, verdict: Verdict) -> None:
    """Give a verdict of two enrolments that an organiser names, suggested before or not."""
    key = (min(one, other), max(one, other))
    known = register.pairings.get(key)
    if known is None:
        reason = _words(register, "reason.pair_named")
        known = Pairing(a=key[0], b=key[1], score=_ASKED, reason=reason)
    if known.verdict is not verdict:
        _settle(register, known, verdict)


def _together(register: Register, key: PairKey) -> bool:
    """Tell whether two enrolments are held for one person's."""
    one, other = (register.enrolments.get(number) for number in key)
    return one is not None and other is not None and one.person == other.person


def release_duplicates(register: Register) -> None:
    """Let those who only waited for a verdict become what they would have been, at their time."""
    waiting = [e for e in register.movable() if e.hold is Hold.DUPLICATE]
    pairs = open_pairs(register) if waiting else {}
    for enrolment in waiting:
        others = pairs.get(enrolment.number, ())
        if not any(in_the_way(register, enrolment, number) for number in others):
            register.change(enrolment.number, status=Status.WAITING, hold=None)
            reason = phrase("reason.not_a_duplicate")
            register.arrivals[enrolment.number] = Arrival(
                Status.TO_REVIEW, By.ORGANISER, reason, refusable=False
            )


def in_the_way(register: Register, enrolment: Enrolment, number: Number) -> bool:
    """Tell whether somebody's other enrolment, if it is theirs, would leave no room for this one."""
    other = register.stays(number)
    if other is None or other.number == enrolment.number or other.cohort != enrolment.cohort:
        return False
    return other.status in _IN_THE_WAY


def open_pairs(register: Register) -> dict[Number, list[Number]]:
    """Return with whom each enrolment waits for a verdict."""
    found: defaultdict[Number, list[Number]] = defaultdict(list)
    for a, b in sorted(key for key, pair in register.pairings.items() if pair.verdict is None):
        found[a].append(b)
        found[b].append(a)
    return dict(found)
