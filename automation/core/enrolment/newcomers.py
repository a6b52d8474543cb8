"""Newcomers: fresh answers get an enrolment, or take up the one that they come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.enrolment.answers import (
    answers_of,
    likeness_of,
    lines_tonight,
    told_fields,
)
from automation.core.enrolment.choice import choose_cohort
from automation.core.enrolment.likely import doubt, find_likely, suggest
from automation.core.enrolment.register import Arrival, Register
from automation.core.identity import Directory, Likeness, find_bearers
from automation.core.model import (
    LIVE,
    By,
    Enrolment,
    Handled,
    Hold,
    Key,
    Number,
    Phrase,
    Registration,
    Status,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from automation.core.enrolment.edits import Links
    from automation.core.identity import Pair
    from automation.core.rules import FieldMap

# Somebody in one of these states who answers again comes back to the queue.
_MAY_RETURN = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED, Status.NOT_ADMITTED})


def enrol_newcomers(
    register: Register,
    registrations: Sequence[Registration],
    handled: Mapping[Key, Handled],
    links: Links,
) -> None:
    """Give each fresh answer that is no edit its enrolment, in order of submission."""
    newcomers = [
        (r, likeness_of(r, r.answer_hash))
        for r in registrations
        if r.key not in handled and r.key not in links.successors
    ]
    answers = answers_of(register, registrations, handled) if newcomers else {}
    directory = _known_people(register, handled, answers, {who.name for _, who in newcomers})
    likely = find_likely(register, [registration for registration, _ in newcomers])
    for index, (registration, who) in enumerate(newcomers):
        resembling = likely.of_answer(register, index)
        renamed = links.renamed.get(registration.key)
        number = _enrol(register, directory, registration, who, renamed)
        likely.name(index, number)
        _ask(register, number, resembling)


def _known_people(
    register: Register,
    handled: Mapping[Key, Handled],
    answers: Mapping[Number, Sequence[tuple[Number, Registration]]],
    names: Collection[str],
) -> Directory:
    """Return the people of the register who bear one of these names, as compared.

    They are known by what their rows show, and by all that their answers say.
    """
    directory = Directory()
    if not names:
        return directory
    everyone = [e for e in register.enrolments.values() if e.status is not Status.ERASED]
    bearers = [everyone[at] for at, _ in find_bearers(names, [e.name for e in everyone])]
    hashes: dict[Number, list[str]] = {enrolment.number: [] for enrolment in bearers}
    for line in (*handled.values(), *lines_tonight(register)):
        if line.number in hashes:
            hashes[line.number].append(line.answer_hash)
    for enrolment in bearers:
        number = enrolment.number
        shown = (likeness_of(enrolment, hashed) for hashed in hashes[number] or ("",))
        said = (likeness_of(r, r.answer_hash) for _, r in answers.get(number, ()))
        directory.put(number, enrolment.person, *shown, *said)
    return directory


def _enrol(
    register: Register,
    directory: Directory,
    registration: Registration,
    who: Likeness,
    renamed: Number | None,
) -> Number:
    """Give a fresh answer its enrolment, a new one or the one it comes back to; return its number."""
    person: Number | None = directory.find(who)
    cohort, doubt = choose_cohort(register, registration)
    past = _past_enrolment(register, person, cohort)
    stands = past is not None and _stands(register, past, registration)
    review = _review_reason(register, registration, who, renamed, past) or doubt
    if past is not None and not stands and review is None and _may_return(past):
        _return_to_queue(register, past, registration)
        directory.put(past.number, past.person, who)
        return past.number
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
    return number


def _ask(register: Register, number: Number, likely: Sequence[tuple[Number, Pair]]) -> None:
    """Ask about whom an answer resembles."""
    stays = register.stays(number)
    if stays is None:
        return
    for other, pair in likely:
        suggest(register, other, stays.number, pair)
    if likely:
        register.doubtful.append((number, tuple(other for other, _ in likely)))


def hold_doubtful(register: Register) -> None:
    """Let tonight's likely duplicates wait for a verdict, now that the others' decisions are known."""
    for number, others in register.doubtful:
        arrival = register.arrivals.get(number)
        unsure = doubt(register, register.enrolments[number], others) if arrival else None
        if unsure is not None:
            register.move(
                number,
                Status.TO_REVIEW,
                by=By.COHORTE,
                reason=unsure,
                before=register.take_arrival(register.enrolments[number]),
                hold=Hold.DUPLICATE,
            )


def _past_enrolment(register: Register, person: Number | None, cohort: str) -> Enrolment | None:
    """Return the person's enrolment in the cohort: the live one, else the newest."""
    if person is None:
        return None
    found = register.of_person(person, cohort)
    return max(found, key=lambda e: (e.status in LIVE, e.number), default=None)


def _stands(register: Register, past: Enrolment, registration: Registration) -> bool:
    """Tell whether an enrolment already covers an answer: it is live, or ended after it."""
    if past.status in LIVE:
        return True
    # An answer without a date was not there the night before: it came since.
    came = registration.submitted_at or register.now
    return past.ended_at is not None and came <= past.ended_at


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
        **told_fields(registration),
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
        ended_at=register.enrolments[number].queued_at,
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
        **told_fields(registration),
    )


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
