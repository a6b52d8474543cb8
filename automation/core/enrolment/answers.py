"""Participants' answers come to the register: edited ones, repeated ones, new ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.core.enrolment.register import Arrival, Register
from automation.core.identity import Directory, Likeness, likeness, valid_email
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
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from automation.core.model import Cohort
    from automation.core.rules import FieldMap

# Somebody in one of these states who answers again comes back to the queue.
_MAY_RETURN = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED, Status.NOT_ADMITTED})


def apply_answers(
    register: Register, registrations: Sequence[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Bring the answers read tonight into the register, in order of submission.

    Args:
        register: Changed in place.
        registrations: All the answers, in order of submission.
        handled: What earlier nights did with theirs.
    """
    present = {registration.key for registration in registrations}
    gone = [h for h in handled.values() if h.state is HandledState.ACTED and h.key not in present]
    fresh = [r for r in registrations if r.key not in handled]
    links = _link_edits(register, gone, fresh)
    _apply_edits(register, links)
    _flag_vanished(register, gone, links)
    _welcome_back(register, registrations, handled)
    directory = _known_people(register, handled)
    for registration in fresh:
        if registration.key not in links.successors:
            _enrol(register, directory, registration, links.renamed.get(registration.key))
    _refresh(register, registrations, handled)


@dataclass(frozen=True, slots=True)
class _Links:
    """Which fresh answer is a vanished one, edited.

    Attributes:
        edits: Each vanished response with the one that it became.
        successors: Keys of the latter.
        renamed: Fresh answers with the e-mail and phone of a vanished one but another name, and
            the enrolment of that one.
    """

    edits: tuple[tuple[Handled, Registration], ...]
    successors: frozenset[Key]
    renamed: Mapping[Key, Number]


def _likeness_of(one: Enrolment | Registration, resubmission: str = "") -> Likeness:
    return likeness(one.name, one.email, one.phone, resubmission)


def _link_edits(
    register: Register, gone: Iterable[Handled], fresh: Iterable[Registration]
) -> _Links:
    """Pair vanished and fresh answers that agree, where neither has another candidate."""
    lost = [(h, _likeness_of(e)) for h in gone if (e := register.enrolments.get(h.number))]
    if not lost:
        return _Links((), frozenset(), {})
    found = [(r, _likeness_of(r)) for r in fresh]
    by_name, by_email = defaultdict(list), defaultdict(list)
    for registration, who in found:
        by_name[who.name].append((registration, who))
        by_email[who.email].append((registration, who))
    pairs = [
        (h, r) for h, was in lost for r, who in by_name[was.name] if was.name and _contact(was, who)
    ]
    claims = Counter(h.key for h, _ in pairs), Counter(r.key for _, r in pairs)
    edits = tuple((h, r) for h, r in pairs if claims[0][h.key] == claims[1][r.key] == 1)
    renamed = {
        r.key: h.number
        for h, was in lost
        for r, who in by_email[was.email]
        if was.email and was.phones & who.phones and was.name != who.name
    }
    return _Links(edits, frozenset(r.key for _, r in edits), renamed)


def _contact(one: Likeness, other: Likeness) -> bool:
    return bool((one.email and one.email == other.email) or one.phones & other.phones)


def _apply_edits(register: Register, links: _Links) -> None:
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


def _flag_vanished(register: Register, gone: Iterable[Handled], links: _Links) -> None:
    replaced = {old.key for old, _ in links.edits}
    for old in gone:
        if old.key not in replaced:
            register.handle(old.key, old.number, old.answer_hash, HandledState.VANISHED)


def _welcome_back(
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> None:
    for registration in registrations:
        line = handled.get(registration.key)
        if line is not None and line.state is HandledState.VANISHED:
            register.handle(registration.key, line.number, line.answer_hash)


def _known_people(register: Register, handled: Mapping[Key, Handled]) -> Directory:
    hashes = {line.number: line.answer_hash for line in handled.values()}
    directory = Directory()
    for number in sorted(register.enrolments):
        enrolment = register.enrolments[number]
        if enrolment.status is not Status.ERASED:
            directory.add(_likeness_of(enrolment, hashes.get(number, "")), enrolment.person)
    return directory


def _enrol(
    register: Register,
    directory: Directory,
    registration: Registration,
    renamed: Number | None,
) -> None:
    """Give a fresh answer its enrolment: a new one, or the one it comes back to."""
    who = _likeness_of(registration, registration.answer_hash)
    person: Number | None = directory.find(who)
    cohort, doubt = _choose_cohort(register.cohorts, registration, register.rules.fields)
    past = _past_enrolments(register, person, cohort)
    back = _comes_back(register, registration, past)
    if back is not None and doubt is None and _admitted(register, registration, cohort):
        _return_to_queue(register, back, registration)
        return
    number = register.next_number()
    owner = person if person is not None else number
    directory.add(who, owner)
    register.add(_new_enrolment(register, registration, number, owner, cohort))
    register.handle(registration.key, number, registration.answer_hash)
    review = _review_reason(registration, register.rules.fields, renamed, past) or doubt
    _place(register, number, past=past, review=review)


def _past_enrolments(
    register: Register, person: Number | None, cohort: str
) -> tuple[Enrolment, ...]:
    """Return the person's enrolments in the cohort: the live one first, then the newest."""
    if person is None:
        return ()
    found = [e for e in register.of_person(person, cohort) if e.status is not Status.MERGED]
    return tuple(sorted(found, key=lambda e: (e.status not in LIVE, -e.number)))


def _comes_back(
    register: Register, registration: Registration, past: tuple[Enrolment, ...]
) -> Enrolment | None:
    """Return the enrolment that a later answer takes up again, if it may."""
    if not past or past[0].frozen or past[0].status not in _MAY_RETURN:
        return None
    left = register.journal.get(past[0].number)
    submitted = registration.submitted_at
    if left is None or left.at is None or submitted is None or submitted <= left.at:
        return None
    return past[0]


def _return_to_queue(register: Register, back: Enrolment, registration: Registration) -> None:
    register.handle(registration.key, back.number, registration.answer_hash)
    register.change(
        back.number,
        status=Status.WAITING,
        queued_at=registration.submitted_at,
        hold=None,
        deadline=None,
    )
    register.arrivals[back.number] = Arrival(back.status, By.PARTICIPANT)


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


def _place(
    register: Register, number: Number, *, past: tuple[Enrolment, ...], review: Phrase | None
) -> None:
    """Give a new enrolment its first state; those who may have a seat join the arrivals."""
    enrolment = register.enrolments[number]
    stays = past[0] if past else None
    if stays is not None and stays.status is not Status.REMOVED:
        register.move(
            number,
            Status.MERGED,
            by=By.COHORTE,
            reason=phrase("reason.merged", number=stays.number),
            before=None,
            merged_into=stays.number,
        )
    elif review is not None:
        register.move(number, Status.TO_REVIEW, by=By.COHORTE, reason=review, before=None)
    elif not _in_period(register, enrolment):
        register.move(
            number,
            Status.NOT_ADMITTED,
            by=By.COHORTE,
            reason=phrase("reason.outside_period"),
            before=None,
        )
    else:
        register.arrivals[number] = Arrival(None, By.COHORTE)


def _in_period(register: Register, enrolment: Enrolment) -> bool:
    submitted = enrolment.registered_at
    return submitted is None or register.cohorts[enrolment.cohort].admits(submitted)


def _admitted(register: Register, registration: Registration, cohort: str) -> bool:
    submitted = registration.submitted_at
    return submitted is not None and register.cohorts[cohort].admits(submitted)


def _review_reason(
    registration: Registration,
    fields: FieldMap,
    renamed: Number | None,
    past: tuple[Enrolment, ...],
) -> Phrase | None:
    """Return why a human must look at an answer before it counts, if one must."""
    doubt = _invalid(registration, fields)
    if doubt is not None:
        return doubt
    if renamed is not None:
        return phrase("review.renamed", number=renamed)
    if past and past[0].status is Status.REMOVED:
        return phrase("review.removed_before", number=past[0].number)
    return None


def _invalid(registration: Registration, fields: FieldMap) -> Phrase | None:
    if not registration.name:
        return phrase("review.no_name")
    if registration.email and not valid_email(registration.email):
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
    register: Register, registrations: Iterable[Registration], handled: Mapping[Key, Handled]
) -> None:
    """Let each enrolment show its newest answer, and say where that asks for another cohort."""
    numbers = {line.key: line.number for line in handled.values() if _speaks(line)}
    for lines in register.handled.values():
        numbers.update({line.key: line.number for line in lines if _speaks(line)})
    newest = {numbers[r.key]: r for r in registrations if r.key in numbers}
    for number, registration in newest.items():
        enrolment = register.enrolments.get(number)
        if enrolment is None or enrolment.frozen or enrolment.status is Status.ERASED:
            continue
        answers = _answers(registration)
        if any(getattr(enrolment, name) != value for name, value in answers.items()):
            register.change(number, **answers)
        _compare_cohort(register, enrolment, registration)


def _speaks(line: Handled) -> bool:
    return line.state is HandledState.ACTED


def _compare_cohort(register: Register, enrolment: Enrolment, registration: Registration) -> None:
    """An answer that now asks for another cohort moves nobody by itself."""
    if register.rules.fields.cohort is None or enrolment.status not in LIVE:
        return
    asked, doubt = _choose_cohort(register.cohorts, registration, register.rules.fields)
    if doubt is not None or asked == enrolment.cohort:
        return
    if enrolment.cohort or register.live_elsewhere(enrolment, asked):
        register.alerts[enrolment.number].append(phrase("alert.other_cohort", cohort=asked))
    elif registration.cohort_choice:
        register.change(enrolment.number, cohort=asked)
        register.tell(
            enrolment.number,
            "edited",
            by=By.PARTICIPANT,
            reason=phrase("reason.cohort_known", cohort=asked),
            before=enrolment.status,
        )
