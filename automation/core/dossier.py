"""All that the programme knows of one person, put together for one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from automation.core.attendance import read_attendances

if TYPE_CHECKING:
    from automation.core.model import Enrolment, Meeting, Number, PairRow
    from automation.core.roll import Presence
    from automation.core.snapshot import Snapshot


class Dossier(Struct, frozen=True, kw_only=True):
    """One person.

    Attributes:
        person: Their number: that of their oldest enrolment.
        enrolments: By number, merged ones included; the last that is not merged says how to reach
            them.
        presences: Every meeting whose roll tells of them, in order of time.
        pairs: The rows of Doublons that ask, or asked, about them.
    """

    person: Number
    enrolments: tuple[Enrolment, ...]
    presences: tuple[tuple[Meeting, Presence], ...]
    pairs: tuple[PairRow, ...]

    @property
    def latest(self) -> Enrolment:
        """The enrolment that says how to reach them."""
        whole = [one for one in self.enrolments if one.merged_into is None]
        return (whole or self.enrolments)[-1]


def open_dossier(snapshot: Snapshot, person: Number) -> Dossier:
    """Return what there is about a person, who must be in the register."""
    enrolments = sorted(
        (one for one in snapshot.register if one.person == person), key=lambda one: one.number
    )
    numbers = {one.number for one in enrolments}
    return Dossier(
        person=person,
        enrolments=tuple(enrolments),
        presences=tuple(
            (attendance.meeting, presence)
            for attendance in read_attendances(snapshot)
            for number, presence in attendance.presences.items()
            if number in numbers
        ),
        pairs=tuple(row for row in snapshot.pair_rows if numbers & set(row.key)),
    )
