"""Who is counted: persons, once each, with what became of them in each cohort and in all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from automation.core.attendance import Presences, tally
from automation.core.model import Status
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from automation.core.attendance import Attendance
    from automation.core.model import Enrolment, Number
    from automation.core.snapshot import Snapshot

GONE = frozenset({Status.MERGED, Status.ERASED})
"""Nobody's own any more: a merged enrolment is counted with the one that stays."""

_BEST_FIRST = (
    Status.CONFIRMED,
    Status.OFFERED,
    Status.WAITING,
    Status.TO_REVIEW,
    Status.WITHDRAWN,
    Status.DECLINED,
    Status.EXPIRED,
    Status.REMOVED,
    Status.NOT_ADMITTED,
)
_MERIT = {status: place for place, status in enumerate(_BEST_FIRST)}


class Members(Struct):
    """The persons of one cohort: what each is there, and who had a seat, came, earned a paper."""

    statuses: dict[Number, Status] = field(default_factory=dict)
    seated: set[Number] = field(default_factory=set)
    came: set[Number] = field(default_factory=set)
    attested: set[Number] = field(default_factory=set)


class People(Struct):
    """Everybody who registered, by person.

    Attributes:
        kept: Their enrolments, the oldest first, but for those of erased people: these still count,
            by what they had become, and answer no question any more.
        first_seen: When each registered first; None where that is not known.
        cohorts: By folded code, those of Cohortes alone, in its order.
        presences: How often each came, in all their cohorts.
    """

    kept: list[Enrolment]
    first_seen: dict[Number, datetime | None] = field(default_factory=dict)
    cohorts: dict[str, Members] = field(default_factory=dict)
    everywhere: Members = field(default_factory=Members)
    presences: dict[Number, Presences] = field(default_factory=dict)


def count_people(snapshot: Snapshot, attendances: Iterable[Attendance]) -> People:
    """Return everybody, in one pass over the register."""
    presences = tally(attendances)
    kept = [one for one in snapshot.register if one.status not in GONE]
    kept.sort(key=lambda one: one.number)
    counted = sorted((*kept, *_erased(snapshot)), key=lambda one: one.number)
    asked = {fold(cohort.code): cohort.attestation_at for cohort in snapshot.cohorts}
    people = People(kept=kept, cohorts={code: Members() for code in asked})
    elsewhere = Members()
    for one in counted:
        code = fold(one.cohort)
        counts = presences.get(one.number)
        members = people.cohorts.get(code, elsewhere)
        _note(members, people.everywhere, one, counts, asked.get(code))
        _note_first(people.first_seen, one)
    for person, every in _by_person(counted, presences).items():
        people.presences[person] = _add(every)
    return people


def _erased(snapshot: Snapshot) -> Iterator[Enrolment]:
    """Yield those who were erased, as what they had become: nameless, they are figures still."""
    for one in snapshot.register:
        entry = snapshot.journal.get(one.number) if one.status is Status.ERASED else None
        if entry is not None and entry.former not in {None, *GONE}:
            yield replace(one, status=entry.former or one.status)


def _note(
    members: Members,
    everywhere: Members,
    one: Enrolment,
    counts: Presences | None,
    asked: int | None,
) -> None:
    known = members.statuses.get(one.person)
    if known is None or _MERIT[one.status] < _MERIT[known]:
        members.statuses[one.person] = one.status
    present = counts.present if counts else 0
    # A roll holds those who had a place when it was made.
    if one.status is Status.CONFIRMED or counts:
        members.seated.add(one.person)
        everywhere.seated.add(one.person)
    if present:
        members.came.add(one.person)
        everywhere.came.add(one.person)
    # As the attestations themselves are printed.
    if asked is not None and present >= max(asked, 1):
        members.attested.add(one.person)
        everywhere.attested.add(one.person)


def _note_first(first_seen: dict[Number, datetime | None], one: Enrolment) -> None:
    before = first_seen.setdefault(one.person, one.registered_at)
    if one.registered_at is not None and (before is None or one.registered_at < before):
        first_seen[one.person] = one.registered_at


def _by_person(
    kept: Iterable[Enrolment], presences: Mapping[Number, Presences]
) -> dict[Number, list[Presences]]:
    found: defaultdict[Number, list[Presences]] = defaultdict(list)
    for one in kept:
        if one.number in presences:
            found[one.person].append(presences[one.number])
    return found


def _add(every: Sequence[Presences]) -> Presences:
    total = every[0]
    for one in every[1:]:
        total = Presences(
            present=total.present + one.present,
            absent=total.absent + one.absent,
            excused=total.excused + one.excused,
            unknown=total.unknown + one.unknown,
        )
    return total
