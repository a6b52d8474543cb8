"""Participants' answers come to the register: edited ones, repeated ones, new ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from automation import locale
from automation.core.enrolment.register import Arrival, Register
from automation.core.identity import Directory, Likeness, likeness, name_key
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Handled,
    HandledState,
    Key,
    Number,
    Phrase,
    Registration,
    Status,
    phrase,
)
from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Cohort
    from automation.core.rules import FieldMap

# Somebody in one of these states who answers again comes back to the queue.
_MAY_RETURN = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED, Status.NOT_ADMITTED})


def apply_edits(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> Links:
    """Let the enrolments show their newest answers, edited ones and those that came back included.

    Args:
        register: Changed in place.
        registrations: All the answers, in order of submission.
        handled: What earlier nights did with theirs.
    """
    fresh = [r for r in registrations if r.key not in handled]
    links = _link_edits(register, fresh, _find_lost(registrations, handled))
    _apply_edits(register, links)
    _welcome_back(register, registrations, handled)
    _refresh(register, registrations, handled)
    return links


def enrol_newcomers(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
    links: Links,
) -> None:
    """Give each fresh answer that is no edit its enrolment, in order of submission."""
    newcomers = [
        (r, _likeness_of(r, r.answer_hash))
        for r in registrations
        if r.key not in handled and r.key not in links.successors
    ]
    directory = _known_people(register, handled, {who.name for _, who in newcomers})
    for registration, who in newcomers:
        _enrol(register, directory, registration, who, links.renamed.get(registration.key))


@dataclass(frozen=True, slots=True)
class _Lost:
    """Answers that are no longer in the sheet and have no successor, by number and key.

    Attributes:
        tonight: Those that were there the night before.
        earlier: Those flagged on an earlier night.
    """

    tonight: tuple[Handled, ...]
    earlier: tuple[Handled, ...]


def _find_lost(registrations: Iterable[Registration], handled: Mapping[Key, Handled]) -> _Lost:
    present = {registration.key for registration in registrations}
    absent = sorted(
        (line for line in handled.values() if line.key not in present),
        key=lambda line: (line.number, line.key),
    )
    return _Lost(
        tonight=tuple(line for line in absent if line.state is HandledState.ACTED),
        earlier=tuple(line for line in absent if line.state is HandledState.VANISHED),
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Which fresh answer is a vanished one, edited.

    Attributes:
        edits: Each response that vanished tonight with the one that it became.
        vanished: The others that vanished tonight.
        successors: Keys of the fresh answers among the edits.
        renamed: Fresh answers with the e-mail and phone of a vanished one but another name, and
            the enrolment of that one.
    """

    edits: tuple[tuple[Handled, Registration], ...] = ()
    vanished: tuple[Handled, ...] = ()
    successors: frozenset[Key] = frozenset()
    renamed: Mapping[Key, Number] = field(default_factory=dict)


def _likeness_of(one: Enrolment | Registration, answer_hash: str = "") -> Likeness:
    return likeness(one.name, one.email, one.phone, answer_hash)


def _link_edits(register: Register, fresh: Sequence[Registration], lost: _Lost) -> Links:
    """Pair the answers that vanished tonight with the fresh ones that they became.

    Where several fresh answers could be meant, none is. Where several vanished ones agree with
    one fresh answer, it continues the best of them if all are one person's, and none otherwise.
    Those flagged earlier count among the rivals, so that a night that was cut off after flagging
    some of them goes on as it would have.
    """
    if not (fresh and (lost.tonight or lost.earlier)):
        return Links(vanished=lost.tonight)
    found = [(registration, _likeness_of(registration)) for registration in fresh]
    by_name: defaultdict[str, list[tuple[Registration, Likeness]]] = defaultdict(list)
    for registration, who in found:
        by_name[who.name].append((registration, who))
    wanted: defaultdict[Key, list[Handled]] = defaultdict(list)
    contested: set[Key] = set()
    for line, was in _remembered(register, (*lost.tonight, *lost.earlier)):
        agreeing = [r for r, who in by_name[was.name] if was.name and _same_contact(was, who)]
        contested.update(r.key for r in agreeing if len(agreeing) > 1)
        for registration in agreeing:
            wanted[registration.key].append(line)
    heirs = {key: _best(register, lines) for key, lines in wanted.items() if key not in contested}
    edits = tuple(
        (heir, r)
        for r in fresh
        if (heir := heirs.get(r.key)) is not None and heir.state is HandledState.ACTED
    )
    replaced = {line.key for line, _ in edits}
    orphans = [line for line in (*lost.tonight, *lost.earlier) if line.key not in replaced]
    return Links(
        edits=edits,
        vanished=tuple(line for line in lost.tonight if line.key not in replaced),
        successors=frozenset(registration.key for _, registration in edits),
        renamed=_find_renamed(register, found, orphans),
    )


def _remembered(register: Register, lines: Iterable[Handled]) -> Iterator[tuple[Handled, Likeness]]:
    """Yield each vanished answer with what its enrolment still shows of it."""
    for line in lines:
        enrolment = register.enrolments.get(line.number)
        if enrolment is not None and enrolment.status is not Status.ERASED:
            yield line, _likeness_of(enrolment)


def _same_contact(one: Likeness, other: Likeness) -> bool:
    return bool((one.email and one.email == other.email) or one.phones & other.phones)


def _best(register: Register, lines: Sequence[Handled]) -> Handled | None:
    """Return which vanished answer an edit continues: one person's, that of tonight, live."""
    enrolments = [register.enrolments[line.number] for line in lines]
    if len({enrolment.person for enrolment in enrolments}) > 1:
        return None

    def worth(pair: tuple[Handled, Enrolment]) -> tuple[bool, bool, Number]:
        line, enrolment = pair
        return line.state is not HandledState.ACTED, enrolment.status not in LIVE, line.number

    return min(zip(lines, enrolments, strict=True), key=worth)[0]


def _find_renamed(
    register: Register,
    found: Iterable[tuple[Registration, Likeness]],
    orphans: Iterable[Handled],
) -> dict[Key, Number]:
    by_email: defaultdict[str, list[tuple[Number, Likeness]]] = defaultdict(list)
    for line, was in _remembered(register, orphans):
        by_email[was.email].append((line.number, was))
    renamed: dict[Key, Number] = {}
    for registration, who in found:
        for number, was in by_email.get(who.email, ()) if who.email else ():
            if was.phones & who.phones and was.name != who.name:
                renamed.setdefault(registration.key, number)
    return renamed


def _apply_edits(register: Register, links: Links) -> None:
    for old, new in links.edits:
        register.handle(
            old.key, old.number, old.answer_hash, HandledState.REPLACED, replaced_by=new.key
        )
        register.handle(new.key, old.number, new.answer_hash)
        enrolment = register.enrolments[old.number]
        if not enrolment.frozen:
            register.tell(
                old.number,
                "edited",
                by=By.PARTICIPANT,
                reason=phrase("reason.edited"),
                before=enrolment.status,
            )
    for old in links.vanished:
        register.handle(old.key, old.number, old.answer_hash, HandledState.VANISHED)


def _welcome_back(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Let answers that had vanished or been replaced count again, where they are all there is."""
    speaking = {
        line.number
        for line in (*_lines_of(registrations, handled), *_lines_tonight(register))
        if line.state is HandledState.ACTED
    }
    for line in _lines_of(registrations, handled):
        if line.state is HandledState.VANISHED or (
            line.state is HandledState.REPLACED and line.number not in speaking
        ):
            register.handle(line.key, line.number, line.answer_hash)


def _lines_of(
    registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> Iterator[Handled]:
    return (handled[r.key] for r in registrations if r.key in handled)


def _lines_tonight(register: Register) -> Iterator[Handled]:
    return (line for lines in register.handled.values() for line in lines)


def _known_people(
    register: Register, handled: Mapping[Key, Handled], names: Collection[str]
) -> Directory:
    """Return the people of the register who bear one of these names, as compared."""
    directory = Directory()
    if not names:
        return directory
    hashes: defaultdict[Number, list[str]] = defaultdict(list)
    for line in (*handled.values(), *_lines_tonight(register)):
        hashes[line.number].append(line.answer_hash)
    for number, enrolment in register.enrolments.items():
        if name_key(enrolment.name) in names and enrolment.status is not Status.ERASED:
            told = (_likeness_of(enrolment, answers) for answers in hashes.get(number, ("",)))
            directory.put(number, enrolment.person, *told)
    return directory


def _enrol(
    register: Register,
    directory: Directory,
    registration: Registration,
    who: Likeness,
    renamed: Number | None,
) -> None:
    """Give a fresh answer its enrolment: a new one, or the one it comes back to."""
    person: Number | None = directory.find(who)
    cohort, doubt = _choose_cohort(register.cohorts, registration, register.rules.fields)
    past = _past_enrolment(register, person, cohort)
    stands = past is not None and _stands(register, past, registration)
    review = _review_reason(register, registration, who, renamed, past) or doubt
    if past is not None and not stands and review is None and _may_return(past):
        _return_to_queue(register, past, registration)
        directory.put(past.number, past.person, who)
        return
    number = register.next_number()
    owner = person if person is not None else number
    directory.put(number, owner, who)
    register.add(_new_enrolment(register, registration, number, owner, cohort))
    register.handle(registration.key, number, registration.answer_hash)
    if past is not None and stands:
        _merge(register, number, past.number)
    elif review is not None:
        register.move(number, Status.TO_REVIEW, by=By.COHORTE, reason=review, before=None)
    else:
        _line_up(register, number, Arrival(None, By.COHORTE))


def _past_enrolment(register: Register, person: Number | None, cohort: str) -> Enrolment | None:
    """Return the person's enrolment in the cohort: the live one, else the newest."""
    if person is None:
        return None
    found = [e for e in register.of_person(person, cohort) if e.status is not Status.MERGED]
    return max(found, key=lambda e: (e.status in LIVE, e.number), default=None)


def _stands(register: Register, past: Enrolment, registration: Registration) -> bool:
    """Tell whether an enrolment already covers an answer: it is live, or ended after it."""
    if past.status in LIVE:
        return True
    # An answer without a date was not there the night before: it came since.
    came = registration.submitted_at or register.now
    ended = _ended_at(register, past)
    return ended is not None and came <= ended


def _ended_at(register: Register, enrolment: Enrolment) -> datetime | None:
    """Return since when an enrolment no longer stands for an answer: later ones are a new try.

    One out of period ended as it was submitted; the others when their end is written.
    """
    if enrolment.status is Status.NOT_ADMITTED and not _in_period(register, enrolment):
        return enrolment.queued_at
    if any(event.kind == "transition" for event in register.events.get(enrolment.number, ())):
        return register.now
    left = register.journal.get(enrolment.number)
    return left.at if left else None


def _may_return(past: Enrolment) -> bool:
    return past.status in _MAY_RETURN and not past.frozen


def _return_to_queue(register: Register, back: Enrolment, registration: Registration) -> None:
    """Let a later answer take up an enrolment that had ended."""
    register.handle(registration.key, back.number, registration.answer_hash)
    register.change(
        back.number,
        status=Status.WAITING,
        queued_at=registration.submitted_at,
        hold=None,
        deadline=None,
        **_answers(registration),
    )
    _line_up(register, back.number, Arrival(back.status, By.PARTICIPANT))


def _line_up(register: Register, number: Number, arrival: Arrival) -> None:
    """Let somebody join the arrivals, if they answered within the period."""
    if _in_period(register, register.enrolments[number]):
        register.arrivals[number] = arrival
        return
    register.move(
        number,
        Status.NOT_ADMITTED,
        by=arrival.by,
        reason=phrase("reason.outside_period"),
        before=arrival.before,
    )


def _in_period(register: Register, enrolment: Enrolment) -> bool:
    submitted, cohort = enrolment.queued_at, register.cohorts.get(enrolment.cohort)
    return submitted is None or cohort is None or cohort.admits(submitted)


def _merge(register: Register, number: Number, stays: Number) -> None:
    register.move(
        number,
        Status.MERGED,
        by=By.COHORTE,
        reason=phrase("reason.merged", number=stays),
        before=None,
        merged_into=stays,
    )


def _new_enrolment(
    register: Register,
    registration: Registration,
    number: Number,
    person: Number,
    cohort: str,
) -> Enrolment:
    return Enrolment(
        number=number,
        person=person,
        cohort=cohort,
        registered_at=registration.submitted_at,
        queued_at=registration.submitted_at or register.now,
        status=Status.WAITING,
        **_answers(registration),
    )


def _answers(registration: Registration) -> dict[str, Any]:
    return {
        "first_name": registration.first_name,
        "last_name": registration.last_name,
        "email": registration.email,
        "phone": registration.phone,
        "municipality": registration.municipality,
        "consent": registration.consent,
        "extra": registration.extra,
    }


def _review_reason(
    register: Register,
    registration: Registration,
    who: Likeness,
    renamed: Number | None,
    past: Enrolment | None,
) -> Phrase | None:
    """Return why a human must look at an answer before it counts, if one must."""
    doubt = _invalid(registration, who, register.rules.fields)
    if doubt is not None:
        return doubt
    if renamed is not None:
        return phrase("review.renamed", number=renamed)
    if past is not None and past.status is Status.REMOVED:
        return phrase("review.removed_before", number=past.number)
    return None


def _invalid(registration: Registration, who: Likeness, fields: FieldMap) -> Phrase | None:
    if not registration.name:
        return phrase("review.no_name")
    if registration.email and not who.email:
        return phrase("review.invalid_email")
    if fields.email and fields.phone and not (registration.email or registration.phone):
        return phrase("review.no_contact")
    return phrase("review.undated") if registration.submitted_at is None else None


def _choose_cohort(
    cohorts: Mapping[str, Cohort], registration: Registration, fields: FieldMap
) -> tuple[str, Phrase | None]:
    """Return the code of the cohort that an answer is for, or "" and why that is not known."""
    if fields.cohort is not None and registration.cohort_choice:
        codes = _named_cohorts(cohorts.values(), registration.cohort_choice)
        doubt = phrase("review.unknown_cohort")
    elif registration.submitted_at is None:
        codes, doubt = [], phrase("review.undated")
    else:
        codes = [c.code for c in cohorts.values() if c.admits(registration.submitted_at)]
        doubt = phrase("review.several_open" if codes else "review.none_open")
    return (codes[0], None) if len(codes) == 1 else ("", doubt)


def _named_cohorts(cohorts: Collection[Cohort], choice: str) -> list[str]:
    """Return the codes of the cohorts that an answer names: exactly, else by a word of it."""
    wanted = fold(choice)
    exact = [c.code for c in cohorts if wanted in {fold(c.code), fold(c.name)} - {""}]
    if exact:
        return exact
    words = f" {wanted} "
    return [
        c.code
        for c in cohorts
        if any(name and f" {name} " in words for name in (fold(c.code), fold(c.name)))
    ]


def _refresh(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Let each enrolment show its newest answer."""
    for number, registration in _newest_answers(register, registrations, handled).items():
        enrolment = register.enrolments[number]
        answers = _answers(registration)
        if any(getattr(enrolment, name) != value for name, value in answers.items()):
            register.change(number, **answers)


def compare_cohorts(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Learn a cohort that was not known; say where an answer now asks for another one."""
    for number, registration in _newest_answers(register, registrations, handled).items():
        if register.enrolments[number].status in LIVE:
            _compare_cohort(register, register.enrolments[number], registration)


def _newest_answers(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> dict[Number, Registration]:
    """Return the latest answer of each enrolment that may be touched and still has one."""
    numbers = {line.key: line.number for line in handled.values() if _speaks(line)}
    numbers |= {line.key: line.number for line in _lines_tonight(register) if _speaks(line)}
    newest = {numbers[r.key]: r for r in registrations if r.key in numbers}
    return {n: r for n, r in newest.items() if _showable(register.enrolments.get(n))}


def _speaks(line: Handled) -> bool:
    return line.state is HandledState.ACTED


def _showable(enrolment: Enrolment | None) -> bool:
    return not (enrolment is None or enrolment.frozen or enrolment.status is Status.ERASED)


def _compare_cohort(register: Register, enrolment: Enrolment, registration: Registration) -> None:
    """An answer that now asks for another cohort moves nobody by itself."""
    asked, doubt = _choose_cohort(register.cohorts, registration, register.rules.fields)
    if doubt is not None or asked == enrolment.cohort:
        return
    if not enrolment.cohort and not register.live_elsewhere(enrolment, asked):
        _learn_cohort(register, enrolment, asked)
    elif register.rules.fields.cohort and registration.cohort_choice:
        register.alerts[enrolment.number].append(phrase("alert.other_cohort", cohort=asked))


def _learn_cohort(register: Register, enrolment: Enrolment, cohort: str) -> None:
    reason = phrase("reason.cohort_known", cohort=cohort)
    register.change(
        enrolment.number, cohort=cohort, reason=locale.say(register.rules.language, reason)
    )
    register.tell(enrolment.number, "edited", by=By.COHORTE, reason=reason, before=enrolment.status)
