"""Erasure: what is left of somebody is a number, and what keeps their answer from coming back.

Cohorte never writes to the response tab. Until a human has deleted the answer there and in the form,
its key is kept so that it registers nobody again. The key is a hash of name, e-mail and phone, and a
hash is no anonymity: so it goes the night after the answer has gone, and with it the traces, hashes
by which the same answer is known should it be edited meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from automation.core.enrolment.answers import answers_of, likeness_of
from automation.core.identity import Directory, Likeness, name_key
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Handled,
    HandledState,
    Key,
    MeetingState,
    Number,
    PairKey,
    Status,
    phrase,
)
from automation.core.responses import digest_parts, is_sheet_key
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from automation.core.enrolment.register import Register
    from automation.core.model import Registration
    from automation.core.snapshot import Snapshot

_NAMESAKE: Final = "n"
"""How the traces begin that tell a name with an address or a phone: it is the same person."""
_HOUSEHOLD: Final = "h"
"""How those begin that tell an address with a phone: it may be somebody else of the household."""

_EMPTY: Final[dict[str, Any]] = {
    "first_name": "",
    "last_name": "",
    "email": "",
    "phone": "",
    "municipality": "",
    "consent": "",
}


class Erasure(Struct, frozen=True, kw_only=True):
    """What is taken out of the workbook beside the rows that a plan changes.

    Attributes:
        numbers: Enrolments that are erased now: nothing is left of them in any tab but numbers.
        guests: Guests who are one of them, as the roll of a meeting names them.
        pairs: Rows of Doublons that are about somebody erased.
        forgotten: Responses of which nothing is to be remembered.
    """

    numbers: frozenset[Number] = frozenset()
    guests: frozenset[tuple[int, str]] = frozenset()
    pairs: frozenset[PairKey] = frozenset()
    forgotten: frozenset[Key] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to take out."""
        return not (self.numbers or self.guests or self.pairs or self.forgotten)


class Pending(Struct, frozen=True, kw_only=True):
    """The answers of erased people, as tonight finds them.

    Attributes:
        handled: All that is known of responses, with those that turned out to be theirs.
        forgotten: Those that are gone from the sheet: nothing is to be remembered of them.
        resembling: Fresh answers from the address and phone of one that is gone, under another
            name, and the number of its enrolment.
    """

    handled: Mapping[Key, Handled]
    forgotten: frozenset[Key] = frozenset()
    resembling: Mapping[Key, Number] = field(default_factory=dict)


def follow_erased(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
    kept: Collection[Key] = frozenset(),
) -> Pending:
    """Follow the answers of erased people: one that was edited is theirs still.

    An answer that is gone while a fresh one bears the same name with the same address or phone was
    edited, or deleted and sent again: either way a human has to delete it, and is told so.

    Args:
        kept: The answers that are there still, with a row that is read or without; an edit of one
            that the form knows bears its id.
    """
    erased = [line for line in handled.values() if line.state is HandledState.ERASED]
    if not erased:
        return Pending(handled=handled)
    there = {registration.key for registration in registrations}
    gone = [line for line in erased if line.key not in there]
    wanted = {one: line for line in gone for one in line.traces}
    known, resembling = dict(handled), {}
    for registration in registrations if wanted else ():
        found = [
            one
            for one in trace(likeness_of(registration))
            if one in wanted and not (registration.response_id and wanted[one].key in kept)
        ]
        if registration.key in handled or not found:
            continue
        number = wanted[found[0]].number
        if found[0].startswith(_NAMESAKE):
            known[registration.key] = _erase_answer(register, registration, number)
        else:
            resembling[registration.key] = number
    forgotten = {line.key for line in gone} - {*kept}
    # By their rows' keys answers were known on nights without the form.
    aliases = (line.key for line in handled.values() if line.replaced_by in forgotten)
    return Pending(
        handled=known,
        forgotten=frozenset({*forgotten, *aliases} - there),
        resembling=resembling,
    )


def kept_by_form(snapshot: Snapshot) -> frozenset[Key]:
    """Return the answers that acted and that the form holds still, by their ids.

    Of a form that does not answer tonight, all whose id is known: who looked away has seen nothing go.
    """
    unread = snapshot.form_record is not None and snapshot.form_trouble is not None
    listed = {Key(answer.id) for answer in snapshot.form_answers}
    return frozenset(
        key
        for key, line in snapshot.handled.items()
        if line.state is not HandledState.REPLIED
        and (key in listed or (unread and not is_sheet_key(key)))
    )


def kept_unseen(snapshot: Snapshot) -> frozenset[Key]:
    """Return the answers that may be there though no row is read: of those nothing is forgotten.

    The form holds them, or merged cells hide rows, nobody knows whose.
    """
    if not any(table.hides for table in snapshot.responses):
        return kept_by_form(snapshot)
    lines = snapshot.handled.values()
    return frozenset(line.key for line in lines if line.state is not HandledState.REPLIED)


def trace(who: Likeness) -> tuple[str, ...]:
    """Return by what an answer is known again, hashed, in a stable order."""
    contacts = [who.email, *sorted(who.phones)] if who.email else sorted(who.phones)
    told = [(_NAMESAKE, who.name, contact) for contact in contacts if who.name]
    if who.email:
        told += [(_HOUSEHOLD, who.email, phone) for phone in sorted(who.phones)]
    return tuple(f"{kind}{digest_parts((one, other))}" for kind, one, other in told)


def _erase_answer(register: Register, registration: Registration, number: Number) -> Handled:
    """Remember that an answer is an erased person's, and nothing of what it says."""
    return _erase_key(register, registration.key, number, likeness_of(registration))


def _erase_key(register: Register, key: Key, number: Number, who: Likeness) -> Handled:
    line = Handled(
        key=key, number=number, answer_hash="", state=HandledState.ERASED, traces=trace(who)
    )
    register.handled[number].append(line)
    return line


def keep_blank(register: Register) -> None:
    """Let tombstones show nothing, whatever somebody typed there."""
    for enrolment in register.movable():
        if enrolment.status is Status.ERASED:
            blank = blank_fields(enrolment)
            if any(getattr(enrolment, name) != value for name, value in blank.items()):
                register.change(enrolment.number, **blank)


def blank_fields(enrolment: Enrolment) -> dict[str, Any]:
    """Return the fields of a tombstone that tell of a person, emptied."""
    return {**_EMPTY, "extra": ("",) * len(enrolment.extra)}


def erase(
    register: Register,
    snapshot: Snapshot,
    registrations: Sequence[Registration],
    numbers: Collection[Number],
) -> Erasure:
    """Let enrolments become tombstones, and their answers nobody's.

    Args:
        numbers: All the enrolments of the people concerned; none of them on several rows.
    """
    answers = find_theirs(register, registrations, snapshot.handled, numbers)
    guests = find_guests(snapshot, numbers)
    kept = {
        key for registration, _ in answers for key in (registration.key, registration.sheet_key)
    }
    # Their rows are deleted or hidden, and the answers are not: an edit would bring them back.
    for key in sorted(kept_unseen(snapshot) - kept):
        line = snapshot.handled[key]
        if line.number in numbers:
            kept.add(key)
            if line.state is HandledState.ERASED:
                # Their row tells nothing any more by which an answer could be known again.
                register.handled[line.number].append(line)
            else:
                _erase_key(
                    register, key, line.number, likeness_of(register.enrolments[line.number])
                )
    for number in sorted(numbers):
        _bury(register, register.enrolments[number], snapshot)
    for registration, number in answers:
        _erase_answer(register, registration, number)
    return Erasure(
        numbers=frozenset(numbers),
        guests=guests,
        pairs=frozenset(row.key for row in snapshot.pair_rows if {*row.key} & {*numbers}),
        forgotten=frozenset(
            line.key
            for line in snapshot.handled.values()
            if line.number in numbers
            and line.key not in kept
            and line.state is not HandledState.REPLIED
        ),
    )


def _bury(register: Register, enrolment: Enrolment, snapshot: Snapshot) -> None:
    """Let one enrolment be a tombstone; one that is under way ends first, and frees its seat."""
    number, before = enrolment.number, enrolment.status
    register.bind(enrolment.person, number)
    if before is Status.ERASED:
        register.change(number, **blank_fields(enrolment))
        return
    if before in LIVE and not is_over(enrolment.cohort, snapshot, register.now):
        ending = Status.DECLINED if before is Status.OFFERED else Status.WITHDRAWN
        reason = phrase("reason.ended_by_erasure")
        register.move(number, ending, by=By.ORGANISER, reason=reason, before=before)
        before = ending
    register.move(
        number,
        Status.ERASED,
        by=By.ORGANISER,
        reason=phrase("reason.erased"),
        before=before,
        **blank_fields(enrolment),
        alerts="",
        rank=None,
        deadline=None,
        hold=None,
        opted_out=False,
        damage=None,
        decision=None,
        decision_text="",
        decision_seen=None,
        priority=0.0,
        called_at=None,
        call_seen=None,
        merge_with=None,
        merge_seen=None,
        communications=None,
    )


def find_theirs(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
    numbers: Collection[Number],
) -> list[tuple[Registration, Number]]:
    """Return the answers that are in the sheet and theirs, those of tonight included.

    A fresh answer is theirs where it surely is the same person's, or where it is one that vanished,
    edited.
    """
    known = {r.key: handled.get(r.key) or handled.get(r.sheet_key) for r in registrations}
    found = [
        (registration, line.number)
        for registration in registrations
        if (line := known[registration.key]) is not None and line.number in numbers
    ]
    directory = Directory()
    told = answers_of(register, registrations, handled)
    for number in sorted(numbers):
        shown = likeness_of(register.enrolments[number])
        said = (likeness_of(r, r.answer_hash) for _, r in told.get(number, ()))
        directory.put(number, number, shown, *said)
    traced = {
        one: number
        for number in sorted(numbers, reverse=True)
        for one in trace(likeness_of(register.enrolments[number]))
        if one.startswith(_NAMESAKE)
    }
    for registration in registrations:
        if known[registration.key] is not None:
            continue
        who = likeness_of(registration, registration.answer_hash)
        same = directory.find(who)
        whose = same or next((traced[one] for one in trace(who) if one in traced), None)
        if whose is not None:
            found.append((registration, whose))
    return found


def find_guests(snapshot: Snapshot, numbers: Collection[Number]) -> frozenset[tuple[int, str]]:
    """Return the guests who bear the name of one of these people, and of nobody else.

    Each with the number of the meeting whose roll names them.
    """
    theirs = {name_key(e.name) for e in snapshot.register if e.number in numbers} - {""}
    others = {name_key(e.name) for e in snapshot.register if e.number not in numbers}
    return frozenset(
        (number, guest.name)
        for number, roll in snapshot.rolls.items()
        for guest in roll.guests
        if name_key(guest.name) in theirs - others
    )


def is_over(cohort: str, snapshot: Snapshot, now: datetime) -> bool:
    """Tell whether the last day of a cohort is past."""
    end = last_day(cohort, snapshot)
    return end is not None and end < now.astimezone(snapshot.zone).date()


def last_day(cohort: str, snapshot: Snapshot) -> date | None:
    """Return the day of a cohort's last meeting, or on which it closed where it has none.

    None while a meeting has no date, or waits for a new one, and where nothing tells.
    """
    held = [
        meeting
        for meeting in snapshot.meetings
        if fold(meeting.cohort) == fold(cohort) and meeting.state is not MeetingState.CANCELLED
    ]
    if any(m.day is None or m.state is MeetingState.POSTPONED for m in held):
        return None
    closes = [
        one.closes.astimezone(snapshot.zone).date()
        for one in snapshot.cohorts
        if fold(one.code) == fold(cohort) and one.closes is not None
    ]
    days = [meeting.day for meeting in held if meeting.day is not None]
    return max(days or closes, default=None)
